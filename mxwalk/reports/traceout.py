"""The trace itself, as a trace file: what ``mxwalk open`` and ``mxwalk report`` read."""

from mxwalk.evidence.journal import dump_trace
from mxwalk.evidence.trace import Trace


def render_trace(trace: Trace, sender: str) -> str:
    """Return the trace's lines; the chosen sender is not part of evidence and changes nothing."""
    del sender
    return dump_trace(trace).decode()
