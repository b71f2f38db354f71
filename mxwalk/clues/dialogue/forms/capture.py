"""Packet captures as text: ``tcpdump`` with ``-A`` or ``-X``, and tshark's summaries and streams.

Hex dumps are decoded down to the TCP payload (RFC 791, RFC 8200, RFC 9293); with ``-A`` the headers are
in the text as characters, and the payload begins where a reply or a command does.  The side is told by
the addresses.  TLS records are not read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mxwalk.clues.dialogue.parts import Closed, Line, Opened, Part, Pasted, Said, Speaker
from mxwalk.clues.dialogue.words import reply_code
from mxwalk.clues.model import Product
from mxwalk.evidence.trace import PastedForm
from mxwalk.evidence.wire import EndingKind
from mxwalk.limits import CLUE_PACKET_BYTES
from mxwalk.names import is_address

_PACKET = re.compile(
    r"(?:^|\s)IP6? (\S{1,255}?)\.(\d{1,5}|smtp|submission)"
    r" > (\S{1,255}?)\.(\d{1,5}|smtp|submission): (.*)"
)
_HEX = re.compile(r"\s*0x([0-9a-f]{4}):  ((?:[0-9a-f]{2,4} ?){1,8})")
_SUMMARY = re.compile(
    r"\s*\d+\s+[\d.]+\s+(\S+)\s+(?:→|->)\s+(\S+)\s+SMTP(?:/IMF)?\s+\d+\s+([CS]): (.*)"
)
_NODE = re.compile(r"Node ([01]): \[?([0-9A-Fa-f.:]+?)\]?:(\d{1,5})\s*$")
_COUNT = re.compile(r"(\t?)(\d{1,6})\s*$")
_TEXT = re.compile(
    r"(?:[2-5][0-9]{2}[ -][\x20-\x7e]|(?:EHLO|HELO) \S|MAIL FROM:|RCPT TO:"
    r"|STARTTLS|DATA|RSET|QUIT|NOOP)",
    re.IGNORECASE,
)
_SMTP_PORTS = {"smtp": 25, "submission": 587, "25": 25, "587": 587, "465": 465, "2525": 2525}
_TCP = 6
_ETHERNET_BYTES = 14


@dataclass(slots=True)
class _Packet:
    line: Line
    speaker: Speaker
    data: bytearray
    text: list[Line]


def recognises(lines: Sequence[Line]) -> bool:
    """Say whether there are packets to or from a port of SMTP, or a followed stream."""
    return any(_packet(line) for line in lines) or any(
        _SUMMARY.match(line.text) or line.text.startswith("Follow: tcp") for line in lines
    )


def read(lines: Sequence[Line]) -> Pasted:
    """Return the parts."""
    pasted = Pasted(product=Product.TCPDUMP, form=PastedForm.CAPTURE)
    if any(line.text.startswith("Follow: tcp") for line in lines):
        pasted.parts += _stream(lines)
    elif any(_SUMMARY.match(line.text) for line in lines):
        pasted.parts += _summaries(lines)
    else:
        pasted.parts += _packets(lines)
    return pasted


def _packet(line: Line) -> tuple[re.Match[str], bool] | None:
    """Return a packet's line and whether the server sent it, if a port is one of SMTP."""
    match = _PACKET.search(line.text)
    if match is None:
        return None
    if match.group(2) in _SMTP_PORTS:
        return match, True
    return (match, False) if match.group(4) in _SMTP_PORTS else None


def _packets(lines: Sequence[Line]) -> Iterator[Part]:
    packets: list[_Packet] = []
    endings: list[Part] = []
    for line in lines:
        found = _packet(line)
        if found is not None:
            match, from_server = found
            if not packets:
                yield _place(match, line, from_server=from_server)
            packets.append(
                _Packet(line, Speaker.SERVER if from_server else Speaker.CLIENT, bytearray(), [])
            )
            if not endings and (over := _ending(match.group(5), line, from_server=from_server)):
                endings.append(over)
        elif packets and (dump := _HEX.match(line.text)) is not None:
            if len(packets[-1].data) < CLUE_PACKET_BYTES:
                packets[-1].data += bytes.fromhex(dump.group(2).replace(" ", ""))
        elif packets:
            packets[-1].text.append(line)
    for packet in packets:
        yield from _said(packet)
    yield from endings


