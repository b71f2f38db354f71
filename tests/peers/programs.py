"""What the tests against real servers need of the machine; a test that lacks something says what."""

import os
import shutil

import pytest

_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"))


def needs(*programs: str) -> None:
    """Skip the test, with the reason, unless it runs as root and all these programs are there."""
    missing = [program for program in programs if not shutil.which(program, path=_PATH)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (tests/peers/install.sh installs them)")
    if os.geteuid() != 0:
        pytest.skip("real servers are started as root")
