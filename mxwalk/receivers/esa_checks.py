"""What each check of the appliance does with a message: the DMARC profile, filters on SPF and DKIM.

Each returns a decision, or ``None`` to leave the message to the next one.
"""

from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import DkimResult, Reason
from mxwalk.mailauth.dmarc.model import Assessment, DmarcResult, Policy
from mxwalk.mailauth.open_points import looked_at, not_discovered, open_points, spf_missing
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.receivers.esa_words import NEXT_AS_DELIVERED, reports_note
from mxwalk.receivers.evidence import authenticated, decisive_step, how_authenticated
from mxwalk.receivers.failing import failure_reason
from mxwalk.senders.model import Outcome

SIGNATURES = 5  # the guide: "by default the ESA verifies up to five signatures"
_HELD = (Policy.QUARANTINE, Policy.REJECT)
_REJECT = "550 #5.7.1 DMARC unauthenticated mail is prohibited."


@dataclass(frozen=True, slots=True)
class Decision:
    """What one of the appliance's checks does with the message, and which setting did it."""

    outcome: Outcome
    reason: str
    step: int | None
    following: str
    log: str = ""
    code: str = ""


def unknown(reason: str, step: int | None) -> Decision:
    """Return the decision of evidence that decides nothing."""
    return Decision(
        outcome=Outcome.UNKNOWN,
        reason=reason,
        step=step,
        following=say("walk again with what is missing"),
    )


def headers_only(case: MessageCase, assessment: Assessment | None) -> Decision:
    """As delivered: nothing is dropped unless the customer says so."""
    plain = accepted(case, assessment)
    asked = assessment.disposition if assessment else None
    ignored = say(" The default profile does not do that.") if asked in _HELD else ""
    return Decision(
        outcome=plain.outcome,
        reason=say(
            "the default DMARC verification profile takes no action and no filter"
            " looks at SPF or DKIM: only header fields are written. {reason}{ignored}",
            reason=plain.reason,
            ignored=ignored,
        ),
        step=plain.step,
        following=say(NEXT_AS_DELIVERED),
    )


def by_dmarc(case: MessageCase, assessment: Assessment) -> Decision | None:
    """Apply the DMARC verification profile, changed so that it does what domains ask."""
    if assessment.result is DmarcResult.TEMPERROR and not not_discovered(case):
        return unknown(
            say(
                "{why} The guide does not say what to set for a temporary failure: the"
                " profile offers to accept, or to reject with 451 #4.7.1",
                why=assessment.why,
            ),
            decisive_step(case),
        )
    if assessment.result not in (DmarcResult.FAIL, DmarcResult.TEMPERROR):
        return None
    waiting = open_points(case, assessment, SIGNATURES)
    if waiting:
        why = say("DMARC is not decided: {waiting}", waiting="; ".join(waiting[:3]))
        return unknown(why, decisive_step(case))
    if assessment.disposition is Policy.REJECT:
        return Decision(
            outcome=Outcome.REJECTED,
            reason=failure_reason(case, assessment, Policy.REJECT),
            step=decisive_step(case),
            following=say(
                "rejects: Mail Policies > DMARC, profile, action for policy reject"
                " = Reject; {reports_note}",
                reports_note=reports_note(assessment),
            ),
            log=_REJECT,
            code="5.7.1",
        )
    if assessment.disposition is Policy.QUARANTINE:
        return Decision(
            outcome=Outcome.QUARANTINED,
            reason=failure_reason(case, assessment, Policy.QUARANTINE),
            step=decisive_step(case),
            following=say(
                "puts it into the policy quarantine: Mail Policies > DMARC,"
                " profile, action for policy quarantine = Quarantine;"
                " {reports_note}",
                reports_note=reports_note(assessment),
            ),
        )
    return None


def by_spf(case: MessageCase) -> Decision | None:
    """Apply the guide's filter on ``spf-status`` for MAIL FROM, whatever DMARC says."""
    check = case.mailfrom
    if missing := spf_missing(case):
        why = say("a filter acts on SPF for MAIL FROM, and {missing}", missing=missing)
        return unknown(why, decisive_step(case))
    if check is None or check.evaluation.result not in (SpfResult.FAIL, SpfResult.SOFTFAIL):
        return None
    result = check.evaluation.result
    word = "Fail" if result is SpfResult.FAIL else "SoftFail"
    return Decision(
        outcome=Outcome.QUARANTINED,
        reason=say(
            "SPF {result} for MAIL FROM, and the guide quarantines every fail and"
            " softfail, also where DKIM and DMARC pass: {why}",
            result=result.value,
            why=check.evaluation.why,
        ),
        step=check.step,
        following=say(
            "puts it into the policy quarantine: message filter if"
            ' (spf-status("mailfrom") == "{word}") {{ quarantine("Policy"); }}; a'
            " content filter with the condition SPF Verification looks at the PRA"
            " identity alone (AsyncOS user guide); watch the quarantine for false"
            " positives",
            word=word,
        ),
    )


def by_dkim(case: MessageCase) -> Decision | None:
    """Apply the guide's content filter on DKIM: one good signature is enough."""
    seen = looked_at(case, SIGNATURES)
    if any(one.result is DkimResult.PASS for one in seen):
        return None
    failed = next((one for one in seen if one.result is DkimResult.FAIL), None)
    if failed is None:
        return None
    return Decision(
        outcome=Outcome.QUARANTINED,
        reason=say(
            "DKIM signature {number} fails and no other passes: {sentence}",
            number=failed.signature.number,
            sentence=failed.sentence,
        ),
        step=failed.step,
        following=say(
            "puts it into quarantine, or marks it and delivers it: incoming content"
            " filter, condition DKIM Authentication = Hardfail; the guide says not"
            " to drop it, because lists and forwarders break signatures of honest"
            " mail"
        ),
    )


def accepted(case: MessageCase, assessment: Assessment | None) -> Decision:
    """Return what becomes of a message that no check held back."""
    following = say("delivers the message")
    if assessment is None:
        return Decision(
            outcome=Outcome.ACCEPTED,
            reason=say("From names no domain that DMARC could look up"),
            step=next(iter(case.steps.values()), None),
            following=following,
        )
    proven = authenticated(assessment) and assessment.result is not DmarcResult.TEMPERROR
    sha1 = _sha1_note(case) if not proven else ""
    by = how_authenticated(assessment) if assessment.result is not DmarcResult.PASS else ""
    failed = assessment.result is DmarcResult.FAIL
    why = failure_reason(case, assessment, None) if failed else assessment.why
    note = say(" {by}, which is the author's domain.", by=by) if proven and by else sha1
    return Decision(
        outcome=Outcome.ACCEPTED_AUTHENTIC if proven else Outcome.ACCEPTED,
        reason=f"{why}{note}",
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
    return say(
        " In the guide's example a signature by rsa-sha1 passes; by RFC 8301 it does not,"
        " and so it is judged here."
    )
