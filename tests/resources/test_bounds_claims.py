"""Bounds of what others claim of a message, of looking for what changed it, and of redaction."""

import hashlib

import pytest

from mxwalk.commands.attached import attached_messages
from mxwalk.commands.spf import _check_record
from mxwalk.delivery.redaction import own_hosts
from mxwalk.delivery.result_headers import claims_of
from mxwalk.evidence.mailauth import MessageInput
from mxwalk.evidence.secret_message import in_message
from mxwalk.evidence.secrets import Secrets
from mxwalk.evidence.target import Options, Target, TargetKind
from mxwalk.evidence.trace import Header, Trace
from mxwalk.mailauth.arc.chain import read_chain
from mxwalk.mailauth.dkim.body_blocks import _blocks, block, inner_part
from mxwalk.mailauth.dkim.body_changes import _decoded_parts, _join
from mxwalk.mailauth.dkim.diagnose import _marks
from mxwalk.mailauth.dkim.diagnosis import Budget
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.dmarc.record import read_record
from mxwalk.mailauth.dmarc.reporting import authorise
from mxwalk.mailauth.envelope import _received_spf
from mxwalk.mailauth.message import read_message
from mxwalk.mailauth.rollout.advise import advise
from mxwalk.mailauth.rollout.model import Published, Sender
from mxwalk.mailauth.spf.received import read_received_spf
from mxwalk.mailauth.tags import read_tags
from tests.mailauth.dmarc.zone import Zone
from tests.resources.lowering import Probe, accepted, check

_FROM = b"From: a@example.com\r\n"
_ALL = 1 << 20  # octets to hash: more than any of these takes


def _tags(count: int) -> int:
    return len(read_tags(b"; ".join(b"t%d=x" % one for one in range(count))).tags)


def _report_hosts(count: int) -> int:
    uris = ",".join(f"mailto:u@r{one}.example" for one in range(count))
    record = read_record("_dmarc.example.com", f"v=DMARC1; p=none; rua={uris}".encode())
    zone = Zone({})
    zone.run(authorise("example.com", "example.com", record.aggregate))
    return len({name for name in zone.txt_asked if "._report._dmarc." in name})


def _senders(count: int) -> int:
    senders = tuple(Sender(name=f"s{one}.example") for one in range(count))
    return len(advise(Published(domain="example.com", senders=senders)).third_parties)


def _arc_problems(count: int) -> int:
    raw = b"ARC-Seal: i=0; d=example.com\r\n" * count + _FROM + b"\r\n"
    return len(read_chain(read_message(raw)).problems)


def _joined(count: int, width: int) -> int:
    return count if _join([b"x" * width] * (count + 1), width, b"", b"") else 0


def _decoded(count: int) -> int:
    part = b"Content-Transfer-Encoding: base64\r\n\r\neHg=\r\n--b\r\n"
    return (_decoded_parts(b"--b\r\n" + part * count) or b"").count(b"8bit")


def _wrapped(count: int) -> int:
    """Parts before the one that was signed alone."""
    parts = b"".join(b"--b\r\n\r\nother %d\r\n" % one for one in range(count))
    signed = b"signed\r\n"
    body = parts + b"--b\r\n\r\n" + signed + b"--b--\r\n"
    digest = hashlib.sha256(signed).digest()
    return count if inner_part(body, digest, "rsa-sha256", Budget(_ALL)) else 0


def _starts(count: int) -> int:
    """Lines before the one that was put in."""
    before = b"".join(b"line %d\r\n" % one for one in range(count))
    digest = hashlib.sha256(before + b"end\r\n").digest()
    found = block(before + b"put in\r\nend\r\n", digest, "rsa-sha256", Budget(_ALL))
    return count if found else 0


def _boundaries(count: int) -> int:
    """Whole parts that are tried, with no octets to try every block."""
    lines = [line for one in range(count + 1) for line in (b"--b", *[b"x"] * 100)]
    return sum(end - start == 101 for start, end in _blocks(lines, [0, 1_000_000], 1))


def _claim(number: int) -> int:
    """The place of the Authentication-Results field that tells."""
    other = b"Authentication-Results: mx.example.net; none\r\n" * (number - 1)
    told = b"Authentication-Results: mx.example.net; dkim=pass header.d=example.org\r\n"
    signature = (
        b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; h=from; bh=AAAA; b=AAAA\r\n"
    )
    message = read_message(other + told + signature + _FROM + b"\r\n")
    return number if _marks(message, read_signatures(message)[0]) else 0


