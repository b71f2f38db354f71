"""What the interpreter does while a test looks: connections, look-ups of names, programs, files written.

Told by the interpreter's own audit events (PEP 578), which no module can pass by.  A hook stays for the
life of the process, so there is one, and it notes events only while somebody looks.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_NETWORK = frozenset(
    {
        "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
        "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo",
    }
)  # fmt: skip
_PROGRAMS = frozenset(
    {
        "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile",
        "os.fork", "os.forkpty", "pty.spawn", "webbrowser.open",
    }
)  # fmt: skip


@dataclass(slots=True)
class Seen:
    """The events of a look, each with its name and arguments."""

    network: list[tuple[str, str]] = field(default_factory=list)
    programs: list[tuple[str, str]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)


_looking: list[Seen] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if not _looking:
        return
    for seen in _looking:
        if event in _NETWORK:
            seen.network.append((event, repr(arguments[-1:] if "connect" in event else arguments)))
        elif event in _PROGRAMS:
            seen.programs.append((event, repr(arguments)))
        elif event == "open" and isinstance(arguments[0], str | bytes):
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            for_writing = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            (seen.written if for_writing else seen.read).append(os.fsdecode(arguments[0]))


sys.addaudithook(_note)


@contextmanager
def watched() -> Iterator[Seen]:
    """Note what the interpreter does within the context, on whatever thread."""
    seen = Seen()
    _looking.append(seen)
    try:
        yield seen
    finally:
        _looking.remove(seen)
