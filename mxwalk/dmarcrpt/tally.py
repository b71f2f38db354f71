"""Sums of messages by name."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Messages by name, and how many of them DMARC did not pass."""

    name: str
    messages: int
    failures: int = 0
    rows: int = 0


class Tally:
    """Sums by name while rows are added."""

    def __init__(self) -> None:
        self._sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, name: str, messages: int, failures: int = 0) -> None:
        """Add to a name; one without a name is left out."""
        if name:
            sums = self._sums[name]
            sums[0] += messages
            sums[1] += failures
            sums[2] += 1

    def totals(self) -> tuple[Total, ...]:
        """Return the sums, most messages first."""
        found = (
            Total(name=name, messages=messages, failures=failures, rows=rows)
            for name, (messages, failures, rows) in self._sums.items()
        )
        return tuple(sorted(found, key=lambda total: (-total.messages, total.name)))
