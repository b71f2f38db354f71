"""What senders that do DANE share: what a host's standing asks of them, and the check of the server.

RFC 7672 2.2: usable records ask for authentication, unusable ones for encryption, a failed look-up
forbids the host, and without records TLS is opportunistic.
"""

from dataclasses import dataclass

from mxwalk.dane.model import Standing, is_ours
from mxwalk.dane.result import Authentication, DaneResult
from mxwalk.delivery.dane import dane_result
from mxwalk.delivery.model import Delivery, Host
from mxwalk.dnssec.book import is_answer
from mxwalk.dnssec.model import Status
from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.senders.model import Outcome
from mxwalk.senders.passage import Checked, Need
from mxwalk.senders.route_outcome import RouteOutcome, route_outcome
from mxwalk.senders.situation import Fault, Obstacle, Situation
from mxwalk.text import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a standing asks for; ``need`` is ``None`` when the host must not be used."""

    need: Need | None
    reason: str


def demand(standing: Standing, reason: str) -> Demand:
    """Return what RFC 7672 asks for at a host with this (decided) standing."""
    if standing is Standing.USABLE:
        return Demand(need=Need.AUTHENTICATE, reason=reason)
    if standing is Standing.UNUSABLE:
        return Demand(need=Need.ENCRYPT, reason=reason)
    if standing.forbids:
        return Demand(need=None, reason=reason)
    return Demand(need=Need.MAY, reason=reason)


def unknown_standing(delivery: Delivery, host: Host) -> tuple[RouteOutcome, Fault] | None:
    """Return why nothing can be said of DANE at a host yet, or ever, from this walk."""
    name = visible(host.planned.display, 300)
    state = host.dane
    if state is None:
        made = host.tlsa_step
        if made is not None:  # but the messages that a validation needs were not kept
            reason = say("the look-ups were not validated")
        elif delivery.trace.header.pasted:
            reason = say(
                "the text was pasted: TLSA records of {name} were not looked up", name=name
            )
        else:
            reason = say("this walk made no TLSA look-up for {name}", name=name)
        step = made.seq if made is not None else None
        return RouteOutcome(outcome=Outcome.UNKNOWN, reason=reason, step=step), Fault.INCONCLUSIVE
    match state.standing:
        case Standing.PENDING:
            over = host.skipped or delivery.stopped
            why = (
                say("the walk was ended before the TLSA look-up for {name}", name=name)
                if over
                else say("not decided yet: next is the TLSA look-up for {name}", name=name)
            )
            return (
                RouteOutcome(
                    outcome=Outcome.UNKNOWN,
                    reason=why,
                ),
                Fault.INCONCLUSIVE if over else Fault.OPEN,
            )
        case Standing.UNDECIDED:
            by_mx = state.mx is not None and is_ours(state.mx)
            why = state.mx.sentence if state.mx is not None and by_mx else state.reason
            outcome = RouteOutcome(
                outcome=Outcome.UNKNOWN,
                reason=say(
                    "our side does not tell: {why}; a sender asks its own resolver",
                    why=why.rstrip("."),
                ),
                step=state.step,
            )
            return outcome, Fault.INCONCLUSIVE
        case _:
            return None


def route_security(delivery: Delivery) -> RouteOutcome | None:
    """Return what an MX answer that is not sound means for a sender with a validating resolver."""
    validation = delivery.mx_validation
    step = delivery.mx_step.seq if delivery.mx_step else None
    domain = visible(delivery.domain, 300)
    if validation is None and delivery.mx is not None and is_answer(delivery.mx.answer):
        return RouteOutcome(
            outcome=Outcome.UNKNOWN,
            reason=say(
                "the MX answer cannot be validated: what that needs for {domain} is not here",
                domain=domain,
            ),
            step=step,
        )
    if validation is None or validation.status in (Status.SECURE, Status.INSECURE):
        return None
    if is_ours(validation):
        return RouteOutcome(
            outcome=Outcome.UNKNOWN,
            reason=say(
                "MX of {domain}: {sentence} A sender asks its own resolver.",
                domain=domain,
                sentence=validation.sentence,
            ),
            step=step,
        )
    return RouteOutcome(
        outcome=Outcome.DEFERRED,
        reason=say(
            "the MX answer for {domain} is {status}: {sentence}",
            domain=domain,
            status=say(validation.status.value),
            sentence=validation.sentence,
        ),
        code="4.7.0",
        step=step,
    )


def decided_route(delivery: Delivery) -> RouteOutcome | None:
    """Return what the MX answer decides for a sender whose resolver validates.

    A bogus answer is none, whatever it says: no NXDOMAIN and no null MX bounces a message then.
    """
    validation, security = delivery.mx_validation, route_security(delivery)
    if validation and validation.status is Status.BOGUS and not is_ours(validation):
        return security
    return route_outcome(delivery) or security


def check_dane(at: Situation) -> Checked | Obstacle:
    """Check the server by the TLSA records (RFC 7672 3)."""
    result = dane_result(at.delivery, at.host, at.attempt)
    if result is None:
        return at.missing(StepKind.HANDSHAKE)
    return as_checked(at, result)


def as_checked(at: Situation, result: DaneResult) -> Checked:
    """Return a DANE result as the check of a connection."""
    verified = result.authentication is Authentication.AUTHENTICATED
    said = say("is authenticated by DANE") if verified else say("is not authenticated by DANE")
    return Checked(
        verified=verified,
        reason=f"{at.peer} {said}: {result.reason}",
        step=at.seq(StepKind.HANDSHAKE),
        kind=StepKind.IDENTITY,
    )
