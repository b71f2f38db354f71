"""One ``mx`` value: ``["*."] Domain`` with a Domain as RFC 5321 4.1.2 has it (RFC 8461 3.2).

What cannot match any host says why and what was meant; total.
"""

import ipaddress
import re
from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.mtasts.model import MxPattern, PolicyFault
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

_LIST = re.compile(r"[,; \t]")
_SHOWN = 80

Remarks = tuple[tuple[PolicyFault, str], ...]


@dataclass(frozen=True, slots=True)
class GoodPattern:
    """A pattern that senders can use, with what some of them object to."""

    pattern: MxPattern
    remarks: Remarks = ()


@dataclass(frozen=True, slots=True)
class BadPattern:
    """A value that matches nothing, and why."""

    remarks: Remarks


def read_pattern(value: str, line: int) -> GoodPattern | BadPattern:
    """Read one value without the blanks around it; total."""
    shown = f'"{visible(value, _SHOWN)}"'
    if not value:
        return _bad(PolicyFault.MX_SYNTAX, say("the mx has no value"))
    if _LIST.search(value):
        return _bad(
            PolicyFault.MX_LIST, say("{shown} is no single name: one mx a line", shown=shown)
        )
    wildcard = value.startswith("*.")
    bare = value.removeprefix("*.")
    if "*" in bare:
        return _bad(
            PolicyFault.MX_WILDCARD,
            say(
                '{shown}: "*" can only be the whole left-most label, as in *.example.com, and'
                " stands for one label",
                shown=shown,
            ),
        )
    if bare.startswith("."):
        return _bad(
            PolicyFault.MX_WILDCARD,
            say(
                "{shown} begins with a dot, as drafts had it: write *{bare}",
                shown=shown,
                bare=visible(bare, _SHOWN),
            ),
        )
    if _is_address(bare):
        return _bad(
            PolicyFault.MX_ADDRESS, say("{shown} is an address; MX records name hosts", shown=shown)
        )
    if not bare.isascii():
        return _bad(
            PolicyFault.MX_U_LABEL,
            say(
                "{shown} is not in A-labels{as_a_labels}",
                shown=shown,
                as_a_labels=_as_a_labels(bare),
            ),
        )
    return _ascii(value, bare, wildcard, line)


def _ascii(value: str, bare: str, wildcard: bool, line: int) -> GoodPattern | BadPattern:
    shown = f'"{visible(value, _SHOWN)}"'
    if not bare.isprintable() or bare.removesuffix(".").endswith("."):
        return _bad(PolicyFault.MX_SYNTAX, say("{shown} is no name", shown=shown))
    try:
        name = parse_name(bare).ascii
    except InvalidNameError as error:
        return _bad(
            PolicyFault.MX_SYNTAX,
            say("{shown} is no name: {error}", shown=shown, error=visible(str(error), 200)),
        )
    remarks: list[tuple[PolicyFault, str]] = []
    if bare.endswith("."):
        remarks.append(
            (
                PolicyFault.MX_TRAILING_DOT,
                say("{shown} ends with a dot: write {name}", shown=shown, name=name),
            )
        )
    if "_" in name:
        remarks.append(
            (
                PolicyFault.MX_UNDERSCORE,
                say("{shown} has an underscore, which no host name has", shown=shown),
            )
        )
    pattern = MxPattern(text=visible(value, 300), name=name, wildcard=wildcard, line=line)
    return GoodPattern(pattern, tuple(remarks))


def _bad(fault: PolicyFault, sentence: str) -> BadPattern:
    return BadPattern(((fault, say("{sentence}; it matches no host", sentence=sentence)),))


def _is_address(text: str) -> bool:
    plain = text.removeprefix("[").removesuffix("]")
    if plain[:5].lower() == "ipv6:":
        plain = plain[5:]
    try:
        ipaddress.ip_address(plain)
    except ValueError:
        return False
    return True


def _as_a_labels(text: str) -> str:
    try:
        return say(": write {ascii}", ascii=parse_name(text).ascii)
    except InvalidNameError:
        return ""
