"""``openssl s_client -starttls smtp``: certificates and the handshake, then what was typed inside TLS.

It makes greeting, EHLO and STARTTLS by itself and shows nothing of them but the last line of the EHLO
response.  With ``-showcerts`` every certificate is in the text, without it only the server's own.
"""

import re
from collections.abc import Iterator, Sequence

from mxwalk.clues.dialogue.certificates import certificates_in
from mxwalk.clues.dialogue.forms.commands import host_and_address, typed_command
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
from mxwalk.clues.dialogue.verdicts import VERDICT, repeated, verdict
from mxwalk.clues.dialogue.words import is_command, refusal, reply_code
from mxwalk.clues.model import Product
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import PastedForm
from mxwalk.language import say
from mxwalk.text import visible

_CONNECTED = re.compile(r"CONNECTED\([0-9A-Fa-f]{1,16}\)")
_CONNECTING = re.compile(r"Connecting to \[?([0-9A-Fa-f.:]+?)\]?\s*$")
_AGREED = re.compile(r"New, (\S+), Cipher is (\S+)")
_CHAIN = re.compile(r" {0,2}\d{1,3} s:")
_KEY = re.compile(r"(?:Server|Peer) Temp Key: (.*)|Negotiated TLS1\.3 group: (\S+)")
_SIGNATURE = re.compile(r"Peer signature type: (\S+)")
_SNI = re.compile(r"-servername[ =](\S+)")
_ERROR = re.compile(r"(?:[0-9A-Fa-f]{4,16}:error:|connect:errno=|write:errno=|read:errno=)")
_BEGINS = ("---", "SSL handshake has read")
_OVER = re.compile(r"(?:DONE|closed|read:errno=\d+)\s*$")
_NO_STARTTLS = "Didn't find STARTTLS in server response"
_WORDS = 200


def recognises(lines: Sequence[Line]) -> bool:
    """Say whether s_client wrote this."""
    return any(
        _CONNECTED.match(line.text) or line.text.startswith("SSL handshake has read")
        for line in lines
    ) or any(_CONNECTING.match(line.text) for line in lines[:5])


def read(lines: Sequence[Line]) -> Pasted:
    """Return the parts: the connection, the handshake, and the dialogue typed behind it."""
    pasted = Pasted(product=Product.OPENSSL, form=PastedForm.S_CLIENT, annotated=True)
    lines, beyond = _first(lines)
    told = _handshake(lines)
    behind = told.line.start if told else len(lines) and lines[-1].end
    has_certificates = bool(told and told.certificates)
    again = repeated(lines)
    spoken = False  # anything inside TLS but the line that is left of the response before it
    for line in lines:
        if told is not None and line is told.line:
            pasted.parts.append(told)
        if line.start in again:
            continue
        if line.start <= behind:
            pasted.parts += _before(line, pasted=has_certificates)
            continue
        for part in _inside(line, spoken=spoken, pasted=has_certificates):
            spoken = spoken or isinstance(part, Said)
            pasted.parts.append(part)
    if beyond is not None:
        pasted.parts.append(Opened(line=beyond))
    return pasted


def _first(lines: Sequence[Line]) -> tuple[Sequence[Line], Line | None]:
    """Return the lines of the first session, and where another begins."""
    begun = [at for at, line in enumerate(lines) if _CONNECTED.match(line.text)][:2]
    if len(begun) < 2:
        return lines, None
    at = begun[1]
    while at and (_CONNECTING.match(lines[at - 1].text) or typed_command(lines[at - 1])):
        at -= 1
    return lines[:at], lines[at]


def _handshake(lines: Sequence[Line]) -> TlsTold | None:
    """Return what is told of the handshake, placed at the line that says what was agreed."""
    found: dict[str, str] = {}
    place: Line | None = None
    failure, length = "", 0
    for line in lines:
        text = line.text
        if (agreed := _AGREED.match(text)) is not None and place is None:
            place, found["protocol"], found["cipher"] = line, *agreed.groups()
        elif (key := _KEY.match(text)) is not None:
            found["group"] = (key.group(1) or key.group(2) or "").split(",")[0].strip()
        elif (signature := _SIGNATURE.match(text)) is not None:
            found["signature"] = signature.group(1)
        elif _CHAIN.match(text):
            length += 1
        elif _ERROR.match(text) and not failure and place is None:
            failure = visible(text.strip(), _WORDS)
        elif (sni := _SNI.search(text)) is not None:
            found["sni"] = host_and_address(sni.group(1))[0]
    if place is None:
        return None
    if found["cipher"] == "(NONE)":
        return TlsTold(line=place, failure=failure or "the handshake failed: no cipher was agreed")
    joined = "\n".join(line.text for line in lines)
    return TlsTold(
        line=place,
        protocol=visible(found["protocol"], 40),
        cipher=visible(found["cipher"], 80),
        group=visible(found.get("group", ""), 40),
        signature=visible(found.get("signature", ""), 40),
        sni=found.get("sni", ""),
        certificates=certificates_in(joined),
        chain_length=length,
    )


def _before(line: Line, *, pasted: bool) -> Iterator[Part]:
    text = line.text
    if (typed := typed_command(line)) is not None:
        yield typed
    elif (found := _CONNECTING.match(text)) is not None:
        yield Opened(line=line, address=host_and_address(found.group(1))[1])
    elif _CONNECTED.match(text):
        yield Opened(line=line)
    elif text.startswith(_NO_STARTTLS):
        meaning = say(
            "The EHLO response had no STARTTLS that s_client could see; it went on without it."
        )
        yield Remark(line=line, meaning=meaning, step=StepKind.EHLO)
    elif VERDICT.match(text):
        yield verdict(line, pasted=pasted)
    elif _ERROR.match(text) and (kind := refusal(text)) is not None:
        yield Opened(line=line, failure=kind, detail=visible(text.strip(), _WORDS))


def _inside(line: Line, *, spoken: bool, pasted: bool) -> Iterator[Part]:
    text = line.text
    if VERDICT.match(text):
        yield verdict(line, pasted=pasted)
    elif _OVER.match(text):
        yield Closed(line=line, detail="s_client ended the connection")
    elif reply_code(text) == 250 and text.strip()[3:4] != "-" and not spoken:
        meaning = say(
            "The last line of the EHLO response before TLS; s_client shows no more of it."
        )
        yield Remark(line=line, meaning=meaning, step=StepKind.EHLO)
    elif reply_code(text) or is_command(text):
        yield Said(speaker=Speaker.UNMARKED, text=text, line=line, inside=True)
