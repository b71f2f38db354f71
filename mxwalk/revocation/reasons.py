"""The reasons for a revocation (RFC 5280 5.3.1), and what each means to whom it concerns."""

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
    "": "no reason is given",
    "unspecified": "no reason is given",
    "keyCompromise": "the private key is known or feared to be in other hands",
    "cACompromise": "the key of the CA itself is known or feared to be in other hands",
    "affiliationChanged": "the subject's name or other information in it is no longer right",
    "superseded": "it was replaced by another certificate; the key is not suspected",
    "cessationOfOperation": "it is no longer needed, such as when a host or a domain was given up",
    HOLD: "it is suspended for the time being and may be released again",
    REMOVED: "it is taken off the list again",
    "privilegeWithdrawn": "the CA took back what it had certified, such as after a wrong statement",
    "aACompromise": "the authority behind its attributes is known or feared to be compromised",
}


def reason_name(code: int) -> str:
    """Return the RFC's word for a CRLReason; a number that has none comes back as ``reason 42``."""
    name = _NAMES[code] if 0 <= code < len(_NAMES) else ""
    return name or f"reason {code}"


def reason_meaning(name: str) -> str:
    """Say in a clause what a reason means."""
    return _MEANINGS.get(name, "a reason that RFC 5280 does not know")
