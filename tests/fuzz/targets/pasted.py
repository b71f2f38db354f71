"""Pasted texts: clues of every product, and dialogues of every tool that become traces.

An input is the text; it is read as UTF-8, what is none of it kept as a mark.
"""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from mxwalk.clues.dialogue.reading import lead_of, read_dialogue
from mxwalk.clues.labels import command, facts, heading
from mxwalk.clues.model import Clue, Understanding
from mxwalk.clues.reading import understand
from mxwalk.clues.reply_codes import explain_reply, is_reply_code
from mxwalk.clues.status_codes import explain_status, parse_status
from mxwalk.commands.clue import decoded, lines
from mxwalk.delivery.build import build_delivery
from mxwalk.errors import UsageError
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.trace import Trace
from mxwalk.findings.registry import check
from mxwalk.limits import CLUE_LEADS, CLUE_RECIPIENTS, CLUES
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profiles
from mxwalk.tls.store import LoadedStore
from mxwalk.walk.target import parse_target
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, printable_lines, promise, refusing
from tests.fuzz.structure import pieces

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_STORE = LoadedStore.from_pem("lab", "", b"")


def _check(data: bytes) -> None:
    choices = Choices(data)
    sender = choices.number(64)
    text = decoded(choices.rest())
    found = understand(text)
    _check_understood(found, text)
    pasted = read_dialogue(text, now=NOW, store=_STORE)
    if pasted is not None:
        trace, clues = pasted
        for clue in clues:
            _check_clue(clue, text)
        _check_trace(trace, sender)
        lead_of(trace)
    first = text.strip()[:12]
    if (status := parse_status(first)) is not None:
        printable_lines("\n".join(explain_status(status)))
    if is_reply_code(first):
        printable_lines("\n".join(explain_reply(first)))


def _check_understood(found: Understanding, text: str) -> None:
    promise(len(found.clues) <= CLUES, "clues without end")
    promise(len(found.leads) <= CLUE_LEADS + 1, "leads without end")
    for one in found.clues:
        _check_clue(one, text)
    for lead in found.leads:
        printable(lead.reason)
        printable(command(lead, found.sender))
        with refusing(UsageError):
            parse_target(lead.target)
    if found.trace is not None:
        promise(found.trace.header.pasted is not None, "a walk that nobody pasted")
    printable_lines("\n".join(lines(found)))


def _check_clue(one: Clue, text: str) -> None:
    promise(0 <= one.start <= one.end <= len(text), "a clue at", one.start, one.end)
    promise(len(one.recipients) <= CLUE_RECIPIENTS, "recipients without end")
    for value in (one.quoted, one.meaning, one.host, one.address, one.when, one.status, one.domain):
        printable(value)
    for value in one.recipients:
        printable(value)
    promise(one.meaning, "a clue that says nothing")
    printable(heading(one))
    for name, value in facts(one):
        printable(name)
        printable(value)


def _check_trace(trace: Trace, number: int) -> None:
    again = read_trace(io.BytesIO(dump_trace(trace)))
    promise(
        (again.header, again.steps, again.damage) == (trace.header, trace.steps, ""), "not kept"
    )
    delivery = build_delivery(trace)
    for finding in check(delivery):
        printable(finding.sentence)
    senders = profiles()
    verdict = senders[number % len(senders)].judge(delivery)
    printable(verdict.reason)
    promise(verdict.outcome is not Outcome.DELIVERED_VERIFIED, "a pasted text is verified delivery")


def _seeds() -> Iterable[bytes]:
    from tests.clues.dialogue.corpus import CASES
    from tests.hostile import HOSTILE

    corpus = Path(__file__).parents[2] / "clues" / "corpus"
    for path in sorted(corpus.glob("*.txt")):
        yield path.read_bytes() + b"\0"
    for number, case in enumerate(CASES):
        yield case.text.encode() + bytes((number % 64,))
    yield from (each + b"\0" for each in HOSTILE if len(each) < 1_000)


_WORDS = (
    b"status=bounced (", b"status=deferred (", b"dsn=5.7.1", b"said: 550 5.7.1 ", b"Diagnostic-Code: smtp; ", b"Action: failed\n",
    b"Status: 5.7.323\n", b"Final-Recipient: rfc822; a@example.com\n", b"Remote-MTA: dns; ", b"DCID 1 ", b"MID 2 ", b"** a@example.com R=",
    b"stat=Deferred: ", b"=== Trying ", b"<-  220 ", b" -> EHLO ", b"<~  250 ", b"CONNECTED(00000003)\n", b"Trying 192.0.2.1...\n",
    b"posttls-finger: < 220 ", b"Flags [P.], ", b"\t0x0000:  4500 ", b"-----BEGIN CERTIFICATE-----\n", b"-----END CERTIFICATE-----\n",
    b"220 mx.example.com ESMTP\n", b"EHLO a.example\n", b"250-STARTTLS\n", b"250 HELP\n", b"*** ", b"Content-Type: multipart/report; boundary=b\n",
    b"--b\n", b"postfix/smtp[1]: ", b"to=<a@example.com>, relay=mx.example.com[192.0.2.1]:25, ", b"\n\n", b"> ", b"=?utf-8?q?",
)  # fmt: skip
TARGET = Target(
    promise="Any text is understood in bounds, and never comes to more than what stands in it.",
    check=_check,
    calls=lambda size: 1_500_000 + 8_000 * size,
    max_len=2_000,
    words=_WORDS,
    mutate=lambda data, choices: pieces.mutate(
        data, choices, pieces.LINES if choices.number(3) else pieces.FIELDS, _WORDS
    ),
    seeds=_seeds,
)
