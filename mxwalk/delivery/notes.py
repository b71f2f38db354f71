"""The administrator's notes on steps: which of them count, and what they say in one line.

A note is a step of the trace that nothing is judged by.  Of several on one step the last one counts,
and an empty one takes the note back.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mxwalk.evidence.step import Noted
from mxwalk.evidence.trace import Trace
from mxwalk.text import visible


def notes_of(trace: Trace) -> Mapping[int, str]:
    """Return the text of each note that counts, by the number of the step it is on."""
    found = {
        step.evidence.about: step.evidence.text
        for step in trace.steps
        if isinstance(step.evidence, Noted)
    }
    return MappingProxyType({about: text for about, text in found.items() if text.strip()})


def note_lines(text: str) -> tuple[str, ...]:
    """Return a note's lines, each safe to show."""
    return tuple(visible(line.rstrip()) for line in text.strip().splitlines())


def note_line(text: str, limit: int = 400) -> str:
    """Return a note as one line that is safe to show."""
    return visible(" ".join(text.split()), limit)
