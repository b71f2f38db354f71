"""Every limit has a test, and every test that is named exists."""

import ast
from pathlib import Path

import pytest

from mxwalk import limits
from tests.resources.bounds import TESTS

_ROOT = Path(__file__).parents[2]
LIMITS = [name for name in vars(limits) if name.isupper()]


def test_every_limit_has_a_test_and_every_test_is_of_a_limit() -> None:
    assert sorted(TESTS) == sorted(LIMITS)


@pytest.mark.parametrize("name", LIMITS)
def test_the_test_of_a_limit_exists(name: str) -> None:
    path, _, rest = TESTS[name].partition("::")
    function, _, parameter = rest.partition("[")
    tree = ast.parse((_ROOT / path).read_text("utf-8"))
    found = [
        one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert function in found
    if parameter:
        assert f'"{name}"' in (_ROOT / path).read_text("utf-8")


def test_every_limit_has_a_reason_above_it() -> None:
    lines = Path(limits.__file__).read_text("utf-8").splitlines()
    without = []
    reason = False
    for line in lines[1:]:
        if line.startswith("#"):
            reason = True
        elif not line:
            reason = False
        elif line[0].isupper() and not reason and "#" not in line:
            without.append(line)
    assert without == []
