"""The report as data: what the JSON document holds and every other format prints.

These types are for readers outside: they change only together with ``SCHEMA``, while evidence and
verdicts may change inside.  All texts are visible text already (``mxwalk.text.visible``); bytes are
base64 in JSON.
"""

from typing import Final, Literal

import msgspec

SCHEMA: Final = "mxwalk-report-1"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for: as typed, and as understood."""

    text: str
    kind: str
    domain: str = ""
    local_part: str = ""
    address: str = ""
    port: int = 0


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A configured SMTP route."""

    destination: str
    port: int
    priority: int


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How it was asked for."""

    helo: str
    mail_from: str | None
    rcpt_to: str | None
    routes: tuple[Route, ...]
    port: int
    resolver: str
    trust: str
    at: str
    family: str
    first_host: bool


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one sender does with the message, by its own rules."""

    sender: str
    label: str
    outcome: str
    code: str
    log: str
    reason: str
    step: int | None
    next_action: str
    host: str
    chosen: bool


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding: what, who must act, how, and where it was seen."""

    code: str
    title: str
    severity: str
    owner: str
    sentence: str
    fix: str
    rfc: str
    command: str
    host: str
    address: str
    step: int | None
    line: int


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """One DNS question and its answer."""

    step: int
    qname: str
    rtype: str
    status: str
    rcode: str
    server: str
    transport: str
    flags: tuple[str, ...]
    records: tuple[str, ...]
    ttl_s: int | None
    cname_hops: tuple[str, ...]
    extended_errors: tuple[str, ...]
    elapsed_s: float
    error: str


class PtrName(msgspec.Struct, frozen=True, kw_only=True):
    """A reverse name, and whether it leads back to the address."""

    name: str
    confirmed: bool


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a wait ended other than expected."""

    kind: str
    detail: str
    after_s: float


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A command and its reply; ``planned`` is there when the administrator changed the command."""

    step: int
    kind: str
    command: str
    planned: str
    code: int
    lines: tuple[str, ...]
    deviations: tuple[str, ...]
    trailing: bytes
    first_byte_s: float
    elapsed_s: float
    ending: Ending | None


class EhloLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an EHLO response in both readings."""

    number: int
    raw: bytes
    text: str
    strict: str
    lenient: str
    keyword: str
    parameters: tuple[str, ...]
    meaning: str
    reference: str
    notes: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the two readings part on this line."""
        return self.strict != self.lenient


class Ehlo(msgspec.Struct, frozen=True, kw_only=True):
    """An EHLO response, and the extensions each kind of reader finds in it."""

    step: int
    inside_tls: bool
    lines: tuple[EhloLine, ...]
    strict: tuple[str, ...]
    lenient: tuple[str, ...]
    deviations: tuple[str, ...]


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A TLS alert."""

    sent_by: str
    fatal: bool
    code: int
    name: str


class Handshake(msgspec.Struct, frozen=True, kw_only=True):
    """What the TLS handshake negotiated, or how it ended."""

    step: int
    sni: str
    protocol: str
    cipher: str
    cipher_bits: int
    group: str
    signature: str
    alerts: tuple[Alert, ...]
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


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The certificate chain and what the verification said of it."""

    step: int | None
    trusted: bool | None
    store: str
    roots: int
    evaluated_at: str
    errors: tuple[VerifyError, ...]
    certificates: tuple[Certificate, ...]


class PresentedName(msgspec.Struct, frozen=True, kw_only=True):
    """A name in the certificate."""

    kind: str
    text: str


class ReferenceName(msgspec.Struct, frozen=True, kw_only=True):
    """A name the sender accepts, and where it came from."""

    kind: str
    text: str
    origin: str
    secure: bool
    usable: bool


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A cell of the matrix; ``number`` is its place in the order of evaluation, 0 if not compared."""

    presented: int
    reference: int
    number: int
    match: str
    reason: str
    decides: bool


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """One flow's matrix; ``presented`` and ``reference`` in a comparison are indexes into the lists."""

    senders: tuple[str, ...]
    labels: tuple[str, ...]
    flow: str
    verified: bool
    summary: str
    presented: tuple[PresentedName, ...]
    references: tuple[ReferenceName, ...]
    comparisons: tuple[Comparison, ...]
    chosen: bool


class WireLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the transcript; ``by`` is C (us) or S (the server)."""

    at_s: float
    by: str
    layer: str
    text: str


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """One connection, or the attempt at one, and everything seen over it."""

    number: int
    step: int
    local_address: str
    ending: Ending | None
    exchanges: tuple[Exchange, ...]
    ehlo: tuple[Ehlo, ...]
    handshake: Handshake | None
    chain: Chain | None
    identity: tuple[Identity, ...]
    transcript: tuple[WireLine, ...]


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a delivery host."""

    address: str
    port: int
    examined_with: str
    ptr: Lookup | None
    ptr_names: tuple[PtrName, ...]
    connections: tuple[Connection, ...]


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery host."""

    name: str
    display: str
    port: int
    preference: int
    origin: str
    skipped: bool
    lookups: tuple[Lookup, ...]
    addresses: tuple[Address, ...]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A performed step."""

    seq: int
    kind: str
    label: str
    host: str
    address: str
    port: int
    attempt: int
    started_s: float
    elapsed_s: float
    mark: str
    summary: str
    cancelled: bool


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A public command that shows the same."""

    shows: str
    command: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report; ``summary`` is the verdict as one paragraph for anyone."""

    schema: Literal["mxwalk-report-1"] = SCHEMA
    tool: str
    started_at: str
    scenario: str
    redacted: bool
    damage: str
    summary: str
    target: Target
    settings: Settings
    sender: str
    exit_code: int
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    route: str
    route_problem: str
    lookups: tuple[Lookup, ...]
    hosts: tuple[Host, ...]
    steps: tuple[Step, ...]
    commands: tuple[Command, ...]
