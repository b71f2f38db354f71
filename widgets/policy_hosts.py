"""MX hosts against the patterns of the policy, both ways, and what becomes of each host.

One column a pattern where they fit, else the number of the line that matches.  Below the table the
host under the cursor is told in full: pattern, certificate, DANE, and the action in both modes.
"""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.sts import StsFault
from mxwalk.language import noted, say, say_many
from mxwalk.mtasts.model import MxPattern
from mxwalk.mtasts.patterns import matches
from mxwalk.senders.model import Outcome, Verdict
from widgets.glyphs import glyphs
from widgets.plain import (
    Look,
    fit,
    fit_content,
    line,
    outcome_mark,
    wrap,
)
from widgets.policy_fields import heading_rows, state_words
from widgets.policy_host import DANE_WORDS, in_full
from widgets.policy_marks import mark_of
from widgets.policy_state import DANE_DECIDES, HostLine, Picture, Section, names_of
from widgets.row import Row, text_row

_HERE = Section.HOSTS
_CELL = 3
_SIGN = 3  # symbol, blank, and the blank behind the word
_NAME_LEAST, _NAME_MOST = 16, 48
_FAULTS = {
    StsFault.NO_STARTTLS: noted("no STARTTLS"),
    StsFault.NOT_LISTED: noted("not listed"),
    StsFault.EXPIRED: noted("expired"),
    StsFault.NOT_TRUSTED: noted("not trusted"),
    StsFault.OTHER_NAME: noted("other name"),
}
_ACTIONS = {
    Outcome.DELIVERED_VERIFIED: noted("verified"),
    Outcome.DELIVERED_ENCRYPTED: noted("encrypted"),
    Outcome.DELIVERED_CLEAR: noted("in clear"),
    Outcome.DEFERRED: noted("not used"),
    Outcome.BOUNCED: noted("bounced"),
    Outcome.UNKNOWN: noted("not known"),
}


def _widest(words: Iterable[str]) -> int:
    return _SIGN + max(cell_len(say(word)) for word in words)


def host_rows(found: Picture, chosen: object, width: int) -> Iterator[Row]:
    """Yield the table, the patterns, and the chosen host in full; ``chosen`` is a row's key."""
    if not found.hosts:
        why = found.delivery.route.problem or say("no delivery hosts are known yet: n goes on")
        yield from heading_rows(_HERE, line((why, Look.DIM)), width)
        return
    yield from heading_rows(_HERE, _summary(found), width)
    if found.assumed and found.patterns:
        words = say("no pattern is published; the hosts are held against the policy under publish")
        yield text_row((_HERE, "assumed"), *wrap(line("  ", (words, Look.DIM)), width, indent=2))
    columns = _Columns(found, width)
    yield text_row((_HERE, "columns"), *columns.heads())
    here = next((one for one in found.hosts if host_key(one) == chosen), found.hosts[0])
    for one in found.hosts:
        yield Row(
            key=host_key(one), lines=tuple(columns.row(one)), copy=one.name, what=say("host name")
        )
    if columns.each:
        legend = say(
            "  {exact} exact  {wildcard} wildcard  {none} no match; a column for each"
            " line of the policy",
            exact=glyphs().exact,
            wildcard=glyphs().wildcard,
            none=glyphs().none,
        )
        yield text_row((_HERE, "legend"), *wrap(line((legend, Look.DIM)), width, indent=2))
    for pattern in found.patterns:
        yield _pattern_row(found, pattern, width)
    yield from in_full(found, here, width)


def host_key(one: HostLine) -> tuple[Section, str, str, int]:
    """Return the key of a host's row."""
    return (_HERE, "host", one.name, one.host.planned.port)


def _summary(found: Picture) -> Content:
    if found.assumed:
        count = len(found.hosts)
        return line((say_many("{n} MX host", "{n} MX hosts", count), Look.DIM))
    said = []
    if found.unlisted:
        said.append(
            say_many(
                "{hosts} matches no pattern",
                "{hosts} match no pattern",
                len(found.unlisted),
                hosts=names_of(found.unlisted),
            )
        )
    if found.failing:
        said.append(say("the certificate of {names_of} fails", names_of=names_of(found.failing)))
    others = tuple(one for one in found.not_used if one in found.by_dane)
    if others:
        said.append(
            say_many(
                "{hosts} is not used",
                "{hosts} are not used",
                len(others),
                hosts=names_of(others),
            )
        )
    if said:
        return state_words(mark_of(found, _HERE), "; ".join(said))
    return state_words(Mark.OK, say("every host matches a pattern"))


