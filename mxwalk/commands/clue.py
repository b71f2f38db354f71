"""``mxwalk clue``: what a bounce, a log line or a dialogue tells, and the walk that it suggests."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from mxwalk import limits
from mxwalk.clues.labels import command, facts, heading
from mxwalk.clues.model import Clue, Understanding
from mxwalk.clues.reading import understand
from mxwalk.clues.reply_codes import is_reply_code
from mxwalk.clues.status_codes import parse_status
from mxwalk.commands.columns import fitted, terminal_width
from mxwalk.commands.streams import print_document, print_lines, standard_input
from mxwalk.errors import UsageError
from mxwalk.files import named
from mxwalk.findings.registry import catalogue
from mxwalk.language import say, say_many
from mxwalk.reading import open_named
from mxwalk.text import visible
from mxwalk.wordings import system_words
from mxwalk.wrapping import fill

FOUND, NOTHING = 0, 1
_MORE = 8  # a byte order mark, and a character that is one too many


def run(name: str, fmt: str, *, ascii_only: bool = False) -> int:
    """Print what the file, or standard input for ``-``, tells; return the exit code."""
    found = understand(read(name))
    if fmt == "json":
        print_document(to_json(found))
    else:
        print_lines(lines(found), ascii_only=ascii_only)
    return FOUND if found.clues or found.trace is not None else NOTHING


def read(name: str) -> str:
    """Return the text of a file, or of standard input for ``-``.  Raises ``UsageError``."""
    if name == "-":
        with standard_input() as stream:
            return decoded(_some(stream))
    try:
        with open_named(named(name)) as file:
            return decoded(_some(file))
    except (OSError, ValueError) as error:
        reason = system_words(error) if isinstance(error, OSError) else None
        why = visible(reason or str(error), 200)
        if isinstance(error, FileNotFoundError) and (parse_status(name) or is_reply_code(name)):
            code = visible(name.strip(), 20)
            why += "; " + say("a code is explained by: mxwalk explain {code}", code=code)
        raise UsageError(
            say("{name}: cannot be read: {why}", name=visible(name, 300), why=why)
        ) from error


def _some(file: BinaryIO) -> bytes:
    """Read more than will be looked at, if there is more: a character takes four octets at most."""
    return file.read(4 * limits.CLUE_CHARS + _MORE)


def decoded(data: bytes) -> str:
    """Return octets as text: UTF-16 with a mark, else UTF-8; what is neither is kept as an escape."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "surrogateescape")


def lines(found: Understanding) -> Iterator[str]:
    """Yield the report as lines."""
    if not found.clues and found.trace is None:
        yield say("Nothing was recognised: no bounce, log line, status code or dialogue in it.")
    if found.cut:
        yield say("The text is longer than what is read; the rest was left out.")
    titles = catalogue()
    for number, one in enumerate(found.clues, 1):
        if number > 1:
            yield ""
        yield from fitted(f"{number}. ", heading(one), 3)
        yield from _indented(f"“{one.quoted}”")
        yield from _indented(one.meaning)
        for label, value in facts(one):
            yield from fitted("   ", f"{label}: {value}", 5)
        for code in one.findings:
            yield from fitted(f"   {code}  ", say(titles[code].title), len(code) + 5)
    yield from _walks(found)


def _walks(found: Understanding) -> Iterator[str]:
    if found.trace is not None:
        count = len(found.trace.steps)
        yield ""
        yield say_many(
            "The dialogue is a walk of {n} step: paste it into mxwalk to look at it.",
            "The dialogue is a walk of {n} steps: paste it into mxwalk to look at it.",
            count,
        )
    if found.leads:
        yield ""
        yield say("Walks that fit, best first:")
    for lead in found.leads:
        yield f"   {command(lead, found.sender)}"
        yield from fitted("      ", lead.reason, 6)


def _indented(text: str) -> list[str]:
    return fill(text, terminal_width(), "   ")


def to_json(found: Understanding) -> str:
    """Return the understanding as JSON; enumerations by their English values."""
    document = {
        "mxwalk-clues": 1,
        "sender": found.sender,
        "cut": found.cut,
        "clues": [_clue(one) for one in found.clues],
        "leads": [
            {
                "target": lead.target,
                "reason": lead.reason,
                "routes": list(lead.routes),
                "helo": lead.helo,
                "since": lead.since,
                "command": command(lead, found.sender),
            }
            for lead in found.leads
        ],
        "dialogue": found.trace is not None,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _clue(one: Clue) -> dict[str, object]:
    return {
        "product": one.product.value,
        "form": one.form.value,
        "standing": one.standing.value,
        "start": one.start,
        "end": one.end,
        "quoted": one.quoted,
        "meaning": one.meaning,
        "step": one.step.value if one.step else None,
        "findings": list(one.findings),
        "status": one.status,
        "sender": one.sender,
        "recipients": list(one.recipients),
        "domain": one.domain,
        "host": one.host,
        "address": one.address,
        "port": one.port,
        "when": one.when,
    }
