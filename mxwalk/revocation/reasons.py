"""The reasons for a revocation (RFC 5280 5.3.1), and what each means to whom it concerns."""

from mxwalk.language import noted, say

_NAMES = (
    "unspecified",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "",  # value 7 is not used
    "removeFromCRL",
    "privilegeWithdrawn",
    "aACompromise",
)
HOLD = "certificateHold"
REMOVED = "removeFromCRL"

_MEANINGS = {
    "": noted("no reason is given"),
    "unspecified": noted("no reason is given"),
    "keyCompromise": noted("the private key is known or feared to be in other hands"),
    "cACompromise": noted("the key of the CA itself is known or feared to be in other hands"),
    "affiliationChanged": noted("the subject's name or other information in it is no longer right"),
    "superseded": noted("it was replaced by another certificate; the key is not suspected"),
    "cessationOfOperation": noted(
        "it is no longer needed, such as when a host or a domain was given up"
    ),
    HOLD: noted("it is suspended for the time being and may be released again"),
    REMOVED: noted("it is taken off the list again"),
    "privilegeWithdrawn": noted(
        "the CA took back what it had certified, such as after a wrong statement"
    ),
    "aACompromise": noted(
        "the authority behind its attributes is known or feared to be compromised"
    ),
}


def reason_name(code: int) -> str:
    """Return the RFC's word for a CRLReason; a number that has none comes back as ``reason 42``."""
    name = _NAMES[code] if 0 <= code < len(_NAMES) else ""
    return name or f"reason {code}"


def reason_meaning(name: str) -> str:
    """Say in a clause what a reason means."""
    return say(_MEANINGS.get(name, noted("a reason that RFC 5280 does not know")))
