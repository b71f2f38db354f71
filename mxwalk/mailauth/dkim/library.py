"""The one place where ``dkimpy`` is called: all of DKIM's cryptography is the library's.

The library reads the clock, parses what our own readers have already judged, and raises on much that
is malformed.  So it is given the fields, the body and the key record as they were read here, and
asked for the two things only it can say: what is hashed, and whether a signature agrees.
"""

import hashlib
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.mailauth.dkim.model import KeyRecord, Signature
from mxwalk.mailauth.message import HeaderField

_LONG_SPACE = re.compile(rb"[ \t]{2,}")


@dataclass(frozen=True, slots=True)
class HeaderCheck:
    """Whether the signature over the header fields agrees, and the library's own word."""

    agrees: bool
    detail: str = ""


def canonical_body(body: bytes, canon: str, length: int | None = None) -> bytes:
    """Return the octets whose hash is ``bh=`` (RFC 6376 3.4.3, 3.4.4, 3.7)."""
    octets = _canonical_body(body, canon)
    return octets if length is None else octets[:length]


@lru_cache(maxsize=2)  # the verifier and the explanation ask for the same one
def _canonical_body(body: bytes, canon: str) -> bytes:
    from dkim.canonicalization import CanonicalizationPolicy  # type: ignore[import-untyped]

    if body and not body.endswith(b"\r\n"):
        body += b"\r\n"
    if canon == "relaxed":  # the same for relaxed, and long runs cost the library quadratic time
        body = _LONG_SPACE.sub(b" ", body)
    policy = CanonicalizationPolicy.from_c_value(b"simple/" + canon.encode("ascii"))
    octets: bytes = policy.canonicalize_body(body)
    return octets


def hash_of(algorithm: str, octets: bytes) -> bytes:
    """Return the hash that an algorithm of ``a=`` takes."""
    if algorithm == "rsa-sha1":
        return hashlib.sha1(octets, usedforsecurity=False).digest()
    return hashlib.sha256(octets).digest()


def canonical_fields(
    fields: Sequence[tuple[bytes, bytes]], canon: str
) -> list[tuple[bytes, bytes]]:
    """Return fields as they are hashed, given as name and value octets (RFC 6376 3.4.1, 3.4.2)."""
    from dkim.canonicalization import CanonicalizationPolicy

    policy = CanonicalizationPolicy.from_c_value(canon.encode("ascii") + b"/simple")
    found: list[tuple[bytes, bytes]] = policy.canonicalize_headers(list(fields))
    return found


def check_header(
    fields: Sequence[HeaderField], signature: Signature, key: KeyRecord
) -> HeaderCheck:
    """Return whether ``b=`` agrees with the fields that ``h=`` names, by ``key``.

    The body plays no part but for ``bh=``, which is signed.  Signature and key must be usable.
    """
    import dkim  # type: ignore[import-untyped]

    if signature.header_canon == "simple" and _overlooks(fields, signature):
        return HeaderCheck(False, "a field that h= names has white space before its colon")
    tags = signature.tags
    record = f"k={key.key_type}; p={b64encode(key.key).decode()}".encode("ascii")
    values = {
        b"a": signature.algorithm.encode("ascii"),
        b"c": f"{signature.header_canon}/{signature.body_canon}".encode("ascii"),
        b"d": signature.domain.encode("ascii"),
        b"s": signature.selector.encode("ascii"),
        b"b": (tags.get("b") or "").encode("latin-1"),
    }
    job = dkim.DKIM(minkey=0)
    job.headers = [octets_pair(field.raw) for field in fields]
    try:
        agrees = job.verify_sig(
            values,
            [name.encode("latin-1") for name in signature.signed],
            octets_pair(signature.raw),
            lambda _name, timeout=5: record,  # noqa: ARG005 - the library's signature
        )
    except (
        dkim.DKIMException,
        ValueError,
        LookupError,
        TypeError,
        ArithmeticError,
        AssertionError,
    ) as error:
        return HeaderCheck(False, f"{type(error).__name__}: {error}")
    return HeaderCheck(bool(agrees))


def _overlooks(fields: Sequence[HeaderField], signature: Signature) -> bool:
    """Say whether the library misses a field that ``h=`` picks (RFC 6376 5.4.2).

    By the simple canonicalization it compares names with the white space before the colon, so that a
    second ``Subject :`` would slip past a signature that forbids one.  It adds From once to ``h=``.
    """
    wanted = Counter((*signature.signed, "from"))
    for field in reversed(fields):
        if wanted[field.key] > 0:
            wanted[field.key] -= 1
            if field.name_octets.endswith((b" ", b"\t")):
                return True
    return False


def octets_pair(raw: bytes) -> tuple[bytes, bytes]:
    """Return a field as the library holds it: its name, and its value with CRLF at the end."""
    name, _, value = raw.partition(b":")
    return name, value.rstrip(b"\r\n") + b"\r\n"


def make_signature(
    fields: Sequence[HeaderField],
    tags: Sequence[tuple[bytes, bytes]],
    names: Sequence[str],
    key: bytes,
    own_name: str,
) -> bytes:
    """Return a signature field of ``own_name`` over the ``names`` among ``fields``, ended by CRLF.

    ``tags`` are all its tags in order but ``b=``, relaxed without ``c=``; ``key`` is PEM for RSA
    (PKCS#1 or PKCS#8), the 32-octet seed in base64 for Ed25519.  Raises ``UsageError`` when the key
    cannot be used.
    """
    import dkim
    from dkim.canonicalization import CanonicalizationPolicy
    from dkim.crypto import HASH_ALGORITHMS  # type: ignore[import-untyped]

    values = dict(tags)
    job = dkim.DKIM(signature_algorithm=values[b"a"])
    job.headers = [octets_pair(field.raw) for field in fields]
    job.hasher = HASH_ALGORITHMS[values[b"a"]]
    try:
        value: bytes = job.gen_header(
            [*tags, (b"b", b"0" * 60)],  # its own line, as the library does it
            [one.strip().lower().encode("ascii") for one in names],
            CanonicalizationPolicy.from_c_value(values.get(b"c", b"relaxed/relaxed")),
            own_name.encode("ascii"),
            _private_key(key, values[b"a"]),
        )
    except (dkim.DKIMException, ValueError, LookupError, TypeError) as error:
        raise UsageError(say("the message cannot be signed: {error}", error=error)) from error
    return own_name.encode("ascii") + b": " + value


def _private_key(key: bytes, algorithm: bytes) -> object:
    if algorithm == b"ed25519-sha256":
        from nacl.encoding import Base64Encoder
        from nacl.signing import SigningKey

        return SigningKey(key, encoder=Base64Encoder)
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key

    try:
        return parse_pem_private_key(key)
    except UnparsableKeyError as error:
        raise ValueError(str(error)) from error
