"""Lines before TLS that are no reply to a product: without a code, or with nothing that parts it off.

RFC 5321 4.2 has no such line; what products make of one was seen with real ones.
"""

from mxwalk.evidence.step import StepKind
from mxwalk.senders.situation import Obstacle, Situation
from mxwalk.smtp.model import Deviation, ReplyLine

_NO_REPLY = {Deviation.NO_CODE, Deviation.NO_SEPARATOR}


def malformed_line(at: Situation, *, at_end: bool = False) -> tuple[StepKind, ReplyLine] | None:
    """Return the first such line of the greeting or the answer to EHLO, with its step's kind.

    ``at_end`` asks for one that ends a reply.
    """
    for kind in (StepKind.GREETING, StepKind.EHLO):
        reply = at.reply(kind)
        lines = () if isinstance(reply, Obstacle) else reply.lines
        for line in lines[-1:] if at_end else lines:
            if not _NO_REPLY.isdisjoint(line.deviations):
                return kind, line
    return None
