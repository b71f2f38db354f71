"""All there is to say of a code, laid out for a terminal."""

import difflib
from collections.abc import Iterator

from mxwalk.errors import UsageError
from mxwalk.findings.explanation import Explanation, explanation
from mxwalk.findings.recipes import Part, Recipe
from mxwalk.findings.registry import catalogue
from mxwalk.language import say
from mxwalk.text import visible
from mxwalk.wrapping import cells, fill


def explain(code: str, width: int = 78) -> str:
    """Return the entry of ``code`` with text, recipes and sources, wrapped at ``width`` columns.

    Case does not matter; literal lines are not broken.  Raises ``UsageError`` for an unknown code,
    naming those like it.
    """
    wanted = code.strip().upper()
    if wanted not in catalogue():
        raise UsageError(_unknown(code, wanted, list(catalogue())))
    told = explanation(wanted)
    parts = [list(_head(told, width))]
    parts += [fill(f"{say(name)}: {words}", width) for name, words in told.sections]
    if told.fixes:
        parts += [[say("By product")], *(_recipe(one, width) for one in told.fixes)]
    if told.around:
        parts += [[say("On the sender's side")], *(_recipe(one, width) for one in told.around)]
    parts.append([say("Sources"), *_listed(told.sources, width)])
    if told.related:
        parts.append([say("Beside it"), *_beside(told, width)])
    return "\n\n".join("\n".join(lines) for lines in parts)


def _head(told: Explanation, width: int) -> Iterator[str]:
    entry = told.entry
    yield from fill(say(entry.title), width, f"{entry.code}  ", " " * 9)
    yield ""
    facts = [
        say("severity: {severity}", severity=entry.severity.words),
        say("who must act: {owner}", owner=entry.owner.words),
    ]
    if told.by_case:
        facts[-1] += " " + say("(by the case; the finding says which)")
    facts.append(entry.rfc)
    if entry.tls_rpt:
        facts.append(say("in TLS reports: {type}", type=entry.tls_rpt))
    together = " | ".join(facts)
    if cells(together) <= width:
        yield together
        return
    for fact in facts:
        yield from fill(fact, width, "", "  ")


def _recipe(one: Recipe, width: int) -> list[str]:
    lines = fill(one.title, width, "* ", "  ")
    for part in one.parts:
        lines.extend(_part(part, width))
    return lines


def _part(part: Part, width: int) -> Iterator[str]:
    if part.product:
        yield f"  {part.product}:"
    indent = "    " if part.product else "  "
    after_literal = False
    for block in part.blocks:
        if after_literal and block.literal:
            yield ""
        after_literal = block.literal
        for line in block.lines:
            if block.literal:
                yield f"{indent}    {line}"
            else:
                yield from fill(line, width, indent)


def _listed(items: tuple[str, ...], width: int) -> Iterator[str]:
    for item in items:
        yield from fill(item, width, "  ", "    ")


def _beside(told: Explanation, width: int) -> Iterator[str]:
    for one in told.related:
        yield from fill(say(one.title), width, f"  {one.code:<10}", " " * 12)


def _unknown(typed: str, wanted: str, known: list[str]) -> str:
    areas = sorted({code.rstrip("0123456789") for code in known})
    area = wanted.rstrip("0123456789")
    if area in areas:
        of_area = [code for code in known if code.rstrip("0123456789") == area]
        hint = say("the codes of {area} are {codes}", area=area, codes=", ".join(of_area))
    elif near := difflib.get_close_matches(wanted, known, n=5, cutoff=0.6):
        hint = say("near it: {codes}", codes=", ".join(sorted(near)))
    else:
        hint = say("the areas are {areas}", areas=", ".join(areas))
    return say("there is no finding {code!r}; {hint}", code=visible(typed, 40), hint=hint)
