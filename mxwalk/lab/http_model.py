"""How a scripted HTTP server behaves, as data: what it serves at which path, and how it fails.

CRLs and OCSP answers are made by the lab's authority when the lab runs; their times count from then.
"""

import enum

import msgspec

from mxwalk.lab.host import Arrival, Text


class Reason(enum.Enum):
    """Why a certificate was revoked (RFC 5280 5.3.1), by its name there."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    CA_COMPROMISE = "cACompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessationOfOperation"
    CERTIFICATE_HOLD = "certificateHold"
    PRIVILEGE_WITHDRAWN = "privilegeWithdrawn"


class CrlScope(enum.Enum):
    """Which certificates a CRL is for (RFC 5280 5.2.5)."""

    ALL = "all"
    USERS = "users"
    AUTHORITIES = "authorities"


class OcspAnswer(enum.Enum):
    """What a responder says; the last four are no answers (RFC 6960 2.3)."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    MALFORMED_REQUEST = "malformed-request"
    INTERNAL_ERROR = "internal-error"
    TRY_LATER = "try-later"
    UNAUTHORIZED = "unauthorized"


class Encoding(enum.Enum):
    """The form a certificate or CRL is served in."""

    DER = "der"
    PEM = "pem"
    PKCS7 = "pkcs7"


class PathSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is served at one path; exactly one of the first six keys says what.

    ``crl`` and ``ocsp`` name the issuer that speaks, ``certificates`` those served (one, unless in
    PKCS#7), ``body`` is sent as it stands, ``redirect`` is a Location, ``silent`` never answers.
    ``delay_s`` passes before the answer, ``status`` is the answer's and ``cut_off`` ends the
    connection so many octets before the body's end.

    For CRLs and OCSP ``revoked`` lists the certificates that are, since ``revoked_at`` and for
    ``reason``; ``this_update`` and ``next_update`` count from now (empty: no next update, for OCSP
    only).  ``signer`` names a certificate whose key signs in place of the right one.

    A CRL has its ``number``, with ``base`` it is a delta CRL for that number; ``scope`` and ``point``
    (a distribution point's URL) limit it to some certificates; ``padding`` adds so many entries.

    A responder says ``answer`` for all; without it each certificate of the issuer is good unless it is
    ``revoked``.  ``responder`` names the certificate it signs with by delegation, which it sends
    along.  ``produced`` counts from now.
    """

    crl: str = ""
    ocsp: str = ""
    certificates: tuple[str, ...] = ()
    body: Text | None = None
    redirect: str = ""
    silent: bool = False

    status: int = 0
    media_type: str = ""
    delay_s: float = 0.0
    cut_off: int = 0
    encoding: Encoding = Encoding.DER

    revoked: tuple[str, ...] = ()
    revoked_at: str = "-1d"
    reason: Reason | None = None
    this_update: str = "-1h"
    next_update: str = "+6d"
    signer: str = ""

    number: int = 1
    base: int | None = None
    scope: CrlScope = CrlScope.ALL
    point: str = ""
    padding: int = 0

    answer: OcspAnswer | None = None
    responder: str = ""
    produced: str = "-1h"


class HttpSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An HTTP server at every ``address:port`` of ``at``; with ``certificate`` it speaks https.

    A path it does not know is answered with 404.
    """

    at: tuple[str, ...]
    name: str
    certificate: str = ""
    arrival: Arrival = Arrival.ACCEPT
    paths: dict[str, PathSpec] = {}
