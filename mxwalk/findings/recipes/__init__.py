"""How to do one thing with one product after another: literal lines and what checks them.

A file ``NAME.md`` begins with ``# title``, ``Side:`` (``owner`` for who must act, ``sender`` for what a
sender can do meanwhile) and ``Sources:``, separated by semicolons.  Then come paragraphs, and sections
``## Product``.  Lines indented by four spaces are literal and never wrapped.  ``ko/NAME.md`` holds the
same in Korean, with the same literal lines.  ``index.toml`` says which findings lead where.
"""

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from mxwalk.language import ENGLISH, language, per_language

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_INDENT = "    "


class Side(enum.Enum):
    """Who does what a recipe says."""

    OWNER = "owner"
    SENDER = "sender"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph on one line, or literal lines."""

    lines: tuple[str, ...]
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What a recipe says of one product; without a name, what holds for all."""

    product: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to do one thing."""

    name: str
    title: str
    side: Side
    sources: tuple[str, ...]
    parts: tuple[Part, ...]


@per_language(maxsize=128)
def recipe(name: str) -> Recipe:
    """Return a recipe in the language spoken, or in English.  Raises ``KeyError`` for no recipe."""
    text = text_in(language(), name) or text_in(ENGLISH, name)
    if not text:
        raise KeyError(name)
    return read_recipe(name, text)


def recipe_names(spoken: str = ENGLISH) -> frozenset[str]:
    """Return the names of the recipes there are in a language."""
    place = _place(spoken)
    files = place.iterdir() if place.is_dir() else ()
    return frozenset(file.name.removesuffix(".md") for file in files if file.name.endswith(".md"))


def text_in(spoken: str, name: str) -> str:
    """Return a recipe's file in one language; empty when there is none."""
    file = _place(spoken).joinpath(f"{name}.md")
    return file.read_text("utf-8") if _NAME.fullmatch(name) and file.is_file() else ""


def read_recipe(name: str, text: str) -> Recipe:
    """Read a recipe.  Raises ``ValueError`` where the file is not of the form."""
    head, _, body = text.strip().partition("\n\n")
    lines = head.splitlines()
    facts = {key: value.strip() for key, _, value in (one.partition(":") for one in lines[1:])}
    if not lines[0].startswith("# ") or set(facts) != {"Side", "Sources"}:
        raise ValueError(f"the recipe {name} does not begin with a title, Side and Sources")
    return Recipe(
        name=name,
        title=lines[0][2:].strip(),
        side=Side(facts["Side"]),
        sources=tuple(part.strip() for part in facts["Sources"].split(";")),
        parts=tuple(_parts(body)),
    )


def _parts(body: str) -> Iterator[Part]:
    first, *others = re.split(r"^## ", body, flags=re.MULTILINE)
    if first.strip():
        yield Part("", tuple(_blocks(first)))
    for each in others:
        product, _, rest = each.partition("\n")
        yield Part(product.strip(), tuple(_blocks(rest)))


def _blocks(text: str) -> Iterator[Block]:
    gathered: list[str] = []
    literal = False
    for each in [*text.splitlines(), ""]:
        is_literal = each.startswith(_INDENT)
        if gathered and (not each.strip() or is_literal is not literal):
            yield _block(gathered, literal=literal)
            gathered = []
        if each.strip():
            literal = is_literal
            gathered.append(each.removeprefix(_INDENT).rstrip())


def _block(lines: list[str], *, literal: bool) -> Block:
    if literal:
        return Block(tuple(lines), literal=True)
    return Block((" ".join(" ".join(lines).split()),))


def _place(spoken: str) -> resources.abc.Traversable:
    here = resources.files(__package__)
    return here if spoken == ENGLISH else here.joinpath(spoken)
