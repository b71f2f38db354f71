"""Where results go: standard output in an encoding it can print, or a new file."""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from mxwalk.commands.request import Request
from mxwalk.errors import UsageError
from mxwalk.files import open_stream, takes_bytes
from mxwalk.language import say
from mxwalk.reports.file import write_report
from mxwalk.reports.plain import to_ascii
from mxwalk.text import visible, visible_lines

# RFC 8259 8.1 for JSON, the traces' lines are JSON, and the HTML page names its encoding.
_C = ("C", "POSIX")
_UTF_8 = ("json", "html", "trace", "tlsrpt")


def check_output(asked: Request) -> None:
    """Refuse a file that exists before any work is done.  Raises ``UsageError``."""
    if asked.output and asked.save and asked.output.absolute() == asked.save.absolute():
        raise UsageError(
            say("--output and --save name the same file, {output}", output=asked.output)
        )
    for option, path in (("--output", asked.output), ("--save", asked.save)):
        if path is None:
            continue
        try:
            path.exists()
        except (
            OSError,
            ValueError,
        ) as error:  # a name that is too long, a folder we may not search
            why = visible(getattr(error, "strerror", None) or str(error), 200)
            raise UsageError(f"{option} {visible(str(path), 300)}: {why}") from error
        if path is asked.output and _takes_bytes(path):
            continue
        if path is asked.save and path.exists() and not path.is_file():
            raise UsageError(
                say(
                    "{option} {path}: a trace is saved to a file of its own",
                    option=option,
                    path=path,
                )
            )
        if path.exists() and not asked.force:
            raise UsageError(
                say(
                    "{option} {path} exists already; choose another name or add --force",
                    option=option,
                    path=path,
                )
            )
        if not path.absolute().parent.is_dir():
            raise UsageError(
                say("{option} {path}: there is no such directory", option=option, path=path)
            )


def write_result(asked: Request, text: str) -> None:
    """Write a whole document to ``--output`` or to standard output."""
    if asked.output is None and asked.fmt in _UTF_8:
        print_document(text)
        return
    if asked.output is None:
        print_lines(text.splitlines(), ascii_only=asked.ascii_only and asked.fmt in (None, "text"))
        return
    if asked.ascii_only and asked.fmt in (None, "text"):
        text = to_ascii(text)
    if _takes_bytes(asked.output):
        _write_through(asked.output, text)
    else:
        _write_file(asked.output, text, force=asked.force, private=asked.fmt == "trace")


def print_lines(lines: Iterable[str], *, ascii_only: bool = False) -> None:
    """Print lines to standard output, in ASCII where it cannot print more."""
    encoding = _encoding()
    with _standard_output():
        for line in lines:
            seen = visible(line)
            sys.stdout.write((to_ascii(seen) if ascii_only else printable(seen, encoding)) + "\n")
        sys.stdout.flush()


def _encoding() -> str:
    """Return what standard output takes: ASCII in the C locale, where Python says UTF-8 (PEP 540)."""
    given = os.environ
    spoken = given.get("LC_ALL") or given.get("LC_CTYPE") or given.get("LANG") or ""
    if given.get("LANG") in _C and not given.get("LC_ALL") and spoken == "C.UTF-8":
        spoken = "C"  # Python's own doing (PEP 538)
    if spoken in _C and not (given.get("MXWALK_LANGUAGE") or given.get("PYTHONIOENCODING")):
        return "ascii"
    return sys.stdout.encoding or "ascii"


def print_document(text: str) -> None:
    """Print what programs read as UTF-8, whatever the locale; escapes would make it another."""
    with _standard_output():
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()


@contextlib.contextmanager
def _standard_output() -> Iterator[None]:
    """Tell in a sentence what the system says of writing; a closed pipe is the caller's matter."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        # what is still buffered would fail again when the interpreter flushes it at exit
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(say("standard output: {why}", why=error.strerror)) from error


def note(text: str) -> None:
    """Print a sentence for the person at the terminal to standard error."""
    words = visible_lines(f"mxwalk: {text}")
    sys.stderr.write(printable(words, sys.stderr.encoding or "ascii") + "\n")
    sys.stderr.flush()


def printable(line: str, encoding: str) -> str:
    """Return the line as it is, or in ASCII if ``encoding`` cannot print it."""
    try:
        line.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return to_ascii(line)
    return line


def _takes_bytes(path: Path) -> bool:
    """Whether writing replaces nothing: a device, a FIFO, or what we print to already."""
    try:
        found = path.stat()
    except OSError:
        return False
    return _stream(found) is not None or takes_bytes(path)


def _stream(found: os.stat_result) -> int | None:
    """Return the descriptor of standard output or standard error if the file is one of them."""
    for descriptor in (1, 2):
        with contextlib.suppress(OSError):
            if os.path.samestat(found, os.fstat(descriptor)):
                return descriptor
    return None


def _write_through(path: Path, text: str) -> None:
    """Write to a device or FIFO; to ``/dev/stdout`` behind what is there, also in a file or socket."""
    try:
        sys.stdout.flush()
        stream = _stream(path.stat())
        with open_stream(path) if stream is None else os.fdopen(os.dup(stream), "wb") as file:
            file.write(text.encode())
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"--output {path}: {error.strerror}") from error


def _write_file(path: Path, text: str, *, force: bool, private: bool) -> None:
    try:
        write_report(path, text, replace=force, private=private)
    except FileExistsError as error:
        raise UsageError(
            say("--output {path} exists already; add --force to replace it", path=path)
        ) from error
    except OSError as error:
        raise UsageError(f"--output {path}: {error.strerror}") from error
