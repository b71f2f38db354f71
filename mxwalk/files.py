"""Files of ours: for their owner alone, and whole or not there.

What a walk sees names people, so a file is made with mode 0600 and a directory with 0700, whatever the
umask says.  A file is written under another name beside its place and then moved there: whoever stops
in between leaves what was there before, and a symbolic link in its place is replaced, never followed.
A trace that grows with its walk is written otherwise (``evidence.journal_writer``).
"""

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO

from mxwalk.language import say

PRIVATE_FILE = 0o600
PRIVATE_DIRECTORY = 0o700


def make_directory(path: Path) -> None:
    """Make a directory, and what is missing above it, for the owner alone; one that is there stays.

    Raises ``OSError`` for what the system refuses; it names the directory that cannot be made.
    """
    missing = []
    for one in (path, *path.parents):
        if one.is_dir():
            break
        missing.append(one)
    for one in reversed(missing):
        try:
            one.mkdir(mode=PRIVATE_DIRECTORY)  # Path.mkdir(parents=True) would use the umask alone
        except FileExistsError as error:
            if not one.is_dir():
                raise _in_the_way(one) from error


def _in_the_way(path: Path) -> OSError:
    return NotADirectoryError(errno.ENOTDIR, say("a file is in the way"), str(path))


def takes_files(path: Path) -> bool:
    """Say whether a directory, or the nearest one above it that is there, takes new files."""
    return refusal(path) is None


def refusal(path: Path) -> OSError | None:
    """Return why a directory, or the nearest one above it that is there, takes no new files.

    ``None`` where it does.  One that may not be written does not, nor does one on a file system that
    is read-only or full.
    """
    for one in (path, *path.parents):
        try:
            if one.is_dir():
                return _refusal(one)
            if one.exists():
                return _in_the_way(one)
        except OSError as error:
            return error
    return OSError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


def _refusal(directory: Path) -> OSError | None:
    if not os.access(directory, os.W_OK | os.X_OK):
        number = errno.EROFS if _is_read_only(directory) else errno.EACCES
    elif shutil.disk_usage(directory).free == 0:
        number = errno.ENOSPC
    else:
        return None
    return OSError(number, os.strerror(number), str(directory))


def _is_read_only(directory: Path) -> bool:
    return hasattr(os, "statvfs") and bool(os.statvfs(directory).f_flag & os.ST_RDONLY)


def named(text: str) -> Path:
    """Return the path that somebody named: ``~`` is a home, where there is one, else it stands.

    A shell has it so; ``Path.expanduser`` raises for a person who is not known, and takes the file
    ``./~name`` for a home.
    """
    return Path(os.path.expanduser(text))  # noqa: PTH111 - see above


def without_home(path: str) -> str:
    """Return a path as a trace keeps it, for ``named``: ``~`` for the home, which names a person."""
    try:
        home = str(Path.home()).rstrip("/")
    except RuntimeError:  # nobody's home
        return path
    return f"~{path.removeprefix(home)}" if home and path.startswith(f"{home}/") else path


def takes_bytes(path: Path) -> bool:
    """Say whether this is, or leads to, no file but a device or a FIFO: it is never replaced."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # nothing is there, a link that leads nowhere, or no name at all
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def open_stream(path: Path) -> BinaryIO:
    """Open what takes bytes (``/dev/null``, a terminal, a FIFO that somebody reads), without waiting.

    What is open is looked at again: somebody may have put a link to a file in its place.  Raises
    ``OSError`` in words for what would wait for ever or is no stream: a FIFO that nobody reads, a
    file, a disk, a socket.
    """
    mode = path.stat().st_mode
    _check_stream(mode, path)
    flags = os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    try:
        descriptor = os.open(path, flags)  # neither made nor cut to nothing
    except OSError as error:
        if error.errno == errno.ENXIO and stat.S_ISFIFO(mode):  # open(2)
            raise OSError(errno.ENXIO, say("nobody reads from this pipe"), str(path)) from error
        raise
    try:
        _check_stream(os.fstat(descriptor).st_mode, path)
    except OSError:
        os.close(descriptor)
        raise
    if hasattr(os, "set_blocking"):
        os.set_blocking(descriptor, True)  # a reader may be slower than we are
    return os.fdopen(descriptor, "wb")


def _check_stream(mode: int, path: Path) -> None:
    if not (stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)):
        raise OSError(errno.ENXIO, say("neither a file nor a pipe"), str(path))


def new_beside(path: Path) -> tuple[int, Path]:
    """Make a file of mode 0600 beside ``path``, to be moved there; return it, open, and its name.

    Raises ``OSError`` for what the system refuses.
    """
    descriptor, name = tempfile.mkstemp(prefix=".mxwalk-", suffix=".part", dir=path.parent)
    return descriptor, Path(name)


def write_whole(path: Path, data: bytes, *, replace: bool, keep_mode: bool = False) -> None:
    """Write ``data`` as the file ``path``, at once.

    A file that is there is kept unless ``replace``; ``keep_mode`` gives the new one its mode, as
    somebody may have set it in order to show the file to others.  What takes bytes is written to.
    Raises ``FileExistsError``, or ``OSError`` for what the system refuses.
    """
    there = _there(path)
    if there is not None and not replace:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    if there is not None and takes_bytes(path):
        with open_stream(path) as stream:
            stream.write(data)
        return
    is_file = there is not None and stat.S_ISREG(there.st_mode)
    mode = stat.S_IMODE(there.st_mode) if there and is_file and keep_mode else PRIVATE_FILE
    descriptor, temporary = new_beside(path)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if hasattr(os, "fchmod"):  # Windows has it since Python 3.13
                os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        if replace:
            temporary.replace(path)
        else:
            _give_name(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _there(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _give_name(temporary: Path, path: Path) -> None:
    """Move a file to a name that no file has, also when somebody else takes the name meanwhile."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: the name is taken first, then given over
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
        temporary.replace(path)
    else:
        temporary.unlink()
