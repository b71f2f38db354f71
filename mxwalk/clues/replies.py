"""Replies and enhanced status codes that stand in a text of nobody in particular (RFC 5321 4.2, RFC 3463)."""

import re
from collections.abc import Iterator, Sequence

from mxwalk.clues.causes import ALL
from mxwalk.clues.exchange_codes import AS_SENDER, OWN
from mxwalk.clues.lines import Line
from mxwalk.clues.model import Clue, Form, Product
from mxwalk.clues.status_codes import parse_status
from mxwalk.clues.words import (
    Named,
    addressed,
    clue,
    first_saying,
    host_and_address,
    of_reply,
    of_status,
)
from mxwalk.language import say

MARKS = ("2.", "4.", "5.", "45", "42", "50", "52", "55", "53")

# A reply opens the line or follows words that quote it; a code alone must not be part of a number.
_REPLY = re.compile(
    r"(?:^|(?:said|returned|reply|response|error|reason|answered|with|code)s?[:=]? {0,2}['\"(\[]?|[:\"'(] ?|<<< )"
    r"(?P<reply>[245]\d\d[ -](?:#?[245]\.\d{1,3}\.\d{1,3}\b|[A-Za-z<]).{0,600})",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![\w./-])#?([45](?:/[45])?\.\d{1,3}\.\d{1,3})(?![\w/-]|\.\d)")


def recognise(lines: Sequence[Line]) -> Iterator[Clue]:
    """Yield replies and codes."""
    for line in lines:
        found = _REPLY.search(line.text)
        begin = found.start("reply") if found else -1
        code = None if found else _CODE.search(line.text)
        if found is None and code is None:
            continue
        words = line.text[begin:] if found else (code[1] if code else "")
        if code is not None:
            begin = code.start(1)
        one = _read(line, begin, words)
        if one is not None:
            yield one


def _read(line: Line, begin: int, words: str) -> Clue | None:
    status = parse_status(words)
    reading = of_status(status) if status else of_reply(words)
    if reading is None or words.startswith("2"):
        return None
    if status is None and reading.status:
        status = parse_status(reading.status)
    product, sender = Product.STANDARD, ""
    if status is not None and status.key in OWN and status.exchange is not None:
        product, reading = Product.EXCHANGE_ONLINE, of_status(status, status.exchange)
        sender = "exchange-online" if status.key in AS_SENDER else ""
    known = first_saying(words, ALL) if not reading.status else None
    at = host_and_address(line.text)
    return clue(
        line, begin, len(line.text), product, Form.CODE,
        meaning=say(known[0].meaning) if known else reading.meaning,
        standing=reading.standing, step=known[0].step if known else reading.step,
        findings=known[0].findings if known else reading.findings,
        status=reading.status, sender=sender,
        named=Named(
            recipients=addressed(reading, line.text), host=at.host, address=at.address, port=at.port
        ),
    )  # fmt: skip
