"""How Exim 4.96 reads replies, and how it begins anew inside TLS, as a real one was seen to.

A reply is held in one buffer.  Inside TLS it takes octets out of that many at a time and then waits at
the socket, where a record that is longer leaves nothing to be seen: such a reply it may wait for in
vain.  An EHLO that is refused there costs the extensions alone, for it says no HELO and goes on.
"""

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.language import say
from mxwalk.senders.malformed import heard_until, malformed_line
from mxwalk.senders.passage import Passage, after_lost_session
from mxwalk.senders.reach import begin_inside, in_step
from mxwalk.senders.situation import Fault, Obstacle, Situation, quote
from mxwalk.smtp.model import SERVICE_CLOSING, Reply
from mxwalk.text import excerpt

_BUFFER_OCTETS = 4096  # DELIVER_BUFFER_SIZE, DELIVER_IN_BUFFER_SIZE
_REPLY_OCTETS = _BUFFER_OCTETS - 4  # less what it keeps free; lines are joined by one octet


def exim_reads(at: Situation, kind: StepKind, reply: Reply) -> Obstacle | None:
    """Return what Exim stops at: a line that is no reply to it, or a reply that is too long for it."""
    line = malformed_line(reply)
    if line is not None:
        heard = heard_until(reply, line)
        reason = say(
            "{peer} sends a line that is no reply to Exim: {line}",
            peer=at.peer,
            line=excerpt(line.raw),
        )
    else:
        heard = heard_until(reply, reply.lines[-1])
        if len(heard) < _REPLY_OCTETS:
            return _waited_for(at, kind, reply)
        reason = say(
            "{peer} sends a reply of {number} octets, and Exim takes no more than 4096 for one:"
            " it is malformed to it",
            peer=at.peer,
            number=len(heard) + 1,
        )
    return Obstacle(fault=Fault.FAILED, kind=kind, reason=reason, step=at.seq(kind), unread=heard)


def _waited_for(at: Situation, kind: StepKind, reply: Reply) -> Obstacle | None:
    if kind is not StepKind.EHLO_TLS or len(reply.raw) <= _BUFFER_OCTETS:
        return None
    return Obstacle(
        fault=Fault.INCONCLUSIVE,
        kind=kind,
        reason=say(
            "{peer} sends a reply of {number} octets inside TLS: if they come in one TLS record, Exim"
            " waits in vain for those behind the first 4096",
            peer=at.peer,
            number=len(reply.raw),
        ),
        step=at.seq(kind),
    )


def exim_begins_inside(at: Situation) -> Obstacle | None:
    """Return what keeps Exim from going on inside TLS: no reply, or one that is out of step."""
    if refuses_inside(at):
        return in_step(at, StepKind.EHLO_TLS)
    return begin_inside(at)


def refuses_inside(at: Situation) -> str:
    """Return what Exim makes of a refused EHLO inside TLS, as the end of a sentence; mostly empty."""
    reply = at.reply(StepKind.EHLO_TLS)
    if isinstance(reply, Obstacle) or reply.code in (250, SERVICE_CLOSING):
        return ""
    return say("; to {quote} to EHLO inside TLS it goes on without extensions", quote=quote(reply))


def lost_inside(at: Situation, lost: Obstacle | None) -> bool:
    """Say whether Exim takes an obstacle for a TLS session that broke off at its first EHLO.

    Whole lines of an answer that then ends are a refusal to it, and it goes on inside TLS, where nobody
    is left; a reset it sees at once.
    """
    exchange = at.attempt.exchange(StepKind.EHLO_TLS)
    if lost is None or exchange is None or lost.kind is not StepKind.EHLO_TLS:
        return False
    if lost.unread is not None or lost.ending is None:
        return lost.unread is not None
    return lost.ending.kind is EndingKind.RESET or not exchange.reply.endswith(b"\n")


def exim_after_lost_session(at: Situation, passage: Passage) -> Passage:
    """Return the course of a message that goes in clear after such a session, if TLS is optional."""
    return after_lost_session(at, passage) if lost_inside(at, passage.obstacle) else passage
