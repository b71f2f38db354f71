"""Failures by result type: how many, what it means, who must act, and at which hosts.

Enter opens a type; below it stand the explanation and the hosts and addresses.  Enter on a receiving
host asks for a walk of it; what a report names there is walked only if it is a host.
"""

from collections.abc import Iterator, Sequence

from mxwalk.delivery.mark import Mark
from mxwalk.findings.tls_reports import codes_for_group
from mxwalk.language import noted, say
from mxwalk.tlsrpt.hosts import walk_domain, walk_target
from mxwalk.tlsrpt.result_types import Family, explain
from mxwalk.tlsrpt.summary import Group, Summary, Total
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark, wrap
from widgets.row import Row, text_row
from widgets.rows import Rows

_LISTED = 200
_LABEL = 10
_WALKED = ("host", "address", "domain")


class FailureTable(Rows):
    """The table; a row's key is ``(what, result type, name)``."""

    empty = noted("No report was opened yet.")

    class Walk(Rows.Moved):
        """A receiving host shall be walked; ``target`` is what a walk is told."""

        target = ""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._summary: Summary | None = None
        self._open: set[str] = set()

    def show(self, summary: Summary) -> None:
        """Show these failures; what is open stays open."""
        self._summary = summary
        self.rebuild()

    def open(self, result_type: str) -> None:
        """Show what belongs to a type."""
        self._open.add(result_type)
        self.rebuild()

    def action_choose(self) -> None:
        """Open or close a type; ask for a walk of a host."""
        row = self.cursor_row
        if row is None or not isinstance(row.key, tuple):
            return
        what, name, where = row.key
        if what == "type":
            self._open ^= {name}
            self.rebuild()
        elif what in _WALKED:
            if target := _target(what, where):
                message = self.Walk(self, row)
                message.target = target
                self.post_message(message)
            else:
                self.notify(
                    say("The report names no host there that could be walked."), markup=False
                )

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a type, and what belongs to those that are open."""
        summary = self._summary
        if summary is None or not summary.reports:
            return
        if not summary.groups:
            yield text_row("none", *wrap(line((_nothing_failed(summary), Look.OK)), width))
            return
        for group in summary.groups:
            yield self._type_row(group, summary, width)
            if group.result_type in self._open:
                yield from _inside(group, width)

    def _type_row(self, group: Group, summary: Summary, width: int) -> Row:
        entry = explain(group.result_type)
        name = entry.name if group.rows or group.result_type else say("(no details)")
        sign = glyphs().open if group.result_type in self._open else glyphs().next
        symbol, look = mark(Mark.FAIL)
        part = f"{100 * group.sessions / summary.failures:.0f} %" if summary.failures else ""
        numbers = f"{group.sessions:>7,} {part:>5}"
        room = min(26, max(10, width - len(numbers) - 5))
        first = line(
            (f"{sign} ", Look.ACCENT),
            (f"{symbol} ", look),
            fit(name, room, Look.STRONG),
            (numbers, look),
            "  ",
            (entry.title if group.rows else say("the report gives no details"), Look.DIM),
        )
        lines = wrap(first, width, indent=4)
        copied = say(
            "{name}: {sessions} sessions; {meaning}",
            name=name,
            sessions=group.sessions,
            meaning=entry.meaning,
        )
        return Row(
            key=("type", group.result_type, ""),
            lines=tuple(lines),
            copy=copied,
            what=say("result type"),
        )


def _target(what: str, name: str) -> str:
    """Return what Enter walks on a row: the policy domain's mail, or the host; empty for neither."""
    if what == "domain":
        return walk_domain(name)
    return walk_target(name) if what in _WALKED else ""


def _nothing_failed(summary: Summary) -> str:
    if not summary.successes:
        return say("No failures, and no sessions either: the reports count nothing.")
    return say(
        "No failures were reported; {successes:,} sessions succeeded.", successes=summary.successes
    )


def _inside(group: Group, width: int) -> Iterator[Row]:
    """Yield explanation and places of one type."""
    entry = explain(group.result_type)
    told = [
        (say("means"), line(entry.meaning)),
        (
            say("who acts"),
            line((say(entry.actor.value), Look.STRONG), (f"   {entry.rfc}", Look.DIM)),
        ),
        (say("look at"), line(entry.look)),
    ]
    if codes := codes_for_group(group):
        listed = ", ".join(code.code for code in codes)
        told.append((say("our codes"), line(listed, ("   mxwalk explain CODE", Look.DIM))))
    if group.first is not None and group.last is not None:
        told.append(
            (say("seen"), line(say("{first} to {last}", first=group.first, last=group.last)))
        )
    for name, words in told:
        if group.rows:
            content = line("    ", fit(name, _LABEL, Look.DIM)) + words
            yield text_row((name, group.result_type), *wrap(content, width, indent=4 + _LABEL))
    walked = entry.family is not Family.STS
    yield from _totals(
        "host" if walked else "named", say("receiving"), group, group.receiving, width
    )
    yield from _totals("address", say("address"), group, group.receiving_ips, width)
    yield from _totals("sending", say("sending"), group, group.sending, width)
    yield from _totals("reason", say("reason"), group, group.reasons, width)
    yield from _totals("information", say("more"), group, group.information, width)
    yield from _totals("mode", say("policy"), group, group.modes, width)
    yield from _totals("reporter", say("by"), group, group.reporters, width)
    yield from _totals("domain" if walked else "of", say("domain"), group, group.domains, width)
    if not walked:
        names = filter(None, (walk_domain(one.name) for one in group.domains[:_LISTED]))
        for name in names:
            command = f"mxwalk policy {name}"
            content = line("    ", fit(say("look up"), _LABEL, Look.DIM), command)
            key = ("command", group.result_type, name)
            yield Row(key=key, lines=(content,), copy=command, what=say("command"))


def _totals(
    what: str, label: str, group: Group, totals: Sequence[Total], width: int
) -> Iterator[Row]:
    for number, total in enumerate(totals[:_LISTED]):
        can_walk = bool(_target(what, total.name))
        hint = (f"  {glyphs().arrow} " + say("Enter walks it"), Look.ACCENT) if can_walk else ""
        content = line(
            "    ",
            fit("" if number else label, _LABEL, Look.DIM),
            f"{total.failures:>7,}  ",
            total.name,
            hint,
        )
        lines = wrap(content, width, indent=4 + _LABEL + 9)
        key = (what, group.result_type, total.name)
        yield Row(key=key, lines=tuple(lines), copy=total.name, what=label)
    if len(totals) > _LISTED:
        words = say(
            "and {number:,} more; mxwalk tlsrpt --format json has all", number=len(totals) - _LISTED
        )
        content = line("    ", fit("", _LABEL), (words, Look.DIM))
        yield text_row((label, group.result_type, "more"), *wrap(content, width, indent=4))
