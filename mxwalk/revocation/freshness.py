"""Whether what a CRL or a response says is for the time asked about (RFC 6960 4.2.2.1, RFC 5280 6.3.3).

Clocks differ: five minutes are tolerated at either end.  Data that names no end counts for ten days,
the longest that public CAs may let an OCSP response stand.
"""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from mxwalk.language import say
from mxwalk.revocation.model import Fault
from mxwalk.revocation.words import day, span

CLOCK_SKEW = timedelta(minutes=5)
WITHOUT_END = timedelta(days=10)


class Freshness(enum.Enum):
    """How data stands to a time."""

    CURRENT = "current"
    NOT_YET = "not-yet"
    OVER = "over"
    UNDATED = "undated"


_FAULTS = {
    Freshness.CURRENT: Fault.NONE,
    Freshness.NOT_YET: Fault.EARLY,
    Freshness.OVER: Fault.OVER,
    Freshness.UNDATED: Fault.UNDATED,
}


@dataclass(frozen=True, slots=True)
class Age:
    """How old data is; ``text`` says it in a clause."""

    freshness: Freshness
    text: str

    @property
    def fault(self) -> Fault:
        """What is wrong with the time."""
        return _FAULTS[self.freshness]

    @property
    def current(self) -> bool:
        """Whether the data counts."""
        return self.freshness is Freshness.CURRENT


def age(this_update: datetime | None, next_update: datetime | None, at: datetime) -> Age:
    """Say whether data made at ``this_update`` counts at ``at``, and how old it is."""
    if this_update is None:
        return Age(Freshness.UNDATED, say("it does not say when it was made"))
    if this_update - at > CLOCK_SKEW:
        early = say(
            "it is only for the time from {day}, {span} later",
            day=day(this_update),
            span=span(this_update - at),
        )
        return Age(Freshness.NOT_YET, early)
    made = say("made {span} ago", span=span(at - this_update))
    if this_update > at:
        made = say("made {span} ahead of this clock", span=span(this_update - at))
    if next_update is None:
        if at - this_update > WITHOUT_END:
            return Age(
                Freshness.OVER, say("{made}, without an end, which is too long ago", made=made)
            )
        return Age(Freshness.CURRENT, say("{made}, without an end", made=made))
    if at - next_update > CLOCK_SKEW:
        late = say(
            "{made}; its time ended {span} ago, on {day}",
            made=made,
            span=span(at - next_update),
            day=day(next_update),
        )
        return Age(Freshness.OVER, late)
    return Age(
        Freshness.CURRENT, say("{made}, counts until {day}", made=made, day=day(next_update))
    )
