"""The part of the report's data on TLS: handshakes, certificates, the chain, revocation, more looks.

As in ``mxwalk.reports.model``: texts are visible text, bytes are base64 in JSON, and a change here
changes the published schema.
"""

import msgspec

from mxwalk.reports.model_dns import DaneCheck


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a wait ended other than expected."""

    kind: str
    detail: str
    after_s: float


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A TLS alert."""

    sent_by: str
    fatal: bool
    code: int
    name: str


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the handshake (``key exchange``: ``ECDHE x25519, 253 bits``) and its meaning."""

    name: str
    value: str
    meaning: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message of the handshake; ``by`` is C (us) or S (the server), ``size`` in octets."""

    at_s: float
    by: str
    name: str
    size: int
    note: str


class Handshake(msgspec.Struct, frozen=True, kw_only=True):
    """What the TLS handshake negotiated, or how it ended; ``offer`` is what our ClientHello offered."""

    step: int
    sni: str
    protocol: str
    cipher: str
    cipher_bits: int
    group: str
    signature: str
    offer: str
    facts: tuple[Fact, ...]
    messages: tuple[Message, ...]
    alerts: tuple[Alert, ...]
    ocsp_staple: bytes
    ending: Ending | None


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate of the presented chain, or one the trust store supplied."""

    position: int
    sent: bool
    subject: str
    issuer: str
    common_name: str
    dns_names: tuple[str, ...]
    not_before: str
    not_after: str
    serial: str
    key: str
    signature_algorithm: str
    is_ca: bool
    sha256: str
    spki_sha256: str
    problems: tuple[str, ...]
    der: bytes


class VerifyError(msgspec.Struct, frozen=True, kw_only=True):
    """One objection of the chain verification; depth 0 is the server's certificate."""

    depth: int
    name: str
    text: str


class OtherStore(msgspec.Struct, frozen=True, kw_only=True):
    """What another trust store would have made of the same chain; ``error`` is the first objection."""

    store: str
    roots: int
    trusted: bool
    error: str


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request to an address that a certificate names."""

    url: str
    status: int
    size: int
    elapsed_s: float
    problem: str


class Objection(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks against the chain in words of ours, and what mends it."""

    depth: int
    reason: str
    sentence: str
    fix: str


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The certificate chain and what the verification said of it.

    ``errors`` are OpenSSL's, ``objections`` the same explained; ``remarks`` are on the order in which
    the certificates were sent; ``horizon`` says until when all of them are valid.  ``issuers`` are the
    requests for issuers that were not sent.
    """

    step: int | None
    trusted: bool | None
    store: str
    roots: int
    evaluated_at: str
    errors: tuple[VerifyError, ...]
    certificates: tuple[Certificate, ...]
    objections: tuple[Objection, ...]
    remarks: tuple[str, ...]
    horizon: str
    other_stores: tuple[OtherStore, ...]
    issuers: tuple[Fetch, ...]


class RevocationSource(msgspec.Struct, frozen=True, kw_only=True):
    """One source of revocation data (``crl``, ``ocsp``, ``staple``) and what it is worth."""

    kind: str
    url: str
    standing: str
    sentence: str
    this_update: str
    next_update: str


class CertificateStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate's standing by all sources together."""

    depth: int
    subject: str
    standing: str
    sentence: str
    staple: str
    sources: tuple[RevocationSource, ...]


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    """The revocation of the path: each certificate, and the path read softly and strictly.

    ``remark`` says that it is not as of the date for which certificates were judged.
    """

    step: int
    checked_at: str
    remark: str
    not_asked: str
    certificates: tuple[CertificateStanding, ...]
    soft_fail: str
    soft_fail_sentence: str
    hard_fail: str
    hard_fail_sentence: str


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One more connection with another ClientHello; ``offer`` says which.

    ``dane`` is what the TLSA records say of the leaf of the other key type; ``None`` elsewhere.
    """

    step: int
    offer: str
    refusal: str
    handshake: Handshake | None
    chain: Chain | None
    ending: Ending | None
    dane: DaneCheck | None
