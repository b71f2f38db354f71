"""What DMARC reports say, as lines of text."""

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
from mxwalk.language import noted, say, say_many
from mxwalk.reportfiles.model import Kind
from mxwalk.text import visible
from mxwalk.wrapping import fill, padded

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
        yield say("not read, or not counted")
        for report in broken[:_DEVIATIONS]:
            yield from _broken(report)
        if len(broken) > _DEVIATIONS:
            yield say(
                "  and {broken:,} more; --format json has all", broken=len(broken) - _DEVIATIONS
            )
        for problem in reading.problems:
            yield f"  {visible(problem.name, 300)}: {problem.sentence}"


def _broken(report: Report) -> Iterator[str]:
    name = visible(report.source, 300)
    if report.cut_off:
        yield say(
            "  {name}: cut off, what follows is not known: {cut_off}",
            name=name,
            cut_off=report.cut_off,
        )
    if report.unreadable:
        which = next(row.unreadable for row in report.rows if row.unreadable)
        yield "  " + say_many(
            "{name}: a row without a readable {which}",
            "{name}: {n:,} rows without a readable {which}",
            report.unreadable,
            name=name,
            which=which,
        )


def _head(summary: Summary) -> Iterator[str]:
    reports = _reports(summary.reports)
    first = summary.begins.date() if summary.begins else None
    last = summary.ends.date() if summary.ends else None
    passed = summary.messages - summary.failures
    missing = gaps(summary.cut_off, summary.unreadable)
    whole = noted("{reports}, {span}: {messages}, {passed:,} passed DMARC, {failures:,} failed")
    bound = noted(
        "{reports}, {span}: at least {messages}, {passed:,} passed DMARC, {failures:,} failed;"
        " {missing}, so this is a lower bound"
    )
    yield say(
        bound if missing else whole,
        reports=reports,
        span=_span(first, last) or say("date unknown"),
        messages=messages(summary.messages),
        passed=passed,
        failures=summary.failures,
        missing=missing,
    )
    yield ""
    yield say("reported by")
    for one in summary.reporters[:_LISTED]:
        email = f" <{visible(one.email, _NAME)}>" if one.email else ""
        name = f"{visible(one.name, _NAME) or say('(no name)')}{email}"
        yield _row(name, one.messages, one.failures)
    yield from _more(len(summary.reporters))
    yield ""
    yield say("policies published")
    for seen in summary.policies[:_LISTED]:
        domain = visible(seen.policy.domain, _NAME) or say("(no domain)")
        span = _span(seen.first, seen.last)
        reports = _reports(seen.reports)
        yield f"  {domain}  {visible(policy_words(seen.policy), 200)}"
        yield f"    {reports}{f', {span}' if span else ''} ({seen.schema.value})"
    yield from _more(len(summary.policies))


def _row(name: str, number: int, failures: int) -> str:
    return say(
        "  {name} {number:>10,} passed {failures:>8,} failed",
        name=padded(name, 50),
        number=number - failures,
        failures=failures,
    )


def _more(count: int) -> Iterator[str]:
    if count > _LISTED:
        yield say("  and {count:,} more; --format json has all", count=count - _LISTED)


