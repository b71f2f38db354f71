"""What the start screen makes of bounces, log lines and dialogues: pasted, typed, or a file's."""

from pathlib import Path

from mxwalk import limits
from mxwalk.clues.labels import heading
from mxwalk.clues.mail import is_report
from mxwalk.clues.model import Form, Understanding
from mxwalk.clues.reading import deciding
from mxwalk.clues.reading import understand as understand_clues
from mxwalk.commands.clue import decoded
from mxwalk.language import say, say_many
from mxwalk.reading import open_file
from mxwalk.text import visible

_REPORTS = (Form.BOUNCE, Form.DELIVERY_STATUS)


def clues_in(text: str) -> Understanding | None:
    """Return what a text tells; ``None`` where it tells nothing."""
    found = understand_clues(text)
    return found if found.clues or found.trace is not None else None


def typed_clues(text: str) -> Understanding | None:
    """Return what a line in the field tells; quick enough for every key."""
    return clues_in(text[: limits.TYPED_CLUE_CHARS])


def report_in(text: str) -> Understanding | None:
    """Return what a pasted mail tells if it is a report on a delivery and no ordinary message."""
    found = clues_in(text)
    if found is None:
        return None
    reported = any(one.form in _REPORTS for one in found.clues)
    return found if reported or is_report(text) else None


def clues_of_file(path: Path, *, message: bool) -> Understanding | None:
    """Return what a file tells; of a ``message`` only if it is a report.  Raises ``OSError``."""
    if not 0 < path.stat().st_size <= limits.CLUE_CHARS:
        return None
    with open_file(path) as file:
        text = decoded(file.read(limits.CLUE_CHARS))
    if message:
        return report_in(text) if is_report(text) else None
    return clues_in(text)


def words_for(found: Understanding) -> str:
    """Return what was recognised, in a line for the start screen."""
    if found.trace is not None:
        steps = len(found.trace.steps)
        return say_many(
            "an SMTP dialogue, {n} step: Enter shows it",
            "an SMTP dialogue, {n} steps: Enter shows it",
            steps,
        )
    first = deciding(found.clues) or found.clues[0]
    who = visible(found.leads[0].target, 100) if found.leads else ""
    more = len(found.clues) - 1
    words = heading(first)
    if first.status:
        words = f"{words}, {first.status}"
    if who:
        words = f"{words}, {who}"
    if more:
        words = say("{words}, and {n} more", words=words, n=more)
    return say("{words}: Enter explains it", words=words)
