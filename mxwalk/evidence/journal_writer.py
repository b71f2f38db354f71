"""The trace file as it grows: a line a step, flushed as they happen, and notes behind them.

A crash or a kill loses at most the step under way.  A file has one writer at a time (``lock``), and
what is there already is neither replaced nor changed unless that was asked for.  A trace that is to be
replaced stays until the new one holds a step: until then the new one grows beside it, without a name
that anybody was told, and goes away if nothing comes of it.
"""

import contextlib
import io
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from mxwalk.errors import TraceError, TraceExistsError
from mxwalk.evidence.journal import line_of, mebibytes, read_trace
from mxwalk.evidence.lock import lock_at_once, lock_soon
from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Header, Trace
from mxwalk.files import PRIVATE_FILE, new_beside, takes_bytes
from mxwalk.language import say
from mxwalk.limits import TRACE_BYTES, TRACE_HEADER_BYTES, TRACE_LINE_BYTES, TRACE_STEPS
from mxwalk.wordings import system_words


class JournalWriter:
    """A trace file that grows with the walk; a context manager that closes it.

    Raises ``TraceError`` when the file cannot be made, and of it ``TraceExistsError`` when there is
    one: an existing file is replaced only with ``overwrite``, with the first step; a device, a FIFO or
    a directory never.
    """

    def __init__(self, path: Path, header: Header, *, overwrite: bool = False) -> None:
        self.path = path
        self._failed = False
        self._bytes = self._steps = 0
        try:
            descriptor, self._beside = _made(path, overwrite=overwrite)
        except FileExistsError as error:
            raise TraceExistsError(
                say("{path} exists already; choose another name", path=path)
            ) from error
        except OSError as error:
            raise _cannot_write(path, error) from error
        self._descriptor = descriptor
        self._file = os.fdopen(descriptor, "wb", buffering=0)
        lock_at_once(descriptor)  # no note of another program gets between the steps
        replaces = self._beside is not None
        try:
            self._write_line(header)
        except TraceError as error:
            if not replaces:
                with contextlib.suppress(OSError):
                    path.unlink()  # without its header it could never be opened
            raise _cannot_write(path, error.__cause__) from error

    def write(self, step: Step) -> None:
        """Append a step.

        Raises ``TraceError`` on the first failure (a full disk, say, or a step that no reader would
        take); after it, steps are no longer saved and further calls do nothing, so that the walk can
        go on.  What was written before stays whole, and nothing of the step that did not fit.
        """
        if not self._failed:
            self._write_line(step)
            self._take_place()

    def close(self) -> None:
        """Close the file; harmless when done twice."""
        with contextlib.suppress(OSError):  # every line was flushed or reported already
            self._file.close()
        if self._beside is not None:  # no step came: what is there stays
            with contextlib.suppress(OSError):
                self._beside.unlink()
            self._beside = None

    def _take_place(self) -> None:
        """Take the place of the trace that was there, now that there is a step to keep in it."""
        if self._beside is None:
            return
        try:
            self._beside.replace(self.path)
        except OSError as error:
            self._failed = True
            self.close()
            raise _cannot_write(self.path, error) from error
        self._beside = None

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
        whole = self._bytes
        try:
            line = line_of(record)
            self._check_room(record, len(line))
            view = memoryview(line)
            while view:
                view = view[self._file.write(view) :]
        except (OSError, UnicodeEncodeError, ValueError) as error:
            self._failed = True
            with contextlib.suppress(OSError):  # half a line would be taken for damage
                os.ftruncate(self._descriptor, whole)
            self.close()
            raise TraceError(
                say(
                    "the trace {path} is no longer saved: {reason}; what was written before stays",
                    path=self.path,
                    reason=_reason(error),
                )
            ) from error

    def _check_room(self, record: Header | Step, octets: int) -> None:
        """Raise ``ValueError`` when the file would be one that is not read to its end."""
        is_step = isinstance(record, Step)
        limit = TRACE_LINE_BYTES if is_step else TRACE_HEADER_BYTES
        if octets > limit:
            raise ValueError(say("one line would be over {limit} long", limit=mebibytes(limit)))
        if self._bytes + octets > TRACE_BYTES:
            raise ValueError(say("it would be longer than {limit}", limit=mebibytes(TRACE_BYTES)))
        if self._steps + is_step > TRACE_STEPS:
            raise ValueError(say("there are more than {limit} steps", limit=TRACE_STEPS))
        self._bytes += octets
        self._steps += is_step


def _made(path: Path, *, overwrite: bool) -> tuple[int, Path | None]:
    """Make the file, or one beside it that is to take its place; return it, open, and that one's name.

    The trace holds addresses and names of people: it is for its owner alone.
    """
    if overwrite and _is_replaced(path):
        if os.name != "nt":
            return new_beside(path)
        path.unlink()  # a file that is open cannot be moved there
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), None


def _is_replaced(path: Path) -> bool:
    """Say whether there is a file or a link in the way; a link is replaced, not what it leads to."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISDIR(mode) or takes_bytes(path))


def _cannot_write(path: Path, error: BaseException | None) -> TraceError:
    return TraceError(say("cannot write the trace {path}: {why}", path=path, why=_reason(error)))


def _reason(error: BaseException | None) -> str:
    """Return why nothing could be written, in the system's words where they are the system's."""
    return system_words(error) if isinstance(error, OSError) else str(error)


def append_steps(path: Path, known: Trace, steps: tuple[Step, ...]) -> None:
    """Append steps to the saved trace ``known`` in its file, which must hold just that.

    Raises ``TraceError`` when the file is not ours, is being written by somebody else, holds something
    else by now, or cannot be written; nothing is written then.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise _cannot_write(path, error) from error
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        try:
            if not lock_soon(descriptor):
                raise TraceError(
                    say("a walk or a note is being written into {path}; try again later", path=path)
                )
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
                raise TraceError(say("the trace {path} is not a file of ours", path=path))
            more = b"".join(map(line_of, steps))
            if found.st_size > TRACE_BYTES or not _holds(file.read(), known):
                raise TraceError(say("the trace {path} is another one by now", path=path))
            if found.st_size + len(more) > TRACE_BYTES:
                limit = mebibytes(TRACE_BYTES)
                raise TraceError(
                    say("the trace {path} would be longer than {limit}", path=path, limit=limit)
                )
            _write_all(descriptor, more, found.st_size)
        except OSError as error:
            raise _cannot_write(path, error) from error


def _holds(data: bytes, known: Trace) -> bool:
    """Say whether a file is this trace to its last line, whichever mxwalk wrote it.

    An older one wrote fewer fields, or as they are the characters that are escapes now.
    """
    if not data.endswith(b"\n") or known.damage:
        return False
    try:
        return read_trace(io.BytesIO(data)) == known
    except TraceError:
        return False


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
