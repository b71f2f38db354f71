"""What a key may do while a machine presses it: nothing of it leaves this machine or its folder."""

import contextlib
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import platformdirs

import tui.first_hints
from mxwalk.clock import Clock
from mxwalk.commands import own
from mxwalk.delivery.mark import Mark
from mxwalk.ownside.result import Result

_CONNECT, _SENDTO = socket.socket.connect, socket.socket.sendto
_LOOK_UP = socket.getaddrinfo


def _stays(address: object) -> bool:
    host = address[0] if isinstance(address, tuple) else ""
    return not isinstance(address, tuple) or host in ("127.0.0.1", "::1", "localhost")


def _connect(self: socket.socket, address: object) -> None:
    if not _stays(address):
        raise OSError(101, "Network is unreachable")
    _CONNECT(self, address)  # type: ignore[arg-type]


def _sendto(self: socket.socket, data: bytes, *more: object) -> int:
    if not _stays(more[-1]):
        raise OSError(101, "Network is unreachable")
    return _SENDTO(self, data, *more)  # type: ignore[call-overload, no-any-return]


def _look_up(host: Any, *more: Any, **named: Any) -> Any:
    if not _stays((host,)):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _LOOK_UP(host, *more, **named)


async def _no_checks(_resolver: str, _helo: str, _clock: Clock) -> AsyncIterator[Result]:
    yield Result(id="resolver", label="resolver", state=Mark.OK, words="192.0.2.53 answers")


@contextlib.contextmanager
def sealed() -> Iterator[Path]:
    """Give a folder of its own to work in; only loopback can be reached inside the block."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keywalks-")))
        for name in ("config", "state", "work"):
            (folder / name).mkdir()
        was = Path.cwd()
        os.chdir(folder / "work")
        stack.callback(os.chdir, was)
        for patched in (
            patch.object(platformdirs, "user_config_path", lambda *_a, **_k: folder / "config"),
            patch.object(platformdirs, "user_state_path", lambda *_a, **_k: folder / "state"),
            patch.object(tui.first_hints, "seen", lambda: frozenset({"start", "walk"})),
            patch.object(own, "self_check", _no_checks),
            patch.object(socket.socket, "connect", _connect),
            patch.object(socket.socket, "sendto", _sendto),
            patch.object(socket, "getaddrinfo", _look_up),
        ):
            stack.enter_context(patched)
        yield folder
