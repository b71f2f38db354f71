"""What a greeting makes Postfix do: asterisks for words are a Cisco PIX to it, and it says HELO.

smtp(8) has ``disable_esmtp`` among its ``smtp_pix_workarounds`` by default, and takes a greeting of
nothing but the code, spaces and asterisks for such a firewall; seen with a real one.
"""

from dataclasses import replace

from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.senders.reach import Session, open_session, said_helo
from mxwalk.senders.situation import Fault, Obstacle, Situation
from mxwalk.text import visible

_GREETING_CHARS = 40


def opened_by_postfix(at: Situation) -> Session | Obstacle:
    """Return the session that smtp(8) has before TLS, or what keeps it from having one.

    Behind a masked greeting it never says EHLO, so what the walk met there says nothing of it; where
    the walk said HELO as well, the answer to that counts.
    """
    session = open_session(at)
    greeting = at.reply(StepKind.GREETING)
    if isinstance(greeting, Obstacle) or not greeting.is_masked:
        return session
    if isinstance(session, Obstacle) and _comes_first(session):
        return session
    masked = say(
        "{peer} greets with {greeting}: Postfix takes that for a Cisco PIX and says HELO"
        " (smtp_pix_workarounds), after which there is no STARTTLS",
        peer=at.peer,
        greeting=visible(greeting.raw.rstrip(b"\r\n"), _GREETING_CHARS),
    )
    if at.attempt.step(StepKind.HELO) is not None:
        session = said_helo(at)
        if isinstance(session, Obstacle):
            return session
    if isinstance(session, Obstacle):
        return Obstacle(
            fault=Fault.INCONCLUSIVE,
            kind=StepKind.EHLO,
            reason=say(
                "{reason}; this walk said EHLO alone, and the answer to HELO is not known",
                reason=masked,
            ),
            step=at.seq(StepKind.GREETING),
        )
    return replace(session, ehlo=None, step=at.seq(StepKind.GREETING), without_ehlo=masked)


def _comes_first(obstacle: Obstacle) -> bool:
    """Say whether it stands before EHLO, or nothing is decided yet."""
    return obstacle.kind in (StepKind.CONNECT, StepKind.GREETING) or obstacle.fault is Fault.OPEN
