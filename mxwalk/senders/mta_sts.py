"""A sender that obeys MTA-STS as RFC 8461 has it, and DANE before it.

At a host whose usable TLSA records apply, DANE decides and the policy is not asked (RFC 8461 2).
Elsewhere an enforced policy leaves out every host that it does not list, that offers no TLS, or whose
certificate is not valid for it; no host left means that the message waits, never that it goes in
clear.  In testing mode, and without a policy, TLS is opportunistic.
"""

from dataclasses import dataclass, replace

from mxwalk.dane.model import Standing
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import HostOrigin
from mxwalk.delivery.sts import StsCheck, sts_check, sts_host
from mxwalk.evidence.step import StepKind
from mxwalk.identity.model import IdentityResult
from mxwalk.identity.mx_host import match_mx_host
from mxwalk.language import noted, say
from mxwalk.mtasts.model import Mode
from mxwalk.mtasts.state import StsStanding, older_policy
from mxwalk.senders.dane import check_dane, decided_route, demand, unknown_standing
from mxwalk.senders.hosts import Queue, without_connection
from mxwalk.senders.judged import Judged
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.outcomes import DELIVERED, NOT_KNOWN
from mxwalk.senders.passage import (
    PLAIN_CODES,
    Checked,
    Course,
    Need,
    Passage,
    pass_through,
    settle,
    with_note,
)
from mxwalk.senders.route_outcome import RouteOutcome
from mxwalk.senders.situation import Fault, Obstacle, Situation

_OF_THE_MX = (HostOrigin.MX, HostOrigin.IMPLICIT)
_NAMED = 3
_NOT_LISTED = "4.7.0"  # RFC 3463 3.8: other or undefined security status
_NEXT = {
    Outcome.DEFERRED: noted(
        "keeps the message and tries again; before it ever gives up it"
        " looks for a new policy id in the DNS (RFC 8461 5.1), so a mended"
        " policy frees the message; it never falls back to clear text"
    ),
    Outcome.BOUNCED: noted("returns the message at once"),
    Outcome.UNKNOWN: NOT_KNOWN,
}


@dataclass(frozen=True, slots=True)
class MtaStsProfile:
    """RFC 8461 as a sender."""

    id: str = "mta-sts"

    @property
    def label(self) -> str:
        """A short name."""
        return say("MTA-STS sender")

    @property
    def source(self) -> str:
        """Where the behaviour is documented."""
        return say("RFC 8461; RFC 7672 where TLSA records apply")

    def identity(self, attempt: Attempt) -> IdentityResult | None:
        """Return the matrix of RFC 8461 4.2, whether or not a policy asks for it."""
        return mx_host_names(attempt)

    def judge(self, delivery: Delivery) -> Verdict:
        """Return what such a sender does with the message."""
        route = decided_route(delivery)
        if route is not None:
            return self._verdict(route.outcome, route.reason, route.step, route.code)
        queue = Queue(judge=_judge, words=_host_words, before=_before)
        decided, attempts = queue.run(delivery)
        verdict = self._verdict(decided.outcome, decided.reason, decided.step, decided.code)
        if decided.outcome.delivered and (note := _others_in_testing(delivery, decided.host)):
            verdict = replace(verdict, reason=f"{verdict.reason}; {note}")
        older = older_policy(delivery.sts)
        if older and decided.outcome.delivered:
            verdict = replace(verdict, reason=f"{verdict.reason}; {older}")
        return replace(verdict, host=decided.host, attempts=attempts)

    def _verdict(self, outcome: Outcome, reason: str, step: int | None, code: str) -> Verdict:
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=outcome,
            reason=reason,
            log="",
            step=step,
            next_action=say(_NEXT.get(outcome, DELIVERED)),
            code=code,
        )


