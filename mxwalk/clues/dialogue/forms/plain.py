"""Plain transcripts: sides marked ``C:`` and ``S:``, by arrows, or not at all; a bare EHLO response.

Marks count where both the mark and what is behind it fit, so that a wrapped line keeps its text.
"""

import re
from collections.abc import Iterator, Sequence

from mxwalk.clues.dialogue.forms.commands import host_and_address, port_number
from mxwalk.clues.dialogue.parts import Line, Opened, Part, Pasted, Said, Speaker
from mxwalk.clues.dialogue.words import is_command, reply_code
from mxwalk.clues.model import Product
from mxwalk.evidence.trace import PastedForm

_CLIENT = re.compile(
    r"\s*(?:C(?:LIENT)?|SENT|SEND|OUT|ME|SENDER|SMTP>+):?(?::\s?|\s?>\s?|>>>? ?)(.*)"
    r"|\s*(?:>>>|-->|->|=>|>>|>) ?(.*)|\s*SMTP>> ?(.*)",
    re.IGNORECASE | re.DOTALL,
)
_SERVER = re.compile(
    r"\s*(?:S(?:ERVER)?|RECV|RECEIVED|RCVD|IN|THEM|RECEIVER):\s?(.*)"
    r"|\s*(?:<<<|<--|<-|<=|<<|<) ?(.*)|\s*SMTP<< ?(.*)",
    re.IGNORECASE | re.DOTALL,
)
_CURL = re.compile(r"\* (?:Connected to (\S+) \(([0-9A-Fa-f.:]+)\) port (\d{1,5})|  ?Trying )")
_JOINED = re.compile(r"(?<=\s)/\s+(?=[2-5][0-9]{2}[ -])")


def recognises(lines: Sequence[Line]) -> bool:
    """Say whether there is a command with a reply, a greeting, or a reply of several lines."""
    said = [part for part in _read(lines) if isinstance(part, Said)]
    codes = [reply_code(part.text) for part in said]
    commands = sum(1 for part in said if is_command(part.text))
    several = any(
        part.text.strip()[3:4] == "-" and code == following == 250
        for part, code, following in zip(said, codes, codes[1:], strict=False)
    )
    return several or (commands > 0 and any(codes)) or (220 in codes and 250 in codes)


def read(lines: Sequence[Line]) -> Pasted:
    """Return the parts."""
    pasted = Pasted(product=Product.UNKNOWN, form=PastedForm.DIALOGUE, annotated=True)
    pasted.parts += _read(lines)
    return pasted


def _read(lines: Sequence[Line]) -> Iterator[Part]:
    marked = _marks(lines)
    for line in lines:
        if (opened := _opened(line)) is not None:
            yield opened
            continue
        speaker, text = _split(line.text) if marked else (Speaker.UNMARKED, line.text)
        pieces = _JOINED.split(text)
        for number, piece in enumerate(pieces, start=1):
            shown = piece if number == len(pieces) else piece.rstrip()
            yield Said(speaker=speaker, text=shown, line=line)


def _marks(lines: Sequence[Line]) -> bool:
    """Say whether sides are marked: a mark in front of a reply, or in front of a command."""
    server = client = 0
    for line in lines:
        speaker, text = _split(line.text)
        server += speaker is Speaker.SERVER and reply_code(text) > 0
        client += speaker is Speaker.CLIENT and is_command(text)
    return server > 0 or client > 1


def _split(text: str) -> tuple[Speaker, str]:
    if not reply_code(text) and not is_command(text):
        for speaker, pattern in ((Speaker.SERVER, _SERVER), (Speaker.CLIENT, _CLIENT)):
            if (match := pattern.fullmatch(text)) is not None:
                return speaker, next((one for one in match.groups() if one is not None), "")
    return Speaker.UNMARKED, text


def _opened(line: Line) -> Opened | None:
    match = _CURL.match(line.text)
    if match is None or match.group(1) is None:
        return None
    host, _ = host_and_address(match.group(1))
    _, address = host_and_address(match.group(2))
    return Opened(line=line, host=host, address=address, port=port_number(match.group(3)))
