"""The trace file: JSON Lines, a header line and then one step a line, flushed as they happen.

A crash or a kill loses at most the step under way.  Reading trusts nothing: sizes, types, numbers
and the order of steps are checked, a bad header is refused in one sentence, and a damaged tail
opens up to the break.  Bytes are base64 (RFC 4648 4), as msgspec writes them.  When a second version of
the format comes, its migration (a pure function from version 1) belongs between ``_check_preamble``
and the typed decoding of the header.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from mxwalk.errors import TraceError, TraceExistsError
from mxwalk.evidence.bounds import header_fault, step_fault
from mxwalk.evidence.lock import lock_at_once, lock_soon
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import FORMAT, VERSION, Header, Trace
from mxwalk.language import say
from mxwalk.limits import (
    NOTES_PER_TRACE,
    TRACE_BYTES,
    TRACE_HEADER_BYTES,
    TRACE_LINE_BYTES,
    TRACE_STEPS,
)
from mxwalk.text import visible

_MIB = 1024 * 1024


class _Preamble(msgspec.Struct):
    """What must be known of the first line before the rest of it can be judged."""

    format: str = ""
    version: int = 0


_ENCODER = msgspec.json.Encoder()
_PREAMBLE = msgspec.json.Decoder(_Preamble)
_HEADER = msgspec.json.Decoder(Header)
_STEP = msgspec.json.Decoder(Step)


class JournalWriter:
    """A trace file that grows with the walk; a context manager that closes it.

    Raises ``TraceError`` when the file cannot be made, and of it ``TraceExistsError`` when there is
    one: an existing file is replaced only with ``overwrite``.
    """

    def __init__(self, path: Path, header: Header, *, overwrite: bool = False) -> None:
        self.path = path
        self._failed = False
        try:
            if overwrite:
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
        self._write_line(header)

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
            line = _line(record)
            view = memoryview(line)
            while view:
                view = view[self._file.write(view) :]
        except (OSError, UnicodeEncodeError, ValueError) as error:
            self._failed = True
            self.close()
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise TraceError(
                say(
                    "the trace {path} is no longer saved: {reason}; what was written before stays",
                    path=self.path,
                    reason=reason,
                )
            ) from error


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
            expected, more = dump_trace(known), b"".join(map(_line, steps))
            if found.st_size != len(expected) or file.read() != expected:
                raise TraceError(say("the trace {path} is another one by now", path=path))
            if len(expected) + len(more) > TRACE_BYTES:
                limit = _mebibytes(TRACE_BYTES)
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


def dump_trace(trace: Trace) -> bytes:
    """Return the trace as the bytes of a trace file; ``damage`` is of the reading and not kept."""
    return b"".join([_line(trace.header), *map(_line, trace.steps)])


def read_trace(source: Path | BinaryIO) -> Trace:
    """Read a trace file, strictly and within the limits of ``mxwalk.limits``.

    Raises ``TraceError`` when the header cannot be used.  When a later line cannot, the trace holds
    the steps before it and ``damage`` says what was lost.
    """
    if isinstance(source, Path):
        try:
            with source.open("rb") as file:
                return _read(file, str(source))
        except OSError as error:
            raise TraceError(
                say(
                    "cannot read the trace {source}: {why}",
                    source=source,
                    why=error.strerror,
                )
            ) from error
    try:
        return _read(source, say("the trace"))
    except OSError as error:
        raise TraceError(say("cannot read the trace: {why}", why=error.strerror)) from error


def read_header(path: Path) -> Header:
    """Read the first line of a trace file alone.  Raises ``TraceError`` like ``read_trace``."""
    try:
        with path.open("rb") as file:
            return _first(_bounded_lines(file), str(path))
    except OSError as error:
        raise TraceError(
            say("cannot read the trace {source}: {why}", source=path, why=error.strerror)
        ) from error


def _line(record: Header | Step) -> bytes:
    """Return the record as one line that is safe to print: nothing in it acts on a terminal."""
    line = _ENCODER.encode(record)
    if not line.isascii() or b"\x7f" in line:
        line = "".join(
            char if char.isprintable() else _json_escape(char) for char in line.decode()
        ).encode()
    return line + b"\n"


def _json_escape(char: str) -> str:
    r"""Return the character as ``\uNNNN``, in two halves beyond the first plane (RFC 8259 7)."""
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _read(file: BinaryIO, label: str) -> Trace:
    lines = _bounded_lines(file)
    header = _first(lines, label)
    steps: list[Step] = []
    notes = 0
    for number, line in enumerate(lines, start=2):
        fault, step = _read_step(line, len(steps) + 1)
        if step is not None and step.kind is StepKind.NOTE:
            notes += 1
            if notes > NOTES_PER_TRACE:
                fault, step = (
                    say(
                        "there are more than {limit} notes",
                        limit=NOTES_PER_TRACE,
                    ),
                    None,
                )
        if step is None:
            return Trace(
                header=header,
                steps=tuple(steps),
                damage=say(
                    "line {number} cannot be used ({fault}); {kept}",
                    number=number,
                    fault=fault,
                    kept=_kept(len(steps)),
                ),
            )
        steps.append(step)
    return Trace(header=header, steps=tuple(steps))


def _first(lines: Iterator[bytes], label: str) -> Header:
    first = next(lines, b"")
    if not first:
        raise TraceError(say("{label} is empty", label=label))
    return _read_header(first, label)


def _kept(count: int) -> str:
    match count:
        case 0:
            return say("there is no step before it")
        case 1:
            return say("the one step before it is kept")
        case _:
            return say("the {count} steps before it are kept", count=count)


def _bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines of at most one byte more than their limit, within the limit for the whole."""
    total, limit = 0, TRACE_HEADER_BYTES
    while line := file.readline(limit + 1):
        total += len(line)
        limit = TRACE_LINE_BYTES
        if total > TRACE_BYTES:
            yield b""
            return
        yield line


