"""What an OCSP response says, read and not yet judged (RFC 6960 4.2)."""

import enum
from dataclasses import dataclass
from datetime import datetime

from mxwalk.revocation.model import Revocation
from mxwalk.tls.keys import SignatureCheck


class ResponseStatus(enum.Enum):
    """The outer status of a response (RFC 6960 4.2.1); only ``SUCCESSFUL`` tells of certificates."""

    SUCCESSFUL = "successful"
    MALFORMED_REQUEST = "malformedRequest"
    INTERNAL_ERROR = "internalError"
    TRY_LATER = "tryLater"
    SIG_REQUIRED = "sigRequired"
    UNAUTHORIZED = "unauthorized"
    OTHER = "other"
    UNREADABLE = "unreadable"


class CertStatus(enum.Enum):
    """The status of one certificate (RFC 6960 2.2)."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class CertIdMatch(enum.Enum):
    """Whom a CertID is about (RFC 6960 4.1.1)."""

    THIS = "this"
    OTHER_CERTIFICATE = "other-certificate"
    OTHER_ISSUER = "other-issuer"
    UNKNOWN = "unknown"


class Signer(enum.Enum):
    """Who signed: the CA itself, or one whom it authorized (RFC 6960 4.2.2.2)."""

    DIRECT = "direct"
    DELEGATED = "delegated"
    UNAUTHORIZED = "unauthorized"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleResponse:
    """One certificate's status.  ``serial`` is hex; ``unhandled`` are critical extensions."""

    match: CertIdMatch
    status: CertStatus
    hash_algorithm: str = ""
    serial: str = ""
    revocation: Revocation | None = None
    this_update: datetime | None = None
    next_update: datetime | None = None
    unhandled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspRead:
    """A whole response.

    ``problem`` says why it could not be read, empty when it could.  ``responder`` is the responder's
    name or key hash as visible text.  ``signer_certificate`` is the delegated responder's, in DER,
    ``signer_problem`` why it has no authority.  ``nocheck`` tells that the CA vouches for it without
    revocation (RFC 6960 4.2.2.2.1).  ``answer`` is the single response about the certificate.
    """

    status: ResponseStatus
    problem: str = ""
    responder: str = ""
    produced_at: datetime | None = None
    signature: SignatureCheck = SignatureCheck.UNKNOWN
    signature_algorithm: str = ""
    signer: Signer = Signer.UNKNOWN
    signer_certificate: bytes = b""
    signer_problem: str = ""
    nocheck: bool = False
    nonce: bool = False
    answers: tuple[SingleResponse, ...] = ()
    answer: SingleResponse | None = None
    unhandled: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
