"""Bounds of replies, targets, traces, pasted texts and letters: what peers, files and people hand over."""

import base64
import email.message
import io
from pathlib import Path

import msgspec
import pytest

from mxwalk import limits
from mxwalk.clues import words as clue_words
from mxwalk.clues.credentials import quoted
from mxwalk.clues.dialogue.certificates import certificates_in
from mxwalk.clues.dialogue.source import split
from mxwalk.clues.lines import logical
from mxwalk.clues.mail import parts
from mxwalk.clues.model import Form, Product
from mxwalk.clues.reading import understand
from mxwalk.compare.spans import changed_spans
from mxwalk.evidence import lock
from mxwalk.evidence.bounds import header_fault, step_fault
from mxwalk.evidence.bounds_mailauth import mailauth_faults
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.journal import dump_trace, line_of, read_trace
from mxwalk.evidence.lock import lock_at_once, lock_soon
from mxwalk.evidence.mailauth import (
    ArcChecked,
    DkimChecked,
    MessageInput,
    SpfChecked,
    SpfIdentity,
    SurveyInput,
)
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options, Target, TargetKind
from mxwalk.evidence.trace import Header, Trace
from mxwalk.findings.model import Finding
from mxwalk.findings.registry import catalogue
from mxwalk.letters.context import select
from mxwalk.letters.facts import _reply, shown
from mxwalk.names import parse_name
from mxwalk.saved import opened, walks_beside
from mxwalk.session import traces_directory
from mxwalk.smtp.model import Deviation
from mxwalk.smtp.replies import parse_reply
from mxwalk.walk.target import parse_target
from tests.lab.walks import walked
from tests.resources.lowering import Probe, accepted, check

_TARGET = Target(text="example.com", kind=TargetKind.DOMAIN, domain=parse_name("example.com"))

_FILE = Target(text="mail.eml", kind=TargetKind.MESSAGE)


def _header(**more: object) -> Header:
    values = {"tool": "t", "started_at": "2026-01-01T00:00:00Z", "target": _TARGET}
    return Header(**{**values, "options": Options(), **more})  # type: ignore[arg-type]


def _fits(size: int, **more: object) -> int:
    return 0 if header_fault(_header(**more)) else size


def _line_of(octets: int) -> int:
    found = parse_reply(b"250 " + b"x" * octets + b"\r\n").lines[0].deviations
    return 0 if Deviation.LINE_TOO_LONG in found else octets


def _lines(count: int) -> int:
    reply = parse_reply(b"250-x\r\n" * (count - 1) + b"250 x\r\n")
    return 0 if Deviation.TOO_MANY_LINES in reply.deviations else count


async def _trace() -> Trace:
    return (await walked("dane-good")).trace


async def _steps_of_lines() -> int:
    trace = await _trace()
    return max((len(line_of(one)) for one in _read(trace).steps), default=0)


def _read(trace: Trace) -> Trace:
    return read_trace(io.BytesIO(dump_trace(trace)))


def _first_line(size: int) -> int:
    header = _header(tool="t" * size)
    return accepted(size, lambda: _read(Trace(header=header, steps=())))


async def _stores_beside() -> int:
    trace = await _trace()
    step = next(one for one in trace.steps if one.kind is StepKind.CHAIN)
    beside = step.evidence.beside * 3
    more = msgspec.structs.replace(
        step, evidence=msgspec.structs.replace(step.evidence, beside=beside)
    )
    return 0 if step_fault(more, step.seq) else len(beside)


def _answers(count: int) -> int:
    answer = DnsAnswer(qname="example.com", rtype="TXT", status=DnsStatus.OK)
    evidence = ArcChecked(answers=(answer,) * count)
    return 0 if list(mailauth_faults(evidence)) else count


def _spf_argument(size: int) -> int:
    return (
        0
        if list(
            mailauth_faults(
                SpfChecked(
                    identity=SpfIdentity.MAILFROM,
                    client_ip="",
                    domain="",
                    helo="",
                    sender="x" * size,
                )
            )
        )
        else size
    )


def _signature_number(number: int) -> int:
    return 0 if list(mailauth_faults(DkimChecked(number=number))) else number


def _der(number: int) -> str:
    body = base64.b64encode(b"\x30\x03" + bytes([number]) * 3).decode()
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


def _mail_parts(count: int) -> int:
    message = email.message.MIMEPart()
    message.make_mixed()
    for number in range(count):
        message.add_attachment(f"words {number}")
    return len(parts("Subject: x\n" + message.as_string()))


def _leads(count: int) -> int:
    lines = (
        f"Jan  1 00:00:00 mx postfix/smtp[1]: A{number}: to=<user@d{number}.example.com>,"
        " relay=none, delay=1, dsn=4.4.1, status=deferred (connect to mx.example.com"
        "[192.0.2.1]:25: Connection timed out)"
        for number in range(count)
    )
    return len(understand("\n".join(lines)).leads)


def _recipients(count: int) -> int:
    line = clue_words.Line(text="550 no", places=((0, 0),))
    named = clue_words.Named(recipients=tuple(f"u{one}@example.com" for one in range(count)))
    made = clue_words.clue(line, 0, 6, Product.POSTFIX, Form.LOG, meaning="m", named=named)
    return len(made.recipients)


