"""The commands that the pages for developers name are there, with the options shown."""

import importlib.util
import re
import shlex
from pathlib import Path

import pytest

from tests.docs.make import DOCS

ROOT = DOCS.parent
PAGES = (DOCS / "reliability.md", ROOT / "CONTRIBUTING.md")
_LINE = re.compile(r"^\$ (.+)$|`((?:make|python -m) [^`]+)`", re.MULTILINE)


def quoted() -> list[str]:
    """Return every command of make or python that the pages show."""
    found: dict[str, None] = {}
    for path in PAGES:
        for match in _LINE.finditer(path.read_text("utf-8")):
            found[(match[1] or match[2]).split(" # ")[0].strip()] = None
    return list(found)


def recipe(target: str) -> str:
    """Return what make does for a target; raises ``AssertionError`` where there is none."""
    text = (ROOT / "Makefile").read_text("utf-8")
    match = re.search(rf"^{re.escape(target)}:.*\n((?:\t.*\n)*)", text, re.MULTILINE)
    assert match, f"no target {target}"
    return match[1]


def source(module: str) -> str:
    """Return a module's text; raises ``AssertionError`` where there is none."""
    spec = importlib.util.find_spec(module)
    assert spec is not None, f"no module {module}"
    origin = spec.origin
    if spec.submodule_search_locations is not None:
        main = importlib.util.find_spec(f"{module}.__main__")
        assert main is not None, f"{module} is not run"
        origin = main.origin
    assert origin is not None
    return Path(origin).read_text("utf-8")


def check(line: str) -> None:
    """Fail unless a command line is one that can be given."""
    program, *words = shlex.split(line)
    if program == "make":
        target, *given = words
        made = recipe(target)
        modules = re.findall(r"python -m ([\w.]+)", made)
        for name, value in (each.split("=", 1) for each in given):
            assert f"$({name})" in made, f"{target} takes no {name}"
            if name == "ARGS":
                words = [target, *shlex.split(value)]
    else:
        assert words[0] == "-m"
        modules = [words[1]]
    text = "\n".join(source(each) for each in modules if each.startswith("tests."))
    for option in (word.split("=")[0] for word in words if word.startswith("--")):
        assert f'"{option}"' in text, f"{line}: no option {option}"


@pytest.mark.parametrize("line", quoted())
def test_every_command_quoted_is_one(line: str) -> None:
    check(line)


@pytest.mark.parametrize(
    "line",
    [
        "make tortured",
        "python -m tests.nothing",
        "python -m tests.torture --evry 8",
        "make torture ARGS='--evry 8'",
        "make soak ARGS='--walks 3'",
    ],
)
def test_one_that_is_none_is_found(line: str) -> None:
    with pytest.raises(AssertionError):
        check(line)
