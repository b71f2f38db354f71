"""swaks: every line is marked by its first characters, TLS apart from clear text.

``=== `` and ``*** `` are its own remarks, `` -> `` and `` ~> `` what it sent, ``<-  `` and ``<~  ``
what came, ``<** `` and ``<~* `` a reply it had not hoped for.
"""

import re
from collections.abc import Iterator, Sequence

from mxwalk.clues.dialogue.certificates import certificates_in
from mxwalk.clues.dialogue.forms.commands import host_and_address, port_number, typed_command
from mxwalk.clues.dialogue.parts import (
    Closed,
    Line,
    Opened,
    Part,
    Pasted,
    Remark,
    Said,
    Speaker,
    TlsTold,
)
from mxwalk.clues.dialogue.words import refusal
from mxwalk.clues.model import Product
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import PastedForm
from mxwalk.evidence.wire import EndingKind
from mxwalk.language import say
from mxwalk.text import visible

_SENT = re.compile(r" ?(-|~|\*\*|~\*|\*~)> ?(.*)", re.DOTALL)
_CAME = re.compile(r" ?<(-  ?|~  ?|\*\* ?|~\* ?|-$|~$)(.*)", re.DOTALL)
_TRYING = re.compile(r"=== Trying \[?([^\s\]]+?)\]?(?::(\d{1,5}))?\.\.\.")
_CONNECTED = re.compile(r"=== Connected to \[?([^\s\]]+?)\]?\.?\s*$")
_TLS = re.compile(r"=== TLS started (?:w/|with )(?:cipher )?([\w.]+):([\w-]+):(\d{1,4})")
_PEER = re.compile(r"=== TLS peer\[(\d{1,3})\] ")  # one for each certificate of the chain
_VERIFIED = re.compile(r"=== TLS peer certificate (?:passed|failed)")
_TELLING = re.compile(
    r"(?:===|\*\*\*) (?:Trying|Connected to|TLS |Connection closed|Error |Remote host)"
)
_WORDS = 200


def recognises(lines: Sequence[Line]) -> bool:
    """Say whether swaks wrote this: its remarks, or lines marked its way on both sides."""
    if any(_TELLING.match(line.text) for line in lines):
        return True
    came = sum(1 for line in lines if re.match(r"<(?:-  |~  |\*\* |~\* )[2-5]\d\d", line.text))
    return came > 0 and any(re.match(r" ?[-~]> \S", line.text) for line in lines)


def read(lines: Sequence[Line]) -> Pasted:
    """Return the parts."""
    pasted = Pasted(product=Product.SWAKS, form=PastedForm.SWAKS)
    certificates = certificates_in("\n".join(line.text for line in lines))
    count = len({found[1] for line in lines if (found := _PEER.match(line.text))})
    for line in lines:
        pasted.parts += _parts(line, certificates, count)
    return pasted


def _parts(line: Line, certificates: tuple[bytes, ...], count: int) -> Iterator[Part]:
    text = line.text
    if (typed := typed_command(line)) is not None:
        yield typed
    elif text.startswith(("===", "***")):
        yield from _told(line, certificates, count)
    elif (sent := _SENT.fullmatch(text)) is not None:
        yield _said(Speaker.CLIENT, sent, line)
    elif (came := _CAME.fullmatch(text)) is not None:
        yield _said(Speaker.SERVER, came, line)


def _said(speaker: Speaker, match: re.Match[str], line: Line) -> Said:
    return Said(speaker=speaker, text=match.group(2), line=line, inside="~" in match.group(1))


def _told(line: Line, certificates: tuple[bytes, ...], count: int) -> Iterator[Part]:
    text = line.text
    if (found := _TRYING.match(text)) is not None:
        host, address = host_and_address(found.group(1))
        yield Opened(
            line=line, host=host, address=address, port=port_number(found.group(2) or "25")
        )
    elif (found := _CONNECTED.match(text)) is not None:
        host, address = host_and_address(found.group(1))
        yield Opened(line=line, host=host, address=address)
    elif (found := _TLS.match(text)) is not None:
        protocol, cipher, bits = found.groups()
        yield TlsTold(
            line=line,
            protocol=protocol,
            cipher=cipher,
            bits=int(bits),
            certificates=certificates,
            chain_length=count,
        )
    elif _VERIFIED.match(text):
        meaning = say(
            "swaks's own check of the certificate: {words}. It is no evidence here.",
            words=visible(text[4:], _WORDS),
        )
        yield Remark(line=line, meaning=meaning, step=StepKind.CHAIN)
    elif text.startswith("*** TLS startup failed"):
        yield TlsTold(line=line, failure=visible(text[4:], _WORDS))
    elif text.startswith("*** Error connecting"):
        yield Opened(line=line, failure=EndingKind.UNREACHABLE, detail=visible(text[4:], _WORDS))
    elif (kind := refusal(text)) is not None and text.startswith("***"):
        yield Opened(line=line, failure=kind, detail=visible(text[4:].strip(), _WORDS))
    elif "closed" in text or text.startswith("*** Timeout"):
        yield Closed(line=line, detail=visible(text[4:], _WORDS))