def _same_words(count: int) -> int:
    before, after = changed_spans("a " * count, "a " * (count - 1) + "b ")
    return count if any(not one.differs for one in before) and after else 0


def _groups(count: int) -> int:
    entries = list(catalogue().values())[:count]
    findings = [Finding(entry=one, sentence="s", fix="f") for one in entries]
    return len(select(findings).groups)


def _places(count: int) -> int:
    entry = next(iter(catalogue().values()))
    findings = [Finding(entry=entry, sentence=f"s{one}", fix="f") for one in range(count)]
    return len(select(findings).findings)


def _letter_lines(count: int) -> int:
    (fact,) = _reply(b"\r\n".join([b"250-x"] * count) + b"\r\n")
    return len(fact.lines)


PROBES = (
    Probe("REPLY_LINE_RECOMMENDED_BYTES", 20, lambda: _line_of(100)),
    Probe("REPLY_LINES_RECOMMENDED", 5, lambda: _lines(20)),
    Probe("TARGET_CHARS", 10, lambda: accepted(15, lambda: parse_target("www.example.com"))),
    Probe(
        "TARGET_CHARS",
        10,
        lambda: _fits(20, target=msgspec.structs.replace(_TARGET, text="x" * 20)),
    ),
    Probe("LOCAL_PART_BYTES", 3, lambda: len(clue_words.mailbox("abcdef@example.com"))),
    Probe("NAME_BYTES", 5, lambda: len(clue_words.host_name("mail.example.com"))),
    Probe("NAME_BYTES", 5, lambda: _fits(9, options=Options(helo="mx.a.test"))),
    Probe("MAILBOX_BYTES", 5, lambda: _fits(9, options=Options(mail_from="u@a.b.test"))),
    Probe("TRACE_LINE_BYTES", 1_000, _steps_of_lines),
    Probe("TRACE_HEADER_BYTES", 1_000, lambda: _first_line(2_000)),
    Probe("MESSAGE_BYTES", 5, lambda: _fits(8, target=_FILE, message=MessageInput(raw=b"x" * 8))),
    Probe("TRUST_STORES_BESIDE", 3, _stores_beside),
    Probe("MAILAUTH_ANSWERS", 5, lambda: _answers(8)),
    Probe("SPF_ARGUMENT_CHARS", 5, lambda: _spf_argument(8)),
    Probe("MESSAGE_SIGNATURES", 5, lambda: _signature_number(8)),
    Probe("SURVEY_SELECTORS", 2, lambda: _fits(4, survey=SurveyInput(selectors=tuple("abcd")))),
    Probe("SURVEY_SUBDOMAINS", 2, lambda: _fits(4, survey=SurveyInput(subdomains=tuple("abcd")))),
    Probe("CLUE_LINES", 3, lambda: len(logical("x\n\n" * 8))),
    Probe("CLUE_LINES", 3, lambda: len(split("a: b\n" * 8)[0])),
    Probe("CLUE_QUOTED_CHARS", 10, lambda: quoted("w" * 100).count("w")),
    Probe("CLUE_CERTIFICATES", 3, lambda: len(certificates_in("".join(map(_der, range(8)))))),
    Probe("CLUE_PARTS", 3, lambda: _mail_parts(8)),
    Probe("CLUE_LEADS", 3, lambda: _leads(8)),
    Probe("CLUE_RECIPIENTS", 3, lambda: _recipients(8)),
    Probe("COMPARED_TOKENS", 10, lambda: _same_words(30)),
    Probe("LETTER_FINDINGS", 2, lambda: _groups(4)),
    Probe("LETTER_PLACES", 1, lambda: _places(3)),
    Probe("LETTER_LINES", 4, lambda: _letter_lines(10)),
    Probe("LETTER_LINE_CHARS", 10, lambda: shown("w" * 100).count("w")),
)


@pytest.mark.parametrize("probe", PROBES, ids=str)
async def test_no_more_gets_through_than_the_limit(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check(probe, monkeypatch)


async def _saved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Header:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    traces_directory().mkdir(parents=True)
    trace = await _trace()
    for number in range(5):
        began = f"2026-01-0{number + 1}T00:00:00Z"
        header = msgspec.structs.replace(trace.header, started_at=began)
        path = traces_directory() / f"{number}.mxtrace"
        path.write_bytes(dump_trace(Trace(header=header, steps=trace.steps)))
    return trace.header


async def test_saved_walks_are_looked_at_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    header = await _saved(monkeypatch, tmp_path)
    await check(
        Probe("SAVED_WALKS_LOOKED", 2, lambda: len(list(walks_beside(header)))), monkeypatch
    )


async def test_saved_walks_are_opened_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    header = await _saved(monkeypatch, tmp_path)
    paths = [path for path, _ in walks_beside(header)]
    await check(Probe("SAVED_WALKS_READ", 2, lambda: len(list(opened(paths)))), monkeypatch)


def test_a_lock_is_waited_for_so_many_times(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "walk.mxtrace"
    path.touch()
    pauses: list[float] = []
    monkeypatch.setattr(lock.time, "sleep", pauses.append)
    with path.open("rb") as mine, path.open("rb") as theirs:
        assert lock_at_once(mine.fileno())
        assert not lock_soon(theirs.fileno())
    assert len(pauses) == limits.TRACE_LOCK_TRIES - 1
    assert sum(pauses) < 1.0
