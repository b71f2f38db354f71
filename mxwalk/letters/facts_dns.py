"""Evidence of the DNS: what was asked, what came back, and what DNSSEC validation makes of it."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.delivery.validated import validated_in
from mxwalk.dnssec.model import Status
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.lookups import PtrLookedUp
from mxwalk.evidence.step import Step
from mxwalk.letters.model import Fact
from mxwalk.letters.zones import answers_in
from mxwalk.text import visible

_ANSWERS = 3
_RECORDS = 6
_CHARS = 400
_WORD = 64  # a digest has its place; a key need not be whole to be known again
_ASIDE = ("DS", "DNSKEY", "SOA")  # asked on the way, and nobody's records in question


def looked_up(delivery: Delivery, step: Step | None, told: str = "") -> Iterator[Fact]:
    """Yield the questions of a step with their answers, the failed ones first.

    ``told`` is what the finding says already.
    """
    if step is None:
        return
    evidence = step.evidence
    support = set(getattr(evidence, "support", ()))  # asked for DNSSEC, and nobody's own question
    parts = evidence.answer if isinstance(evidence, PtrLookedUp) else evidence
    answers = [one for one in answers_in(parts) if one.rtype not in _ASIDE and one not in support]
    answers.sort(key=lambda one: (one.status in _FOUND, one.status is not DnsStatus.OK))
    for answer in answers[:_ANSWERS]:
        question = f"{visible(answer.qname, _CHARS)} {answer.rtype}"
        lines = tuple(_lines(answer))
        one = (f"{question}: {lines[0]}",)
        yield Fact(name="lookup", lines=one if len(lines) == 1 else (f"{question}:", *lines))
    for item in validated_in(delivery, step):
        if item.validation.status in (Status.BOGUS, Status.INDETERMINATE):
            words = f"{item.validation.question}: {item.validation.status.value}"
            why = item.validation.sentence
            new = item.validation.status is Status.BOGUS and why not in told
            yield Fact(name="dnssec", lines=(words, why) if new else (words,))
            return


_FOUND = (DnsStatus.OK, DnsStatus.NODATA)


def _lines(answer: DnsAnswer) -> Iterator[str]:
    """Yield the records; without any, the response code with its extended errors (RFC 8914)."""
    records = answer.records()
    for record in records[:_RECORDS]:
        yield " ".join(map(_shortened, visible(record, _CHARS).split(" ")))
    if len(records) > _RECORDS:
        yield f"... (+{len(records) - _RECORDS})"
    if not records:
        errors = "; ".join(
            f"EDE {one.code} {visible(one.text, 80)}".strip() for one in answer.extended_errors
        )
        is_empty = answer.status is DnsStatus.NODATA  # RFC 2308 2.2
        code = "NODATA" if is_empty else answer.rcode or answer.status.value
        yield " ".join(part for part in (code, errors) if part)


def _shortened(word: str) -> str:
    return word if len(word) <= _WORD else f"{word[: _WORD - 24]}…"
