"""A reply to STARTTLS that says yes and no, after which there is no TLS whichever a sender goes by."""

from mxwalk.evidence.told import how_it_ended
from mxwalk.language import say
from mxwalk.senders.situation import INCONCLUSIVE_ENDINGS, TEXT_CHARS, Obstacle, Situation
from mxwalk.smtp.model import SERVICE_CLOSING


def no_tls_either_way(at: Situation, obstacle: Obstacle) -> str:
    """Return why a sender that must have TLS gets none here; empty where it may get it.

    RFC 5321 4.2.1 lets clients go by any line of a reply.  Whoever goes by the refusal has no TLS, and
    whoever goes by the 220 makes a handshake, which was seen to fail.
    """
    reply, handshake = at.attempt.starttls, at.attempt.handshake
    if reply is None or not reply.contradicts_itself or reply.code == SERVICE_CLOSING:
        return ""
    codes = [line.code or 0 for line in reply.lines]
    if not all(code == 220 or code // 100 in (4, 5) for code in codes):
        return ""
    ending = handshake.ending if handshake else None
    if ending is None or ending.kind in INCONCLUSIVE_ENDINGS or at.awaits is not None:
        return ""
    return say(
        "{reason}; one that goes by the 220 has no TLS either: {detail}",
        reason=obstacle.reason,
        detail=how_it_ended(ending, TEXT_CHARS),
    )
