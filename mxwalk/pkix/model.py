"""What the explanation of a certificate chain is made of (RFC 5280 6, RFC 8446 4.4.2).

Certificates are DER; what one says is read with ``mxwalk.tls.certificate.read_certificate``.  Depths
count from the leaf, which is 0, as OpenSSL counts.  Sentences and fixes are plain visible text.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mxwalk.tls.keys import SignatureCheck


class Source(enum.Enum):
    """Where a certificate came from."""

    SENT = "sent"
    STORE = "store"
    FETCHED = "fetched"


class Reason(enum.Enum):
    """Why a chain is not trusted: the classes that our explanation and OpenSSL's codes share."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    SELF_SIGNED_LEAF = "self-signed-leaf"
    UNTRUSTED_ROOT = "untrusted-root"
    ISSUER_MISSING = "issuer-missing"
    SIGNATURE = "signature"
    NOT_A_CA = "not-a-ca"
    KEY_USAGE = "key-usage"
    PATH_LENGTH = "path-length"
    NAME_CONSTRAINT = "name-constraint"
    PURPOSE = "purpose"
    CRITICAL_EXTENSION = "critical-extension"
    INVALID_EXTENSION = "invalid-extension"
    TOO_LONG = "too-long"
    UNREADABLE = "unreadable"
    REVOKED = "revoked"
    WEAK = "weak"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One reason why a chain does not hold, at a depth, and what the one responsible does."""

    depth: int
    reason: Reason
    sentence: str
    fix: str


class KeyIds(enum.Enum):
    """How a certificate's authority key identifier compares with its issuer's (RFC 5280 4.2.1.1)."""

    EQUAL = "equal"
    ABSENT = "absent"
    DIFFER = "differ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The step from a certificate to the one above it.

    ``names_equal`` compares the child's issuer with the issuer's subject.  ``verified_by`` names the
    key that made the signature (the issuer's, or that of another certificate at hand, or empty when
    no key at hand did) as the SHA-256 of its SubjectPublicKeyInfo.  ``alternatives`` are other
    certificates for the issuer's name and key: the issuer is cross-signed.
    """

    depth: int
    child: bytes
    issuer: bytes
    names_equal: bool
    key_ids: KeyIds
    signature: SignatureCheck
    verified_by: str = ""
    alternatives: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A certificate of a path and where it came from."""

    der: bytes
    source: Source


class PathEnd(enum.Enum):
    """What a path ends in."""

    ANCHOR = "anchor"
    UNTRUSTED_ROOT = "untrusted-root"
    ISSUER_MISSING = "issuer-missing"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One path from the leaf up; ``end_text`` says in words where it ends and why.

    ``dead_end`` tells that no certificate is missing: what the last one says of itself or of its issuer
    keeps clients from going on.
    """

    members: tuple[Member, ...]
    end: PathEnd
    end_text: str
    dead_end: bool = False
    objections: tuple[Objection, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether nothing speaks against this path."""
        return not self.objections

    @property
    def sources(self) -> frozenset[Source]:
        """Where its certificates came from."""
        return frozenset(member.source for member in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """The certificates sent, as indexes (RFC 8446 4.4.2: each certifies the one before it).

    ``path`` leads from the leaf up through what was sent; ``extras`` are not on it, ``duplicates``
    had been sent before.  ``root`` is the index of a self-signed certificate at the top of a path of
    more than one.  ``missing`` tells that the path ends in a certificate whose issuer was neither sent
    nor is known; ``missing_issuer`` is that issuer's name and ``missing_urls`` where the certificate
    says it is.  ``sentences`` says all this plainly, each with its fix.
    """

    path: tuple[int, ...] = ()
    extras: tuple[int, ...] = ()
    duplicates: tuple[int, ...] = ()
    root: int | None = None
    missing: bool = False
    missing_issuer: str = ""
    missing_urls: tuple[str, ...] = ()
    sentences: tuple[tuple[str, str], ...] = ()

    @property
    def in_order(self) -> bool:
        """Whether the certificates of the path were sent in its order."""
        return list(self.path) == sorted(self.path)

    @property
    def strict(self) -> bool:
        """Whether each certificate sent certifies the one before it, without any other (RFC 5246)."""
        return list(self.path) == list(range(len(self.path))) and not (
            self.extras or self.duplicates
        )


class ConstraintResult(enum.Enum):
    """What one name constraint says of one name."""

    PERMITTED = "permitted"
    NOT_PERMITTED = "not-permitted"
    EXCLUDED = "excluded"
    NOT_EXCLUDED = "not-excluded"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintCheck:
    """One name of a certificate held against one CA's constraints (RFC 5280 4.2.1.10).

    ``ca_depth`` is the constraining CA's, ``depth`` that of the certificate with the name.
    ``constraint`` reads such as ``permitted DNS example.com``; several permitted subtrees of a kind
    stand together, for one of them suffices.  ``reason`` says why, in words.
    """

    ca_depth: int
    depth: int
    constraint: str
    name: str
    result: ConstraintResult
    reason: str

    @property
    def violated(self) -> bool:
        """Whether the name breaks the constraint, or nobody can tell."""
        return self.result in {
            ConstraintResult.NOT_PERMITTED,
            ConstraintResult.EXCLUDED,
            ConstraintResult.UNSUPPORTED,
        }


class OddityCode(enum.Enum):
    """What may be worth telling about one certificate beside the verdict."""

    UNREADABLE_PART = "unreadable-part"
    SERIAL_ZERO = "serial-zero"
    SERIAL_NEGATIVE = "serial-negative"
    SERIAL_LONG = "serial-long"
    SERIAL_TINY = "serial-tiny"
    VERSION = "version"
    SIGNATURE_HASH = "signature-hash"
    SIGNATURE_UNKNOWN = "signature-unknown"
    SIGNATURE_MISMATCH = "signature-mismatch"
    RSA_SMALL = "rsa-small"
    RSA_EXPONENT = "rsa-exponent"
    RSA_SIZE = "rsa-size"
    CURVE = "curve"
    KEY_TYPE = "key-type"
    NO_SUBJECT_ALT_NAME = "no-subject-alt-name"
    MANY_NAMES = "many-names"
    STRANGE_NAME = "strange-name"
    MUST_STAPLE = "must-staple"
    CERTIFICATE_TRANSPARENCY = "certificate-transparency"
    PRECERTIFICATE = "precertificate"
    POLICY = "policy"
    SELF_ISSUED = "self-issued"
    CROSS_SIGNED = "cross-signed"
    LONG_VALIDITY = "long-validity"
    VALIDITY_REVERSED = "validity-reversed"
    VALIDITY_NOT_NESTED = "validity-not-nested"
    NO_EXPIRY = "no-expiry"
    EMPTY_SUBJECT = "empty-subject"
    DUPLICATE_EXTENSION = "duplicate-extension"
    CRITICALITY = "criticality"
    NO_REVOCATION = "no-revocation"
    SHORT_LIVED = "short-lived"
    CA_AS_LEAF = "ca-as-leaf"
    CONSTRAINED = "constrained"


@dataclass(frozen=True, slots=True)
class Oddity:
    """A remark on one certificate, in a sentence; it says nothing of how bad it is."""

    code: OddityCode
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """When all certificates of a path are valid at once.

    The depths name the certificates that limit it.  Both times are ``None`` when a certificate of
    the path has a validity that cannot be read.  ``empty`` tells that there is no such time at all.
    ``sentence`` reads such as ``valid for 12 more days, until 2027-01-03 (the leaf)``.
    """

    valid_from: datetime | None
    valid_until: datetime | None
    from_depth: int = 0
    until_depth: int = 0
    empty: bool = False
    sentence: str = ""


class Client(enum.Enum):
    """Kinds of clients whose ways with a chain differ."""

    OPENSSL = "openssl"
    GNUTLS = "gnutls"
    SCHANNEL = "schannel"
    JAVA = "java"
    GO = "go"
    STRICT = "strict"


class ClientResult(enum.Enum):
    """What a client makes of the chain, as far as its known behaviour tells."""

    TRUSTS = "trusts"
    REFUSES = "refuses"
    DEPENDS = "depends"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """One kind of client and this chain: the result and why, in a sentence."""

    client: Client
    title: str
    result: ClientResult
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainExplained:
    """The explanation of one chain at one time.

    ``chosen`` is the path OpenSSL built, with what speaks against it in the order in which OpenSSL
    looks for it; ``candidates`` are all paths found, the chosen one first, ``complete`` tells that the
    search ended by itself.  ``disputed`` are objections of ours that OpenSSL does not share, where all
    of its own are known; there should be none.  ``links`` and ``constraints`` are the chosen path's.
    ``oddities`` are by certificate (DER), for those sent and those of the path.
    """

    at: datetime
    chosen: Candidate
    candidates: tuple[Candidate, ...]
    complete: bool
    links: tuple[Link, ...]
    order: OrderFacts
    constraints: tuple[ConstraintCheck, ...]
    horizon: Horizon
    disputed: tuple[Objection, ...] = ()
    oddities: Mapping[bytes, tuple[Oddity, ...]] = field(default_factory=dict)

    @property
    def objections(self) -> tuple[Objection, ...]:
        """What speaks against the chosen path, in OpenSSL's order."""
        return self.chosen.objections

    @property
    def valid(self) -> bool:
        """Whether nothing speaks against the chosen path."""
        return self.chosen.valid
