"""Each sentence that a connection's end is recorded with is told in the language spoken."""

import inspect
import re
from collections.abc import Callable, Mapping

import pytest

from mxwalk.dns.messages import UnaskableNameError, canonical_name
from mxwalk.dns.wire import read
from mxwalk.evidence.told import ending_words, no_answer_words
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.language import speaking
from mxwalk.net import endings
from mxwalk.net.endings import Peer
from mxwalk.smtp.commands import command_problem
from mxwalk.smtp.transitions import State
from mxwalk.text import visible

_PEER = Peer("192.0.2.1", 25)
_ALERT = Ending(
    kind=EndingKind.TLS_ALERT, detail="the peer ended TLS with the alert internal_error (80)"
)
_MADE: Mapping[str, tuple[Callable[[], Ending], ...]] = {
    "refused": (lambda: endings.refused(_PEER, 0.001),),
    "unreachable": (lambda: endings.unreachable(_PEER, 1.0, "no route to host"),),
    "no_connection": (lambda: endings.no_connection(_PEER, 30.0, 30.0),),
    "silence": (
        lambda: endings.silence(_PEER, 5.0, 5.0, "", began=False),
        lambda: endings.silence(_PEER, 5.0, 9.0, "", began=True),
        lambda: endings.silence(_PEER, 5.0, 5.0, " during the TLS handshake", began=False),
        lambda: endings.silence(_PEER, 5.0, 9.0, " during the TLS handshake", began=True),
    ),
    "unfinished": (
        lambda: endings.unfinished(_PEER, 5.0, 5.0, bytearray(b"250-1\r\n")),
        lambda: endings.unfinished(_PEER, 5.0, 5.0, bytearray(b"250-1\r\n250")),
    ),
    "unread": (lambda: endings.unread(_PEER, 5.0, 5.0),),
    "closed": (
        lambda: endings.closed(_PEER, 1.0),
        lambda: endings.closed(_PEER, 1.0, " during the TLS handshake"),
        lambda: endings.closed(_PEER, 1.0, "", " and refused what was sent afterwards"),
    ),
    "half_closed": (lambda: endings.half_closed(_PEER, 1.0, 0.5),),
    "too_long": (lambda: endings.too_long(_PEER, 65_536, 1.0),),
    "too_much": (lambda: endings.too_much(_PEER, 65_536, 1.0),),
    "too_many": (lambda: endings.too_many(_PEER, 1_000, 1.0),),
    "dripping": (lambda: endings.dripping(_PEER, 10, 5.0, 50.0),),
    "cancelled": (lambda: endings.cancelled(_PEER, 1.0),),
    "over_tls": (lambda: endings.over_tls(_PEER, _ALERT, 1.0),),
    "from_dialling": (
        lambda: endings.from_dialling(_PEER, ConnectionResetError(104, ""), 1.0),
        lambda: endings.from_dialling(_PEER, OSError(24, "Too many open files"), 1.0),
    ),
    "from_open": (
        lambda: endings.from_open(_PEER, ConnectionResetError(104, ""), 1.0),
        lambda: endings.from_open(_PEER, OSError(110, ""), 1.0),
        lambda: endings.from_open(_PEER, OSError(5, ""), 1.0),
    ),
}
_TERMS = {"TLS", "RST", "ACK", "mxwalk", "close_notify", "alert", "internal_error"}
_COMMAND_WORDS = {
    "CRLF",
    "DATA",
    "XYZ",
    "NOOP",
    "MAIL",
    "FROM",
    "QUIT",
    "RCPT",
    "EHLO",
    "SMTPUTF",
    "ASCII",
    "UTF",
    "address",
}


def test_every_kind_of_ending_is_here():
    writers = {
        name
        for name, function in inspect.getmembers(endings, inspect.isfunction)
        if inspect.signature(function).return_annotation is Ending
    }
    assert writers == set(_MADE)


@pytest.mark.parametrize("make", [one for made in _MADE.values() for one in made])
def test_how_a_connection_ended_is_told_in_korean_and_kept_in_english(make):
    detail = make().detail
    assert ending_words(detail) == detail
    with speaking("ko"):
        told = ending_words(make().detail)
        assert make().detail == detail
    assert "192.0.2.1" in told
    assert {*re.findall(r"[A-Za-z_]{2,}", told)} <= _TERMS


def test_what_is_no_sentence_of_ours_stays_and_is_made_visible():
    with speaking("ko"):
        assert ending_words("the cable \x1b[31m burnt") == "the cable \\x1b[31m burnt"
        assert ending_words("192.0.2.1 port 25 {peer} " * 100).startswith(
            "192.0.2.1 port 25 {peer}"
        )


@pytest.mark.parametrize(
    "detail",
    [
        "only 12 bytes came in 9 s and no end of the reply",
        "mxwalk stopped reading: the reply had no end within 65536 bytes",
        "the server spoke before anything was asked: 250 1",
        "cancelled after 1.5 s of waiting for the reply",
    ],
)
def test_how_a_dialogue_ended_is_told_in_korean(detail):
    with speaking("ko"):
        assert {*re.findall(r"[A-Za-z_]{2,}", ending_words(detail))} <= _TERMS


