"""Run a real server in the foreground until it answers, and end it by its own process afterwards.

What it writes goes to a file of its own; when it ends before it listens, that is the error's text.
"""

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

READY_S = 30.0
_END_S = 15.0


@contextlib.contextmanager
def daemon(
    command: Sequence[str | Path], where: Path, ready: Sequence[tuple[str, int]], name: str
) -> Iterator[int]:
    """Run a command until everything in ``ready`` (TCP) accepts; yield its pid; end it afterwards."""
    log = where / f"{name}.log"
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [str(word) for word in command],
            cwd=where, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        ) as process,
    ):  # fmt: skip
        try:
            for place in ready:
                _wait(process, place, log)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(_END_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: "subprocess.Popen[bytes]", place: tuple[str, int], log: Path) -> None:
    until = time.monotonic() + READY_S
    while True:
        try:
            socket.create_connection(place, 1).close()
        except OSError as error:
            ended = process.poll() is not None
            if ended or time.monotonic() > until:
                said = log.read_text("utf-8", "replace")[-2000:]
                fate = "has ended" if ended else "does not listen"
                raise RuntimeError(f"{process.args!r} {fate} at {place}: {said}") from error
            time.sleep(0.02)
        else:
            return
