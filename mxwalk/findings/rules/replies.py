"""Replies as they stand on the wire: the greeting, and every departure from RFC 5321 4.2.

The parser names the deviations; here each gets a code, once for each reply and with its value.
Control sequences and direction marks in server text are said as well: they aim at the reader's screen.
"""

import re
from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.lockstep import in_step
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import Step
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.again import again
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.raising import Where, at_attempt, current, found
from mxwalk.findings.rules.greeting import of_greeting
from mxwalk.findings.rules.lockstep import subject
from mxwalk.findings.rules.replies_codes import BIDI, DEVIATIONS, ENTRIES, TERMINAL
from mxwalk.language import noted, say, say_many
from mxwalk.smtp.model import Deviation, Reply, ReplyLine
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import excerpt

__all__ = ["ENTRIES", "check"]

_WHOLE_REPLY = (Deviation.REPLY_CUT, Deviation.TOO_MANY_LINES, Deviation.INCOMPLETE)
_GRAMMAR = noted(
    "the server, or a proxy before it, must send lines of a code, a hyphen or a space, printable ASCII"
    " and CRLF"
)
_SHORTER_LINES = noted(
    "a reply line has 512 octets at most, with its CRLF; write more into several lines"
)
_FEWER_LINES = noted(
    "look at what the server, or a proxy before it, writes into this reply: a few lines are enough"
)
_FIX = {
    Deviation.LINE_TOO_LONG: _SHORTER_LINES,
    Deviation.LINE_CUT: _SHORTER_LINES,
    Deviation.REPLY_CUT: _FEWER_LINES,
    Deviation.TOO_MANY_LINES: _FEWER_LINES,
    Deviation.CODE_CHANGED: noted(
        "all lines of a reply must begin with the same code: look for a proxy or a filter that puts"
        " lines of its own into the server's replies"
    ),
    Deviation.CODE_RANGE: noted(
        "answer with a code of RFC 5321 4.2.3: look what answers on this port, and for a policy"
        " script with a number of its own"
    ),
    Deviation.INCOMPLETE: noted(
        "the last line of a reply must have a space behind its code: look what ends the connection"
        " before it, or holds that line back"
    ),
}
# ESC, and the C1 controls as UTF-8 or as single bytes that start a sequence (ECMA-48 5.4).
_TERMINAL = re.compile(rb"\x1b|\xc2[\x80-\x9f]|(?<![\xc2-\xf4\x80-\xbf])[\x90\x9b\x9d]")
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the greeting and the form of every reply show."""
    for attempt in current(delivery):
        yield from of_greeting(delivery, attempt)
        told: set[tuple[str, bytes]] = set()
        for step in in_step(attempt).steps:
            if isinstance(step.evidence, Exchanged) and step.evidence.reply:
                for finding, line in _form(attempt, step, step.evidence):
                    # The EHLO response inside TLS mostly repeats the one before.
                    if (finding.code, line) not in told:
                        told.add((finding.code, line))
                        yield finding


def _form(attempt: Attempt, step: Step, exchange: Exchanged) -> Iterator[tuple[Finding, bytes]]:
    """Yield findings on the form of a reply, each with the bytes it is about."""
    reply = parse_reply(exchange.reply)
    where, command = at_attempt(attempt, step), again(attempt, step)
    for deviation in _deviations(reply, exchange):
        what = DEVIATIONS[deviation]
        number, line = _first_with(reply, deviation)
        shown = excerpt(line.raw if line else reply.raw)
        place = say("line {number} of ", number=number) if line and len(reply.lines) > 1 else ""
        told = shown if deviation not in _WHOLE_REPLY else _counted(reply)
        finding = found(
            what,
            where.at_line(number),
            f"{place}{subject(where.name, exchange)}: {say(what.title)}: {told}",
            say(_FIX.get(deviation, _GRAMMAR)),
            command,
            _severity(deviation, exchange),
        )
        yield finding, line.raw if line else reply.raw
    yield from _screen(reply, where, command)


def _severity(deviation: Deviation, exchange: Exchanged) -> Severity | None:
    """Return WARNING for a reply our patience ended: that is inconclusive."""
    timed_out = exchange.ending is not None and exchange.ending.kind is EndingKind.TIMEOUT
    return Severity.WARNING if deviation is Deviation.INCOMPLETE and timed_out else None


def _deviations(reply: Reply, exchange: Exchanged) -> list[Deviation]:
    seen = list(reply.deviations)
    cut = reply.cut
    ours = (EndingKind.CANCELLED, EndingKind.TOO_LONG)  # we broke it off ourselves
    if cut or (exchange.ending is not None and exchange.ending.kind in ours):
        # what was cut has no last line, and says so already
        seen = [d for d in seen if d is not Deviation.INCOMPLETE]
    cut = cut or Deviation.INCOMPLETE in reply.deviations
    whole = reply.lines[:-1]
    if cut and whole and not any(Deviation.NO_CODE in line.deviations for line in whole):
        # only the rest of a line that broke off has no code
        seen = [d for d in seen if d is not Deviation.NO_CODE]
    if Deviation.LINE_CUT in seen:
        seen = [d for d in seen if d is not Deviation.LINE_TOO_LONG]
    if Deviation.REPLY_CUT in seen:
        seen = [d for d in seen if d is not Deviation.TOO_MANY_LINES]
    if any(_TERMINAL.search(line.text) for line in reply.lines):
        seen = [d for d in seen if d is not Deviation.CONTROL]
    return seen


def _first_with(reply: Reply, deviation: Deviation) -> tuple[int, ReplyLine | None]:
    if deviation in _WHOLE_REPLY:
        return 0, None
    pairs = enumerate(reply.lines, 1)
    return next(((n, line) for n, line in pairs if deviation in line.deviations), (0, None))


def _counted(reply: Reply) -> str:
    """Tell how much there is of a reply, and its last line; of one that broke off, that it did."""
    last = reply.lines[-1].raw if reply.lines else b""
    values = {
        "lines": say_many("{n} line", "{n} lines", len(reply.lines)),
        "raw": say_many("{n} octet", "{n} octets", len(reply.raw)),
        "last": excerpt(last) or say("nothing"),
    }
    if last and not last.endswith(b"\n"):
        return say("{lines}, {raw}, the last without its end: {last}", **values)
    return say("{lines}, {raw}, the last: {last}", **values)


def _screen(reply: Reply, where: Where, command: str) -> Iterator[tuple[Finding, bytes]]:
    for number, line in enumerate(reply.lines, 1):
        if _TERMINAL.search(line.text):
            finding = found(
                TERMINAL,
                where.at_line(number),
                say(
                    "server sent terminal control sequences in line {number}: {line}",
                    number=number,
                    line=excerpt(line.text),
                ),
                say(
                    "nothing in a reply may be outside printable ASCII; look who writes the banner"
                ),
                command + " | cat -v",
            )
            yield finding, line.raw
            break
    for number, line in enumerate(reply.lines, 1):
        if _INVISIBLE.search(line.text.decode("utf-8", "ignore")):
            finding = found(
                BIDI,
                where.at_line(number),
                say(
                    "line {number} holds characters that hide or reorder text: {line}",
                    number=number,
                    line=excerpt(line.text),
                ),
                say(
                    "nothing in a reply may be outside printable ASCII; look who writes the banner"
                ),
                command + " | cat -v",
            )
            yield finding, line.raw
            break