def mx_host_names(attempt: Attempt) -> IdentityResult | None:
    """Return the certificate's names against the MX host; ``None`` before names were gathered.

    ``None`` also where no MX host was connected to: a policy has no say there.
    """
    gathered, handshake = attempt.identity, attempt.handshake
    if gathered is None or handshake is None or attempt.host.origin not in _OF_THE_MX:
        return None
    leaf = handshake.presented[0] if handshake.presented else b""
    return match_mx_host(leaf, gathered, attempt.address)


def _host_words(_delivery: Delivery, _host: Host, found: RouteOutcome) -> tuple[str, str]:
    return "", found.code


def _before(delivery: Delivery, host: Host) -> Judged | None:
    unknown = unknown_standing(delivery, host)
    if unknown is not None:
        return without_connection(host, unknown[0], unknown[1], "", "")
    state = host.dane
    if state is not None and state.standing.forbids:  # RFC 8461 2: not to be overridden
        reason = say(
            "{host} must not be used: {reason} (RFC 7672 2.1.2)",
            host=host.planned.display,
            reason=state.reason,
        )
        found = RouteOutcome(outcome=Outcome.DEFERRED, reason=reason, step=state.step)
        return without_connection(host, found, Fault.FAILED, "", "4.7.5")
    if state is not None and state.standing is Standing.USABLE:
        return None
    return _by_policy(delivery, host)


def _by_policy(delivery: Delivery, host: Host) -> Judged | None:
    return unknown_policy(delivery, host) or not_listed(delivery, host, "", _NOT_LISTED)


def unknown_policy(delivery: Delivery, host: Host) -> Judged | None:
    """Return why nothing can be said of the policy yet, or ever, from this walk."""
    state = delivery.sts
    if state.standing.is_open and not delivery.stopped:
        fault, reason = Fault.OPEN, say("not decided yet: next is {reason}", reason=state.reason)
    elif state.standing.is_open:
        fault, reason = (
            Fault.INCONCLUSIVE,
            say("the walk was ended before the MTA-STS policy was seen"),
        )
    elif state.standing is StsStanding.NOT_LOOKED_UP:
        fault, reason = Fault.INCONCLUSIVE, state.reason
    elif state.standing is StsStanding.UNDECIDED:
        fault = Fault.INCONCLUSIVE
        reason = say(
            "our side does not tell: {reason}; a sender asks for itself", reason=state.reason
        )
    else:
        return None
    found = RouteOutcome(outcome=Outcome.UNKNOWN, reason=reason, step=state.step)
    return without_connection(host, found, fault, "", "")


def not_listed(delivery: Delivery, host: Host, log: str, code: str) -> Judged | None:
    """Leave out a host that an enforced policy does not list (RFC 8461 4.1, 5), DANE having no say."""
    match = sts_host(delivery, host).match
    if not delivery.sts.enforced or match is None or match.pattern is not None:
        return None
    reason = say(
        "{sentence} (MTA-STS enforce, id {id})", sentence=match.sentence, id=delivery.sts.id
    )
    found = RouteOutcome(outcome=Outcome.DEFERRED, reason=reason, step=delivery.sts.step)
    return without_connection(host, found, Fault.FAILED, log, code)


def _judge(at: Situation) -> Judged:
    need = _dane_need(at)
    if need is Need.AUTHENTICATE:
        judged = settle(at, pass_through(at, need, check_dane), _words)
        if at.delivery.sts.mode is not None:
            note = say("; DANE comes first, the MTA-STS policy is not asked (RFC 8461 2)")
            return replace(judged, verdict=with_note(judged.verdict, note))
        return judged
    # TLSA records that do not apply at this address leave it to the policy (RFC 7672 2.2.2).
    if (refused := _by_policy(at.delivery, at.host)) is not None:
        return refused
    if at.delivery.sts.enforced:
        return settle(at, pass_through(at, Need.AUTHENTICATE, check_sts), _words)
    passage = pass_through(at, need)
    judged = settle(at, passage, _words)
    note = _testing(at, passage) if judged.verdict.outcome.delivered else ""
    return replace(judged, verdict=with_note(judged.verdict, note)) if note else judged


