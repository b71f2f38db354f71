"""The reply parser: bytes in, whole SMTP replies out, every deviation named and no byte changed.

RFC 5321 4.2 gives the grammar: lines of a three-digit code, a hyphen while more lines follow, a
space or nothing on the last line, and CRLF.  Peers depart from it, so the parser is total: it
tolerates a bare LF, a code that changes and lines that are no reply lines, says so, and goes on.
What it refuses is size: a line or a reply over its limit is handed back cut, ``complete`` false, and
nothing more is read, so that the caller closes.  It performs no I/O; the same bytes give the same
replies in whatever pieces they arrive, in linear time.
"""

import re
from functools import lru_cache

from mxwalk.limits import (
    REPLY_BYTES,
    REPLY_LINE_BYTES,
    REPLY_LINE_RECOMMENDED_BYTES,
    REPLY_LINES_RECOMMENDED,
)
from mxwalk.smtp.model import SERVICE_CLOSING, Deviation, Reply, ReplyLine

_CODE = re.compile(rb"[0-9]{3}(?![0-9])")
_CODE_IN_RANGE = re.compile(rb"[2-5][0-5][0-9]")  # RFC 5321 4.2
_EIGHT_BIT = re.compile(rb"[\x80-\xff]")
# RFC 5321 4.2: textstring = 1*(%d09 / %d32-126); NUL, CR and LF have deviations of their own.
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


class ReplyParser:
    """An incremental parser: feed it with ``receive_data``, ask it with ``next_reply``."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0  # the buffer holds no LF before this offset
        self._lines: list[ReplyLine] = []
        self._collected = 0  # octets in ``_lines``
        self._eof = False
        self._cut = False

    @property
    def trailing_data(self) -> bytes:
        """What was received behind the replies handed out so far; empty after a cut."""
        return b"".join(line.raw for line in self._lines) + bytes(self._buffer)

    @property
    def at_eof(self) -> bool:
        """Whether the end of the stream was announced."""
        return self._eof

    @property
    def cut(self) -> bool:
        """Whether a limit was reached; the parser reads nothing any more."""
        return self._cut

    def receive_data(self, data: bytes) -> None:
        """Append what the peer sent; ignored once a reply was cut."""
        if not self._cut:
            self._buffer += data

    def receive_eof(self) -> None:
        """Say that nothing more will come; a reply begun is then handed out as incomplete."""
        self._eof = True

    def next_reply(self) -> Reply | None:
        """Return the next reply, or ``None`` while more bytes are needed (or none are left)."""
        while not self._cut:
            room = REPLY_BYTES - self._collected
            if room == 0:
                return self._cut_off(Deviation.REPLY_CUT)
            limit = min(REPLY_LINE_BYTES, room)
            end = self._buffer.find(b"\n", self._searched, limit)
            if end < 0:
                if len(self._buffer) >= limit:
                    line_is_cut = limit == REPLY_LINE_BYTES
                    cut = Deviation.LINE_CUT if line_is_cut else Deviation.REPLY_CUT
                    self._take(limit, (cut,))
                    return self._cut_off(cut)
                self._searched = len(self._buffer)
                break
            if self._take(end + 1).last:
                return self._hand_out()
        if self._eof and (self._buffer or self._lines):
            if self._buffer:
                self._take(len(self._buffer))
            return self._hand_out(Deviation.INCOMPLETE)
        return None

    def _take(self, size: int, deviations: tuple[Deviation, ...] = ()) -> ReplyLine:
        raw = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._searched = 0
        self._collected += size
        line = _read_line(raw, self._lines, deviations)
        self._lines.append(line)
        return line

    def _cut_off(self, deviation: Deviation) -> Reply:
        self._cut = True
        self._buffer.clear()
        return self._hand_out(deviation)

    def _hand_out(self, ending: Deviation | None = None) -> Reply:
        lines, self._lines, self._collected = tuple(self._lines), [], 0
        seen = [deviation for line in lines for deviation in line.deviations]
        if len(lines) > REPLY_LINES_RECOMMENDED:
            seen.append(Deviation.TOO_MANY_LINES)
        if ending is not None:
            seen.append(ending)
        # RFC 5321 3.8: a server that closes says so at any time, in the midst of a reply as well
        closes = any(line.code == SERVICE_CLOSING for line in lines)
        return Reply(
            code=SERVICE_CLOSING if closes else lines[0].code or 0,
            lines=lines,
            complete=ending is None,
            deviations=tuple(dict.fromkeys(seen)),
        )


def _read_line(raw: bytes, before: list[ReplyLine], deviations: tuple[Deviation, ...]) -> ReplyLine:
    """Read one line; ``before`` holds the lines of the same reply that came before it."""
    found = list(deviations)
    if raw.endswith(b"\r\n"):  # RFC 5321 2.3.8: CRLF and nothing else ends a line
        content = raw[:-2]
    elif raw.endswith(b"\n"):
        content = raw[:-1]
        found.append(Deviation.BARE_LF)
    else:
        content = raw.removesuffix(b"\r")  # the half of an ending: its LF was not read
    found += _odd_octets(content)
    if len(raw) > REPLY_LINE_RECOMMENDED_BYTES:  # RFC 5321 4.5.3.1.5
        found.append(Deviation.LINE_TOO_LONG)

    # A line that does not say whether more follow leaves it at what the lines before it said: alone
    # it is a whole reply, after "NNN-" it is a part of it.  Postfix reads on there, too.
    last = not before
    if _CODE.match(content) is None:
        if raw.endswith(b"\n") or len(content) > 3:  # else cut off before its code was whole
            found.append(Deviation.NO_CODE)
        return ReplyLine(raw=raw, code=None, last=last, text=content, deviations=tuple(found))
    code, separator, text = int(content[:3]), content[3:4], content[4:]
    if _CODE_IN_RANGE.match(content) is None:
        found.append(Deviation.CODE_RANGE)
    if before and before[0].code != code:  # RFC 5321 4.2.1: all lines have the same code
        found.append(Deviation.CODE_CHANGED)
    if separator == b"-":
        last = False
    elif separator in (b" ", b""):  # RFC 5321 4.2: the last line needs no text, nor a space
        last = True
    else:
        found.append(Deviation.NO_SEPARATOR)
        text = content[3:]
    return ReplyLine(raw=raw, code=code, last=last, text=text, deviations=tuple(found))


def _odd_octets(content: bytes) -> list[Deviation]:
    """Name what a line holds besides the octets RFC 5321 4.2 allows in a textstring."""
    found = []
    if b"\r" in content:
        found.append(Deviation.BARE_CR)
    if b"\0" in content:
        found.append(Deviation.NUL)
    if _EIGHT_BIT.search(content):
        found.append(Deviation.EIGHT_BIT)
    if _CONTROL.search(content):
        found.append(Deviation.CONTROL)
    return found


@lru_cache(maxsize=512)
def parse_reply(raw: bytes) -> Reply:
    """Return the first reply in ``raw`` (RFC 5321 4.2); total, it never raises.

    No bytes at all give a reply without lines, code 0, incomplete.  Bytes behind the reply are not
    looked at.
    """
    parser = ReplyParser()
    parser.receive_data(raw)
    parser.receive_eof()
    reply = parser.next_reply()
    if reply is None:
        return Reply(code=0, lines=(), complete=False, deviations=(Deviation.INCOMPLETE,))
    return reply
