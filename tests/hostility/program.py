"""The program as a shell runs it, inside this process: words, a standard input, a folder of its own.

Nothing leaves the machine: the resolver is a port where nobody listens, and no socket reaches further
than loopback.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from click.testing import CliRunner

from mxwalk.cli import cli
from tests.keywalks.sealed import sealed

_DISCARD = 9  # RFC 863; nobody serves it any more


@dataclass(frozen=True, slots=True)
class Said:
    """What a run printed, and how it ended; ``fault`` is what it should not have raised."""

    out: str
    err: str
    code: int
    fault: str


@contextlib.contextmanager
def nowhere() -> Iterator[Path]:
    """Let nothing leave the machine; give a folder to work in."""
    servers = SimpleNamespace(nameservers=["127.0.0.1"], port=_DISCARD)
    with sealed() as folder, mock.patch("dns.resolver.Resolver", return_value=servers):
        yield folder


def run(
    *words: str,
    given: bytes = b"",
    files: Mapping[str, bytes] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Said:
    """Run ``mxwalk`` with these words in a new folder that holds these files."""
    with nowhere():
        for name, content in (files or {}).items():
            Path(os.fsdecode(name)).write_bytes(content)
        result = CliRunner().invoke(
            cli, list(words), prog_name="mxwalk", input=given, env=dict(environment or {})
        )
    fault = result.exception
    return Said(
        out=result.stdout_bytes.decode("utf-8", "backslashreplace"),
        err=result.stderr_bytes.decode("utf-8", "backslashreplace"),
        code=result.exit_code,
        fault="" if fault is None or isinstance(fault, SystemExit) else repr(fault),
    )
