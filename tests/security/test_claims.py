"""``SECURITY.md`` promises nothing without a test, and names no test that is not there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
# Tests of the tests' own tools, and of details of a promise that is made as a whole.
_TOOLS = frozenset({"test_claims.py"})


@cache
def names_in(file: Path) -> frozenset[str]:
    """Return the names of the tests in a file."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = ast.walk(ast.parse(file.read_text("utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, kinds))


def promises() -> list[str]:
    """Return each promise: a list item of the part on what is promised, with its tests."""
    part = PAGE.partition("## What is promised")[2].partition("## What we rely on")[0]
    return [item.strip() for item in re.split(r"\n- ", part)[1:]]


@pytest.mark.parametrize("named", sorted(set(_NAMED.findall(PAGE))), ids="::".join)
def test_every_test_that_is_named_is_there(named: tuple[str, str]) -> None:
    file, name = named
    assert name.startswith("test_")
    assert name in names_in(ROOT / file)


def test_every_promise_names_a_test() -> None:
    assert len(promises()) > 25
    assert [one for one in promises() if not _NAMED.search(one.partition("\n###")[0])] == []


def test_every_file_of_these_tests_holds_a_promise() -> None:
    named = {file for file, _ in _NAMED.findall(PAGE)}
    own = {f"tests/security/{path.name}" for path in Path(__file__).parent.glob("test_*.py") if path.name not in _TOOLS}  # fmt: skip
    assert own <= named


def test_no_line_is_left_that_looks_like_a_test_and_is_not_read_as_one() -> None:
    assert PAGE.count("::test_") == len(_NAMED.findall(PAGE))
