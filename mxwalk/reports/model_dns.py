"""The part of the report's data about DNSSEC and DANE: zone cuts, validations, TLSA records.

As in ``mxwalk.reports.model``: texts are visible text, and a change here changes the published
schema.  Digests and record data are hexadecimal; times are RFC 3339.
"""

import msgspec


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """An RRSIG and its verdict."""

    owner: str
    covered: str
    signer: str
    key_tag: int
    algorithm: str
    inception: str
    expiration: str
    verdict: str


class Ds(msgspec.Struct, frozen=True, kw_only=True):
    """A DS record, or a trust anchor; ``matches`` are the key tags of the keys it names."""

    key_tag: int
    algorithm: str
    digest_type: str
    digest: str
    usable: bool
    matches: tuple[int, ...]


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A DNSKEY record; ``signs_keys`` tells that its signature over the key set is valid."""

    key_tag: int
    flags: int
    algorithm: str
    bits: int
    matched: bool
    signs_keys: bool


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A proof of non-existence; ``proves`` is empty when it proves nothing."""

    name: str
    proves: str
    rtype: str
    iterations: int
    records: tuple[str, ...]


class ZoneCut(msgspec.Struct, frozen=True, kw_only=True):
    """A link of the chain of trust; the first one has the trust anchors and no parent."""

    zone: str
    parent: str
    status: str
    reason: str
    sentence: str
    fix: str
    ds: tuple[Ds, ...]
    keys: tuple[Key, ...]
    signatures: tuple[Signature, ...]
    proof: Proof | None


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """A name on the way along aliases, with its own status."""

    name: str
    kind: str
    status: str
    zone: str
    target: str
    sentence: str
    signatures: tuple[Signature, ...]
    proof: Proof | None


class Validation(msgspec.Struct, frozen=True, kw_only=True):
    """A look-up and its DNSSEC status; ``ad`` is the resolver's claim, ``zones`` the cuts passed."""

    step: int
    qname: str
    rtype: str
    status: str
    reason: str
    sentence: str
    fix: str
    owner: str
    ad: bool
    zones: tuple[str, ...]
    hops: tuple[Hop, ...]


class Dnssec(msgspec.Struct, frozen=True, kw_only=True):
    """Every look-up that was validated, and every zone cut once."""

    judged_at: str
    lookups: tuple[Validation, ...]
    cuts: tuple[ZoneCut, ...]


class TlsaRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A TLSA record as published; ``why`` says why SMTP cannot use it."""

    rdata: str
    parameters: str
    acronyms: str
    usable: bool
    why: str


class Dane(msgspec.Struct, frozen=True, kw_only=True):
    """What DANE asks of a sender at a host.

    ``standing`` counts the MX answer, ``at_host`` leaves it out; ``records`` are authentic.
    """

    step: int | None
    standing: str
    at_host: str
    reason: str
    base_domain: str
    base_domains: tuple[str, ...]
    ttl_s: int
    records: tuple[TlsaRecord, ...]


class TlsaCell(msgspec.Struct, frozen=True, kw_only=True):
    """A record against a certificate; ``computed`` is what the record would have to hold."""

    record: int
    certificate: int
    state: str
    computed: str
    equal: bool
    why: str


class TlsaOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one record."""

    record: int
    outcome: str
    reason: str


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """A record to publish, as a line of the zone."""

    line: str
    why: str


class DaneCheck(msgspec.Struct, frozen=True, kw_only=True):
    """The records against the certificates of one connection, and the verdict.

    Records are numbered as in the host's ``records``, certificates as in the chain.
    """

    authentication: str
    authenticated: bool
    reason: str
    certificates: tuple[str, ...]
    cells: tuple[TlsaCell, ...]
    outcomes: tuple[TlsaOutcome, ...]
    publish: tuple[Advice, ...]
