"""The mark and the sentence that every step gets, wherever steps are listed."""

import enum
from dataclasses import dataclass

from mxwalk.evidence.told import how_it_ended
from mxwalk.evidence.wire import Ending, EndingKind

# Our patience, our limit or our side ended it, not the peer.
INCONCLUSIVE = frozenset(
    {EndingKind.TIMEOUT, EndingKind.CANCELLED, EndingKind.LOCAL, EndingKind.TOO_LONG}
)


class Mark(enum.Enum):
    """What happened in a step."""

    OK = "ok"
    WARN = "warning"
    FAIL = "failed"
    UNKNOWN = "unknown"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class StepStatus:
    """A mark and a summary of at most one line, made visible."""

    mark: Mark
    summary: str


def of_ending(ending: Ending) -> StepStatus:
    """Return the status of a step that ended other than by what was expected."""
    mark = Mark.UNKNOWN if ending.kind in INCONCLUSIVE else Mark.FAIL
    return StepStatus(mark, how_it_ended(ending))
