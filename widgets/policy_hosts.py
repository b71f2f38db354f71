"""MX hosts against the patterns of the policy, both ways, and what becomes of each host.

One column a pattern where they fit, else the number of the line that matches.  Below the table the
host under the cursor is told in full: pattern, certificate, DANE, and the action in both modes.
"""

from collections.abc import Iterator, Sequence

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.model import Attempt
from mxwalk.delivery.sts import DaneRole, StsCheck, StsFault
from mxwalk.mtasts.model import MxPattern
from mxwalk.mtasts.patterns import matches
from mxwalk.senders.model import Outcome, Verdict
from widgets.glyphs import glyphs
from widgets.plain import (
    Look,
    cut,
    fit,
    fit_content,
    line,
    mark,
    outcome_mark,
    outcome_words,
    wrap,
)
from widgets.policy_fields import heading, state_words
from widgets.policy_state import HostLine, Picture, Section
from widgets.row import Row, text_row

_HERE = Section.HOSTS
_CELL = 3
_CERTIFICATE, _DANE, _ACTION = 14, 11, 13
_NAME_LEAST, _NAME_MOST = 16, 48
_LABEL = 15
_FAULTS = {
    StsFault.NO_STARTTLS: "no STARTTLS",
    StsFault.NOT_LISTED: "not listed",
    StsFault.EXPIRED: "expired",
    StsFault.NOT_TRUSTED: "not trusted",
    StsFault.OTHER_NAME: "other name",
}
_DANE_WORDS = {
    DaneRole.AUTHENTICATES: (Mark.OK, "decides"),
    DaneRole.FORBIDS: (Mark.FAIL, "forbids"),
    DaneRole.ENCRYPTS: (Mark.INFO, "TLS only"),
    DaneRole.NONE: (Mark.INFO, "none"),
    DaneRole.UNKNOWN: (Mark.UNKNOWN, "unknown"),
}
_ACTIONS = {
    Outcome.DELIVERED_VERIFIED: "verified",
    Outcome.DELIVERED_ENCRYPTED: "encrypted",
    Outcome.DELIVERED_CLEAR: "in clear",
    Outcome.DEFERRED: "not used",
    Outcome.BOUNCED: "bounced",
    Outcome.UNKNOWN: "not known",
}


def host_rows(found: Picture, chosen: object, width: int) -> Iterator[Row]:
    """Yield the table, the patterns, and the chosen host in full; ``chosen`` is a row's key."""
    if not found.hosts:
        why = found.delivery.route.problem or "no delivery hosts are known yet: n goes on"
        yield heading(_HERE, "", line((why, Look.DIM)), width)
        return
    yield heading(_HERE, "x patterns", _summary(found), width)
    if found.assumed and found.patterns:
        words = "no pattern is published; the hosts are held against the policy under publish"
        yield text_row((_HERE, "assumed"), *wrap(line("  ", (words, Look.DIM)), width, indent=2))
    columns = _Columns(found, width)
    yield text_row((_HERE, "columns"), *columns.heads())
    here = next((one for one in found.hosts if host_key(one) == chosen), found.hosts[0])
    for one in found.hosts:
        yield Row(key=host_key(one), lines=(columns.row(one),), copy=one.name, what="host name")
    if columns.each:
        legend = (
            f"  {glyphs().exact} exact  {glyphs().wildcard} wildcard  {glyphs().none} no match;"
            " a column for each line of the policy"
        )
        yield text_row((_HERE, "legend"), cut(line((legend, Look.DIM)), width))
    for pattern in found.patterns:
        yield _pattern_row(found, pattern, width)
    yield text_row((_HERE, "full"), *_in_full(found, here, width))


def host_key(one: HostLine) -> tuple[Section, str, str, int]:
    """Return the key of a host's row."""
    return (_HERE, "host", one.name, one.host.planned.port)


def _summary(found: Picture) -> Content:
    if found.assumed:
        return line((f"{len(found.hosts)} hosts", Look.DIM))
    if found.unlisted:
        words = f"{len(found.unlisted)} of {len(found.hosts)} match no pattern"
        return state_words(Mark.FAIL if found.state.enforced else Mark.WARN, words)
    return state_words(Mark.OK, "every host matches a pattern")


