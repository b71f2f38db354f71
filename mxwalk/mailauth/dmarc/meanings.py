"""What each tag of a DMARC record says, in one line (RFC 9989 4.7; RFC 7489 6.3 for removed ones)."""

from mxwalk.language import noted, say
from mxwalk.mailauth.dmarc.model import Mode, Policy
from mxwalk.text import visible

CURRENT = ("v", "p", "sp", "np", "adkim", "aspf", "fo", "rua", "ruf", "psd", "t")
REMOVED = ("pct", "rf", "ri")

POLICIES = {policy.value: policy for policy in Policy}
MODES = {mode.value: mode for mode in Mode}
FAILURE_OPTIONS = {
    "0": noted("when no mechanism gave an aligned pass"),
    "1": noted("when any mechanism gave something else than an aligned pass"),
    "d": noted("when a DKIM signature failed, aligned or not"),
    "s": noted("when SPF failed, aligned or not"),
}
_WANTED = {
    Policy.NONE: noted("nothing is to be done about it"),
    Policy.QUARANTINE: noted("it is to be treated as suspicious"),
    Policy.REJECT: noted("it is to be rejected"),
}
_WHOSE = {
    "p": noted("Mail of this domain that fails"),
    "sp": noted("Mail of existing subdomains that fails"),
    "np": noted("Mail of subdomains that do not exist"),
}
_PSD = {
    "y": noted("The domain is a public suffix: organizational domains begin one label below it."),
    "n": noted(
        "The domain is no public suffix: it is the organizational domain of itself and"
        " of the names below it."
    ),
    "u": noted("Nothing is said: the tree walk decides which name is the organizational domain."),
}
_MECHANISM = {"adkim": noted("DKIM's d="), "aspf": noted("SPF's domain")}
_EXPECTED = {
    "p": noted("none, quarantine or reject"),
    "sp": noted("none, quarantine or reject"),
    "np": noted("none, quarantine or reject"),
    "adkim": noted("r or s"),
    "aspf": noted("r or s"),
    "fo": noted("0, 1, d or s, several parted by colons"),
    "psd": noted("y, n or u"),
    "t": noted("y or n"),
    "pct": noted("a whole number from 0 to 100"),
    "ri": noted("a number of seconds"),
    "rf": "afrf",
}


def expected(name: str) -> str:
    """Return the values that a tag may have."""
    return say(_EXPECTED.get(name, ""))


def meaning(name: str, value: str) -> str:
    """Return what a tag with a usable value says."""
    low = value.lower()
    match name:
        case "v":
            return say("This is a DMARC record.")
        case "p" | "sp" | "np":
            return f"{say(_WHOSE[name])}: {say(_WANTED[POLICIES[low]])}."
        case "adkim" | "aspf":
            if MODES[low] is Mode.STRICT:
                return say(
                    "{mechanism} must be the same name as the From domain.",
                    mechanism=say(_MECHANISM[name]),
                )
            return say(
                "{mechanism} must have the same organizational domain as the From domain.",
                mechanism=say(_MECHANISM[name]),
            )
        case "fo":
            options = dict.fromkeys(one.strip() for one in low.split(":"))
            wanted = "; ".join(say(FAILURE_OPTIONS[one]) for one in options)
            return say("Failure reports are wanted {wanted}.", wanted=wanted)
        case "rua":
            return say("Aggregate reports go here.")
        case "ruf":
            return say("Reports about single messages go here; few receivers send them.")
        case "psd":
            return say(_PSD[low])
        case "t" if low == "y":
            return say("A test: the policy one level below is expected (reject as quarantine).")
        case "t":
            return say("The policy is meant to be applied.")
        case _:
            return _removed(name, value)


def _removed(name: str, value: str) -> str:
    shown = visible(value, 40)
    match name:
        case "pct":
            return say(
                "RFC 7489 receivers apply the policy to {shown} % of the mail that fails.",
                shown=shown,
            )
        case "ri":
            return say(
                "RFC 7489 receivers are asked for aggregate reports every {shown} seconds.",
                shown=shown,
            )
        case "rf":
            return say(
                "RFC 7489 receivers are asked for failure reports in the format {shown}.",
                shown=shown,
            )
        case _:
            return say("No document defines this tag: it is ignored.")
