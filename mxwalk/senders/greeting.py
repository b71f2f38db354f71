"""What a greeting makes Postfix do: asterisks for words are a Cisco PIX to it, and it says HELO.

smtp(8) has ``disable_esmtp`` among its ``smtp_pix_workarounds`` by default, and takes a greeting of
nothing but the code, spaces and asterisks for such a firewall; seen with a real one.
"""

from dataclasses import replace

from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.senders.reach import Session, open_session
from mxwalk.senders.situation import Obstacle, Situation
from mxwalk.text import visible

_MASKED = frozenset(b"20* \t\r\n")
_GREETING_CHARS = 40


def opened_by_postfix(at: Situation) -> Session | Obstacle:
    """Return the session that smtp(8) has before TLS, or what keeps it from having one."""
    session = open_session(at)
    greeting = at.reply(StepKind.GREETING)
    if isinstance(session, Obstacle) or isinstance(greeting, Obstacle) or session.ehlo is None:
        return session
    raw = b"".join(line.raw for line in greeting.lines)
    if not _MASKED.issuperset(raw):
        return session
    reason = say(
        "{peer} greets with {greeting}: Postfix takes that for a Cisco PIX and says HELO"
        " (smtp_pix_workarounds), after which there is no STARTTLS",
        peer=at.peer,
        greeting=visible(raw.rstrip(b"\r\n"), _GREETING_CHARS),
    )
    return replace(session, ehlo=None, step=at.seq(StepKind.GREETING), without_ehlo=reason)
