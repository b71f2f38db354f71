"""A series by day (UTC): a report counts for the day its period has its middle in.

Whole days begin at midnight somewhere, and reporters are all over the world.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mxwalk.limits import REPORT_DAYS

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What succeeded and what failed on one day: sessions, or messages."""

    day: date
    successes: int
    failures: int


def day_of_period(begins: datetime | None, ends: datetime | None) -> date | None:
    """Return the day a period counts for, ``None`` for one without a date."""
    if begins is None or ends is None or ends < begins:
        moment = begins or ends
        return moment.astimezone(UTC).date() if moment else None
    return (begins + (ends - begins) / 2).astimezone(UTC).date()


def series(counts: Iterable[tuple[date | None, int, int]]) -> tuple[Day, ...]:
    """Return a day after the other, those without a report included; the last ones if many."""
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for day, successes, failures in counts:
        if day is not None:
            sums[day][0] += successes
            sums[day][1] += failures
    if not sums:
        return ()
    last = max(sums)
    span = (last - min(sums)).days + 1
    if span > REPORT_DAYS:  # a date gone wrong must not make a series of centuries
        shown = sorted(sums)[-REPORT_DAYS:]
    else:
        shown = [last - _ONE_DAY * back for back in range(span - 1, -1, -1)]
    return tuple(Day(day=day, successes=sums[day][0], failures=sums[day][1]) for day in shown)
