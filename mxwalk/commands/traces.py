"""Saved traces and pasted SMTP dialogues: reading one, and writing a report on it."""

import io
import shlex
from pathlib import Path

from mxwalk.commands.output import check_output, write_result
from mxwalk.commands.request import Request
from mxwalk.commands.settings import check_sender
from mxwalk.commands.streams import note, standard_input
from mxwalk.errors import TraceError, UsageError
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.trace import Trace
from mxwalk.files import named
from mxwalk.language import say
from mxwalk.limits import CLUE_CHARS, TRACE_BYTES
from mxwalk.reading import is_stream, open_file, open_named
from mxwalk.receivers.registry import judge_or_first
from mxwalk.reportfiles.sniffing import SNIFFED, looks_like_mail
from mxwalk.reports.render import render
from mxwalk.reports.view import build_view
from mxwalk.text import visible
from mxwalk.wordings import system_words

_DIALOGUE_BYTES = 4 * CLUE_CHARS  # a character takes four octets at most


def path_of(name: str) -> Path | None:
    """Return the file that a trace is read from; ``None`` for standard input."""
    return None if name == "-" else named(name)


def load(name: str) -> Trace:
    """Read the trace from a file, or from standard input for ``-``.  Raises ``TraceError``.

    A text with an SMTP dialogue becomes a trace, with a note on what was read.  For a file of another
    kind that mxwalk opens, the error says with which command.
    """
    if name == "-":
        with standard_input() as stream:
            return _from_input(stream.read(TRACE_BYTES + 1))
    path = named(name)
    if is_stream(path):  # from <(...), say: what was read of it is gone
        return _from_input(_read(path))
    try:
        return read_trace(path)
    except TraceError as error:
        if (dialogue := _dialogue_in(path)) is not None:
            return dialogue
        if kind := _other_kind(path):
            raise TraceError(
                say("{name} is no saved walk: it is {kind}", name=visible(name, 300), kind=kind)
            ) from error
        raise


def _read(path: Path) -> bytes:
    try:
        with open_named(path) as file:
            return file.read(TRACE_BYTES + 1)
    except OSError as error:
        raise TraceError(
            say("cannot read the trace {source}: {why}", source=path, why=system_words(error))
        ) from error


def _from_input(given: bytes) -> Trace:
    try:
        return read_trace(io.BytesIO(given))
    except TraceError:
        if (dialogue := _dialogue(given[:_DIALOGUE_BYTES])) is not None:
            return dialogue
        raise


def _dialogue_in(path: Path) -> Trace | None:
    try:
        with open_file(path) as file:
            return _dialogue(file.read(_DIALOGUE_BYTES))
    except OSError:
        return None


def _dialogue(given: bytes) -> Trace | None:
    """Return a pasted dialogue as a trace, and say on standard error what was read."""
    if given.lstrip().startswith(b"{"):  # a trace, whatever is wrong with it
        return None
    from mxwalk.clues.dialogue.reading import read_dialogue

    is_utf16 = given.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = (
        given.decode("utf-16", "replace") if is_utf16 else given.decode("utf-8", "surrogateescape")
    )
    found = read_dialogue(text)
    if found is None:
        return None
    trace, clues = found
    if clues:
        note(clues[0].meaning)
    return trace


def _other_kind(path: Path) -> str:
    """Say what else a file is, and what opens it; empty where it is not known."""
    try:
        with open_file(path) as file:
            begins = file.read(SNIFFED)
    except OSError:
        return ""
    shown = shlex.quote(visible(str(path), 300))
    if b'"mxwalk-trace"' in begins:
        return ""
    if b'"schema": "mxwalk-' in begins or b'"schema":"mxwalk-' in begins:
        return say(
            "a report of mxwalk in JSON, which cannot be opened again; save walks with --save"
        )
    if begins.lstrip().startswith((b"<?xml", b"<feedback")):
        return say("XML; DMARC reports are opened by: mxwalk dmarc {shown}", shown=shown)
    if looks_like_mail(begins):
        return say("an e-mail; walk it with: mxwalk message {shown}", shown=shown)
    if not begins.lstrip().startswith(b"{") and _tells(path):
        return say("a bounce, log lines or codes; explained by: mxwalk clue {shown}", shown=shown)
    return ""


def _tells(path: Path) -> bool:
    """Say whether ``mxwalk clue`` recognises something in a file."""
    from mxwalk.clues.reading import understand
    from mxwalk.commands.clue import read

    try:
        return bool(understand(read(str(path))).clues)
    except UsageError:
        return False


def sender_of(trace: Trace, asked: Request) -> str:
    """Return the id of the chosen sender or receiver, the trace's own unless one was asked for."""
    purpose, own = trace.header.purpose, trace.header.options.sender
    if asked.given.sender:
        return check_sender(asked.given.sender, purpose)
    return judge_or_first(purpose, own).id


def report(trace: Trace, asked: Request) -> int:
    """Write the report and return the exit code for the chosen sender."""
    check_output(asked)
    sender = sender_of(trace, asked)
    if trace.damage:
        note(trace.damage)
    write_result(
        asked,
        render(
            trace,
            asked.fmt or "text",
            sender=sender,
            redacted=asked.redact,
            with_notes=asked.with_notes,
        ),
    )
    return int(build_view(trace, sender).exit_code)
