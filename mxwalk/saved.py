"""The walks that were saved by themselves: which there are, and which of them are of one target.

What a walk is of stands in its header, never in the name of its file: the command line and every
screen ask here, so that all of them know the same walk as the one before.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from mxwalk.errors import TraceError
from mxwalk.evidence.journal import read_header, read_trace
from mxwalk.evidence.trace import Header, Purpose, Trace
from mxwalk.limits import SAVED_WALKS_LOOKED, SAVED_WALKS_READ
from mxwalk.session import TRACE_SUFFIX, traces_directory


def saved_walks() -> tuple[Path, ...]:
    """Return the saved walks, newest first; none where the directory cannot be read."""
    try:
        with os.scandir(traces_directory()) as entries:
            found = [Path(one) for one in entries if _is_walk(one)]
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda path: path.name, reverse=True))


def _is_walk(entry: "os.DirEntry[str]") -> bool:
    """Say whether this is a file of ours by its name; what a link leads to may be one."""
    try:
        return entry.name.endswith(TRACE_SUFFIX) and entry.is_file()
    except OSError:
        return False


def same_target(one: Header, other: Header) -> bool:
    """Say whether two walks are of one target: the domain or the address, however it was written.

    What listens at another port is another server.  A walk on the lab is of its scenario; no real one
    is of the same target, and no other scenario.
    """
    return _target(one) == _target(other)


def _target(header: Header) -> tuple[object, ...]:
    domain = header.target.domain
    name = domain.ascii.lower() if domain else ""
    return header.purpose, header.scenario, name, header.target.address, port_of(header)


def port_of(header: Header) -> int:
    """Return the port a delivery connects to; 0 for what is no delivery, and for a walk on the lab."""
    if header.purpose is not Purpose.DELIVERY or header.scenario:
        return 0
    return header.target.port or header.options.port


def walks_beside(header: Header) -> Iterator[tuple[Path, Header]]:
    """Yield the saved walks of the same purpose other than this one, newest first, unopened."""
    for path in saved_walks()[:SAVED_WALKS_LOOKED]:
        try:
            other = read_header(path)
        except TraceError:
            continue  # one that cannot be read is none to compare with
        if other.purpose is header.purpose and _begun(other) != _begun(header):
            yield path, other


def _begun(header: Header) -> tuple[object, ...]:
    return header.started_at, header.target, header.scenario


def opened(paths: Iterable[Path]) -> Iterator[tuple[Path, Trace]]:
    """Yield these walks whole, not more than a person looks through."""
    for path in islice(paths, SAVED_WALKS_READ):
        try:
            yield path, read_trace(path)
        except TraceError:
            continue  # it went away meanwhile


def earlier_walk(trace: Trace) -> Path | None:
    """Return the newest saved walk of the same target that began before this one."""
    mine = trace.header
    earlier = (
        path
        for path, other in walks_beside(mine)
        if same_target(mine, other) and other.started_at < mine.started_at
    )
    return next((path for path, other in opened(earlier) if other.steps), None)
