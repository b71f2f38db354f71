"""What the words of an EHLO response may be: keywords, parameters, domains, masked keywords.

The grammar is RFC 1869 4.3 / RFC 5321 4.1.1.1 for keywords and parameters, RFC 5321 4.1.2 for
domains and 4.1.3 for address literals.  Nothing is looked up; a domain is judged by its form alone.
"""

import ipaddress
import re

from mxwalk.language import say
from mxwalk.names import is_address
from mxwalk.smtp.registry import EXTENSIONS

KEYWORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
PARAMETER = re.compile(r"[\x21-\x7e]+")

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_DOMAIN_OCTETS = 253  # RFC 1035 2.3.4, without the root's length octet
_LITERAL_OCTETS = 255
_GENERAL_LITERAL = re.compile(r"[A-Za-z0-9-]*[A-Za-z0-9]:[\x21-\x5a\x5e-\x7e]+")

_OVERWRITTEN = re.compile(
    r"[Xx]{3,}[A-Za-z]?|[*]{3,}|[A-Za-z0-9]+[*]{2,}|[*]{2,}[A-Za-z0-9]+|#{3,}"
)
_MASK_CHARS = frozenset("X*#")
_MASKED_FROM = 6


def fold(word: str) -> str:
    """Return a keyword in upper case; letters beyond ASCII never fold into ASCII ones."""
    return word.upper() if word.isascii() else word


def is_domain(text: str) -> bool:
    """Say whether ``text`` has the form of a domain (RFC 5321 4.1.2; one label is enough)."""
    if len(text) > _DOMAIN_OCTETS or _DOMAIN.fullmatch(text) is None:
        return False
    return not is_address(text)  # an address stands in brackets


def looks_like_a_domain(text: str) -> bool:
    """Say whether ``text`` is a domain of two or more labels, or an address literal."""
    return ("." in text and is_domain(text)) or is_address_literal(text)


def is_address_literal(text: str) -> bool:
    """Say whether ``text`` is ``[192.0.2.1]``, ``[IPv6:2001:db8::1]`` or another tagged literal.

    RFC 5321 4.1.3: an IPv6 address needs its tag, and a zone index has no place.
    """
    if not (text.startswith("[") and text.endswith("]")) or len(text) > _LITERAL_OCTETS:
        return False
    inner = text[1:-1]
    tag, colon, rest = inner.partition(":")
    try:
        if colon and tag.upper() == "IPV6":
            return "%" not in rest and bool(ipaddress.IPv6Address(rest).packed)
        if not colon:
            return bool(ipaddress.IPv4Address(inner).packed)
    except ValueError:
        return False
    return not is_address(inner) and _GENERAL_LITERAL.fullmatch(inner) is not None


def is_domain_or_literal(text: str) -> bool:
    """Say whether ``text`` may open a greeting line (RFC 5321 4.1.1.1: ehlo-ok-rsp)."""
    return is_domain(text) or is_address_literal(text)


def masked_original(word: str) -> str | None:
    """Return what ``word`` was before a device overwrote it, or ``None`` if it looks genuine.

    Some firewalls hide extensions by writing over the keyword, letter by letter, so that the length
    of the line stays.  Two signs are taken, both conservative.  The word is X throughout (with at
    most one other letter at its end, ``XXXXXXXA``), or ``*`` or ``#``, from three characters on, or it
    begins or ends in two or more ``*``.  Or it has the length of a registered keyword of six or more
    letters and differs from it in one place, where X, ``*`` or ``#`` stands (``STARTTLX``).  A
    registered word is never masked.
    """
    upper = fold(word)
    if upper in EXTENSIONS or len(word) < 3:
        return None
    if _OVERWRITTEN.fullmatch(word):
        return "STARTTLS" if len(word) == len("STARTTLS") else say("another keyword")
    for keyword in EXTENSIONS:
        if len(keyword) == len(upper) >= _MASKED_FROM:
            differing = [got for got, real in zip(upper, keyword, strict=True) if got != real]
            if len(differing) == 1 and differing[0] in _MASK_CHARS:
                return keyword
    return None
