"""What is kept of a connection's bytes: first each piece with its time, then neighbours together."""

import itertools

import msgspec
import pytest

from mxwalk.evidence.wire import Direction, Layer, WireChunk
from mxwalk.limits import STEP_WIRE_PIECES_TIMED
from mxwalk.net import recorder as recorder_module
from mxwalk.net.recorder import Recorder

RECEIVED, SENT = Direction.RECEIVED, Direction.SENT
CLEAR, RECORDS, DATA = Layer.CLEAR, Layer.TLS_RECORDS, Layer.TLS_DATA


def ticking() -> Recorder:
    return Recorder(itertools.count(0.0, 0.001).__next__)


def told(chunks: tuple[WireChunk, ...]) -> list[tuple[Direction, Layer, bytes]]:
    return [(one.direction, one.layer, one.data) for one in chunks]


def test_pieces_of_an_ordinary_step_keep_each_its_time() -> None:
    recorder = ticking()
    for octet in b"250 mx\r\n":
        recorder.record(RECEIVED, CLEAR, bytes([octet]))
    chunks = recorder.take()
    assert [one.data for one in chunks] == [bytes([octet]) for octet in b"250 mx\r\n"]
    assert [one.at_s for one in chunks] == sorted({one.at_s for one in chunks})


def test_a_drip_of_two_hundred_thousand_octets_stays_small_and_loses_none() -> None:
    recorder = ticking()
    octets = bytes(number % 251 for number in range(200_000))
    for octet in octets:
        recorder.record(RECEIVED, RECORDS, bytes([octet]))
    assert recorder.received == len(octets)
    chunks = recorder.take()
    assert len(chunks) == STEP_WIRE_PIECES_TIMED
    assert b"".join(one.data for one in chunks) == octets
    assert len(msgspec.json.encode(chunks)) < 1024 * 1024


def test_what_is_joined_keeps_the_time_of_its_first_octet_and_the_order_of_both_sides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recorder_module, "STEP_WIRE_PIECES_TIMED", 0)
    recorder = ticking()
    recorder.record(RECEIVED, RECORDS, b"a", 1.0)
    recorder.record(RECEIVED, DATA, b"A", 1.0)
    recorder.record(RECEIVED, RECORDS, b"b", 2.0)
    recorder.record(RECEIVED, DATA, b"B", 2.0)
    recorder.record(SENT, RECORDS, b"answer", 3.0)
    recorder.record(RECEIVED, RECORDS, b"c", 4.0)
    recorder.record(RECEIVED, RECORDS, b"d", 5.0)
    chunks = recorder.take()
    assert told(chunks) == [
        (RECEIVED, RECORDS, b"ab"),
        (RECEIVED, DATA, b"AB"),
        (SENT, RECORDS, b"answer"),
        (RECEIVED, RECORDS, b"cd"),
    ]
    assert [one.at_s for one in chunks] == [1.0, 1.0, 3.0, 4.0]


def test_after_a_step_the_next_begins_with_nothing_counted_and_nothing_to_join(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recorder_module, "STEP_WIRE_PIECES_TIMED", 0)
    recorder = ticking()
    recorder.record(RECEIVED, CLEAR, b"220 mx\r\n")
    assert (recorder.received, recorder.pieces) == (8, 1)
    recorder.take()
    assert (recorder.received, recorder.pieces) == (0, 0)
    recorder.record(RECEIVED, CLEAR, b"250 mx\r\n")
    assert told(recorder.take()) == [(RECEIVED, CLEAR, b"250 mx\r\n")]


def test_what_is_sent_and_plaintext_are_not_counted_as_taken_from_the_wire() -> None:
    recorder = ticking()
    recorder.record(SENT, RECORDS, b"x" * 100)
    recorder.record(RECEIVED, DATA, b"x" * 100)
    recorder.record(RECEIVED, RECORDS, b"")
    assert (recorder.received, recorder.pieces) == (0, 2)
