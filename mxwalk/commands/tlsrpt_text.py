"""What TLS reports say, as lines of text."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from mxwalk.findings.tls_reports import codes_for_group
from mxwalk.reportfiles.model import Deviation
from mxwalk.text import visible
from mxwalk.tlsrpt.hosts import walk_domain, walk_target
from mxwalk.tlsrpt.model import Reading
from mxwalk.tlsrpt.result_types import Family, explain
from mxwalk.tlsrpt.summary import Group, PolicyTotal, Summary, Total

_NAME = 100
_LISTED = 10
_DEVIATIONS = 40
_WIDTH = 78


def report_lines(reading: Reading, summary: Summary) -> Iterator[str]:
    """Yield the lines on some reports: totals, failures explained, days, deviations."""
    if reading.reports:
        yield from _head(summary)
        yield from _failures(summary)
        yield from _days(summary)
        yield from _deviations(reading)
    if reading.problems:
        yield ""
        yield "not read, or not counted"
        for problem in reading.problems:
            yield f"  {visible(problem.name, 300)}: {problem.sentence}"


def period(summary: Summary) -> str:
    """Return the time from the first beginning to the last end, in days."""
    first = summary.begins.date().isoformat() if summary.begins else "?"
    last = summary.ends.date().isoformat() if summary.ends else "?"
    return first if first == last else f"{first} to {last}"


def sessions(number: int) -> str:
    """Return a number of sessions in words."""
    return f"{number:,} session" + ("" if number == 1 else "s")


def _head(summary: Summary) -> Iterator[str]:
    reports = f"{summary.reports:,} report" + ("" if summary.reports == 1 else "s")
    yield f"{reports}, {period(summary)}: {summary.successes:,} succeeded, {summary.failures:,} failed"
    yield ""
    yield "reported by"
    yield from _table(
        (visible(one.name, _NAME) or "(no name)", one.successes, one.failures)
        for one in _few(summary.organisations)
    )
    yield ""
    yield "policies"
    yield from _table(
        (_policy_name(one), one.successes, one.failures) for one in summary.policies[:_LISTED]
    )
    if len(summary.policies) > _LISTED:
        yield f"  and {len(summary.policies) - _LISTED:,} more"


def _policy_name(policy: PolicyTotal) -> str:
    kind = visible(policy.type, 40) or "(no type)"
    return f"{kind} {visible(policy.domain, _NAME) or '(no domain)'}"


def _few(totals: Sequence[Total]) -> Sequence[Total]:
    if len(totals) <= _LISTED:
        return totals
    rest = totals[_LISTED:]
    more = Total(
        name=f"and {len(rest):,} more",
        reports=sum(one.reports for one in rest),
        successes=sum(one.successes for one in rest),
        failures=sum(one.failures for one in rest),
    )
    return (*totals[:_LISTED], more)


def _table(rows: Iterable[tuple[str, int, int]]) -> Iterator[str]:
    for name, successes, failures in rows:
        yield f"  {name:<50} {successes:>10,} succeeded {failures:>8,} failed"


def _failures(summary: Summary) -> Iterator[str]:
    yield ""
    if not summary.groups:
        yield "no failures were reported"
        return
    yield "failures by result type"
    for group in summary.groups:
        yield from _group(group)


def _group(group: Group) -> Iterator[str]:
    if not group.result_type and not group.rows:
        yield f"  (no details) {sessions(group.sessions)}: the report names no result type for them"
        return
    entry = explain(group.result_type)
    yield ""
    yield f"  {entry.name}: {sessions(group.sessions)}{_span(group.first, group.last)}"
    yield f"    {entry.title}; who must act: {entry.actor.value} ({entry.rfc})"
    for words in (entry.meaning, entry.look):
        yield from _wrapped(words)
    for name, totals in (
        ("domain", group.domains),
        ("at", group.receiving),
        ("address", group.receiving_ips),
        ("from", group.sending),
        ("reason", group.reasons),
        ("more", group.information),
        ("policy", group.modes),
        ("by", group.reporters),
    ):
        for one in _few(totals):
            yield f"    {name:<8} {visible(one.name, _NAME)}  {sessions(one.failures)}"
    if codes := codes_for_group(group):
        listed = ", ".join(entry.code for entry in codes)
        yield from _wrapped(f"our codes for it: {listed}")
    domain = next(filter(None, (walk_domain(one.name) for one in group.domains)), "")
    places = [walk_target(host.name) for host in (*group.receiving, *group.receiving_ips)]
    host = next(filter(None, places), "")
    if entry.family is Family.STS:
        if domain:
            yield f"    look it up: mxwalk policy {domain}"
    elif domain and host:
        yield f"    walk it: mxwalk {domain}   (the host is {host.removesuffix(':25')})"
    elif domain or host:
        yield f"    walk it: mxwalk {domain or host}"


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, _WIDTH, initial_indent="    ", subsequent_indent="    ")


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    return f", {first}" if first == last else f", {first} to {last}"


def _days(summary: Summary) -> Iterator[str]:
    if len(summary.days) > 1:
        yield ""
        yield "by day (UTC)"
        for one in summary.days:
            yield f"  {one.day}  {one.successes:>10,} succeeded {one.failures:>8,} failed"
    if summary.undated:
        yield f"  {summary.undated:,} without a date"


def _deviations(reading: Reading) -> Iterator[str]:
    listed = [(report.source, one) for report in reading.reports for one in report.deviations]
    if not listed:
        return
    yield ""
    yield "deviations from RFC 8460"
    for source, one in listed[:_DEVIATIONS]:
        yield f"  {visible(source, 200)}: {deviation_words(one)}"
    if len(listed) > _DEVIATIONS:
        yield f"  and {len(listed) - _DEVIATIONS:,} more; --format json has all"


def deviation_words(deviation: Deviation) -> str:
    """Return a deviation with its first place and how often there is the like."""
    place = f" ({visible(deviation.places[0], 200)})" if deviation.places else ""
    times = f", {deviation.times:,} times" if deviation.times > 1 else ""
    return f"{deviation.sentence}{place}{times}"
