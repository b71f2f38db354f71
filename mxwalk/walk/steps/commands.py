"""The SMTP steps: send one command, wait for its whole reply, keep every byte (lock-step).

What the server said while the walk was paused (often 421 for being idle) is taken as the answer,
and the command is not sent: a client that talks over the server only confuses the trace.
"""

from dataclasses import dataclass, field

from msgspec import structs

from mxwalk import limits
from mxwalk.delivery.envelope import offers_utf8
from mxwalk.errors import ProtocolMisuseError
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.handshake import HandshakeMessage
from mxwalk.evidence.step import Evidence, StepKind
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.smtp.commands import asks_for_utf8
from mxwalk.smtp.dialogue import ReplyReceived
from mxwalk.smtp.model import IMPLICIT_TLS_PORT, SERVICE_CLOSING, Deviation, Reply
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible
from mxwalk.walk.live import Live, Task


@dataclass(slots=True)
class _Exchange:
    """An exchange while it lasts."""

    live: Live
    planned: bytes
    started: float
    command: bytes = b""
    received: bytearray = field(default_factory=bytearray)
    first_byte_s: float = 0.0

    def elapsed_s(self) -> float:
        return self.live.tools.clock.monotonic() - self.started

    def behind(self) -> tuple[HandshakeMessage, ...]:
        return self.live.engine.take_behind() if self.live.engine else ()

    def evidence(self, ending: Ending | None) -> Exchanged:
        """As far as it came: without a whole reply all that was received stands as the reply."""
        return Exchanged(
            command=self.command,
            planned=self.planned,
            reply=bytes(self.received),
            first_byte_s=self.first_byte_s,
            behind=self.behind(),
            ending=ending,
        )

    def cancelled(self) -> Exchanged:
        elapsed = self.elapsed_s()
        detail = f"cancelled after {elapsed:.1f} s of waiting for the reply"
        return self.evidence(Ending(kind=EndingKind.CANCELLED, detail=detail, after_s=elapsed))

    def unsent(self, reason: str) -> Exchanged:
        """The command is kept back; the connection stays as it is."""
        return self.evidence(Ending(kind=EndingKind.LOCAL, detail=f"not sent: {reason}"))

    def whole(self, event: ReplyReceived) -> Exchanged:
        ending = None if event.reply.complete else _cut(event.reply, self.elapsed_s())
        return Exchanged(
            command=self.command,
            planned=self.planned,
            reply=event.raw,
            trailing=event.trailing,
            first_byte_s=self.first_byte_s,
            behind=self.behind(),
            ending=ending,
        )


def _cut(reply: Reply, elapsed_s: float) -> Ending:
    of_line = Deviation.LINE_CUT in reply.deviations
    if of_line:
        what = f"a line of the reply had no end within {limits.REPLY_LINE_BYTES} bytes"
    else:
        what = f"the reply had no end within {limits.REPLY_BYTES} bytes"
    detail = f"mxwalk stopped reading: {what}"
    return Ending(kind=EndingKind.TOO_LONG, detail=detail, after_s=elapsed_s)


async def perform_exchange(live: Live, task: Task) -> Evidence:
    """Perform one command (or await the greeting) and return the exchange."""
    connection = live.connection
    if connection is None:
        raise ProtocolMisuseError(f"{task.pending.kind.value} needs an open connection")
    edited = task.pending.payload != task.proposed.payload
    exchange = _Exchange(
        live=live,
        planned=task.proposed.payload if edited else b"",
        started=live.tools.clock.monotonic(),
    )
    live.partial = exchange.cancelled
    timeouts = task.delivery.options.timeouts
    if task.pending.kind is StepKind.GREETING:
        evidence = await _await_reply(exchange, _greeting_timeout_s(task), greeting=True)
    else:
        last_words = live.dialogue.next_event()  # a 421 behind the reply before: it closes
        if isinstance(last_words, ReplyReceived):
            return _unsolicited(exchange, last_words.raw)
        early = await connection.receive(0)
        if isinstance(early, bytes) or early.kind is not EndingKind.TIMEOUT:
            return _unsolicited(exchange, early)
        if _lacks_utf8(task):  # RFC 6531 3.1
            return exchange.unsent("SMTPUTF8 is not offered")
        try:
            exchange.command = live.dialogue.send(task.pending.payload)
        except ProtocolMisuseError as error:  # the dialogue's state does not allow the command
            return exchange.unsent(str(error))
        if ending := await connection.send(exchange.command):
            return exchange.evidence(ending)
        quitting = task.pending.kind is StepKind.QUIT
        evidence = await _await_reply(exchange, timeouts.quit_s if quitting else timeouts.command_s)
    return evidence


