"""SMTP dialogue: whatever the peer sends and whatever we would send, only our own misuse is refused."""

from collections.abc import Iterable

from mxwalk.errors import ProtocolMisuseError
from mxwalk.smtp.commands import Verb, command_problem
from mxwalk.smtp.dialogue import (
    NEED_DATA,
    PAUSED,
    ConnectionClosed,
    Dialogue,
    ReplyReceived,
    State,
)
from tests.fuzz.choices import Choices
from tests.fuzz.model import BrokenPromise, Target, printable, promise, refusing

_COMMANDS = (
    b"EHLO a.example\r\n", b"HELO a.example\r\n", b"STARTTLS\r\n", b"MAIL FROM:<>\r\n",
    b"MAIL FROM:<\xc3\xa4@a.example> SMTPUTF8\r\n", b"RCPT TO:<b@example.com>\r\n",
    b"RCPT TO:<\xc3\xa4@example.com>\r\n", b"RSET\r\n", b"NOOP\r\n", b"QUIT\r\n", b"HELP\r\n",
    b"VRFY b\r\n", b"EXPN b\r\n", b"DATA\r\n",
)  # fmt: skip
_REPLIES = (
    b"220 a\r\n", b"250 a\r\n", b"250-a\r\n250 STARTTLS\r\n", b"421 a\r\n", b"550 a\r\n", b"354 a\r\n",
    b"220 go\r\n250 injected\r\n", b"x\r\n", b"250", b"-a\r\n",
)  # fmt: skip
_MOST_ACTIONS = 60
_NOT_REACHED = frozenset({State.CLOSED})


class _Play:
    """A dialogue, and what it was given and handed out since the beginning or since TLS."""

    def __init__(self) -> None:
        self.dialogue = Dialogue()
        self.given = b""
        self.taken = b""
        self.ended = False

    def receive(self, data: bytes) -> None:
        self.given += data
        self.dialogue.receive_data(data)
        self.drain()

    def eof(self) -> None:
        self.ended = True
        self.dialogue.receive_eof()
        self.drain()

    def drain(self) -> None:
        """Take every event; each takes octets or closes, so that they come to an end."""
        for _ in range(len(self.given) + 3):
            event = self.dialogue.next_event()
            if event in (NEED_DATA, PAUSED):
                break
            if isinstance(event, ReplyReceived):
                self.taken += event.raw
                whole = self.taken + event.trailing
                cut = not event.reply.complete
                promise(self.given.startswith(whole) if cut else self.given == whole, "octets lost")
            else:
                promise(isinstance(event, ConnectionClosed) and self.ended, "closed by nobody")
        else:
            raise BrokenPromise("events without end")
        promise(self.dialogue.next_event() in (NEED_DATA, PAUSED), "an event appears by itself")

    def send(self, command: bytes) -> None:
        state, sent = self.dialogue.state, list[bytes]()
        before = self.dialogue.trailing_data
        with refusing(ProtocolMisuseError):
            sent.append(self.dialogue.send(command))
        if not sent:
            promise(self.dialogue.state is state, "a refused command changed the state")
            promise(self.dialogue.trailing_data == before, "a refused command took octets")
        else:
            promise(sent == [command] and command.endswith(b"\r\n"), "other octets are sent")
            promise(command.count(b"\n") == 1, "two commands at once")
            promise(state is not State.CLOSED, "sent when closed")
            promise(self.dialogue.awaiting_reply, "no reply is awaited")
        self.drain()

    def tls(self, *, established: bool) -> None:
        due = self.dialogue.state is State.TLS_UPGRADE
        with refusing(ProtocolMisuseError):
            if established:
                self.dialogue.tls_established()
            else:
                self.dialogue.tls_failed()
            promise(due, "TLS out of place is taken")
            if established:
                promise(not self.dialogue.trailing_data, "octets from before TLS count after it")
                self.given = self.taken = b""
        self.drain()


def _check(data: bytes) -> None:
    choices, play = Choices(data), _Play()
    for _ in range(_MOST_ACTIONS):
        match choices.number(8):
            case 0 | 1 | 2:
                play.receive(choices.pick(_REPLIES))
            case 3 | 4:
                play.send(choices.pick(_COMMANDS))
            case 5:
                own = choices.octets(choices.number(256))
                problem = command_problem(own, smtputf8=choices.flag())
                if problem is not None:
                    printable(problem, 300)
                play.send(own)
            case 6:
                play.receive(choices.octets(choices.number(256)))
            case _:
                match choices.number(4):
                    case 0:
                        play.eof()
                    case 1:
                        play.tls(established=False)
                    case _:
                        play.tls(established=True)
        if not choices.left:
            break
    for verb in Verb:
        if play.dialogue.may_send(verb):
            promise(play.dialogue.state not in _NOT_REACHED, "more may be sent when closed")


def _seeds() -> Iterable[bytes]:
    def story(*numbers: int, octets: bytes = b"") -> bytes:
        return octets + bytes(reversed(numbers))

    ehlo = (0, 0, 3, 0, 0, 2)
    yield story(*ehlo, 3, 9, 0, 0)
    yield story(*ehlo, 3, 2, 0, 0, 7, 2, 3, 0, 0, 2, 3, 9, 0, 0)
    yield story(*ehlo, 3, 2, 0, 6, 7, 2, 3, 0, 0, 1)
    yield story(*ehlo, 3, 3, 0, 1, 3, 5, 0, 4, 3, 7, 0, 1)
    yield story(*ehlo, 3, 4, 0, 1, 3, 6, 0, 1, 3, 8, 0, 3, 7, 0)
    yield story(
        *ehlo, 5, 20, 0, 6, 30, octets=b"VRFY <b@example.com>\r\n252 perhaps\r\n250 unasked\r\n"
    )
    for number in range(len(_COMMANDS)):
        yield story(0, 0, 3, number, 0, number % len(_REPLIES), 7, number % 4, 3, 9)
    for own in (
        b"MAIL FROM:<a@b> X=Y\r\n",
        b"MAIL FROM:<a@b>\r\nDATA\r\n",
        b"EHLO \x1b[m\r\n",
        b"ehlo a\r\n",
    ):
        yield story(*ehlo, 5, len(own), 0, 0, 1, octets=own)


TARGET = Target(
    promise="The peer can send anything at any time; we can send only what the table allows.",
    check=_check,
    calls=lambda size: 60_000 + 3_000 * size,
    max_len=1_024,
    words=(
        b"MAIL FROM:<",
        b"RCPT TO:<",
        b" SMTPUTF8",
        b"\r\n",
        b"EHLO ",
        b"250 ",
        b"421 ",
        b"220 ",
    ),
    seeds=_seeds,
)
