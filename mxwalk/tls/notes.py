"""What matters of a handshake message, in a few words of registered names and numbers."""

from collections.abc import Iterable

from mxwalk.limits import HANDSHAKE_NAMED
from mxwalk.tls.alerts import alert_name
from mxwalk.tls.cipher_suites import suite_name
from mxwalk.tls.extension_types import extension_name
from mxwalk.tls.groups import group_name
from mxwalk.tls.hellos import ClientHello, ServerHello, version_name

_SIGNALS = {0x00FF, 0x5600}  # RFC 5746 3.3, RFC 7507 2: signalling values, no cipher suites
_LEVELS = {1: "warning", 2: "fatal"}  # RFC 8446 6


def client_hello_note(hello: ClientHello) -> str:
    """Return versions, the number of cipher suites, the groups with a key share, and the name."""
    ends = (min(hello.versions), max(hello.versions)) if hello.versions else ()
    shares = " ".join(map(group_name, hello.shares[:HANDSHAKE_NAMED]))
    count = len(set(hello.suites) - _SIGNALS)
    return _joined(
        " to ".join(dict.fromkeys(map(version_name, ends))),
        f"{count} cipher suite{'' if count == 1 else 's'}",
        f"key share {shares}" if shares else "",
        f"server_name {hello.server_name}" if hello.server_name else "no server_name",
    )


def server_hello_note(hello: ServerHello) -> str:
    """Return what was chosen; of a HelloRetryRequest, what it asks for."""
    group = "" if hello.group is None else group_name(hello.group)
    if hello.is_retry:
        return f"asks for a key share of {group}" if group else ""
    return _joined(version_name(hello.version), suite_name(hello.suite), group)


def extensions_note(codes: Iterable[int]) -> str:
    """Return the names of extensions."""
    return " ".join(map(extension_name, list(codes)[:HANDSHAKE_NAMED]))


def alert_note(data: bytes) -> str:
    """Return level, name and number of an alert (RFC 8446 6)."""
    if len(data) < 2:
        return ""
    return f"{_LEVELS.get(data[0], 'level ' + str(data[0]))} {alert_name(data[1])} ({data[1]})"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many}"


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
