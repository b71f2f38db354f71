"""Where results go: to standard output, to a new file, or through a device or FIFO that was named."""

import contextlib
import os
import sys
from pathlib import Path

from mxwalk.commands.request import Request
from mxwalk.commands.streams import print_document, print_lines
from mxwalk.errors import UsageError
from mxwalk.files import open_stream, takes_bytes
from mxwalk.language import say
from mxwalk.reports.file import write_report
from mxwalk.reports.plain import to_ascii
from mxwalk.text import visible
from mxwalk.wordings import system_words

# RFC 8259 8.1 for JSON, the traces' lines are JSON, and the HTML page names its encoding.
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
            reason = system_words(error) if isinstance(error, OSError) else str(error)
            why = visible(reason, 200)
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
        raise UsageError(f"--output {path}: {system_words(error)}") from error


def _write_file(path: Path, text: str, *, force: bool, private: bool) -> None:
    try:
        write_report(path, text, replace=force, private=private)
    except FileExistsError as error:
        raise UsageError(
            say("--output {path} exists already; add --force to replace it", path=path)
        ) from error
    except OSError as error:
        raise UsageError(f"--output {path}: {system_words(error)}") from error
