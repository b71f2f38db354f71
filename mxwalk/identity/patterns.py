"""Reading one side of a comparison: a presented identifier's pattern, a reference identifier's name.

A pattern is a DNS name whose complete left-most label may be ``*`` (RFC 9525 6.3, RFC 6125 6.4.3).
Whatever cannot be one is ``Unusable`` with the reason in words; nothing here raises, because the
certificate and the DNS are a stranger's.
"""

from dataclasses import dataclass
from functools import lru_cache

from mxwalk.identity.model import PresentedKind
from mxwalk.identity.suffixes import is_public_suffix
from mxwalk.names import InvalidNameError, is_address, parse_name
from mxwalk.text import visible

SHOWN_CHARS = 300  # a legal name has at most 253; a hostile one is cut for display
WILDCARD_RULE = "RFC 9525 6.3, RFC 6125 6.4.3"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A usable name: its A-labels in lower case, ``*`` first when it is a wildcard."""

    labels: tuple[str, ...]

    @property
    def wildcard(self) -> bool:
        """Whether the left-most label is ``*``."""
        return self.labels[0] == "*"


@dataclass(frozen=True, slots=True)
class Unusable:
    """A text that can match nothing, and why."""

    reason: str


def quoted(text: str) -> str:
    """Return a name in quotation marks, printable and of bounded length."""
    return f'"{visible(text, SHOWN_CHARS)}"'


def _has_nul(text: str) -> bool:
    """Find a NUL, also as ``visible`` has written it: no DNS name holds a backslash either."""
    return "\0" in text or "\\0" in text


def _read_name(text: str) -> Pattern | Unusable:
    shown = quoted(text)
    if not text:
        return Unusable("the name is empty")
    if _has_nul(text):
        return Unusable(f"{shown} contains a NUL character: it is no DNS name")
    # parse_name forgives blanks and dots at the ends, which people type; a certificate must not.
    if any(char.isspace() for char in text):
        return Unusable(f"{shown} contains a blank: it is no DNS name")
    bare = text.removesuffix(".")
    if bare.endswith("."):
        return Unusable(f"{shown} ends in an empty label: it is no DNS name")
    # RFC 5280 4.2.1.6: an address is an iPAddress name of its own, never a dNSName.
    if is_address(bare.removeprefix("[").removesuffix("]")):
        return Unusable(f"{shown} is an IP address, not a DNS name (RFC 5280 4.2.1.6)")
    try:
        return Pattern(parse_name(bare).labels)
    except InvalidNameError as error:
        return Unusable(f"{shown} is no DNS name: {visible(str(error), SHOWN_CHARS)}")


def _read_wildcard(text: str) -> Pattern | Unusable:
    shown = quoted(text)
    bare = text.removesuffix(".")
    if bare == "*":
        return Unusable(f'a bare "*" matches nothing ({WILDCARD_RULE})')
    if text.count("*") > 1:
        return Unusable(f"{shown} has more than one wildcard: it matches nothing ({WILDCARD_RULE})")
    first, _, rest = bare.partition(".")
    if "*" not in first:
        return Unusable(
            f"{shown} has its wildcard outside the left-most label: it matches nothing"
            f" ({WILDCARD_RULE})"
        )
    if first != "*":
        where = "a part of an A-label" if first.lower().startswith("xn--") else "a part of a label"
        return Unusable(
            f"the wildcard of {shown} is only {where}, it must be the complete left-most label"
            f" ({WILDCARD_RULE})"
        )
    name = _read_name(rest)
    if isinstance(name, Unusable):
        return Unusable(f"the wildcard {shown} is not usable: {name.reason}")
    suffix = ".".join(name.labels)
    # Only what registries control: an operator's own "private" suffix may have a wildcard.
    if is_public_suffix(suffix):
        return Unusable(
            f"{shown} matches nothing: {quoted(suffix)} is a public suffix, the wildcard would"
            f" cover other people's domains ({WILDCARD_RULE}, RFC 6125 7.2)"
        )
    return Pattern(("*", *name.labels))


@lru_cache(maxsize=16_384)
def read_presented(kind: PresentedKind, text: str) -> Pattern | Unusable:
    """Read a presented identifier; total."""
    read = _read_wildcard(text) if "*" in text and not _has_nul(text) else _read_name(text)
    if kind is PresentedKind.CN_ID and "*" not in text:
        # RFC 6125 6.4.4: a CN counts only when its form is that of a fully qualified domain name.
        if isinstance(read, Unusable) and "IP address" not in read.reason:
            return Unusable(f"the CN is a label for people, not a name: {read.reason}")
        if isinstance(read, Pattern) and len(read.labels) == 1:
            return Unusable(
                f"the CN is a label for people, not a name: {quoted(text)} is not fully qualified"
            )
    return read


@lru_cache(maxsize=1_024)
def read_reference(text: str) -> Pattern | Unusable:
    """Read a reference identifier; total.  It is a plain name, never a pattern."""
    return _read_name(text)
