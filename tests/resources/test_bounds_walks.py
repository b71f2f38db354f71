"""Bounds of what is worked out: broken signatures explained, dialogues read, walks compared and watched."""

from types import SimpleNamespace

import pytest

from mxwalk.clues.dialogue.exchanges import read_session
from mxwalk.clues.dialogue.forms import read_lines
from mxwalk.clues.dialogue.source import split
from mxwalk.clues.reading import understand
from mxwalk.compare.comparing import compare
from mxwalk.compare.graft import Grafts
from mxwalk.compare.side import Side
from mxwalk.dns.txt import txt_line
from mxwalk.evidence.redact_message import _value
from mxwalk.letters.compose import write_letters
from mxwalk.mailauth.dkim.body_blocks import footer
from mxwalk.mailauth.dkim.diagnose_body import diagnose_body
from mxwalk.mailauth.dkim.diagnose_header import diagnose_header
from mxwalk.mailauth.dkim.key import read_key_text
from mxwalk.mailauth.dkim.library import canonical_body, hash_of
from mxwalk.mailauth.dkim.sign import Signing, sign
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.message import read_message
from mxwalk.reportfiles.collecting import Deviations
from mxwalk.reportfiles.model import Kind
from mxwalk.watch.facts import filled
from tests.mailauth.dkim.signing import NOW
from tests.mailauth.spf.zone import spf
from tests.reports.samples import lab_trace
from tests.resources.lowering import Probe, check
from tests.resources.test_bounds_mailauth import _PAIR, _rsa
from tests.watch.facts_for import facts, leaf

_BODY = b"Dear Bob,\r\n\r\nFrom tomorrow on we meet at ten.\r\nBring it.\r\n\r\nAnn\r\n"


def _signed() -> bytes:
    how = Signing(domain="example.com", selector="sel", timestamp=int(NOW))
    return sign(
        b"From: Ann <ann@example.com>\r\nSubject: Minutes\r\n\r\n" + _BODY, _PAIR.private_pem, how
    )


def _body_found(before: bytes, after: bytes) -> int:
    message = read_message(_signed().replace(before, after))
    found = diagnose_body(message, read_signatures(message)[0])
    return sum(one.certain for one in found)


def _header_found() -> int:
    message = read_message(_signed().replace(b"Subject: Minutes", b"Subject: [list] Minutes"))
    key = read_key_text(_PAIR.record.encode() if isinstance(_PAIR.record, str) else _PAIR.record)
    found = diagnose_header(message, read_signatures(message)[0], key)
    return sum(one.certain for one in found)


def _lines_after(count: int) -> int:
    digest = hash_of("rsa-sha256", canonical_body(_BODY, "simple", None))
    found = footer(
        canonical_body(_BODY + b"sold\r\n" * count, "simple", None), digest, "rsa-sha256"
    )
    return count if found else 0


def _large_key_with_odd_exponent() -> int:
    from mxwalk.mailauth.dkim.key import _size

    return 0 if _size("rsa", _rsa(2_048, (1 << 100) - 1))[1] else 2_048


def _explanation(chars: int) -> int:
    from tests.mailauth.spf.test_results import check as spf_check

    names = {
        "example.com": spf("v=spf1 -all exp=e.test"),
        "e.test": {"TXT": (txt_line("x", b"y" * chars).removeprefix("x. IN TXT "),)},
    }
    return len(spf_check(names).explanation)


def _kept_field(octets: int) -> int:
    people = SimpleNamespace(placeholder=lambda local: local)
    value = b" from a.example.com " + b"x" * octets
    return octets if b"x" * octets in _value(b"received", value, people) else 0  # type: ignore[arg-type]


def _exchanges(count: int) -> int:
    text = "220 mx.example.com ESMTP\nEHLO a.example.com\n250 mx\n" + "NOOP\n250 ok\n" * count
    pasted = read_lines(split(text)[0])
    assert pasted is not None
    return len(read_session(pasted).exchanges)


def _records(count: int) -> int:
    lines = (
        f"Jan  1 00:00:00 mx postfix/smtp[1]: A{number}: to=<user@d{number}.example.com>,"
        " relay=none, delay=1, dsn=4.4.1, status=deferred (connect to mx.example.com"
        "[192.0.2.1]:25: Connection timed out)"
        for number in range(count)
    )
    return len(understand("\n".join(lines)).clues)


def _judged() -> int:
    """Judgements made on two walks that differ."""
    made: list[object] = []
    real = Grafts.verdict

    def counted(self: Grafts, *args: object, **more: object) -> object:
        before = self._left
        found = real(self, *args, **more)  # type: ignore[arg-type]
        made.extend([None] * (before - self._left))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Grafts, "verdict", counted)
        compare(Side(trace=lab_trace("pkix-good")), Side(trace=lab_trace("pkix-expired")), "")
    return len(made)


def _to() -> int:
    trace = lab_trace("sts-mx-mismatch")
    post = write_letters(trace, trace.header.options.sender, "en")
    return max(len(letter.to) for letter in post.letters)


def _remembered(count: int) -> int:
    many = tuple(leaf("a", f"192.0.2.{one}") for one in range(count))
    return len(filled(facts(), facts(leaves=many)).leaves)


def _deviations(count: int) -> int:
    deviations = Deviations()
    for number in range(count):
        deviations.add(Kind.VALUE, f"member{chr(97 + number)}", f"is odd {number}")
    return len(deviations.found()) - 1  # the last says that there were more


_FOLDED = (b"From tomorrow", b">From tomorrow")
_INSERTED = (b"Bring it.\r\n", b"Bring it.\r\nAD: buy\r\n")

PROBES = (
    Probe("DKIM_BODIES_TRIED", 0, lambda: _body_found(*_FOLDED)),
    Probe("DKIM_BODY_BYTES_TRIED", 0, lambda: _body_found(*_FOLDED)),
    Probe("DKIM_BLOCK_LINES", 0, lambda: _body_found(*_INSERTED)),
    Probe("DKIM_HEADERS_TRIED", 0, _header_found),
    Probe("DKIM_FOOTER_LINES", 3, lambda: _lines_after(8)),
    Probe("DKIM_RSA_LARGE_BITS", 1_024, _large_key_with_odd_exponent),
    Probe("SPF_EXPLANATION_CHARS", 10, lambda: _explanation(100)),
    Probe("MESSAGE_FIELD_BYTES", 50, lambda: _kept_field(100)),
    Probe("CLUE_EXCHANGES", 4, lambda: _exchanges(12)),
    Probe("CLUE_RECORDS", 3, lambda: _records(8)),
    Probe("COMPARED_JUDGEMENTS", 0, _judged),
    Probe("LETTER_ADDRESSES", 1, _to),
    Probe("WATCH_REMEMBERED", 3, lambda: _remembered(8)),
    Probe("REPORT_DEVIATIONS", 3, lambda: _deviations(8)),
)


@pytest.fixture(scope="module", autouse=True)
def walks() -> None:
    """Walked before any loop runs."""
    for name in ("pkix-good", "pkix-expired", "sts-mx-mismatch"):
        lab_trace(name)


@pytest.mark.parametrize("probe", PROBES, ids=str)
async def test_no_more_gets_through_than_the_limit(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check(probe, monkeypatch)
