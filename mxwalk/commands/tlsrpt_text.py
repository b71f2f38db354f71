"""What TLS reports say, as lines of text."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from mxwalk.findings.tls_reports import codes_for_group
from mxwalk.language import say, say_many
from mxwalk.reportfiles.model import Deviation
from mxwalk.text import visible
from mxwalk.tlsrpt.hosts import walk_domain, walk_target
from mxwalk.tlsrpt.model import Reading
from mxwalk.tlsrpt.result_types import Family, explain
from mxwalk.tlsrpt.summary import Group, PolicyTotal, Summary, Total
from mxwalk.wrapping import fill, padded

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
        yield say("not read, or not counted")
        for problem in reading.problems:
            yield f"  {visible(problem.name, 300)}: {problem.sentence}"


def period(summary: Summary) -> str:
    """Return the time from the first beginning to the last end, in days."""
    first = summary.begins.date().isoformat() if summary.begins else "?"
    last = summary.ends.date().isoformat() if summary.ends else "?"
    return first if first == last else say("{first} to {last}", first=first, last=last)


def sessions(number: int) -> str:
    """Return a number of sessions in words."""
    return say_many("{n:,} session", "{n:,} sessions", number)


def _head(summary: Summary) -> Iterator[str]:
    reports = say_many("{n:,} report", "{n:,} reports", summary.reports)
    yield say(
        "{reports}, {period}: {successes:,} succeeded, {failures:,} failed",
        reports=reports,
        period=period(summary),
        successes=summary.successes,
        failures=summary.failures,
    )
    yield ""
    yield say("reported by")
    yield from _table(
        (visible(one.name, _NAME) or say("(no name)"), one.successes, one.failures)
        for one in _few(summary.organisations)
    )
    yield ""
    yield say("policies")
    yield from _table(
        (_policy_name(one), one.successes, one.failures) for one in summary.policies[:_LISTED]
    )
    if len(summary.policies) > _LISTED:
        yield say("  and {policies:,} more", policies=len(summary.policies) - _LISTED)


def _policy_name(policy: PolicyTotal) -> str:
    kind = visible(policy.type, 40) or say("(no type)")
    return f"{kind} {visible(policy.domain, _NAME) or say('(no domain)')}"


def _few(totals: Sequence[Total]) -> Sequence[Total]:
    if len(totals) <= _LISTED:
        return totals
    rest = totals[_LISTED:]
    more = Total(
        name=say("and {rest:,} more", rest=len(rest)),
        reports=sum(one.reports for one in rest),
        successes=sum(one.successes for one in rest),
        failures=sum(one.failures for one in rest),
    )
    return (*totals[:_LISTED], more)


def _table(rows: Iterable[tuple[str, int, int]]) -> Iterator[str]:
    for name, successes, failures in rows:
        yield say(
            "  {name} {successes:>10,} succeeded {failures:>8,} failed",
            name=padded(name, 50),
            successes=successes,
            failures=failures,
        )


def _failures(summary: Summary) -> Iterator[str]:
    yield ""
    if not summary.groups:
        yield say("no failures were reported")
        return
    yield say("failures by result type")
    for group in summary.groups:
        yield from _group(group)


def _group(group: Group) -> Iterator[str]:
    if not group.result_type and not group.rows:
        yield say(
            "  (no details) {sessions}: the report names no result type for them",
            sessions=sessions(group.sessions),
        )
        return
    entry = explain(group.result_type)
    yield ""
    yield f"  {entry.name}: {sessions(group.sessions)}{_span(group.first, group.last)}"
    yield say(
        "    {title}; who must act: {actor} ({rfc})",
        title=entry.title,
        actor=say(entry.actor.value),
        rfc=entry.rfc,
    )
    for words in (entry.meaning, entry.look):
        yield from _wrapped(words)
    for name, totals in (
        (say("domain"), group.domains),
        (say("at"), group.receiving),
        (say("address"), group.receiving_ips),
        (say("from"), group.sending),
        (say("reason"), group.reasons),
        (say("more"), group.information),
        (say("policy"), group.modes),
        (say("by"), group.reporters),
    ):
        for one in _few(totals):
            yield f"    {padded(name, 8)} {visible(one.name, _NAME)}  {sessions(one.failures)}"
    if codes := codes_for_group(group):
        listed = ", ".join(entry.code for entry in codes)
        yield from _wrapped(say("our codes for it: {listed}", listed=listed))
    domain = next(filter(None, (walk_domain(one.name) for one in group.domains)), "")
    places = [walk_target(host.name) for host in (*group.receiving, *group.receiving_ips)]
    host = next(filter(None, places), "")
    if entry.family is Family.STS:
        if domain:
            yield say("    look it up: mxwalk policy {domain}", domain=domain)
    elif domain and host:
        yield say(
            "    walk it: mxwalk {domain}   (the host is {host})",
            domain=domain,
            host=host.removesuffix(":25"),
        )
    elif domain or host:
        yield say("    walk it: mxwalk {domain}", domain=domain or host)


def _wrapped(words: str) -> list[str]:
    return fill(words, _WIDTH, "    ")


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    return f", {first}" if first == last else say(", {first} to {last}", first=first, last=last)


def _days(summary: Summary) -> Iterator[str]:
    if len(summary.days) > 1:
        yield ""
        yield say("by day (UTC)")
        for one in summary.days:
            yield say(
                "  {day}  {successes:>10,} succeeded {failures:>8,} failed",
                day=one.day,
                successes=one.successes,
                failures=one.failures,
            )
    if summary.undated:
        yield say("  {undated:,} without a date", undated=summary.undated)


def _deviations(reading: Reading) -> Iterator[str]:
    listed = [(report.source, one) for report in reading.reports for one in report.deviations]
    if not listed:
        return
    yield ""
    yield say("deviations from RFC 8460")
    for source, one in listed[:_DEVIATIONS]:
        yield f"  {visible(source, 200)}: {deviation_words(one)}"
    if len(listed) > _DEVIATIONS:
        yield say("  and {listed:,} more; --format json has all", listed=len(listed) - _DEVIATIONS)


def deviation_words(deviation: Deviation) -> str:
    """Return a deviation with its first place and how often there is the like."""
    place = f" ({visible(deviation.places[0], 200)})" if deviation.places else ""
    times = say(", {times:,} times", times=deviation.times) if deviation.times > 1 else ""
    return f"{deviation.sentence}{place}{times}"