def _greeting_timeout_s(task: Task) -> float:
    """On the port of implicit TLS the server waits for us (RFC 8314 3.3): so do not we."""
    asked = task.delivery.options.timeouts.greeting_s
    implicit = task.pending.scope.port == IMPLICIT_TLS_PORT
    return min(asked, limits.IMPLICIT_TLS_GREETING_S) if implicit else asked


def _lacks_utf8(task: Task) -> bool:
    """Say whether the pending command asks for SMTPUTF8 in a session that does not offer it."""
    if not asks_for_utf8(task.pending.payload):
        return False
    attempt = next((a for a in task.delivery.attempts if a.scope == task.pending.scope), None)
    return attempt is not None and not offers_utf8(attempt)


async def _await_reply(
    exchange: _Exchange, timeout_s: float, *, greeting: bool = False
) -> Exchanged:
    live = exchange.live
    assert live.connection is not None
    while True:
        event = live.dialogue.next_event()
        if isinstance(event, ReplyReceived):
            return exchange.whole(event)
        if exchange.elapsed_s() > timeout_s * limits.DRIP_FACTOR:
            return exchange.evidence(_dripping(exchange, timeout_s))
        received = await live.connection.receive(timeout_s, heard=exchange.received)
        if isinstance(received, Ending):
            live.dialogue.receive_eof()
            if exchange.received and received.kind is EndingKind.TIMEOUT:
                received = structs.replace(received, after_s=exchange.elapsed_s())
            closes = parse_reply(bytes(exchange.received)).code == SERVICE_CLOSING
            # RFC 5321 4.3.1, 3.8: nothing is said before the greeting, nor after 421
            if greeting or closes:
                return exchange.evidence(received)
            return exchange.evidence(await _told_apart(live, received))
        if not exchange.received:
            exchange.first_byte_s = exchange.elapsed_s()
        exchange.received += received
        live.dialogue.receive_data(received)


async def _told_apart(live: Live, ending: Ending) -> Ending:
    """After a FIN, say a last QUIT to learn whether the peer still takes what we send."""
    if ending.kind is not EndingKind.CLOSED or live.connection is None:
        return ending
    found = await live.connection.close(b"QUIT\r\n")
    return found if found is not None and found.kind is EndingKind.HALF_CLOSED else ending


def _dripping(exchange: _Exchange, timeout_s: float) -> Ending:
    elapsed = exchange.elapsed_s()
    detail = (
        f"only {len(exchange.received)} bytes came in {elapsed:.0f} s and no end of the reply;"
        f" mxwalk waits no longer than {limits.DRIP_FACTOR} times its timeout of {timeout_s:g} s"
    )
    return Ending(kind=EndingKind.TIMEOUT, detail=detail, after_s=elapsed)


def _unsolicited(exchange: _Exchange, early: bytes | Ending) -> Exchanged:
    """The server spoke or closed before we did; what it said stands as the reply, unasked."""
    if isinstance(early, Ending):
        return exchange.evidence(early)
    exchange.received += early
    detail = f"the server spoke before anything was asked: {visible(early, 200)}"
    return exchange.evidence(Ending(kind=EndingKind.CLOSED, detail=detail))
