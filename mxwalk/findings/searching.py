"""Which codes speak of some words: titles, texts and recipes, in English and in the language spoken."""

from collections.abc import Sequence

from mxwalk.findings.model import Entry
from mxwalk.findings.recipes import recipe
from mxwalk.findings.recipes.index import recipes_for
from mxwalk.findings.registry import catalogue
from mxwalk.findings.texts import long_text, text_in
from mxwalk.language import ENGLISH, per_language, say

_FIELDS = 3


def find(words: Sequence[str]) -> tuple[Entry, ...]:
    """Return the entries that contain every word, those with all of them in the title first."""
    wanted = [word.casefold() for word in words if word.strip()]
    if not wanted:
        return ()
    ranked = []
    for number, code in enumerate(catalogue()):
        fields = _fields(code)
        for rank in range(_FIELDS):
            text = " ".join(fields[: rank + 1])
            if all(word in text for word in wanted):
                ranked.append((rank, number, code))
                break
    return tuple(catalogue()[code] for _, _, code in sorted(ranked))


@per_language(maxsize=1_024)
def _fields(code: str) -> tuple[str, str, str]:
    """Return what is searched of a code: code and title, text, titles of recipes."""
    entry = catalogue()[code]
    title = f"{code} {entry.title} {say(entry.title)} {entry.rfc} {entry.tls_rpt}"
    text = " ".join(f"{long_text(code)} {text_in(ENGLISH, code)}".split())
    recipes = " ".join(recipe(name).title for name in recipes_for(code))
    return title.casefold(), text.casefold(), recipes.casefold()
