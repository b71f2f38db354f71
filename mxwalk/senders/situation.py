"""One connection as a sender profile reads it: what stands in the way, and what has not come yet.

An ``Obstacle`` ends the reading of a connection.  Whether it decides something is its ``Fault``: an
open step and an inconclusive one (throttled, timed out, our own side) decide nothing; a failing host
is passed over; a host that permanently refuses mail is passed over too, but counts towards a bounce.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.lockstep import out_of_step
from mxwalk.delivery.looks import looks_are_over
from mxwalk.delivery.model import Delivery, Host
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.told import how_it_ended
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.language import noted, say
from mxwalk.senders.hello import Hello
from mxwalk.smtp.model import Reply
from mxwalk.text import excerpt, visible

TEXT_CHARS = 200
# What ended a connection was our patience, our limit or our side: a sender may come further.
INCONCLUSIVE_ENDINGS = frozenset(
    {EndingKind.TIMEOUT, EndingKind.CANCELLED, EndingKind.LOCAL, EndingKind.TOO_LONG}
)
_BOUNDS = {
    EndingKind.TIMEOUT: noted("; a sender may wait longer"),
    EndingKind.TOO_LONG: noted("; that is a limit of mxwalk, and a sender may read on"),
}

_WORDS = {
    StepKind.CONNECT: noted("the connection"),
    StepKind.GREETING: noted("the greeting"),
    StepKind.EHLO: "EHLO",
    StepKind.HELO: "HELO",
    StepKind.STARTTLS: "STARTTLS",
    StepKind.HANDSHAKE: noted("the TLS handshake"),
    StepKind.CHAIN: noted("the check of the chain"),
    StepKind.REVOCATION: noted("the check of revocation"),
    StepKind.IDENTITY: noted("the check of the identity"),
    StepKind.EHLO_TLS: noted("EHLO inside TLS"),
    StepKind.MAIL: "MAIL FROM",
    StepKind.RCPT: "RCPT TO",
}
_STAGES = tuple(_WORDS)


class Fault(enum.Enum):
    """What an obstacle means for the host."""

    OPEN = "not decided yet"
    INCONCLUSIVE = "inconclusive"
    FAILED = "the host fails"
    PERMANENT = "the host refuses mail for good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why the reading of a connection ended at a kind of step.

    ``reply`` is the reply that said so, ``ending`` how the connection ended, ``step`` the seq;
    ``unread`` is what came for a reply and is none to this sender, as far as it read.
    """

    fault: Fault
    kind: StepKind
    reason: str
    step: int | None = None
    reply: Reply | None = None
    ending: Ending | None = None
    unread: bytes | None = None


Reads = Callable[["Situation", StepKind, Reply], Obstacle | None]


def _takes_any(_at: "Situation", _kind: StepKind, _reply: Reply) -> None:
    return None


def stage(kind: StepKind) -> int:
    """Return how far a connection had come at this kind of step."""
    return _STAGES.index(kind)


