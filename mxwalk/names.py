"""Domain names in their two forms: A-labels for the protocols, U-labels for people.

Conversion is IDNA 2008 with UTS 46 mapping (RFC 5891); names are compared as A-labels, without case
and without the trailing dot.  Underscore labels are accepted because DNS service names use them.
"""

import ipaddress
import re

import idna
import msgspec

from mxwalk.language import say
from mxwalk.wordings import IDNA, reworded

_LDH = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_MAX_NAME = 253
_SHOWN = 200


class InvalidNameError(ValueError):
    """A text that is no domain name; the message says why."""


class Name(msgspec.Struct, frozen=True):
    """A domain name: ``ascii`` in lower-case A-labels without trailing dot, ``unicode`` for show."""

    ascii: str
    unicode: str

    def __str__(self) -> str:
        """Return the form for people."""
        return self.unicode

    @property
    def labels(self) -> tuple[str, ...]:
        """The A-labels, left-most first."""
        return tuple(self.ascii.split("."))


def parse_name(text: str) -> Name:
    """Read a host or domain name.

    Raises ``InvalidNameError`` with the reason when it cannot be one (empty label, more than 63
    octets in a label or 253 in all, a character outside letters, digits, hyphen and underscore, bad
    IDNA).
    """
    plain = text.strip().rstrip(".")
    if not plain:
        raise InvalidNameError(say("the name is empty"))
    if len(plain) > 1_000:
        raise InvalidNameError(
            say(
                "the name is {number} characters long; {limit} are allowed",
                number=len(plain),
                limit=_MAX_NAME,
            )
        )
    if plain.isascii():
        ascii_form = plain.lower()
    else:
        try:
            ascii_form = idna.encode(plain, uts46=True).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError) as error:
            reason = reworded(str(error)[:_SHOWN], IDNA)  # idna quotes the whole label, escaped
            raise InvalidNameError(say("not a name by IDNA 2008: {error}", error=reason)) from error
    if len(ascii_form) > _MAX_NAME:
        raise InvalidNameError(
            say(
                "the name is {number} octets long, over {limit}",
                number=len(ascii_form),
                limit=_MAX_NAME,
            )
        )
    for label in ascii_form.split("."):
        if not label:
            raise InvalidNameError(say("the name has an empty label"))
        if len(label) > 63:
            raise InvalidNameError(say("a label is longer than 63 octets"))
        if not _LDH.fullmatch(label):
            raise InvalidNameError(
                say(
                    "the label {label!r} is not made of letters, digits and hyphens",
                    label=label[:70],
                )
            )
    return Name(ascii=ascii_form, unicode=_to_unicode(ascii_form))


def _to_unicode(ascii_form: str) -> str:
    if "xn--" not in ascii_form:
        return ascii_form
    try:
        return idna.decode(ascii_form)
    except (idna.IDNAError, UnicodeError):
        return ascii_form


def is_address(text: str) -> bool:
    """Say whether ``text`` is an IPv4 or IPv6 address (without brackets)."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def address_literal(address: str) -> str:
    """Return an address as SMTP writes it in place of a domain (RFC 5321 4.1.3)."""
    return f"[{'IPv6:' if ':' in address else ''}{address}]"
