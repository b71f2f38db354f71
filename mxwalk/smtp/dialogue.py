"""The client's side of an SMTP dialogue as a state machine without I/O.

RFC 5321 3 and 4.1.4 order the commands, RFC 3207 adds STARTTLS.  Every transition stands in the
table of ``mxwalk.smtp.transitions``; what is not in it is our own mistake and raises
``ProtocolMisuseError``, while anything the peer sends is an event.  It works in lock-step: one
command, then its reply, never two commands at once.  After a positive reply to STARTTLS it pauses,
and what had arrived behind that reply is kept as ``trailing_data``: it came in clear and must not
count after TLS (the CVE-2011-0411 class).  DATA and BDAT are refused always.
"""

import enum
from dataclasses import dataclass

from mxwalk.errors import ProtocolMisuseError
from mxwalk.language import ENGLISH, speaking
from mxwalk.smtp.commands import Verb, command_problem, helo_name_problem, parse_command
from mxwalk.smtp.model import SERVICE_CLOSING, Reply
from mxwalk.smtp.replies import ReplyParser
from mxwalk.smtp.transitions import TRANSITIONS, Back, Input, State

__all__ = [
    "NEED_DATA",
    "PAUSED",
    "ConnectionClosed",
    "Dialogue",
    "Event",
    "Pause",
    "ReplyReceived",
    "State",
    "Verb",
    "command_problem",
    "helo_name_problem",
    "parse_command",
]


class Pause(enum.Enum):
    """Answers of ``next_event`` that are no event."""

    NEED_DATA = "more bytes from the peer are needed, or a command from us"
    TLS = "the TLS handshake is due; nothing is read as SMTP before it"


NEED_DATA = Pause.NEED_DATA
PAUSED = Pause.TLS

_AWAITING = frozenset(state for state, moved_by in TRANSITIONS if moved_by is Input.NEGATIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyReceived:
    """A reply; ``verb`` is the command it answers, ``None`` for the greeting or an unasked 421.

    ``trailing`` holds what had arrived behind it by then.  An incomplete reply (``reply.complete``)
    means that the connection is to be closed.
    """

    reply: Reply
    raw: bytes
    trailing: bytes
    verb: Verb | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionClosed:
    """The peer ended the stream without a reply; ``awaited`` says whether one was due."""

    awaited: bool


Event = ReplyReceived | ConnectionClosed | Pause


class Dialogue:
    """One connection's dialogue, from the greeting on."""

    def __init__(self) -> None:
        self._state = State.CONNECTED
        self._origin = State.CONNECTED
        self._session = State.GREETED
        self._verb: Verb | None = None
        self._smtputf8 = False
        self._parser = ReplyParser()
        self._held: Reply | None = None  # it came unasked and waits for the next command

    @property
    def state(self) -> State:
        """Where the dialogue stands."""
        return self._state

    @property
    def awaiting_reply(self) -> bool:
        """Whether a reply (or the greeting) is due from the peer."""
        return self._state in _AWAITING

    @property
    def trailing_data(self) -> bytes:
        """Bytes received that no event has handed out yet."""
        return (self._held.raw if self._held else b"") + self._parser.trailing_data

    def may_send(self, verb: Verb) -> bool:
        """Say whether the table has ``verb`` in the present state."""
        return (self._state, verb) in TRANSITIONS

    def send(self, command: bytes) -> bytes:
        """Take note that ``command`` is sent now, and return the bytes to send.

        Raises ``ProtocolMisuseError`` when it is malformed or the table forbids it.
        """
        with speaking(ENGLISH):  # what is raised may be recorded
            parsed = parse_command(command, smtputf8=self._smtputf8)
        if not self.may_send(parsed.verb):
            raise ProtocolMisuseError(f"{parsed.verb.value} cannot be sent: {self._where()}.")
        if parsed.verb is Verb.MAIL:
            self._smtputf8 = parsed.wants_utf8
        self._origin = self._state
        self._verb = parsed.verb
        self._move(parsed.verb)
        return parsed.raw

    def receive_data(self, data: bytes) -> None:
        """Take bytes from the peer."""
        self._parser.receive_data(data)

    def receive_eof(self) -> None:
        """Take note that the peer sends no more."""
        self._parser.receive_eof()

    def next_event(self) -> Event:
        """Return what happened next, ``NEED_DATA``, or ``PAUSED`` while TLS is due.

        A reply nobody asked for stays in ``trailing_data`` until a command takes it as its answer, as
        it would with any client in lock-step; only 421 is handed out at once.
        """
        if self._state is State.TLS_UPGRADE:
            return PAUSED
        if self._state is State.CLOSED:
            return NEED_DATA
        reply = self._held or self._parser.next_reply()
        self._held = None
        if reply is None:
            if not self._parser.at_eof:
                return NEED_DATA
            awaited = self.awaiting_reply
            self._move(Input.EOF)
            return ConnectionClosed(awaited=awaited)
        if not self.awaiting_reply and _classify(reply) in (Input.POSITIVE, Input.NEGATIVE):
            self._held = reply
            if not self._parser.at_eof:
                return NEED_DATA
            self._move(Input.EOF)
            return ConnectionClosed(awaited=False)
        verb = self._verb if self.awaiting_reply else None
        self._verb = None
        self._move(_classify(reply, verb))
        return ReplyReceived(reply=reply, raw=reply.raw, trailing=self.trailing_data, verb=verb)

    def tls_established(self) -> None:
        """Go on inside TLS; everything received before it is forgotten (RFC 3207 4.2)."""
        self._move(Input.TLS_ESTABLISHED)
        self._parser = ReplyParser()
        self._session = State.TLS_READY

    def tls_failed(self) -> None:
        """Give the connection up: after a failed handshake nobody knows what the peer reads."""
        self._move(Input.TLS_FAILED)

    def _move(self, moved_by: Verb | Input) -> None:
        target = TRANSITIONS.get((self._state, moved_by))
        if target is None:
            raise ProtocolMisuseError(f"{moved_by.value}: impossible, {self._where()}.")
        if target is Back.ORIGIN:
            target = self._origin
        elif target is Back.SESSION:
            target = self._session
        assert isinstance(target, State)
        if target in (State.READY, State.HELO_READY, State.SECURE):
            self._session = target
        if target is self._session:
            self._smtputf8 = False
        self._state = target

    def _where(self) -> str:
        if self._state is State.CONNECTED:
            return "the greeting is still to come"
        if self.awaiting_reply and self._verb is not None:
            return f"the reply to {self._verb.value} is still to come"
        return f"the dialogue is {self._state.value}"


def _classify(reply: Reply, verb: Verb | None = None) -> Input:
    if not reply.complete:
        return Input.BROKEN
    if reply.code == SERVICE_CLOSING:
        return Input.SERVICE_CLOSING
    if verb is Verb.STARTTLS and reply.code != 220:  # RFC 3207 4: 220 alone says "ready"
        return Input.NEGATIVE
    return Input.POSITIVE if reply.code // 100 == 2 else Input.NEGATIVE  # RFC 5321 4.2.1
