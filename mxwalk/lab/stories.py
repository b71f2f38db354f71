"""The titles and stories of the scenarios in the language spoken.

The scenario's file has them in English.  Another language is one file, ``stories.LANGUAGE.toml``: a
table for each scenario, by its name, and the names of the groups.  It is read when that language is
spoken, and once.  A trace keeps only the scenario's name.
"""

import tomllib
from functools import lru_cache
from importlib import resources

import msgspec

from mxwalk.errors import ScenarioError
from mxwalk.lab.model import Scenario
from mxwalk.language import ENGLISH, language


class _Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told of one scenario."""

    title: str
    story: str


class _Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told in one language."""

    groups: dict[str, str] = {}
    scenarios: dict[str, _Told] = {}


def title_of(scenario: Scenario) -> str:
    """Return the scenario's title; in English where the language has none."""
    told = _book(language()).scenarios.get(scenario.name)
    return told.title if told else scenario.title


def story_of(scenario: Scenario) -> str:
    """Return the scenario's story as one paragraph; in English where the language has none."""
    told = _book(language()).scenarios.get(scenario.name)
    return " ".join((told.story if told else scenario.story).split())


def group_of(group: str) -> str:
    """Return the name that a group of scenarios is shown by."""
    return _book(language()).groups.get(group, group)


@lru_cache(maxsize=8)  # one for each language
def _book(code: str) -> _Book:
    """Return what is told in a language; nothing in English, which the scenarios' files have."""
    if code == ENGLISH:
        return _Book()
    file = resources.files("mxwalk.lab") / f"stories.{code}.toml"
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), _Book)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ScenarioError(f"stories in {code}: {error}") from error
