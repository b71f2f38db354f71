"""Walks without a connection: a course of steps known from the evidence so far.

A message walk and a domain survey have no connection to keep in order, so their plan is a plain list:
groups of steps, each done, to come, or not needed and why.  What is next is the first that is to come.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import Scope, Step, StepKind
from mxwalk.language import say
from mxwalk.walk.model import NodeState, PlanNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A step of a course: what is done, about what, and under which label.

    ``needless`` says why it is not needed, empty where it is; ``text`` is what the step is about to do.
    """

    kind: StepKind
    scope: Scope
    label: str
    text: str
    needless: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A group of steps; one without a label stands at the top.

    ``name`` is what it is known by in any language, the label if empty.
    """

    label: str
    stops: tuple[Stop, ...]
    note: str = ""
    name: str = ""


Course = tuple[Leg, ...]


def step_of(delivery: Delivery, stop: Stop) -> Step | None:
    """Return the last step made at a stop that was not to be repeated since."""
    return delivery.standing_steps.get((stop.kind, stop.scope))


def left_out(delivery: Delivery, stop: Stop) -> bool:
    """Say whether the administrator left this step out."""
    return stop.kind in delivery.left_out.get(stop.scope, frozenset())


def next_stop(delivery: Delivery, course: Course) -> Stop | None:
    """Return the first stop that is still to come; ``None`` when the walk is over."""
    if delivery.stopped:
        return None
    return next((stop for stop in _stops(course) if _is_open(delivery, stop)), None)


def _is_open(delivery: Delivery, stop: Stop) -> bool:
    return not (stop.needless or step_of(delivery, stop) or left_out(delivery, stop))


def _stops(course: Course) -> Iterator[Stop]:
    return (stop for leg in course for stop in leg.stops)


def outline_of(delivery: Delivery, course: Course) -> PlanNode:
    """Return the course as the tree that every walk has."""
    upcoming = next_stop(delivery, course)
    children: list[PlanNode] = []
    for leg in course:
        leaves = tuple(_leaf(delivery, stop, upcoming) for stop in leg.stops)
        if not leg.label:
            children.extend(leaves)
            continue
        children.append(
            PlanNode(
                key=f"leg|{leg.name or leg.label}",
                label=leg.label,
                kind=None,
                scope=Scope(),
                state=_state(leaves),
                note=leg.note,
                children=leaves,
            )
        )
    return PlanNode(
        key="walk",
        label=delivery.target.text,
        kind=None,
        scope=Scope(),
        state=NodeState.NEXT if upcoming else NodeState.DONE,
        children=tuple(children),
    )


def _leaf(delivery: Delivery, stop: Stop, upcoming: Stop | None) -> PlanNode:
    step = step_of(delivery, stop)
    note = ""
    if step is not None:
        state = NodeState.DONE
    elif stop is upcoming:
        state = NodeState.NEXT
    elif stop.needless or delivery.stopped or left_out(delivery, stop):
        state = NodeState.NOT_NEEDED
        note = stop.needless or (
            say("the walk was ended") if delivery.stopped else say("left out by decision")
        )
    else:
        state = NodeState.PLANNED
    scope = stop.scope
    return PlanNode(
        key=f"{scope.host}|{scope.address}|{scope.attempt}|{stop.kind.value}",
        label=stop.label,
        kind=stop.kind,
        scope=scope,
        state=state,
        step=step,
        note=note,
    )


def _state(leaves: tuple[PlanNode, ...]) -> NodeState:
    states = {leaf.state for leaf in leaves}
    for state in (NodeState.NEXT, NodeState.PLANNED, NodeState.DONE):
        if state in states:
            return state
    return NodeState.NOT_NEEDED
