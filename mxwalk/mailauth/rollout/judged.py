"""What the facts say of one stage, whatever the stages before it."""

import enum
from dataclasses import dataclass

from mxwalk.mailauth.rollout.model import Line


class Found(enum.Enum):
    """What the facts say of a stage, whatever the stages before it."""

    DONE = "done"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A stage judged by itself."""

    found: Found
    shows: str
    blocked_by: tuple[str, ...] = ()
    publish: tuple[Line, ...] = ()
    advice: tuple[str, ...] = ()
