"""Our own results as a receiver would write them (RFC 8601 2.7; RFC 9989 9.1; RFC 7208 2.4).

What a receiver tells in comments is kept short: the policy and what it comes to, as many do.
"""

from mxwalk.mailauth.dkim.model import SignatureVerdict
from mxwalk.mailauth.dmarc.model import Assessment
from mxwalk.mailauth.dmarc.record import applied
from mxwalk.mailauth.results.model import MethodResult
from mxwalk.mailauth.results.writing import dkim_result, dmarc_result, spf_result
from mxwalk.mailauth.spf.model import Evaluation


def spf_of(evaluation: Evaluation, *, helo: bool = False) -> MethodResult:
    """Return the result of one ``check_host()``; ``helo`` for the check of the HELO identity.

    A null reverse-path was checked as postmaster at the HELO name, and is written so (RFC 7208 2.4).
    """
    if helo:
        return spf_result(evaluation.result.value, helo=evaluation.domain)
    return spf_result(evaluation.result.value, mailfrom=evaluation.sender)


def dkim_of(verdict: SignatureVerdict) -> MethodResult:
    """Return the result of one signature, with enough of ``b=`` to tell it from others (RFC 6008)."""
    signature = verdict.signature
    return dkim_result(
        verdict.result.value,
        domain=signature.domain,
        selector=signature.selector,
        identity=signature.identity,
        algorithm=signature.algorithm,
        signature=signature.tags.get("b") or "",
        comment=verdict.reason.value,
    )


def dmarc_of(assessment: Assessment) -> MethodResult:
    """Return DMARC's result with the published policies and what they come to."""
    record, asked = assessment.policy.record, assessment.policy.asked
    comment = ""
    if record is not None and asked is not None:
        published = applied(record, assessment.reading)
        policies = (
            ("p", published.policy),
            ("sp", published.subdomain),
            ("np", published.nonexistent),
        )
        told = [f"{name}={policy.value}" for name, policy in policies if policy is not None]
        if assessment.disposition is not None:
            told.append(f"dis={assessment.disposition.value}")
        comment = " ".join(told)
    return dmarc_result(
        assessment.result.value,
        from_domain=assessment.author_domain,
        policy=asked.value if asked is not None else "",
        comment=comment,
    )
