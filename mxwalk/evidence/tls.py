"""A TLS handshake as it was seen, and what OpenSSL said of the chain."""

import enum

import msgspec

from mxwalk.evidence.wire import Direction


class KeyType(enum.Enum):
    """The key a leaf holds, as far as it decides which leaf a server presents."""

    RSA = "RSA"
    ECDSA = "ECDSA"


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
    """Which roots were trusted: ``kind`` is ``system``, ``certifi``, ``file`` or ``lab``."""

    kind: str
    path: str
    roots: int


class PathCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate of the path OpenSSL built; ``sent`` tells the server's from the store's."""

    der: bytes
    sent: bool
