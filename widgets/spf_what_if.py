"""Two SPF evaluations beside each other: what is published, and what would be.

The tree is that of the record tried; what nobody has asked yet, as in a replay, is told as not known.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status_mailauth import SPF_MARKS
from mxwalk.dns.txt import txt_line
from mxwalk.evidence.dns import DnsStatus
from mxwalk.language import noted, say
from mxwalk.mailauth.spf.lint import lint
from mxwalk.mailauth.spf.model import Branch, Evaluation
from widgets.glyphs import glyphs
from widgets.message_folds import FoldingView
from widgets.message_rows import gap, publish, remark
from widgets.plain import Look, fit, line, mark, shorten, wrap
from widgets.row import Row, text_row
from widgets.spf_head import counter
from widgets.spf_lint import lint_rows
from widgets.spf_tree import tree_rows
from widgets.spf_twigs import of_evaluation

_LABEL = 12
_TEXT = 600
_NAMES_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The record that is published and the one tried, both for one client."""

    published: Evaluation
    tried: Evaluation
    is_live: bool

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names that the tried record leads to and that nobody has asked."""
        root = self.tried.root
        return tuple(dict.fromkeys(_unasked(root))) if root is not None else ()


def _unasked(branch: Branch) -> Iterator[str]:
    lookups = (*branch.asked, *(one for node in branch.nodes for one in node.asked))
    for one in lookups:
        if one.status is DnsStatus.CANCELLED:
            yield f"{one.qname} {one.rtype}"
    if not branch.asked and branch.record is None and DnsStatus.CANCELLED.value in branch.why:
        yield f"{branch.domain} TXT"
    for node in branch.nodes:
        if node.child is not None:
            yield from _unasked(node.child)


class WhatIfPane(FoldingView):
    """The outcome of trying."""

    empty = noted("Enter evaluates.")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._tried: Tried | None = None
        self._stale = False

    def show_tried(self, tried: Tried | None) -> None:
        """Show this, or nothing."""
        self._tried, self._stale = tried, False
        self.rebuild()

    def set_stale(self) -> None:
        """Say that what was tried is not what stands in the fields any more."""
        self._stale = self._tried is not None
        self.rebuild()

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield both results, what is not known, the tree, and the remarks."""
        found = self._tried
        if found is None:
            return
        if self._stale:
            words = say("Below is what was tried before: Enter evaluates what stands above.")
            yield remark("stale", Mark.WARN, words, width, indent=0)
        yield _result(noted("published"), found.published, width)
        yield _result(noted("tried"), found.tried, width)
        yield from self._said(found, width)
        tried = found.tried
        yield text_row("counters", *wrap(counter(tried.lookups, tried.voids), width, indent=8))
        bough = of_evaluation(tried)
        if bough is None:
            return
        yield gap("tree")
        yield from tree_rows(bough, self._unfolds, width)
        record = bough.record
        if record is not None:
            yield gap("lint")
            unfolded = self.unfolds("lint", first=True)
            yield from lint_rows(lint(record), record, width, unfolded=unfolded)
            zone = txt_line(record.domain, record.text.encode("latin-1", "replace"))
            yield publish("as-tried", zone, width)

    def _said(self, found: Tried, width: int) -> Iterator[Row]:
        same = found.published.result is found.tried.result
        if same:
            words = line((say("{exact} the same result", exact=glyphs().exact), Look.EQUAL))
        else:
            change = f"{found.published.result.value} {glyphs().arrow} {found.tried.result.value}"
            words = line((f" {change} ", Look.DIFFER))
        yield text_row("change", line(" " * _LABEL) + words)
        unknown = found.unknown
        if unknown:
            names = ", ".join(shorten(one, 80) for one in unknown[:_NAMES_SHOWN])
            more = len(unknown) - _NAMES_SHOWN
            tail = say(" and {more} more", more=more) if more > 0 else ""
            sentence = say(
                "Not known here: {names}{tail}. The trace has no such answer.",
                names=names,
                tail=tail,
            )
            yield remark("unknown", Mark.UNKNOWN, sentence, width, indent=0)

    def _unfolds(self, key: Hashable, first: bool) -> bool:
        return self.unfolds(key, first=first)


def _result(name: str, one: Evaluation, width: int) -> Row:
    state = SPF_MARKS[one.result]
    symbol, look = mark(state)
    words = line(fit(say(name), _LABEL, Look.DIM), (f"{symbol} {one.result.value}", look), "  ")
    words += line(shorten(one.why, _TEXT))
    lines = tuple(wrap(words, width, indent=_LABEL))
    return Row(key=name, lines=lines, copy=f"{one.result.value}: {one.why}", what=say("result"))
