"""Generated inputs: the profile decides, the same inputs for everybody unless asked otherwise."""

import ast
import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.generated import EXPLORE, examples

TESTS = Path(__file__).parents[1]


def test_no_test_has_hypothesis_settings_of_its_own():
    own = [
        str(path.relative_to(TESTS))
        for path in sorted(TESTS.rglob("*.py"))
        if path.name != "generated.py"
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ImportFrom)
        and node.module == "hypothesis"
        and {alias.name for alias in node.names} & {"settings", "Phase", "seed"}
    ]
    assert own == []


def drawn(profile: str) -> str:
    """What a test draws under a profile, in an interpreter of its own."""
    code = "from tests.contracts.test_generated import draw_and_print; draw_and_print()"
    env = os.environ | {"HYPOTHESIS_PROFILE": profile}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False,
        cwd=TESTS.parent, env=env,
    )  # fmt: skip
    return done.stdout or done.stderr


def draw_and_print() -> None:
    """Print what is drawn, and how often."""
    from tests.generated import load_profile

    load_profile()
    seen = []

    @examples(20)
    @given(st.binary(min_size=8, max_size=8))
    def draw(data):
        seen.append(data)

    draw()
    print(len(seen), b"".join(seen).hex())


def test_the_same_inputs_each_time_unless_exploring():
    once, again = drawn("fixed"), drawn("")
    assert once.split()[0] == "20"
    assert once == again
    explored = drawn(EXPLORE)
    assert explored.split()[0] == "1000"
    assert not explored.split()[1].startswith(once.split()[1])


def test_an_unknown_profile_is_an_error():
    assert "hasty" in drawn("hasty").splitlines()[-1]
