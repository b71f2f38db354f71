"""The program as a shell runs it, inside this process: words, a standard input, a folder of its own.

Nothing leaves the machine: what the words may lead to (resolvers, hosts) is refused before a socket is made.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.net.dialer import MappedDialer

NOWHERE = ("127.0.0.1", 9)  # the port of discard, where nobody listens


@dataclass(frozen=True, slots=True)
class Said:
    """What a run printed, and how it ended; ``fault`` is what it should not have raised."""

    out: str
    err: str
    code: int
    fault: str


@contextlib.contextmanager
def nowhere() -> Iterator[None]:
    """Let resolvers be asked where nobody answers, and no host be reached."""
    with (
        mock.patch("mxwalk.session.system_servers", return_value=(NOWHERE,)),
        mock.patch("mxwalk.session.SystemDialer", return_value=MappedDialer({})),
        mock.patch("mxwalk.session._resolver", _deaf),
    ):
        yield


def _deaf(_options: object, *, checking_disabled: bool = False) -> object:
    from mxwalk.dns.resolver import StubResolver

    return StubResolver((NOWHERE,), timeout_s=0.2, checking_disabled=checking_disabled)


def run(
    *words: str,
    given: bytes = b"",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Said:
    """Run ``mxwalk`` with these words."""
    with contextlib.chdir(folder or Path.cwd()), nowhere():
        result = CliRunner().invoke(
            cli, list(words), prog_name="mxwalk", input=given, env=dict(environment or {})
        )
    fault = result.exception
    raised = "" if fault is None or isinstance(fault, SystemExit) else repr(fault)
    return Said(
        out=result.stdout_bytes.decode("utf-8", "backslashreplace"),
        err=result.stderr_bytes.decode("utf-8", "backslashreplace"),
        code=result.exit_code,
        fault=raised,
    )


def environment_of(home: Path) -> dict[str, str]:
    """Return what keeps a run inside ``home``."""
    return {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "LANG")},
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
    }
