"""EHLO responses: both readings of every line, whole and visible, and what a comparison says of two."""

from collections.abc import Iterable

from mxwalk.smtp.ehlo import compare_responses, line_parts, read_ehlo
from mxwalk.smtp.model import EhloResponse, Reading, Role
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, promise
from tests.hostile import HOSTILE
from tests.marks import marks_named


def _check(data: bytes) -> None:
    choices = Choices(data)
    is_helo, at = choices.number(4) == 3, choices.number(256)
    wire = choices.rest()
    before, after = read_ehlo(wire[:at]), read_ehlo(wire[at:])
    whole = read_ehlo(wire, is_helo=is_helo)
    for response in (before, after, whole):
        _check_response(response)
    promise(
        b"".join(line.reply.raw for line in whole.lines) == parse_reply(wire).raw,
        "not the reply's lines",
    )
    for reading in Reading:
        _check_comparison(before, after, reading)
        promise(compare_responses(whole, whole, reading).empty, "differs from itself")


def _check_response(response: EhloResponse) -> None:
    for number, line in enumerate(response.lines, 1):
        promise(line.number == number, "line", line.number, "is called", number)
        promise(len(line.notes) == len(line.deviations), "a deviation without its note")
        for text in (*line.notes, line.meaning, line.reference):
            printable(text)
        if line.strict_role in {Role.KEYWORD, Role.UNKNOWN_KEYWORD}:
            printable(line.keyword)  # what a lenient reader takes for one is kept as sent
        raw = line.reply.raw
        for reading in Reading:
            parts = line_parts(line, reading)
            whole = "".join(part.text for part in parts)
            promise(marks_named(whole) == marks_named(visible(raw)), "parts of", raw, parts)
    strict, lenient = (response.keywords(reading) for reading in Reading)
    promise(
        set(strict) <= set(lenient), "keywords that only the strict reader sees", strict, lenient
    )
    if response.is_helo or not response.lines:
        promise(not lenient, "a response to HELO offers", lenient)
    for line in response.lines[:1]:
        promise(line.strict_role is not Role.KEYWORD, "line 1 is an extension to a strict reader")
    for keyword in lenient:
        promise(response.offers(keyword.lower(), Reading.LENIENT), "not offered:", keyword)


def _check_comparison(before: EhloResponse, after: EhloResponse, reading: Reading) -> None:
    there, back = (
        compare_responses(before, after, reading),
        compare_responses(after, before, reading),
    )
    promise(set(there.added) == set(back.removed), "added one way, not removed the other")
    promise(set(there.removed) == set(back.added), "removed one way, not added the other")
    promise(
        {each.keyword for each in there.changed} == {each.keyword for each in back.changed},
        "changed one way only",
    )
    now = {*there.added, *there.unchanged, *(each.keyword for each in there.changed)}
    promise(now == set(after.keywords(reading)), "keywords missing from the comparison")


def _seeds() -> Iterable[bytes]:
    offers = (
        b"mail.example.com Hello\r\n", b"SIZE 35882577\r\n", b"STARTTLS\r\n", b"8BITMIME\r\n",
        b"AUTH=LOGIN PLAIN\r\n", b"AUTH LOGIN\r\n", b"XXXXXXXA\r\n", b"[192.0.2.1] there\r\n",
        b"PIPELINING\r\n", b"SIZE\r\n", b"X-PRIVATE a=b\r\n", b"starttls now\r\n", b"\r\n",
        b"DSN\r\n", b"*8BITMIME\r\n", b"-STARTTLS\r\n", b"SIZE 0 1\r\n", b"\xff\x00\r\n",
    )  # fmt: skip
    for start in range(len(offers)):
        chosen = [offers[(start + step) % len(offers)] for step in range(1 + start % 7)]
        yield (
            b"".join(b"250-" + each for each in chosen[:-1]) + b"250 " + chosen[-1] + bytes((0, 0))
        )
    yield b"250-STARTTLS\r\n250 mail.example.com\r\n" + b"250-mail.example.com\r\n250 SIZE 9\r\n(\0"
    yield b"502 no\r\n\0\0"
    yield b"250 mail.example.com\r\n\0\3"
    yield from (
        b"250-a.example\r\n250 " + each + b"\r\n\0\0" for each in HOSTILE if len(each) < 500
    )


TARGET = Target(
    promise="Both readings show every octet visibly; a comparison is the same both ways.",
    check=_check,
    calls=lambda size: 20_000 + 1_500 * size,
    max_len=1_024,
    words=(
        b"250-",
        b"250 ",
        b"\r\n",
        b"STARTTLS",
        b"SIZE ",
        b"AUTH=",
        b"AUTH ",
        b"XXXXXXXA",
        b"\t",
    ),
    seeds=_seeds,
)
