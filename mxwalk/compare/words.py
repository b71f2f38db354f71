"""Words of the comparison: steps, and what a difference is."""

from mxwalk.compare.model import Effect, Kind
from mxwalk.evidence.trace import Trace
from mxwalk.language import noted, say
from mxwalk.walk.plan import label_of

_KINDS = {
    Kind.ADDED: noted("added"),
    Kind.GONE: noted("gone"),
    Kind.CHANGED: noted("changed"),
    Kind.UNKNOWN: noted("unknown"),
}
_EFFECTS = {
    Effect.WORSE: noted("worse"),
    Effect.BETTER: noted("better"),
    Effect.NEUTRAL: noted("changes nothing"),
    Effect.UNSAID: "",
}


def kind_words(kind: Kind) -> str:
    """Return how the sides differ."""
    return say(_KINDS[kind])


def effect_words(effect: Effect) -> str:
    """Return what a difference does to the verdict; empty where that cannot be told."""
    return say(_EFFECTS[effect])


def step_words(trace: Trace, seq: int | None) -> str:
    """Return the label of a step; empty where there is none."""
    step = next((one for one in trace.steps if one.seq == seq), None) if seq is not None else None
    return label_of(step.kind) if step else ""