class _Columns:
    """The widths of the table: a cell for every pattern if they fit beside the names.

    Where there is no room, DANE is left out and then the certificate: both stand below in full.
    """

    def __init__(self, found: Picture, width: int) -> None:
        self._found, self._width = found, width
        certificate = _widest((*_FAULTS.values(), noted("valid"), noted("not seen")))
        dane = _widest(word for _, word in DANE_WORDS.values())
        self._action = _widest((*_ACTIONS.values(), noted("reported")))
        actions = self._action if found.state.enforced else 2 * self._action
        least = _NAME_LEAST + _CELL + 2 + actions
        self._certificate = certificate if width >= least + certificate else 0
        self._dane = dane if width >= least + certificate + dane else 0
        rest = self._certificate + self._dane + actions
        longest = max(cell_len(one.host.planned.display) for one in found.hosts)
        wanted = min(max(longest + 4, _NAME_LEAST), _NAME_MOST)
        cells = _CELL * len(found.patterns)
        self.each = 0 < cells <= max(0, width - rest - min(wanted, 26))
        self._cells = cells if self.each else 8
        self._name = max(_NAME_LEAST, min(wanted, width - rest - self._cells))

    def heads(self) -> Iterator[Content]:
        """Yield the names of the columns."""
        found = self._found
        mode = found.state.mode.value if found.state.mode else ""
        cells = (
            "".join(f"{one.line:<{_CELL}}" for one in found.patterns) if self.each else say("line")
        )
        words = line(
            fit(say("  host"), self._name, Look.DIM),
            fit(cells, self._cells, Look.DIM),
            fit(say("certificate"), self._certificate, Look.DIM),
            fit("DANE", self._dane, Look.DIM),
            fit(say("now {mode}", mode=mode).strip(), self._action, Look.DIM),
        )
        if not found.state.enforced:
            words += line((say("if enforce"), Look.DIM))
        yield from wrap(words, self._width, indent=4)

    def row(self, one: HostLine) -> list[Content]:
        """Return the line of a host; in a very narrow pane it takes two."""
        name = fit(f"  {one.host.planned.display}", self._name - 1, Look.STRONG, middle=True)
        words = name + line(" ") + self._matched(one)
        if self._certificate:
            words += fit_content(_certificate(one), self._certificate - 1) + line(" ")
        if self._dane:
            state, word = DANE_WORDS[one.sts.dane]
            words += fit_content(state_words(state, say(word)), self._dane - 1) + line(" ")
        now = _action(one.now)
        if self._found.reported(one):
            now = state_words(Mark.WARN, say("reported"))
        words += fit_content(now, self._action - 1) + line(" ")
        if not self._found.state.enforced:
            words += _action(one.enforced)
        return wrap(words, self._width, indent=4)

    def _matched(self, one: HostLine) -> Content:
        if self.each:
            cells = [_cell(pattern, one.name) for pattern in self._found.patterns]
            return Content("").join([*cells, Content()])
        match = one.match
        if match is None:
            return fit(f"{glyphs().none} -", self._cells, Look.DIM)
        if match.pattern is None:
            return fit(say("{fail} none", fail=glyphs().fail), self._cells, Look.FAIL)
        sign = glyphs().wildcard if match.pattern.wildcard else glyphs().exact
        return fit(f"{sign} {match.pattern.line}", self._cells, Look.OK)


def _cell(pattern: MxPattern, host: str) -> Content:
    if not matches(pattern, host):
        return fit(glyphs().none, _CELL, Look.DIM)
    return fit(glyphs().wildcard if pattern.wildcard else glyphs().exact, _CELL, Look.OK)


def _certificate(one: HostLine) -> Content:
    check = one.check
    if check is None:
        return state_words(Mark.UNKNOWN, say("not seen"))
    if check.fault is None:
        return state_words(Mark.OK, say("valid"))
    asked = one.sts.dane not in DANE_DECIDES
    return state_words(Mark.FAIL if asked else Mark.INFO, say(_FAULTS[check.fault]))


def _action(verdict: Verdict) -> Content:
    return state_words(outcome_mark(verdict.outcome), say(_ACTIONS[verdict.outcome]))


def _pattern_row(found: Picture, pattern: MxPattern, width: int) -> Row:
    names = [one.host.planned.display for one in found.hosts if matches(pattern, one.name)]
    words = line(
        ("  " if found.assumed else say("  line {line:<4}", line=pattern.line), Look.DIM),
        (str(pattern), Look.STRONG),
    )
    if names:
        count = say_many("{n} host", "{n} hosts", len(names))
        sign = glyphs().wildcard if pattern.wildcard else glyphs().exact
        words += line((f"  {sign} {count}: ", Look.OK), ", ".join(names[:20]))
    else:
        words += line("  ") + state_words(Mark.WARN, say("no MX host matches it"))
    return Row(
        key=(_HERE, "pattern", pattern.line),
        lines=tuple(wrap(words, width, indent=12)),
        copy=str(pattern),
        what=say("pattern"),
    )
