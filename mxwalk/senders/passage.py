"""One connection under a demand for TLS: how far a message gets, told without any product's words.

A sender says what it needs and how it checks the server; what follows from the dialogue is the same
for all (RFC 3207 4, RFC 5321 3).  The profiles put their own words and codes to a ``Passage``.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.senders.envelope import Refusal, answered_envelope, untried_in_clear
from mxwalk.senders.judged import Judged, verdict_on
from mxwalk.senders.model import AttemptVerdict, Outcome
from mxwalk.senders.offer import Sees, by_grammar
from mxwalk.senders.reach import (
    Session,
    TlsSeen,
    TlsState,
    begin_inside,
    open_session,
    see_tls,
)
from mxwalk.senders.situation import Fault, Obstacle, Situation, stage


class Need(enum.Enum):
    """What a sender asks of TLS at a host."""

    NEVER = "no TLS"
    MAY = "TLS where it is offered"
    ENCRYPT = "TLS with any certificate"
    AUTHENTICATE = "TLS with the right server"


class Course(enum.Enum):
    """How it ends."""

    IN_CLEAR = "delivered in clear"
    ENCRYPTED = "delivered encrypted"
    VERIFIED = "delivered to the verified server"
    NOT_OFFERED = "STARTTLS is not offered"
    REFUSED = "STARTTLS is refused"
    LOST = "the connection is lost at STARTTLS"
    HANDSHAKE_FAILED = "the handshake failed"
    NOT_AUTHENTIC = "the server is not authenticated"
    ENVELOPE_REFUSED = "the envelope is refused"
    STOPPED = "an obstacle before it"


# What a sender without codes of its own reports (RFC 3463 3.5, 3.8).
PLAIN_CODES = {
    Course.NOT_OFFERED: "4.7.4",  # security features not supported
    Course.REFUSED: "4.7.4",
    Course.LOST: "4.4.2",  # bad connection
    Course.HANDSHAKE_FAILED: "4.7.5",  # cryptographic failure
    Course.NOT_AUTHENTIC: "4.7.5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The result of a sender's check of the server, with the step it rests on."""

    verified: bool
    reason: str
    step: int | None
    kind: StepKind
    words: str = ""  # what the sender would say of it, where it has words of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """How a connection ends for a message, with one sentence and the deciding step.

    ``tls`` is what was seen of TLS; ``checked`` the check of the server, if one was made;
    ``obstacle`` and ``refusal`` are set where they decide.
    """

    course: Course
    reason: str
    step: int | None
    kind: StepKind
    need: Need
    tls: TlsState | None = None
    checked: Checked | None = None
    obstacle: Obstacle | None = None
    refusal: Refusal | None = None


Check = Callable[[Situation], Checked | Obstacle]
Opens = Callable[[Situation], Session | Obstacle]
Begins = Callable[[Situation], Obstacle | None]
Words = Callable[[Situation, Passage], tuple[str, str]]


def pass_through(
    at: Situation,
    need: Need,
    check: Check | None = None,
    sees: Sees = by_grammar,
    opens: Opens = open_session,
    begins: Begins = begin_inside,
) -> Passage:
    """Return how far a message gets over this connection.

    ``check`` is made when TLS is up; without ``AUTHENTICATE`` a failed check changes nothing but the
    words.  ``sees`` says whether the sender finds STARTTLS in the EHLO response, ``opens`` what session
    it has to find it in, ``begins`` what keeps it from beginning anew inside TLS.
    """
    session = opens(at)
    if isinstance(session, Obstacle):
        return stopped(session, need)
    if need is Need.NEVER:
        reason = say("TLS is not used: {peer} gets the message in clear", peer=at.peer)
        return _deliver(at, _clear(reason, session.step, need, None))
    seen = see_tls(at, session, sees)
    if isinstance(seen, Obstacle):
        return stopped(seen, need)
    if seen.state is TlsState.UP:
        return _inside(at, need, seen, check, begins)
    return _without(at, need, session, seen)


def stopped(obstacle: Obstacle, need: Need) -> Passage:
    """Return the passage that ends at an obstacle."""
    return Passage(
        course=Course.STOPPED,
        reason=obstacle.reason,
        step=obstacle.step,
        kind=obstacle.kind,
        need=need,
        obstacle=obstacle,
    )


def _clear(reason: str, step: int | None, need: Need, tls: TlsState | None) -> Passage:
    return Passage(
        course=Course.IN_CLEAR, reason=reason, step=step, kind=StepKind.RCPT, need=need, tls=tls
    )


def _without(at: Situation, need: Need, session: Session, seen: TlsSeen) -> Passage:
    """TLS did not come up: required, this ends it; optional, the message goes in clear."""
    step = seen.step if seen.step is not None else session.step
    course, kind = _COURSES[seen.state]
    if need is Need.MAY and seen.state is not TlsState.LOST:
        reason = say("{reason}; TLS is optional, the message goes in clear", reason=seen.reason)
        return _deliver(at, _clear(reason, step, need, seen.state))
    reason = (
        seen.reason if need is Need.MAY else say("{reason}; TLS is required", reason=seen.reason)
    )
    return Passage(course=course, reason=reason, step=step, kind=kind, need=need, tls=seen.state)


def after_lost_session(at: Situation, passage: Passage) -> Passage:
    """Return the course of a message that goes in clear after TLS broke off at its first EHLO.

    That is how a server that demands a client certificate refuses in TLS 1.3 (RFC 8446 4.4.2.4): the
    client's side of the handshake is over by then.  What comes there for a reply and is none to the
    sender counts as well.  Other passages come back as they are.
    """
    lost = passage.obstacle
    if passage.need is not Need.MAY or lost is None or lost.fault is not Fault.FAILED:
        return passage
    if lost.kind is not StepKind.EHLO_TLS or (lost.ending is None and lost.unread is None):
        return passage
    reason = say("{reason}; TLS is optional, the message goes in clear", reason=lost.reason)
    return _deliver(at, _clear(reason, lost.step, passage.need, TlsState.FAILED))


_COURSES = {
    TlsState.NOT_OFFERED: (Course.NOT_OFFERED, StepKind.STARTTLS),
    TlsState.REFUSED: (Course.REFUSED, StepKind.STARTTLS),
    TlsState.LOST: (Course.LOST, StepKind.STARTTLS),
    TlsState.FAILED: (Course.HANDSHAKE_FAILED, StepKind.HANDSHAKE),
}


def _inside(
    at: Situation, need: Need, seen: TlsSeen, check: Check | None, begins: Begins
) -> Passage:
    checked = check(at) if check else None
    if isinstance(checked, Obstacle):
        if need is Need.AUTHENTICATE or checked.fault is Fault.OPEN:
            return stopped(checked, need)
        checked = None
    passage = Passage(
        course=Course.ENCRYPTED,
        reason=seen.reason,
        step=seen.step,
        kind=StepKind.HANDSHAKE,
        need=need,
        tls=TlsState.UP,
        checked=checked,
    )
    if need is Need.AUTHENTICATE and checked is not None:
        passage = replace(
            passage,
            course=Course.VERIFIED if checked.verified else Course.NOT_AUTHENTIC,
            reason=checked.reason,
            step=checked.step,
            kind=checked.kind,
        )
    if passage.course is Course.NOT_AUTHENTIC:
        return passage
    kept = begins(at)
    return _deliver(at, passage) if kept is None else stopped(kept, need)


def _deliver(at: Situation, passage: Passage) -> Passage:
    answer = answered_envelope(at)
    match answer:
        case None if passage.course is Course.IN_CLEAR:
            return replace(passage, reason=f"{passage.reason}{untried_in_clear(at)}")
        case None:
            return passage
        case Obstacle():
            return stopped(answer, passage.need)
        case _:
            return replace(
                passage,
                course=Course.ENVELOPE_REFUSED,
                reason=answer.reason,
                step=answer.step,
                kind=answer.kind,
                refusal=answer,
            )


def settle(at: Situation, passage: Passage, words: Words) -> Judged:
    """Turn a passage into the verdict on its connection, in a sender's words.

    What a sender does is not known where nothing was concluded: then it logs nothing here.
    """
    outcome, fault = _outcome(passage)
    log, code = ("", "") if outcome is Outcome.UNKNOWN else words(at, passage)
    return Judged(
        verdict=verdict_on(at, outcome, passage.reason, log, passage.step, code),
        fault=fault,
        stage=stage(passage.kind),
        connected=passage.kind is not StepKind.CONNECT,
    )


def _outcome(passage: Passage) -> tuple[Outcome, Fault | None]:
    match passage.course:
        case Course.IN_CLEAR:
            return Outcome.DELIVERED_CLEAR, None
        case Course.ENCRYPTED:
            return Outcome.DELIVERED_ENCRYPTED, None
        case Course.VERIFIED:
            return Outcome.DELIVERED_VERIFIED, None
        case Course.ENVELOPE_REFUSED:
            permanent = passage.refusal is not None and passage.refusal.permanent
            return (Outcome.BOUNCED if permanent else Outcome.DEFERRED), None
        case Course.STOPPED:
            return _of_obstacle(passage.obstacle)
        case (
            Course.NOT_OFFERED
            | Course.REFUSED
            | Course.LOST
            | Course.HANDSHAKE_FAILED
            | Course.NOT_AUTHENTIC
        ):
            return Outcome.DEFERRED, Fault.FAILED
    assert_never(passage.course)


def _of_obstacle(obstacle: Obstacle | None) -> tuple[Outcome, Fault]:
    fault = obstacle.fault if obstacle else Fault.OPEN
    match fault:
        case Fault.OPEN | Fault.INCONCLUSIVE:
            return Outcome.UNKNOWN, fault
        case Fault.FAILED:
            return Outcome.DEFERRED, fault
        case Fault.PERMANENT:
            return Outcome.BOUNCED, fault
    assert_never(fault)


def with_note(verdict: AttemptVerdict, note: str) -> AttemptVerdict:
    """Return the verdict with a note behind its reason."""
    return replace(verdict, reason=f"{verdict.reason}{note}") if note else verdict
