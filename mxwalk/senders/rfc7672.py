"""Opportunistic DANE TLS exactly as RFC 7672 has it, without any product's habits.

Usable TLSA records make authentication mandatory, unusable ones TLS; a host whose TLSA look-up fails
is not used; where there is no DANE, TLS is used when it is offered and works (RFC 7435).  A message
that no host may take is deferred, never sent in clear.
"""

from dataclasses import dataclass

from mxwalk.dane.model import DaneState
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.identity.model import IdentityResult
from mxwalk.language import noted, say
from mxwalk.senders.dane import check_dane, decided_route, demand, unknown_standing
from mxwalk.senders.hosts import Queue, without_connection
from mxwalk.senders.judged import Judged
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.outcomes import DELIVERED, NOT_KNOWN
from mxwalk.senders.passage import PLAIN_CODES, Need, Passage, pass_through, settle
from mxwalk.senders.route_outcome import RouteOutcome
from mxwalk.senders.situation import Fault, Situation

_NEXT = {
    Outcome.DEFERRED: noted(
        "keeps the message and tries all hosts again, each time from the"
        " DNS on, until it gives up, at least 4 to 5 days later (RFC 5321"
        " 4.5.4.1); it never falls back to clear text"
    ),
    Outcome.BOUNCED: noted("returns the message at once"),
    Outcome.UNKNOWN: NOT_KNOWN,
}


@dataclass(frozen=True, slots=True)
class Rfc7672Profile:
    """The RFC as a sender."""

    id: str = "rfc7672"
    label: str = "RFC 7672 opportunistic DANE"
    source: str = "RFC 7672, RFC 7671, RFC 7435"

    def identity(self, attempt: Attempt) -> IdentityResult | None:  # noqa: ARG002 - protocol
        """Return ``None``: what DANE compares is shown in the TLSA view."""
        return None

    def judge(self, delivery: Delivery) -> Verdict:
        """Return what such a sender does with the message."""
        route = decided_route(delivery)
        if route is not None:
            return self._of_route(route)
        queue = Queue(judge=_judge, words=_host_words, before=_before)
        decided, attempts = queue.run(delivery)
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=decided.outcome,
            reason=decided.reason,
            log=decided.log,
            step=decided.step,
            next_action=_next(decided.outcome),
            code=decided.code,
            host=decided.host,
            attempts=attempts,
        )

    def _of_route(self, route: RouteOutcome) -> Verdict:
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=route.outcome,
            reason=route.reason,
            log="",
            step=route.step,
            next_action=_next(route.outcome),
            code=route.code,
        )


def _next(outcome: Outcome) -> str:
    return say(_NEXT.get(outcome, DELIVERED))


def _host_words(_delivery: Delivery, _host: Host, found: RouteOutcome) -> tuple[str, str]:
    return "", found.code


def _before(delivery: Delivery, host: Host) -> Judged | None:
    """RFC 7672 2.1.2: a host whose look-ups failed is not connected to."""
    unknown = unknown_standing(delivery, host)
    if unknown is not None:
        return without_connection(host, unknown[0], unknown[1], "", "")
    state = host.dane
    if state is None or not state.standing.forbids:
        return None
    reason = say(
        "{host} must not be used: {reason} (RFC 7672 2.1.2)",
        host=host.planned.display,
        reason=state.reason,
    )
    found = RouteOutcome(outcome=Outcome.DEFERRED, reason=reason, step=state.step)
    return without_connection(host, found, Fault.FAILED, "", "4.7.5")


def _judge(at: Situation) -> Judged:
    need = _need(at)
    passage = pass_through(at, need, check_dane if need is Need.AUTHENTICATE else None)
    return settle(at, passage, _words)


def _need(at: Situation) -> Need:
    state: DaneState | None = at.host.dane
    if state is None:
        return Need.MAY
    return demand(state.at_address(at.attempt.address), state.reason).need or Need.AUTHENTICATE


def _words(_at: Situation, passage: Passage) -> tuple[str, str]:
    if passage.refusal is not None:
        reply = passage.refusal.reply
        return "", reply.enhanced_code if reply else passage.refusal.code
    return "", PLAIN_CODES.get(passage.course, "")


PROFILES = (Rfc7672Profile(),)
