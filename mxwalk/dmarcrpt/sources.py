"""The sources of mail: each address with what it sent, who it is, and whether it is known.

Unknown is a source of which nothing was aligned, nothing passed for the domain's own organization and
nothing carried its signature, and that nobody has named.  The most voluminous ones are told in full.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from mxwalk.dmarcrpt.judge import UNPROVEN, Case, case_of, organization_of
from mxwalk.dmarcrpt.known import Known
from mxwalk.dmarcrpt.model import PASS, Report, Row
from mxwalk.dmarcrpt.tally import Tally, Total
from mxwalk.language import noted, say
from mxwalk.limits import DMARC_SOURCES
from mxwalk.reportfiles.days import day_of_period


class Standing(enum.Enum):
    """How a source stands, in the order in which sources are listed."""

    UNREADABLE = noted("unreadable")
    UNKNOWN = noted("unknown")
    FAILING = noted("fails")
    ALIGNED = noted("aligned")

    @property
    def words(self) -> str:
        """What it is in the language spoken."""
        return say(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTotal:
    """The messages that have one reading."""

    case: Case
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One address.

    ``organisation`` is the Organizational Domain that passed most often, by DKIM or else by SPF, as
    ``organisation_from`` says; the name by reverse DNS is looked up only when asked for.  ``named``
    is what the person named it by.  ``domain`` is the one whose SPF record is worth a look.
    """

    ip: str
    messages: int
    failures: int
    by_dkim: int
    by_spf: int
    standing: Standing
    cases: tuple[CaseTotal, ...]
    organisation: str
    organisation_from: str
    named: str
    domain: str
    header_from: tuple[Total, ...]
    envelope_from: tuple[Total, ...]
    signatures: tuple[Total, ...]
    checks: tuple[Total, ...]
    dispositions: tuple[Total, ...]
    reasons: tuple[Total, ...]
    reporters: tuple[Total, ...]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All sources: those told in full, then only their number and messages."""

    listed: tuple[Source, ...]
    count: int
    unknown: int
    unknown_messages: int
    beyond: int
    beyond_messages: int


@dataclass(slots=True)
class _Sum:
    """What decides the order of one address."""

    messages: int = 0
    failures: int = 0
    unproven: bool = True
    unreadable: bool = False
    not_aligned: bool = False
    named: str = ""

    @property
    def standing(self) -> Standing:
        if self.unreadable:
            return Standing.UNREADABLE
        if self.unproven and not self.named:
            return Standing.UNKNOWN
        return Standing.FAILING if self.not_aligned else Standing.ALIGNED

    @property
    def place(self) -> tuple[int, int, int]:
        order = list(Standing).index(self.standing)
        return order, -self.failures, -self.messages


class Cases:
    """The readings of rows, each combination judged once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Case] = {}
        self._alive: list[Row] = []  # so that no identity is used again

    def of(self, row: Row, report: Report) -> Case:
        """Return the reading of a row of a report."""
        ids = (id(row.signatures), id(row.checks), id(row.reasons))
        key = (*ids, row.dkim, row.spf, row.header_from, report.policy.domain)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = case_of(row, report.policy.domain)
            self._alive.append(row)
        return found


def find_sources(reports: Sequence[Report], known: Known, cases: Cases) -> Sources:
    """Return the sources in some reports, unknown ones first; total."""
    sums = _sums(reports, known, cases)
    order = sorted(sums, key=lambda ip: (*sums[ip].place, ip))
    chosen = {ip: _Growing() for ip in order[:DMARC_SOURCES]}
    for row, report in _rows(reports):
        growing = chosen.get(row.source_ip)
        if growing is not None:
            growing.add(row, report, cases.of(row, report))
    unknown = [one for one in sums.values() if one.standing is Standing.UNKNOWN]
    return Sources(
        listed=tuple(growing.source(ip, sums[ip]) for ip, growing in chosen.items()),
        count=len(sums),
        unknown=len(unknown),
        unknown_messages=sum(one.messages for one in unknown),
        beyond=max(0, len(order) - DMARC_SOURCES),
        beyond_messages=sum(sums[ip].messages for ip in order[DMARC_SOURCES:]),
    )


def _rows(reports: Sequence[Report]) -> Iterator[tuple[Row, Report]]:
    return ((row, report) for report in reports for row in report.rows if row.source_ip)


