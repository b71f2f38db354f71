"""The Cisco Email Security Appliance as a receiver: as delivered, and as Cisco's guide recommends.

The guide is "Email Authentication Best Practices: The Optimal Ways To Deploy SPF, DKIM And DMARC".
With verification switched on in the mail flow policy the appliance writes header fields and does
nothing else: SPF and DKIM need filters, and the default DMARC verification profile has "No Action"
everywhere.  It works by RFC 7489, looks at five signatures at most by default, sends aggregate reports
if told to, and no failure reports (``ruf``).  SMTP replies are the defaults of the AsyncOS user guide,
"Create a DMARC Verification Profile"; comments in the header are ours where the guide has none.
"""

from dataclasses import dataclass

from mxwalk.delivery.model import Attempt, Delivery
from mxwalk.identity.model import IdentityResult
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import DkimResult, Reason
from mxwalk.mailauth.dmarc.model import Assessment, DmarcResult, Policy, Reading
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.receivers.esa_words import NEXT_AS_DELIVERED, esa_results, reports_note
from mxwalk.receivers.evidence import (
    assessed,
    authenticated,
    decisive_step,
    how_authenticated,
    looked_at,
    open_points,
)
from mxwalk.senders.model import Outcome, SenderProfile, Verdict
from mxwalk.text import visible

SIGNATURES = 5  # the guide: "by default the ESA verifies up to five signatures"
SOURCE = (
    "Cisco: Email Authentication Best Practices, The Optimal Ways To Deploy SPF, DKIM And DMARC;"
    " AsyncOS user guide, Email Authentication"
)
_REJECT = "550 #5.7.1 DMARC unauthenticated mail is prohibited."
_REASON = 900


@dataclass(frozen=True, slots=True)
class _Decision:
    """What one of the appliance's checks does with the message, and which setting did it."""

    outcome: Outcome
    reason: str
    step: int | None
    following: str
    log: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class EsaReceiver:
    """The appliance in one of its two configurations."""

    id: str
    label: str
    acts: bool
    source: str = SOURCE

    def identity(self, attempt: Attempt) -> IdentityResult | None:
        """Return ``None``: a receiver checks no server."""
        del attempt
        return None

    def judge(self, delivery: Delivery) -> Verdict:
        """Return what becomes of the message, as far as the walk tells."""
        case = delivery.message
        if case is None:
            return self._verdict(_unknown("there is no message to judge", None))
        assessment = assessed(case, Reading.RFC7489, SIGNATURES)
        if assessment is None and case.author_domain:
            return self._verdict(_unknown("DMARC has not been looked up yet", None))
        decision = self._decided(case, assessment)
        log = decision.log or esa_results(case, assessment, SIGNATURES, acts=self.acts)
        return self._verdict(decision, log)

    def _decided(self, case: MessageCase, assessment: Assessment | None) -> _Decision:
        if not self.acts:
            return _headers_only(case, assessment)
        first = None if assessment is None else _by_dmarc(case, assessment)
        # The DMARC profile can reject within SMTP; filters see the message later.
        return first or _by_spf(case) or _by_dkim(case) or _accepted(case, assessment)

    def _verdict(self, decision: _Decision, log: str = "") -> Verdict:
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=decision.outcome,
            reason=visible(decision.reason, _REASON),
            log=visible(log, _REASON),
            step=decision.step,
            next_action=decision.following,
            code=decision.code,
        )


def _unknown(reason: str, step: int | None) -> _Decision:
    return _Decision(
        outcome=Outcome.UNKNOWN,
        reason=reason,
        step=step,
        following="finish the walk, or walk again with what is missing",
    )


def _headers_only(case: MessageCase, assessment: Assessment | None) -> _Decision:
    """As delivered: nothing is dropped unless the customer says so."""
    accepted = _accepted(case, assessment)
    asked = assessment.disposition if assessment else None
    ignored = (
        f" The domain asks for {asked.value}, which the default profile does not do."
        if asked in (Policy.QUARANTINE, Policy.REJECT)
        else ""
    )
    return _Decision(
        outcome=accepted.outcome,
        reason=f"the default DMARC verification profile takes no action and no filter looks"
        f" at SPF or DKIM: only header fields are written.{ignored} {accepted.reason}",
        step=accepted.step,
        following=NEXT_AS_DELIVERED,
    )


