"""Take a limit away and see the test fail that holds it: ``python -m tests.resources.mutate [NAME…]``.

Without names, every limit is taken away, one at a time.  The exit code is 1 when a test passes without
its limit, or does not run.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.resources.bounds import TESTS

_ROOT = Path(__file__).parents[2]
_FAILED = 1  # pytest's exit code for tests that ran and failed


def fails_without(name: str) -> tuple[bool, str]:
    """Run the limit's test without the limit; say whether it failed, and how it ended."""
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "pytest", "-q", "-x", "--tb=line", "-p", "no:cacheprovider"),
            *("-p", "tests.resources.without", TESTS[name]),
        ],
        cwd=_ROOT,
        env={**os.environ, "MXWALK_WITHOUT": name, "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    said = [line for line in done.stdout.splitlines() if line.strip()] or [""]
    return done.returncode == _FAILED, said[-1]


def main(names: list[str]) -> int:
    """Take each limit away; print what came of it; return 1 when a limit is not held."""
    kept = 0
    for name in names or list(TESTS):
        held, said = fails_without(name)
        kept += held
        print(f"{'held' if held else 'NOT HELD'}  {name}  {TESTS[name]}  {said}", flush=True)
    count = len(names or TESTS)
    print(f"limits taken away, one at a time: {count}; held by a test that failed: {kept}")
    return 0 if kept == count else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
