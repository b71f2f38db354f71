"""The trace file as it grows: a line a step, flushed as they happen, and notes behind them.

A crash or a kill loses at most the step under way.  A file has one writer at a time (``lock``), and
what is there already is neither replaced nor changed unless that was asked for.
"""

import contextlib
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from mxwalk.errors import TraceError, TraceExistsError
from mxwalk.evidence.journal import dump_trace, line_of, mebibytes
from mxwalk.evidence.lock import lock_at_once, lock_soon
from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Header, Trace
from mxwalk.files import takes_bytes
from mxwalk.language import say
from mxwalk.limits import TRACE_BYTES


class JournalWriter:
    """A trace file that grows with the walk; a context manager that closes it.

    Raises ``TraceError`` when the file cannot be made, and of it ``TraceExistsError`` when there is
    one: an existing file is replaced only with ``overwrite``, a device or a FIFO never.
    """

    def __init__(self, path: Path, header: Header, *, overwrite: bool = False) -> None:
        self.path = path
        self._failed = False
        try:
            if overwrite and not takes_bytes(path):
                path.unlink(missing_ok=True)
            # The trace holds addresses and names of people: for its owner alone.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise TraceExistsError(
                say("{path} exists already; choose another name", path=path)
            ) from error
        except OSError as error:
            raise TraceError(
                say("cannot write the trace {path}: {why}", path=path, why=error.strerror)
            ) from error
        self._file = os.fdopen(descriptor, "wb", buffering=0)
        lock_at_once(descriptor)  # no note of another program gets between the steps
        try:
            self._write_line(header)
        except TraceError as error:
            with contextlib.suppress(OSError):
                path.unlink()  # without its header it could never be opened
            why = _reason(error.__cause__)
            raise TraceError(
                say("cannot write the trace {path}: {why}", path=path, why=why)
            ) from error

    def write(self, step: Step) -> None:
        """Append a step.

        Raises ``TraceError`` on the first failure (a full disk, say); after it, steps are no longer
        saved and further calls do nothing, so that the walk can go on.
        """
        if not self._failed:
            self._write_line(step)

    def close(self) -> None:
        """Close the file; harmless when done twice."""
        with contextlib.suppress(OSError):  # every line was flushed or reported already
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _write_line(self, record: Header | Step) -> None:
        try:
            line = line_of(record)
            view = memoryview(line)
            while view:
                view = view[self._file.write(view) :]
        except (OSError, UnicodeEncodeError, ValueError) as error:
            self._failed = True
            self.close()
            raise TraceError(
                say(
                    "the trace {path} is no longer saved: {reason}; what was written before stays",
                    path=self.path,
                    reason=_reason(error),
                )
            ) from error


def _reason(error: BaseException | None) -> str:
    """Return why nothing could be written, in the system's words where they are the system's."""
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def append_steps(path: Path, known: Trace, steps: tuple[Step, ...]) -> None:
    """Append steps to the saved trace ``known`` in its file, which must hold just that.

    Raises ``TraceError`` when the file is not ours, is being written by somebody else, holds something
    else by now, or cannot be written; nothing is written then.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise TraceError(
            say("cannot write the trace {path}: {why}", path=path, why=error.strerror)
        ) from error
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        try:
            if not lock_soon(descriptor):
                raise TraceError(
                    say("a walk or a note is being written into {path}; try again later", path=path)
                )
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
                raise TraceError(say("the trace {path} is not a file of ours", path=path))
            expected, more = dump_trace(known), b"".join(map(line_of, steps))
            if found.st_size != len(expected) or file.read() != expected:
                raise TraceError(say("the trace {path} is another one by now", path=path))
            if len(expected) + len(more) > TRACE_BYTES:
                limit = mebibytes(TRACE_BYTES)
                raise TraceError(
                    say("the trace {path} would be longer than {limit}", path=path, limit=limit)
                )
            _write_all(descriptor, more, len(expected))
        except OSError as error:
            raise TraceError(
                say("cannot write the trace {path}: {why}", path=path, why=error.strerror)
            ) from error


def _write_all(descriptor: int, data: bytes, size: int) -> None:
    """Write all of it behind the first ``size`` octets, or take back what was written of it."""
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except OSError:
        with contextlib.suppress(OSError):  # the fault that is told is the first
            os.ftruncate(descriptor, size)
        raise
