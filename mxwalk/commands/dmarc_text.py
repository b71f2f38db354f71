"""What DMARC reports say, as lines of text."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from mxwalk.commands.tlsrpt_text import deviation_words
from mxwalk.dmarcrpt.explanations import explain
from mxwalk.dmarcrpt.model import Reading, Report
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.sources import Source, Sources
from mxwalk.dmarcrpt.summary import Summary
from mxwalk.dmarcrpt.tally import Total
from mxwalk.dmarcrpt.words import gaps, messages, policy_words, spf_command, who
from mxwalk.reportfiles.model import Kind
from mxwalk.text import visible

_NAME = 100
_LISTED = 10
_SOURCES = 50
_DEVIATIONS = 40
_WIDTH = 78
_LABEL = 12


def report_lines(
    reading: Reading, summary: Summary, names: Mapping[str, SourceName]
) -> Iterator[str]:
    """Yield the lines on some reports: totals, readings explained, sources, days, deviations."""
    if reading.reports:
        yield from _head(summary)
        yield from _totals(summary)
        yield from _readings(summary)
        yield from _sources(summary.sources, names)
        yield from _days(summary)
        yield from _deviations(reading)
    broken = [report for report in reading.reports if not report.whole]
    if reading.problems or broken:
        yield ""
        yield "not read, or not counted"
        for report in broken[:_DEVIATIONS]:
            yield from _broken(report)
        if len(broken) > _DEVIATIONS:
            yield f"  and {len(broken) - _DEVIATIONS:,} more; --format json has all"
        for problem in reading.problems:
            yield f"  {visible(problem.name, 300)}: {problem.sentence}"


def _broken(report: Report) -> Iterator[str]:
    name = visible(report.source, 300)
    if report.cut_off:
        yield f"  {name}: cut off, what follows is not known: {report.cut_off}"
    if report.unreadable:
        which = next(row.unreadable for row in report.rows if row.unreadable)
        rows = "a row" if report.unreadable == 1 else f"{report.unreadable:,} rows"
        yield f"  {name}: {rows} without a readable {which}"


def _head(summary: Summary) -> Iterator[str]:
    reports = f"{summary.reports:,} report" + ("" if summary.reports == 1 else "s")
    first = summary.begins.date() if summary.begins else None
    last = summary.ends.date() if summary.ends else None
    passed = summary.messages - summary.failures
    missing = gaps(summary.cut_off, summary.unreadable)
    least, bound = ("at least ", f"; {missing}, so this is a lower bound") if missing else ("", "")
    yield (
        f"{reports}, {_span(first, last) or 'date unknown'}: {least}{messages(summary.messages)},"
        f" {passed:,} passed DMARC, {summary.failures:,} failed{bound}"
    )
    yield ""
    yield "reported by"
    for one in summary.reporters[:_LISTED]:
        email = f" <{visible(one.email, _NAME)}>" if one.email else ""
        name = f"{visible(one.name, _NAME) or '(no name)'}{email}"
        yield _row(name, one.messages, one.failures)
    yield from _more(len(summary.reporters))
    yield ""
    yield "policies published"
    for seen in summary.policies[:_LISTED]:
        domain = visible(seen.policy.domain, _NAME) or "(no domain)"
        span = _span(seen.first, seen.last)
        reports = f"{seen.reports:,} report" + ("" if seen.reports == 1 else "s")
        yield f"  {domain}  {visible(policy_words(seen.policy), 200)}"
        yield f"    {reports}{f', {span}' if span else ''} ({seen.schema.value})"
    yield from _more(len(summary.policies))


def _row(name: str, number: int, failures: int) -> str:
    return f"  {name:<50} {number - failures:>10,} passed {failures:>8,} failed"


def _more(count: int) -> Iterator[str]:
    if count > _LISTED:
        yield f"  and {count - _LISTED:,} more; --format json has all"


def _totals(summary: Summary) -> Iterator[str]:
    aligned = summary.alignment
    yield ""
    yield "aligned"
    for name, number in (
        ("by DKIM and SPF", aligned.both),
        ("by DKIM alone", aligned.dkim),
        ("by SPF alone", aligned.spf),
        ("not at all", aligned.none),
    ):
        share = f"{100 * number / summary.messages:5.1f} %" if summary.messages else ""
        yield f"  {name:<18} {number:>10,} {share:>9}"
    for title, totals in (
        ("disposition", summary.dispositions),
        ("override reasons", summary.reasons),
        ("domain in From", summary.domains),
    ):
        if totals:
            yield ""
            yield title
            yield from (
                _row(visible(one.name, _NAME), one.messages, one.failures)
                for one in totals[:_LISTED]
            )
            yield from _more(len(totals))


def _readings(summary: Summary) -> Iterator[str]:
    failing = [one for one in summary.cases if not one.case.aligned and one.messages]
    yield ""
    if not failing:
        missing = gaps(summary.cut_off, summary.unreadable)
        more = f" among those that could be read; {missing}" if missing else ""
        yield f"no message failed DMARC{more}"
        return
    yield "what failed, and what it looks like"
    for one in failing:
        entry = explain(one.case)
        yield ""
        yield f"  {messages(one.messages)}: {entry.title}"
        for words in (entry.meaning, entry.act):
            yield from _wrapped(words, 4)


def _sources(sources: Sources, names: Mapping[str, SourceName]) -> Iterator[str]:
    yield ""
    unknown = f"{sources.unknown:,} unknown with {messages(sources.unknown_messages)}"
    yield f"sources, unknown ones first ({sources.count:,}, {unknown})"
    for source in sources.listed[:_SOURCES]:
        yield from _source(source, names.get(source.ip))
    rest = sources.count - min(_SOURCES, len(sources.listed))
    if rest > 0:
        yield ""
        yield f"  and {rest:,} more; --format json has the first {len(sources.listed):,}"


def _source(source: Source, name: SourceName | None) -> Iterator[str]:
    yield ""
    yield (
        f"  {visible(source.ip, 60)}  {source.standing.value}: {messages(source.messages)},"
        f" {source.failures:,} failed{_comma(_span(source.first, source.last))}"
    )
    if words := who(source, name):
        yield from _labelled("who", visible(words, 400))
    cases = "; ".join(f"{one.messages:,} {explain(one.case).title}" for one in source.cases)
    yield from _labelled("looks like", cases)
    for label, totals in (
        ("From", source.header_from),
        ("envelope", source.envelope_from),
        ("DKIM", source.signatures),
        ("SPF", source.checks),
        ("result", source.dispositions),
        ("override", source.reasons),
    ):
        if totals:
            yield from _labelled(label, _listed(totals))
    if command := spf_command(source):
        yield from _labelled("ask", command)


def _listed(totals: Sequence[Total]) -> str:
    few = 4
    shown = [f"{one.messages:,} {visible(one.name, _NAME)}" for one in totals[:few]]
    if len(totals) > few:
        shown.append(f"and {len(totals) - few:,} more")
    return ", ".join(shown)


def _labelled(label: str, words: str) -> list[str]:
    indent = " " * (4 + _LABEL)
    return textwrap.wrap(
        words,
        _WIDTH + 20,
        initial_indent=f"    {label:<{_LABEL}}",
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _wrapped(words: str, indent: int) -> list[str]:
    room = " " * indent
    return textwrap.wrap(words, _WIDTH, initial_indent=room, subsequent_indent=room)


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return str(first or last or "")
    return f"{first}" if first == last else f"{first} to {last}"


def _comma(words: str) -> str:
    return f", {words}" if words else ""


def _days(summary: Summary) -> Iterator[str]:
    if len(summary.days) > 1 or summary.undated:
        yield ""
        yield "by day (UTC)"
        for one in summary.days:
            yield f"  {one.day}  {one.successes:>10,} passed {one.failures:>8,} failed"
    if summary.undated:
        reports = "1 report" if summary.undated == 1 else f"{summary.undated:,} reports"
        yield f"  date unknown: {reports}"


def _deviations(reading: Reading) -> Iterator[str]:
    """Yield each deviation once, with the reports that have it: the same reporters repeat theirs."""
    found: dict[str, list[tuple[str, str]]] = {}
    for report in reading.reports:
        for one in report.deviations:
            if report.cut_off and one.kind is Kind.UNREADABLE:
                continue  # it is told with what was not read
            words = f"{one.sentence} [{report.schema.value}]"
            name = report.organisation or "(no name)"
            found.setdefault(words, []).append((name, deviation_words(one)))
    if not found:
        return
    yield ""
    yield "deviations from the schema"
    for words, those in list(found.items())[:_DEVIATIONS]:
        if len(those) == 1:
            yield f"  {visible(those[0][0], _NAME)}: {those[0][1]}"
            continue
        reporters = list(dict.fromkeys(name for name, _ in those))
        shown = ", ".join(visible(name, 60) for name in reporters[:3])
        rest = f" and {len(reporters) - 3} others" if len(reporters) > 3 else ""
        yield f"  {shown}{rest}: {words} in {len(those):,} reports"
    if len(found) > _DEVIATIONS:
        yield f"  and {len(found) - _DEVIATIONS:,} more; --format json has all"
