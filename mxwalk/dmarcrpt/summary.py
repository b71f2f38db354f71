"""What several reports come to: totals, policies, sources, readings, overrides, and a series a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mxwalk.dmarcrpt.known import NOBODY, Known
from mxwalk.dmarcrpt.model import PASS, PolicyPublished, Report, Schema
from mxwalk.dmarcrpt.sources import Cases, CaseTotal, Sources, find_sources
from mxwalk.dmarcrpt.tally import Tally, Total
from mxwalk.language import say
from mxwalk.reportfiles.days import Day, day_of_period, series


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Messages by what was aligned and passed."""

    both: int
    dkim: int
    spf: int
    none: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """An organisation that reports."""

    name: str
    email: str
    reports: int
    messages: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySeen:
    """A policy that was published, as reporters found it: how many, and from when to when."""

    policy: PolicyPublished
    schema: Schema
    reports: int
    messages: int
    failures: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything that is shown of some reports; each sequence with the largest number first."""

    reports: int
    begins: datetime | None
    ends: datetime | None
    messages: int
    failures: int
    alignment: Alignment
    dispositions: tuple[Total, ...]
    reasons: tuple[Total, ...]
    cases: tuple[CaseTotal, ...]
    reporters: tuple[Reporter, ...]
    policies: tuple[PolicySeen, ...]
    domains: tuple[Total, ...]
    sources: Sources
    days: tuple[Day, ...]
    undated: int
    deviations: int
    cut_off: int
    unreadable: int

    @property
    def whole(self) -> bool:
        """Whether all was read: else what is counted is a lower bound."""
        return not self.cut_off and not self.unreadable


def day_of(report: Report) -> date | None:
    """Return the day a report counts for, ``None`` for one without a date."""
    return day_of_period(report.begins, report.ends)


def summarise(reports: Sequence[Report], known: Known = NOBODY) -> Summary:
    """Return what these reports come to; total."""
    begins = [r.begins for r in reports if r.begins is not None]
    ends = [r.ends for r in reports if r.ends is not None]
    cases = Cases()
    counts = _Counts()
    for report in reports:
        counts.add(report, cases)
    return Summary(
        reports=len(reports),
        begins=min(begins, default=None),
        ends=max(ends, default=None),
        messages=sum(counts.aligned.values()),
        failures=counts.aligned[False, False],
        alignment=counts.alignment(),
        dispositions=counts.dispositions.totals(),
        reasons=counts.reasons.totals(),
        cases=counts.case_totals(),
        reporters=_reporters(reports),
        policies=_policies(reports),
        domains=counts.domains.totals(),
        sources=find_sources(reports, known, cases),
        days=series((day_of(r), r.messages - r.failures, r.failures) for r in reports),
        undated=sum(day_of(report) is None for report in reports),
        deviations=sum(d.times for report in reports for d in report.deviations),
        cut_off=sum(bool(report.cut_off) for report in reports),
        unreadable=sum(report.unreadable for report in reports),
    )


class _Counts:
    """The sums over all rows."""

    def __init__(self) -> None:
        self.aligned = {(dkim, spf): 0 for dkim in (True, False) for spf in (True, False)}
        self.dispositions, self.reasons, self.domains = Tally(), Tally(), Tally()
        self._cases: dict[object, CaseTotal] = {}

    def add(self, report: Report, cases: Cases) -> None:
        """Add the rows of a report."""
        for row in report.rows:
            number = row.messages
            failed = 0 if row.aligned else number
            self.aligned[row.dkim == PASS, row.spf == PASS] += number
            self.dispositions.add(row.disposition or say("(none given)"), number, failed)
            self.domains.add(row.header_from or say("(no domain)"), number, failed)
            for reason in row.reasons:
                self.reasons.add(f"{reason.type} {reason.comment}".strip(), number, failed)
            case = cases.of(row, report)
            before = self._cases.get(case)
            number += before.messages if before else 0
            self._cases[case] = CaseTotal(case=case, messages=number)

    def alignment(self) -> Alignment:
        """Return the messages by what was aligned."""
        return Alignment(
            both=self.aligned[True, True],
            dkim=self.aligned[True, False],
            spf=self.aligned[False, True],
            none=self.aligned[False, False],
        )

    def case_totals(self) -> tuple[CaseTotal, ...]:
        """Return the readings, those that fail first."""
        found = self._cases.values()
        return tuple(sorted(found, key=lambda one: (one.case.aligned, -one.messages)))


def _reporters(reports: Sequence[Report]) -> tuple[Reporter, ...]:
    sums: dict[tuple[str, str], list[int]] = {}
    for report in reports:
        found = sums.setdefault((report.organisation, report.email), [0, 0, 0])
        found[0] += 1
        found[1] += report.messages
        found[2] += report.failures
    totals = (
        Reporter(name=name, email=email, reports=count, messages=messages, failures=failures)
        for (name, email), (count, messages, failures) in sums.items()
    )
    return tuple(sorted(totals, key=lambda one: (-one.messages, one.name, one.email)))


def _policies(reports: Sequence[Report]) -> tuple[PolicySeen, ...]:
    found: dict[tuple[PolicyPublished, Schema], list[Report]] = {}
    for report in reports:
        found.setdefault((report.policy, report.schema), []).append(report)
    seen = []
    for (policy, schema), those in found.items():
        days = [day for day in map(day_of, those) if day is not None]
        seen.append(
            PolicySeen(
                policy=policy,
                schema=schema,
                reports=len(those),
                messages=sum(report.messages for report in those),
                failures=sum(report.failures for report in those),
                first=min(days, default=None),
                last=max(days, default=None),
            )
        )
    return tuple(sorted(seen, key=lambda one: (-one.messages, -one.reports, one.policy.domain)))
