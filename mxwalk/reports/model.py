"""The report as data: what the JSON document holds and every other format prints.

These types are for readers outside: they change only together with ``SCHEMA``, while evidence and
verdicts may change inside.  All texts are visible text already (``mxwalk.text.visible``); bytes are
base64 in JSON.
"""

from typing import Final, Literal

import msgspec

from mxwalk.reports.model_connection import Connection
from mxwalk.reports.model_dns import Dane, Dnssec
from mxwalk.reports.model_mailauth import Message
from mxwalk.reports.model_policy import Sts, TlsRpt
from mxwalk.reports.model_survey import Survey

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


class Timeouts(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds without progress after which a phase ends."""

    dns_s: float
    connect_s: float
    greeting_s: float
    command_s: float
    tls_s: float
    quit_s: float


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How it was asked for."""

    helo: str
    mail_from: str | None
    rcpt_to: str | None
    routes: tuple[Route, ...]
    port: int
    resolver: str
    trust: str
    trust_anchor: str
    at: str
    family: str
    first_host: bool
    both_leaves: bool
    without_sni: bool
    offline: bool
    private_urls: bool
    timeouts: Timeouts


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
    """One finding: what, who must act, how, and where it was seen.

    ``tls_rpt`` is the result type a TLS report has for it (RFC 8460 4.3).
    """

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
    tls_rpt: str


class RRset(msgspec.Struct, frozen=True, kw_only=True):
    """Records of one name and type in presentation form (RFC 1035 5.1)."""

    name: str
    rtype: str
    ttl_s: int
    records: tuple[str, ...]


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """One DNS question and its answer.

    ``records`` are those asked for; ``authority`` is that section, ``message`` the whole response as
    it came (empty if none did, or if redaction had to drop it).  ``dnssec`` is its status, empty where
    it was not validated.
    """

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
    authority: tuple[RRset, ...]
    message: bytes
    elapsed_s: float
    error: str
    dnssec: str


class PtrName(msgspec.Struct, frozen=True, kw_only=True):
    """A reverse name, and whether it leads back to the address."""

    name: str
    confirmed: bool


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
    dane: Dane | None
    addresses: tuple[Address, ...]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A performed step; ``dnssec`` is the weakest status of its look-ups.

    ``note`` is what the administrator wrote down about it.
    """

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
    dnssec: str
    note: str = ""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A public command that shows the same."""

    shows: str
    command: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report; ``summary`` is the verdict as one paragraph for anyone.

    ``purpose`` is ``delivery``, ``message`` or ``domain``; ``message`` and ``survey`` belong to the
    latter two, and ``verdicts`` are those of senders, of receivers, or of the roll-out.  ``unchecked``
    says what the walk left out, so that no findings are no all-clear.
    """

    schema: Literal["mxwalk-report-1"] = SCHEMA
    tool: str
    started_at: str
    scenario: str
    pasted: str  # the form of the text it was read from; empty for a walk
    redacted: bool
    damage: str
    purpose: str
    summary: str
    target: Target
    settings: Settings
    sender: str
    exit_code: int
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...]
    route: str
    route_problem: str
    lookups: tuple[Lookup, ...]
    dnssec: Dnssec | None
    sts: Sts | None
    tls_rpt: TlsRpt | None
    message: Message | None
    survey: Survey | None
    hosts: tuple[Host, ...]
    steps: tuple[Step, ...]
    commands: tuple[Command, ...]
