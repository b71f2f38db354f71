"""Public commands that show what a validation found: dig and delv.

Names come from the network; they are quoted for a POSIX shell and shown printable.
"""

import shlex

from mxwalk.dnssec.model import Validation
from mxwalk.dnssec.reasons import Reason
from mxwalk.text import visible

_DELEGATION = frozenset({
    Reason.DS_WITHOUT_KEY, Reason.DNSKEY_MISSING, Reason.KEY_SET_NOT_SIGNED_BY_DS_KEY,
    Reason.UNSUPPORTED_ALGORITHM, Reason.UNSUPPORTED_DIGEST, Reason.NO_DS,
})  # fmt: skip
_RESOLVER = frozenset({
    Reason.RESOLVER_STRIPS, Reason.RESOLVER_IGNORES_DO, Reason.RESOLVER_FAILS_DO,
    Reason.ANCHOR_WITHOUT_KEY,
})  # fmt: skip


def commands_for(validation: Validation) -> tuple[str, ...]:
    """Return the commands that show the same, the most telling first."""
    name = validation.weakest.name
    question = f"{_quoted(name)} {validation.question.rtype}"
    links = validation.links
    if validation.reason in _RESOLVER:
        zone = _quoted(links[0].zone if links else ".")
        return (f"dig +dnssec +cd {zone} DNSKEY",)
    asked = f"dig +dnssec +cd {question}"
    if validation.reason in _DELEGATION and links:
        zone = _quoted(links[-1].zone)
        return (f"dig +dnssec +cd {zone} DS", f"dig +dnssec +cd +multiline {zone} DNSKEY", asked)
    return (asked, f"delv +vtrace {question}")


def _quoted(name: str) -> str:
    quoted = shlex.quote(visible(name))
    return f"-q {quoted}" if name.startswith(("-", "+", "@")) else quoted  # not an option of dig