class _Columns:
    """The widths of the table: a cell for every pattern if they fit beside the names."""

    def __init__(self, found: Picture, width: int) -> None:
        self._found, self._width = found, width
        rest = _CERTIFICATE + _DANE + 2 * _ACTION
        longest = max(len(one.host.planned.display) for one in found.hosts)
        wanted = min(max(longest + 2, _NAME_LEAST), _NAME_MOST)
        cells = _CELL * len(found.patterns)
        self.each = 0 < cells <= max(0, width - rest - min(wanted, 26))
        self._cells = cells if self.each else 8
        self._name = max(_NAME_LEAST, min(wanted + 2, width - rest - self._cells))

    def heads(self) -> Iterator[Content]:
        found = self._found
        mode = found.state.mode.value if found.state.mode else "no policy"
        cells = "".join(f"{one.line:<{_CELL}}" for one in found.patterns) if self.each else "line"
        yield cut(
            line(
                fit("  host", self._name, Look.DIM),
                fit(cells, self._cells, Look.DIM),
                fit("certificate", _CERTIFICATE, Look.DIM),
                fit("DANE", _DANE, Look.DIM),
                fit(f"now {mode}" if len(mode) < 8 else mode, _ACTION, Look.DIM),
                ("if enforce", Look.DIM),
            ),
            self._width,
        )

    def row(self, one: HostLine) -> Content:
        name = fit(f"  {one.host.planned.display}", self._name - 1, Look.STRONG, middle=True)
        words = name + line(" ") + self._matched(one)
        words += fit_content(_certificate(one), _CERTIFICATE - 1) + line(" ")
        state, word = _DANE_WORDS[one.sts.dane]
        words += fit_content(state_words(state, word), _DANE - 1) + line(" ")
        words += fit_content(_action(one.now), _ACTION - 1) + line(" ")
        return cut(words + _action(one.enforced), self._width)

    def _matched(self, one: HostLine) -> Content:
        if self.each:
            cells = [_cell(pattern, one.name) for pattern in self._found.patterns]
            return Content("").join([*cells, Content()])
        match = one.match
        if match is None:
            return fit(f"{glyphs().none} -", self._cells, Look.DIM)
        if match.pattern is None:
            return fit(f"{glyphs().fail} none", self._cells, Look.FAIL)
        sign = glyphs().wildcard if match.pattern.wildcard else glyphs().exact
        return fit(f"{sign} {match.pattern.line}", self._cells, Look.OK)


def _cell(pattern: MxPattern, host: str) -> Content:
    if not matches(pattern, host):
        return fit(glyphs().none, _CELL, Look.DIM)
    return fit(glyphs().wildcard if pattern.wildcard else glyphs().exact, _CELL, Look.OK)


def _certificate(one: HostLine) -> Content:
    check = one.check
    if check is None:
        return state_words(Mark.UNKNOWN, "not seen")
    if check.fault is None:
        return state_words(Mark.OK, "valid")
    return state_words(Mark.FAIL, _FAULTS[check.fault])


def _action(verdict: Verdict) -> Content:
    return state_words(outcome_mark(verdict.outcome), _ACTIONS[verdict.outcome])


def _pattern_row(found: Picture, pattern: MxPattern, width: int) -> Row:
    names = [one.host.planned.display for one in found.hosts if matches(pattern, one.name)]
    words = line(
        ("  " if found.assumed else f"  line {pattern.line:<4}", Look.DIM),
        (str(pattern), Look.STRONG),
    )
    if names:
        count = f"{len(names)} host{'' if len(names) == 1 else 's'}"
        sign = glyphs().wildcard if pattern.wildcard else glyphs().exact
        words += line((f"  {sign} {count}: ", Look.OK), ", ".join(names[:20]))
    else:
        words += line("  ") + state_words(Mark.WARN, "no MX host matches it")
    return Row(
        key=(_HERE, "pattern", pattern.line),
        lines=tuple(wrap(words, width, indent=12)),
        copy=str(pattern),
        what="pattern",
    )


def _in_full(found: Picture, one: HostLine, width: int) -> Iterator[Content]:
    yield Content()
    address = ", ".join(one.host.addresses[:8])
    yield from wrap(
        line("  ", (one.host.planned.display, Look.HEADING), (f"  {address}", Look.DIM)), width, 4
    )
    if one.match is not None:
        state = Mark.OK if one.match.pattern is not None else Mark.FAIL
        yield from _told("pattern", state_words(state, one.match.sentence), width)
    for number, words in enumerate(_certificates(one.checks)):
        yield from _told("" if number else "certificate", words, width)
    state, _ = _DANE_WORDS[one.sts.dane]
    reason = one.host.dane.reason if one.host.dane else ""
    words = state_words(state, one.sts.dane.value)
    yield from _told("DANE", words + line((f"  {reason}" if reason else "", Look.DIM)), width)
    mode = found.state.mode.value if found.state.mode else "no policy"
    yield from _told(f"now, {mode}", _verdict_words(one.now), width)
    yield from _told("if enforce", _verdict_words(one.enforced), width)


def _certificates(checks: Sequence[tuple[Attempt, StsCheck | None]]) -> Iterator[Content]:
    several = len(checks) > 1
    for attempt, check in checks:
        where = f"[{attempt.address}] " if several else ""
        if check is None:
            words = line((f"{mark(Mark.UNKNOWN)[0]} {where}no certificate was seen", Look.UNKNOWN))
        else:
            state = Mark.OK if check.passed else Mark.FAIL
            words = state_words(state, f"{where}{check.reason}")
            if check.fault is not None:
                words += line((f"  reported as {check.fault.value}", Look.DIM))
        yield words
    if not checks:
        yield state_words(Mark.UNKNOWN, "not connected yet")


def _verdict_words(verdict: Verdict) -> Content:
    words = outcome_words(verdict.outcome)
    said = state_words(outcome_mark(verdict.outcome), words)
    return said + line(f": {verdict.reason}" if verdict.reason else "")


def _told(name: str, words: Content, width: int) -> list[Content]:
    return wrap(line("    ", fit(name, _LABEL - 2, Look.DIM)) + words, width, indent=_LABEL + 2)
