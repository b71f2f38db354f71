"""What moved in the place of TLS records is told apart by the records' headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.records import told_apart
from mxwalk.evidence.redact import redact
from mxwalk.evidence.step import Scope, Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.evidence.wire import Direction, Ending, EndingKind, Layer, WireChunk
from mxwalk.reports.transcript import transcript
from tests.findings.builders import EHLO_REPLY, Trail

AGAIN = b"220 mx.example.com ESMTP\r\n"
ALERT = b"\x15\x03\x03\x00\x02\x02\x28"
HELLO = b"\x16\x03\x01\x00\x04abcd"
SCOPE = Scope(host="mx.example.com", address="192.0.2.1", port=25, attempt=1)


def shaken(*received: bytes, sent: bytes = HELLO, seq: int = 1) -> Step:
    wire = [chunk(sent, Direction.SENT), *map(chunk, received)]
    ended = Ending(kind=EndingKind.TLS_ERROR, detail="what came was no TLS")
    return Step(
        seq=seq, kind=StepKind.HANDSHAKE, scope=SCOPE, started_s=0, elapsed_s=0,
        evidence=Handshaken(sni="", ending=ended), wire=tuple(wire),
    )  # fmt: skip


def chunk(data: bytes, direction: Direction = Direction.RECEIVED, layer=Layer.TLS_RECORDS):
    return WireChunk(at_s=0.0, direction=direction, layer=layer, data=data)


def told(*steps: Step) -> list[tuple[str, bytes]]:
    """Return the layers and octets of what was received."""
    return [
        (one.layer.value, one.data)
        for _, moved in told_apart(steps)
        for one in moved
        if one.direction is Direction.RECEIVED
    ]


@pytest.mark.parametrize("came", [AGAIN, b"<html>\r\n", b"\xc5\x84\x8f\x24", b"\x16\x02", b"\x00"])
def test_octets_that_begin_no_record_are_clear_text(came) -> None:
    assert told(shaken(came)) == [("clear", came)]


def test_records_stay_records_however_they_are_cut() -> None:
    both = HELLO + ALERT
    for at in range(1, len(both)):
        assert {layer for layer, _ in told(shaken(both[:at], both[at:]))} == {"tls-records"}
    assert {layer for layer, _ in told(shaken(HELLO[:7]), shaken(HELLO[7:], seq=2))} == {
        "tls-records"
    }


def test_text_behind_a_record_begins_where_the_record_ends() -> None:
    assert told(shaken(ALERT + AGAIN, AGAIN)) == [
        ("tls-records", ALERT), ("clear", AGAIN), ("clear", AGAIN),
    ]  # fmt: skip


def test_a_record_of_more_octets_than_there_can_be_is_none() -> None:
    assert told(shaken(b"\x16\x03\x03\xff\xff")) == [("clear", b"\x16\x03\x03\xff\xff")]


def test_the_next_connection_is_judged_anew() -> None:
    again = Step(
        seq=2, kind=StepKind.GREETING, scope=SCOPE, started_s=0, elapsed_s=0,
        evidence=Handshaken(sni=""), wire=(chunk(AGAIN, layer=Layer.CLEAR), chunk(ALERT)),
    )  # fmt: skip
    assert told(shaken(AGAIN), again)[-1] == ("tls-records", ALERT)


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_no_octet_is_lost(parts) -> None:
    assert b"".join(data for _, data in told(shaken(*parts))) == b"".join(parts)


def test_the_transcript_shows_what_came_in_the_place_of_tls() -> None:
    lines = [(line.by, line.text) for line in transcript([shaken(AGAIN)])]
    assert lines == [("C", "(TLS records, 9 octets)"), ("S", "220 mx.example.com ESMTP")]


def test_redaction_reaches_what_came_in_the_place_of_tls() -> None:
    trail = Trail("[192.0.2.1]").resolver().connect("192.0.2.1").greet()
    trace = trail.say(StepKind.EHLO, b"EHLO secret.corp.example\r\n", EHLO_REPLY).delivery().trace
    said = b"250 mx.example.com greets secret.corp.example\r\n"
    late = shaken(said, seq=trace.steps[-1].seq + 1)
    redacted = redact(Trace(header=trace.header, steps=(*trace.steps, late)))
    octets = b"".join(one.data for one in redacted.steps[-1].wire)
    assert b"250 mx.example.com greets" in octets
    assert b"secret.corp.example" not in octets
