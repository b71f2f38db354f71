"""The sources of mail, unknown ones first: how much, what failed, who it is, and what it looks like.

Enter opens a source; below it stand what its mail looks like, its names and results, and what to ask.
Nothing is looked up but when a key asks for it.
"""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message

from mxwalk.delivery.mark import Mark
from mxwalk.dmarcrpt.explanations import explain
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.sources import Source, Sources, Standing
from mxwalk.dmarcrpt.words import spf_wanted
from mxwalk.language import noted, say
from mxwalk.limits import DMARC_SOURCES
from widgets.dmarc_policies import COMMAND
from widgets.dmarc_source import source_rows
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark, shorten, wrap
from widgets.report_facts import LISTED
from widgets.row import Row, text_row
from widgets.rows import Rows

_IP = (16, 26)  # the narrowest and the widest column of addresses
_IP_WIDE = 40
_WIDE = 90
_KEPT = 5_000
_MARKS = {
    Standing.UNREADABLE: Mark.WARN,
    Standing.UNKNOWN: Mark.UNKNOWN,
    Standing.FAILING: Mark.FAIL,
    Standing.ALIGNED: Mark.OK,
}


class Narrowed(enum.Enum):
    """Which sources are listed, in the order in which a key changes it, and how that is said."""

    ALL = noted("All sources.")
    NOT_IN_ORDER = noted("Sources that are not in order: unreadable, unknown, or failing.")
    UNKNOWN = noted("Unknown sources only.")

    def has(self, standing: Standing) -> bool:
        """Whether a source that stands so is listed."""
        if self is Narrowed.NOT_IN_ORDER:
            return standing is not Standing.ALIGNED
        return self is Narrowed.ALL or standing is Standing.UNKNOWN


class SourceWanted(Message):
    """What SPF says of an address for a domain is wanted."""

    def __init__(self, domain: str, ip: str) -> None:
        super().__init__()
        self.domain = domain
        self.ip = ip


class NamesWanted(Message):
    """The names by reverse DNS of some addresses are wanted."""

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__()
        self.addresses = tuple(addresses)


