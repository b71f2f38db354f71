"""The templates: a language is a file ``letter.CODE.txt.j2`` and an entry in ``LANGUAGES``.

A template is made of blocks: ``subject``, which is its first line, and those of the body in order.
Values are plain text and visible already; the filters wrap paragraphs and keep literal lines whole.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from mxwalk.errors import UsageError
from mxwalk.language import LANGUAGES, language, say
from mxwalk.letters import layout
from mxwalk.letters.model import Fact
from mxwalk.text import visible
from mxwalk.wrapping import cells


@dataclass(frozen=True, slots=True)
class Written:
    """What a template made."""

    language: str
    subject: str
    body: str


def language_or_fault(code: str) -> None:
    """Raise ``UsageError`` for a language that letters are not written in."""
    if code not in LANGUAGES:
        raise UsageError(
            say(
                "no letters in {code!r}; there are {known}",
                code=visible(code, 40),
                known=", ".join(LANGUAGES),
            )
        )


def fill(context: dict[str, object]) -> Written:
    """Fill in the template of the language spoken."""
    text = load(language()).render(context).lstrip("\n")
    subject, _, body = text.partition("\n")  # no value holds a line end
    body = re.sub(r"\n{3,}", "\n\n", body).strip("\n")
    lines = (line.rstrip() for line in body.split("\n"))
    return Written(language(), subject, "\n".join(lines) + "\n")


@lru_cache(maxsize=4)
def load(code: str) -> Template:
    """Return the template of a language."""
    page = Environment(  # noqa: S701 - plain text, in which no character acts
        loader=PackageLoader("mxwalk.letters"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page.filters |= {
        "beside": _fits_beside,
        "prose": layout.prose,
        "command": layout.command,
        "fix": layout.fix,
        "zone": layout.zone,
    }
    return page.get_template(f"letter.{code}.txt.j2")


def _fits_beside(fact: Fact, label: str) -> bool:
    """Say whether a fact stands on the line of its label."""
    beside = 5 + cells(label) + 2 + cells(fact.lines[0])
    return len(fact.lines) == 1 and beside <= layout.WIDTH
