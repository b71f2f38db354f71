"""A pretended language that shows which words on a screen do not go through ``say``.

Every letter of a text of ours becomes a Cyrillic one of the same width; places keep their names.  What
is left in Latin letters is data, a word of another program, or a text that was forgotten.

    python -m tests.language.pseudo SCENARIO...     the lines that are left, with how often
"""

import asyncio
import os
import re
import string
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from mxwalk import language
from mxwalk.evidence.journal import dump_trace
from mxwalk.evidence.trace import Trace

_LETTERS = str.maketrans(
    string.ascii_lowercase + string.ascii_uppercase,
    "абцдефгхийклмнопярстувшчыз" + "АБЦДЕФГХИЙКЛМНОПЯРСТУВШЧЫЗ",
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{2,}")


def disguise(text: str) -> str:
    """Return a text with its own letters replaced; places (``{name}``) stay."""
    parts = []
    for literal, name, form, conversion in string.Formatter().parse(text):
        parts.append(literal.translate(_LETTERS).replace("{", "{{").replace("}", "}}"))
        if name is not None:
            tail = (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
            parts.append("{" + name + tail + "}")
    return "".join(parts)


class Disguised(NullTranslations):
    """Translations into the pretended language."""

    def gettext(self, message: str) -> str:
        """Return the text disguised; one that is no template, letter by letter."""
        try:
            return disguise(message)
        except ValueError:
            return message.translate(_LETTERS)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for ``n`` disguised."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def pretending() -> Iterator[None]:
    """Speak the pretended language in the place of Korean."""
    real = language._catalogue
    language._catalogue = lambda code: real(code) if code == "en" else Disguised()
    language.use_language("ko")
    try:
        yield
    finally:
        language._catalogue = real
        language.use_language("en")


def leftovers(picture: str, known: str) -> Iterator[tuple[str, str]]:
    """Yield line and word for each word in Latin letters that ``known``, the evidence, has not."""
    for row in picture.splitlines():
        for word in _WORD.findall(row):
            if word.lower() not in known and not word.isupper():
                yield row.strip(), word


def evidence_words(trace: Trace) -> str:
    """Return all that stands in a trace, and what was said over its connections, in small letters."""
    said = b"\n".join(chunk.data for step in trace.steps for chunk in step.wire)
    return (dump_trace(trace) + said).decode("utf-8", "replace").lower()


async def pictures(scenario: str, keys: str) -> list[tuple[str, str]]:
    """Return (key, picture) of the screen at the end of a scenario's walk, after each key."""
    from tests.tui.driving import app_for, picture, until_paused

    app = app_for(scenario=scenario)
    found = []
    async with app.run_test(size=(160, 60)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        trace = screen.bridge.trace
        known = evidence_words(trace) if trace else ""
        for key in keys:
            await pilot.press("question_mark" if key == "?" else key)
            await pilot.pause(0.05)
            found.append((key, picture(pilot)))
    return [(key, shown) for key, shown in found] + [("", known)]


def main(scenarios: list[str]) -> None:
    """Print what is left."""
    os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()
    counted: Counter[tuple[str, str]] = Counter()
    lines: dict[tuple[str, str], str] = {}
    with pretending():
        for scenario in scenarios:
            *shown, (_, known) = asyncio.run(pictures(scenario, "123456789wx"))
            for key, picture in shown:
                for row, word in leftovers(picture, known):
                    counted[key, word] += 1
                    lines.setdefault((key, word), row)
    for (key, word), count in counted.most_common():
        print(f"{count:4} {key} {word:20} {lines[key, word][:150]}")


if __name__ == "__main__":
    main(sys.argv[1:])
