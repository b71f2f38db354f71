"""The part of the report's data about a domain survey: what a domain publishes, and what is next.

As in ``mxwalk.reports.model``: a change here changes the published schema.  MTA-STS, TLS-RPT, TLSA
and DNSSEC stand where they stand in a delivery's report.
"""

import msgspec

from mxwalk.reports.model_mailauth import DkimKey, DmarcDiscovery, DmarcPolicy, Reporter, SpfLookup


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the overview.

    ``state`` is ``published``, ``faulty``, ``not published``, ``unknown`` or ``not looked up``.
    """

    name: str
    state: str
    sentence: str
    step: int | None


class SpfLeaf(msgspec.Struct, frozen=True, kw_only=True):
    """A term of a surveyed record; ``lookups`` is the count of asking terms behind it."""

    text: str
    state: str
    target: str
    asked: tuple[SpfLookup, ...]
    lookups: int
    networks: tuple[str, ...]
    note: str
    child: "SpfSurveyed | None"


class SpfSurveyed(msgspec.Struct, frozen=True, kw_only=True):
    """A name's record in a survey; ``problem`` is the result a check ends with here, if it does."""

    domain: str
    record: str | None
    records: tuple[str, ...]
    faults: tuple[str, ...]
    problem: str
    why: str
    leaves: tuple[SpfLeaf, ...]


class SpfSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an SPF record leads to, whatever the client (RFC 7208 4.6.4)."""

    lookups: int
    voids: int
    voids_ipv6: int
    addresses: int
    networks_ipv6: int
    depends: bool
    cut: bool
    type99: tuple[str, ...]
    root: SpfSurveyed


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """SPF and DMARC of the domain or of a subdomain."""

    domain: str
    spf_step: int | None
    spf: SpfSurvey | None
    dmarc_step: int | None
    discovery: DmarcDiscovery | None
    policy: DmarcPolicy | None
    policy_7489: DmarcPolicy | None


class PlanRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A zone line to publish and what it is for.

    In a ``template`` something in angle brackets must be filled in; ``replaces`` tells that it takes
    the place of a record that is there.
    """

    line: str
    purpose: str
    template: bool
    replaces: bool


class PlanStage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage of the roll-out: what shows its state, what is in the way, what it ends with."""

    number: int
    title: str
    weeks: str
    state: str
    shows: str
    blocked_by: tuple[str, ...]
    publish: tuple[PlanRecord, ...]
    advice: tuple[str, ...]


class DenyCheck(msgspec.Struct, frozen=True, kw_only=True):
    """One check of a name that sends nothing."""

    domain: str
    what: str
    state: str
    shows: str
    publish: tuple[PlanRecord, ...]


class ThirdParty(msgspec.Struct, frozen=True, kw_only=True):
    """What gives a sender outside a subdomain and a selector of its own."""

    name: str
    publish: tuple[PlanRecord, ...]


class RollOut(msgspec.Struct, frozen=True, kw_only=True):
    """The roll-out advice; ``current`` is the stage to work on, 0 where there is none."""

    current: int
    next_step: str
    stages: tuple[PlanStage, ...]
    deny_all: tuple[DenyCheck, ...]
    third_parties: tuple[ThirdParty, ...]


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """A domain survey; ``keys`` is ``None`` where no selector was looked up."""

    domain: str
    selectors: tuple[str, ...]
    probed: bool
    sends: bool
    areas: tuple[Area, ...]
    names: tuple[Name, ...]
    keys: tuple[DkimKey, ...] | None
    reporters: tuple[Reporter, ...]
    roll_out: RollOut | None
