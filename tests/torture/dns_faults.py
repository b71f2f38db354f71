"""What can be done to a DNS message, and the relay that does it between the resolver and the lab.

The relay speaks UDP itself; its TCP port is a ``Proxy`` before the lab's, so that a stream of DNS can be
harmed like any other.  A message is named by its question, ``dns:QNAME:TYPE`` and ``:cd`` behind it
where checking is disabled; the fault holds for every answer to it, unless its name says once.
"""

import asyncio
import enum
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import dns.flags
import dns.message
import dns.name
import dns.rdatatype

from tests.torture.faults import DELAY_S, Fault, Way, changed

Respond = Callable[[bytes, bool], bytes | None]


class DnsFault(enum.Enum):
    """A fault of a whole message, or of one from an octet on; beside ``faults.CHANGES``."""

    CUT = "cut"  # the datagram ends before the octet
    LOSE = "lose"
    LOSE_ONCE = "lose-once"
    TC = "tc"
    WRONG_ID = "wrong-id"
    WRONG_ID_ONCE = "wrong-id-once"
    WRONG_QUESTION = "wrong-question"
    WRONG_QUESTION_ONCE = "wrong-question-once"
    LATE = "late"  # behind the answer to the next question
    SLOW = "slow"  # later than the client waits
    DELAY = "delay"
    GARBAGE = "garbage"  # noise behind the right id
    GARBAGE_ONCE = "garbage-once"
    NOISE = "noise"
    EMPTY = "empty"
    OTHER = "other"  # the answer to another question, with this one's id
    OTHER_AS_THIS = "other-as-this"  # likewise, with this one's question
    MIXED = "mixed"  # another one's answer first, then the right one
    DOUBLED = "doubled"
    BEHIND = "behind"  # octets behind the message


ONCE = frozenset(
    {
        DnsFault.LOSE_ONCE,
        DnsFault.WRONG_ID_ONCE,
        DnsFault.WRONG_QUESTION_ONCE,
        DnsFault.GARBAGE_ONCE,
        DnsFault.LATE,
    }
)
MESSAGE_FAULTS = tuple(fault for fault in DnsFault if fault is not DnsFault.CUT)
SLOW_S = 60.0


def question_name(wire: bytes) -> str:
    """Return the name that a query goes by here; empty for what is none."""
    try:
        message = dns.message.from_wire(wire, question_only=True)
        (question,) = message.question
    except (dns.exception.DNSException, ValueError):
        return ""
    name = question.name.to_text(omit_final_dot=True).lower()
    cd = ":cd" if message.flags & dns.flags.CD else ""
    return f"dns:{name}:{dns.rdatatype.to_text(question.rdtype)}{cd}"


@dataclass(slots=True, kw_only=True)
class ArmedAnswer:
    """A fault that waits for the messages of a question."""

    name: str
    way: Way
    position: int
    fault: Fault | DnsFault
    hits: int = 0


