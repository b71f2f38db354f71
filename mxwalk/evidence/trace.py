"""A trace: the header and the steps of one walk, append-only while the walk lasts."""

import msgspec

from mxwalk.evidence.step import Step
from mxwalk.evidence.target import Options, Target

FORMAT = "mxwalk-trace"
VERSION = 1


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a trace file; ``started_at`` is RFC 3339 in UTC."""

    format: str = FORMAT
    version: int = VERSION
    tool: str
    started_at: str
    target: Target
    options: Options
    scenario: str = ""  # the lab scenario this was walked on
    redacted: bool = False


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """A walk so far, or a saved one.  ``damage`` says what was lost behind the last whole step."""

    header: Header
    steps: tuple[Step, ...] = ()
    damage: str = ""

    def with_step(self, step: Step) -> "Trace":
        """Return the trace with one more step."""
        return msgspec.structs.replace(self, steps=(*self.steps, step))
