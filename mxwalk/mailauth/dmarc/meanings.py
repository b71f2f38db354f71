"""What each tag of a DMARC record says, in one line (RFC 9989 4.7; RFC 7489 6.3 for removed ones)."""

from mxwalk.mailauth.dmarc.model import Mode, Policy
from mxwalk.text import visible

CURRENT = ("v", "p", "sp", "np", "adkim", "aspf", "fo", "rua", "ruf", "psd", "t")
REMOVED = ("pct", "rf", "ri")

POLICIES = {policy.value: policy for policy in Policy}
MODES = {mode.value: mode for mode in Mode}
FAILURE_OPTIONS = {
    "0": "when no mechanism gave an aligned pass",
    "1": "when any mechanism gave something else than an aligned pass",
    "d": "when a DKIM signature failed, aligned or not",
    "s": "when SPF failed, aligned or not",
}
_WANTED = {
    Policy.NONE: "nothing is to be done about it",
    Policy.QUARANTINE: "it is to be treated as suspicious",
    Policy.REJECT: "it is to be rejected",
}
_WHOSE = {
    "p": "Mail of this domain that fails",
    "sp": "Mail of existing subdomains that fails",
    "np": "Mail of subdomains that do not exist",
}
_PSD = {
    "y": "The domain is a public suffix: organizational domains begin one label below it.",
    "n": "The domain is no public suffix: it is the organizational domain of itself and of the"
    " names below it.",
    "u": "Nothing is said: the tree walk decides which name is the organizational domain.",
}
_MECHANISM = {"adkim": "DKIM's d=", "aspf": "SPF's domain"}
_EXPECTED = {
    "p": "none, quarantine or reject",
    "sp": "none, quarantine or reject",
    "np": "none, quarantine or reject",
    "adkim": "r or s",
    "aspf": "r or s",
    "fo": "0, 1, d or s, several parted by colons",
    "psd": "y, n or u",
    "t": "y or n",
    "pct": "a whole number from 0 to 100",
    "ri": "a number of seconds",
    "rf": "afrf",
}


def expected(name: str) -> str:
    """Return the values that a tag may have."""
    return _EXPECTED.get(name, "")


def meaning(name: str, value: str) -> str:
    """Return what a tag with a usable value says."""
    low = value.lower()
    match name:
        case "v":
            return "This is a DMARC record."
        case "p" | "sp" | "np":
            return f"{_WHOSE[name]}: {_WANTED[POLICIES[low]]}."
        case "adkim" | "aspf":
            if MODES[low] is Mode.STRICT:
                return f"{_MECHANISM[name]} must be the same name as the From domain."
            return (
                f"{_MECHANISM[name]} must have the same organizational domain as the From domain."
            )
        case "fo":
            options = dict.fromkeys(one.strip() for one in low.split(":"))
            return f"Failure reports are wanted {'; '.join(FAILURE_OPTIONS[o] for o in options)}."
        case "rua":
            return "Aggregate reports go here."
        case "ruf":
            return "Reports about single messages go here; few receivers send them."
        case "psd":
            return _PSD[low]
        case "t" if low == "y":
            return "A test: the policy one level below is expected (reject as quarantine)."
        case "t":
            return "The policy is meant to be applied."
        case _:
            return _removed(name, value)


def _removed(name: str, value: str) -> str:
    shown = visible(value, 40)
    match name:
        case "pct":
            return f"RFC 7489 receivers apply the policy to {shown} % of the mail that fails."
        case "ri":
            return f"RFC 7489 receivers are asked for aggregate reports every {shown} seconds."
        case "rf":
            return f"RFC 7489 receivers are asked for failure reports in the format {shown}."
        case _:
            return "No document defines this tag: it is ignored."