def _totals(summary: Summary) -> Iterator[str]:
    aligned = summary.alignment
    yield ""
    yield say("aligned")
    for name, number in (
        (say("by DKIM and SPF"), aligned.both),
        (say("by DKIM alone"), aligned.dkim),
        (say("by SPF alone"), aligned.spf),
        (say("not at all"), aligned.none),
    ):
        share = f"{100 * number / summary.messages:5.1f} %" if summary.messages else ""
        yield f"  {padded(name, 18)} {number:>10,} {share:>9}"
    for title, totals in (
        (say("disposition"), summary.dispositions),
        (say("override reasons"), summary.reasons),
        (say("domain in From"), summary.domains),
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
        none = noted("no message failed DMARC")
        read = noted("no message failed DMARC among those that could be read; {missing}")
        yield say(read if missing else none, missing=missing)
        return
    yield say("what failed, and what it looks like")
    for one in failing:
        entry = explain(one.case)
        yield ""
        yield f"  {messages(one.messages)}: {entry.title}"
        for words in (entry.meaning, entry.act):
            yield from _wrapped(words, 4)


def _sources(sources: Sources, names: Mapping[str, SourceName]) -> Iterator[str]:
    yield ""
    unknown = say(
        "{unknown:,} unknown with {messages}",
        unknown=sources.unknown,
        messages=messages(sources.unknown_messages),
    )
    yield say(
        "sources, unknown ones first ({count:,}, {unknown})", count=sources.count, unknown=unknown
    )
    for source in sources.listed[:_SOURCES]:
        yield from _source(source, names.get(source.ip))
    rest = sources.count - min(_SOURCES, len(sources.listed))
    if rest > 0:
        yield ""
        yield say(
            "  and {rest:,} more; --format json has the first {listed:,}",
            rest=rest,
            listed=len(sources.listed),
        )


def _source(source: Source, name: SourceName | None) -> Iterator[str]:
    yield ""
    told = say(
        "{messages}, {failures:,} failed",
        messages=messages(source.messages),
        failures=source.failures,
    )
    span = _comma(_span(source.first, source.last))
    yield f"  {visible(source.ip, 60)}  {source.standing.words}: {told}{span}"
    if words := who(source, name):
        yield from _labelled(say("who"), visible(words, 400))
    cases = "; ".join(f"{one.messages:,} {explain(one.case).title}" for one in source.cases)
    yield from _labelled(say("looks like"), cases)
    for label, totals in (
        ("From", source.header_from),
        (say("envelope"), source.envelope_from),
        ("DKIM", source.signatures),
        ("SPF", source.checks),
        (say("result"), source.dispositions),
        (say("override"), source.reasons),
    ):
        if totals:
            yield from _labelled(label, _listed(totals))
    if command := spf_command(source):
        yield from _labelled(say("ask"), command)


def _listed(totals: Sequence[Total]) -> str:
    few = 4
    shown = [f"{one.messages:,} {visible(one.name, _NAME)}" for one in totals[:few]]
    if len(totals) > few:
        shown.append(say("and {totals:,} more", totals=len(totals) - few))
    return ", ".join(shown)


def _labelled(label: str, words: str) -> list[str]:
    indent = " " * (4 + _LABEL)
    first = f"    {padded(label, _LABEL)}"
    return fill(words, _WIDTH + 20, first, indent)


def _wrapped(words: str, indent: int) -> list[str]:
    return fill(words, _WIDTH, " " * indent)


def _reports(number: int) -> str:
    return say_many("{n:,} report", "{n:,} reports", number)


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return str(first or last or "")
    return f"{first}" if first == last else say("{first} to {last}", first=first, last=last)


def _comma(words: str) -> str:
    return f", {words}" if words else ""


def _days(summary: Summary) -> Iterator[str]:
    if len(summary.days) > 1 or summary.undated:
        yield ""
        yield say("by day (UTC)")
        for one in summary.days:
            yield say(
                "  {day}  {successes:>10,} passed {failures:>8,} failed",
                day=one.day,
                successes=one.successes,
                failures=one.failures,
            )
    if summary.undated:
        yield say("  date unknown: {reports}", reports=_reports(summary.undated))


def _deviations(reading: Reading) -> Iterator[str]:
    """Yield each deviation once, with the reports that have it: the same reporters repeat theirs."""
    found: dict[str, list[tuple[str, str]]] = {}
    for report in reading.reports:
        for one in report.deviations:
            if report.cut_off and one.kind is Kind.UNREADABLE:
                continue  # it is told with what was not read
            words = f"{one.sentence} [{report.schema.value}]"
            name = report.organisation or say("(no name)")
            found.setdefault(words, []).append((name, deviation_words(one)))
    if not found:
        return
    yield ""
    yield say("deviations from the schema")
    for words, those in list(found.items())[:_DEVIATIONS]:
        if len(those) == 1:
            yield f"  {visible(those[0][0], _NAME)}: {those[0][1]}"
            continue
        reporters = list(dict.fromkeys(name for name, _ in those))
        shown = ", ".join(visible(name, 60) for name in reporters[:3])
        if len(reporters) > 3:
            shown = say("{shown} and {number} others", shown=shown, number=len(reporters) - 3)
        yield say(
            "  {shown}: {words} in {number:,} reports", shown=shown, words=words, number=len(those)
        )
    if len(found) > _DEVIATIONS:
        yield say("  and {found:,} more; --format json has all", found=len(found) - _DEVIATIONS)
