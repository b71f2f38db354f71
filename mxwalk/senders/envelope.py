"""What the server answered to an envelope, where the walk was given one (RFC 5321 3.3, 4.2.1)."""

from dataclasses import dataclass

from mxwalk.evidence.step import StepKind
from mxwalk.senders.situation import Fault, Obstacle, Situation, quote, words
from mxwalk.smtp.model import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A reply that refuses the envelope, for good or for now."""

    permanent: bool
    reason: str
    step: int | None
    reply: Reply
    kind: StepKind


def answered_envelope(at: Situation) -> Refusal | Obstacle | None:
    """Return a refusal of MAIL or RCPT; ``None`` when none was given or all were accepted.

    An envelope still to be sent is an obstacle; one that can no longer be sent over this connection
    decides nothing and is passed over.
    """
    options = at.delivery.options
    if options.mail_from is None and options.rcpt_to is None:
        return None
    for kind in (StepKind.MAIL, StepKind.RCPT):
        reply = at.reply(kind)
        if isinstance(reply, Obstacle):
            if at.attempt.step(kind) is not None or reply.fault is Fault.OPEN:
                return reply
            return None
        if reply.code // 100 != 2:
            if reply.code == 421 or reply.code // 100 not in (4, 5):
                fault = Fault.INCONCLUSIVE if reply.code == 421 else Fault.FAILED
                return at.refused(kind, reply, fault)
            return Refusal(
                permanent=reply.code // 100 == 5,
                reason=f"{at.peer} answered {quote(reply)} to {words(kind)}",
                step=at.seq(kind),
                reply=reply,
                kind=kind,
            )
    return None