def _by_dmarc(case: MessageCase, assessment: Assessment) -> _Decision | None:
    """Apply the DMARC verification profile, changed so that it does what domains ask."""
    if assessment.result is DmarcResult.TEMPERROR:
        return _unknown(
            f"{assessment.why} The guide does not say what to set for a temporary failure: the profile"
            " offers to accept, or to reject with 451 #4.7.1",
            decisive_step(case),
        )
    if assessment.result is not DmarcResult.FAIL:
        return None
    waiting = open_points(case, assessment, SIGNATURES)
    if waiting:
        why = f"DMARC fails so far, but {'; '.join(waiting[:3])}"
        return _unknown(why, decisive_step(case))
    if assessment.disposition is Policy.REJECT:
        return _Decision(
            outcome=Outcome.REJECTED,
            reason=assessment.why,
            step=decisive_step(case),
            following="rejects: Mail Policies > DMARC, profile, action for policy reject = Reject;"
            f" {reports_note(assessment)}",
            log=_REJECT,
            code="5.7.1",
        )
    if assessment.disposition is Policy.QUARANTINE:
        return _Decision(
            outcome=Outcome.QUARANTINED,
            reason=assessment.why,
            step=decisive_step(case),
            following="puts it into the policy quarantine: Mail Policies > DMARC, profile, action for"
            f" policy quarantine = Quarantine; {reports_note(assessment)}",
        )
    return None


def _by_spf(case: MessageCase) -> _Decision | None:
    """Apply the guide's filter on ``spf-status`` for MAIL FROM, whatever DMARC says."""
    check = case.mailfrom
    if check is None or check.evaluation.result not in (SpfResult.FAIL, SpfResult.SOFTFAIL):
        return None
    result = check.evaluation.result
    word = "Fail" if result is SpfResult.FAIL else "SoftFail"
    return _Decision(
        outcome=Outcome.QUARANTINED,
        reason=f"SPF {result.value} for MAIL FROM, and the guide quarantines every fail and softfail,"
        f" also where DKIM and DMARC pass: {check.evaluation.why}",
        step=check.step,
        following="puts it into the policy quarantine: message filter"
        f' if (spf-status("mailfrom") == "{word}") {{ quarantine("Policy"); }}; a content filter with'
        " the condition SPF Verification looks at the PRA identity alone (AsyncOS user guide); watch"
        " the quarantine for false positives",
    )


def _by_dkim(case: MessageCase) -> _Decision | None:
    """Apply the guide's content filter on DKIM: one good signature is enough."""
    seen = looked_at(case, SIGNATURES)
    if any(one.result is DkimResult.PASS for one in seen):
        return None
    failed = next((one for one in seen if one.result is DkimResult.FAIL), None)
    if failed is None:
        return None
    return _Decision(
        outcome=Outcome.QUARANTINED,
        reason=f"DKIM signature {failed.signature.number} fails and no other passes: {failed.sentence}",
        step=failed.step,
        following="puts it into quarantine, or marks it and delivers it: incoming content filter,"
        " condition DKIM Authentication = Hardfail; the guide says not to drop it, because lists and"
        " forwarders break signatures of honest mail",
    )


def _accepted(case: MessageCase, assessment: Assessment | None) -> _Decision:
    following = "delivers the message"
    if assessment is None:
        return _Decision(
            outcome=Outcome.ACCEPTED,
            reason="From names no domain that DMARC could look up",
            step=next(iter(case.steps.values()), None),
            following=following,
        )
    proven = authenticated(assessment) and assessment.result is not DmarcResult.TEMPERROR
    sha1 = _sha1_note(case) if not proven else ""
    by = how_authenticated(assessment) if assessment.result is not DmarcResult.PASS else ""
    note = f" {by}, which is the author's domain." if proven and by else sha1
    return _Decision(
        outcome=Outcome.ACCEPTED_AUTHENTIC if proven else Outcome.ACCEPTED,
        reason=f"{assessment.why}{note}",
        step=decisive_step(case),
        following=f"{following}; {reports_note(assessment)}",
    )


def _sha1_note(case: MessageCase) -> str:
    """The guide prints a pass for rsa-sha1; what later releases do is not said there."""
    if not any(
        one.reason is Reason.ALGORITHM and one.signature.algorithm == "rsa-sha1"
        for one in looked_at(case, SIGNATURES)
    ):
        return ""
    return (
        " In the guide's example a signature by rsa-sha1 passes; by RFC 8301 it does not, and so it is"
        " judged here."
    )


PROFILES: tuple[SenderProfile, ...] = (
    EsaReceiver(id="esa", label="ESA as delivered", acts=False),
    EsaReceiver(id="esa-guide", label="ESA as the guide recommends", acts=True),
)
