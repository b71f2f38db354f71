"""``mxwalk explain``: what there is to say of a code, or which codes speak of some words."""

import re
from collections.abc import Iterable, Sequence

from mxwalk.clues.reply_codes import explain_reply, is_reply_code
from mxwalk.clues.status_codes import explain_status, parse_status
from mxwalk.commands.streams import print_lines
from mxwalk.errors import UsageError
from mxwalk.findings.explain import explain
from mxwalk.findings.explanation import AREAS
from mxwalk.findings.model import Entry
from mxwalk.findings.recipes.index import area_of
from mxwalk.findings.registry import catalogue
from mxwalk.findings.searching import find
from mxwalk.language import say
from mxwalk.text import visible
from mxwalk.wrapping import cells, fill, padded

_CODE = re.compile(r"[A-Za-z]+[0-9]+")


def show(words: Sequence[str]) -> None:
    """Print what there is to say of codes, also of status and reply codes, or one line for each code.

    Other words are looked for in titles and texts.  Raises ``UsageError`` for an unknown code, and for
    words that stand nowhere.
    """
    if len(words) == 1 and (status := parse_status(words[0])) is not None:
        _paragraphs(explain_status(status))
    elif len(words) == 1 and is_reply_code(words[0]):
        _paragraphs(explain_reply(words[0]))
    elif words and all(_CODE.fullmatch(word) for word in words):
        print_lines("\n\n\n".join(explain(word) for word in words).splitlines())
    else:
        print_lines(_lines(_entries(words)))


def _paragraphs(parts: Iterable[str]) -> None:
    print_lines(
        text
        for number, part in enumerate(parts)
        for text in (*([""] if number else []), *fill(part, 78))
    )


def _entries(words: Sequence[str]) -> tuple[Entry, ...]:
    entries = catalogue().values()
    if not words:
        return tuple(entries)
    if len(words) == 1 and words[0] in AREAS:
        return tuple(entry for entry in entries if area_of(entry.code) == words[0])
    found = find(words)
    if not found:
        typed = visible(" ".join(words), 40)
        raise UsageError(
            say(
                "no finding speaks of {words!r}; the areas are {areas}",
                words=typed,
                areas=", ".join(AREAS),
            )
        )
    return found


def _lines(entries: Iterable[Entry]) -> list[str]:
    rows = [
        (entry.code, entry.severity.words, entry.owner.words, say(entry.title)) for entry in entries
    ]
    widths = [max(cells(row[column]) for row in rows) for column in range(3)]
    return [
        "  ".join(
            (*(padded(cell, width) for cell, width in zip(row, widths, strict=False)), row[3])
        )
        for row in rows
    ]
