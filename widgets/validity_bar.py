"""A certificate's validity as a bar on a time line, with the moment it is judged at."""

from datetime import datetime

from textual.content import Content

from widgets.glyphs import glyphs
from widgets.plain import Look, line


def validity_bar(
    start: datetime | None, end: datetime | None, now: datetime, width: int
) -> list[Content]:
    """Return the bar with its two dates, and a sentence on where ``now`` stands."""
    if start is None or end is None or end <= start:
        return [line((f"{glyphs().unknown} the validity period cannot be read", Look.WARN))]
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
            (f"{glyphs().fail} not valid yet: begins in {_days(start, now)}", Look.FAIL),
            (f"  judged at {at}", Look.DIM),
        )
    if now > end:
        return line(
            (f"{glyphs().fail} expired {_days(now, end)} ago", Look.FAIL),
            (f"  judged at {at}", Look.DIM),
        )
    return line(
        (f"{glyphs().ok} valid, {_days(end, now)} left", Look.OK), (f"  judged at {at}", Look.DIM)
    )


def _days(later: datetime, earlier: datetime) -> str:
    seconds = (later - earlier).total_seconds()
    if seconds < 2 * 86_400:
        hours = int(seconds // 3600)
        return f"{hours} hour{'' if hours == 1 else 's'}"
    return f"{int(seconds // 86_400)} days"


def validity_words(start: datetime | None, end: datetime | None, now: datetime) -> Content:
    """Return the sentence alone, short, for lists."""
    if start is None or end is None:
        return line((f"{glyphs().unknown} period unknown", Look.WARN))
    if now < start:
        return line((f"{glyphs().fail} not valid yet", Look.FAIL))
    if now > end:
        return line((f"{glyphs().fail} expired", Look.FAIL))
    return line((f"{glyphs().ok} {_days(end, now)} left", Look.OK))
