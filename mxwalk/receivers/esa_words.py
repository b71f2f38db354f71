"""The appliance's own words: the fields it writes in the guide's form, and where a setting is found.

In the guide's examples ``dkim=pass (signature verified) header.i=...`` and ``dmarc=pass (p=none
dis=none) d=...`` stand in one Authentication-Results; SPF has its own Received-SPF.  For results the
guide shows no example of, the comment is ours and says so.
"""

from mxwalk.language import noted, say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import DkimResult, SignatureVerdict
from mxwalk.mailauth.dmarc.model import Assessment, DmarcResult, Policy
from mxwalk.mailauth.open_points import looked_at
from mxwalk.receivers.evidence import receiver_name
from mxwalk.text import visible

NEXT_AS_DELIVERED = noted(
    "delivers the message; to have it act: Mail Policies > DMARC, profile (policy reject"
    " and quarantine), DMARC verification On in the mail flow policy, and filters for SPF"
    " and DKIM; SPF verification stays Off in the RELAYED policy"
)
_VALUE = 200


def esa_results(case: MessageCase, assessment: Assessment | None, limit: int, *, acts: bool) -> str:
    """Return the Authentication-Results the appliance adds, on one line.

    ``acts`` says whether its DMARC profile does what domains ask; if not, the disposition is none.
    """
    parts = [f"Authentication-Results: {receiver_name(case)}"]
    parts += [_dkim(one) for one in looked_at(case, limit)]
    if assessment is not None and assessment.policy.asked is not None:
        asked = assessment.policy.asked.value
        tag = assessment.policy.tag or "p"
        done = _done(assessment) if acts else Policy.NONE.value
        parts.append(
            f"dmarc={assessment.result.value} ({tag}={asked} dis={done}) d={assessment.author_domain}"
        )
    return "; ".join(parts)


def _done(assessment: Assessment) -> str:
    if assessment.result is DmarcResult.PASS or assessment.disposition is None:
        return Policy.NONE.value
    return assessment.disposition.value


def _dkim(one: SignatureVerdict) -> str:
    identity = visible(one.signature.identity, _VALUE)
    where = f" header.i={identity}" if identity else ""
    if one.result is DkimResult.PASS:
        return f"dkim=pass (signature verified){where}"
    ours = visible(one.reason.value, _VALUE)
    return f"dkim={one.result.value} (our words: {ours}){where}"


def reports_note(assessment: Assessment) -> str:
    """Return what becomes of reports: aggregate ones if the box is ticked, failure reports never."""
    record = assessment.policy.record
    if record is None or not (record.aggregate or record.failure):
        return say("no reports are asked for")
    ruf = say("; ruf is not supported") if record.failure else ""
    rua = (
        say("aggregate reports go to rua if Send aggregate feedback reports is ticked")
        if record.aggregate
        else say("no aggregate reports are asked for")
    )
    return f"{rua}{ruf}"
