"""posttls-finger: Postfix's probe; ``<`` and ``>`` mark the dialogue, the rest is Postfix's words."""

import re
from collections.abc import Iterator, Sequence

from mxwalk.clues.dialogue.certificates import certificates_in
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
    TlsTold,
)
from mxwalk.clues.dialogue.words import refusal
from mxwalk.clues.model import Product
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import PastedForm
from mxwalk.language import say
from mxwalk.text import visible

_PREFIX = re.compile(r"(?:.{0,60}\s)?posttls-finger(?:\[\d+\])?: (.*)", re.DOTALL)
_CONNECTED = re.compile(r"Connected to (\S+?)\[([0-9A-Fa-f.:]+)\]:(\d{1,5})")
_FAILED = re.compile(r"connect to (\S+?)\[([0-9A-Fa-f.:]+)\]:(\d{1,5}): (.*)")
_TLS = re.compile(
    r"(?:Anonymous|Untrusted|Trusted|Verified) TLS connection (?:established|reused) to"
    r" (\S+?)\[([0-9A-Fa-f.:]+)\]:(\d{1,5}): (TLSv1(?:\.\d)?|SSLv\d) with cipher (\S+) \((\d+)/\d+ bits\)"
    r"(?: key-exchange (\S+)(?: \(\S+\))?)?(?: server-signature (\S+))?"
)
_BROKEN = re.compile(r"(?:SSL_connect error|TLS handshake failed|Cannot start TLS)")
_SAID_OF_IT = re.compile(r"(?:server )?certificate verification failed|\S+: Matched ")
_WORDS = 300


def recognises(lines: Sequence[Line]) -> bool:
    """Say whether its name stands in front of lines."""
    return any(_PREFIX.match(line.text) for line in lines)


def read(lines: Sequence[Line]) -> Pasted:
    """Return the parts."""
    pasted = Pasted(product=Product.POSTTLS_FINGER, form=PastedForm.POSTTLS_FINGER)
    certificates = certificates_in("\n".join(line.text for line in lines))
    opened = False
    for line in lines:
        if (match := _PREFIX.match(line.text)) is None:
            continue
        for part in _parts(match.group(1), line, certificates):
            if isinstance(part, TlsTold) and not opened:  # a summary without the dialogue
                pasted.parts += _summary(match.group(1), line)
            opened = opened or isinstance(part, Opened)
            pasted.parts.append(part)
    return pasted


def _parts(text: str, line: Line, certificates: tuple[bytes, ...]) -> Iterator[Part]:
    if text.startswith(("< ", "> ")) or text in ("<", ">"):
        speaker = Speaker.SERVER if text[0] == "<" else Speaker.CLIENT
        yield Said(speaker=speaker, text=text[2:], line=line)
    elif (found := _CONNECTED.match(text)) is not None:
        yield _opened(found, line)
    elif (found := _FAILED.match(text)) is not None and (kind := refusal(text)) is not None:
        place = _opened(found, line)
        yield Opened(
            line=line,
            host=place.host,
            address=place.address,
            port=place.port,
            failure=kind,
            detail=visible(text, _WORDS),
        )
    elif (found := _TLS.match(text)) is not None:
        yield from _tls(found, line, certificates)
    elif _BROKEN.match(text):
        yield TlsTold(line=line, failure=visible(text, _WORDS))
    elif _SAID_OF_IT.match(text):
        yield _remark(text, line)
    elif "lost connection" in text:
        yield Closed(line=line, detail=visible(text, _WORDS))


def _summary(text: str, line: Line) -> Iterator[Part]:
    found = _TLS.match(text)
    if found is not None:
        yield _opened(found, line)


def _opened(found: re.Match[str], line: Line) -> Opened:
    host, _ = host_and_address(found.group(1))
    _, address = host_and_address(found.group(2))
    return Opened(line=line, host=host, address=address, port=port_number(found.group(3)))


def _tls(found: re.Match[str], line: Line, certificates: tuple[bytes, ...]) -> Iterator[Part]:
    protocol, cipher, bits, group, signature = found.groups()[3:]
    yield TlsTold(
        line=line,
        protocol=protocol,
        cipher=cipher,
        bits=min(int(bits[:6]), 65_535),
        group=group or "",
        signature=signature or "",
        certificates=certificates,
    )
    yield _remark(found.group(0), line)


def _remark(text: str, line: Line) -> Remark:
    meaning = say(
        "Postfix's own words on the certificate: {words}. They are no evidence here.",
        words=visible(text, _WORDS),
    )
    return Remark(line=line, meaning=meaning, step=StepKind.CHAIN)
