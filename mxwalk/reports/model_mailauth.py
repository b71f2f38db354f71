"""The part of the report's data about a message walk: envelope, SPF, DKIM, ARC, DMARC, headers.

As in ``mxwalk.reports.model``: texts are visible text, and a change here changes the published
schema.  A part whose step was not made is ``None`` or empty.
"""

import msgspec


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A value of the envelope, where it comes from, and one sentence on it."""

    value: str
    origin: str
    assumed: bool
    sentence: str


class MessageHop(msgspec.Struct, frozen=True, kw_only=True):
    """A ``Received`` field as read; ``number`` counts from the top, from 1."""

    number: int
    line: int
    ip: str
    helo: str
    rdns: str
    by: str
    protocol: str


class Oddity(msgspec.Struct, frozen=True, kw_only=True):
    """Something odd about the message, with the first line it is in."""

    kind: str
    line: int
    what: str


class SpfLookup(msgspec.Struct, frozen=True, kw_only=True):
    """A DNS question of a term."""

    qname: str
    rtype: str
    status: str
    records: tuple[str, ...]
    void: bool
    error: str


class Expansion(msgspec.Struct, frozen=True, kw_only=True):
    """A macro and what it became (RFC 7208 7)."""

    macro: str
    value: str


class SpfNode(msgspec.Struct, frozen=True, kw_only=True):
    """A term as evaluated; ``lookups`` and ``voids`` are the running counts behind it."""

    text: str
    start: int
    end: int
    outcome: str
    target: str
    expansions: tuple[Expansion, ...]
    asked: tuple[SpfLookup, ...]
    lookups: int
    voids: int
    matched_by: str
    why: str
    fault: str
    child: "SpfBranch | None"


class SpfBranch(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one name and its terms; ``strings`` are the lengths of its character-strings."""

    domain: str
    result: str
    why: str
    record: str | None
    strings: tuple[int, ...]
    faults: tuple[str, ...]
    asked: tuple[SpfLookup, ...]
    nodes: tuple[SpfNode, ...]


class Spf(msgspec.Struct, frozen=True, kw_only=True):
    """One ``check_host()`` (RFC 7208 4) with its tree."""

    step: int | None
    identity: str
    result: str
    why: str
    client_ip: str
    domain: str
    sender: str
    helo: str
    lookups: int
    voids: int
    matched: str
    explanation: str
    root: SpfBranch | None


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag of a signature or a record: what stands there, and what it means."""

    name: str
    value: str
    meaning: str
    state: str


class DkimKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key record (RFC 6376 3.6.1) as looked up; ``text`` is ``None`` where there is none."""

    name: str
    status: str
    text: str | None
    strings: tuple[int, ...]
    records: int
    key_type: str
    bits: int
    strength: str
    flags: tuple[str, ...]
    notes: str
    problem: str
    reason: str
    aliases: tuple[str, ...]
    remarks: tuple[str, ...]


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """A DKIM signature: its tags, its key, and what became of it.

    ``signed_body_hash`` is its ``bh=``, ``body_hash`` that of the body as it came.
    """

    step: int | None
    number: int
    domain: str
    selector: str
    identity: str
    algorithm: str
    canonicalization: str
    signed: tuple[str, ...]
    tags: tuple[Tag, ...]
    key: DkimKey | None
    result: str
    reason: str
    sentence: str
    strength: str
    explanation: tuple[str, ...]
    signed_body_hash: bytes
    body_hash: bytes


class ArcSet(msgspec.Struct, frozen=True, kw_only=True):
    """An ARC set: what its message signature and its seal were found to be."""

    instance: int
    message_signature: str
    seal: str


class Arc(msgspec.Struct, frozen=True, kw_only=True):
    """The ARC chain (RFC 8617 5.2)."""

    step: int
    result: str
    detail: str
    sets: tuple[ArcSet, ...]


class DmarcQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A query of a discovery; ``record`` is the record that counts there, if one does."""

    qname: str
    status: str
    records: int
    record: str
    note: str
    error: str


class DmarcDiscovery(msgspec.Struct, frozen=True, kw_only=True):
    """How one reading found the Organizational Domain of an identifier."""

    domain: str
    organizational: str
    failed: bool
    why: str
    queries: tuple[DmarcQuery, ...]


class DmarcRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A DMARC record, its tags explained, and what is wrong with it."""

    name: str
    text: str
    usable: bool
    tags: tuple[Tag, ...]
    problems: tuple[str, ...]


class DmarcPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The policy that counts; ``asked`` is empty where none is asked for."""

    source: str
    tag: str
    asked: str
    why: str
    record: DmarcRecord | None


class DmarcAlignment(msgspec.Struct, frozen=True, kw_only=True):
    """An authenticated identifier against the author domain (RFC 9989 4.4)."""

    method: str
    number: int
    domain: str
    organizational: str
    passed: bool
    relaxed: bool
    strict: bool
    mode: str
    aligned: bool
    counts: bool
    uncertain: bool
    why: str


class Dmarc(msgspec.Struct, frozen=True, kw_only=True):
    """DMARC by one reading; ``exists`` is ``yes``, ``no`` or ``unknown``."""

    reading: str
    author_domain: str
    exists: str
    result: str
    disposition: str
    why: str
    discovery: DmarcDiscovery
    others: tuple[DmarcDiscovery, ...]
    policy: DmarcPolicy
    alignments: tuple[DmarcAlignment, ...]


class Reporter(msgspec.Struct, frozen=True, kw_only=True):
    """An address for reports; ``consent`` is ``not needed``, ``agreed``, ``refused``, ``unknown``."""

    tag: str
    address: str
    host: str
    name: str
    consent: str
    why: str


class HeaderLine(msgspec.Struct, frozen=True, kw_only=True):
    """A header field: its name, and its value with its folds as line feeds made visible."""

    name: str
    lines: tuple[str, ...]


class ClaimDifference(msgspec.Struct, frozen=True, kw_only=True):
    """Where a field of the message and this walk differ; one side may be silent (empty)."""

    method: str
    about: str
    found: str
    claimed: str
    why: str
    sentence: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message walk.  ``body`` tells whether the body was there to be looked at."""

    file_name: str
    body: bool
    size: int
    author: str
    author_domain: str
    author_problem: str
    subject: str
    client_ip: Known
    helo: Known
    mail_from: Known
    receiver: Known
    hops: tuple[MessageHop, ...]
    oddities: tuple[Oddity, ...]
    spf: tuple[Spf, ...]
    signatures: tuple[Signature, ...]
    arc: Arc | None
    dmarc: tuple[Dmarc, ...]
    reporters: tuple[Reporter, ...]
    written: tuple[HeaderLine, ...]
    differences: tuple[ClaimDifference, ...]
