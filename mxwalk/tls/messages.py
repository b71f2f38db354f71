"""The handshake messages behind the hellos, read from their bytes.

Certificate (RFC 8446 4.4.2, RFC 5246 7.4.2) gives the chain exactly as sent; CertificateVerify (RFC
8446 4.4.3) and ServerKeyExchange (RFC 5246 7.4.3, RFC 8422 5.4) the server's signature scheme and its
ephemeral key; CertificateRequest and NewSessionTicket speak for themselves.  Reading is total: what
is cut short or does not fit yields what was whole so far, or nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.tls.dh_groups import registered_name
from mxwalk.tls.extension_types import CERTIFICATE_AUTHORITIES, SIGNATURE_ALGORITHMS
from mxwalk.tls.hellos import TLS_1_3, read_extensions
from mxwalk.tls.octets import Octets, numbers, vectors

CLIENT_HELLO = 1
SERVER_HELLO = 2
NEW_SESSION_TICKET = 4
ENCRYPTED_EXTENSIONS = 8
CERTIFICATE = 11
SERVER_KEY_EXCHANGE = 12
CERTIFICATE_REQUEST = 13
SERVER_HELLO_DONE = 14
CERTIFICATE_VERIFY = 15
FINISHED = 20
CERTIFICATE_STATUS = 22

# RFC 8446 4; IANA "TLS HandshakeType"
NAMES = {
    0: "HelloRequest",
    1: "ClientHello",
    2: "ServerHello",
    4: "NewSessionTicket",
    5: "EndOfEarlyData",
    8: "EncryptedExtensions",
    11: "Certificate",
    12: "ServerKeyExchange",
    13: "CertificateRequest",
    14: "ServerHelloDone",
    15: "CertificateVerify",
    16: "ClientKeyExchange",
    20: "Finished",
    21: "CertificateURL",
    22: "CertificateStatus",
    23: "SupplementalData",
    24: "KeyUpdate",
    25: "CompressedCertificate",
}
TLS_1_2 = 0x0303

# RFC 5246 7.4.4, RFC 8422 5.5
_CERTIFICATE_TYPES = {
    1: "rsa_sign",
    2: "dss_sign",
    3: "rsa_fixed_dh",
    4: "dss_fixed_dh",
    64: "ecdsa_sign",
    65: "rsa_fixed_ecdh",
    66: "ecdsa_fixed_ecdh",
}
_NAMED_CURVE = 3  # RFC 8422 5.4: ECCurveType named_curve(3)


@dataclass(frozen=True, slots=True)
class KeyExchange:
    """A ServerKeyExchange: a named curve, or a prime with its name; the scheme of its signature.

    ``prime_name`` is empty for a prime that is not registered.
    """

    curve: int | None = None
    prime_bits: int = 0
    prime_name: str = ""
    scheme: int | None = None


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """A CertificateRequest: TLS 1.2's certificate types, signature schemes, names in DER."""

    types: tuple[int, ...]
    schemes: tuple[int, ...]
    authorities: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A NewSessionTicket (RFC 8446 4.6.1, RFC 5077 3.3)."""

    lifetime_s: int
    size: int


def message_name(code: int) -> str:
    """Return the message's name in the RFCs."""
    return NAMES.get(code) or f"message {code}"


def certificate_type(code: int) -> str:
    """Return the name of a type of client certificate, or its number."""
    return _CERTIFICATE_TYPES.get(code) or str(code)


def certificates(body: bytes, version: int) -> Iterator[bytes]:
    """Yield the certificates of a Certificate message, in the order sent."""
    at = 0
    if version >= TLS_1_3:
        at = 1 + (body[0] if body else 0)  # certificate_request_context
    at += 3  # the length of the list, which the message's own length implies
    while at + 3 <= len(body):
        size = int.from_bytes(body[at : at + 3], "big")
        end = at + 3 + size
        if not size or end > len(body):
            return
        yield body[at + 3 : end]
        at = end
        if version >= TLS_1_3:
            at += 2 + int.from_bytes(body[at : at + 2], "big")  # extensions


def leaf_extensions(body: bytes, version: int) -> dict[int, bytes]:
    """Return the extensions beside the first certificate; only TLS 1.3 has them (RFC 8446 4.4.2)."""
    if version < TLS_1_3:
        return {}
    reader = Octets(body)
    reader.vector(1)  # certificate_request_context
    reader.take(3)  # the length of the list
    reader.vector(3)
    return read_extensions(reader.vector(2)) if reader.whole else {}


def verify_scheme(body: bytes) -> int | None:
    """Return the SignatureScheme of a CertificateVerify."""
    return int.from_bytes(body[:2], "big") if len(body) >= 2 else None


def read_key_exchange(body: bytes, version: int) -> KeyExchange:
    """Read a ServerKeyExchange; before TLS 1.2 its signature has no scheme.

    The message does not say whether it is ECDHE or DHE: the reading whose lengths add up is right.
    """
    curve = Octets(body)
    if curve.number(1) == _NAMED_CURVE:
        code = curve.number(2)
        point = curve.vector(1)
        found = _signature(curve, version)
        if curve.whole and point and found is not None:
            return KeyExchange(curve=code, scheme=found or None)
    field = Octets(body)
    prime, base, public = (field.vector(2) for _ in ("dh_p", "dh_g", "dh_Ys"))  # RFC 5246 7.4.3
    found = _signature(field, version)
    if field.whole and prime and base and public and found is not None:
        return KeyExchange(
            prime_bits=int.from_bytes(prime, "big").bit_length(),
            prime_name=registered_name(prime),
            scheme=found or None,
        )
    return KeyExchange()


def _signature(reader: Octets, version: int) -> int | None:
    """Return the scheme of the signature that ends the message, 0 without one, ``None`` if unfit."""
    if not reader.left:
        return 0
    scheme = reader.number(2) if version >= TLS_1_2 else 0
    reader.vector(2)
    return scheme if reader.whole and not reader.left else None


def read_certificate_request(body: bytes, version: int) -> CertificateRequest:
    """Read a CertificateRequest (RFC 8446 4.3.2, RFC 5246 7.4.4)."""
    reader = Octets(body)
    if version >= TLS_1_3:
        reader.vector(1)  # certificate_request_context
        extensions = read_extensions(reader.vector(2))
        schemes = Octets(extensions.get(SIGNATURE_ALGORITHMS, b"")).vector(2)
        names = Octets(extensions.get(CERTIFICATE_AUTHORITIES, b"")).vector(2)
        return CertificateRequest((), numbers(schemes, 2), tuple(vectors(names, 2)))
    types = tuple(reader.vector(1))
    schemes = reader.vector(2) if version == TLS_1_2 else b""
    return CertificateRequest(types, numbers(schemes, 2), tuple(vectors(reader.vector(2), 2)))


def read_ticket(body: bytes, version: int) -> Ticket:
    """Read a NewSessionTicket; an empty one gives nothing to resume by (RFC 5077 3.3)."""
    reader = Octets(body)
    lifetime_s = reader.number(4)
    if version >= TLS_1_3:
        reader.take(4)  # ticket_age_add
        reader.vector(1)  # ticket_nonce
    return Ticket(lifetime_s, len(reader.vector(2)))
