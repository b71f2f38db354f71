"""Trace files: whatever stands in one is refused in a sentence or told in every way there is.

An input is changes of a walk of the lab (the last octet says which), or a file as it is.
"""

import io
from collections.abc import Iterable

import msgspec

from mxwalk.compare.comparing import compare
from mxwalk.compare.side import Side
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.redaction import redact
from mxwalk.delivery.status import status
from mxwalk.errors import TraceError, UsageError
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.trace import Trace
from mxwalk.findings.registry import check
from mxwalk.letters.compose import write_letters
from mxwalk.limits import LETTER_FINDINGS
from mxwalk.receivers.registry import judge, judges
from mxwalk.reports.exitcode import exit_code
from mxwalk.reports.model import Report
from mxwalk.reports.render import formats_for, render
from mxwalk.reports.summary import summary
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.tlsrpt.reading import read_reports
from mxwalk.walk.plan import outline
from mxwalk.watch.gather import gather
from tests.fuzz.bases.walks import SCENARIOS, lines
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, printable_lines, promise, refusing
from tests.fuzz.structure import steps

_MOST_FINDING_CHARS = 3_000
_AS_IT_IS = len(SCENARIOS)


def _check(data: bytes) -> None:
    choices = Choices(data)
    base = choices.number(_AS_IT_IS + 1)
    way, whose, how = choices.number(256), choices.number(256), choices.number(8)
    content = choices.rest() if base == _AS_IT_IS else steps.changed(lines(base), choices)
    with refusing(TraceError):
        trace = read_trace(io.BytesIO(content))
        _check_trace(trace, way, whose, how)


def _check_trace(trace: Trace, way: int, whose: int, how: int) -> None:
    """Tell the trace in one of the ways; all of them for every input would leave few inputs."""
    printable(trace.damage, 1_500)
    again = read_trace(io.BytesIO(dump_trace(trace)))
    promise((again.header, again.steps) == (trace.header, trace.steps), "read back otherwise")
    senders = judges(trace.header.purpose)
    chosen = senders[whose % len(senders)]
    delivery = build_delivery(trace)
    match how:
        case 0 | 1:
            _check_told(delivery, chosen.judge(delivery))
        case 2 | 3 | 4:
            formats = formats_for(trace.header.purpose)
            fmt = formats[way % len(formats)]
            redacted = bool(way & 128)
            _check_document(render(trace, fmt, sender=chosen.id, redacted=redacted), fmt, trace)
        case 5:
            gather(trace, (chosen.id,))
            _check_comparison(trace, chosen.id)
        case 6:
            _check_letters(delivery, chosen.id)
        case _:
            _check_redacted(trace, chosen.id)


def _check_told(delivery: Delivery, verdict: Verdict) -> None:
    outline(delivery)
    for step in delivery.trace.steps:
        printable(status(step, delivery).summary)
    found = check(delivery)
    for finding in found:
        for text in (finding.sentence, finding.fix, finding.command):
            printable(text, _MOST_FINDING_CHARS)
    _check_verdict(verdict)
    summary(delivery, verdict, found)  # made visible with the whole report
    exit_code(verdict, found)


def _check_verdict(verdict: Verdict) -> None:
    told = [(one.reason, one.log) for one in verdict.attempts]
    for reason, log in (*told, (verdict.reason, verdict.log)):
        printable(reason)
        printable_lines(log)
    promise(isinstance(verdict.outcome, Outcome), "no outcome")
    printable(verdict.next_action)


def _check_document(document: str, fmt: str, trace: Trace) -> None:
    printable_lines(document)
    match fmt:
        case "json":
            report = msgspec.json.decode(document, type=Report)
            promise(len(report.steps) <= len(trace.steps), "more steps than there were")
        case "tlsrpt":
            reading = read_reports(document.encode(), "ours")
            promise(
                len(reading.reports) == 1 and not reading.problems, "not read:", reading.problems
            )
        case "trace":
            again = read_trace(io.BytesIO(document.encode()))
            promise(len(again.steps) == len(trace.steps), "steps are lost")
        case "html":
            promise(document.lower().count("<script") == 0, "a script in the page")


def _check_letters(delivery: Delivery, sender: str) -> None:
    for language in ("en", "ko"):
        post = write_letters(delivery, sender, language)
        for letter in post.letters:
            printable(letter.subject)
            printable_lines(letter.body)
            promise(len(letter.codes) <= LETTER_FINDINGS, "findings without end")


def _check_redacted(trace: Trace, sender: str) -> None:
    hidden = redact(trace)
    promise(hidden.header.redacted, "not marked as redacted")
    again = read_trace(io.BytesIO(dump_trace(hidden)))
    promise(
        (again.header, again.steps) == (hidden.header, hidden.steps), "redacted it is unreadable"
    )
    judge(trace.header.purpose, sender).judge(build_delivery(hidden))


def _check_comparison(trace: Trace, sender: str) -> None:
    with refusing(UsageError):
        compare(Side(trace=trace), Side(trace=trace), sender)


def _seeds() -> Iterable[bytes]:
    for number in range(len(SCENARIOS)):
        for seed in range(8):
            yield bytes((seed * 7, number * 3)) + bytes((number + seed, seed, number * 5, number))
    for number in range(len(SCENARIOS)):
        program = b"\x1b[31m" + bytes((3 * seed + number) % 256 for seed in range(24))
        yield program + bytes((number, number * 2, number * 11, number))
    short = b"\n".join(lines(5)[:2]) + b"\n"
    yield short + bytes((0, 0, 0, _AS_IT_IS))
    yield short[:-9] + bytes((0, 0, 0, _AS_IT_IS))
    for text in (
        b"",
        b"{}",
        b'{"format": "mxwalk-trace", "version": 2}',
        b"\xff",
        b"[" * 2_000,
        b'{"format":"mxwalk-trace","version":1}\n',
    ):
        yield text + bytes((0, 0, 0, _AS_IT_IS))


def _mutate(data: bytes, choices: Choices) -> bytes | None:
    """Put more changes behind those that an input stands for: numbers are read from the end."""
    return bytes(choices.number(256) for _ in range(1 + choices.number(40))) + data


TARGET = Target(
    promise="A trace is refused in a sentence, or comes back whole and is told visibly in every format.",
    check=_check,
    calls=lambda size: 12_000_000 + 20_000 * size,
    max_len=1_200,
    words=(
        b'"format":"mxwalk-trace","version":1',
        b'"type":"',
        b'"kind":"mx"',
        b"\n",
        b"\x1b[",
        b"<script>",
        b"[/x]",
    ),
    seeds=_seeds,
)
