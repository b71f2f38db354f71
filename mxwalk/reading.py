"""Opening files that are read: ordinary ones, at once, whatever stands in their place.

A pipe that nobody writes to would wait for ever, and a device may never end.  What is named on the
command line may be either; commands read those as they read standard input, as far as their bound goes.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from mxwalk.language import say

_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
)


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
        return error.strerror or str(error)
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
