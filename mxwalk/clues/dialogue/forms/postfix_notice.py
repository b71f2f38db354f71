"""Postfix's notices to the postmaster: ``Transcript of session follows.``, ``In:`` and ``Out:``.

Postfix writes from its own end: what its server says is ``Out:``, what its client says is ``Out:``, too;
the replies tell which of the two wrote the notice.  Long lines are wrapped with an indent, and the
content of the message is left out, also the dot at its end where the server tells it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mxwalk.clues.dialogue.forms.commands import host_and_address, port_number
from mxwalk.clues.dialogue.parts import (
    Closed,
    Line,
    Opened,
    Part,
    Pasted,
    Remark,
    Said,
    Speaker,
)
from mxwalk.clues.dialogue.words import is_command, reply_code
from mxwalk.clues.model import Product
from mxwalk.evidence.trace import PastedForm
from mxwalk.language import say
from mxwalk.limits import CLUE_LINE_CHARS
from mxwalk.text import visible

_HEADING = re.compile(r"\s*Transcript of session follows\.\s*$")
_RECORD = re.compile(r"\s{0,8}(?:(In):  ?|(Out): ?)(.*)", re.DOTALL)
_PEER = re.compile(r"\s*Unexpected response from (\S+?)\[([0-9A-Fa-f.:]+)\](?::(\d{1,5}))?\.\s*$")
_ABORTED = re.compile(r"\s*Session aborted, reason: (.*)", re.DOTALL)
_WORDS = 200


@dataclass(frozen=True, slots=True)
class _Record:
    """What Postfix got (``is_in``) or sent in a line, put together again."""

    is_in: bool
    text: str
    line: Line


def recognises(lines: Sequence[Line]) -> bool:
    """Say whether Postfix wrote this: its heading above records, or replies among what it sent."""
    records = [one for one in _read(lines) if isinstance(one, _Record)]
    if records and any(_HEADING.match(line.text) for line in lines):
        return True
    asked = any(one.is_in and is_command(one.text) for one in records)
    return asked and any(not one.is_in and reply_code(one.text) for one in records)


def read(lines: Sequence[Line]) -> Pasted:
    """Return the parts."""
    pasted = Pasted(product=Product.POSTFIX, form=PastedForm.DIALOGUE)
    found = tuple(_read(lines))
    records = [one for one in found if isinstance(one, _Record)]
    replies = [one.is_in for one in records if reply_code(one.text)]
    by_server = 2 * sum(replies) < len(replies)  # the replies are what it sent
    has_message = False  # the server said 354, and its notice shows nothing of the message
    for one in found:
        if not isinstance(one, _Record):
            pasted.parts.append(one)
            continue
        speaker = Speaker.CLIENT if one.is_in is by_server else Speaker.SERVER
        if has_message and speaker is Speaker.SERVER:
            pasted.parts.append(Said(speaker=Speaker.CLIENT, text=".", line=one.line))
        has_message = by_server and speaker is Speaker.SERVER and reply_code(one.text) == 354
        pasted.parts.append(Said(speaker=speaker, text=one.text, line=one.line))
    return pasted


def _read(lines: Sequence[Line]) -> Iterator[_Record | Part]:
    """Yield what was said, and what Postfix says of the session itself."""
    record: _Record | None = None
    for line in lines:
        found = _RECORD.fullmatch(line.text)
        if record is not None and found is None and line.text.strip():
            record = _longer(record, line)
            continue
        if record is not None:
            yield record
            record = None
        if found is not None:
            record = _Record(is_in=found.group(1) is not None, text=found.group(3), line=line)
        else:
            yield from _told(line)
    if record is not None:
        yield record


def _longer(record: _Record, line: Line) -> _Record:
    """Return the record with the line that it was wrapped into."""
    text = f"{record.text} {line.text.strip()}"[:CLUE_LINE_CHARS]
    return replace(record, text=text, line=replace(record.line, end=line.end))


def _told(line: Line) -> Iterator[Part]:
    if (peer := _PEER.match(line.text)) is not None:
        host, _ = host_and_address(peer.group(1))
        _, address = host_and_address(peer.group(2))
        yield Opened(line=line, host=host, address=address, port=port_number(peer.group(3) or "25"))
    elif _HEADING.match(line.text):
        yield Opened(line=line)
    elif (aborted := _ABORTED.match(line.text)) is not None:
        words = visible(aborted.group(1).strip(), _WORDS)
        yield Closed(line=line, detail=words)
        yield Remark(line=line, meaning=say("Postfix ended the session: {words}.", words=words))
