"""Opening files that are read: ordinary ones, at once, whatever stands in their place.

A pipe that nobody writes to would wait for ever, and a device may never end.  What is named on the
command line may be either; commands read those as they read standard input, as far as their bound goes
(``open_named``), once somebody writes.
"""

import errno
import os
import stat
import threading
from pathlib import Path
from typing import BinaryIO

from mxwalk.language import say
from mxwalk.wordings import system_words

_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
)


_WRITER_S = 5.0  # a program that was started to write to a pipe opens it at once


class NoFileError(OSError):
    """There is something, but no file: the words of ``strerror`` say what."""


def open_file(path: Path) -> BinaryIO:
    """Open an ordinary file for reading, without waiting.

    Raises ``OSError`` in words for what is none, and for what the system refuses.
    """
    try:
        _check(path.stat().st_mode, path)  # some devices act on being opened
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:  # a name that no file can have
        raise NoFileError(errno.ENOENT, say("there is no such file"), str(path)) from error
    try:
        _check(os.fstat(descriptor).st_mode, path)
    except OSError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def open_named(path: Path) -> BinaryIO:
    """Open what was named on the command line to be read: a file, a pipe with a writer, or a device.

    Raises ``OSError``, in words for a pipe that nobody opens to write within some seconds.
    """
    try:
        is_pipe = stat.S_ISFIFO(path.stat().st_mode)
    except ValueError as error:  # a name that no file can have
        raise NoFileError(errno.ENOENT, say("there is no such file"), str(path)) from error
    return _open_pipe(path) if is_pipe else path.open("rb")


def _open_pipe(path: Path) -> BinaryIO:
    """Open a pipe; the system waits for a writer where it has a name (POSIX, open())."""
    opened: list[BinaryIO | OSError] = []

    def wait() -> None:
        try:
            opened.append(path.open("rb"))
        except OSError as error:
            opened.append(error)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(_WRITER_S)
    if not opened:
        seconds = f"{_WRITER_S:g}"
        words = say(
            "it is a pipe, and nobody opened it to write within {seconds} seconds", seconds=seconds
        )
        raise NoFileError(errno.EINVAL, words, str(path))
    if isinstance(opened[0], OSError):
        raise opened[0]
    return opened[0]


def is_stream(path: Path) -> bool:
    """Say whether this is a pipe or a device, which is read once, from its beginning."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def why_no_file(path: Path) -> str:
    """Say why there is no ordinary file at this path; empty where there is one."""
    try:
        _check(path.stat().st_mode, path)
    except (FileNotFoundError, NotADirectoryError):
        return say("there is no such file")
    except IsADirectoryError:
        return say("it is a directory")
    except OSError as error:
        return system_words(error)
    except ValueError:  # a name that no file can have
        return say("there is no such file")
    return ""


def _check(mode: int, path: Path) -> None:
    """Raise ``OSError`` in words for the mode of what is no ordinary file."""
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if stat.S_ISFIFO(mode):
        raise NoFileError(errno.EINVAL, say("it is a pipe, not a file"), str(path))
    if stat.S_ISSOCK(mode):
        raise NoFileError(errno.EINVAL, say("it is a socket, not a file"), str(path))
    raise NoFileError(errno.EINVAL, say("it is a device, not a file"), str(path))
