"""The part of the report's data about MTA-STS and TLS-RPT: records, policy file, hosts under it.

As in ``mxwalk.reports.model``: texts are visible text, and a change here changes the published
schema.  The file's lines are as they came, without their ends.
"""

import msgspec


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """A deviation: ``place`` is a line of the file or a character of the record, 0 for the whole."""

    fault: str
    weight: str
    place: int
    value: str
    sentence: str


class PolicyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A TXT record; ``counts`` tells whether senders take it for one of theirs."""

    text: str
    counts: bool
    valid: bool
    remarks: tuple[Remark, ...]


class PolicyLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the policy file; ``used`` tells whether senders go by it."""

    number: int
    text: str
    field: str
    value: str
    used: bool


class PolicyCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate the policy host presented."""

    subject: str
    names: tuple[str, ...]
    not_after: str


class PolicyFetch(msgspec.Struct, frozen=True, kw_only=True):
    """The fetch of the policy file; ``fault`` is why there is none, in a few words."""

    step: int | None
    url: str
    address: str
    status: int
    media_type: str
    size: int
    elapsed_s: float
    fault: str
    problem: str
    tls: str
    objection: str
    certificates: tuple[PolicyCertificate, ...]
    chain_errors: tuple[str, ...]


class StsConnection(msgspec.Struct, frozen=True, kw_only=True):
    """A connection's certificate held against RFC 8461 4.2; ``tls_rpt`` is the failure's type."""

    address: str
    number: int
    passed: bool
    reason: str
    tls_rpt: str


class StsHost(msgspec.Struct, frozen=True, kw_only=True):
    """An MX host under the policy: the pattern that lists it, and what DANE has to say before."""

    name: str
    pattern: str
    line: int
    listed: bool
    applies: bool
    dane: str
    sentence: str
    connections: tuple[StsConnection, ...]


class StsPattern(msgspec.Struct, frozen=True, kw_only=True):
    """A usable ``mx``, and whether an MX host matches it."""

    pattern: str
    line: int
    used: bool


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """What could be published: the file's lines, where it is served, and the record's zone line."""

    mode: str
    lines: tuple[str, ...]
    url: str
    record: str


class Sts(msgspec.Struct, frozen=True, kw_only=True):
    """A domain's MTA-STS: what is published, and the policy in force in one sentence."""

    domain: str
    standing: str
    reason: str
    effective: str
    older: str
    cached: str
    mode: str
    id: str
    max_age_s: int | None
    record_step: int | None
    record_name: str
    aliases: tuple[str, ...]
    records: tuple[PolicyRecord, ...]
    fetch: PolicyFetch | None
    lines: tuple[PolicyLine, ...]
    remarks: tuple[Remark, ...]
    patterns: tuple[StsPattern, ...]
    hosts: tuple[StsHost, ...]
    advice: tuple[Publication, ...]
    new_id: str


class TlsRpt(msgspec.Struct, frozen=True, kw_only=True):
    """The record that asks for TLS reports."""

    step: int | None
    name: str
    standing: str
    sentence: str
    destinations: tuple[str, ...]
    records: tuple[PolicyRecord, ...]
