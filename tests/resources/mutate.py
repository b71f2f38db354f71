"""Take a limit away and see the test fail that holds it: ``python -m tests.resources.mutate [NAME…]``.

Without names, every limit is taken away, one at a time: in a fork of this process, and where that
changes nothing (a limit that is a default of a class is read when its module is), in an interpreter of
its own.  The exit code is 1 when a test passes without its limit, or does not run.
"""

import asyncio
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reports.samples import lab_trace
from tests.resources.bounds import TESTS
from tests.resources.lowering import check
from tests.resources.without import load, take_away

_ROOT = Path(__file__).parents[2]
_PROBED = "test_no_more_gets_through"
_FAILED = 1  # pytest's exit code for tests that ran and failed
_ARGUMENTS = ("-q", "-x", "--no-header", "--tb=no", "-p", "no:cacheprovider")


def fails_without(name: str) -> bool:
    """Say whether the limit's test fails without the limit."""
    return _forked(name) == _FAILED or _anew(name) == _FAILED


def _forked(name: str) -> int:
    process = os.fork()
    if not process:
        code = 70
        try:
            with open(os.devnull, "w") as nowhere:  # noqa: PTH123
                os.dup2(nowhere.fileno(), 1)
                os.dup2(nowhere.fileno(), 2)
            take_away(name)
            code = _run(name)
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _run(name: str) -> int:
    """Run the test: a probe as its test does, any other by pytest."""
    path, _, test = TESTS[name].partition("::")
    if not test.startswith(_PROBED):
        return int(pytest.main([*_ARGUMENTS, TESTS[name]]))
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    probe = next(one for one in module.PROBES if one.name == name)
    with pytest.MonkeyPatch.context() as patch:
        try:
            asyncio.run(check(probe, patch))
        except AssertionError:
            return _FAILED
    return 0


def _anew(name: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "pytest", *_ARGUMENTS, "-p", "tests.resources.without", TESTS[name]],
        cwd=_ROOT,
        env={**os.environ, "MXWALK_WITHOUT": name, "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=600,
        check=False,
    ).returncode


def main(names: list[str]) -> int:
    """Take each limit away; print what came of it; return 1 when a limit is not held."""
    os.chdir(_ROOT)
    chosen, held = names or list(TESTS), 0
    for name in chosen:
        load(name)
    for module in sorted({path.partition("::")[0] for path in TESTS.values()}):
        if "tests/resources/" in module:
            importlib.import_module(module.removesuffix(".py").replace("/", "."))
    for name in ("pkix-good", "pkix-expired", "sts-mx-mismatch"):
        lab_trace(name)  # as the fixture of ``test_bounds_walks``
    for name in chosen:
        found = fails_without(name)
        held += found
        print(f"{'held' if found else 'NOT HELD'}  {name}  {TESTS[name]}", flush=True)
    print(f"limits taken away, one at a time: {len(chosen)}")
    print(f"held by a test that fails without them: {held}")
    return 0 if held == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
