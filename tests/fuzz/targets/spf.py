"""SPF: a record in a zone, evaluated, surveyed, flattened and mended, and the field that says so.

An input is the record of example.com, and behind a line feed the zone's other lines.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.mailauth import SpfIdentity
from mxwalk.limits import MAILAUTH_ANSWERS, SPF_EXPLANATION_CHARS, SPF_TERMS
from mxwalk.mailauth.asking import replay
from mxwalk.mailauth.spf import SpfResult, evaluate, expand, fixed, flatten_advice, lint
from mxwalk.mailauth.spf.headers import comment_text, received_spf
from mxwalk.mailauth.spf.macrosyntax import domain_fault, read_macros
from mxwalk.mailauth.spf.model import Branch, Evaluation, Record
from mxwalk.mailauth.spf.names import truncated
from mxwalk.mailauth.spf.received import read_received_spf
from mxwalk.mailauth.spf.record import read_record
from mxwalk.text import visible
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, promise
from tests.fuzz.said import all_printable
from tests.fuzz.structure import pieces
from tests.fuzz.zones import LineZone

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_CLIENTS = (
    "192.0.2.1",
    "192.0.2.129",
    "2001:db8::1",
    "203.0.113.7",
    "::ffff:192.0.2.1",
    "no address",
)
_SENDERS = (
    "joe@example.com",
    "",
    "<>",
    "example.com",
    "a.b-c+d@mail.example.com",
    '"odd \x1b)("@example.com',
)
_HELOS = ("mx.example.com", "", "[192.0.2.1]", "m\xfcx.example", "x" * 300)
# Ten terms of ten names each, the records, the explanation, and PTR with its names (RFC 7208 4.6.4).
_QUESTIONS = 250
_DECIDED = {SpfResult.PASS, SpfResult.FAIL, SpfResult.SOFTFAIL, SpfResult.NEUTRAL}


def _check(data: bytes) -> None:
    choices = Choices(data)
    client, sender, helo = choices.pick(_CLIENTS), choices.pick(_SENDERS), choices.pick(_HELOS)
    record, _, lines = choices.rest().partition(b"\n")
    zone_text = b"example.com TXT " + record + b"\n" + lines
    _check_syntax(record)
    found, answers = LineZone(zone_text, _QUESTIONS).run(_asking(client, sender, helo))
    _check_evaluation(found, answers, (client, sender, helo))
    survey, _ = LineZone(zone_text, MAILAUTH_ANSWERS).run(expand("example.com"))
    all_printable(survey)
    for sends in (True, False):
        for remark in lint(survey=survey, sends=sends):
            printable(remark.sentence)
            printable(remark.fix)
    flat = flatten_advice(survey)
    if flat is None:
        return
    printable(flat.text)
    promise(flat.lookups <= flat.lookups_before, "flattened it asks more")
    octets = flat.text.encode("latin-1")
    again = read_record("example.com", octets)
    promise(not again.faults, "flattened it is faulty:", flat.text, again.faults)
    if found.result in _DECIDED and not flat.kept:
        flat_zone = LineZone(zone_text, _QUESTIONS)
        flat_zone.records |= LineZone(b"example.com TXT " + octets, 0).records
        other, _ = flat_zone.run(_asking(client, sender, helo))
        softened = found.result is SpfResult.NEUTRAL and flat.text.endswith("~all")
        promise(
            other.result is found.result or (softened and other.result is SpfResult.SOFTFAIL),
            "flattened it says", other.result, "not", found.result, flat.text,
        )  # fmt: skip


def _asking(client: str, sender: str, helo: str):  # type: ignore[no-untyped-def]
    return evaluate(client, "example.com", sender, helo, receiver="mx.example.org", now=NOW)


def _check_syntax(octets: bytes) -> None:
    record = read_record("example.com", octets)
    promise(len(record.text) == len(octets), "other text")
    promise(len(record.terms) <= SPF_TERMS, "terms without end")
    at = 0
    for term in record.terms:
        promise(record.text[term.start : term.end] == term.text, "a term at another place:", term)
        promise(term.start >= at and " " not in term.text, "terms overlap")
        at = term.end
    for fault in record.faults:
        promise(0 <= fault.start <= fault.end <= len(octets), "a fault at", fault)
        printable(fault.what)
    _check_fixed(record)
    text = octets.decode("latin-1")[:300]
    for explains in (False, True):
        macros = read_macros(text, explains=explains)
        made = "".join(part.text for part in macros.parts)
        promise(text.startswith(made), "parts of another text")
        promise((macros.fault is None) == (made == text), "a fault, or the whole text")
    found = domain_fault(text)
    promise(found is None or 0 <= found.start <= found.end <= len(text), "a fault at", found)
    last = text.removesuffix(".").rpartition(".")[2]  # is never dropped
    promise(len(truncated(text)) <= max(253, len(last)), "not truncated:", text)


def _check_fixed(record: Record) -> None:
    if not record.terms:
        return
    right = fixed(record)
    again = fixed(read_record("example.com", right.encode("latin-1")))
    promise(again == right, "mended twice it is another:", right, again)


def _check_evaluation(
    found: Evaluation, answers: Iterable[DnsAnswer], how: tuple[str, str, str]
) -> None:
    for text in (found.why, *_sentences(found.root)):
        printable(text)
    promise(
        len(visible(found.explanation)) <= SPF_EXPLANATION_CHARS * 10, "an explanation without end"
    )
    promise(
        found.result is not SpfResult.PASS or found.matched is not None, "a pass without a match"
    )
    promise(
        found.lookups <= 11 and found.voids <= 3, "beyond the limits:", found.lookups, found.voids
    )
    promise(replay(_asking(*how), answers) == found, "replayed it is another")
    for identity in SpfIdentity:
        field = received_spf(found, identity, "mx.example.org")
        first, *more = field.split("\r\n")
        for line in (first, *more):
            printable(line)
        promise(all(line.startswith(" ") for line in more), "a fold that is none")
        read = read_received_spf(field)
        promise(read.result is found.result, "read back as", read.result)
        promise(not read.problems, "our own field:", read.problems, field)
        comment_text(found, identity)


def _sentences(branch: Branch | None) -> Iterator[str]:
    if branch is None:
        return
    yield branch.why
    for node in branch.nodes:
        yield node.why
        yield from _sentences(node.child)


def _seeds() -> Iterable[bytes]:
    zone = (
        b"\nexample.com A 192.0.2.1\nexample.com AAAA 2001:db8::1\nexample.com MX 10 mx.example.com.\n"
        b"mx.example.com A 192.0.2.129\nspf.example.net TXT v=spf1 ip4:192.0.2.0/25 mx:example.com -all\n"
        b"1.2.0.192.in-addr.arpa PTR mx.example.com.\nexp.example.com TXT %{i} is not of %{d}\n"
        b"loop.example.net TXT v=spf1 include:loop.example.net"
    )
    for number, record in enumerate(
        (
            b"v=spf1 a mx -all", b"v=spf1 include:spf.example.net ~all", b"v=spf1 redirect=spf.example.net",
            b"v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ?all", b"v=spf1 exists:%{ir}.%{l1r-}.%{d} -all exp=exp.example.com",
            b"v=spf1 ptr -all", b"v=spf1 include:loop.example.net -all", b"v=spf1 a/24//64 mx:example.com/25 -ip4:192.0.2.1 +all",
            b"v=spf1 a:nothing.example mx:nothing.example exists:nothing.example -all", b"v=spf1 all include:x redirect=y",
            b"v=spf1 ip4:192.0.2.1/33 ip6:zz a:%{z} =x moo=%{", b"v=spf2 a", b"V=SPF1  A  -ALL", b"v=spf1 include:ip4:192.0.2.1",
            b"v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 include:spf.example.net mx ~all", b"v=spf1 ?include:spf.example.net -all",
        )
    ):  # fmt: skip
        yield record + zone + bytes((number % 5, number % 6, number % 6))
    yield b"v=spf1 a -all\nexample.com A !timeout" + bytes((0, 0, 0))
    yield b"v=spf1 include:b.test -all\nb.test TXT !servfail" + bytes((1, 1, 1))
    yield b"v=spf1 a -all\nexample.com TXT v=spf1 -all" + bytes((0, 0, 0))


_WORDS = (
    b"v=spf1 ", b" include:", b" redirect=", b" exp=", b" exists:", b" a:", b" mx:", b" ip4:", b" ip6:", b" ptr:", b" -all",
    b"%{i}", b"%{d2r}", b"%{l1r-+}", b"%{p}", b"%%", b"%_", b"/24", b"//64", b"example.com", b"spf.example.net",
    b"\nexample.com TXT ", b"\nspf.example.net TXT v=spf1 ", b" A 192.0.2.1", b" MX 10 a.", b" !timeout", b" !servfail",
)  # fmt: skip
TARGET = Target(
    promise="One result however it is asked for, in bounded questions; what we write we read.",
    check=_check,
    calls=lambda size: 500_000 + 10_000 * size,
    max_len=1_024,
    words=_WORDS,
    mutate=lambda data, choices: pieces.mutate(
        data, choices, pieces.LINES if choices.flag() else pieces.FIELDS, _WORDS
    ),
    seeds=_seeds,
)
