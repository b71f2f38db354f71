"""A certificate's validity as a bar on a time line, with the moment it is judged at."""

import math
from collections.abc import Iterable
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from mxwalk.language import say, say_many
from widgets.glyphs import glyphs
from widgets.plain import Look, line


def validity_bar(
    start: datetime | None, end: datetime | None, now: datetime, width: int
) -> list[Content]:
    """Return the bar with its two dates, and a sentence on where ``now`` stands."""
    if start is None or end is None or end <= start:
        return [
            line(
                (
                    say("{unknown} the validity period cannot be read", unknown=glyphs().unknown),
                    Look.WARN,
                )
            )
        ]
    left, right = f"{start:%Y-%m-%d} ", f" {end:%Y-%m-%d}"
    room = max(10, width - len(left) - len(right))
    first, last = min(start, now), max(end, now)
    span = (last - first).total_seconds()

    def at(moment: datetime) -> int:
        return min(room - 1, int((moment - first).total_seconds() / span * room))

    begin, stop, here = at(start), at(end), at(now)
    inside = start <= now <= end
    look = Look.OK if inside else Look.FAIL
    cells = [glyphs().bar if begin <= index <= stop else glyphs().light for index in range(room)]
    bar = line(
        (left, Look.DIM),
        ("".join(cells[:here]), look),
        (glyphs().now, Look.STRONG),
        ("".join(cells[here + 1 :]), Look.DIM if inside else look),
        (right, Look.DIM),
    )
    return [bar, _words(start, end, now)]


def _words(start: datetime, end: datetime, now: datetime) -> Content:
    at = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < start:
        return line(
            (
                say(
                    "{fail} not valid yet: begins in {days}",
                    fail=glyphs().fail,
                    days=_days(start, now),
                ),
                Look.FAIL,
            ),
            (say("  judged at {at}", at=at), Look.DIM),
        )
    if now > end:
        return line(
            (say("{fail} expired {days} ago", fail=glyphs().fail, days=_days(now, end)), Look.FAIL),
            (say("  judged at {at}", at=at), Look.DIM),
        )
    return line(
        (say("{ok} valid, {days} left", ok=glyphs().ok, days=_days(end, now)), Look.OK),
        (say("  judged at {at}", at=at), Look.DIM),
    )


def _days(later: datetime, earlier: datetime) -> str:
    seconds = (later - earlier).total_seconds()
    if seconds < 2 * 86_400:
        hours = int(seconds // 3600)
        return say_many("{n} hour", "{n} hours", hours)
    return say_many("{n} day", "{n} days", int(seconds // 86_400))


def validity_sentence(start: datetime | None, end: datetime | None, now: datetime) -> Content:
    """Return the sentence on where ``now`` stands, with the time judged at."""
    if start is None or end is None:
        return line(
            (
                say("{unknown} the validity period cannot be read", unknown=glyphs().unknown),
                Look.WARN,
            )
        )
    return _words(start, end, now)


def validity_words(start: datetime | None, end: datetime | None, now: datetime) -> Content:
    """Return the sentence alone, short, for lists."""
    if start is None or end is None:
        return line((say("{unknown} period unknown", unknown=glyphs().unknown), Look.WARN))
    if now < start:
        return line((say("{fail} not valid yet", fail=glyphs().fail), Look.FAIL))
    if now > end:
        return line((say("{fail} expired", fail=glyphs().fail), Look.FAIL))
    return line((say("{ok} {days} left", ok=glyphs().ok, days=_days(end, now)), Look.OK))


_YEAR = 365.25
_TICKS = (
    (1, _YEAR),
    (30, 1),
    (10, _YEAR),
    (90, 1),
    (5, _YEAR),
    (7, 1),
    (2, _YEAR),
    (20, _YEAR),
    (1, 1),
)
_SCALE_DAYS = 10.0


class TimeLine:
    """One time line for the validity of several certificates, with ``now`` marked on each bar.

    Days near ``now`` take more room than years far away, so that a leaf of 90 days and a root of 20
    years are both seen; the axis says which place is when.
    """

    def __init__(
        self,
        periods: Iterable[tuple[datetime | None, datetime | None]],
        now: datetime,
        width: int,
        *,
        called: str = "",
    ) -> None:
        self._now, self._called = now, called or say("now")
        self._width = max(8, width)
        moments = [moment for period in periods for moment in period if moment is not None]
        places = [self._far(moment) for moment in moments] or [0.0]
        least = math.log1p(1 / _SCALE_DAYS)
        self._first, self._last = min(-least, *places, 0.0), max(least, *places, 0.0)

    def bar(self, start: datetime | None, end: datetime | None) -> Content:
        """Return the bar of a period; empty but for ``now`` where it cannot be read."""
        here = self._cell(self._now)
        cells = [" "] * self._width
        valid = False
        if start is not None and end is not None and start <= end:
            valid = start <= self._now <= end
            for index in range(self._cell(start), self._cell(end) + 1):
                cells[index] = glyphs().bar
            if not valid and cells[here] != " ":  # a rounded cell must not say otherwise
                cells[here] = " "
        look = Look.OK if valid else Look.FAIL
        return line(
            ("".join(cells[:here]), look),
            (glyphs().now, Look.STRONG),
            ("".join(cells[here + 1 :]), look),
        )

    def axis(self) -> Content:
        """Return the places in time that fit below the bars."""
        cells = [" "] * self._width
        self._write(cells, self._cell(self._now), self._called)
        for count, unit in _TICKS:
            words = say("{n}y", n=count) if unit == _YEAR else say("{n}d", n=count)
            for sign, mark in ((1, "+"), (-1, "-")):
                far = sign * math.log1p(count * unit / _SCALE_DAYS)
                if self._first <= far <= self._last:
                    self._write(cells, self._place(far), mark + words)
        return line(("".join(cells), Look.DIM))

    def _write(self, cells: list[str], at: int, words: str) -> None:
        width = cell_len(words)
        start = min(max(0, at - width // 2), self._width - width)
        room = cells[max(0, start - 1) : start + width + 1]
        if start >= 0 and all(cell == " " for cell in room):
            cells[start : start + width] = [
                part for sign in words for part in (sign, *[""] * (cell_len(sign) - 1))
            ]

    def _far(self, moment: datetime) -> float:
        days = (moment - self._now).total_seconds() / 86_400
        return math.copysign(math.log1p(abs(days) / _SCALE_DAYS), days)

    def _cell(self, moment: datetime) -> int:
        return self._place(self._far(moment))

    def _place(self, far: float) -> int:
        part = (far - self._first) / (self._last - self._first)
        return min(self._width - 1, max(0, round(part * (self._width - 1))))
