"""The dialogue machine, by playbooks: ``<<`` is what we send, ``>>`` what the peer sends.

``--`` states what is true then: the state, or what the last event was.  Every playbook is also
played with the peer's octets arriving one at a time.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mxwalk.errors import ProtocolMisuseError
from mxwalk.smtp.commands import Verb
from mxwalk.smtp.dialogue import (
    NEED_DATA,
    PAUSED,
    ConnectionClosed,
    Dialogue,
    Event,
    Pause,
    ReplyReceived,
)
from mxwalk.smtp.model import Deviation
from mxwalk.smtp.transitions import TRANSITIONS, Back, Input, State
from tests.hostile import HOSTILE

EHLO = b"EHLO probe.example.net\r\n"
OFFER = b"250-mx.example.com\r\n250 STARTTLS\r\n"

PLAYBOOKS = {
    "a whole walk with TLS and an envelope": """
        -- CONNECTED
        >> 220 mx.example.com ESMTP
        -- GREETED
        << EHLO probe.example.net
        -- EHLO_SENT
        >> 250-mx.example.com
        -- EHLO_SENT
        >> 250 STARTTLS
        -- READY
        << STARTTLS
        -- STARTTLS_SENT
        >> 220 2.0.0 go ahead
        -- TLS_UPGRADE
        == tls established
        -- TLS_READY
        << EHLO probe.example.net
        -- TLS_EHLO_SENT
        >> 250 mx.example.com
        -- SECURE
        << MAIL FROM:<a@example.com>
        -- MAIL_SENT
        >> 250 2.1.0 ok
        -- TRANSACTION
        << RCPT TO:<b@example.com>
        -- RCPT_SENT
        >> 550 5.1.1 no such user
        -- TRANSACTION
        << RCPT TO:<c@example.com>
        >> 250 ok
        -- TRANSACTION
        << RSET
        -- RSET_SENT
        >> 250 ok
        -- SECURE
        << QUIT
        -- QUIT_SENT
        >> 221 bye
        -- CLOSED
    """,
    "STARTTLS named before the greeting: the machine goes on, the readings tell": """
        >> 220 mail.domain1.com ESMTP Service ready
        << EHLO ESA.com
        >> 250-STARTTLS
        >> 250-mail.domain1.com
        >> 250-8BITMIME
        >> 250-PIPELINING
        >> 250-HELP
        >> 250-DELIVERBY 300
        -- EHLO_SENT
        >> 250 SIZE 30000000
        -- READY
    """,
    "the right order": """
        >> 220 mail-esa.com ESMTP
        << EHLO connecting.server.com
        >> 250-mail-esa.com
        >> 250-8BITMIME
        >> 250-SIZE 33554432
        >> 250 STARTTLS
        -- READY
        << STARTTLS
        -- STARTTLS_SENT
    """,
    "EHLO refused, HELO instead, no STARTTLS": """
        >> 220 mx.example.com
        << EHLO probe.example.net
        >> 502 not implemented
        -- GREETED
        << HELO probe.example.net
        -- HELO_SENT
        >> 250 mx.example.com
        -- HELO_READY
        !! STARTTLS
        << MAIL FROM:<>
        >> 451 later
        -- HELO_READY
        << QUIT
        >> 500 what
        -- CLOSED
    """,
    "STARTTLS refused leaves the dialogue in clear": """
        >> 220 mx.example.com
        << EHLO probe.example.net
        >> 250 mx.example.com
        << STARTTLS
        >> 454 TLS not available
        -- READY
        << STARTTLS
        -- STARTTLS_SENT
    """,
    "greeting refused, QUIT only": """
        >> 554 no SMTP service here
        -- REJECTED
        !! EHLO probe.example.net
        !! NOOP
        << QUIT
        >> 221 bye
        -- CLOSED
    """,
    "421 instead of a greeting": """
        >> 421 too busy
        -- CLOSING
        !! EHLO probe.example.net
    """,
    "421 in the middle of EHLO": """
        >> 220 mx.example.com
        << EHLO probe.example.net
        >> 421 shutting down
        -- CLOSING
        << QUIT
        >> 221 bye
        -- CLOSED
    """,
    "421 that nobody asked for": """
        >> 220 mx.example.com
        << EHLO probe.example.net
        >> 250 mx.example.com
        -- READY
        >> 421 idle for too long
        -- CLOSING
    """,
    "asides change nothing": """
        >> 220 mx.example.com
        << NOOP
        -- ASIDE_SENT
        >> 250 ok
        -- GREETED
        << EHLO probe.example.net
        >> 250 mx.example.com
        << VRFY postmaster
        >> 252 cannot verify
        -- READY
        << EXPN staff
        >> 550 no
        << HELP
        >> 214 help
        -- READY
        << MAIL FROM:<a@example.com>
        >> 250 ok
        << NOOP
        >> 250 ok
        -- TRANSACTION
        !! MAIL FROM:<a@example.com>
        !! EHLO probe.example.net
        << RSET
        >> 500 unknown
        -- TRANSACTION
        << RSET
        >> 250 ok
        -- READY
    """,
    "TLS is not begun twice, and EHLO comes first inside it": """
        >> 220 mx.example.com
        << EHLO probe.example.net
        >> 250 mx.example.com
        << STARTTLS
        >> 220 go
        !! EHLO probe.example.net
        !! QUIT
        == tls established
        !! STARTTLS
        !! MAIL FROM:<>
        << EHLO probe.example.net
        >> 500 no
        -- TLS_READY
        << HELO probe.example.net
        >> 250 mx.example.com
        -- SECURE
        !! STARTTLS
    """,
    "failed handshake: nothing more is sent": """
        >> 220 mx.example.com
        << EHLO probe.example.net
        >> 250 mx.example.com
        << STARTTLS
        >> 220 go
        == tls failed
        -- BROKEN
        !! QUIT
    """,
}  # fmt: skip


def drain(dialogue: Dialogue) -> list[Event]:
    events: list[Event] = []
    while not isinstance(event := dialogue.next_event(), Pause):
        events.append(event)
    return events


def play(text: str, *, octets_at_a_time: int) -> Dialogue:
    dialogue = Dialogue()
    for line in text.strip().splitlines():
        mark, _, rest = line.strip().partition(" ")
        wire = rest.encode() + b"\r\n"
        if mark == "<<":
            assert dialogue.send(wire) == wire
        elif mark == "!!":
            before = dialogue.state
            with pytest.raises(ProtocolMisuseError):
                dialogue.send(wire)
            assert dialogue.state is before
        elif mark == ">>":
            for start in range(0, len(wire), octets_at_a_time):
                dialogue.receive_data(wire[start : start + octets_at_a_time])
                drain(dialogue)
        elif mark == "==":
            {"tls established": dialogue.tls_established, "tls failed": dialogue.tls_failed}[rest]()
        else:
            assert dialogue.state is State[rest], line
    return dialogue


@pytest.mark.parametrize("octets_at_a_time", [1, 7, 1_000])
@pytest.mark.parametrize("text", PLAYBOOKS.values(), ids=PLAYBOOKS.keys())
def test_playbook(text: str, octets_at_a_time: int) -> None:
    dialogue = play(text, octets_at_a_time=octets_at_a_time)
    assert dialogue.trailing_data == b""


def ready() -> Dialogue:
    dialogue = Dialogue()
    for wire in (b"220 mx.example.com\r\n", EHLO, OFFER):
        if wire is EHLO:
            dialogue.send(wire)
        else:
            dialogue.receive_data(wire)
            assert drain(dialogue)
    return dialogue


def test_event_carries_reply_raw_and_the_command_it_answers() -> None:
    dialogue = Dialogue()
    dialogue.receive_data(b"220 mx.example.com\r\n")
    greeting = dialogue.next_event()
    assert isinstance(greeting, ReplyReceived)
    assert (greeting.verb, greeting.raw, greeting.trailing) == (
        None,
        b"220 mx.example.com\r\n",
        b"",
    )
    dialogue.send(EHLO)
    dialogue.receive_data(OFFER)
    answer = dialogue.next_event()
    assert isinstance(answer, ReplyReceived)
    assert (answer.verb, answer.reply.code, answer.raw) == (Verb.EHLO, 250, OFFER)


def test_bytes_behind_the_reply_to_starttls_are_kept_and_never_read() -> None:  # CVE-2011-0411
    dialogue = ready()
    dialogue.send(b"STARTTLS\r\n")
    dialogue.receive_data(b"220 go ahead\r\n250 injected\r\n")
    event = dialogue.next_event()
    assert isinstance(event, ReplyReceived)
    assert (event.raw, event.trailing) == (b"220 go ahead\r\n", b"250 injected\r\n")
    dialogue.receive_data(b"250 more")
    assert dialogue.next_event() is PAUSED
    assert dialogue.trailing_data == b"250 injected\r\n250 more"
    dialogue.tls_established()
    assert dialogue.trailing_data == b""
    dialogue.send(EHLO)
    assert dialogue.next_event() is NEED_DATA


def test_second_command_before_the_reply_is_our_mistake() -> None:
    dialogue = ready()
    dialogue.send(b"NOOP\r\n")
    with pytest.raises(ProtocolMisuseError, match="the reply to NOOP is still to come"):
        dialogue.send(b"QUIT\r\n")


def test_command_before_the_greeting_is_our_mistake() -> None:
    with pytest.raises(ProtocolMisuseError, match="the greeting is still to come"):
        Dialogue().send(EHLO)


@pytest.mark.parametrize(
    "raw", [b"DATA\r\n", b"BDAT 3 LAST\r\n", b"EHLO a.example\r\nQUIT\r\n", b"QUIT"]
)
def test_message_commands_and_malformed_ones_are_refused_in_every_state(raw: bytes) -> None:
    for text in PLAYBOOKS.values():
        dialogue = play(text, octets_at_a_time=1_000)
        with pytest.raises(ProtocolMisuseError):
            dialogue.send(raw)


def test_unasked_reply_waits_and_answers_the_next_command() -> None:
    dialogue = ready()
    dialogue.receive_data(b"250 too much\r\n")
    assert dialogue.next_event() is NEED_DATA
    assert dialogue.next_event() is NEED_DATA
    assert dialogue.trailing_data == b"250 too much\r\n"
    dialogue.send(b"NOOP\r\n")
    event = dialogue.next_event()
    assert isinstance(event, ReplyReceived)
    assert (event.raw, event.verb, event.trailing) == (b"250 too much\r\n", Verb.NOOP, b"")
    assert dialogue.state is State.READY


def test_two_replies_at_once_show_the_second_as_trailing() -> None:
    dialogue = Dialogue()
    dialogue.receive_data(b"220 a\r\n250 b\r\n")
    event = dialogue.next_event()
    assert isinstance(event, ReplyReceived)
    assert event.trailing == b"250 b\r\n"


def test_end_of_stream_with_a_reply_due_and_without() -> None:
    waiting, idle = Dialogue(), ready()
    for dialogue, awaited in ((waiting, True), (idle, False)):
        dialogue.receive_eof()
        assert dialogue.next_event() == ConnectionClosed(awaited=awaited)
        assert dialogue.state is State.CLOSED
        assert dialogue.next_event() is NEED_DATA
        with pytest.raises(ProtocolMisuseError):
            dialogue.send(b"QUIT\r\n")


def test_end_of_stream_behind_an_unasked_reply_is_seen() -> None:
    dialogue = ready()
    dialogue.receive_data(b"250 too much\r\n")
    dialogue.receive_eof()
    assert dialogue.next_event() == ConnectionClosed(awaited=False)
    assert dialogue.trailing_data == b"250 too much\r\n"


def test_end_of_stream_inside_a_reply_hands_out_what_came() -> None:
    dialogue = ready()
    dialogue.send(EHLO)
    dialogue.receive_data(b"250-mx.example.com\r\n250-STA")
    dialogue.receive_eof()
    event = dialogue.next_event()
    assert isinstance(event, ReplyReceived)
    assert (event.reply.complete, event.raw) == (False, b"250-mx.example.com\r\n250-STA")
    assert dialogue.state is State.BROKEN
    assert dialogue.next_event() == ConnectionClosed(awaited=False)


def test_reply_over_its_limit_ends_the_dialogue() -> None:
    dialogue = Dialogue()
    dialogue.receive_data(b"220-" + b"x" * 10_000)
    event = dialogue.next_event()
    assert isinstance(event, ReplyReceived)
    assert Deviation.LINE_CUT in event.reply.deviations
    assert dialogue.state is State.BROKEN
    assert not dialogue.may_send(Verb.QUIT)


@pytest.mark.parametrize("wire", [b"354 go\r\n", b"150 wait\r\n", b"hello\r\n", b"000 zero\r\n"])
def test_reply_that_is_not_2yz_is_no_success(wire: bytes) -> None:
    dialogue = ready()
    dialogue.send(b"STARTTLS\r\n")
    dialogue.receive_data(wire)
    assert isinstance(dialogue.next_event(), ReplyReceived)
    assert dialogue.state is State.READY


def test_smtputf8_holds_for_its_transaction_only() -> None:
    dialogue = ready()
    rcpt = "RCPT TO:<ü@example.com>\r\n".encode()
    for command in (
        "MAIL FROM:<ü@example.com> SMTPUTF8\r\n".encode(),
        rcpt,
        b"RSET\r\n",
        b"MAIL FROM:<>\r\n",
    ):
        dialogue.send(command)
        dialogue.receive_data(b"250 ok\r\n")
        drain(dialogue)
    with pytest.raises(ProtocolMisuseError, match="SMTPUTF8"):
        dialogue.send(rcpt)


def test_tls_events_out_of_place_are_our_mistake() -> None:
    for act in (Dialogue.tls_established, Dialogue.tls_failed):
        with pytest.raises(ProtocolMisuseError):
            act(ready())


def test_table_knows_an_answer_to_every_command_it_allows() -> None:
    for (_, moved_by), target in TRANSITIONS.items():
        if isinstance(moved_by, Verb):
            assert isinstance(target, State)
            for answer in (
                Input.POSITIVE,
                Input.NEGATIVE,
                Input.SERVICE_CLOSING,
                Input.BROKEN,
                Input.EOF,
            ):
                assert (target, answer) in TRANSITIONS


def test_table_reaches_every_state_and_every_verb() -> None:
    reached = {
        State.CONNECTED,
        *(target for target in TRANSITIONS.values() if isinstance(target, State)),
    }
    assert reached == set(State)
    assert {moved_by for _, moved_by in TRANSITIONS if isinstance(moved_by, Verb)} == set(Verb)
    assert {target for target in TRANSITIONS.values() if isinstance(target, Back)} == set(Back)


_COMMANDS = {
    Verb.EHLO: EHLO,
    Verb.STARTTLS: b"STARTTLS\r\n",
    Verb.MAIL: b"MAIL FROM:<>\r\n",
    Verb.RSET: b"RSET\r\n",
    Verb.NOOP: b"NOOP\r\n",
    Verb.QUIT: b"QUIT\r\n",
    Verb.HELO: b"HELO a.b\r\n",
}

_ACTIONS = st.one_of(
    st.sampled_from(
        [
            b"220 a\r\n",
            b"250-a\r\n",
            b"250 b\r\n",
            b"421 c\r\n",
            b"554 d\r\n",
            b"\n",
            "eof",
            "tls",
        ]
    ),
    st.sampled_from(list(_COMMANDS)),
    st.binary(max_size=5),
)


@example([b"220 a\r\n", b"QUIT"])
@given(st.lists(_ACTIONS, max_size=40))
def test_peer_can_send_anything_at_any_time(actions: list[Verb | bytes | str]) -> None:
    dialogue = Dialogue()
    received, handed_out = b"", b""
    for action in actions:
        if isinstance(action, bytes):
            dialogue.receive_data(action)
            received += action
        elif isinstance(action, Verb):
            if dialogue.may_send(action):
                dialogue.send(_COMMANDS[action])
        elif action == "eof":
            dialogue.receive_eof()
        elif dialogue.state is State.TLS_UPGRADE:
            handed_out += dialogue.trailing_data
            dialogue.tls_established()
        for event in drain(dialogue):
            if isinstance(event, ReplyReceived):
                handed_out += event.raw
    assert handed_out + dialogue.trailing_data == received


@pytest.mark.parametrize("octets", HOSTILE)
def test_hostile_octets_raise_nothing(octets: bytes) -> None:
    for dialogue in (Dialogue(), ready()):
        dialogue.receive_data(octets)
        drain(dialogue)
        dialogue.receive_eof()
        drain(dialogue)
        assert dialogue.state is State.CLOSED
