"""What DNSSEC validation found: who broke the chain of trust, or who keeps us from seeing it.

One finding a cause: a broken zone cut spoils every look-up below it and is told once, with the
look-ups it spoils.  An unsigned zone is no fault and is remarked only where it takes a protection
away.  Our clock, our trust anchors and our resolver are looked at before any zone is blamed
(RFC 4035 5, RFC 5155 8, RFC 9276 3.2).
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.delivery.validated import Validated, validated
from mxwalk.dnssec.commands import commands_for
from mxwalk.dnssec.model import Status
from mxwalk.dnssec.reasons import Reason
from mxwalk.evidence.dns import DnsStatus
from mxwalk.findings.model import Entry, Finding
from mxwalk.findings.raising import at_step, found, show
from mxwalk.findings.rules.dnssec_codes import (
    AUTHENTIC,
    CLOCK,
    ENTRIES,
    ENTRY_OF,
    OTHERWISE,
)
from mxwalk.findings.rules.resolver import passes_dnssec
from mxwalk.language import noted, say, say_many

_LISTED = 4
_TIME = (Reason.RRSIG_EXPIRED, Reason.RRSIG_NOT_YET_VALID)

__all__ = ["ENTRIES", "check"]


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the validations of all look-ups show, a cause once."""
    looked = validated(delivery)
    yield from _causes(delivery, looked)
    yield from _otherwise(delivery, looked)
    if looked and all(item.validation.status is Status.SECURE for item in looked):
        zones = dict.fromkeys(hop.zone for item in looked for hop in item.validation.hops)
        yield found(
            AUTHENTIC,
            at_step(looked[0].step),
            say(
                "{looked} validated from the trust anchor down ({zone})",
                looked=say_many("{n} look-up", "{n} look-ups", len(looked)),
                zone=", ".join(show(zone) for zone in list(zones)[:_LISTED] if zone),
            ),
            say("nothing to do"),
            commands_for(looked[0].validation)[-1],
        )


def _causes(delivery: Delivery, looked: tuple[Validated, ...]) -> Iterator[Finding]:
    spoiled: dict[tuple[Entry, str], list[Validated]] = {}
    for item in looked:
        what = _entry(delivery, item)
        if what is not None:
            spoiled.setdefault((what, _broken_zone(item)), []).append(item)
    for (what, _), items in spoiled.items():
        first = items[0]
        sentence = first.validation.sentence
        others = [show(str(item.validation.question)) for item in items[1:]]
        if others:
            more = len(others) - _LISTED
            listed = ", ".join(others[:_LISTED]) + (
                say(" and {more} more", more=more) if more > 0 else ""
            )
            sentence += say(" It is the same with {listed}.", listed=listed)
        if what is CLOCK:
            sentence = _clock_words(delivery, sentence)
        fix = say(_CLOCK_FIX) if what is CLOCK else first.validation.fix
        command = _CLOCK_COMMAND if what is CLOCK else commands_for(first.validation)[0]
        yield found(what, at_step(first.step), sentence, fix or say("nothing to do"), command)


def _entry(delivery: Delivery, item: Validated) -> Entry | None:
    """Return the code for what is wrong with a look-up; none for what is told elsewhere."""
    validation = item.validation
    reason = validation.reason
    if reason is None:
        return None
    links = validation.links
    if reason in _TIME and links and links[0].reason in _TIME:
        return CLOCK  # the root is never left unsigned: it is our clock
    what = ENTRY_OF.get(reason)
    if what is None:
        return None
    match reason:
        case Reason.LOOKUP_FAILED if item.answer.status not in _ANSWERED:
            return None  # the look-up itself failed, which routing and DANE tell
        case Reason.RESOLVER_STRIPS | Reason.RESOLVER_IGNORES_DO | Reason.RESOLVER_FAILS_DO:
            return what if passes_dnssec(delivery) else None  # told once, of the root
        case Reason.NO_DS | Reason.OPT_OUT:
            return what if _takes_protection_away(delivery, item) else None
        case _:
            return what


_ANSWERED = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)


def _takes_protection_away(delivery: Delivery, item: Validated) -> bool:
    """Say whether an unsigned zone matters: the domain is signed, the host's address is not."""
    mx = delivery.mx_validation
    is_address = item.answer.rtype in ("A", "AAAA") and item.answer.status is DnsStatus.OK
    return is_address and mx is not None and mx.status is Status.SECURE and mx.exists


def _broken_zone(item: Validated) -> str:
    links = item.validation.links
    if links and links[-1].status is not Status.SECURE:
        return links[-1].zone
    return item.validation.weakest.zone


# With a wrong clock or a wrong anchor it is not the resolver whose judgement is in doubt.
_NO_JUDGEMENT = (CLOCK, ENTRY_OF[Reason.ANCHOR_WITHOUT_KEY])
_CLOCK_FIX = noted("Set the clock of this machine (timedatectl, chronyc tracking) and walk again.")
_CLOCK_COMMAND = "date -u; dig +dnssec +multiline . DNSKEY"


def _clock_words(delivery: Delivery, sentence: str) -> str:
    time = show(delivery.trace.header.started_at)
    return say(
        "{sentence} Judged by this machine's clock ({time}); so nothing can be said of"
        " the zones below.",
        sentence=sentence,
        time=time,
    )


def _otherwise(delivery: Delivery, looked: tuple[Validated, ...]) -> Iterator[Finding]:
    """RFC 6840 5.8: the resolver's own judgement beside ours, where it claims to validate."""
    checked = delivery.resolver
    validates = checked is not None and checked.answer.authentic
    told: set[str] = set()
    for item in looked:
        validation, status = item.validation, item.validation.status
        if _entry(delivery, item) in _NO_JUDGEMENT:
            continue
        question = show(str(validation.question))
        server = show(item.answer.server) or say("the resolver")
        if status is Status.SECURE and item.answer.status is DnsStatus.SERVFAIL and validates:
            words = say(
                "{server} answers SERVFAIL to {question}, which validates here",
                server=server,
                question=question,
            )
            fix = say(
                "look at the resolver's clock, trust anchor and log; flush its cache and ask again"
            )
        elif status is Status.SECURE and not validation.ad and validates:
            words = say(
                "{server} sets no AD bit on {question}, which validates here",
                server=server,
                question=question,
            )
            fix = say(
                "flush the resolver's cache and look for a forwarder behind it that strips records"
            )
        elif status in (Status.BOGUS, Status.INSECURE) and validation.ad:
            words = say(
                "{server} vouches with AD for {question}, which is {status} here",
                server=server,
                question=question,
                status=status.value,
            )
            fix = say(
                "validate near the mail system: do not trust the AD bit of a resolver elsewhere"
            )
        else:
            continue
        if fix in told:
            continue
        told.add(fix)
        why = validation.sentence or say("every signature down to it is good")
        yield found(
            OTHERWISE,
            at_step(item.step),
            f"{words}: {why}",
            fix,
            commands_for(validation)[0],
        )
