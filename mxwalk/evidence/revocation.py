"""Revocation of the certificates of a path: what CRLs and OCSP responders said (RFC 5280 5, RFC 6960).

An OCSP response is kept as it came.  A CRL may have 20 MB, so what matters of it for one certificate is
kept: its outer facts, the entry of the certificate, and whether its signature was right.
"""

import enum

import msgspec

from mxwalk.evidence.fetch import Fetched


class CrlSignature(enum.Enum):
    """Whether the CRL was signed by the key of the certificate's issuer."""

    VERIFIED = "verified"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class CrlEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The certificate's entry: when it was revoked (RFC 3339), and why (RFC 5280 5.3.1).

    ``reason`` is in the RFC's words (``keyCompromise``), empty where none is given.  ``issuer`` is the
    Name in DER of the certificate's issuer where an indirect CRL names it (RFC 5280 5.3.3).
    """

    revoked_at: str
    reason: str = ""
    invalid_since: str = ""
    issuer: bytes = b""


class CrlExtract(msgspec.Struct, frozen=True, kw_only=True):
    """What a CRL says of one certificate.  Times are RFC 3339; empty where absent or unreadable.

    ``issuer`` is the issuer's Name in DER, ``number`` the CRL number in hex.  ``base`` is the number a
    delta CRL builds on, else empty.  ``scope`` is the issuing distribution point extension in DER,
    empty without one (the CRL is complete).  ``freshest`` names where delta CRLs are.
    ``unhandled`` lists critical extensions, of the list or of the entry, that nobody here
    understands.  ``problem`` says why the list could not be read, empty when it could; ``remarks``
    what is odd and did not prevent it.
    """

    issuer: bytes = b""
    this_update: str = ""
    next_update: str = ""
    number: str = ""
    authority_key_id: str = ""
    base: str = ""
    scope: bytes = b""
    freshest: tuple[str, ...] = ()
    unhandled: tuple[str, ...] = ()
    entries: int = 0
    entry: CrlEntry | None = None
    signature: CrlSignature = CrlSignature.UNKNOWN
    signature_algorithm: str = ""
    problem: str = ""
    remarks: tuple[str, ...] = ()


class CrlAsked(msgspec.Struct, frozen=True, kw_only=True, tag="crl"):
    """A distribution point that was asked; ``extract`` is ``None`` when nothing usable came."""

    fetch: Fetched
    extract: CrlExtract | None = None


class OcspAsked(msgspec.Struct, frozen=True, kw_only=True, tag="ocsp"):
    """A responder's answer, in DER; ``fetch`` is ``None`` for one stapled to the handshake."""

    fetch: Fetched | None = None
    response: bytes = b""


class RevocationOf(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of the path by its depth, and everything that was asked about it.

    ``issuer`` is the DER of its issuer, by whose key answers are signed; empty where none is known.
    """

    depth: int
    certificate: bytes
    issuer: bytes = b""
    asked: tuple[CrlAsked | OcspAsked, ...] = ()


class NotAsked(enum.Enum):
    """Why no address was asked."""

    OFFLINE = "offline"
    NO_PATH = "no-path"
