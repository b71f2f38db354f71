"""Who acts on a failure of DANE: all senders that do it, or few of them below an unsigned MX answer."""

from mxwalk.dane.model import DaneState, Standing
from mxwalk.language import say

TLSA_CODE = "4.7.323 tlsa-invalid"  # what Exchange Online gives for records that nothing matches


def below_insecure_mx(state: DaneState) -> bool:
    """Say whether the records stand below an MX answer that is not signed (RFC 7672 2.2.1)."""
    return state.standing is Standing.MX_INSECURE


def senders(state: DaneState, code: str) -> str:
    """Say who acts on a failure: below an unsigned MX answer most senders do not look (7672 2.2.1)."""
    if below_insecure_mx(state):
        return say(
            "(the MX answer is not signed: Postfix at level dane looks at the records all"
            " the same, others do not)"
        )
    return say("(Exchange Online: {code})", code=code)
