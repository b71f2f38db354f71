"""What one run of ``check_host()`` knows and counts, and how its terms ask DNS (RFC 7208 4.6.4, 5).

The counters belong to the whole evaluation, through every ``include`` and ``redirect``.
"""

from dataclasses import dataclass
from datetime import datetime

from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.language import noted, say
from mxwalk.mailauth.asking import Asking, Question
from mxwalk.mailauth.spf.model import Branch, Expansion, Lookup, Matched, SpfResult
from mxwalk.mailauth.spf.names import Address, asked_as
from mxwalk.text import visible

_VOID = (DnsStatus.NODATA, DnsStatus.NXDOMAIN)
_FAILED = {
    DnsStatus.SERVFAIL: noted("the name server failed"),
    DnsStatus.REFUSED: noted("the server refused"),
    DnsStatus.OTHER_RCODE: noted("an error came back"),
    DnsStatus.TIMEOUT: noted("no answer came in time"),
    DnsStatus.UNREACHABLE: noted("the resolver could not be reached"),
    DnsStatus.MALFORMED: noted("the answer could not be read"),
    DnsStatus.LOOP: noted("its aliases lead in a circle"),
    DnsStatus.CANCELLED: noted("it was not asked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of RFC 7208 4.6.4: terms that ask, void look-ups, names of one ``mx`` or ``ptr``."""

    terms: int = 10
    voids: int = 2
    names: int = 10


STANDARD = Limits()


@dataclass(slots=True, kw_only=True)
class Check:
    """The arguments of ``check_host()`` that stay the same, and the running counts."""

    client: Address
    local: str
    sender_domain: str
    helo: str
    receiver: str
    now: datetime
    limits: Limits
    lookups: int = 0
    voids: int = 0

    @property
    def host_type(self) -> str:
        """The type of the host addresses that are compared (RFC 7208 5)."""
        return "A" if self.client.version == 4 else "AAAA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of one term; ``ends`` is the result that stops everything (an error).

    ``cause`` is the sentence of a record below that decided it.
    """

    outcome: Matched
    why: str
    target: str = ""
    matched_by: str = ""
    expansions: tuple[Expansion, ...] = ()
    asked: tuple[Lookup, ...] = ()
    ends: SpfResult | None = None
    cause: str = ""
    child: Branch | None = None


def no_match(why: str) -> Found:
    """Return a term that does not match."""
    return Found(outcome=Matched.NO_MATCH, why=why)


def match(why: str, by: str) -> Found:
    """Return a term that matches by an address, a network or a name."""
    return Found(outcome=Matched.MATCH, why=why, matched_by=by)


def error(result: SpfResult, why: str) -> Found:
    """Return a term that ends the evaluation with an error."""
    return Found(outcome=Matched.ERROR, why=why, ends=result)


def with_asked(found: Found, *asked: Lookup) -> Found:
    """Return the outcome of a mechanism with its look-ups."""
    return Found(
        outcome=found.outcome,
        why=found.why,
        matched_by=found.matched_by,
        asked=asked,
        ends=found.ends,
    )


def failed(lookup: Lookup) -> bool:
    """Say whether the look-up is a DNS error: RCODE other than 0 or 3, or no answer (RFC 7208 5)."""
    return not lookup.is_void and lookup.status is not DnsStatus.OK


def lookup_of(name: str, answer: DnsAnswer) -> Lookup:
    """Return an answer as a term's look-up."""
    records = answer.records() if answer.status is DnsStatus.OK else ()
    return Lookup(
        qname=name,
        rtype=answer.rtype,
        status=answer.status,
        answer=records,
        is_void=answer.status in _VOID or (answer.status is DnsStatus.OK and not records),
        error=answer.error,
    )


def look_up(names: tuple[str, ...], rtype: str) -> Asking[tuple[Lookup, ...]]:
    """Ask for the records of one type at names that do not depend on each other."""
    if not names:
        return ()
    answers = yield tuple(Question(asked_as(name), rtype) for name in names)
    return tuple(lookup_of(name, answer) for name, answer in zip(names, answers, strict=True))


def failure_words(lookup: Lookup) -> str:
    """Return the sentence on a look-up that failed."""
    words = say(_FAILED.get(lookup.status, lookup.status.value))
    return say(
        "the {rtype} records of {qname} could not be had: {words}",
        rtype=lookup.rtype,
        qname=visible(lookup.qname, 80),
        words=words,
    )


def void_words(lookup: Lookup) -> str:
    """Return the sentence on a look-up without records."""
    name = visible(lookup.qname, 80)
    if lookup.status is DnsStatus.NXDOMAIN:
        return say("{name} does not exist", name=name)
    return say("{name} has no {rtype} record", name=name, rtype=lookup.rtype)


def settle(check: Check, lookup: Lookup, *, forgiving: bool = False) -> Found | None:
    """Count a look-up of a term; return how it ends the evaluation, if it does.

    With ``forgiving`` a DNS error ends nothing (RFC 7208 5.5).
    """
    if failed(lookup):
        return None if forgiving else error(SpfResult.TEMPERROR, failure_words(lookup))
    if lookup.is_void:
        check.voids += 1
        if check.voids > check.limits.voids:  # RFC 7208 4.6.4
            why = say(
                "{nothing}, and that is void look-up number {number}: {most} are allowed",
                nothing=void_words(lookup),
                number=check.voids,
                most=check.limits.voids,
            )
            return error(SpfResult.PERMERROR, why)
    return None
