"""The long text of a code, laid out for a terminal."""

import difflib
import textwrap

from mxwalk.errors import UsageError
from mxwalk.findings.registry import catalogue
from mxwalk.text import visible


def explain(code: str, width: int = 78) -> str:
    """Return the catalogue entry of ``code`` with its long text, wrapped at ``width`` columns.

    Case does not matter.  Raises ``UsageError`` for an unknown code, naming those like it.
    """
    entries = catalogue()
    wanted = code.strip().upper()
    entry = entries.get(wanted)
    if entry is None:
        raise UsageError(_unknown(code, wanted, list(entries)))
    head = textwrap.wrap(f"{entry.code}  {entry.title}", width, subsequent_indent=" " * 9)
    facts = f"severity: {entry.severity.value}   who must act: {entry.owner.value}   {entry.rfc}"
    parts = ["\n".join(head), "\n".join(textwrap.wrap(facts, width))]
    parts += [
        textwrap.fill(" ".join(paragraph.split()), width, break_long_words=False)
        for paragraph in entry.explain.split("\n\n")
    ]
    return "\n\n".join(parts)


def _unknown(typed: str, wanted: str, known: list[str]) -> str:
    near = difflib.get_close_matches(wanted, known, n=5, cutoff=0.6)
    area = wanted.rstrip("0123456789")
    near = near or [code for code in known if code.startswith(area)][:5] if area else near
    hint = f"; near it: {', '.join(near)}" if near else f"; the areas are {_areas(known)}"
    return f"there is no finding {visible(typed, 40)!r}{hint}"


def _areas(known: list[str]) -> str:
    return ", ".join(sorted({code.rstrip("0123456789") for code in known}))
