"""Addresses to fetch from, as they stand in certificates, policies and redirects: strangers' text.

Read strictly (RFC 3986, RFC 9110 4.2): ``http`` and ``https`` only, a host that is a name or an
address, no user name, printable ASCII.  Path and query are kept byte for byte; a fragment is not
sent (RFC 9110 7.1).  What cannot be used is a ``BadUrl`` with the reason; nothing is raised.
"""

import enum
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from mxwalk.limits import HTTP_URL_CHARS
from mxwalk.names import InvalidNameError, is_address, parse_name
from mxwalk.text import visible

SHOWN_CHARS = 200
_PORT = re.compile(r"[0-9]{1,5}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Other programs read such a last label as part of an IPv4 address, in octal or hex even.
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")


class Scheme(enum.Enum):
    """The two schemes that are fetched."""

    HTTP = "http"
    HTTPS = "https"

    @property
    def port(self) -> int:
        """The port without one in the URL (RFC 9110 4.2.1, 4.2.2)."""
        return 443 if self is Scheme.HTTPS else 80


@dataclass(frozen=True, slots=True)
class Url:
    """A URL that may be asked for.

    ``host`` is a name in A-labels, or an address without brackets; ``target`` is path and query as
    sent (origin-form, RFC 9112 3.2.1).
    """

    scheme: Scheme
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's, port: the Host field (RFC 9110 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == self.scheme.port else f"{host}:{self.port}"

    @property
    def host_is_address(self) -> bool:
        """Whether no name is to be resolved."""
        return is_address(self.host)

    def __str__(self) -> str:
        """Return the URL without what is never sent."""
        return f"{self.scheme.value}://{self.authority}{self.target}"


@dataclass(frozen=True, slots=True)
class BadUrl:
    """A text that is not fetched; ``problem`` is the reason, in one sentence."""

    problem: str


class _UnusableError(ValueError):
    """The reason in words, without the URL."""


def read_url(text: str) -> Url | BadUrl:
    """Read an absolute URL; total."""
    try:
        return _read(text)
    except _UnusableError as error:
        return BadUrl(f"{visible(text, SHOWN_CHARS)} is not fetched: {error}")


def follow(base: Url, location: str) -> Url | BadUrl:
    """Read a Location field, which may be relative to ``base`` (RFC 9110 10.2.2); total."""
    if _SCHEME.match(location):
        return read_url(location)
    try:
        _check_characters(location)
        joined = urljoin(str(base), location)
    except ValueError as error:  # also for brackets that do not belong together
        return BadUrl(f"the redirect to {visible(location, SHOWN_CHARS)} is not followed: {error}")
    return read_url(joined)


def _read(text: str) -> Url:
    _check_characters(text)
    scheme = _scheme(text)
    rest = text.partition(":")[2]
    if not rest.startswith("//"):
        raise _UnusableError("it names no host")
    rest = rest[2:].partition("#")[0]
    end = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    authority, target = rest[:end], rest[end:]
    if "@" in authority:
        raise _UnusableError("it holds a user name or password")  # RFC 9110 4.2.4
    host, port = _split(authority, scheme)
    # RFC 9112 3.2.1: an empty path is sent as "/".
    return Url(scheme, host, port, target if target.startswith("/") else f"/{target}")


def _check_characters(text: str) -> None:
    if len(text) > HTTP_URL_CHARS:
        raise _UnusableError(f"it has {len(text)} characters; {HTTP_URL_CHARS} are allowed")
    for char in text:
        if not "!" <= char <= "~":  # RFC 3986 2; RFC 5280 7.4 has IRIs converted
            raise _UnusableError(f"the character {visible(char)!r} does not belong in a URL")


def _scheme(text: str) -> Scheme:
    match = _SCHEME.match(text)
    if match is None:
        raise _UnusableError("it is no absolute URL")
    name = match.group()[:-1].lower()
    try:
        return Scheme(name)
    except ValueError as error:
        raise _UnusableError(f"only http and https are fetched, not {name[:30]}") from error


def _split(authority: str, scheme: Scheme) -> tuple[str, int]:
    if authority.startswith("["):
        host, bracket, rest = authority[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise _UnusableError("its brackets enclose no address")
        return _ipv6(host), _port(rest[1:], scheme)
    host, _, port = authority.partition(":")
    return _host(host), _port(port, scheme)


def _port(text: str, scheme: Scheme) -> int:
    if not text:
        return scheme.port  # RFC 3986 3.2.3: the port may be empty
    if not _PORT.fullmatch(text) or not 0 < int(text) < 65_536:
        raise _UnusableError(f"{visible(text, 20)!r} is no port")
    return int(text)


def _ipv6(text: str) -> str:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError as error:
        raise _UnusableError("its brackets enclose no IPv6 address") from error
    if address.scope_id is not None:
        raise _UnusableError("an address with a zone belongs to one network only")
    return str(address)


def _host(text: str) -> str:
    if not text:
        raise _UnusableError("it names no host")
    if is_address(text):
        return text
    plain = text.removesuffix(".")
    if plain.endswith("."):
        raise _UnusableError("its host ends in an empty label")
    try:
        name = parse_name(plain).ascii
    except InvalidNameError as error:
        raise _UnusableError(f"its host cannot be one: {error}") from error
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        raise _UnusableError("its host ends in a number and is no IPv4 address")
    return name
