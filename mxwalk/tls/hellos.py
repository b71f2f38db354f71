"""ClientHello, ServerHello and EncryptedExtensions, read from their bytes (RFC 8446 4.1, 4.3.1).

Reading is total: what is cut short or does not fit yields what was whole so far.  Values stay
numbers; names come from the registries.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mxwalk.text import visible
from mxwalk.tls.extension_types import KEY_SHARE, SERVER_NAME, SUPPORTED_GROUPS, SUPPORTED_VERSIONS
from mxwalk.tls.octets import Octets, numbers

VERSIONS = {
    0x0300: "SSLv3",
    0x0301: "TLSv1",
    0x0302: "TLSv1.1",
    0x0303: "TLSv1.2",
    0x0304: "TLSv1.3",
}
TLS_1_3 = 0x0304

# RFC 8446 4.1.3: the random of a ServerHello that is a HelloRetryRequest
_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
_RANDOM = 32
_NAME_SHOWN = 255


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What a client offers; ``shares`` are the groups it sent a key share for."""

    versions: tuple[int, ...]
    suites: tuple[int, ...]
    groups: tuple[int, ...]
    shares: tuple[int, ...]
    server_name: str
    extensions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ServerHello:
    """What a server chose.

    ``group`` is that of its key share, or the one a HelloRetryRequest asks for; ``None`` before TLS
    1.3.  ``whole`` is false when the message was cut short.
    """

    version: int
    is_retry: bool
    session_id: bytes
    suite: int
    compression: int
    extensions: Mapping[int, bytes]
    group: int | None
    whole: bool


def version_name(code: int) -> str:
    """Return the version as OpenSSL writes it, or the number in hexadecimal."""
    return VERSIONS.get(code) or f"0x{code:04X}"


def read_extensions(block: bytes) -> dict[int, bytes]:
    """Return the extensions of a block by type, in order; of two of one type, the first."""
    found: dict[int, bytes] = {}
    reader = Octets(block)
    while reader.left:
        kind, data = reader.number(2), reader.vector(2)
        if not reader.whole:
            break
        found.setdefault(kind, data)
    return found


def read_client_hello(body: bytes) -> ClientHello:
    """Read a ClientHello (RFC 8446 4.1.2)."""
    reader = Octets(body)
    legacy_version = reader.number(2)
    reader.take(_RANDOM)
    reader.vector(1)  # legacy_session_id
    suites = numbers(reader.vector(2), 2)
    reader.vector(1)  # legacy_compression_methods
    extensions = read_extensions(reader.vector(2)) if reader.left else {}
    versions = numbers(Octets(extensions.get(SUPPORTED_VERSIONS, b"")).vector(1), 2)
    return ClientHello(
        versions=versions or (legacy_version,),
        suites=suites,
        groups=numbers(Octets(extensions.get(SUPPORTED_GROUPS, b"")).vector(2), 2),
        shares=tuple(read_extensions(Octets(extensions.get(KEY_SHARE, b"")).vector(2))),
        server_name=_server_name(extensions.get(SERVER_NAME, b"")),
        extensions=tuple(extensions),
    )


def read_server_hello(body: bytes) -> ServerHello:
    """Read a ServerHello (RFC 8446 4.1.3, RFC 5246 7.4.1.3)."""
    reader = Octets(body)
    legacy_version = reader.number(2)
    random = reader.take(_RANDOM)
    session_id = reader.vector(1)
    suite, compression = reader.number(2), reader.number(1)
    whole = reader.whole
    extensions = read_extensions(reader.vector(2)) if reader.left else {}
    chosen = extensions.get(SUPPORTED_VERSIONS, b"")
    share = extensions.get(KEY_SHARE, b"")
    return ServerHello(
        version=int.from_bytes(chosen, "big") if len(chosen) == 2 else legacy_version,
        is_retry=random == _RETRY,
        session_id=session_id,
        suite=suite,
        compression=compression,
        extensions=extensions,
        group=int.from_bytes(share[:2], "big") if len(share) >= 2 else None,
        whole=whole,
    )


def read_encrypted_extensions(body: bytes) -> dict[int, bytes]:
    """Return the extensions of TLS 1.3's EncryptedExtensions."""
    return read_extensions(Octets(body).vector(2))


def read_alpn(data: bytes) -> str:
    """Return the protocol a server chose (RFC 7301 3.1), as printable text."""
    return visible(Octets(Octets(data).vector(2)).vector(1))


def _server_name(data: bytes) -> str:
    listed = Octets(Octets(data).vector(2))
    listed.take(1)  # RFC 6066 3: host_name(0), the only type there is
    return visible(listed.vector(2), _NAME_SHOWN)