def _read_header(line: bytes, label: str) -> Header:
    if len(line) > TRACE_HEADER_BYTES:
        limit = _mebibytes(TRACE_HEADER_BYTES)
        raise TraceError(
            say(
                "{label} is no mxwalk trace: its first line is over {limit} long",
                label=label,
                limit=limit,
            )
        )
    try:
        _check_preamble(_PREAMBLE.decode(line), label)
        header = _HEADER.decode(line)
    except (ValueError, RecursionError) as error:
        if isinstance(error, msgspec.ValidationError):
            raise TraceError(
                say("{label}, line 1: {reason}", label=label, reason=_reason(error))
            ) from error
        raise TraceError(
            say(
                "{label} is no mxwalk trace: {reason} in line 1", label=label, reason=_reason(error)
            )
        ) from error
    if fault := header_fault(header):
        raise TraceError(say("{label}, line 1: {fault}", label=label, fault=visible(fault, 300)))
    return header


def _check_preamble(preamble: _Preamble, label: str) -> None:
    if preamble.format != FORMAT:
        named = (
            say("its format is {format!r}", format=visible(preamble.format, 60))
            if preamble.format
            else say("no format")
        )
        raise TraceError(
            say(
                "{label} is no mxwalk trace: {named}, where {format!r} must be",
                label=label,
                named=named,
                format=FORMAT,
            )
        )
    if preamble.version > VERSION:
        raise TraceError(
            say(
                "{label} was written by a newer mxwalk: version {version}, this one reads up"
                " to {known}",
                label=label,
                version=str(preamble.version)[:12],
                known=VERSION,
            )
        )
    if preamble.version < 1:
        raise TraceError(say("{label} has no version this mxwalk could read", label=label))


def _read_step(line: bytes, expected_seq: int) -> tuple[str, Step | None]:
    if not line:
        return say("the file is over {limit} MiB long", limit=TRACE_BYTES // _MIB), None
    if len(line) > TRACE_LINE_BYTES:
        return say("it is over {limit} long", limit=_mebibytes(TRACE_LINE_BYTES)), None
    if expected_seq > TRACE_STEPS:
        return say("there are more than {limit} steps", limit=TRACE_STEPS), None
    try:
        step = _STEP.decode(line)
    except (ValueError, RecursionError) as error:
        cut = not line.endswith(b"\n") and not isinstance(error, msgspec.ValidationError)
        return say("it is cut off") if cut else _reason(error), None
    fault = step_fault(step, expected_seq)
    return (visible(fault, 300), None) if fault else ("", step)


def _reason(error: Exception) -> str:
    match error:
        case RecursionError():
            return say("its values are nested too deeply")
        case UnicodeDecodeError():
            return say("text that is not UTF-8")
        case msgspec.ValidationError():
            return visible(str(error), 300)
        case _:
            return say("not JSON, {error}", error=visible(str(error), 200))


def _mebibytes(number: int) -> str:
    return f"{number // _MIB} MiB"
