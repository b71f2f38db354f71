"""Notes of the administrator on steps: how one comes into a trace, and how all are taken out of one.

A note is appended like everything else and never changed: a later one on the same step takes its
place.  Taking notes out empties them and keeps their steps, so that no number of a step changes.
"""

import msgspec

from mxwalk.errors import UsageError
from mxwalk.evidence.step import Noted, Scope, Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.language import say
from mxwalk.limits import NOTE_CHARS, NOTES_PER_TRACE


def note_step(trace: Trace, about: int, text: str, at_s: float) -> Step:
    """Return the step that writes ``text`` down about the step ``about``, ``at_s`` after the start.

    Raises ``UsageError`` when there is no such step, the text is too long, or there are too many notes.
    """
    if not any(step.seq == about and step.kind is not StepKind.NOTE for step in trace.steps):
        raise UsageError(say("there is no step {number} to write a note on", number=about))
    if len(text) > NOTE_CHARS:
        raise UsageError(
            say(
                "a note has at most {limit} characters; this one has {count}",
                limit=NOTE_CHARS,
                count=len(text),
            )
        )
    if sum(step.kind is StepKind.NOTE for step in trace.steps) >= NOTES_PER_TRACE:
        raise UsageError(
            say("there are {limit} notes in this trace; no more are kept", limit=NOTES_PER_TRACE)
        )
    return Step(
        seq=len(trace.steps) + 1,
        kind=StepKind.NOTE,
        scope=Scope(),
        started_s=round(at_s, 6),
        elapsed_s=0.0,
        evidence=Noted(about=about, text=text.encode("utf-8", "replace").decode()),
    )


def without_notes(trace: Trace) -> Trace:
    """Return the trace with every note emptied."""
    steps = tuple(
        msgspec.structs.replace(step, evidence=Noted(about=step.evidence.about))
        if isinstance(step.evidence, Noted) and step.evidence.text
        else step
        for step in trace.steps
    )
    return msgspec.structs.replace(trace, steps=steps)


def cut(trace: Trace, count: int) -> Trace:
    """Return the first ``count`` steps, and the notes on them that were written later.

    Those notes get the numbers that follow, so that the result is a trace like any other.
    """
    if count >= len(trace.steps):
        return trace
    kept = trace.steps[:count]
    later = [
        step
        for step in trace.steps[count:]
        if isinstance(step.evidence, Noted) and step.evidence.about <= count
    ]
    notes = (
        msgspec.structs.replace(step, seq=number)
        for number, step in enumerate(later, start=count + 1)
    )
    return Trace(header=trace.header, steps=(*kept, *notes))
