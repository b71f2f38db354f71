"""How far a connection came before TLS, what it saw of STARTTLS, and how it begins anew inside.

The senders differ in what they make of it and in how they read an EHLO response; what happened is
the same for all: RFC 5321 3.1 (greeting), 3.2 and 4.1.1.1 (EHLO, HELO), RFC 3207 4 (STARTTLS).
"""

import enum
from dataclasses import dataclass

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.told import how_it_ended
from mxwalk.language import say
from mxwalk.senders.offer import Sees, by_grammar
from mxwalk.senders.situation import (
    INCONCLUSIVE_ENDINGS,
    TEXT_CHARS,
    Fault,
    Obstacle,
    Situation,
    quote,
)
from mxwalk.smtp.model import SERVICE_CLOSING, EhloResponse, Reading, helo_follows
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import excerpt, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A greeted session; ``ehlo`` is ``None`` after HELO, which knows no extensions.

    ``without_ehlo`` says why this sender says HELO to a server that was not seen to refuse EHLO.
    """

    ehlo: EhloResponse | None
    step: int | None
    without_ehlo: str = ""


def open_session(at: Situation) -> Session | Obstacle:
    """Return the session before TLS, or what kept it from being one."""
    connected = at.attempt.connected
    if connected is None:
        return at.missing(StepKind.CONNECT)
    if connected.ending is not None:
        return at.broken(StepKind.CONNECT, connected.ending)
    if at.delivery.trace.header.pasted and at.attempt.step(StepKind.GREETING) is None:
        return _hello(at)  # EHLO is answered behind a greeting only, shown or not
    greeting = at.reply(StepKind.GREETING)
    if isinstance(greeting, Obstacle):
        return greeting
    if greeting.code != 220:
        return at.refused(StepKind.GREETING, greeting, _fault(greeting.code))
    return _hello(at)


def _fault(code: int) -> Fault:
    match code // 100:
        case 4:
            return Fault.INCONCLUSIVE  # 421 and its kin: we were throttled, a sender may not be
        case 5:
            return Fault.PERMANENT  # RFC 5321 3.1 (554), RFC 7504 (521)
        case _:
            return Fault.FAILED


def _hello(at: Situation) -> Session | Obstacle:
    if at.attempt.step(StepKind.EHLO) is not None or at.attempt.step(StepKind.HELO) is None:
        ehlo = at.reply(StepKind.EHLO)
        if isinstance(ehlo, Obstacle):
            return ehlo
        if ehlo.code == 250:
            return in_step(at, StepKind.EHLO) or Session(
                ehlo=at.attempt.ehlo, step=at.seq(StepKind.EHLO)
            )
        if ehlo.code // 100 == 4:
            return at.refused(StepKind.EHLO, ehlo, Fault.INCONCLUSIVE)
        if at.attempt.step(StepKind.HELO) is None and not helo_follows(ehlo):
            return at.refused(StepKind.EHLO, ehlo, Fault.FAILED)
    return said_helo(at)


def said_helo(at: Situation) -> Session | Obstacle:
    """Return the session after HELO, or what kept it from being one."""
    helo = at.reply(StepKind.HELO)
    if isinstance(helo, Obstacle):
        return helo
    if helo.code == 250:
        return in_step(at, StepKind.HELO) or Session(ehlo=None, step=at.seq(StepKind.HELO))
    if helo.code // 100 == 4 and helo.code != 421:
        return at.refused(StepKind.HELO, helo, Fault.FAILED)
    return at.refused(StepKind.HELO, helo, _fault(helo.code))


def in_step(at: Situation, answered: StepKind) -> Obstacle | None:
    """Return an obstacle where more came behind an answer: the next command's reply begins with it.

    A 421 there is meant for no command (RFC 5321 3.8).
    """
    exchange = at.attempt.exchange(answered)
    if exchange is None or not exchange.trailing or at.delivery.trace.header.pasted:
        return None
    behind = parse_reply(exchange.trailing)
    came = f'"{excerpt(behind.said or visible(exchange.trailing, TEXT_CHARS))}"'
    reason = (
        say(
            "{subject}: {quote} came behind the answer; this walk was throttled, a sender may not be",
            subject=at.subject(answered),
            quote=came,
        )
        if behind.code == SERVICE_CLOSING
        else say(
            "{subject}: {quote} came behind the answer; the server speaks before it is asked, and a"
            " sender takes that for the answer to its next command",
            subject=at.subject(answered),
            quote=came,
        )
    )
    return Obstacle(fault=Fault.INCONCLUSIVE, kind=answered, reason=reason, step=at.seq(answered))


def begin_inside(at: Situation) -> Obstacle | None:
    """Return what keeps a session inside TLS from beginning: EHLO must be accepted (RFC 3207 4.2).

    Where it is refused, a client may say HELO (RFC 5321 3.2), which no walk does there.
    """
    ehlo = at.reply(StepKind.EHLO_TLS)
    if isinstance(ehlo, Obstacle):
        made = at.attempt.step(StepKind.EHLO_TLS) is not None
        return ehlo if made or ehlo.fault is Fault.OPEN else None
    if ehlo.code == 250:
        return in_step(at, StepKind.EHLO_TLS)
    if not helo_follows(ehlo):
        fault = Fault.INCONCLUSIVE if ehlo.code // 100 == 4 else Fault.FAILED
        return at.refused(StepKind.EHLO_TLS, ehlo, fault)
    return Obstacle(
        fault=Fault.INCONCLUSIVE,
        kind=StepKind.EHLO_TLS,
        reason=say(
            "{peer} answered {quote} to EHLO inside TLS; a sender may say HELO there, which this walk"
            " does not",
            peer=at.peer,
            quote=quote(ehlo),
        ),
        step=at.seq(StepKind.EHLO_TLS),
        reply=ehlo,
    )


class TlsState(enum.Enum):
    """What came of TLS on a connection."""

    NOT_OFFERED = "not offered"
    REFUSED = "STARTTLS refused"
    LOST = "the connection was lost before the 220"
    FAILED = "failed after the 220"
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSeen:
    """What a sender with its reading of EHLO sees of TLS; ``reason`` is one sentence."""

    state: TlsState
    reason: str
    step: int | None


def see_tls(at: Situation, session: Session, sees: Sees) -> TlsSeen | Obstacle:
    """Return what a sender that finds STARTTLS with ``sees`` sees of TLS.

    The walk sends STARTTLS where any sender finds it, to show more; a sender that saw no offer
    never sends it, so what came of it does not count.
    """
    if session.ehlo is None or not sees(session.ehlo):
        return TlsSeen(state=TlsState.NOT_OFFERED, reason=_no_offer(at, session), step=session.step)
    reply = at.reply(StepKind.STARTTLS)
    step = at.seq(StepKind.STARTTLS)
    if isinstance(reply, Obstacle):
        if reply.fault is Fault.FAILED and reply.unread is None:
            return TlsSeen(state=TlsState.LOST, reason=reply.reason, step=step)
        return reply
    if reply.code == 421:  # RFC 5321 3.8: throttled, as at any other command
        return at.refused(StepKind.STARTTLS, reply, Fault.INCONCLUSIVE)
    if reply.code // 100 == 2 and reply.code != 220:  # some go by the first digit, and start TLS
        return at.refused(StepKind.STARTTLS, reply, Fault.INCONCLUSIVE)
    if reply.code != 220:
        return TlsSeen(
            state=TlsState.REFUSED,
            reason=say("{peer} answered {quote} to STARTTLS", peer=at.peer, quote=quote(reply)),
            step=step,
        )
    return _handshake(at)


def _handshake(at: Situation) -> TlsSeen | Obstacle:
    handshake = at.attempt.handshake
    if handshake is None:
        return at.missing(StepKind.HANDSHAKE)
    step = at.seq(StepKind.HANDSHAKE)
    if handshake.ending is None and at.unseen is not None and not at.left_out(at.unseen):
        return _unseen(at, at.unseen)
    if handshake.ending is None:
        shown = visible(f"{handshake.protocol} {handshake.cipher}".strip(), 120)
        return TlsSeen(
            state=TlsState.UP,
            reason=say("{peer}: TLS is up ({shown})", peer=at.peer, shown=shown),
            step=step,
        )
    detail = how_it_ended(handshake.ending, TEXT_CHARS)
    if at.awaits is not None and not at.left_out(at.awaits):
        if at.looks_over:
            return Obstacle(
                fault=Fault.INCONCLUSIVE,
                kind=StepKind.HANDSHAKE,
                reason=say(
                    "the handshake failed ({detail}), and the server answered 421 before another"
                    " ClientHello could be tried",
                    detail=detail,
                ),
                step=step,
            )
        return Obstacle(
            fault=Fault.OPEN,
            kind=StepKind.HANDSHAKE,
            reason=say(
                "not decided yet: the handshake failed ({detail}), one more look follows",
                detail=detail,
            ),
        )
    if handshake.ending.kind in INCONCLUSIVE_ENDINGS:
        return at.broken(StepKind.HANDSHAKE, handshake.ending)
    return TlsSeen(
        state=TlsState.FAILED,
        reason=say(
            "after the 220 to STARTTLS {subject} failed: {detail}",
            subject=at.subject(StepKind.HANDSHAKE, detail),
            detail=detail,
        ),
        step=step,
    )


def _unseen(at: Situation, look: StepKind) -> Obstacle:
    """Say that a sender without server_name would have seen another handshake, which is not here.

    A look that was made and came to no handshake is not made again.
    """
    made = at.made.step(look)
    return Obstacle(
        fault=Fault.INCONCLUSIVE if made is not None or at.looks_over else Fault.OPEN,
        kind=StepKind.HANDSHAKE,
        reason=say("what {peer} shows to a client without server_name was not seen", peer=at.peer),
        step=made.seq if made is not None else None,
    )


def _no_offer(at: Situation, session: Session) -> str:
    if session.without_ehlo:
        return session.without_ehlo
    if session.ehlo is None:
        return say("{peer} refuses EHLO; after HELO there is no STARTTLS", peer=at.peer)
    if session.ehlo.offers("STARTTLS", Reading.LENIENT):
        line = next((line.number for line in session.ehlo.lines if line.keyword == "STARTTLS"), 1)
        if by_grammar(session.ehlo):
            return say(
                "{peer} names STARTTLS in line {line}, where or in a form that this sender does not"
                " read",
                peer=at.peer,
                line=line,
            )
        where = say("in the greeting's place") if line == 1 else say("not as RFC 1869 has it")
        return say(
            "{peer} names STARTTLS in line {line}, {where}: a strict reader sees no"
            " STARTTLS (RFC 1869 4.3)",
            peer=at.peer,
            line=line,
            where=where,
        )
    return say("{peer} does not offer STARTTLS", peer=at.peer)
