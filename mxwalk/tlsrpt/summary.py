"""What several reports come to: totals, failures by type and place, and a series a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mxwalk.language import say
from mxwalk.reportfiles.days import Day, day_of_period, series
from mxwalk.tlsrpt.model import Failure, Policy, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Sessions by name: an organisation, a policy domain, a host or an address."""

    name: str
    reports: int = 0
    successes: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTotal:
    """Sessions under one policy type at one policy domain."""

    type: str
    domain: str
    reports: int
    successes: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The failures of one result type: where, from where, and why, most sessions first.

    ``reporters`` are named with their contact-info, ``modes`` are those of the policies applied.
    """

    result_type: str
    sessions: int
    rows: int
    receiving: tuple[Total, ...]
    receiving_ips: tuple[Total, ...]
    sending: tuple[Total, ...]
    reasons: tuple[Total, ...]
    domains: tuple[Total, ...]
    information: tuple[Total, ...]
    reporters: tuple[Total, ...]
    modes: tuple[Total, ...]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything that is shown of some reports; each sequence with the largest number first."""

    reports: int
    begins: datetime | None
    ends: datetime | None
    successes: int
    failures: int
    organisations: tuple[Total, ...]
    policies: tuple[PolicyTotal, ...]
    groups: tuple[Group, ...]
    receiving: tuple[Total, ...]
    sending: tuple[Total, ...]
    days: tuple[Day, ...]
    undated: int
    deviations: int


def day_of(report: Report) -> date | None:
    """Return the day a report counts for, ``None`` for one without a date."""
    return day_of_period(report.begins, report.ends)


def summarise(reports: Sequence[Report]) -> Summary:
    """Return what these reports come to; total."""
    begins = [r.begins for r in reports if r.begins is not None]
    ends = [r.ends for r in reports if r.ends is not None]
    organisations = _Tally()
    for report in reports:
        organisations.add(report.organisation, report.successes, report.failures)
    groups = _groups(reports)
    receiving, sending = _Tally(), _Tally()
    for row in _rows(reports):
        if row.receiving_mx or row.receiving_ip:
            receiving.add(row.receiving_mx or row.receiving_ip, 0, row.sessions)
        if row.sending_ip:
            sending.add(row.sending_ip, 0, row.sessions)
    return Summary(
        reports=len(reports),
        begins=min(begins, default=None),
        ends=max(ends, default=None),
        successes=sum(report.successes for report in reports),
        failures=sum(report.failures for report in reports),
        organisations=organisations.totals(by_size=True),
        policies=_policies(reports),
        groups=groups,
        receiving=receiving.totals(),
        sending=sending.totals(),
        days=series((day_of(one), one.successes, one.failures) for one in reports),
        undated=sum(day_of(report) is None for report in reports),
        deviations=sum(d.times for report in reports for d in report.deviations),
    )


class _Tally:
    """Sums of sessions by name."""

    def __init__(self) -> None:
        self._sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, name: str, successes: int, failures: int) -> None:
        """Add to a name."""
        sums = self._sums[name]
        sums[0] += 1
        sums[1] += successes
        sums[2] += failures

    def totals(self, *, by_size: bool = False) -> tuple[Total, ...]:
        """Return the sums, most failures first; with ``by_size`` most sessions first."""
        found = (
            Total(name=name, reports=count, successes=good, failures=bad)
            for name, (count, good, bad) in self._sums.items()
        )
        if by_size:
            return tuple(sorted(found, key=lambda t: (-t.successes - t.failures, t.name)))
        return tuple(sorted(found, key=lambda t: (-t.failures, t.name)))


def _rows(reports: Iterable[Report]) -> Iterable[Failure]:
    return (row for report in reports for policy in report.policies for row in policy.details)


def _policies(reports: Iterable[Report]) -> tuple[PolicyTotal, ...]:
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for report in reports:
        for policy in report.policies:
            found = sums[policy.type, policy.domain]
            found[0] += 1
            found[1] += policy.successes
            found[2] += policy.failures
    totals = (
        PolicyTotal(type=kind, domain=domain, reports=count, successes=good, failures=bad)
        for (kind, domain), (count, good, bad) in sums.items()
    )
    return tuple(sorted(totals, key=lambda t: (-t.failures, -t.successes, t.domain, t.type)))


class _Growing:
    """A group while rows are added."""

    def __init__(self) -> None:
        self.sessions = self.rows = 0
        self.receiving, self.ips, self.sending = _Tally(), _Tally(), _Tally()
        self.reasons, self.domains = _Tally(), _Tally()
        self.information, self.reporters, self.modes = _Tally(), _Tally(), _Tally()
        self.days: set[date] = set()

    def add(self, row: Failure, policy: Policy, report: Report, day: date | None) -> None:
        """Add a row."""
        self.sessions += row.sessions
        self.rows += row.rows
        if day is not None:
            self.days.add(day)
        for tally, name in (
            (self.receiving, row.receiving_mx),
            (self.ips, row.receiving_ip),
            (self.sending, row.sending_ip),
            (self.reasons, row.reason),
            (self.domains, policy.domain),
            (self.information, row.information),
            (self.reporters, _reporter(report)),
            (self.modes, _mode(policy)),
        ):
            if name:
                tally.add(name, 0, row.sessions)


def _reporter(report: Report) -> str:
    contact = f"<{report.contact}>" if report.contact else ""
    return f"{report.organisation} {contact}".strip()


def _mode(policy: Policy) -> str:
    """Return the domain and its mode, where the report has the policy's lines (RFC 8460 4.5)."""
    for line in policy.lines if policy.type == "sts" else ():
        name, colon, value = line.partition(":")
        if colon and name.strip() == "mode":
            return say(
                "{domain}: mode {value}",
                domain=policy.domain or say("(no domain)"),
                value=value.strip(),
            )
    return ""


def _groups(reports: Iterable[Report]) -> tuple[Group, ...]:
    growing: dict[str, _Growing] = defaultdict(_Growing)
    for report in reports:
        day = day_of(report)
        for policy in report.policies:
            for row in policy.details:
                growing[row.result_type].add(row, policy, report, day)
            unexplained = policy.failures if not policy.details else 0
            if unexplained:  # failures without any row
                nothing = Failure(result_type="", sessions=unexplained, rows=0)
                growing[""].add(nothing, policy, report, day)
    groups = (
        Group(
            result_type=name,
            sessions=group.sessions,
            rows=group.rows,
            receiving=group.receiving.totals(),
            receiving_ips=group.ips.totals(),
            sending=group.sending.totals(),
            reasons=group.reasons.totals(),
            domains=group.domains.totals(),
            information=group.information.totals(),
            reporters=group.reporters.totals(),
            modes=group.modes.totals(),
            first=min(group.days, default=None),
            last=max(group.days, default=None),
        )
        for name, group in growing.items()
    )
    return tuple(sorted(groups, key=lambda g: (-g.sessions, g.result_type)))