def _place(match: re.Match[str], line: Line, *, from_server: bool) -> Opened:
    name, port = (match.group(1), match.group(2)) if from_server else match.group(3, 4)
    address = name if is_address(name) else ""
    return Opened(line=line, address=address, port=_SMTP_PORTS[port])


def _ending(words: str, line: Line, *, from_server: bool) -> Part | None:
    """Read a RST: to the SYN it refuses, later it breaks off."""
    if "Flags [R" not in words or not from_server:
        return None
    if "Flags [R.], seq 0" in words:
        return Opened(
            line=line, failure=EndingKind.REFUSED, detail="the server answered RST to SYN"
        )
    return Closed(line=line, detail="the server reset the connection (RST)")


def _said(packet: _Packet) -> Iterator[Said]:
    if packet.data:
        payload = _payload(bytes(packet.data))
        if not _TEXT.match(payload[:80].decode("latin-1")) and b"\n" not in payload:
            return
        if payload[:1] in (b"\x14", b"\x15", b"\x16", b"\x17"):  # a TLS record (RFC 8446 5.1)
            return
        for text in payload.decode("utf-8", "surrogateescape").splitlines():
            yield Said(speaker=packet.speaker, text=text, line=packet.line)
        return
    begun = False
    for line in packet.text:
        text = line.text
        if not begun:
            match = _TEXT.search(text)
            if match is None:
                continue
            text, begun = text[match.start() :], True
        if text.strip():
            yield Said(speaker=packet.speaker, text=text.rstrip(), line=line)


def _payload(packet: bytes) -> bytes:
    """Return the TCP payload of an IP packet, with or without an Ethernet header; empty for none."""
    for skip in (0, _ETHERNET_BYTES):
        rest = packet[skip:]
        if len(rest) < 20:
            return b""
        version = rest[0] >> 4
        if version == 4 and rest[9] == _TCP:  # RFC 791 3.1
            length = int.from_bytes(rest[2:4], "big")
            return _behind_tcp(rest[:length] if length else rest, (rest[0] & 0x0F) * 4)
        if version == 6 and rest[6] == _TCP and len(rest) >= 40:  # RFC 8200 3
            length = int.from_bytes(rest[4:6], "big") + 40
            return _behind_tcp(rest[:length], 40)
    return b""


def _behind_tcp(packet: bytes, header: int) -> bytes:
    """RFC 9293 3.1: the data offset counts words of 32 bits."""
    if len(packet) < header + 20:
        return b""
    return packet[header + (packet[header + 12] >> 4) * 4 :]


def _summaries(lines: Sequence[Line]) -> Iterator[Part]:
    opened = False
    for line in lines:
        match = _SUMMARY.match(line.text)
        if match is None:
            continue
        source, target, side, text = match.groups()
        speaker = Speaker.SERVER if side == "S" else Speaker.CLIENT
        if not opened:
            server = source if side == "S" else target
            yield Opened(line=line, address=server if is_address(server) else "")
            opened = True
        for piece in text.split(" | "):
            if speaker is Speaker.CLIENT or reply_code(piece):
                yield Said(speaker=speaker, text=piece, line=line)


def _stream(lines: Sequence[Line]) -> Iterator[Part]:
    """Read a followed stream: the number of bytes in front of each piece tells by a tab who sent it."""
    nodes: dict[str, tuple[str, str]] = {}
    speaker = Speaker.UNMARKED
    for line in lines:
        if (node := _NODE.match(line.text)) is not None:
            nodes[node.group(1)] = (node.group(2), node.group(3))
            if len(nodes) == 2:
                server = nodes["0"] if nodes["0"][1] in _SMTP_PORTS else nodes["1"]
                port = int(server[1]) if int(server[1]) < 65_536 else 0
                yield Opened(
                    line=line, address=server[0] if is_address(server[0]) else "", port=port
                )
        elif (count := _COUNT.match(line.text)) is not None:
            by_first = not count.group(1)
            first_is_server = bool(nodes) and nodes.get("0", ("", ""))[1] in _SMTP_PORTS
            speaker = Speaker.SERVER if by_first == first_is_server else Speaker.CLIENT
        elif not line.text.startswith(("===", "Follow: ", "Filter: ")) and line.text.strip():
            yield Said(speaker=speaker, text=line.text.lstrip("\t"), line=line)
