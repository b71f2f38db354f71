"""What became of the messages: aligned how, disposed of how, and what those that failed look like."""

from collections.abc import Iterator, Sequence

from mxwalk.delivery.mark import Mark
from mxwalk.dmarcrpt.explanations import explain
from mxwalk.dmarcrpt.model import Report
from mxwalk.dmarcrpt.summary import Summary
from mxwalk.dmarcrpt.tally import Total
from mxwalk.dmarcrpt.words import gaps
from mxwalk.language import say
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark, wrap
from widgets.report_facts import ReportFacts
from widgets.row import Row, text_row

_NAME = 18
_NUMBER = 12
_LISTED = 50


class ResultList(ReportFacts[Report, Summary]):
    """Alignment with bars, readings explained, dispositions, overrides and domains in From."""

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the rows of each part."""
        summary = self.summary
        if summary is None or not summary.reports:
            return
        if missing := gaps(summary.cut_off, summary.unreadable):
            symbol, look = mark(Mark.WARN)
            words = say("{missing}: these numbers are a lower bound", missing=missing)
            yield text_row(
                "gaps", *wrap(line((f"{symbol} ", look), (words, look)), width, indent=2)
            )
        yield from _alignment(summary, width)
        yield from _readings(summary, width)
        yield from _totals(say("disposition"), summary.dispositions, width)
        yield from _totals(say("override reason"), summary.reasons, width)
        yield from _totals(say("domain in From"), summary.domains, width)


def _heading(words: str) -> Iterator[Row]:
    yield text_row(("gap", words), line(""))
    yield text_row(("heading", words), line((words, Look.HEADING)))


def _alignment(summary: Summary, width: int) -> Iterator[Row]:
    aligned = summary.alignment
    yield text_row(("heading", "aligned"), line((say("aligned"), Look.HEADING)))
    for name, number, state in (
        (say("DKIM and SPF"), aligned.both, Mark.OK),
        (say("DKIM alone"), aligned.dkim, Mark.OK),
        (say("SPF alone"), aligned.spf, Mark.WARN),
        (say("not at all"), aligned.none, Mark.FAIL),
    ):
        symbol, look = mark(state if number else Mark.INFO)
        share = f"{100 * number / summary.messages:5.1f} %  " if summary.messages else ""
        content = line(
            (f"{symbol} ", look), fit(name, _NAME), f"{number:>{_NUMBER},}  ", (share, Look.DIM)
        )
        room = width - content.cell_length
        if room > 8 and number:
            bar = glyphs().bar * -(-room * number // summary.messages)
            content = content + line((bar, look))
        yield Row(key=("aligned", name), lines=(content,), copy=f"{number}", what=name)


def _readings(summary: Summary, width: int) -> Iterator[Row]:
    yield from _heading(say("what the messages look like"))
    for one in summary.cases:
        entry = explain(one.case)
        symbol, look = mark(Mark.OK if one.case.aligned else Mark.FAIL)
        head = line((f"{symbol} ", look), f"{one.messages:>8,}  ", (entry.title, Look.STRONG))
        lines = wrap(head, width, indent=12)
        copied = say(
            "{messages} messages: {title}. {meaning} {act}",
            messages=one.messages,
            title=entry.title,
            meaning=entry.meaning,
            act=entry.act,
        )
        if not one.case.aligned:
            for words in (entry.meaning, entry.act):
                lines += wrap(line(" " * 12, words), width, indent=12)
        yield Row(key=("case", one.case), lines=tuple(lines), copy=copied, what=say("reading"))


def _totals(title: str, totals: Sequence[Total], width: int) -> Iterator[Row]:
    if not totals:
        return
    yield from _heading(title)
    for number, total in enumerate(totals[:_LISTED]):
        failed = (
            "   " + say("{failures:,} failed", failures=total.failures) if total.failures else ""
        )
        content = line(f"{total.messages:>10,}  ", total.name, (failed, Look.DIM))
        lines = wrap(content, width, indent=12)
        yield Row(key=(title, number), lines=tuple(lines), copy=total.name, what=title)
    if len(totals) > _LISTED:
        words = say(
            "and {number:,} more; mxwalk dmarc --format json has all", number=len(totals) - _LISTED
        )
        yield text_row((title, "more"), *wrap(line((words, Look.DIM)), width))
