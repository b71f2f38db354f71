"""The trace file: JSON Lines, a header line and then one step a line (``journal_writer`` writes it).

Reading trusts nothing: sizes, types, numbers and the order of steps are checked, a bad header is
refused in one sentence, and a damaged file opens up to the damage.  Bytes are base64 (RFC 4648 4), as
msgspec writes them.  When a second version of the format comes, its migration (a pure function from
version 1) belongs between ``check_preamble`` and the typed decoding of the header.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from mxwalk.errors import TraceError
from mxwalk.evidence.bounds import header_fault, step_fault
from mxwalk.evidence.damage import kept_words, lines_behind
from mxwalk.evidence.preamble import Preamble, begins_a_trace, check_preamble, plain
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Header, Trace
from mxwalk.language import say
from mxwalk.limits import (
    NOTES_PER_TRACE,
    TRACE_BYTES,
    TRACE_HEADER_BYTES,
    TRACE_LINE_BYTES,
    TRACE_STEPS,
)
from mxwalk.reading import open_file
from mxwalk.text import escaped, visible
from mxwalk.wordings import json_words, system_words

_MIB = 1024 * 1024


_ENCODER = msgspec.json.Encoder()
_PREAMBLE = msgspec.json.Decoder(Preamble)
_HEADER = msgspec.json.Decoder(Header)
_STEP = msgspec.json.Decoder(Step)


def dump_trace(trace: Trace) -> bytes:
    """Return the trace as the bytes of a trace file; ``damage`` is of the reading and not kept."""
    return b"".join([line_of(trace.header), *map(line_of, trace.steps)])


def read_trace(source: Path | BinaryIO) -> Trace:
    """Read a trace file, strictly and within the limits of ``mxwalk.limits``.

    Raises ``TraceError`` when the header cannot be used.  When a later line cannot, the trace holds
    the steps before it and ``damage`` says what was lost.
    """
    if isinstance(source, Path):
        try:
            with open_file(source) as file:
                return _read(file, str(source))
        except OSError as error:
            raise TraceError(
                say(
                    "cannot read the trace {source}: {why}",
                    source=source,
                    why=system_words(error),
                )
            ) from error
    try:
        return _read(source, say("the trace"))
    except OSError as error:
        raise TraceError(say("cannot read the trace: {why}", why=system_words(error))) from error


def read_header(path: Path) -> Header:
    """Read the first line of a trace file alone.  Raises ``TraceError`` like ``read_trace``."""
    try:
        with open_file(path) as file:
            return _first(_bounded_lines(file), str(path))
    except OSError as error:
        raise TraceError(
            say("cannot read the trace {source}: {why}", source=path, why=system_words(error))
        ) from error


def line_of(record: Header | Step) -> bytes:
    """Return the record as one line that is safe to print: nothing in it acts on a terminal."""
    line = _ENCODER.encode(record)
    if not line.isascii() or b"\x7f" in line:
        line = escaped(line.decode(), _json_escape).encode()
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
            behind = lines_behind(line, lines)
            return Trace(
                header=header,
                steps=tuple(steps),
                damage=say(
                    "line {number} cannot be used ({fault}); {kept}",
                    number=number,
                    fault=fault,
                    kept=kept_words(len(steps), number, behind),
                ),
                damaged_within=behind is None or behind > 0 or line.endswith(b"\n"),
            )
        steps.append(step)
    return Trace(header=header, steps=tuple(steps))


def _first(lines: Iterator[bytes], label: str) -> Header:
    first = next(lines, b"")
    if not first:
        raise TraceError(say("{label} is empty", label=label))
    return _read_header(first, label)


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
        limit = mebibytes(TRACE_HEADER_BYTES)
        raise TraceError(
            say(
                "{label} is no mxwalk trace: its first line is over {limit} long",
                label=label,
                limit=limit,
            )
        )
    line = plain(line, label)
    try:
        check_preamble(_PREAMBLE.decode(line), label)
        header = _HEADER.decode(line)
    except (ValueError, RecursionError) as error:
        if isinstance(error, msgspec.ValidationError):
            raise TraceError(
                say("{label}, line 1: {reason}", label=label, reason=_reason(error))
            ) from error
        raise TraceError(_no_header(line, label, error)) from error
    if fault := header_fault(header):
        raise TraceError(say("{label}, line 1: {fault}", label=label, fault=visible(fault, 300)))
    return header


def _no_header(line: bytes, label: str, error: Exception) -> str:
    """Return why a first line is no header: it is one that was damaged, or never was one."""
    if not begins_a_trace(line):
        reason = _reason(error)
        return say("{label} is no mxwalk trace: {reason} in line 1", label=label, reason=reason)
    why = _reason(error) if line.endswith(b"\n") else say("it is cut off")
    return say(
        "{label} is a damaged mxwalk trace: its first line cannot be used ({why}), and without it"
        " nothing else",
        label=label,
        why=why,
    )


def _read_step(line: bytes, expected_seq: int) -> tuple[str, Step | None]:
    if not line:
        return say("the file is over {limit} MiB long", limit=TRACE_BYTES // _MIB), None
    if len(line) > TRACE_LINE_BYTES:
        return say("it is over {limit} long", limit=mebibytes(TRACE_LINE_BYTES)), None
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
            return visible(json_words(error), 300)
        case _:
            return say("not JSON: {what}", what=visible(json_words(error), 200))


def mebibytes(number: int) -> str:
    """Return a number of octets as it is told in faults."""
    return f"{number // _MIB} MiB"