@pytest.mark.parametrize(
    "error",
    [
        "no answer from 192.0.2.53:53 within 2 s (asked twice over UDP)",
        (
            "no answer from 192.0.2.53:53 within 0.5 s (asked twice over UDP); 3 datagrams that"
            " answer something else were ignored"
        ),
        (
            "192.0.2.53:53 cannot be reached: nothing listens there; [2001:db8::53]:53 cannot be"
            " reached: Network is unreachable"
        ),
        "the answer over UDP was truncated; no answer from 192.0.2.53:53 over TCP within 2 s",
        "192.0.2.53:53 closed the TCP connection before the whole answer had come",
        "192.0.2.53:53 sent a message over TCP that does not answer the question",
        "192.0.2.53:53 answered SERVFAIL",
        "192.0.2.53:53 answered SERVFAIL; extended error 22",
    ],
)
def test_why_the_dns_did_not_answer_is_told_in_korean(error):
    assert no_answer_words(error) == error
    with speaking("ko"):
        told = no_answer_words(error)
    assert {*re.findall(r"[A-Za-z_]{2,}", told)} <= {"UDP", "TCP", "SERVFAIL", "db"}


@pytest.mark.parametrize("name", ["", "a..b", "x" * 64, "a\\25", "ä" * 70, "x." * 130, "ä\u2603"])
def test_why_a_name_cannot_be_asked_is_english_in_the_trace_and_told_in_korean(name):
    with speaking("ko"), pytest.raises(UnaskableNameError) as raised:
        canonical_name(name)
    assert not re.search(r"[\uac00-\ud7a3]", str(raised.value))
    assert no_answer_words(str(raised.value)) == visible(str(raised.value), 300)
    with speaking("ko"):
        told = no_answer_words(str(raised.value))
    assert {*re.findall(r"[A-Za-z_]{2,}", told.rpartition("'")[2])} <= {"DNS", "IDNA"}
    assert told != str(raised.value)


@pytest.mark.parametrize("length", range(45))
def test_what_cannot_be_read_of_a_message_is_told_in_korean(length):
    whole = "123481800001000100000000076578616d706c65036e65740000010001c00c0001"
    problem = read(bytes.fromhex(whole)[:length]).problem
    with speaking("ko"):
        told = no_answer_words(f"the answer from 192.0.2.53:53 cannot be read: {problem}")
    assert {*re.findall(r"[A-Za-z_]{2,}", told)} <= {"DNS"}


@pytest.mark.parametrize("piece", ["a; ", "192.0.2.1 port 25: ", " (after 1 second)", "x: "])
def test_sentences_within_sentences_without_an_end_take_no_time(piece):
    with speaking("ko"):
        assert ending_words(piece * 200)
        assert no_answer_words(piece * 200)


_SYSTEMS = ("Permission denied", "No space left on device", "nothing listens there", "a; closed")


@pytest.mark.parametrize("said", _SYSTEMS)
@pytest.mark.parametrize(
    "sentence",
    [
        '192.0.2.1 port 25 sent "{said}" without the end of the line, then nothing for 3 seconds',
        '192.0.2.1 port 25 sent "{said}" and not the last line, then nothing for 3 seconds',
        "the server spoke before anything was asked: {said}",
        "the server spoke before anything was asked: {said} (after 3 seconds)",
        "starttls was answered {said}",
        "what came was no TLS; it begins: {said}",
        "192.0.2.1 port 25: what came was no TLS; it begins: {said} (after 3 seconds)",
    ],
)
def test_what_the_server_said_stays_as_it_said_it(sentence, said):
    with speaking("ko"):
        told = ending_words(sentence.format(said=said))
    assert said in told
    assert told != sentence.format(said=said)


@pytest.mark.parametrize("said", _SYSTEMS)
@pytest.mark.parametrize(
    "sentence",
    [
        "192.0.2.53:53 answered SERVFAIL; extended error 22: {said}",
        "192.0.2.53:53 answered SERVFAIL; extended error 9; extended error 22: {said}",
        "192.0.2.53:53 answered REFUSED; extended error 9: x; extended error 22: {said}",
        "the CNAME records lead back to {said}",
        "'{said}' cannot be asked: the name is empty",
    ],
)
def test_what_the_dns_server_said_stays_as_it_said_it(sentence, said):
    with speaking("ko"):
        told = no_answer_words(sentence.format(said=said))
    assert said in told
    assert told != sentence.format(said=said)


@pytest.mark.parametrize(
    "command",
    [
        b"NOOP",
        b"NO\rOP\r\n",
        b"\r\n",
        b" NOOP\r\n",
        b"DATA\r\n",
        b"XYZ\r\n",
        b"NOOP " + b"x" * 2_000 + b"\r\n",
        b"NOOP \x01\r\n",
        b"NOOP \xc3\xa4\r\n",
        b"MAIL FROM:<\xff@example.com>\r\n",
        b"MAIL FROM:<\xc3\xa4@example.com>\r\n",
        b"QUIT now\r\n",
        b"MAIL <u@example.com>\r\n",
        b"RCPT TO:<>\r\n",
        b"EHLO\r\n",
    ],
)
def test_why_a_command_was_not_sent_is_told_in_korean(command):
    why = command_problem(command)
    assert why is not None
    with speaking("ko"):
        told = ending_words(f"not sent: {why}")
        assert command_problem(command) in told
    assert {*re.findall(r"[A-Za-z_]{2,}", told)} <= _COMMAND_WORDS


@pytest.mark.parametrize("state", [one for one in State if not one.value.startswith("awaiting")])
def test_where_a_dialogue_stands_is_told_in_korean(state):
    with speaking("ko"):
        told = ending_words(f"not sent: MAIL cannot be sent: the dialogue is {state.value}.")
    assert {*re.findall(r"[A-Za-z_]{2,}", told)} <= {"MAIL", "EHLO", "HELO", "TLS"}
