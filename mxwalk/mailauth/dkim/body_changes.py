"""Undoing what mail systems do to bodies (RFC 6376 3.4, 8.2): each undoing is a candidate for the hash.

A candidate that agrees with ``bh=`` proves what was done.  None of them is looked at as text: octets
in, octets out, each linear in the body's size.
"""

import binascii
import quopri
import re
from collections.abc import Iterator

from mxwalk.language import noted, say
from mxwalk.limits import DKIM_JOINED_BYTES, DKIM_JOINS_TRIED, DKIM_PARTS_TRIED
from mxwalk.mailauth.dkim.diagnosis import Change
from mxwalk.mailauth.message import Message

_CRLF = b"\r\n"
_ENCODING = re.compile(
    rb"(?im)^content-transfer-encoding:[ \t]*(quoted-printable|base64)[ \t]*\r?$"
)
Candidate = tuple[Change, str, bytes]
_BREAKS = (
    (noted("once broken lines of {width} octets are joined"), b"", b""),
    (noted("once lines broken and indented of {width} octets are joined"), b"", b" "),
    (noted("once lines broken with '!' of {width} octets are joined"), b"!", b" "),
)


def undone(message: Message) -> Iterator[Candidate]:
    """Yield each change, how it was undone in words, and the body without it."""
    body = message.body
    for make in (_line_ends, _spaces, _mbox, _wrapped_lines):
        for change, words, candidate in make(body):
            if candidate != body:
                yield change, words, candidate
    for change, words, candidate in _encodings(message):
        if candidate != body:
            yield change, words, candidate


def _line_ends(body: bytes) -> Iterator[Candidate]:
    if b"\n" in body.replace(_CRLF, b"") or b"\r" in body.replace(_CRLF, b""):
        plain = body.replace(b"\r\r\n", b"\n").replace(_CRLF, b"\n").replace(b"\r", b"\n")
        yield Change.LINE_ENDS, say("once every line ends with CRLF"), plain.replace(b"\n", _CRLF)
    yield (
        Change.LINE_ENDS,
        say("once every line ends with LF alone, as the signer had it"),
        body.replace(_CRLF, b"\n"),
    )
    stripped = body.lstrip(b"\r\n")
    yield Change.WHITE_SPACE, say("once the empty lines at the top are left out"), stripped
    yield Change.WHITE_SPACE, say("once an empty line is put at the top"), _CRLF + body


def _spaces(body: bytes) -> Iterator[Candidate]:
    lines = body.split(_CRLF)
    bare = _CRLF.join(line.rstrip(b" \t") for line in lines)
    yield Change.WHITE_SPACE, say("once white space at the ends of lines is removed"), bare
    delimiter = _CRLF.join(b"-- " if line == b"--" else line for line in lines)
    yield (
        Change.WHITE_SPACE,
        say("once the space behind the signature delimiter '--' is put back"),
        delimiter,
    )
    yield Change.WHITE_SPACE, say("once tabs are spaces"), body.replace(b"\t", b" ")


def _mbox(body: bytes) -> Iterator[Candidate]:
    both = _CRLF + body
    yield (
        Change.FROM_QUOTED,
        say("once '>From' is 'From' again"),
        both.replace(b"\r\n>From ", b"\r\nFrom ")[2:],
    )
    yield (
        Change.DOTS,
        say("once doubled dots at the beginning of lines are single"),
        both.replace(b"\r\n..", b"\r\n.")[2:],
    )
    yield (
        Change.DOTS,
        say("once dots at the beginning of lines are doubled"),
        both.replace(b"\r\n.", b"\r\n..")[2:],
    )


def _wrapped_lines(body: bytes) -> Iterator[Candidate]:
    """Join lines that were broken at a limit of line length (RFC 5321 4.5.3.1.6)."""
    lines = body.split(_CRLF)
    longest = max(map(len, lines))
    for width in sorted({longest, 998, 990, 76, 72} - {0}, reverse=True):
        if width > longest:
            continue
        for words, mark, indent in _BREAKS:
            joined = _join(lines, width, mark, indent)
            if joined is not None:
                yield (
                    Change.REWRAPPED,
                    say(words, width=width),
                    joined,
                )


def _join(lines: list[bytes], width: int, mark: bytes, indent: bytes) -> bytes | None:
    found: list[bytes] = []
    joins = 0
    previous = -1
    for line in lines:
        if previous == width and line.startswith(indent) and found[-1].endswith(mark) and line:
            head = found[-1]
            found[-1] = head[: len(head) - len(mark)] + line[len(indent) :]
            joins += 1
            if joins > DKIM_JOINS_TRIED or len(found[-1]) > DKIM_JOINED_BYTES:
                return None
        else:
            found.append(line)
        previous = len(line)
    return _CRLF.join(found) if joins else None


def _encodings(message: Message) -> Iterator[Candidate]:
    """Undo a conversion to quoted-printable or base64 (RFC 6376 5.3), and one of the character set."""
    encoding = message.value("Content-Transfer-Encoding").strip().lower()
    decoded = _decode(message.body, encoding.encode("utf-8", "replace"))
    if decoded is not None:
        yield (
            Change.ENCODING,
            say("once the body is decoded from {encoding}", encoding=encoding),
            decoded,
        )
        if encoding == "base64":
            for width in (76, 72, 64, 60):
                lines = [
                    binascii.b2a_base64(decoded[at : at + width * 3 // 4], newline=False)
                    for at in range(0, len(decoded), width * 3 // 4)
                ]
                yield (
                    Change.REWRAPPED,
                    say("once base64 lines have {width} characters", width=width),
                    _CRLF.join([*lines, b""]),
                )
    parts = _decoded_parts(message.body)
    if parts is not None:
        yield Change.ENCODING, say("once its encoded parts are decoded"), parts
    if not message.body.isascii():
        for here, there in (
            ("utf-8", "iso-8859-1"),
            ("utf-8", "windows-1252"),
            ("iso-8859-1", "utf-8"),
        ):
            try:
                converted = message.body.decode(here).encode(there)
            except UnicodeError:
                continue
            yield (
                Change.CHARSET,
                say("once the text is {there} instead of {here}", there=there, here=here),
                converted,
            )


def _decode(octets: bytes, encoding: bytes) -> bytes | None:
    try:
        if encoding == b"quoted-printable":
            return quopri.decodestring(octets)
        if encoding == b"base64":
            return binascii.a2b_base64(octets)
    except (ValueError, binascii.Error):
        return None
    return None


def _decoded_parts(body: bytes) -> bytes | None:
    """Return a multipart body with its encoded parts decoded and called 8bit, as they may have been."""
    out: list[bytes] = []
    at = 0
    for match in list(_ENCODING.finditer(body))[:DKIM_PARTS_TRIED]:
        start = body.find(b"\r\n\r\n", match.end(1))
        if start < 0 or match.start() < at:
            continue
        start += 4
        end = body.find(b"\r\n--", start)
        end = len(body) if end < 0 else end
        decoded = _decode(body[start:end], match[1].lower())
        if decoded is None:
            return None
        out += [body[at : match.start(1)], b"8bit", body[match.end(1) : start], decoded]
        at = end
    return b"".join([*out, body[at:]]) if out else None
