"""Receivers that do what the documents say: RFC 9989, and RFC 7489 with the public suffix list.

Both honour what the author's domain asks for when DMARC fails.  They part at ``reject``: RFC 7489 6.7
has a receiver reject, RFC 9989 7.4 forbids to reject for that alone and has the message treated as
under quarantine unless more is known of the sender.  A message without a policy is accepted (RFC 9989
5.3.2); what SPF or DKIM alone say is then left to local policy (RFC 7208 8.4, RFC 6376 6.3).
"""

from dataclasses import dataclass

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.identity.model import IdentityResult
from mxwalk.language import noted, say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dmarc.model import Assessment, DmarcResult, Policy, Reading
from mxwalk.mailauth.open_points import not_discovered, open_points
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.receivers.evidence import (
    LOG_CHARS,
    assessed,
    authenticated,
    decisive_step,
    how_authenticated,
    results_words,
)
from mxwalk.receivers.failing import failure_reason
from mxwalk.senders.model import Outcome, SenderProfile, Verdict
from mxwalk.text import visible

# RFC 9989 7.2 and RFC 7489 10.3 give this reply as their example.
_REPLY = "550 5.7.1 Email rejected per DMARC policy for {domain}"
_REJECTED = "5.7.1"
_UNDECIDED = noted("name what is missing: --ip, --helo, --mail-from, the whole message")
# RFC 9989 7.2: a 4xy reply where the policy could not be had; the words are ours.
_DEFER = "451 4.7.1 The DMARC policy of {domain} could not be looked up"
_REASON = 900


