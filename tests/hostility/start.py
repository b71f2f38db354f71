"""The program with its start screen, whose check of this machine asks nobody: for a pseudo-terminal."""

from unittest import mock

from mxwalk.cli import main
from mxwalk.commands import own
from tests.keywalks.sealed import _no_checks

if __name__ == "__main__":
    with mock.patch.object(own, "self_check", _no_checks):
        main()