def _received_spf_claim(number: int) -> int:
    other = b"Received-SPF: pass identity=helo\r\n" * (number - 1)
    told = b"Received-SPF: pass identity=mailfrom; client-ip=192.0.2.1\r\n"
    return number if _received_spf(read_message(other + told + _FROM + b"\r\n")).pairs else 0


def _own_id(number: int) -> int:
    """The place of the field whose id is another host of the receiver."""
    other = b"Authentication-Results: example.org; none\r\n" * (number - 1)
    raw = other + b"Authentication-Results: in.example.net; none\r\n" + _FROM + b"\r\n"
    header = Header(
        tool="t",
        started_at="2026-01-01T00:00:00Z",
        target=Target(text="mail.eml", kind=TargetKind.MESSAGE),
        options=Options(),
        message=MessageInput(raw=raw, receiver="mx.example.net"),
    )
    return number if b"in.example.net" in own_hosts(Trace(header=header, steps=())) else 0


def _claims(count: int) -> int:
    raw = b"Authentication-Results: mx.example.net; spf=pass\r\n" * count + _FROM + b"\r\n"
    return len(claims_of(read_message(raw)))


def _attached(depth: int) -> int:
    message = b"Content-Type: message/rfc822\r\n\r\n" + _FROM + b"\r\nx\r\n"
    for one in range(depth):
        head = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (one, one)
        message = head + message + b"\r\n--b%d--\r\n" % one
    return depth if attached_messages(message) else 0


def _secrets(reply: bytes = b"") -> Secrets:
    header = Header(
        tool="t",
        started_at="2026-01-01T00:00:00Z",
        target=Target(text="example.com", kind=TargetKind.DOMAIN),
        options=Options(helo="own.example"),
    )
    found = Secrets(Trace(header=header, steps=()))
    found._from_reply(reply)
    found._from_disguised_addresses(reply)
    return found


def _addresses(count: int) -> int:
    reply = b" ".join(b"[203.0.113.%d]" % one for one in range(1, count + 1))
    return len(_secrets(reply)._seen_from)


def _disguised(count: int) -> int:
    names = b" ".join(b"203-0-113-9.n%d.example" % one for one in range(count))
    return sum(b".n" in name for name in _secrets(b"[203.0.113.9] " + names).names)


def _labels(count: int) -> int:
    """Beginnings of the name in a DNS message that is kept all the same."""
    return 0 if in_message(_secrets(), b"\x03own\x05other\x00" * count) else count


PROBES = (
    Probe("MAIL_TAGS", 3, lambda: _tags(8)),
    Probe("DMARC_REPORT_HOSTS", 3, lambda: _report_hosts(6)),
    Probe("SPF_RECEIVED_CHARS", 50, lambda: len(read_received_spf("pass (" + "x" * 90).comment)),
    Probe("SPF_RECEIVED_PAIRS", 3, lambda: len(read_received_spf("pass" + " a=b;" * 8).pairs)),
    Probe(
        "SPF_RECORD_CHARS", 50, lambda: accepted(90, lambda: _check_record("v=spf1 " + "x" * 83))
    ),
    Probe("ROLL_OUT_SENDERS", 3, lambda: _senders(8)),
    Probe("ARC_PROBLEMS", 3, lambda: _arc_problems(8)),
    Probe("DKIM_JOINS_TRIED", 3, lambda: _joined(8, 10)),
    Probe("DKIM_JOINED_BYTES", 50, lambda: 10 * _joined(8, 10)),
    Probe("DKIM_PARTS_TRIED", 3, lambda: _decoded(8)),
    Probe("DKIM_PARTS_TRIED", 3, lambda: _wrapped(8)),
    Probe("DKIM_BLOCK_STARTS", 3, lambda: _starts(8)),
    Probe("DKIM_BOUNDARIES_TRIED", 3, lambda: _boundaries(8)),
    Probe("MESSAGE_CLAIMS_READ", 3, lambda: _claim(8)),
    Probe("MESSAGE_CLAIMS_READ", 3, lambda: _received_spf_claim(8)),
    Probe("MESSAGE_CLAIMS_READ", 3, lambda: _own_id(8)),
    Probe("MESSAGE_CLAIMS_COMPARED", 3, lambda: _claims(8)),
    Probe("MESSAGE_PART_DEPTH", 1, lambda: _attached(3)),
    Probe("REDACTED_ADDRESSES", 3, lambda: _addresses(8)),
    Probe("REDACTED_OCCURRENCES", 3, lambda: _disguised(8)),
    Probe("REDACTED_LABELS_TRIED", 3, lambda: _labels(8)),
)


@pytest.mark.parametrize("probe", PROBES, ids=str)
async def test_no_more_gets_through_than_the_limit(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check(probe, monkeypatch)