@dataclass(slots=True)
class Relay:
    """Answers the walk's datagrams from the lab's, with the fault; ``asked`` are the questions by name.

    ``known`` are those of a whole walk, whether this one has come to them or not.
    """

    respond: Respond
    armed: ArmedAnswer | None = None
    asked: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    known: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    _answers: dict[bytes, bytes | None] = field(default_factory=dict)
    _transport: asyncio.DatagramTransport | None = None
    _kept_back: list[tuple[bytes, tuple[str, int]]] = field(default_factory=list)
    _timers: set[asyncio.TimerHandle] = field(default_factory=set)

    def begin(self, armed: ArmedAnswer | None) -> None:
        """Forget the walk before."""
        self.armed = armed
        self.asked = {}
        self._kept_back = []
        for timer in self._timers:
            timer.cancel()
        self._timers = set()

    async def start(self, port: int) -> None:
        """Listen on the port, which must be free for UDP."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: _Endpoint(self), local_addr=("127.0.0.1", port)
        )

    def stop(self) -> None:
        self.begin(None)
        if self._transport is not None:
            self._transport.abort()

    def came(self, query: bytes, sender: tuple[str, int]) -> None:
        """Answer one datagram."""
        name = question_name(query)
        armed = self.armed if self.armed is not None and self.armed.name == name else None
        if armed is not None and armed.fault in ONCE and armed.hits:
            armed = None
        if armed is not None and armed.way is Way.CLIENT:
            armed.hits += 1
            query = _harmed(armed, query)
        answer = self._answer(query)
        if answer is None:
            return
        self.asked.setdefault(name, (query, answer))
        kept_back, self._kept_back = self._kept_back, []
        if armed is not None and armed.way is Way.SERVER:
            armed.hits += 1
            self._send_harmed(armed, answer, sender)
        else:
            self._send(answer, sender)
        for late, to in kept_back:
            self._send(late, to)

    def _answer(self, query: bytes) -> bytes | None:
        """Return the lab's answer, which is the same each time but for the id."""
        ident, asked = query[:2], query[2:]
        if asked not in self._answers:
            self._answers[asked] = self.respond(query, False)
        answer = self._answers[asked]
        return answer and ident + answer[2:]

    def _send_harmed(self, armed: ArmedAnswer, answer: bytes, to: tuple[str, int]) -> None:
        match armed.fault:
            case DnsFault.LOSE | DnsFault.LOSE_ONCE:
                return
            case DnsFault.LATE:
                self._kept_back.append((answer, to))
            case DnsFault.SLOW | DnsFault.DELAY:
                wait_s = SLOW_S if armed.fault is DnsFault.SLOW else DELAY_S
                loop = asyncio.get_running_loop()
                self._timers.add(loop.call_later(wait_s, self._send, answer, to))
            case DnsFault.MIXED:
                self._send(self._other(armed, answer), to)
                self._send(answer, to)
            case DnsFault.DOUBLED:
                self._send(answer, to)
                self._send(answer, to)
            case DnsFault.OTHER:
                self._send(self._other(armed, answer), to)
            case DnsFault.OTHER_AS_THIS:
                self._send(_as_this(self._other(armed, answer), answer), to)
            case _:
                self._send(_harmed(armed, answer), to)

    def _other(self, armed: ArmedAnswer, answer: bytes) -> bytes:
        """Return the answer to the question at the armed position, with this one's id."""
        every = {**self.known, **self.asked}
        others = [one for name, (_, one) in every.items() if name != armed.name]
        if not others:
            return answer[:2] + b"\x81\x80" + bytes(8)
        return answer[:2] + others[armed.position % len(others)][2:]

    def _send(self, answer: bytes, to: tuple[str, int]) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(answer, to)


class _Endpoint(asyncio.DatagramProtocol):
    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._relay.came(data, addr)


def _harmed(armed: ArmedAnswer, message: bytes) -> bytes:
    at = armed.position
    match armed.fault:
        case Fault():
            return changed(armed.fault, message, at) if at < len(message) else message
        case DnsFault.CUT:
            return message[:at]
        case DnsFault.TC:
            (flags,) = struct.unpack_from("!H", message, 2)
            return message[:2] + struct.pack("!H", flags | dns.flags.TC) + message[4:]
        case DnsFault.WRONG_ID | DnsFault.WRONG_ID_ONCE:
            (ident,) = struct.unpack_from("!H", message)
            return struct.pack("!H", ident ^ 0x0101) + message[2:]
        case DnsFault.WRONG_QUESTION | DnsFault.WRONG_QUESTION_ONCE:
            return _with_question(message, b"\x05wrong\x07example\x00\x00\x01\x00\x01")
        case DnsFault.GARBAGE | DnsFault.GARBAGE_ONCE:
            return message[:2] + Random(at).randbytes(60)
        case DnsFault.NOISE:
            return Random(at).randbytes(60)
        case DnsFault.EMPTY:
            return b""
        case DnsFault.BEHIND:
            return message + b"\x00behind\xff"
        case _:
            raise AssertionError(f"{armed.fault} is no change of octets")


def _question_end(message: bytes) -> int:
    at = 12
    while message[at]:
        at += 1 + message[at]
    return at + 5


def _with_question(message: bytes, question: bytes) -> bytes:
    """Put another question into a message; names that point into the old one lead astray."""
    return message[:12] + question + message[_question_end(message) :]


def _as_this(other: bytes, answer: bytes) -> bytes:
    if len(other) <= 12:
        return other
    return _with_question(other, answer[12 : _question_end(answer)])
