"""The RFC sections that source, texts and templates of ours cite: ``RFC 7672 2.2.1``.

A citation is read as a person reads it: over the end of a line, with ``section`` or ``appendix`` before
the number or without, and with more sections behind a comma or ``and``.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("rfc_sections.toml")
PACKAGES = ("mxwalk", "widgets", "tui")
SUFFIXES = (".py", ".md", ".toml", ".html")

_DOTTED = r"(?:[A-H]|\d{1,2})(?:\.\d{1,2})+"
_ONE = rf"(?:{_DOTTED}|[A-H]|\d{{1,2}})"
_WORD = r"(?:(?:[Ss]ections?|[Aa]ppendix)\s+)?"
_CITED = re.compile(
    rf"RFC[ ]?(?P<rfc>\d{{3,5}})(?:,?\s+{_WORD}(?P<sections>{_ONE}(?![\w%-])"
    rf"(?:(?:,\s+|\s+and\s+|\s+or\s+|\s+to\s+){_WORD}{_DOTTED}(?![\w%-]))*))?"
)
_LINE_END = re.compile(r"\s*\n\s*(?:#:?\s*)?")


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """A section of an RFC (empty: the whole of it) and the file that cites it."""

    rfc: int
    section: str
    file: str


@dataclass(frozen=True, slots=True)
class Rfc:
    """An RFC's title and the numbers of its sections."""

    title: str
    sections: frozenset[str]


def in_text(text: str) -> Iterator[tuple[int, str]]:
    """Yield RFC and section of every citation in a text."""
    for found in _CITED.finditer(_LINE_END.sub(" ", text)):
        sections = re.findall(_ONE, found["sections"] or "")
        for section in sections or [""]:
            yield int(found["rfc"]), section


@cache
def citations() -> tuple[Citation, ...]:
    """Return every citation of the packages, by RFC, section and file."""
    found: set[Citation] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.suffix in SUFFIXES:
                name = path.relative_to(ROOT).as_posix()
                text = path.read_text("utf-8")
                found.update(Citation(rfc, section, name) for rfc, section in in_text(text))
    return tuple(sorted(found, key=lambda one: (one.rfc, order(one.section), one.file)))


@cache
def known() -> dict[int, Rfc]:
    """Return what the list has of each RFC."""
    listed = tomllib.loads(LIST.read_text("utf-8"))
    return {
        int(number): Rfc(entry["title"], frozenset(entry["sections"].split()))
        for number, entry in listed.items()
    }


def order(section: str) -> tuple[tuple[bool, int], ...]:
    """Return by what sections are sorted: numbers by value, appendices last."""
    parts = section.split(".") if section else []
    return tuple((not p.isdigit(), int(p) if p.isdigit() else ord(p)) for p in parts)
