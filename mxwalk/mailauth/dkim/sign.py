"""Signing a message, for the lab and the tests (RFC 6376 5): our tags, dkimpy's signature."""

import time
from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.mailauth.dkim.library import canonical_body, hash_of, make_signature
from mxwalk.mailauth.message import read_message

# RFC 6376 5.4.1: what a signature should cover, where the message has it.
_RECOMMENDED = (
    "from reply-to subject date to cc resent-date resent-from resent-to resent-cc in-reply-to "
    "references list-id list-help list-unsubscribe list-subscribe list-post list-owner list-archive "
    "sender message-id mime-version content-type content-transfer-encoding"
)
RECOMMENDED = tuple(_RECOMMENDED.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How to sign.

    ``headers`` are the names for ``h=`` in order, by default the recommended ones that the message
    has; a name more often than the message has it forbids adding such a field (over-signing).
    ``length`` limits ``l=`` to so many octets of the canonical body, -1 takes all of it.
    ``timestamp`` is seconds since 1970, by default now, 0 for none; ``copies`` adds ``z=``.
    """

    domain: str
    selector: str
    algorithm: str = ""
    header_canon: str = "relaxed"
    body_canon: str = "relaxed"
    headers: tuple[str, ...] = ()
    length: int | None = None
    timestamp: int | None = None
    expires: int | None = None
    identity: str = ""
    copies: bool = False


def sign(raw: bytes, key_pem: bytes, signing: Signing) -> bytes:
    """Return the message with a DKIM-Signature on top.

    ``raw`` has CRLF line ends.  Raises ``UsageError`` when key or message cannot be used.
    """
    return signature_field(raw, key_pem, signing) + raw


def signature_field(raw: bytes, key_pem: bytes, signing: Signing) -> bytes:
    """Return the DKIM-Signature field for a message, ended by CRLF."""
    message = read_message(raw)
    algorithm, key = signing_key(key_pem, signing.algorithm)
    body = canonical_body(message.body, signing.body_canon)
    length = signing.length
    if length is not None:
        length = len(body) if length < 0 else min(length, len(body))
        body = body[:length]
    have = {field.key for field in message.fields}
    names = signing.headers or tuple(name for name in RECOMMENDED if name in have)
    stamp = int(time.time()) if signing.timestamp is None else signing.timestamp
    copied = "|".join(
        f"{one.name}:{_quoted(one.value)}" for one in message.fields if one.key in names
    )
    tags = [
        ("v", "1"),
        ("a", algorithm),
        ("c", f"{signing.header_canon}/{signing.body_canon}"),
        ("d", signing.domain),
        ("i", signing.identity),
        ("s", signing.selector),
        ("l", "" if length is None else str(length)),
        ("t", str(stamp) if stamp else ""),
        ("x", "" if signing.expires is None else str(signing.expires)),
        ("h", " : ".join(names)),
        ("z", copied if signing.copies else ""),
        ("bh", b64encode(hash_of(algorithm, body)).decode("ascii")),
    ]
    octets = [(name.encode("ascii"), value.encode()) for name, value in tags if value]
    return make_signature(message.fields, octets, names, key, "DKIM-Signature")


def signing_key(pem: bytes, algorithm: str) -> tuple[str, bytes]:
    """Return the algorithm and the key as the library takes it; raises ``UsageError``."""
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        if b"RSA PRIVATE KEY" in pem:  # too small for the reader, not for the library
            return algorithm or "rsa-sha256", pem
        raise UsageError(say("the private key cannot be read: {error}", error=error)) from error
    if isinstance(key, Ed25519PrivateKey):
        return algorithm or "ed25519-sha256", b64encode(key.private_bytes_raw())
    return algorithm or "rsa-sha256", pem


def _quoted(value: str) -> str:
    """Return DKIM-Quoted-Printable (RFC 6376 2.11) with ``|`` encoded too (3.5, z=)."""
    octets = value.encode("utf-8", "surrogateescape")
    return "".join(
        chr(one) if 0x21 <= one <= 0x7E and one not in b";=|" else f"={one:02X}" for one in octets
    )
