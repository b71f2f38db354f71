"""How senders find STARTTLS in an EHLO response: by the grammar, or as products were seen to.

What Postfix and Exim make of a line was seen with a real smtp(8) and a real Exim, to which each form
below was shown.
"""

import re
from collections.abc import Callable

from mxwalk.smtp.model import Deviation, EhloResponse, Reading, ReplyLine

Sees = Callable[[EhloResponse], bool]

_POSTFIX = re.compile(rb"[ =]*STARTTLS(?:[ =].*)?", re.IGNORECASE | re.DOTALL)
_EXIM = re.compile(rb"STARTTLS(?:\s.*)?", re.DOTALL)


def by_grammar(ehlo: EhloResponse) -> bool:
    """Say whether a reader of RFC 5321 4.1.1.1 sees STARTTLS."""
    return ehlo.offers("STARTTLS", Reading.STRICT)


def by_postfix(ehlo: EhloResponse) -> bool:
    """Say whether smtp(8) does: words are parted by spaces and ``=``, in any case of letters.

    The first line that holds a word is the greeting.
    """
    lines = [line.reply for line in ehlo.lines]
    spoken = [line for line in lines if line.text.strip(b" =")]
    return any(_POSTFIX.fullmatch(line.text) for line in spoken[1:] if _is_whole(line))


def by_exim(ehlo: EhloResponse) -> bool:
    """Say whether Exim does: capitals alone, at once behind the hyphen, then white space or nothing."""
    behind = [line.reply for line in ehlo.lines[1:]]
    return any(_EXIM.fullmatch(line.text) for line in behind if _is_whole(line))


def _is_whole(line: ReplyLine) -> bool:
    return line.code == 250 and Deviation.NO_SEPARATOR not in line.deviations
