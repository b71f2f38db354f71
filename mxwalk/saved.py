"""The walks that were saved by themselves: which there are, and which of them are of one target."""

from collections.abc import Iterator
from pathlib import Path

from mxwalk.errors import TraceError
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.trace import Header, Trace
from mxwalk.limits import SAVED_WALKS_READ
from mxwalk.session import TRACE_SUFFIX, trace_paths, traces_directory


def saved_walks() -> tuple[Path, ...]:
    """Return the saved walks, newest first; none where the directory cannot be read."""
    try:
        found = [path for path in traces_directory().iterdir() if path.suffix == TRACE_SUFFIX]
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda path: path.name, reverse=True))


def walks_of_target(header: Header) -> Iterator[tuple[Path, Trace]]:
    """Yield the saved walks of the same target and purpose, newest first, other than this one."""
    _, _, name = next(trace_paths(header)).stem.partition("-")
    named = [path for path in saved_walks() if _subject(path).startswith(name)]
    for path in named[:SAVED_WALKS_READ]:
        try:
            trace = read_trace(path)
        except TraceError:
            continue  # one that cannot be read is none to compare with
        other = trace.header
        same = other.purpose is header.purpose and other.target.domain == header.target.domain
        if same and other.target.address == header.target.address and trace.steps:
            yield path, trace


def earlier_walk(trace: Trace) -> Path | None:
    """Return the newest saved walk of the same target that began before this one."""
    began = trace.header.started_at
    found = (
        path for path, other in walks_of_target(trace.header) if other.header.started_at < began
    )
    return next(found, None)


def _subject(path: Path) -> str:
    return path.stem.partition("-")[2]
