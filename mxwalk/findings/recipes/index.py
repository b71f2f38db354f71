"""Which recipes and sources belong to which finding: ``index.toml``, read when it is first asked for.

A source may be that of a code or of its area (``CERT``), which holds for each of its codes.  Titles of
RFCs stand there once.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_RFC = re.compile(r"(RFC \d+)(?: (.+))?")


@dataclass(frozen=True, slots=True)
class Index:
    """The tables of ``index.toml``."""

    own_fix: frozenset[str]  # codes whose text says all there is to do
    recipes: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, tuple[str, ...]]
    rfcs: Mapping[str, str]


@lru_cache(maxsize=8)  # one for each language
def index() -> Index:
    """Return the tables."""
    text = resources.files(__package__).joinpath("index.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    return Index(
        own_fix=frozenset(tables["own-fix"]["codes"]),
        recipes={key: tuple(value) for key, value in tables["recipes"].items()},
        sources={key: tuple(value) for key, value in tables["sources"].items()},
        rfcs=tables["rfcs"],
    )


def recipes_for(code: str) -> tuple[str, ...]:
    """Return the names of the recipes a finding leads to."""
    return index().recipes.get(code, ())


def sources_for(code: str) -> tuple[str, ...]:
    """Return what a finding rests on beside the section its entry names."""
    found = index().sources
    return tuple(dict.fromkeys((*found.get(code, ()), *found.get(area_of(code), ()))))


def listed(sources: Iterable[str]) -> tuple[str, ...]:
    """Return sources as they are shown: each RFC once, with its sections and title, then the others."""
    sections: dict[str, list[str]] = {}
    others: list[str] = []
    for source in dict.fromkeys(sources):
        found = _RFC.fullmatch(source)
        if found is None:
            others.append(source)
        else:
            sections.setdefault(found[1], []).append(found[2] or "")
    titles = index().rfcs
    rfcs = (
        f"{rfc} {', '.join(filter(None, at))}".rstrip() + f": {titles[rfc]}"
        for rfc, at in sections.items()
    )
    return (*rfcs, *others)


def area_of(code: str) -> str:
    """Return the area of a code: its letters."""
    return code.rstrip("0123456789")
