"""The report addresses of ``rua`` and ``ruf`` (RFC 9989 4.6, 4.8; RFC 7489 6.2, 6.4).

Commas part the addresses; a comma or exclamation mark within one must be percent-encoded.  Only
``mailto:`` is in use: RFC 7489 and RFC 9989 name no other way to send, and receivers ignore a scheme
they do not support.
"""

import re
from urllib.parse import unquote

from mxwalk.language import say
from mxwalk.limits import DMARC_REPORT_ADDRESSES, MAILBOX_BYTES
from mxwalk.mailauth.dmarc.model import ReportUri
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@$&'()*+=-]|%[0-9A-Fa-f]{2})+")
_SIZE = re.compile(r"!([0-9]+[kmgtKMGT]?)$")  # RFC 7489 6.4: dmarc-uri
_SPACE = " \t\r\n"
SHOWN = 300


def read_uris(tag: str, value: str) -> tuple[ReportUri, ...]:
    """Return the addresses of a ``rua`` or ``ruf`` value, each with what is wrong with it; total."""
    parts = value.split(",")[:DMARC_REPORT_ADDRESSES]
    return tuple(_read(tag, part.strip(_SPACE)) for part in parts)


def names_an_address(value: str) -> bool:
    """Say whether a value has at least one syntactically valid URI (RFC 9989 4.10.1).

    The scheme does not matter here: the question is which policy counts, not where reports go.
    """
    parts = (_SIZE.sub("", part.strip(_SPACE)) for part in value.split(","))
    return any(_URI.fullmatch(part) for part in parts)


def _read(tag: str, written: str) -> ReportUri:
    shown = visible(written.encode("latin-1", "replace"), SHOWN)  # one character an octet
    size = _SIZE.search(written)
    plain = _SIZE.sub("", written)
    limit = visible(size.group(1), SHOWN) if size else ""

    def unusable(problem: str) -> ReportUri:
        return ReportUri(tag=tag, uri=shown, size=limit, problem=problem)

    if not plain:
        return unusable(say("nothing stands here"))
    scheme, colon, rest = plain.partition(":")
    if not colon and "@" in plain:
        return unusable(say("a bare address is no URI: write mailto: before it"))
    if not _URI.fullmatch(plain):
        return unusable(say("this is no URI (RFC 3986)"))
    if scheme.lower() != "mailto":
        return unusable(
            say(
                "receivers send reports by e-mail only; {scheme}: is ignored",
                scheme=visible(scheme, 20).lower(),
            )
        )
    address = unquote(rest.partition("?")[0], errors="replace")
    local, at, host = address.rpartition("@")
    if not at or not local or len(address) > MAILBOX_BYTES:
        return unusable(say("there is no e-mail address behind mailto:"))
    try:
        name = parse_name(host)
    except InvalidNameError as error:
        return unusable(
            say("the address has no usable domain: {error}", error=visible(str(error), SHOWN))
        )
    return ReportUri(
        tag=tag, uri=shown, address=visible(address, SHOWN), host=name.ascii, size=limit
    )
