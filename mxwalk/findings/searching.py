"""Which codes speak of some words: titles, texts and recipes, in English and in the language spoken."""

import re
from collections.abc import Sequence

from mxwalk.findings.model import Entry
from mxwalk.findings.recipes import recipe
from mxwalk.findings.recipes.index import recipes_for
from mxwalk.findings.registry import catalogue
from mxwalk.findings.texts import long_text, text_in
from mxwalk.language import ENGLISH, per_language, say

_FIELDS = 3
_FEW, _MANY = 10, 30  # so few have all words that others are shown, up to a screen of them
_WORDS = re.compile(r"[\w][\w.'’/-]*")
_EVERYWHERE = re.compile(
    r"an?|and|are|as|at|be|but|by|for|from|has|have|in|is|its?|no|not|of|on|or|that|the|this|to|was|were"
    r"|what|why|with|your?"
)


def find(words: Sequence[str]) -> tuple[Entry, ...]:
    """Return the entries that contain every word, those with all of them in the title first.

    Order does not matter, and words that stand everywhere do not count.  Where few have them all,
    those follow that have some of them in the title; without any, those that have some in the text.
    """
    every = [word.rstrip(".'’/-") for word in _WORDS.findall(" ".join(words).casefold())]
    wanted = [word for word in every if not _EVERYWHERE.fullmatch(word)] or every
    if not wanted:
        return ()
    found = _with_all(wanted, every)
    if len(found) < _FEW and len(wanted) > 1:
        near = _with_some(wanted, 0) or ([] if found else _with_some(wanted, _FIELDS - 1))
        found += [code for code in near if code not in found][: _MANY - len(found)]
    return tuple(catalogue()[code] for code in found)


def _with_some(wanted: Sequence[str], rank: int) -> list[str]:
    """Return the codes with some of the words in the fields up to ``rank``, those with most first."""
    counted = []
    for number, code in enumerate(catalogue()):
        text = " ".join(_fields(code)[: rank + 1])
        if count := sum(word in text for word in wanted):
            counted.append((-count, number, code))
    return [code for _, _, code in sorted(counted)]


def _with_all(wanted: Sequence[str], every: Sequence[str]) -> list[str]:
    ranked = []
    for number, code in enumerate(catalogue()):
        fields = _fields(code)
        for rank in range(_FIELDS):
            text = " ".join(fields[: rank + 1])
            if all(word in text for word in wanted):
                missing = sum(word not in fields[0] for word in every)
                ranked.append((rank, missing, number, code))
                break
    return [code for *_, code in sorted(ranked)]


@per_language(maxsize=1_024)
def _fields(code: str) -> tuple[str, str, str]:
    """Return what is searched of a code: code and title, text, titles of recipes."""
    entry = catalogue()[code]
    title = f"{code} {entry.title} {say(entry.title)} {entry.rfc} {entry.tls_rpt}"
    text = " ".join(f"{long_text(code)} {text_in(ENGLISH, code)}".split())
    recipes = " ".join(recipe(name).title for name in recipes_for(code))
    return title.casefold(), text.casefold(), recipes.casefold()
