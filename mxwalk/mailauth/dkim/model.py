"""DKIM as read: a signature's tags, a key record, and what became of the verification.

Result words are those of RFC 8601 2.7.1; ``Reason`` says in a closed set which part it was.
"""

import enum
from dataclasses import dataclass

from mxwalk.evidence.dns import DnsStatus
from mxwalk.language import noted
from mxwalk.mailauth.tags import TagList


class DkimResult(enum.Enum):
    """The results of a signature (RFC 8601 2.7.1)."""

    NONE = "none"
    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    POLICY = "policy"
    NEUTRAL = "neutral"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class Reason(enum.Enum):
    """Which part decided; the words are stable, and shown by ``say``."""

    VALID = noted("valid")
    BODY_HASH = noted("the body is not what was signed")
    HEADER = noted("the header fields are not what was signed")
    KEY_MISSING = noted("there is no key record")
    KEY_UNREACHABLE = noted("the key record could not be had")
    KEY_REVOKED = noted("the key is revoked")
    KEY_SYNTAX = noted("the key record cannot be read")
    KEY_TYPE = noted("the key is of another type than the signature")
    KEY_HASH = noted("the key does not allow the signature's hash")
    KEY_SERVICE = noted("the key is not for e-mail")
    KEY_STRICT = noted("the key forbids subdomains in i=")
    KEY_SMALL = noted("the key is too small")
    ALGORITHM = noted("the algorithm is not acceptable")
    SYNTAX = noted("the signature cannot be read")
    NO_FROM = noted("From is not signed")
    IDENTITY = noted("i= is not below d=")
    EXPIRED = noted("the signature has expired")
    FUTURE = noted("the signature is from the future")
    BEYOND_LIMIT = noted("beyond the limit of signatures")
    NO_BODY = noted("the body is not there")
    NOT_DONE = noted("not verified yet")


class Strength(enum.Enum):
    """How good algorithm and key are (RFC 8301, RFC 8463)."""

    GOOD = noted("good")
    WEAK = noted("weak")  # RSA from 1024 to 2047 bits
    UNACCEPTABLE = noted("not acceptable")  # rsa-sha1, RSA under 1024 bits
    UNKNOWN = noted("unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A DKIM-Signature field as read; a tag that is missing or unreadable has its default or is empty.

    ``number`` counts the fields from the top, from 1.  ``signed`` are the names of ``h=`` in order, in
    lower case; ``length`` is ``l=``; times are seconds since 1970.  ``problem`` is why it cannot be
    used (RFC 6376 6.1.1), empty if it can.
    """

    number: int
    tags: TagList
    raw: bytes
    algorithm: str = ""
    header_canon: str = "simple"
    body_canon: str = "simple"
    domain: str = ""
    selector: str = ""
    identity: str = ""
    signed: tuple[str, ...] = ()
    body_hash: bytes = b""
    length: int | None = None
    timestamp: int | None = None
    expires: int | None = None
    problem: str = ""
    problem_reason: Reason = Reason.SYNTAX

    @property
    def key_name(self) -> str:
        """The name of the key record (RFC 6376 3.6.2.1)."""
        return f"{self.selector}._domainkey.{self.domain}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A key record (RFC 6376 3.6.1) as looked up at ``name``.

    ``status`` is the look-up's; ``tags`` are ``None`` without a record.  ``key`` is the decoded ``p=``;
    ``bits`` the key's size, 0 if it cannot be read.  ``problem`` and ``reason`` say why it cannot be
    used; ``remarks`` are departures from RFC 6376 3.6.1 that do no harm.
    """

    name: str
    status: DnsStatus
    tags: TagList | None = None
    text: str = ""
    strings: tuple[int, ...] = ()
    key_type: str = ""
    key: bytes = b""
    bits: int = 0
    hashes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    notes: str = ""
    records: int = 0
    problem: str = ""
    reason: Reason = Reason.VALID
    cname_hops: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def testing(self) -> bool:
        """Whether ``t=y`` says that the domain only tests (RFC 6376 3.6.1)."""
        return "y" in self.flags

    @property
    def revoked(self) -> bool:
        """Whether ``p=`` is empty."""
        return self.reason is Reason.KEY_REVOKED


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureVerdict:
    """What became of one signature, and the one sentence why.

    ``explanation`` are further sentences where the evidence shows what happened on the way (a list's
    footer, a subject tag, a line re-wrapped).  ``step`` is the deciding step's seq.
    """

    signature: Signature
    result: DkimResult
    reason: Reason
    sentence: str
    key: KeyRecord | None = None
    strength: Strength = Strength.UNKNOWN
    explanation: tuple[str, ...] = ()
    body_hash: bytes = b""
    step: int | None = None
