"""Reading one side of a comparison: a presented identifier's pattern, a reference identifier's name.

A pattern is a DNS name whose complete left-most label may be ``*`` (RFC 9525 6.3, RFC 6125 6.4.3).
Whatever cannot be one is ``Unusable`` with the reason in words; nothing here raises, because the
certificate and the DNS are a stranger's.
"""

from dataclasses import dataclass

from mxwalk.identity.model import PresentedKind
from mxwalk.identity.suffixes import is_public_suffix
from mxwalk.language import per_language, say
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
    """A text that can match nothing, and why; ``address`` for that of an IP address."""

    reason: str
    address: bool = False


def quoted(text: str) -> str:
    """Return a name in quotation marks, printable and of bounded length."""
    return f'"{visible(text, SHOWN_CHARS)}"'


def _has_nul(text: str) -> bool:
    """Find a NUL, also as ``visible`` has written it: no DNS name holds a backslash either."""
    return "\0" in text or "\\0" in text


def _read_name(text: str) -> Pattern | Unusable:
    shown = quoted(text)
    if not text:
        return Unusable(say("the name is empty"))
    if _has_nul(text):
        return Unusable(say("{shown} contains a NUL character: it is no DNS name", shown=shown))
    # parse_name forgives blanks and dots at the ends, which people type; a certificate must not.
    if any(char.isspace() for char in text):
        return Unusable(say("{shown} contains a blank: it is no DNS name", shown=shown))
    bare = text.removesuffix(".")
    if bare.endswith("."):
        return Unusable(say("{shown} ends in an empty label: it is no DNS name", shown=shown))
    # RFC 5280 4.2.1.6: an address is an iPAddress name of its own, never a dNSName.
    if is_address(bare.removeprefix("[").removesuffix("]")):
        return Unusable(
            say("{shown} is an IP address, not a DNS name (RFC 5280 4.2.1.6)", shown=shown)
        )
    try:
        return Pattern(parse_name(bare).labels)
    except InvalidNameError as error:
        return Unusable(
            say(
                "{shown} is no DNS name: {error}",
                shown=shown,
                error=visible(str(error), SHOWN_CHARS),
            )
        )


def _read_wildcard(text: str) -> Pattern | Unusable:
    shown = quoted(text)
    bare = text.removesuffix(".")
    if bare == "*":
        return Unusable(
            say('a bare "*" matches nothing ({wildcard_rule})', wildcard_rule=WILDCARD_RULE)
        )
    if text.count("*") > 1:
        return Unusable(
            say(
                "{shown} has more than one wildcard: it matches nothing ({wildcard_rule})",
                shown=shown,
                wildcard_rule=WILDCARD_RULE,
            )
        )
    first, _, rest = bare.partition(".")
    if "*" not in first:
        return Unusable(
            say(
                "{shown} has its wildcard outside the left-most label: it matches nothing"
                " ({wildcard_rule})",
                shown=shown,
                wildcard_rule=WILDCARD_RULE,
            )
        )
    if first != "*":
        where = (
            say("a part of an A-label")
            if first.lower().startswith("xn--")
            else say("a part of a label")
        )
        return Unusable(
            say(
                "the wildcard of {shown} is only {where}, it must be the complete left-most"
                " label ({wildcard_rule})",
                shown=shown,
                where=where,
                wildcard_rule=WILDCARD_RULE,
            )
        )
    name = _read_name(rest)
    if isinstance(name, Unusable):
        return Unusable(
            say("the wildcard {shown} is not usable: {reason}", shown=shown, reason=name.reason)
        )
    suffix = ".".join(name.labels)
    # Only what registries control: an operator's own "private" suffix may have a wildcard.
    if is_public_suffix(suffix):
        return Unusable(
            say(
                "{shown} matches nothing: {suffix} is a public suffix, the wildcard would"
                " cover other people's domains ({wildcard_rule}, RFC 6125 7.2)",
                shown=shown,
                suffix=quoted(suffix),
                wildcard_rule=WILDCARD_RULE,
            )
        )
    return Pattern(("*", *name.labels))


@per_language(maxsize=16_384)
def read_presented(kind: PresentedKind, text: str) -> Pattern | Unusable:
    """Read a presented identifier; total."""
    read = _read_wildcard(text) if "*" in text and not _has_nul(text) else _read_name(text)
    if kind is PresentedKind.CN_ID and "*" not in text:
        # RFC 6125 6.4.4: a CN counts only when its form is that of a fully qualified domain name.
        if isinstance(read, Unusable) and not read.address:
            return Unusable(
                say("the CN is a label for people, not a name: {reason}", reason=read.reason)
            )
        if isinstance(read, Pattern) and len(read.labels) == 1:
            return Unusable(
                say(
                    "the CN is a label for people, not a name: {text} is not fully qualified",
                    text=quoted(text),
                )
            )
    return read


@per_language(maxsize=1_024)
def read_reference(text: str) -> Pattern | Unusable:
    """Read a reference identifier; total.  It is a plain name, never a pattern."""
    return _read_name(text)
