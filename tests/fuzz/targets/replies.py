"""Reply parser (RFC 5321 4.2): read in any pieces it is read as at once, and no octet is lost."""

from collections.abc import Iterable, Iterator

from mxwalk.limits import REPLY_BYTES
from mxwalk.smtp.enhanced import explain_enhanced
from mxwalk.smtp.model import Deviation, Reply
from mxwalk.smtp.replies import ReplyParser, parse_reply
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, promise
from tests.hostile import HOSTILE

# Several times the limits come about by repeating a piece, which costs no octets of the input.
_REPEATS = (*(1,) * 59, 20, 101, 1_500, 9_000, 17_000)
_REPEATED_OCTETS = 70_000


def _wire(choices: Choices) -> bytes:
    times = choices.pick(_REPEATS)
    if times == 1:
        return choices.rest()
    head = choices.octets(choices.number(64))
    piece = choices.octets(1 + choices.number(16))
    return head + (piece * times)[:_REPEATED_OCTETS] + choices.rest()


def _pieces(wire: bytes, sizes: Choices) -> Iterator[bytes]:
    at = 0
    while at < len(wire):
        size = 1 + sizes.number(40) if sizes.left else len(wire)
        yield wire[at : at + size]
        at += size


def read(pieces: Iterable[bytes]) -> tuple[list[Reply], ReplyParser]:
    """Feed the pieces one after the other, asking after each, and then the end."""
    parser, replies = ReplyParser(), []
    for piece in pieces:
        parser.receive_data(piece)
        while (reply := parser.next_reply()) is not None:
            replies.append(reply)
    parser.receive_eof()
    while (reply := parser.next_reply()) is not None:
        replies.append(reply)
    return replies, parser


def _check(data: bytes) -> None:
    choices = Choices(data)
    sizes = Choices(bytes(choices.number(256) for _ in range(choices.number(32))))
    wire = _wire(choices)
    whole, parser = read([wire])
    in_pieces, other = read(_pieces(wire, sizes))
    promise(whole == in_pieces, "read otherwise in pieces:", whole[:3], in_pieces[:3])
    promise(parser.cut == other.cut, "cut in one reading only")
    raw = b"".join(reply.raw for reply in whole) + parser.trailing_data
    promise(wire.startswith(raw) if parser.cut else wire == raw, "octets lost or changed")
    first = parse_reply(wire)
    promise(not whole or first == whole[0], "parse_reply reads another first reply")
    for reply in [first, *whole]:
        _check_reply(reply)


def _check_reply(reply: Reply) -> None:
    promise(len(reply.raw) <= REPLY_BYTES, "a reply of", len(reply.raw), "octets")
    promise(0 <= reply.code <= 999, "the code", reply.code)
    cut = {Deviation.INCOMPLETE, Deviation.LINE_CUT, Deviation.REPLY_CUT} & set(reply.deviations)
    promise(reply.complete is not bool(cut), "complete, though", cut)
    promise(all(not line.last for line in reply.lines[:-1]), "a last line before the end")
    printable(reply.text[:20_000])
    if reply.enhanced_code and (meaning := explain_enhanced(reply.enhanced_code)):
        printable(str(meaning), 2_000)


def _seeds() -> Iterable[bytes]:
    yield b"220 mail.example.com ESMTP\r\n"
    yield b"250-mail.example.com\r\n250-SIZE 35882577\r\n250-STARTTLS\r\n250 SMTPUTF8\r\n"
    yield b"250-a\r\n550 5.7.1 changed\r\n421\r\n354 x\n250\rx\r\n"
    yield b"550-5.1.1 a\n550 5.1.1 b\n\0\xff250x\r\n999 \r\n25"
    for number in range(59, len(_REPEATS)):
        for piece in (b"250-x\r\n", b"A", b"\r\n", b"250-" + b"y" * 12):
            size = len(piece) - 1
            yield piece + b"250 end\r\n" + bytes((size, 0, number, 0))
    yield from (each for each in HOSTILE if len(each) < 1_000)


TARGET = Target(
    promise="Replies are read alike in any pieces, no octet is lost, and none is over its limit.",
    check=_check,
    calls=lambda size: 20_000_000 if size else 1_000,
    max_len=1_024,
    words=(b"250-", b"250 ", b"421 ", b"\r\n", b"5.7.1 ", b"\0", b"354", b"\x1b[31m"),
    seeds=_seeds,
)