def _dane_need(at: Situation) -> Need:
    state = at.host.dane
    if state is None:
        return Need.MAY
    return demand(state.at_address(at.attempt.address), state.reason).need or Need.AUTHENTICATE


def check_sts(at: Situation) -> Checked | Obstacle:
    """Check the server by RFC 8461 4.2."""
    found = sts_check(at.attempt)
    if found is None:
        return at.missing(StepKind.CHAIN)
    match = sts_host(at.delivery, at.host).match
    listed = f"{match.sentence}; " if match is not None and found.passed else ""
    said = say("passes the MTA-STS policy") if found.passed else say("fails the MTA-STS policy")
    return Checked(
        verified=found.passed,
        reason=say(
            "{peer} {said}: {listed}{reason} (enforce, id {id})",
            peer=at.peer,
            said=said,
            listed=listed,
            reason=found.reason,
            id=at.delivery.sts.id,
        ),
        step=at.seq(found.kind) or at.seq(StepKind.CHAIN),
        kind=found.kind,
        words=found.fault.value if found.fault else "",
    )


def _testing(at: Situation, passage: Passage) -> str:
    """Return what a sender reports of a delivery in testing mode (RFC 8461 5)."""
    state = at.delivery.sts
    if state.mode is Mode.NONE:
        return say("; the MTA-STS policy is withdrawn (mode none)")
    if state.standing.is_broken:
        return f"; {state.effective}"
    if state.mode is not Mode.TESTING:
        return ""
    return say(
        "; MTA-STS is in testing mode (id {id}): {testing_report}",
        id=state.id,
        testing_report=testing_report(at, passage),
    )


def _others_in_testing(delivery: Delivery, used: str) -> str:
    """Return what a sender would report of the hosts that it does not come to (RFC 8461 5)."""
    if delivery.sts.mode is not Mode.TESTING:
        return ""
    would = []
    for host in delivery.hosts:
        at_host = sts_host(delivery, host)
        if host.planned.name == used or not at_host.applies:
            continue
        seen = (host.latest(one) for one in host.addresses)
        checks = (sts_check(attempt) for attempt in seen if attempt is not None)
        failed = next((one for one in checks if one is not None and one.fault is not None), None)
        if not at_host.listed:
            would.append(say("{host} (not listed)", host=host.planned.display))
        elif failed is not None and failed.fault is not None:
            would.append(f"{host.planned.display} ({failed.fault.value})")
    if not would:
        return ""
    more = say(" and {would} more", would=len(would) - _NAMED) if len(would) > _NAMED else ""
    return say(
        "a delivery to {would}{more} would be reported as failure too",
        would=", ".join(would[:_NAMED]),
        more=more,
    )


def testing_report(at: Situation, passage: Passage) -> str:
    """Return in words what would be reported of this connection."""
    match = sts_host(at.delivery, at.host).match
    if match is not None and match.pattern is None:
        return say("delivered and reported as failure, {sentence}", sentence=match.sentence)
    if passage.course is Course.IN_CLEAR:
        return say("delivered and reported as failure, there is no TLS")
    found: StsCheck | None = sts_check(at.attempt)
    if found is not None and found.fault is not None:
        return say(
            "delivered and reported as failure, {reason} ({fault})",
            reason=found.reason,
            fault=found.fault.value,
        )
    return (
        say("nothing fails the policy")
        if found is not None
        else say("the certificate was not seen")
    )


def _words(_at: Situation, passage: Passage) -> tuple[str, str]:
    if passage.refusal is not None:
        reply = passage.refusal.reply
        return "", reply.enhanced_code if reply else passage.refusal.code
    return "", PLAIN_CODES.get(passage.course, "")


PROFILES = (MtaStsProfile(),)