@dataclass(frozen=True, slots=True)
class StandardReceiver:
    """A receiver by one of the two documents."""

    id: str
    name: str
    basis: str
    reading: Reading
    rejects: bool  # whether p=reject alone is enough to reject

    @property
    def label(self) -> str:
        """What it is called."""
        return say(self.name)

    @property
    def source(self) -> str:
        """The documents it goes by."""
        return say(self.basis)

    def identity(self, attempt: Attempt) -> IdentityResult | None:
        """Return ``None``: a receiver checks no server."""
        del attempt
        return None

    def judge(self, delivery: Delivery) -> Verdict:
        """Return what becomes of the message, as far as the walk tells."""
        case = delivery.message
        if case is None:
            return self._verdict(Outcome.UNKNOWN, say("there is no message to judge"), None)
        if not case.author_domain:
            return self._without_author(case)
        assessment = assessed(case, self.reading)
        if assessment is None:
            why = say("DMARC has not been looked up yet")
            return self._verdict(Outcome.UNKNOWN, why, None, following=say(_UNDECIDED))
        return self._by_result(case, assessment)

    def _without_author(self, case: MessageCase) -> Verdict:
        """RFC 9989 5.3.1: without one author domain DMARC is not applied."""
        why = visible(case.author_problem, 300) or say("From names no domain")
        return self._verdict(
            Outcome.ACCEPTED,
            say("DMARC cannot be applied, because there is no author domain: {why}", why=why),
            next(iter(case.steps.values()), None),
            following=say(
                "may refuse the message for its From field alone, as many do (RFC 7489 6.6.1)"
            ),
        )

    def _by_result(self, case: MessageCase, assessment: Assessment) -> Verdict:
        match assessment.result:
            case DmarcResult.PASS:
                return self._accepted(case, assessment, Outcome.ACCEPTED_AUTHENTIC, assessment.why)
            case DmarcResult.TEMPERROR if not_discovered(case):
                return self._open(case, open_points(case, assessment))
            case DmarcResult.TEMPERROR:
                return self._temporary(case, assessment)
            case DmarcResult.NONE | DmarcResult.PERMERROR:
                return self._no_policy(case, assessment)
            case DmarcResult.FAIL:
                waiting = open_points(case, assessment)
                if waiting:
                    return self._open(case, waiting)
                return self._failed(case, assessment)

    def _no_policy(self, case: MessageCase, assessment: Assessment) -> Verdict:
        proof = how_authenticated(assessment)
        number = len(case.message.author_domains)
        if number > 1:
            why = say(
                "Many receivers refuse a message with {number} From domains. {why}",
                number=number,
                why=assessment.why,
            )
            return self._accepted(case, assessment, Outcome.ACCEPTED, why)
        if authenticated(assessment):
            why = say(
                "{why} {proof}, which is the author's domain.", why=assessment.why, proof=proof
            )
            return self._accepted(case, assessment, Outcome.ACCEPTED_AUTHENTIC, why)
        why = say("{why} Nothing that passes is of the author's domain.", why=assessment.why)
        failed = case.spf_result is SpfResult.FAIL
        local = (
            say("may reject by local policy for SPF alone: 550 5.7.23 (RFC 7208 8.4, RFC 7372 3.2)")
            if failed
            else ""
        )
        return self._accepted(case, assessment, Outcome.ACCEPTED, why, local)

    def _temporary(self, case: MessageCase, assessment: Assessment) -> Verdict:
        """RFC 9989 5.3.6 and RFC 7489 6.6.2: neither pass nor fail; the receiver chooses."""
        domain = assessment.author_domain
        return self._verdict(
            Outcome.UNKNOWN,
            say(
                "{why} The documents leave it to the receiver to accept the message or to"
                " have it sent again later",
                why=assessment.why,
            ),
            decisive_step(case),
            log=_DEFER.format(domain=domain),
            code="4.7.1",
            following=say("accepts the message, or answers with a 4xx code and looks again"),
        )

    def _open(self, case: MessageCase, waiting: tuple[str, ...]) -> Verdict:
        why = say("DMARC is not decided: {waiting}", waiting="; ".join(waiting[:3]))
        return self._verdict(Outcome.UNKNOWN, why, decisive_step(case), following=say(_UNDECIDED))

    def _failed(self, case: MessageCase, assessment: Assessment) -> Verdict:
        done = self._done(assessment)
        why = failure_reason(case, assessment, done)
        words = results_words(case, assessment, done)
        match done:
            case Policy.REJECT:
                return self._verdict(
                    Outcome.REJECTED,
                    why,
                    decisive_step(case),
                    log=_REPLY.format(domain=assessment.author_domain),
                    code=_REJECTED,
                    following=say(
                        "answers the end of DATA with 550; the sending system"
                        " returns the message to the envelope sender"
                    ),
                )
            case Policy.QUARANTINE:
                return self._verdict(
                    Outcome.QUARANTINED,
                    why,
                    decisive_step(case),
                    log=words,
                    following=say(
                        "delivers the message as suspicious: into a quarantine or junk folder"
                    ),
                )
            case _:
                return self._accepted(case, assessment, Outcome.ACCEPTED, why)

    def _done(self, assessment: Assessment) -> Policy | None:
        """Return what the receiver does, which is not always what is asked."""
        if assessment.disposition is Policy.REJECT and not self.rejects:
            return Policy.QUARANTINE  # RFC 9989 7.4, 8: MUST NOT reject solely on p=reject
        return assessment.disposition

    def _accepted(
        self,
        case: MessageCase,
        assessment: Assessment,
        outcome: Outcome,
        why: str,
        following: str = "",
    ) -> Verdict:
        return self._verdict(
            outcome,
            why,
            decisive_step(case),
            log=results_words(case, assessment, Policy.NONE),
            following=following,
        )

    def _verdict(
        self,
        outcome: Outcome,
        reason: str,
        step: int | None,
        *,
        log: str = "",
        code: str = "",
        following: str = "",
    ) -> Verdict:
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=outcome,
            reason=visible(reason, _REASON),
            log=visible(log, LOG_CHARS),
            step=step,
            next_action=following or say("delivers the message"),
            code=code,
        )


PROFILES: tuple[SenderProfile, ...] = (
    StandardReceiver(
        id="rfc9989",
        name=noted("RFC 9989 receiver"),
        basis=noted(
            "RFC 9989 (DMARC), RFC 7208, RFC 6376; organizational domains by the tree walk"
        ),
        reading=Reading.RFC9989,
        rejects=False,
    ),
    StandardReceiver(
        id="rfc7489",
        name=noted("RFC 7489 receiver (public suffix list)"),
        basis=noted(
            "RFC 7489, RFC 7208, RFC 6376; organizational domains by the public suffix list"
        ),
        reading=Reading.RFC7489,
        rejects=True,
    ),
)
