"""What the server answered to an envelope, where the walk was given one (RFC 5321 3.3, 4.2.1)."""

from dataclasses import dataclass

from mxwalk.delivery.envelope import lacks_utf8
from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.senders.reach import in_step
from mxwalk.senders.situation import Fault, Obstacle, Situation, quote, words
from mxwalk.smtp.model import Reading, Reply

UTF8_NEEDED = "5.6.7"  # RFC 6531 4.1: addresses beyond ASCII and no SMTPUTF8


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What keeps the envelope from being taken, for good or for now.

    ``reply`` is the server's word, ``None`` where it was not asked; ``code`` the enhanced status code.
    """

    permanent: bool
    reason: str
    step: int | None
    reply: Reply | None
    kind: StepKind
    code: str


def answered_envelope(at: Situation) -> Refusal | Obstacle | None:
    """Return a refusal of MAIL or RCPT; ``None`` when none was given or all were accepted.

    An envelope still to be sent is an obstacle; one that can no longer be sent over this connection
    decides nothing and is passed over.
    """
    options = at.delivery.options
    if options.mail_from is None and options.rcpt_to is None:
        return None
    if lacks_utf8(at.delivery, at.attempt):
        return Refusal(
            permanent=True,
            reason=say(
                "{peer} does not offer SMTPUTF8, and an address needs it (RFC 6531 3.1)",
                peer=at.peer,
            ),
            step=at.seq(StepKind.MAIL),
            reply=None,
            kind=StepKind.MAIL,
            code=UTF8_NEEDED,
        )
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
            permanent = reply.code // 100 == 5
            return Refusal(
                permanent=permanent,
                reason=say(
                    "{peer} answered {quote} to {words}",
                    peer=at.peer,
                    quote=quote(reply),
                    words=words(kind),
                ),
                step=at.seq(kind),
                reply=reply,
                kind=kind,
                code=reply.enhanced_code or ("5.1.0" if permanent else "4.1.0"),
            )
        behind = in_step(at, kind)
        if behind is not None:
            return behind
    return None


def untried_in_clear(at: Situation) -> str:
    """Return what a delivery in clear leaves open, as the end of its sentence; mostly empty.

    RFC 3207 4: a server may answer 530 to MAIL before STARTTLS, though a public one must not.
    """
    ehlo = at.attempt.ehlo
    if ehlo is None or not ehlo.offers("STARTTLS", Reading.LENIENT):
        return ""
    if at.made.reply(StepKind.MAIL) is not None and not at.made.tls_is_up:
        return ""
    return say(
        ", unless the server wants STARTTLS first (530, RFC 3207 4): MAIL was not tried in clear"
    )
