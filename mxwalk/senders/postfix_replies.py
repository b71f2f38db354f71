"""What smtp(8) makes of replies: lines that are none to it, refusals that bounce, status codes.

Each was seen with a real one, command by command: a refusal of 5yz returns the message at once and so
does a code that neither grants nor refuses, whatever other hosts there are; a greeting of 5yz defers
(smtp_skip_5xx_greeting), and EHLO is followed by HELO.
"""

from dataclasses import replace

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.language import say
from mxwalk.senders.malformed import heard_until, malformed_line
from mxwalk.senders.passage import Course, Passage
from mxwalk.senders.situation import Fault, Obstacle, Situation
from mxwalk.smtp.model import Reading, Reply
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import excerpt


def reads(at: Situation, kind: StepKind, reply: Reply) -> Obstacle | None:
    """Return what Postfix waits at: it passes over a line that is no reply, and reads on.

    What came behind that line, if anything did, it takes for the reply, which the walk did not.
    """
    line = malformed_line(reply, at_end=True)
    if line is None:
        return None
    exchange = at.attempt.exchange(kind)
    if exchange is not None and exchange.trailing:
        return at.shifted(kind)
    if kind in (StepKind.MAIL, StepKind.RCPT) and _sends_together(at):
        return Obstacle(
            fault=Fault.INCONCLUSIVE,
            kind=kind,
            reason=say(
                "{peer} sends a line that is no reply to Postfix: {line}; with PIPELINING it has sent"
                " its next command by then, and takes the reply to that for this one's",
                peer=at.peer,
                line=excerpt(line.raw),
            ),
            step=at.seq(kind),
        )
    reason = say(
        "{peer} sends a line that is no reply to Postfix, which waits for another: {line}",
        peer=at.peer,
        line=excerpt(line.raw),
    )
    return Obstacle(
        fault=Fault.FAILED,
        kind=kind,
        reason=reason,
        step=at.seq(kind),
        ending=Ending(kind=EndingKind.TIMEOUT, detail=reason),
        unread=heard_until(reply, line),
    )


def _sends_together(at: Situation) -> bool:
    """Say whether it sends MAIL, RCPT and DATA without waiting (RFC 2920 3.1)."""
    response = at.attempt.ehlo_tls if at.attempt.tls_is_up else at.attempt.ehlo
    return response is not None and response.offers("PIPELINING", Reading.LENIENT)


def graded(at: Situation, passage: Passage) -> Passage:
    """Return the passage with what smtp(8) makes of a refusal: it bounces at once, or defers."""
    obstacle, starttls = passage.obstacle, at.attempt.starttls
    if passage.course is Course.REFUSED and starttls is not None:
        if not _for_good(StepKind.STARTTLS, starttls):
            return passage
        obstacle = Obstacle(
            fault=Fault.PERMANENT,
            kind=StepKind.STARTTLS,
            reason=passage.reason,
            step=passage.step,
            reply=starttls,
        )
        return replace(passage, course=Course.STOPPED, kind=obstacle.kind, obstacle=obstacle)
    if obstacle is None or obstacle.reply is None or obstacle.kind is StepKind.EHLO_TLS:
        return passage
    if obstacle.fault not in (Fault.FAILED, Fault.PERMANENT):
        return passage
    good = _for_good(obstacle.kind, obstacle.reply)
    fault = Fault.PERMANENT if good else Fault.FAILED
    return replace(passage, obstacle=replace(obstacle, fault=fault))


def _for_good(kind: StepKind, reply: Reply) -> bool:
    """Say whether a refusal returns the message at once, whatever other hosts there are.

    A greeting of 5yz does not (smtp_skip_5xx_greeting); a code that neither grants nor refuses does.
    """
    soft = (4, 5) if kind is StepKind.GREETING else (4,)
    return reply.code // 100 not in soft


def refused_for_good(passage: Passage) -> bool:
    """Say whether an obstacle returns the message at once, whatever other hosts there are."""
    one = passage.obstacle
    return one is not None and one.fault is Fault.PERMANENT


def status_code(reply: Reply) -> str:
    """Return the status code that smtp(8) takes from a reply.

    It is the one in the last line if it is of the reply's kind (RFC 2034 4), else that kind alone; and
    5.5.0 for a code that neither grants nor refuses.
    """
    kind = reply.code // 100
    if kind not in (2, 4, 5):
        return "5.5.0"
    own = parse_reply(reply.lines[-1].raw).enhanced_code
    return own if own.startswith(str(kind)) else f"{kind}.0.0"
