"""What the interface sees of a walk: the pending step, and the plan as a tree."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from mxwalk.evidence.step import Scope, Step, StepKind


class NodeState(enum.Enum):
    """Where a node of the plan stands."""

    DONE = "done"
    NEXT = "next"
    PLANNED = "planned"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    r"""What the walk would do next.

    ``text`` says it for people (``EHLO probe.example.net``); ``payload`` holds the exact bytes of an
    SMTP command with its CRLF, empty for everything else; only commands are ``editable``.
    """

    kind: StepKind
    scope: Scope
    text: str
    payload: bytes = b""
    editable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNode:
    """A node of the plan: a group (``kind`` is ``None``) or a step done, next or to come.

    ``key`` is unique and stable while the walk grows; ``label`` is short; ``note`` says why a step is
    not needed, or what a group is.
    """

    key: str
    label: str
    kind: StepKind | None
    scope: Scope
    state: NodeState
    step: Step | None = None
    note: str = ""
    children: tuple["PlanNode", ...] = field(default=())

    def walk(self) -> Iterator["PlanNode"]:
        """Yield this node and everything below it, depth first."""
        yield self
        for child in self.children:
            yield from child.walk()
