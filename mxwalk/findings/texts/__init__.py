"""The long text of each code, one file a code, read only when somebody asks for it.

A file ``CODE.md`` holds five paragraphs that begin with the labels of ``SECTIONS`` in that order,
in plain text that needs no renderer.  A language has a directory of its own (``ko/CODE.md``) with the
labels of ``LABELS``; where it lacks a file the English one is read.
"""

import re
from collections.abc import Mapping
from importlib import resources

from mxwalk.language import ENGLISH, language, noted, per_language

SECTIONS = ("What happened:", "Why it matters:", "See it:", "Fix:", "Meanwhile:")
HEADINGS = (
    noted("What happened"),
    noted("Why it matters"),
    noted("See it"),
    noted("Fix"),
    noted("Meanwhile"),
)
LABELS: Mapping[str, tuple[str, ...]] = {
    ENGLISH: SECTIONS,
    "ko": ("무슨 일인가:", "왜 중요한가:", "확인하기:", "해결:", "그동안:"),
}

_CODE = re.compile(r"[A-Z]{3,6}\d{3}")


@per_language(maxsize=1_024)
def long_text(code: str) -> str:
    """Return the paragraphs for ``code`` in the language spoken, or in English; empty without any."""
    if not _CODE.fullmatch(code):  # a code may come from a command line; it must not be a path
        return ""
    return text_in(language(), code) or text_in(ENGLISH, code)


def sections(code: str) -> tuple[tuple[str, str], ...]:
    """Return the sections of a text: heading, to be given to ``say``, and paragraph on one line."""
    paragraphs = (" ".join(each.split()) for each in long_text(code).split("\n\n"))
    return tuple(
        (heading, words.partition(":")[2].strip())
        for heading, words in zip(HEADINGS, paragraphs, strict=False)
    )


def text_in(spoken: str, code: str) -> str:
    """Return the file of a code in one language; empty when there is none."""
    file = _place(spoken).joinpath(f"{code}.md")
    return file.read_text("utf-8").strip() if file.is_file() else ""


def codes_with_text(spoken: str = ENGLISH) -> frozenset[str]:
    """Return the codes that have a text in a language."""
    place = _place(spoken)
    files = place.iterdir() if place.is_dir() else ()
    return frozenset(file.name.removesuffix(".md") for file in files if file.name.endswith(".md"))


def _place(spoken: str) -> resources.abc.Traversable:
    here = resources.files(__package__)
    return here if spoken == ENGLISH else here.joinpath(spoken)
