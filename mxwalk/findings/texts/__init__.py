"""The long text of each code, one file a code, read only when somebody asks for it.

A file ``CODE.md`` holds five paragraphs that begin with the labels of ``SECTIONS`` in that order,
in plain text that needs no renderer.
"""

import re
from functools import cache
from importlib import resources

SECTIONS = ("What happened:", "Why it matters:", "See it:", "Fix:", "Meanwhile:")

_CODE = re.compile(r"[A-Z]{3,6}\d{3}")


@cache
def long_text(code: str) -> str:
    """Return the paragraphs for ``code``; empty when there are none."""
    if not _CODE.fullmatch(code):  # a code may come from a command line; it must not be a path
        return ""
    file = resources.files(__package__).joinpath(f"{code}.md")
    return file.read_text("utf-8").strip() if file.is_file() else ""


def codes_with_text() -> frozenset[str]:
    """Return the codes that have a text."""
    files = resources.files(__package__).iterdir()
    return frozenset(file.name.removesuffix(".md") for file in files if file.name.endswith(".md"))
