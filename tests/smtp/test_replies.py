"""The reply parser: RFC 5321 4.2 and every departure from it."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.limits import REPLY_BYTES, REPLY_LINE_BYTES
from mxwalk.smtp.model import Deviation, Reply
from mxwalk.smtp.replies import ReplyParser, parse_reply
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.timing import best_of

# Octets that matter to the grammar come up often, all others now and then.
_PIECES = st.sampled_from(
    [
        b"250-",
        b"250 ",
        b"250",
        b"354 ",
        b"999-",
        b"0",
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\x1b[m",
        b"text",
    ]
)
WIRE = st.lists(st.one_of(_PIECES, st.binary(max_size=6)), max_size=40).map(b"".join)


def replies(chunks: Iterable[bytes], *, eof: bool = True) -> tuple[list[Reply], bytes]:
    """Feed the chunks, asking after each, and return the replies and what is left."""
    parser = ReplyParser()
    got: list[Reply] = []
    for chunk in chunks:
        parser.receive_data(chunk)
        while (reply := parser.next_reply()) is not None:
            got.append(reply)
    if eof:
        parser.receive_eof()
        while (reply := parser.next_reply()) is not None:
            got.append(reply)
    return got, parser.trailing_data


def one_by_one(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


def test_single_line_reply_is_complete_without_deviation() -> None:
    reply = parse_reply(b"220 mail.example.com ESMTP\r\n")
    assert (reply.code, reply.complete, reply.deviations) == (220, True, ())
    assert reply.lines[0].text == b"mail.example.com ESMTP"
    assert reply.lines[0].last


def test_multi_line_reply_ends_at_the_first_line_without_a_hyphen() -> None:
    parser = ReplyParser()
    parser.receive_data(b"250-a\r\n250-b\r\n250 c\r\n250 d\r\n")
    first, second = parser.next_reply(), parser.next_reply()
    assert first is not None
    assert second is not None
    assert [line.text for line in first.lines] == [b"a", b"b", b"c"]
    assert [line.last for line in first.lines] == [False, False, True]
    assert second.raw == b"250 d\r\n"
    assert parser.next_reply() is None


@pytest.mark.parametrize("raw", [b"250\r\n", b"250 \r\n"])
def test_last_line_may_have_no_text(raw: bytes) -> None:  # RFC 5321 4.2
    reply = parse_reply(raw)
    assert (reply.code, reply.complete, reply.deviations, reply.lines[0].text) == (
        250,
        True,
        (),
        b"",
    )


def test_code_without_text_ends_a_multi_line_reply() -> None:
    got, trailing = replies([b"250-a\r\n250\r\n354 b\r\n"])
    assert [reply.code for reply in got] == [250, 354]
    assert trailing == b""


@pytest.mark.parametrize(
    ("raw", "deviation"),
    [
        (b"250 a\n", Deviation.BARE_LF),
        (b"250 a\rb\r\n", Deviation.BARE_CR),
        (b"250 a\r\r\n", Deviation.BARE_CR),
        (b"250 a\0b\r\n", Deviation.NUL),
        (b"250 caf\xc3\xa9\r\n", Deviation.EIGHT_BIT),
        (b"250 \x1b[31m\r\n", Deviation.CONTROL),
        (b"250 \x7f\r\n", Deviation.CONTROL),
        (b"hello\r\n", Deviation.NO_CODE),
        (b"25 a\r\n", Deviation.NO_CODE),
        (b"2500 a\r\n", Deviation.NO_CODE),
        (b"250STARTTLS\r\n", Deviation.NO_SEPARATOR),
        (b"250\ta\r\n", Deviation.NO_SEPARATOR),
        (b"190 a\r\n", Deviation.CODE_RANGE),
        (b"260 a\r\n", Deviation.CODE_RANGE),
        (b"600 a\r\n", Deviation.CODE_RANGE),
        (b"250 " + b"x" * 507 + b"\r\n", Deviation.LINE_TOO_LONG),
    ],
)
def test_departure_is_named_on_its_line_and_on_the_reply(raw: bytes, deviation: Deviation) -> None:
    reply = parse_reply(raw)
    assert reply.lines[0].deviations == (deviation,)
    assert reply.deviations == (deviation,)
    assert reply.complete
    assert reply.raw == raw


@pytest.mark.parametrize("raw", [b"250 a\tb\r\n", b"250 " + b"x" * 506 + b"\r\n", b"559 x\r\n"])
def test_what_the_grammar_allows_is_no_deviation(raw: bytes) -> None:
    assert parse_reply(raw).deviations == ()


def test_changed_code_is_flagged_and_the_separator_still_decides() -> None:
    reply = parse_reply(b"250-a\r\n550-b\r\n451 c\r\n250 d\r\n")
    assert (reply.code, len(reply.lines)) == (250, 3)
    assert [line.code for line in reply.lines] == [250, 550, 451]
    assert [line.deviations for line in reply.lines] == [
        (),
        (Deviation.CODE_CHANGED,),
        (Deviation.CODE_CHANGED,),
    ]


def test_line_without_code_stands_alone_at_the_start_and_belongs_to_an_open_reply() -> None:
    got, _ = replies([b"hello\r\n250-a\r\nwrapped text\r\n250OOPS\r\n250 b\r\n"])
    assert [len(reply.lines) for reply in got] == [1, 4]
    assert (got[0].code, got[0].complete) == (0, True)
    assert [line.code for line in got[1].lines] == [250, None, 250, 250]
    assert got[1].deviations == (Deviation.NO_CODE, Deviation.NO_SEPARATOR)


@pytest.mark.parametrize("raw", [b"250-a\r\n", b"250-a\r\n250 b", b"250 a", b"25"])
def test_end_of_stream_inside_a_reply_makes_it_incomplete(raw: bytes) -> None:
    reply = parse_reply(raw)
    assert not reply.complete
    assert reply.deviations[-1] is Deviation.INCOMPLETE
    assert reply.raw == raw


def test_nothing_at_all_is_an_incomplete_reply_without_lines() -> None:
    reply = parse_reply(b"")
    assert (reply.code, reply.lines, reply.complete) == (0, (), False)
    assert (reply.text, reply.enhanced_code) == ("", "")


def test_no_reply_before_its_last_octet() -> None:
    parser = ReplyParser()
    for octet in one_by_one(b"250-a\r\n250 b\r"):
        parser.receive_data(octet)
        assert parser.next_reply() is None
    assert parser.trailing_data == b"250-a\r\n250 b\r"
    parser.receive_data(b"\n")
    assert parser.next_reply() is not None
    assert parser.trailing_data == b""


def test_longest_line_is_whole_and_one_octet_more_is_cut() -> None:
    whole = b"250 " + b"x" * (REPLY_LINE_BYTES - 6) + b"\r\n"
    assert len(whole) == REPLY_LINE_BYTES
    assert parse_reply(whole).deviations == (Deviation.LINE_TOO_LONG,)
    reply = parse_reply(b"250-a\r\n" + whole[:-2] + b"y\r\n250 b\r\n")
    assert not reply.complete
    assert reply.deviations == (Deviation.LINE_CUT, Deviation.LINE_TOO_LONG)
    assert [len(line.raw) for line in reply.lines] == [7, REPLY_LINE_BYTES]


def test_endless_reply_is_cut_at_64_kib_and_nothing_more_is_read() -> None:
    parser = ReplyParser()
    parser.receive_data(b"250-xy\r\n" * 9_000)
    reply = parser.next_reply()
    assert reply is not None
    assert (len(reply.raw), reply.complete) == (REPLY_BYTES, False)
    assert reply.deviations == (Deviation.TOO_MANY_LINES, Deviation.REPLY_CUT)
    parser.receive_data(b"250 ok\r\n")
    parser.receive_eof()
    assert parser.cut
    assert parser.next_reply() is None
    assert parser.trailing_data == b""


def test_reply_limit_inside_a_line_cuts_that_line() -> None:
    reply = parse_reply(b"250-xyz\r\n" * 8_000)
    assert len(reply.raw) == REPLY_BYTES
    assert reply.lines[-1].deviations == (Deviation.REPLY_CUT,)


def test_hundred_lines_are_fine_and_one_more_is_named() -> None:
    assert parse_reply(b"250-x\r\n" * 99 + b"250 x\r\n").deviations == ()
    reply = parse_reply(b"250-x\r\n" * 100 + b"250 x\r\n")
    assert (reply.complete, reply.deviations) == (True, (Deviation.TOO_MANY_LINES,))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"550 5.7.1 no\r\n", "5.7.1"),
        (b"250 2.1.5\r\n", "2.1.5"),
        (b"550 5.7.1x\r\n", ""),
        (b"550 3.7.1 no\r\n", ""),
        (b"550 no 5.7.1\r\n", ""),
    ],
)
def test_enhanced_code_is_read_from_the_start_of_the_text(raw: bytes, code: str) -> None:
    assert parse_reply(raw).enhanced_code == code


def test_text_of_a_reply_is_visible_and_on_one_line() -> None:
    assert parse_reply(b"250-a\x1b\r\n250 \xff\r\n").text == "a\\x1b / \\xff"


@given(WIRE, st.data())
def test_any_chunking_gives_the_same_replies(wire: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=8)))
    chunks = [wire[a:b] for a, b in zip([0, *cuts], [*cuts, len(wire)], strict=True)]
    whole = replies([wire], eof=False)
    assert replies(chunks, eof=False) == whole
    assert replies(one_by_one(wire), eof=False) == whole
    assert replies(chunks) == replies([wire])


@given(WIRE)
def test_no_octet_is_lost_or_changed(wire: bytes) -> None:
    got, trailing = replies([wire])
    assert b"".join(line.raw for reply in got for line in reply.lines) + trailing == wire
    got, trailing = replies([wire], eof=False)
    assert b"".join(reply.raw for reply in got) + trailing == wire


@given(WIRE)
def test_complete_reply_ends_in_its_only_last_line(wire: bytes) -> None:
    for reply in replies([wire])[0]:
        assert reply.lines
        assert [line.last for line in reply.lines[:-1]] == [False] * (len(reply.lines) - 1)
        assert reply.complete == (reply.lines[-1].last and reply.raw.endswith(b"\n"))
        assert reply.complete != (Deviation.INCOMPLETE in reply.deviations)


@examples(15)
@given(st.integers(0, 20), st.integers(1, 70_000), st.sampled_from([b"250-", b"x", b"250-xy\r\n"]))
def test_cut_replies_are_the_same_in_any_chunking(head: int, size: int, unit: bytes) -> None:
    wire = b"250-a\r\n" * head + unit * (80_000 // len(unit))
    chunks = [wire[i : i + size] for i in range(0, len(wire), size)]
    assert replies(chunks) == replies([wire])


@pytest.mark.parametrize("raw", HOSTILE)
def test_hostile_octets_are_kept_as_they_came(raw: bytes) -> None:
    reply = parse_reply(raw)
    assert raw.startswith(reply.raw)
    assert reply.text.isprintable()
    assert replies(one_by_one(raw[:20_000])) == replies([raw[:20_000]])


def test_hundred_thousand_random_inputs_raise_nothing() -> None:
    dice = random.Random(5321)
    alphabet = b"0123459- \r\n\r\n\0\x1b\xffabc"
    seen = 0
    for _ in range(100_000):
        wire = bytes(dice.choices(alphabet, k=dice.randrange(24)))
        parser = ReplyParser()
        parser.receive_data(wire)
        parser.receive_eof()
        while (reply := parser.next_reply()) is not None:
            seen += len(reply.raw)
    assert seen > 500_000


@pytest.mark.parametrize("line", [b"250-" + b"x" * 58 + b"\r\n", b"250-" + b"x" * 8_180 + b"\r\n"])
def test_feeding_single_octets_takes_linear_time(line: bytes) -> None:
    def seconds(size: int) -> float:
        octets = one_by_one((line * (size // len(line) + 1))[: size - 1])

        def feed() -> None:
            parser = ReplyParser()
            for octet in octets:
                parser.receive_data(octet)
                assert parser.next_reply() is None

        return best_of(5, feed)

    # Four times the octets in four times the time; a quadratic parser needs sixteen times.
    assert seconds(REPLY_BYTES) < 9 * seconds(REPLY_BYTES // 4)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"250-mx.example.com\r\n421 4.3.2 closing\r\n", "4.3.2 closing"),
        (b"250-mx.example.com\r\n421-4.3.2 closing\r\n250 more\r\n", "4.3.2 closing"),
        (b"421-4.3.2 busy\r\n250 more\r\n", "4.3.2 busy"),
    ],
)
def test_a_421_in_any_line_is_what_the_reply_says(raw: bytes, text: str) -> None:
    reply = parse_reply(raw)
    assert (reply.code, reply.text, reply.enhanced_code) == (421, text, "4.3.2")
    assert Deviation.CODE_CHANGED in reply.deviations
    assert reply.raw == raw
