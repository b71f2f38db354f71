"""DNSSEC: answers of a signed zone with messages exchanged for others; only what was signed is secure.

An input is messages: the number of the answer it stands for, two octets of length, and its octets.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Self

import dns.dnssec

from mxwalk.dns.answers import Received, to_answer, with_chain
from mxwalk.dns.chain import follow
from mxwalk.dns.wire import read
from mxwalk.dnssec.binding import bound
from mxwalk.dnssec.book import AnswerBook, is_answer
from mxwalk.dnssec.commands import commands_for
from mxwalk.dnssec.message import read_message
from mxwalk.dnssec.model import Question, Status, Validation
from mxwalk.dnssec.offline import validate_saved
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.limits import DNSSEC_CHECKS_PER_QUESTION, NSEC3_HASHES_PER_QUESTION
from tests.fuzz.bases.signed import signed
from tests.fuzz.choices import Choices
from tests.fuzz.evidence import comes_back
from tests.fuzz.model import Target, promise
from tests.fuzz.said import all_printable
from tests.fuzz.structure import dns as structure

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
_QUESTIONS = (
    Question("example.test", "MX"),
    Question("mx.example.test", "TLSA"),
    Question("a.example.test", "A"),
    Question("www.example.test", "MX"),
    Question("_25._tcp.example.test", "TLSA"),
    Question("b.example.test", "MX"),
)
# What the zone's owner signed: records at the end of the aliases, or that there are none.
_TRUTH = {
    "example.test MX": {"10 mx.example.test."},
    "www.example.test MX": {"10 mx.example.test."},
    "_25._tcp.example.test TLSA": {"3 1 1 " + "ab" * 32},
    "mx.example.test TLSA": set(),
    "a.example.test A": set(),
    "b.example.test MX": set(),
}


class Counting:
    """Counts verifications and hashes while a question is judged."""

    def __init__(self) -> None:
        self.checks = self.hashes = 0
        self._real = dns.dnssec.validate_rrsig, dns.dnssec.nsec3_hash

    def __enter__(self) -> Self:
        def check(*args, **kwargs):  # type: ignore[no-untyped-def]
            self.checks += 1
            return self._real[0](*args, **kwargs)

        def hashed(*args, **kwargs):  # type: ignore[no-untyped-def]
            self.hashes += 1
            return self._real[1](*args, **kwargs)

        dns.dnssec.validate_rrsig = check
        dns.dnssec.nsec3_hash = hashed
        return self

    def __exit__(self, *_: object) -> None:
        dns.dnssec.validate_rrsig, dns.dnssec.nsec3_hash = self._real


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 3 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 3], "big")
        yield data[at], data[at + 3 : at + 3 + size]
        at += 3 + size


def _answer(qname: str, rtype: str, wire: bytes) -> DnsAnswer:
    answer = to_answer(read(wire), Received(qname, rtype, "192.0.2.53:53", "udp", wire))
    return with_chain(answer, follow(qname, rtype, answer.answer))


def _check(data: bytes) -> None:
    base = signed()
    wires = [wire for _, _, wire in base.answers]
    for number, wire in _messages(data):
        wires[number % len(wires)] = wire
        read_message(wire)
    answers = [
        _answer(qname, rtype, wire)
        for (qname, rtype, _), wire in zip(base.answers, wires, strict=True)
    ]
    for answer in answers:
        comes_back(answer)
    book = AnswerBook.of(answers)  # one for all questions, as in a walk: nothing is verified twice
    for question in _QUESTIONS:
        with Counting() as counted:
            found = validate_saved(question, book, base.anchors, NOW)
        promise(counted.checks <= DNSSEC_CHECKS_PER_QUESTION, counted.checks, "verifications")
        promise(counted.hashes <= NSEC3_HASHES_PER_QUESTION, counted.hashes, "hashes")
        all_printable(found)
        commands_for(found)
        answer = book.get(question)
        if answer is None:
            promise(found.status is not Status.SECURE, "secure out of nothing:", question)
        elif bound(found, answer, book).status is Status.SECURE and is_answer(answer):
            _check_truth(question, found, answer)


def _check_truth(question: Question, found: Validation, answer: DnsAnswer) -> None:
    """Where an answer is secure, what is used of it is what the zone's owner signed."""
    expected = _TRUTH[f"{question.qname} {question.rtype}"]
    used = set(answer.records())
    promise(used == expected, "secure, and never signed:", question, used, found)


def _seeds() -> Iterable[bytes]:
    from tests.dnssec.world import World, records

    base = signed()
    for number, (_, _, wire) in enumerate(base.answers):
        yield bytes((number,)) + len(wire).to_bytes(2, "big") + wire
    other = World()
    for number, answer in enumerate(other.answers):  # signed by somebody else
        yield bytes((number,)) + len(answer.wire).to_bytes(2, "big") + answer.wire
    other.put(
        "example.test", "MX", other.zone.signed(records("example.test.", "MX", "10 evil.test."))
    )
    wire = other.answers[-1].wire
    yield bytes((5,)) + len(wire).to_bytes(2, "big") + wire
    for one, another in ((5, 6), (6, 7), (7, 8), (8, 5), (9, 6), (2, 1), (4, 3)):
        wire = base.answers[another % len(base.answers)][2]
        yield bytes((one,)) + len(wire).to_bytes(2, "big") + wire


def _mutate(data: bytes, choices: Choices) -> bytes | None:
    """Change a record in one of the messages, or put another of the base's messages beside it."""
    messages = list(_messages(data))
    base = signed().answers
    if not messages or choices.number(8) == 0:
        number = choices.number(len(base))
        messages.append((number, base[number][2]))
    at = choices.number(len(messages))
    number, wire = messages[at]
    changed = structure.mutate(wire, choices)
    if choices.number(6) == 0:
        number = choices.number(len(base))
    messages[at] = (number, changed if changed is not None else wire)
    return b"".join(
        bytes((number % 256,)) + min(len(wire), 65_535).to_bytes(2, "big") + wire[:65_535]
        for number, wire in messages
    )


TARGET = Target(
    promise="Secure is only what the zone's keys signed, in bounded verifications and hashes.",
    check=_check,
    calls=lambda size: 3_000_000 + 20_000 * size,
    max_len=3_000,
    words=(
        b"\0\x2e\0\1",
        b"\0\x30\0\1",
        b"\0\x2b\0\1",
        b"\0\x32\0\1",
        b"\0\x2f\0\1",
        b"\xc0\x0c",
        b"\x07example\x04test\0",
        b"\x01*",
    ),
    mutate=_mutate,
    seeds=_seeds,
)
