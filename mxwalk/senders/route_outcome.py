"""What becomes of a message before any connection: the outcome of the route and of address look-ups.

Shared by all sender profiles, because it follows from RFC 5321 5.1 and RFC 7505 and not from a
product.  A failure of our own resolver decides nothing: the sender asks its own.
"""

from dataclasses import dataclass
from typing import assert_never

from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import HostOrigin, RouteKind
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.step import Step
from mxwalk.evidence.told import no_answer_words
from mxwalk.language import say
from mxwalk.limits import ADDRESSES_PER_WALK
from mxwalk.senders.model import Outcome
from mxwalk.text import visible

# The answer says something of our resolver or of the way to it, nothing of the domain (``is_ours``).
OUR_SIDE = frozenset(
    {
        DnsStatus.TIMEOUT,
        DnsStatus.UNREACHABLE,
        DnsStatus.REFUSED,
        DnsStatus.MALFORMED,
        DnsStatus.CANCELLED,
    }
)
NAME_CHARS = 300


def is_ours(answer: DnsAnswer) -> bool:
    """Say whether an answer says something of our side alone."""
    return answer.status in OUR_SIDE or answer.doubted


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteOutcome:
    """An outcome reached without a connection.  ``final`` means that no other host is tried."""

    outcome: Outcome
    reason: str
    code: str = ""
    step: int | None = None


def route_outcome(delivery: Delivery) -> RouteOutcome | None:
    """Return what the route itself decides; ``None`` when there are hosts to connect to."""
    step = delivery.mx_step.seq if delivery.mx_step else None
    domain = visible(delivery.domain or delivery.target.text, NAME_CHARS)
    match delivery.route.kind:
        case RouteKind.PENDING if delivery.stopped:
            return RouteOutcome(
                outcome=Outcome.UNKNOWN,
                reason=say("the walk was ended before the MX look-up for {domain}", domain=domain),
            )
        case RouteKind.PENDING:
            return RouteOutcome(
                outcome=Outcome.UNKNOWN,
                reason=say("not decided yet: next is the MX look-up for {domain}", domain=domain),
            )
        case RouteKind.NULL_MX:
            return RouteOutcome(
                outcome=Outcome.BOUNCED,
                reason=say(
                    "{domain} has a null MX record: it accepts no mail (RFC 7505 3)", domain=domain
                ),
                code="5.1.10",  # RFC 7505 6: recipient address has null MX
                step=step,
            )
        case RouteKind.NO_DOMAIN:
            return RouteOutcome(
                outcome=Outcome.BOUNCED,
                reason=say("the domain {domain} does not exist (NXDOMAIN)", domain=domain),
                code="5.1.2",  # RFC 3463 3.2: bad destination system address
                step=step,
            )
        case RouteKind.LOOKUP_FAILED:
            return _failed_lookup(delivery, domain, step)
        case RouteKind.MX | RouteKind.IMPLICIT | RouteKind.ROUTES | RouteKind.TARGET:
            if delivery.hosts:
                return None
            return RouteOutcome(
                outcome=Outcome.DEFERRED,
                reason=say(
                    "no usable delivery host: {problem}",
                    problem=visible(delivery.route.problem, NAME_CHARS),
                )
                if delivery.route.problem
                else say("no usable delivery host"),
                code="4.4.4",  # RFC 3463 3.5: unable to route
                step=step,
            )
    assert_never(delivery.route.kind)


def _failed_lookup(delivery: Delivery, domain: str, step: int | None) -> RouteOutcome:
    answer = delivery.mx.answer if delivery.mx else None
    if answer is not None and answer.doubted:
        problem = visible(delivery.route.problem, NAME_CHARS)
        return RouteOutcome(outcome=Outcome.UNKNOWN, reason=problem, step=step)
    if answer is None or is_ours(answer):
        why = status_words(answer) if answer else say("no answer")
        return RouteOutcome(
            outcome=Outcome.UNKNOWN,
            reason=say(
                "our resolver gave no MX answer for {domain} ({why}); a sender asks its own",
                domain=domain,
                why=why,
            ),
            step=step,
        )
    return RouteOutcome(
        outcome=Outcome.DEFERRED,
        reason=say(
            "the MX look-up for {domain} failed: {status_words}",
            domain=domain,
            status_words=status_words(answer),
        ),
        code="4.4.3",  # RFC 3463 3.5: directory server failure
        step=step,
    )


def address_outcome(delivery: Delivery, host: Host) -> RouteOutcome:
    """Return what becomes of a host that has no address to connect to."""
    name = visible(host.planned.display, NAME_CHARS)
    step = host.address_step
    if host.left_out:
        return RouteOutcome(
            outcome=Outcome.UNKNOWN,
            reason=say(
                "{name} was left out: a walk connects to {addresses_per_walk} addresses at most",
                name=name,
                addresses_per_walk=ADDRESSES_PER_WALK,
            ),
            step=step.seq if step else None,
        )
    if host.lookup is None or step is None:
        return RouteOutcome(outcome=Outcome.UNKNOWN, reason=_not_looked_up(delivery, host, name))
    bad = [a for a in host.lookup.answers if a.status not in (DnsStatus.NXDOMAIN, DnsStatus.NODATA)]
    ours = next((a for a in bad if is_ours(a)), None)
    if ours is not None:
        return RouteOutcome(
            outcome=Outcome.UNKNOWN,
            reason=say(
                "our resolver gave no address of {name} ({status_words})",
                name=name,
                status_words=status_words(ours),
            ),
            step=step.seq,
        )
    if bad and bad[0].status is not DnsStatus.OK:
        return RouteOutcome(
            outcome=Outcome.DEFERRED,
            reason=say(
                "the address look-up for {name} failed: {status_words}",
                name=name,
                status_words=status_words(bad[0]),
            ),
            code="4.4.3",
            step=step.seq,
        )
    return _no_address(host, name, step)


def _no_address(host: Host, name: str, step: Step) -> RouteOutcome:
    if host.planned.origin is HostOrigin.IMPLICIT:
        # RFC 5321 5.1: an unusable implicit MX must be reported as an error.
        return RouteOutcome(
            outcome=Outcome.BOUNCED,
            reason=say("{name} has neither an MX record nor an address", name=name),
            code="5.1.2",
            step=step.seq,
        )
    return RouteOutcome(
        outcome=Outcome.DEFERRED,
        reason=say("the host {name} has no address", name=name),
        step=step.seq,
    )


def _not_looked_up(delivery: Delivery, host: Host, name: str) -> str:
    if host.skipped:
        return say("{name} was skipped by decision, before its address was looked up", name=name)
    if delivery.stopped:
        return say("the walk was ended before the address of {name} was looked up", name=name)
    return say("not decided yet: next is the address look-up for {name}", name=name)


def status_words(answer: DnsAnswer) -> str:
    """Return the answer's status in the words an administrator knows."""
    if answer.status in (DnsStatus.NXDOMAIN, DnsStatus.SERVFAIL, DnsStatus.REFUSED):
        return answer.status.name
    if answer.error:
        return no_answer_words(answer.error, NAME_CHARS)
    return visible(answer.rcode or answer.status.value, 60)
