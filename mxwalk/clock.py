"""Time as a parameter: tests, replays and "evaluate as of" use a clock of their own."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the engine needs to know about time."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start that never run backwards."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the monotonic clock, in seconds."""
        return time.monotonic()


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is moved; for tests and for screenshots."""

    at: datetime
    elapsed_s: float = 0.0

    def now(self) -> datetime:
        """Return the set time plus what was advanced."""
        return self.at + timedelta(seconds=self.elapsed_s)

    def monotonic(self) -> float:
        """Return the seconds advanced so far."""
        return self.elapsed_s

    def advance(self, seconds: float) -> None:
        """Move the clock forward by ``seconds``."""
        self.elapsed_s += seconds


def to_rfc3339(moment: datetime) -> str:
    """Return ``moment`` as ``2026-11-21T20:13:00Z`` (UTC, whole seconds)."""
    plain = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return f"{plain.isoformat()}Z"  # strftime writes early years with fewer than four digits


def from_rfc3339(text: str) -> datetime:
    """Read a date or a date-time; without an offset it is UTC.  Raises ``ValueError``."""
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the offset leads out of the calendar") from error
