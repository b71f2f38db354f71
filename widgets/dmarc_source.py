"""What is known of one source: its readings, who it is, names and results, and what to ask."""

from collections.abc import Iterator, Sequence

from mxwalk.delivery.mark import Mark
from mxwalk.dmarcrpt.explanations import explain
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.sources import Source
from mxwalk.dmarcrpt.tally import Total
from mxwalk.dmarcrpt.words import spf_command, who
from mxwalk.language import say
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark, wrap
from widgets.row import Row, text_row

_LABEL = 12
_LISTED = 20


def source_rows(source: Source, name: SourceName | None, width: int) -> Iterator[Row]:
    """Yield what is known of one source."""
    ip = source.ip
    for number, one in enumerate(source.cases):
        entry = explain(one.case)
        symbol, look = mark(Mark.OK if one.case.aligned else Mark.FAIL)
        head = line("    ", (f"{symbol} ", look), f"{one.messages:,}  ", (entry.title, Look.STRONG))
        yield text_row(("case", ip, number), *wrap(head, width, indent=6))
        for words in (entry.meaning, entry.act):
            yield text_row(
                ("words", ip, number, words), *wrap(line("      ", words), width, indent=6)
            )
    yield from _labelled(
        say("who"), ip, who(source, name) or say("not known: p asks the DNS"), width
    )
    yield from _totals("From", ip, source.header_from, width)
    yield from _totals(say("envelope"), ip, source.envelope_from, width)
    yield from _totals("DKIM", ip, source.signatures, width)
    yield from _totals("SPF", ip, source.checks, width)
    yield from _totals(say("disposition"), ip, source.dispositions, width)
    yield from _totals(say("override"), ip, source.reasons, width)
    yield from _totals(say("reported by"), ip, source.reporters, width)
    if source.first is not None:
        span = (
            f"{source.first}"
            if source.first == source.last
            else say("{first} to {last}", first=source.first, last=source.last)
        )
        yield from _labelled(say("seen"), ip, span, width)
    if command := spf_command(source):
        hint = (f"  {glyphs().arrow} " + say("Enter asks"), Look.ACCENT)
        content = line("    ", fit(say("ask"), _LABEL, Look.DIM), command, hint)
        lines = wrap(content, width, indent=4 + _LABEL)
        yield Row(key=("ask", ip, 0), lines=tuple(lines), copy=command, what=say("command"))


def _labelled(label: str, ip: str, words: str, width: int) -> Iterator[Row]:
    content = line("    ", fit(label, _LABEL, Look.DIM), words)
    lines = wrap(content, width, indent=4 + _LABEL)
    yield Row(key=(label, ip, 0), lines=tuple(lines), copy=words, what=label)


def _totals(label: str, ip: str, totals: Sequence[Total], width: int) -> Iterator[Row]:
    for number, total in enumerate(totals[:_LISTED]):
        content = line(
            "    ",
            fit("" if number else label, _LABEL, Look.DIM),
            f"{total.messages:>8,}  ",
            total.name,
        )
        lines = wrap(content, width, indent=4 + _LABEL + 10)
        yield Row(key=(label, ip, number), lines=tuple(lines), copy=total.name, what=label)
    if len(totals) > _LISTED:
        words = say("and {number:,} more", number=len(totals) - _LISTED)
        content = line("    ", fit("", _LABEL), (words, Look.DIM))
        yield text_row((label, ip, "more"), *wrap(content, width, indent=4))