class SourceTable(Rows):
    """The table; a row's key is ``(what, address, number)``."""

    FILTERS_ITSELF = True  # by all that is known of a source, whether it is listed or opened or not
    empty = noted("No report was opened yet.")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._sources: Sources | None = None
        self._names: Mapping[str, SourceName] = {}
        self._open: set[str] = set()
        self._kept: dict[object, Row] = {}  # rows as drawn; making one is dear
        self.narrowed = Narrowed.ALL

    def show(self, sources: Sources, names: Mapping[str, SourceName]) -> None:
        """Show these sources; what is open stays open."""
        self._sources, self._names = sources, names
        self._kept.clear()
        self.rebuild()

    def matching(self) -> Iterator[Source]:
        """Yield the sources that are not left out."""
        wanted = self.filter.text.strip().casefold()
        for source in self._sources.listed if self._sources is not None else ():
            if not self.narrowed.has(source.standing):
                continue
            if not wanted or wanted in _text(source, self._names.get(source.ip)):
                yield source

    def listed(self) -> tuple[Source, ...]:
        """Return the sources in the table: the first ones of those that are not left out."""
        return tuple(islice(self.matching(), LISTED))

    def source_under_cursor(self) -> Source | None:
        """Return the source whose row, or whose detail, the cursor is on."""
        row = self.cursor_row
        if row is None or not isinstance(row.key, tuple):
            return None
        return next((source for source in self.listed() if source.ip == row.key[1]), None)

    def source_meant(self) -> Source | None:
        """Return the source under the cursor, else the first one."""
        return self.source_under_cursor() or next(self.matching(), None)

    # -- keys --------------------------------------------------------------------------------------

    def action_choose(self) -> None:
        """Open or close a source; on its last line, ask what SPF says."""
        row = self.cursor_row
        source = self.source_under_cursor()
        if row is None or source is None or not isinstance(row.key, tuple):
            return
        if row.key[0] == "source":
            self._open ^= {source.ip}
            self.rebuild()
        elif row.key[0] == "ask":
            self.action_ask_spf()

    def action_ask_spf(self) -> None:
        """Ask what SPF says of the source."""
        source = self.source_meant()
        wanted = spf_wanted(source) if source is not None else None
        if wanted is None:
            self.notify(say("There is no address and domain here to ask SPF about."), markup=False)
        else:
            self.post_message(SourceWanted(*wanted))

    def action_ask_name(self) -> None:
        """Ask for the name of one source."""
        if (source := self.source_meant()) is not None:
            self.post_message(NamesWanted((source.ip,)))
        else:
            self.notify(say("There is no source here to ask for."), markup=False)

    def action_ask_names(self) -> None:
        """Ask for the names of the first sources."""
        if listed := self.listed():
            self.post_message(NamesWanted(tuple(source.ip for source in listed)))
        else:
            self.notify(say("There is no source here to ask for."), markup=False)

    def action_narrow(self) -> None:
        """List the sources that are not in order, then the unknown ones, then all."""
        order = list(Narrowed)
        self.narrowed = order[(order.index(self.narrowed) + 1) % len(order)]
        self.rebuild()
        self.notify(say(self.narrowed.value), markup=False)

    # -- rows --------------------------------------------------------------------------------------

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a source, and what belongs to those that are open."""
        sources = self._sources
        if sources is None:
            return
        listed = self.listed()
        if self.filter.text:
            self.filter.matched = sum(1 for _ in self.matching())
            self.filter.total = sources.count
        if not listed and sources.count:
            yield text_row("none", *wrap(self._none(sources.count), width))
        columns = _Columns.of(listed, width)
        if listed:
            yield text_row("heading", line((columns.heading(), Look.DIM)))
        for source in listed:
            key = (source.ip, source.ip in self._open, columns, width, glyphs())
            if len(self._kept) > _KEPT:
                self._kept.clear()
            if key not in self._kept:
                self._kept[key] = self._source_row(source, columns, width)
            yield self._kept[key]
            if source.ip in self._open:
                yield from source_rows(source, self._names.get(source.ip), width)
        rest = self._rest(sources, len(listed))
        if rest:
            words = say(
                "and {rest:,} more; {command} --format json has the first {first:,}",
                rest=rest,
                command=COMMAND,
                first=DMARC_SOURCES,
            )
            yield text_row("beyond", *wrap(line((words, Look.DIM)), width))

    def _none(self, count: int) -> Content:
        """Say why no source is listed although there are some; a filter is no good news."""
        if self.filter.text.strip():
            shown = shorten(self.filter.text.strip(), 40)
            return line(
                (
                    say(
                        "No source matches {shown}: Esc shows all {count:,}.",
                        shown=shown,
                        count=count,
                    ),
                    Look.WARN,
                )
            )
        if self.narrowed is Narrowed.UNKNOWN:
            words = say("No source is unknown: u shows all {count:,}.", count=count)
        else:
            words = say("No source is out of order: u shows all {count:,}.", count=count)
        return line((words, Look.OK))

    def _rest(self, sources: Sources, listed: int) -> int:
        """Return how many more there are."""
        if self.filter.text.strip() or self.narrowed is Narrowed.NOT_IN_ORDER:
            return sum(1 for _ in self.matching()) - listed
        return (sources.unknown if self.narrowed is Narrowed.UNKNOWN else sources.count) - listed

    def _source_row(self, source: Source, columns: "_Columns", width: int) -> Row:
        sign = glyphs().open if source.ip in self._open else glyphs().next
        symbol, look = mark(_MARKS[source.standing])
        name = self._names.get(source.ip)
        told = source.named or (name.organisation or name.name if name else "")
        content = line(
            (f"{sign} ", Look.ACCENT),
            (f"{symbol} ", look),
            fit(source.ip, columns.address, Look.STRONG),
            (columns.numbers(source), look),
            "  ",
            fit(source.standing.words, columns.standing, look),
            told or source.organisation,
            ("" if told or source.organisation else _reading(source), Look.DIM),
        )
        lines = wrap(content, width, indent=4)
        return Row(
            key=("source", source.ip, 0), lines=tuple(lines), copy=source.ip, what=say("address")
        )


@dataclass(frozen=True, slots=True)
class _Columns:
    """How wide the columns of address and numbers are."""

    address: int
    messages: int
    failures: int
    standing: int

    @classmethod
    def of(cls, sources: Sequence[Source], width: int) -> "_Columns":
        """Return the columns that fit these sources."""
        least, most = _IP
        longest = max((len(source.ip) for source in sources), default=0) + 1
        return cls(
            min(max(least, longest), _IP_WIDE if width > _WIDE else most),
            max((len(f"{source.messages:,}") for source in sources), default=0),
            max((len(f"{source.failures:,}") for source in sources), default=0),
            max((cell_len(source.standing.words) for source in sources), default=7) + 1,
        )

    def numbers(self, source: Source) -> str:
        """Return the numbers of a source."""
        messages = f"{source.messages:,}".rjust(max(8, self.messages))
        failures = f"{source.failures:,}".rjust(max(6, self.failures))
        return f"{messages} {failures}"

    def heading(self) -> str:
        """Return the names of the columns."""
        messages, failures = say("messages"), say("failed")
        room, rest = max(8, self.messages), max(6, self.failures)
        source = fit(say("source"), self.address).plain
        pads = (" " * (room - cell_len(messages)), " " * (rest - cell_len(failures)))
        return f"    {source}{pads[0]}{messages} {pads[1]}{failures}"


def _text(source: Source, name: SourceName | None) -> str:
    """Return what a filter looks into."""
    totals = (*source.header_from, *source.envelope_from, *source.signatures, *source.checks)
    own = (source.ip, source.standing.words, source.named, source.organisation, _reading(source))
    found = (*own, name.name if name else "", *(one.name for one in totals[:200]))
    return "\n".join(found).casefold()


def _reading(source: Source) -> str:
    return explain(source.cases[0].case).title.split(":")[0] if source.cases else ""
