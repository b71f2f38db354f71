"""The few handshake messages whose contents OpenSSL does not hand out, read from their bytes.

Certificate (RFC 8446 4.4.2, RFC 5246 7.4.2) gives the chain exactly as sent; CertificateVerify (RFC
8446 4.4.3) and ServerKeyExchange (RFC 5246 7.4.3, RFC 8422 5.4) the server's signature scheme.
Reading is total: what is cut short or does not fit yields what was whole so far, or nothing.
"""

import struct
from collections.abc import Iterator

SERVER_HELLO = 2
CERTIFICATE = 11
SERVER_KEY_EXCHANGE = 12
CERTIFICATE_VERIFY = 15

TLS_1_2 = 0x0303
TLS_1_3 = 0x0304

_NAMED_CURVE = 3  # RFC 8422 5.4: ECCurveType named_curve(3)


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


def verify_scheme(body: bytes) -> int | None:
    """Return the SignatureScheme of a CertificateVerify."""
    return int.from_bytes(body[:2], "big") if len(body) >= 2 else None


def key_exchange_scheme(body: bytes) -> int | None:
    """Return the SignatureScheme of a TLS 1.2 ServerKeyExchange, ``None`` for an unsigned one.

    The message does not say whether it is ECDHE or DHE: the reading whose lengths add up is right.
    """
    candidates = []
    if len(body) > 4 and body[0] == _NAMED_CURVE:
        candidates.append(4 + body[3])
    candidates.append(_behind_dhe(body))
    for at in candidates:
        if at + 4 > len(body):
            continue
        scheme, size = struct.unpack_from("!HH", body, at)
        if at + 4 + size == len(body):
            return int(scheme)
    return None


def _behind_dhe(body: bytes) -> int:
    at = 0
    for _ in ("dh_p", "dh_g", "dh_Ys"):  # RFC 5246 7.4.3, each with a length of two bytes
        at += 2 + int.from_bytes(body[at : at + 2], "big")
    return at
