"""Which steps a connection still needs, given what has happened on it.

The order is RFC 5321's and RFC 3207's: connect, greeting, EHLO (HELO where EHLO is refused),
STARTTLS, handshake, the look at chain, revocation and names, EHLO again, the envelope if one was
asked for, and QUIT; then the connections for one more look.  STARTTLS is tried where any sender
finds it in the EHLO response, to show as much as can be seen; the sender profiles judge by their own
reading.
"""

from dataclasses import dataclass, replace

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import LOOKS, examined
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options
from mxwalk.language import say
from mxwalk.senders.offer import by_any
from mxwalk.smtp.model import Reply, helo_follows
from mxwalk.walk.further import asked_for, further_looks, wants_issuers

_TLS = (
    StepKind.HANDSHAKE,
    StepKind.CHAIN,
    StepKind.REVOCATION,
    StepKind.IDENTITY,
    StepKind.EHLO_TLS,
)
_AFTER_DEATH = (StepKind.CHAIN, StepKind.ISSUERS, StepKind.REVOCATION, StepKind.IDENTITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The kinds still to come, in order, and why the others are not needed any more."""

    kinds: tuple[StepKind, ...]
    reason: str = ""


def wants_envelope(options: Options) -> bool:
    """Say whether MAIL FROM and RCPT TO were asked for."""
    return options.mail_from is not None or options.rcpt_to is not None


def full_sequence(options: Options) -> tuple[StepKind, ...]:
    """Return every kind a well-behaved connection goes through, in order."""
    envelope = (StepKind.MAIL, StepKind.RCPT, StepKind.RSET) if wants_envelope(options) else ()
    start = (StepKind.CONNECT, StepKind.GREETING, StepKind.EHLO, StepKind.STARTTLS)
    return (*start, *_TLS, *envelope, StepKind.QUIT, *asked_for(options))


def skipped_kinds(delivery: Delivery, attempt: Attempt) -> frozenset[StepKind]:
    """Return the kinds the administrator skipped on this connection."""
    return delivery.left_out.get(attempt.scope, frozenset())


def rest_of(
    attempt: Attempt, options: Options, *, skipped: frozenset[StepKind], abandoned: bool
) -> Rest:
    """Return what is left to do on ``attempt``; ``abandoned`` leaves only the polite QUIT."""
    done = {step.kind for step in attempt.steps} | skipped
    rest = _rest_of(attempt, options, done, skipped=skipped, abandoned=abandoned)
    if StepKind.CONNECT not in done or StepKind.HANDSHAKE in rest.kinds:
        return rest
    kinds: tuple[StepKind, ...] = tuple(kind for kind in rest.kinds if kind not in LOOKS)
    closes = attempt.dead or StepKind.QUIT in done or StepKind.QUIT in kinds
    if closes and not abandoned and not attempt.throttled:
        kinds = (*kinds, *(kind for kind in _afterwards(attempt, options) if kind not in done))
    return replace(rest, kinds=kinds)


def _afterwards(attempt: Attempt, options: Options) -> tuple[StepKind, ...]:
    """Return the looks, and revocation where a look was the first to show certificates."""
    shown_by_look = examined(attempt) is not attempt
    revocation = (StepKind.REVOCATION,) if shown_by_look else ()
    return (*revocation, *further_looks(attempt, options))


def _rest_of(
    attempt: Attempt,
    options: Options,
    done: set[StepKind],
    *,
    skipped: frozenset[StepKind],
    abandoned: bool,
) -> Rest:
    everything = full_sequence(options)
    if StepKind.CONNECT not in done:
        return Rest(kinds=()) if abandoned else Rest(kinds=everything)
    if StepKind.QUIT in done:  # why something was left out still wants saying
        why = _after_greeting(attempt, options, done).reason
        return Rest(kinds=(), reason=why or say("the connection was closed with QUIT"))
    if attempt.dead:
        return Rest(
            kinds=_after_death(attempt, options, done), reason=say("the connection is over")
        )
    if attempt.throttled:
        return Rest(kinds=(), reason=say("the server said 421: that it closes"))
    if abandoned:
        midway = StepKind.STARTTLS in done - skipped and not attempt.tls_is_up
        accepted = attempt.starttls is not None and attempt.starttls.code == 220
        if midway and accepted:  # neither side speaks SMTP now: only closing is left
            return Rest(kinds=(), reason=say("left between STARTTLS and the handshake"))
        return Rest(kinds=(StepKind.QUIT,), reason=say("left by decision"))
    return _after_greeting(attempt, options, done)


def _after_death(attempt: Attempt, options: Options, done: set[StepKind]) -> tuple[StepKind, ...]:
    """A broken handshake still leaves certificates to look at, which needs no connection."""
    handshake = attempt.handshake
    if handshake is None or not handshake.presented:
        return ()
    if attempt.steps[-1].kind not in (StepKind.HANDSHAKE, *_AFTER_DEATH):
        return ()
    kinds = _AFTER_DEATH if wants_issuers(attempt, options) else _without_issuers(_AFTER_DEATH)
    return tuple(kind for kind in kinds if kind not in done)


def _without_issuers(kinds: tuple[StepKind, ...]) -> tuple[StepKind, ...]:
    return tuple(kind for kind in kinds if kind is not StepKind.ISSUERS)


def _from(kind: StepKind, options: Options) -> tuple[StepKind, ...]:
    everything = full_sequence(options)
    return everything[everything.index(kind) :]


def _after_greeting(attempt: Attempt, options: Options, done: set[StepKind]) -> Rest:
    if StepKind.GREETING not in done:
        return Rest(kinds=_from(StepKind.GREETING, options))
    if StepKind.GREETING in {s.kind for s in attempt.steps} and _code(attempt.greeting) != 220:
        return Rest(kinds=(StepKind.QUIT,), reason=say("the greeting is not 220"))
    ehlo = attempt.reply(StepKind.EHLO)
    helo = attempt.reply(StepKind.HELO)
    if StepKind.EHLO not in done and StepKind.HELO not in done:
        return Rest(kinds=_from(StepKind.EHLO, options))
    if StepKind.HELO in done:
        if _code(helo) != 250:
            return Rest(kinds=(StepKind.QUIT,), reason=say("EHLO and HELO were both refused"))
        return _envelope(attempt, options, done, say("after HELO there are no extensions"))
    if ehlo is not None and helo_follows(ehlo):
        without_tls = tuple(
            k for k in _from(StepKind.STARTTLS, options) if k not in (*_TLS, StepKind.STARTTLS)
        )
        return Rest(kinds=(StepKind.HELO, *without_tls), reason=say("EHLO was refused"))
    if _code(ehlo) != 250:
        return Rest(kinds=(StepKind.QUIT,), reason=_no(attempt, StepKind.EHLO, "EHLO"))
    return _after_ehlo(attempt, options, done)


def _after_ehlo(attempt: Attempt, options: Options, done: set[StepKind]) -> Rest:
    if StepKind.STARTTLS not in done:
        if attempt.ehlo is not None and by_any(attempt.ehlo):
            return Rest(kinds=_from(StepKind.STARTTLS, options))
        return _envelope(attempt, options, done, say("STARTTLS is not offered"))
    if attempt.step(StepKind.STARTTLS) is None:
        return _envelope(attempt, options, done, say("STARTTLS was skipped by decision"))
    if _code(attempt.starttls) != 220:
        return _envelope(attempt, options, done, say("STARTTLS was refused"))
    for kind in _TLS:
        if kind is StepKind.REVOCATION and _issuers_next(attempt, options, done):
            return Rest(kinds=(StepKind.ISSUERS, *_from(kind, options)))
        if kind not in done:
            return Rest(kinds=_from(kind, options))
    if StepKind.EHLO_TLS in {s.kind for s in attempt.steps}:
        inside = attempt.reply(StepKind.EHLO_TLS)
        if _code(inside) != 250:
            return Rest(
                kinds=(StepKind.QUIT,),
                reason=_no(attempt, StepKind.EHLO_TLS, say("EHLO inside TLS")),
            )
    return _envelope(attempt, options, done, "")


def _issuers_next(attempt: Attempt, options: Options, done: set[StepKind]) -> bool:
    """Say whether the missing issuers come next: before revocation, for which they are of use."""
    missing = StepKind.ISSUERS not in done and StepKind.REVOCATION not in done
    return missing and wants_issuers(attempt, options)


def _envelope(attempt: Attempt, options: Options, done: set[StepKind], reason: str) -> Rest:
    if not wants_envelope(options):
        return Rest(kinds=(StepKind.QUIT,), reason=reason)
    order = (StepKind.MAIL, StepKind.RCPT, StepKind.RSET)
    made = {step.kind for step in attempt.steps}
    if StepKind.MAIL in made and _code(attempt.reply(StepKind.MAIL)) // 100 != 2:
        return Rest(kinds=(StepKind.QUIT,), reason=_no(attempt, StepKind.MAIL, "MAIL FROM"))
    left = tuple(kind for kind in order if kind not in done)
    return Rest(kinds=(*left, StepKind.QUIT), reason=reason)


def _no(attempt: Attempt, kind: StepKind, words: str) -> str:
    exchange = attempt.exchange(kind)
    unsent = exchange is not None and exchange.unsent
    if unsent:
        return say("{words} was not sent", words=words)
    return say("{words} was not accepted", words=words)


def _code(reply: Reply | None) -> int:
    return reply.code if reply is not None and reply.complete else 0
