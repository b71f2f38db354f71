"""telnet, nc and ncat: a remark about the connection, then the bare dialogue as both sides typed it."""

import re
from collections.abc import Iterator, Sequence

from mxwalk.clues.dialogue.forms.commands import host_and_address, port_number, typed_command
from mxwalk.clues.dialogue.parts import Closed, Line, Opened, Part, Pasted, Said, Speaker
from mxwalk.clues.dialogue.words import refusal
from mxwalk.clues.model import Product
from mxwalk.evidence.trace import PastedForm
from mxwalk.text import visible

_TRYING = re.compile(r"\s*Trying \[?([0-9A-Fa-f.:]+)\]?\s*\.\.\.")
_CONNECTED = re.compile(
    r"\s*Connected to \[?([^\s\],]+?)\]?(?: \(([0-9A-Fa-f.:]+)\)(?: port (\d+))?)?\.?\s*$"
)
_NCAT = re.compile(r"Ncat: Connected to ([0-9A-Fa-f.:]+):(\d{1,5})\.")
_NC = re.compile(r"Connection to (\S+)(?: \(([0-9A-Fa-f.:]+)\))? (\d{1,5}) port \[.*\] succeeded!")
_NC_OLD = re.compile(r"(\S+) \[([0-9A-Fa-f.:]+)\] (\d{1,5})(?: \(\w+\))? open")
_FAILED = re.compile(
    r"(?:telnet: (?:connect to address|Unable to connect)|telnet: could not|Ncat: (?!Connected)|nc: "
    r"|\S+ \[\S+\] \d+ .*: Connection )"
)
_CLOSED = re.compile(r"\s*(?:Connection closed|Connection to host lost|Ncat: \d+ bytes sent)")
_ESCAPE = "Escape character is"
_WORDS = 200


def recognises(lines: Sequence[Line]) -> bool:
    """Say whether one of these tools wrote its remarks here."""
    return any(
        _ESCAPE in line.text
        or any(one.match(line.text) for one in (_TRYING, _NCAT, _NC, _NC_OLD, _FAILED))
        or _CLOSED.match(line.text)
        for line in lines
    ) or any(typed_command(line) for line in lines[:5])


def read(lines: Sequence[Line]) -> Pasted:
    """Return the parts; who said a line is left to the dialogue's state."""
    pasted = Pasted(product=Product.TELNET, form=PastedForm.TELNET, encrypts=False, annotated=True)
    for line in lines:
        pasted.parts += _parts(line)
    return pasted


def _parts(line: Line) -> Iterator[Part]:
    text = line.text
    if (opened := typed_command(line) or _opened(line)) is not None:
        yield opened
    elif _CLOSED.match(text):
        yield Closed(line=line, detail=visible(text.strip(), _WORDS))
    elif _FAILED.match(text) and (kind := refusal(text)) is not None:
        yield Opened(line=line, failure=kind, detail=visible(text.strip(), _WORDS))
    elif _ESCAPE not in text and not text.startswith("Ncat: "):
        yield Said(speaker=Speaker.UNMARKED, text=text, line=line)


def _opened(line: Line) -> Opened | None:
    text = line.text
    if (found := _TRYING.match(text)) is not None:
        return _place(line, "", found.group(1))
    if (found := _NCAT.match(text)) is not None:
        return _place(line, "", found.group(1), found.group(2))
    for form in (_NC, _NC_OLD, _CONNECTED):
        if (found := form.match(text)) is not None:
            name, address, port = found.groups()
            return _place(line, name, address or "", port or "")
    return None


def _place(line: Line, name: str, address: str, port: str = "") -> Opened:
    host, literal = host_and_address(name)
    _, plain = host_and_address(address)
    return Opened(line=line, host=host, address=plain or literal, port=port_number(port))
