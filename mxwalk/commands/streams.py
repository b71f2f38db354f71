"""The standard streams: what is read from them, what is written to them, and what becomes of faults.

Everything that a command prints goes through here.  Results on standard output matter: what cannot be
written raises ``OutputLost``, once, and a reader that went away ``ReaderGone``.  What is told on
standard error does not: where nobody can be told, the command goes on and ends with its own exit code.
"""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO, TextIO

from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.reports.plain import to_ascii
from mxwalk.text import visible, visible_lines
from mxwalk.wordings import system_words

_C = ("C", "POSIX")


class OutputLost(UsageError):
    """Standard output takes nothing more: a full disk, a terminal that is gone."""


class ReaderGone(Exception):
    """Whoever read standard output has closed it."""


def open_missing() -> None:
    """Open something in the place of each standard stream that was closed when the program began.

    Else the files that are opened later take the numbers 0 to 2, and what is printed goes into them.
    Standard output stays one that cannot be written; the others are the null device.
    """
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        opened = _unwritable() if name == "stdout" else os.open(os.devnull, os.O_RDWR)
        if opened != descriptor and not _is_open(descriptor):
            os.dup2(opened, descriptor)
            os.close(opened)
            opened = descriptor
        os.set_inheritable(opened, True)
        mode = "r" if name == "stdin" else "w"
        stream = os.fdopen(opened, mode, encoding="utf-8", errors="replace", closefd=False)
        setattr(sys, name, stream)


def _unwritable() -> int:
    """Open what refuses to be written, and is no file that somebody could name: a pipe's near end."""
    reading, writing = os.pipe()
    os.close(writing)
    return reading


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def settle() -> None:
    """Flush what is left; what cannot be written is dropped, so that the exit code stays ours."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            _discard(stream)


@contextlib.contextmanager
def standard_input() -> Iterator[BinaryIO]:
    """Give standard input as octets.  Raises ``UsageError`` where the system refuses to read it."""
    try:
        yield sys.stdin.buffer
    except OSError as error:
        if error.filename is not None:  # of another file
            raise
        raise UsageError(say("standard input: {why}", why=system_words(error))) from error


def print_lines(lines: Iterable[str], *, ascii_only: bool = False) -> None:
    """Print lines to standard output, in ASCII where it cannot print more.

    Raises ``OutputLost`` and ``ReaderGone``, as all that prints here.
    """
    encoding = _encoding()
    with _standard_output():
        for line in lines:
            seen = visible(line)
            sys.stdout.write((to_ascii(seen) if ascii_only else printable(seen, encoding)) + "\n")
        sys.stdout.flush()


def print_document(text: str) -> None:
    """Print what programs read as UTF-8, whatever the locale; escapes would make it another."""
    with _standard_output():
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()


def print_text(text: str) -> None:
    """Print a text of our own, such as a help page, as it is."""
    encoding = sys.stdout.encoding or "ascii"
    with _standard_output():
        sys.stdout.write(printable(text, encoding))
        sys.stdout.flush()


def note(text: str) -> None:
    """Tell the person at the terminal a sentence; nothing is raised where nobody can be told."""
    tell(f"mxwalk: {text}")


def tell(words: str) -> None:
    """Write lines to standard error; nothing is raised where nobody can be told."""
    shown = printable(visible_lines(words), getattr(sys.stderr, "encoding", None) or "ascii")
    _write_error(f"{shown}\n")


def ring() -> None:
    """Ring the bell of the terminal."""
    if sys.stdout.isatty():
        print_text("\a")
    else:
        _write_error("\a")


def printable(line: str, encoding: str) -> str:
    """Return the line as it is, or in ASCII if ``encoding`` cannot print it."""
    try:
        line.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return to_ascii(line)
    return line


def _encoding() -> str:
    """Return what standard output takes: ASCII in the C locale, where Python says UTF-8 (PEP 540)."""
    given = os.environ
    spoken = given.get("LC_ALL") or given.get("LC_CTYPE") or given.get("LANG") or ""
    if given.get("LANG") in _C and not given.get("LC_ALL") and spoken == "C.UTF-8":
        spoken = "C"  # Python's own doing (PEP 538)
    if spoken in _C and not (given.get("MXWALK_LANGUAGE") or given.get("PYTHONIOENCODING")):
        return "ascii"
    return sys.stdout.encoding or "ascii"


@contextlib.contextmanager
def _standard_output() -> Iterator[None]:
    """Tell in a sentence what the system says of writing.

    What is printed after that goes nowhere: what is still buffered would fail again, also when the
    interpreter flushes it at the end.
    """
    try:
        yield
    except BrokenPipeError as error:
        _discard(sys.stdout)
        raise ReaderGone from error
    except OSError as error:
        _discard(sys.stdout)
        raise OutputLost(say("standard output: {why}", why=system_words(error))) from error


def _write_error(text: str) -> None:
    """Write past Python's buffer: what a full disk refuses would stay there and fail at the end."""
    stream = sys.stderr
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        stream.flush()
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):  # no file, but kept in memory
        with contextlib.suppress(OSError, ValueError):
            stream.write(text)
            stream.flush()
        return
    view = memoryview(text.encode(stream.encoding or "ascii", "backslashreplace"))
    with contextlib.suppress(OSError):
        while view:
            view = view[os.write(descriptor, view) :]


def _discard(stream: TextIO) -> None:
    """Let a stream lead nowhere from now on."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
