"""A TLS handshake as it was seen, and what OpenSSL said of the chain."""

import enum

import msgspec

from mxwalk.evidence.wire import Direction


class KeyType(enum.Enum):
    """The key a leaf holds, as far as it decides which leaf a server presents."""

    RSA = "RSA"
    ECDSA = "ECDSA"


class Offer(enum.Enum):
    """What our ClientHello offers; a walk's first handshake is ``MODERN``, each other one more look.

    ``MODERN`` is what today's libraries offer by default: TLS 1.2 and 1.3, security level 2, a hybrid
    post-quantum group first.  ``CLASSIC`` is the same without hybrid groups and so with a small
    ClientHello; ``LEGACY`` goes down to TLS 1.0, SHA-1, short keys and every cipher; ``WITHOUT_SNI``
    names no server; the last two accept only a leaf with a key of that type, at TLS 1.2.
    """

    MODERN = "modern"
    CLASSIC = "classic-groups"
    LEGACY = "legacy"
    WITHOUT_SNI = "without-sni"
    RSA_LEAF = "rsa-leaf"
    ECDSA_LEAF = "ecdsa-leaf"

    @property
    def key_type(self) -> KeyType | None:
        """The only key type it accepts, ``None`` for any."""
        return {Offer.RSA_LEAF: KeyType.RSA, Offer.ECDSA_LEAF: KeyType.ECDSA}.get(self)


class TlsAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert (RFC 8446 6); ``name`` is the registry's, ``direction`` who sent it."""

    direction: Direction
    fatal: bool
    code: int
    name: str


class VerifyError(msgspec.Struct, frozen=True, kw_only=True):
    """One objection of OpenSSL's verification at a depth (0 is the leaf).

    ``name`` is OpenSSL's symbol (``X509_V_ERR_CERT_HAS_EXPIRED``), ``text`` its sentence.
    """

    depth: int
    code: int
    name: str
    text: str


class TrustStore(msgspec.Struct, frozen=True, kw_only=True):
    """Which roots were trusted: ``kind`` is ``system``, ``certifi``, ``file``, ``lab`` or ``empty``."""

    kind: str
    path: str
    roots: int


class PathCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate of the path OpenSSL built; ``sent`` tells the server's from the store's."""

    der: bytes
    sent: bool


class StoreVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What another trust store would have made of the same chain at the same time.

    ``errors`` holds OpenSSL's first objection, ``path`` the path it built.
    """

    store: TrustStore
    errors: tuple[VerifyError, ...] = ()
    path: tuple[PathCertificate, ...] = ()
