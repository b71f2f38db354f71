"""The sources of mail, unknown ones first: how much, what failed, who it is, and what it looks like.

Enter opens a source; below it stand what its mail looks like, its names and results, and what to ask.
Nothing is looked up but when a key asks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from mxwalk.delivery.mark import Mark
from mxwalk.dmarcrpt.explanations import explain
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.sources import Source, Sources, Standing
from mxwalk.dmarcrpt.words import spf_wanted
from mxwalk.limits import DMARC_SOURCES
from widgets.dmarc_policies import COMMAND
from widgets.dmarc_source import source_rows
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark, wrap
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

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "ask_spf", "SPF", show=False, id="sources.spf", tooltip="What SPF says of it"),
        Binding(
            "p",
            "ask_name",
            "name",
            show=False,
            id="sources.name",
            tooltip="Ask the DNS for its name",
        ),
        Binding(
            "P",
            "ask_names",
            "names",
            show=False,
            id="sources.names",
            tooltip="Ask the DNS for the names of the first hundred sources",
        ),
        Binding(
            "u",
            "only_unknown",
            "unknown",
            show=False,
            id="sources.unknown",
            tooltip="Show unknown sources only, or all",
        ),
    ]
    empty = "No report was opened yet."

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._sources: Sources | None = None
        self._names: Mapping[str, SourceName] = {}
        self._open: set[str] = set()
        self._kept: dict[object, Row] = {}  # rows as drawn; making one is dear
        self.unknown_only = False

    def show(self, sources: Sources, names: Mapping[str, SourceName]) -> None:
        """Show these sources; what is open stays open."""
        self._sources, self._names = sources, names
        self._kept.clear()
        self.rebuild()

    def listed(self) -> tuple[Source, ...]:
        """Return the sources in the table: the first ones, or the first ones that are unknown."""
        if self._sources is None:
            return ()
        found = (
            source
            for source in self._sources.listed
            if not self.unknown_only or source.standing is Standing.UNKNOWN
        )
        return tuple(islice(found, LISTED))

    def source_under_cursor(self) -> Source | None:
        """Return the source whose row, or whose detail, the cursor is on."""
        row = self.cursor_row
        if row is None or not isinstance(row.key, tuple):
            return None
        return next((source for source in self.listed() if source.ip == row.key[1]), None)

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
        source = self.source_under_cursor()
        wanted = spf_wanted(source) if source is not None else None
        if wanted is None:
            self.notify("There is no address and domain here to ask SPF about.", markup=False)
        else:
            self.post_message(SourceWanted(*wanted))

    def action_ask_name(self) -> None:
        """Ask for the name of one source."""
        if (source := self.source_under_cursor()) is not None:
            self.post_message(NamesWanted((source.ip,)))

    def action_ask_names(self) -> None:
        """Ask for the names of the first sources."""
        if listed := self.listed():
            self.post_message(NamesWanted(tuple(source.ip for source in listed)))

    def action_only_unknown(self) -> None:
        """Show unknown sources only, or all."""
        self.unknown_only = not self.unknown_only
        self.rebuild()
        self.notify("Unknown sources only." if self.unknown_only else "All sources.", markup=False)

    # -- rows --------------------------------------------------------------------------------------

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a source, and what belongs to those that are open."""
        sources = self._sources
        if sources is None:
            return
        listed = self.listed()
        if self.unknown_only and not listed and sources.count:
            yield text_row("none", line(("There is no unknown source.", Look.OK)))
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
        rest = (sources.unknown if self.unknown_only else sources.count) - len(listed)
        if rest:
            words = f"and {rest:,} more; {COMMAND} --format json has the first {DMARC_SOURCES:,}"
            yield text_row("beyond", *wrap(line((words, Look.DIM)), width))

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
            fit(source.standing.value, 11, look),
            told or source.organisation,
            ("" if told or source.organisation else _reading(source), Look.DIM),
        )
        lines = wrap(content, width, indent=4)
        return Row(key=("source", source.ip, 0), lines=tuple(lines), copy=source.ip, what="address")


@dataclass(frozen=True, slots=True)
class _Columns:
    """How wide the columns of address and numbers are."""

    address: int
    messages: int
    failures: int

    @classmethod
    def of(cls, sources: Sequence[Source], width: int) -> "_Columns":
        """Return the columns that fit these sources."""
        least, most = _IP
        longest = max((len(source.ip) for source in sources), default=0) + 1
        return cls(
            min(max(least, longest), _IP_WIDE if width > _WIDE else most),
            max((len(f"{source.messages:,}") for source in sources), default=0),
            max((len(f"{source.failures:,}") for source in sources), default=0),
        )

    def numbers(self, source: Source) -> str:
        """Return the numbers of a source."""
        messages = f"{source.messages:,}".rjust(max(8, self.messages))
        failures = f"{source.failures:,}".rjust(max(6, self.failures))
        return f"{messages} {failures}"

    def heading(self) -> str:
        """Return the names of the columns."""
        messages, failures = "messages".rjust(max(8, self.messages)), "failed"
        return (
            f"    {'source'.ljust(self.address)}{messages} {failures.rjust(max(6, self.failures))}"
        )


def _reading(source: Source) -> str:
    return explain(source.cases[0].case).title.split(":")[0] if source.cases else ""
