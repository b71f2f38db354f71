"""The catalogue as pages of Markdown: ``python -m mxwalk.findings.pages docs`` writes them.

One page a code below ``findings``, one a recipe below ``recipes``, and an index of each.  A test
compares what is in the repository with what this writes.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mxwalk.findings.explanation import AREAS, Explanation, explanation
from mxwalk.findings.model import Entry
from mxwalk.findings.recipes import Block, Recipe, Side, recipe, recipe_names
from mxwalk.findings.recipes.index import area_of, listed, recipes_for
from mxwalk.findings.registry import catalogue
from mxwalk.language import ENGLISH, speaking

_MARKS = re.compile(r"([\\`*_<>\[\]|~])")
_RFC = re.compile(r"RFC (\d+)")
_RFC_PAGE = "https://www.rfc-editor.org/rfc/rfc"


def pages() -> Mapping[str, str]:
    """Return the text of each page by its path below the documentation's directory."""
    with speaking(ENGLISH):
        found = {f"findings/{code}.md": _page(explanation(code)) for code in catalogue()}
        found["findings/README.md"] = _index(catalogue().values())
        for name in sorted(recipe_names()):
            found[f"recipes/{name}.md"] = _recipe_page(recipe(name))
        found["recipes/README.md"] = _recipe_index()
    return found


def write(directory: Path) -> None:
    """Write the pages, and remove those of codes and recipes that are no more."""
    wanted = pages()
    for name, text in wanted.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for path in (*directory.glob("findings/*.md"), *directory.glob("recipes/*.md")):
        if path.relative_to(directory).as_posix() not in wanted:
            path.unlink()


def _page(told: Explanation) -> str:
    return _document(_page_parts(told))


def _page_parts(told: Explanation) -> Iterator[str]:
    entry = told.entry
    yield f"# {entry.code}: {_escaped(entry.title)}"
    facts = [f"Severity: {entry.severity.value}", f"who must act: {entry.owner.value}"]
    if told.by_case:
        facts.append("both by the case, which the finding says")
    if entry.tls_rpt:
        facts.append(f"in TLS reports: `{entry.tls_rpt}`")
    yield "; ".join(facts) + "."
    for name, words in told.sections:
        yield f"## {name}"
        yield _escaped(words)
    for heading, recipes in (("By product", told.fixes), ("On the sender's side", told.around)):
        if recipes:
            yield f"## {heading}"
            yield _bullets(f"[{_escaped(one.title)}](../recipes/{one.name}.md)" for one in recipes)
    yield "## Sources"
    yield _bullets(_linked(source) for source in told.sources)
    if told.related:
        yield "## Beside it"
        yield _bullets(_link(one) for one in told.related)
    yield "[All findings](README.md)"


def _index(entries: Iterable[Entry]) -> str:
    return _document(_index_parts(tuple(entries)))


def _index_parts(entries: tuple[Entry, ...]) -> Iterator[str]:
    yield "# Findings"
    yield (
        "What each code means, who must act, and how to mend it. `mxwalk explain CODE` prints the same."
    )
    for area, words in AREAS.items():
        yield f"## {area}: {words}"
        rows = [
            f"| [{one.code}]({one.code}.md) | {_escaped(one.title)} | {one.severity.value} |"
            f" {one.owner.value} |"
            for one in entries
            if area_of(one.code) == area
        ]
        yield "\n".join(
            ("| code | finding | severity | who must act |", "|---|---|---|---|", *rows)
        )


def _recipe_page(one: Recipe) -> str:
    return _document(_recipe_parts(one))


def _recipe_parts(one: Recipe) -> Iterator[str]:
    yield f"# {_escaped(one.title)}"
    if one.side is Side.SENDER:
        yield "What a sender can do while the other side mends it."
    for part in one.parts:
        if part.product:
            yield f"## {_escaped(part.product)}"
        yield from (_block(block) for block in part.blocks)
    yield "## Sources"
    yield _bullets(_linked(source) for source in listed(one.sources))
    yield "## Findings that lead here"
    leading = (entry for code, entry in catalogue().items() if one.name in recipes_for(code))
    yield _bullets(_link(entry, "../findings/") for entry in leading)
    yield "[All recipes](README.md)"


def _recipe_index() -> str:
    recipes = [recipe(name) for name in sorted(recipe_names())]
    parts = ["# Recipes", "How to do one thing with one product after another."]
    for heading, side in (("Who must act", Side.OWNER), ("On the sender's side", Side.SENDER)):
        parts.append(f"## {heading}")
        parts.append(
            _bullets(
                f"[{_escaped(one.title)}]({one.name}.md)" for one in recipes if one.side is side
            )
        )
    return _document(parts)


def _block(block: Block) -> str:
    if block.literal:
        return "\n".join(("```", *block.lines, "```"))
    return _escaped(block.lines[0])


def _link(entry: Entry, place: str = "") -> str:
    return f"[{entry.code}]({place}{entry.code}.md) {_escaped(entry.title)}"


def _linked(source: str) -> str:
    return _RFC.sub(rf"[RFC \1]({_RFC_PAGE}\1)", _escaped(source), count=1)


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)


def _document(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
