"""How senders find STARTTLS in an EHLO response: by the grammar, or as products were seen to.

What Postfix and Exim make of a line was seen with a real smtp(8) and a real Exim, to which each form
below was shown.
"""

import re
from collections.abc import Callable, Iterator

from mxwalk.smtp.model import Deviation, EhloResponse, Reading, ReplyLine

Sees = Callable[[EhloResponse], bool]

# It passes over what stands in the place of the code, whatever that is.
_WORD = re.compile(rb"[- ]*[^- ]+[- ][ =]*([^ =]+)")
_KEPT_BY_POSTFIX = 2048
_EXIM = re.compile(rb"STARTTLS(?:\s.*)?", re.DOTALL)


def by_grammar(ehlo: EhloResponse) -> bool:
    """Say whether a reader of RFC 5321 4.1.1.1 sees STARTTLS."""
    return ehlo.offers("STARTTLS", Reading.STRICT)


def by_postfix(ehlo: EhloResponse) -> bool:
    """Say whether smtp(8) does: words are parted by spaces and ``=``, in any case of letters.

    The first line that holds a word is the greeting.  Of a reply it keeps the lines that begin within
    ``line_length_limit`` octets, and passes over the others.
    """
    found = (_WORD.match(line) for line in _kept_by_postfix(ehlo))
    words = [one[1].upper() for one in found if one is not None]
    return b"STARTTLS" in words[1:]


def _kept_by_postfix(ehlo: EhloResponse) -> Iterator[bytes]:
    octets = 0
    for line in ehlo.lines:
        if octets >= _KEPT_BY_POSTFIX:
            return
        raw = line.reply.raw.rstrip(b"\r\n")
        octets += len(raw) + bool(octets)  # lines are joined by one octet
        yield raw


def by_exim(ehlo: EhloResponse) -> bool:
    """Say whether Exim does: capitals alone, at once behind the hyphen, then white space or nothing."""
    behind = [line.reply for line in ehlo.lines[1:]]
    return any(_EXIM.fullmatch(line.text) for line in behind if _is_whole(line))


def by_any(ehlo: EhloResponse) -> bool:
    """Say whether anybody finds STARTTLS there: a reading of the grammar, or one of the products."""
    return any(ehlo.offers("STARTTLS", reading) for reading in Reading) or any(
        sees(ehlo) for sees in (by_postfix, by_exim)
    )


def _is_whole(line: ReplyLine) -> bool:
    return line.code == 250 and Deviation.NO_SEPARATOR not in line.deviations
