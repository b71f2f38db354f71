"""Pages in a headless Chromium, in front of a listener that every name leads to and that nobody may call.

A page is opened as it is, and once more without its content security policy: then only its escapes keep
what a peer said from being markup.
"""

import html
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.hostility.documents import PageReader

CHROMIUM = shutil.which("chromium") or ""
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--virtual-time-budget=2000",
    "--dump-dom",
]
_RUN_S = 120.0
# Whom Chromium asks whatever its flags say: for its updates, the time, and an account.
_OWN = ("clients2.google.com", "update.googleapis.com", "accounts.google.com")
_HOST = re.compile(rb"\r\nHost: ([^\r:]*)", re.IGNORECASE)


class Listener:
    """Takes every connection on a port of loopback, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(2.0)
                try:
                    self.asked.append(connection.recv(4_096))
                except OSError:
                    self.asked.append(b"")


@dataclass(frozen=True, slots=True)
class Opened:
    """What Chromium made of a page: its document, and who was asked."""

    document: str
    asked: tuple[bytes, ...]


def open_page(page: Path, profile: Path) -> Opened:
    """Open a page, wait for what it does, and return the document as it is then."""
    with Listener() as listener:
        everything = f"--host-resolver-rules=MAP * 127.0.0.1:{listener.port}"
        made = subprocess.run(
            [CHROMIUM, *_FLAGS, everything, f"--user-data-dir={profile}", page.as_uri()],
            capture_output=True,
            timeout=_RUN_S,
            check=True,
        )
        return Opened(made.stdout.decode(), tuple(listener.asked))


def faults(page: str, folder: Path) -> Iterator[str]:
    """Yield what happened in the browser that should not, with and without the page's policy."""
    bare, count = _POLICY.subn("", page)
    if count != 1:
        yield f"{count} policies"
    for number, document in enumerate((page, bare)):
        path = folder / f"page{number}.html"
        path.write_text(document, encoding="utf-8")
        opened = open_page(path, folder / f"profile{number}")
        for asked in opened.asked:
            if of_the_page(asked, document):
                yield f"asked of the network: {asked[:200]!r}"
        yield from _compared(document, opened.document)


def of_the_page(asked: bytes, page: str) -> bool:
    """Say whether it is for a page that this was asked: of a host that it names, or not of Chromium's own.

    Of TLS the name in the ClientHello counts (RFC 6066 3).
    """
    named = html.unescape(page).casefold()
    own = [host for host in _OWN if host not in named]
    if asked.startswith(b"\x16"):
        return not any(b"\0" + len(host).to_bytes(2) + host.encode() in asked for host in own)
    host = _HOST.search(asked)
    return bool(asked) and not (host and host[1].decode("latin-1").casefold() in own)


def _compared(given: str, made: str) -> Iterator[str]:
    """The tree that Chromium built has our tags alone, and the text that was given."""
    before, after = _read(given), _read(made)
    yield from after.faults
    ours, theirs = (re.sub(r"\s+", " ", "".join(one.text)).strip() for one in (before, after))
    if ours != theirs:
        at = next(
            (at for at, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), len(ours)
        )
        yield f"the text differs: {ours[at - 40 : at + 60]!a} became {theirs[at - 40 : at + 60]!a}"


def _read(page: str) -> PageReader:
    reader = PageReader()
    reader.feed(page)
    reader.close()
    return reader
