"""Whether one name lies within one subtree (RFC 5280 4.2.1.10), as OpenSSL decides it.

Each kind of name has its rule (crypto/x509/v3_ncons.c).  A name or a constraint that does not have
the form of its kind is not simply outside: nobody can tell, and the chain fails.
"""

import enum
import re

from mxwalk.names import InvalidNameError, parse_name
from mxwalk.pkix.subtrees import GeneralName
from mxwalk.tls import der
from mxwalk.tls.certificate_names import EMAIL, OTHER, distinguished_name
from mxwalk.tls.der import DerError

_SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9"  # RFC 9598
_PLAIN_HOST = re.compile(rb"[^:/?#]*")


class Within(enum.Enum):
    """Whether a name is inside a subtree; the last two fail the chain."""

    YES = "yes"
    NO = "no"
    BAD_NAME = "bad-name"
    UNSUPPORTED = "unsupported"


def effective_tag(name: GeneralName) -> int:
    """Return the kind whose constraints a name falls under (RFC 9598 6 for e-mail in Unicode)."""
    if name.tag == OTHER and _other_type(name) == _SMTP_UTF8_MAILBOX:
        return EMAIL
    return name.tag


def comparable(name: GeneralName, base: GeneralName) -> bool:
    """Say whether a subtree is about names of this kind at all."""
    if effective_tag(name) != base.tag:
        return False
    return base.tag != OTHER or _other_type(name) == _other_type(base)


def within(name: GeneralName, base: GeneralName) -> Within:
    """Compare a name with the base of a subtree of its kind."""
    match name.tag:
        case 0x82:
            return _dns(name.content, base.content)
        case 0x81:
            return _email(name.content, base.content)
        case 0x87:
            return _address(name.content, base.content)
        case 0x86:
            return _uri(name.content, base.content)
        case 0xA4:
            return _directory(name.content, base.content)
        case 0xA0 if effective_tag(name) == EMAIL:
            return _unicode_email(name, base.content)
        case _:
            return Within.UNSUPPORTED


def _answer(condition: object) -> Within:
    return Within.YES if condition else Within.NO


def _dns(name: bytes, base: bytes) -> Within:
    if not base:
        return Within.YES  # an empty base stands for every name
    if len(name) < len(base):
        return Within.NO
    cut = len(name) - len(base)
    if cut and base[:1] != b"." and name[cut - 1 : cut] != b".":
        return Within.NO
    return _answer(name[cut:].lower() == base.lower())


def _email(name: bytes, base: bytes) -> Within:
    local, at, host = name.rpartition(b"@")
    if not at:
        return Within.BAD_NAME
    base_local, base_at, base_host = base.rpartition(b"@")
    if not base_at and base.startswith(b"."):
        return _answer(len(name) > len(base) and name.lower().endswith(base.lower()))
    if base_local:
        if len(base_local) != len(local):
            return Within.NO
        if b"\0" in base_local or b"\0" in local:
            return Within.BAD_NAME
        if base_local != local:  # the local part is compared with case
            return Within.NO
    return _answer(host.lower() == base_host.lower())


def _unicode_email(name: GeneralName, base: bytes) -> Within:
    try:
        parts = tuple(der.elements(name.content))
        value = der.only(parts[1].content, 0x0C).content
    except (DerError, IndexError):
        return Within.BAD_NAME
    base_local, base_at, base_host = base.rpartition(b"@")
    dotted = base_host.startswith(b".") and not base_at
    try:
        host = parse_name(base_host.decode("ascii").removeprefix("." if dotted else ""))
    except (InvalidNameError, UnicodeDecodeError):
        return Within.BAD_NAME
    unicode_host = ("." if dotted else "").encode() + host.unicode.encode()
    return _email(value, base_local + base_at + unicode_host)


def _uri(name: bytes, base: bytes) -> Within:
    host = _uri_host(name.split(b"\0", 1)[0])
    if host is None:
        return Within.BAD_NAME
    if base.startswith(b"."):
        return _answer(len(host) > len(base) and host.lower().endswith(base.lower()))
    return _answer(host.lower() == base.lower())


def _uri_host(uri: bytes) -> bytes | None:
    scheme, separator, rest = uri.partition(b"://")
    if not scheme or not separator:
        return None
    rest = rest.partition(b"@")[2] if b"@" in rest else rest
    if rest.startswith(b"["):
        host, closed, rest = rest[1:].partition(b"]")
        if not closed:
            return None
    else:
        found = _PLAIN_HOST.match(rest)
        host = found.group() if found else b""
        rest = rest[len(host) :]
    if rest.startswith(b":"):
        digits = re.match(rb"[0-9]{1,5}", rest[1:])
        if digits is None or int(digits.group()) > 65_535:
            return None
        rest = rest[1 + digits.end() :]
    return host if not rest or rest[:1] in b"/?#" else None


def _address(name: bytes, base: bytes) -> Within:
    if len(name) not in {4, 16} or len(base) not in {8, 32}:
        return Within.BAD_NAME
    if 2 * len(name) != len(base):
        return Within.NO
    network, mask = base[: len(name)], base[len(name) :]
    return _answer(
        all(one & bits == two & bits for one, two, bits in zip(name, network, mask, strict=True))
    )


def _directory(name: bytes, base: bytes) -> Within:
    """Say whether the name begins with the base, compared as names are (RFC 5280 7.1)."""
    try:
        given = distinguished_name(der.only(name, der.SEQUENCE)).canonical
        wanted = distinguished_name(der.only(base, der.SEQUENCE)).canonical
    except DerError:
        return Within.BAD_NAME
    return _answer(given[: len(wanted)] == wanted)


def _other_type(name: GeneralName) -> str:
    try:
        return der.oid(next(der.elements(name.content)))
    except (DerError, StopIteration):
        return ""


def dns_name_in(common_name: bytes) -> bytes | None:
    """Return a common name that has the form of a DNS name of two labels or more, else nothing.

    Raises ``ValueError`` for one with a NUL inside.
    """
    text = common_name.rstrip(b"\0")
    if b"\0" in text:
        raise ValueError("a NUL inside a common name")
    labels = text.split(b".")
    plain = re.compile(rb"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
    return text if len(labels) > 1 and all(map(plain.fullmatch, labels)) else None
