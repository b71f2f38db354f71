"""One ``mx`` value: ``["*."] Domain`` with a Domain as RFC 5321 4.1.2 has it (RFC 8461 3.2).

What cannot match any host says why and what was meant; total.
"""

import ipaddress
import re
from dataclasses import dataclass

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
        return _bad(PolicyFault.MX_SYNTAX, "the mx has no value")
    if _LIST.search(value):
        return _bad(PolicyFault.MX_LIST, f"{shown} is no single name: one mx a line")
    wildcard = value.startswith("*.")
    bare = value.removeprefix("*.")
    if "*" in bare:
        return _bad(
            PolicyFault.MX_WILDCARD,
            f'{shown}: "*" can only be the whole left-most label, as in *.example.com, and stands'
            " for one label",
        )
    if bare.startswith("."):
        return _bad(
            PolicyFault.MX_WILDCARD,
            f"{shown} begins with a dot, as drafts had it: write *{visible(bare, _SHOWN)}",
        )
    if _is_address(bare):
        return _bad(PolicyFault.MX_ADDRESS, f"{shown} is an address; MX records name hosts")
    if not bare.isascii():
        return _bad(PolicyFault.MX_U_LABEL, f"{shown} is not in A-labels{_as_a_labels(bare)}")
    return _ascii(value, bare, wildcard, line)


def _ascii(value: str, bare: str, wildcard: bool, line: int) -> GoodPattern | BadPattern:
    shown = f'"{visible(value, _SHOWN)}"'
    if not bare.isprintable() or bare.removesuffix(".").endswith("."):
        return _bad(PolicyFault.MX_SYNTAX, f"{shown} is no name")
    try:
        name = parse_name(bare).ascii
    except InvalidNameError as error:
        return _bad(PolicyFault.MX_SYNTAX, f"{shown} is no name: {visible(str(error), 200)}")
    remarks: list[tuple[PolicyFault, str]] = []
    if bare.endswith("."):
        remarks.append((PolicyFault.MX_TRAILING_DOT, f"{shown} ends with a dot: write {name}"))
    if "_" in name:
        remarks.append(
            (PolicyFault.MX_UNDERSCORE, f"{shown} has an underscore, which no host name has")
        )
    pattern = MxPattern(text=visible(value, 300), name=name, wildcard=wildcard, line=line)
    return GoodPattern(pattern, tuple(remarks))


def _bad(fault: PolicyFault, sentence: str) -> BadPattern:
    return BadPattern(((fault, f"{sentence}; it matches no host"),))


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
        return f": write {parse_name(text).ascii}"
    except InvalidNameError:
        return ""