def words(kind: StepKind) -> str:
    """Return the kind of step in words, as the subject of a sentence."""
    return say(_WORDS[kind])


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A connection in its host and delivery.

    ``attempt`` is what the sender would have had of it, by a look perhaps, ``made`` the connection as
    it was.  ``awaits`` is a look still to come that may decide it, ``unseen`` one that was asked for,
    that shows what this sender sees, and that is not here.  ``reads`` says where a whole reply is
    none to this sender.
    """

    delivery: Delivery
    host: Host
    attempt: Attempt
    made: Attempt
    awaits: StepKind | None = None
    unseen: StepKind | None = None
    reads: Reads = _takes_any

    @property
    def peer(self) -> str:
        """The host and the address, printable."""
        name = visible(self.host.planned.display, 300)
        address = visible(self.attempt.address, 60)
        return name if address in ("", name) else f"{name} [{address}]"

    @property
    def over(self) -> bool:
        """Whether no further step will come on this connection; a look brings none of its dialogue."""
        return (
            any(one.dead or one.throttled for one in (self.attempt, self.made))
            or self.attempt.step(StepKind.QUIT) is not None
            or self.host.skipped
            or self.delivery.stopped
        )

    @property
    def looks_over(self) -> bool:
        """Whether no further look at this address will come."""
        return self.delivery.stopped or self.host.skipped or looks_are_over(self.made)

    @classmethod
    def of(cls, delivery: Delivery, host: Host, attempt: Attempt, hello: Hello) -> "Situation":
        """Return the connection as a sender with this ClientHello would have had it."""
        seen = hello.of(attempt)
        ended = delivery.stopped or host.skipped or attempt.throttled
        awaits = None if seen is not attempt or ended else hello.awaits(attempt)
        unseen = hello.lacks(attempt) if delivery.options.without_sni else None
        return cls(
            delivery=delivery, host=host, attempt=seen, made=attempt, awaits=awaits, unseen=unseen
        )

    def subject(self, kind: StepKind, detail: str = "") -> str:
        """Return the kind of step at this peer in words; ``detail`` may name the address itself."""
        peer = (
            visible(self.host.planned.display, 300) if self.attempt.address in detail else self.peer
        )
        if kind is StepKind.CONNECT:
            return say("{step} to {peer}", step=words(kind), peer=peer)
        return say("{step} at {peer}", step=words(kind), peer=peer)

    def seq(self, kind: StepKind) -> int | None:
        """Return the seq of the last step of this kind."""
        step = self.attempt.step(kind)
        return step.seq if step else None

    def missing(self, kind: StepKind) -> Obstacle:
        """Describe a step that is not there: still to come, or never."""
        if self.left_out(kind):
            return Obstacle(
                fault=Fault.INCONCLUSIVE,
                kind=kind,
                reason=say("{subject} was left out by decision", subject=self.subject(kind)),
                step=self._last_told,
            )
        if not self.over:
            return Obstacle(
                fault=Fault.OPEN,
                kind=kind,
                reason=say("not decided yet: next is {subject}", subject=self.subject(kind)),
            )
        if self.delivery.trace.header.pasted:
            return Obstacle(
                fault=Fault.INCONCLUSIVE,
                kind=kind,
                reason=say("the pasted text does not show {step}", step=self.subject(kind)),
                step=self._last_told,
            )
        if self.host.skipped:
            why = say("the host was skipped by decision")
        elif self.delivery.stopped:
            why = say("the walk was ended")
        else:
            why = say("the connection was ended")
        return Obstacle(
            fault=Fault.INCONCLUSIVE,
            kind=kind,
            reason=say("{why} before {subject}", why=why, subject=self.subject(kind)),
            step=None if self.delivery.stopped else self._last_told,  # stopped: a person decided
        )

    @property
    def _last_told(self) -> int | None:
        """The last step here but QUIT, which tells nothing of the delivery."""
        told = (step.seq for step in self.attempt.steps if step.kind is not StepKind.QUIT)
        return max(told, default=None)

    def left_out(self, kind: StepKind) -> bool:
        """Say whether the administrator left out this kind of step here."""
        return kind in self.delivery.left_out.get(self.attempt.scope, frozenset())

    def broken(self, kind: StepKind, ending: Ending) -> Obstacle:
        """Describe how a connection ended in a step; what a bound of ours ended decides nothing."""
        inconclusive = ending.kind in INCONCLUSIVE_ENDINGS
        detail = how_it_ended(ending, TEXT_CHARS)
        note = say(_BOUNDS[ending.kind]) if ending.kind in _BOUNDS else ""
        return Obstacle(
            fault=Fault.INCONCLUSIVE if inconclusive else Fault.FAILED,
            kind=kind,
            reason=f"{self.subject(kind, detail)}: {detail}{note}",
            step=self.seq(kind),
            ending=ending,
        )

    def refused(self, kind: StepKind, reply: Reply, fault: Fault) -> Obstacle:
        """Describe a reply other than the one hoped for."""
        said = (
            say("{peer} greeted with {quote}", peer=self.peer, quote=quote(reply))
            if kind is StepKind.GREETING
            else say(
                "{peer} answered {quote} to {words}",
                peer=self.peer,
                quote=quote(reply),
                words=words(kind),
            )
        )
        note = ""
        if reply.code // 100 == 2:  # RFC 5321 4.2: a client should go by the first digit
            fault = Fault.INCONCLUSIVE
            note = say("; that is another code than it should be, and senders differ in taking it")
        elif fault is Fault.INCONCLUSIVE:
            note = say("; this walk was throttled, a sender may not be")
        return Obstacle(
            fault=fault,
            kind=kind,
            reason=f"{said}{note}",
            step=self.seq(kind),
            reply=reply,
        )

    def shifted(self, kind: StepKind) -> Obstacle:
        """Describe a connection on which replies came before their commands, from this step on."""
        reply = self.attempt.reply(kind)
        if reply is None or not reply.lines:
            reason = say(
                "{peer} speaks before it is asked, and its replies are out of step with the commands:"
                " what it would answer is not known",
                peer=self.peer,
            )
        else:  # an empty line is no words: it is shown as it came
            came = reply.said or visible(b"".join(line.raw for line in reply.lines), TEXT_CHARS)
            reason = say(
                "{subject}: {quote} came in the place of an answer; the server speaks before it is"
                " asked, and its replies are out of step with the commands",
                subject=self.subject(kind),
                quote=f'"{excerpt(came)}"',
            )
        return Obstacle(fault=Fault.INCONCLUSIVE, kind=kind, reason=reason, step=self.seq(kind))

    def reply(self, kind: StepKind) -> Reply | Obstacle:
        """Return the whole reply of a command step, or what stands in its place."""
        step = self.attempt.step(kind)
        if step is None:
            return self.missing(kind)
        exchange = step.evidence
        if not isinstance(exchange, Exchanged):
            return self.missing(kind)
        reply = self.attempt.reply(kind)
        if step in out_of_step(self.attempt):
            return self.shifted(kind)
        if exchange.ending is not None:
            if reply is not None and reply.code == 421:  # RFC 5321 3.8: also unasked, and then FIN
                return self.refused(kind, reply, Fault.INCONCLUSIVE)
            return self.broken(kind, exchange.ending)
        if reply is None or not reply.complete:
            return Obstacle(
                fault=Fault.FAILED,
                kind=kind,
                reason=say(
                    "{subject}: the reply never came to its end", subject=self.subject(kind)
                ),
                step=step.seq,
            )
        if reply.contradicts_itself:  # RFC 5321 4.2.1: senders go by any line
            if reply.code == 421:
                return self.refused(kind, reply, Fault.INCONCLUSIVE)
            return Obstacle(
                fault=Fault.INCONCLUSIVE,
                kind=kind,
                reason=say(
                    "{subject}: the reply begins with {first} and ends with {last}, and senders differ"
                    " in the line they go by",
                    subject=self.subject(kind),
                    first=f"{reply.code:03}",
                    last=f"{reply.lines[-1].code:03}",
                ),
                step=step.seq,
            )
        return self.reads(self, kind, reply) or reply


def quote(reply: Reply) -> str:
    """Return a reply's code and text in quotation marks, printable and short."""
    return f'"{quoted(reply)}"'


def quoted(reply: Reply) -> str:
    """Return what stands between the quotation marks, as a log has it."""
    return excerpt(reply.said)