def _sums(reports: Sequence[Report], known: Known, cases: Cases) -> dict[str, _Sum]:
    sums: dict[str, _Sum] = {}
    for row, report in _rows(reports):
        found = sums.get(row.source_ip)
        if found is None:
            found = sums[row.source_ip] = _Sum(named=known.names(row.source_ip, ()))
        found.messages += row.messages
        found.unreadable = found.unreadable or bool(row.unreadable)
        if not row.aligned:
            found.failures += row.messages
            found.not_aligned = True
        if found.unproven and cases.of(row, report) not in UNPROVEN:
            found.unproven = False
        if known.domains and not found.named:
            found.named = known.names("", _passed(row))
    return sums


def _passed(row: Row) -> Iterator[str]:
    yield from (one.domain for one in row.signatures if one.result == PASS)
    yield from (one.domain for one in row.checks if one.result == PASS)


@dataclass(slots=True)
class _Growing:
    """One source while rows are added."""

    by_dkim: int = 0
    by_spf: int = 0
    cases: dict[Case, int] = field(default_factory=dict)
    header_from: Tally = field(default_factory=Tally)
    envelope_from: Tally = field(default_factory=Tally)
    signatures: Tally = field(default_factory=Tally)
    checks: Tally = field(default_factory=Tally)
    dispositions: Tally = field(default_factory=Tally)
    reasons: Tally = field(default_factory=Tally)
    reporters: Tally = field(default_factory=Tally)
    by_signature: Tally = field(default_factory=Tally)
    by_envelope: Tally = field(default_factory=Tally)
    own_envelope: Tally = field(default_factory=Tally)
    days: set[date] = field(default_factory=set)

    def add(self, row: Row, report: Report, case: Case) -> None:
        """Add a row."""
        number = row.messages
        failed = 0 if row.aligned else number
        self.by_dkim += number if row.dkim == PASS else 0
        self.by_spf += number if row.spf == PASS else 0
        self.cases[case] = self.cases.get(case, 0) + number
        self.header_from.add(row.header_from, number, failed)
        self.envelope_from.add(row.envelope_from, number, failed)
        self.dispositions.add(row.disposition, number, failed)
        self.reporters.add(report.organisation, number, failed)
        for reason in row.reasons:
            self.reasons.add(f"{reason.type} {reason.comment}".strip(), number, failed)
        own = organization_of(row.header_from)
        for one in row.signatures:
            selector = f" ({one.selector})" if one.selector else ""
            self.signatures.add(f"{one.domain}{selector}: {one.result or '?'}", number, failed)
            if one.result == PASS:
                self.by_signature.add(organization_of(one.domain), number)
        for check in row.checks:
            self.checks.add(f"{check.domain}: {check.result or '?'}", number, failed)
            if check.result == PASS:
                self.by_envelope.add(organization_of(check.domain), number)
            if own and organization_of(check.domain) == own:
                self.own_envelope.add(check.domain, number)
        day = day_of_period(report.begins, report.ends)
        if day is not None:
            self.days.add(day)

    def source(self, ip: str, total: _Sum) -> Source:
        """Return the source."""
        organisation, told_by = self._organisation()
        wanted = self.own_envelope.totals() or self.header_from.totals()
        return Source(
            ip=ip,
            messages=total.messages,
            failures=total.failures,
            by_dkim=self.by_dkim,
            by_spf=self.by_spf,
            standing=total.standing,
            cases=tuple(
                CaseTotal(case=case, messages=messages)
                for case, messages in sorted(self.cases.items(), key=lambda one: -one[1])
            ),
            organisation=organisation,
            organisation_from=told_by,
            named=total.named,
            domain=wanted[0].name if wanted else "",
            header_from=self.header_from.totals(),
            envelope_from=self.envelope_from.totals(),
            signatures=self.signatures.totals(),
            checks=self.checks.totals(),
            dispositions=self.dispositions.totals(),
            reasons=self.reasons.totals(),
            reporters=self.reporters.totals(),
            first=min(self.days, default=None),
            last=max(self.days, default=None),
        )

    def _organisation(self) -> tuple[str, str]:
        """Return who it is by what passed: a signature says more than an envelope."""
        for tally, told_by in ((self.by_signature, "DKIM"), (self.by_envelope, "SPF")):
            if totals := tally.totals():
                return totals[0].name, told_by
        return "", ""
