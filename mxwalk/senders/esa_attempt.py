"""What an ESA makes of one connection under one of the six TLS settings.

The table of settings, column by column: no TLS before the 220 to STARTTLS, TLS failing after it, TLS
up but not verified, TLS up and verified.  The EHLO response is read strictly, as the ESA does (RFC
1869 4.3).  "Verified" needs both steps: the chain, and the identity by the setting's flow.
"""

from dataclasses import dataclass
from typing import assert_never

from mxwalk.delivery.revocation import list_passed_over, lists_unasked, revoked_by_list
from mxwalk.evidence.step import StepKind
from mxwalk.identity.model import IdentityResult, PresentedKind
from mxwalk.language import say
from mxwalk.senders import esa_log
from mxwalk.senders.either_way import no_tls_either_way
from mxwalk.senders.envelope import answered_envelope, untried_in_clear
from mxwalk.senders.esa_result import failed, stopped
from mxwalk.senders.esa_settings import Setting, TlsUse, Verification, identity_of
from mxwalk.senders.judged import Judged, verdict_on
from mxwalk.senders.model import AttemptVerdict, Outcome
from mxwalk.senders.offer import by_grammar
from mxwalk.senders.reach import (
    Session,
    TlsSeen,
    TlsState,
    begin_inside,
    open_session,
    see_tls,
)
from mxwalk.senders.route_outcome import is_ours, status_words
from mxwalk.senders.situation import Fault, Obstacle, Situation, stage
from mxwalk.text import visible


def judge_attempt(setting: Setting, at: Situation) -> Judged:
    """Return what the ESA with this setting does over this connection."""
    session = open_session(at)
    if isinstance(session, Obstacle):
        return stopped(at, session)
    if setting.tls is TlsUse.NEVER:
        reason = say(
            "{label} never uses TLS: {peer} gets the message in clear",
            label=setting.label,
            peer=at.peer,
        )
        return _clear(at, reason, esa_log.DELIVERY_START, session.step)
    seen = see_tls(at, session, by_grammar)
    if isinstance(seen, Obstacle):
        if setting.required and (reason := no_tls_either_way(at, seen)):
            return failed(at, reason, esa_log.TLS_FAILED_SOMEHOW, seen.step, StepKind.HANDSHAKE)
        return stopped(at, seen)
    match seen.state:
        case TlsState.NOT_OFFERED | TlsState.REFUSED:
            return _before_220(setting, at, session, seen)
        case TlsState.LOST:
            return failed(at, seen.reason, esa_log.STARTTLS_UNEXPECTED, seen.step)
        case TlsState.FAILED:
            reason = say("{reason}; there is no fallback to clear text", reason=seen.reason)
            return failed(at, reason, esa_log.TLS_FAILED, seen.step, StepKind.HANDSHAKE)
        case TlsState.UP:
            return _with_tls(setting, at, seen)
    assert_never(seen.state)


def _before_220(setting: Setting, at: Situation, session: Session, seen: TlsSeen) -> Judged:
    refused = seen.state is TlsState.REFUSED
    log = esa_log.STARTTLS_UNEXPECTED if refused else esa_log.STARTTLS_NOT_SUPPORTED
    step = seen.step or session.step
    if setting.required:
        reason = say(
            "{reason}; {label} delivers only over TLS", reason=seen.reason, label=setting.label
        )
        return failed(at, reason, log, step, StepKind.STARTTLS)
    return _clear(
        at,
        say("{reason}; {label} delivers in clear", reason=seen.reason, label=setting.label),
        log,
        step,
    )


def _with_tls(setting: Setting, at: Situation, seen: TlsSeen) -> Judged:
    handshake = at.attempt.handshake
    assert handshake is not None
    success = esa_log.tls_success(handshake)
    if setting.verification is Verification.NONE:
        reason = say(
            "{reason}; {label} does not examine the certificate",
            reason=seen.reason,
            label=setting.label,
        )
        return _inside(at, Outcome.DELIVERED_ENCRYPTED, reason, success, seen.step)
    checked = _verified(setting, at)
    if isinstance(checked, Obstacle):
        return stopped(at, checked)
    if checked.verified:
        reason = say("{reason}, and the chain is trusted", reason=checked.reason)
        return _inside(at, Outcome.DELIVERED_VERIFIED, reason, success, checked.step)
    if setting.required:
        return failed(at, checked.reason, checked.log, checked.step, checked.kind)
    reason = say(
        "not verified: {reason}; {label} delivers encrypted all the same",
        reason=checked.reason,
        label=setting.label,
    )
    return _inside(at, Outcome.DELIVERED_ENCRYPTED, reason, success, checked.step)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    verified: bool
    reason: str
    log: str
    step: int | None
    kind: StepKind


def _verified(setting: Setting, at: Situation) -> _Checked | Obstacle:
    """Judge both steps: I the certificate, II the identity."""
    chain, handshake = at.attempt.chain, at.attempt.handshake
    if handshake is not None and not (handshake.presented or handshake.unseen):
        return _Checked(
            verified=False,
            reason=say("{peer} presented no certificate", peer=at.peer),
            log=esa_log.no_certificate(),
            step=at.seq(StepKind.HANDSHAKE),
            kind=StepKind.CHAIN,
        )
    if chain is None:
        return at.missing(StepKind.CHAIN)
    if chain.errors:
        first = chain.errors[0]
        more = (
            say(", and {errors} more errors", errors=len(chain.errors) - 1)
            if len(chain.errors) > 1
            else ""
        )
        return _Checked(
            verified=False,
            reason=say(
                "the chain of {peer} is not trusted: {first} (depth {depth}{more})",
                peer=at.peer,
                first=visible(first.text, 200),
                depth=first.depth,
                more=more,
            ),
            log=esa_log.chain_error(first),
            step=at.seq(StepKind.CHAIN),
            kind=StepKind.CHAIN,
        )
    # Lists only, and one that cannot be had is passed over: see ``revocation.products``.
    revoked = revoked_by_list(at.attempt)
    if revoked is not None:
        return _Checked(
            verified=False,
            reason=say(
                "a certificate of {peer} is revoked: {sentence}",
                peer=at.peer,
                sentence=visible(revoked.sentence, 300),
            ),
            log=esa_log.revoked(),
            step=at.seq(StepKind.REVOCATION),
            kind=StepKind.REVOCATION,
        )
    identity = identity_of(setting.verification, at.attempt)
    if identity is None:
        return at.missing(StepKind.IDENTITY)
    if identity.verified and lists_unasked(at.attempt):
        return _unasked(setting, at)
    if not identity.verified and (unknown := _unknown_names(setting, at, identity)):
        return unknown
    passed_over = list_passed_over(at.attempt) if identity.verified else ""
    note = (
        say(
            "; passed over, as we read the ESA: {passed_over}",
            passed_over=visible(passed_over, 300),
        )
        if passed_over
        else ""
    )
    return _Checked(
        verified=identity.verified,
        reason=f"{identity.summary}{note}",
        log=esa_log.identity_error(),
        step=at.seq(StepKind.IDENTITY),
        kind=StepKind.IDENTITY,
    )


def _unasked(setting: Setting, at: Situation) -> _Checked | Obstacle:
    """Whether a certificate is on a list that nobody asked for is not known; the ESA would ask."""
    reason = say(
        "the certificates of {peer} name a revocation list, and nobody asked for it", peer=at.peer
    )
    step = at.seq(StepKind.REVOCATION) or at.seq(StepKind.CHAIN)
    if setting.required:
        return Obstacle(
            fault=Fault.INCONCLUSIVE, kind=StepKind.REVOCATION, reason=reason, step=step
        )
    log = esa_log.identity_error()
    return _Checked(verified=False, reason=reason, log=log, step=step, kind=StepKind.REVOCATION)


def _unknown_names(
    setting: Setting, at: Situation, identity: IdentityResult
) -> _Checked | Obstacle | None:
    """Whether the CN is a name of the address is not known where our resolver does not tell them."""
    ptr = at.attempt.ptr
    has_cn = any(one.kind is PresentedKind.CN_ID for one in identity.presented)
    if setting.verification is not Verification.VERIFY or ptr is None or not has_cn:
        return None
    answers = (ptr.answer, *(a for name in ptr.names if not name.confirmed for a in name.answers))
    ours = next((one for one in answers if is_ours(one)), None)
    if ours is None:
        return None
    reason = say(
        "our resolver does not tell the names of {address} ({why}), and this setting compares the CN"
        " with them",
        address=visible(ptr.address, 60),
        why=status_words(ours),
    )
    step = at.attempt.ptr_step.seq if at.attempt.ptr_step else None
    if setting.required:
        return Obstacle(fault=Fault.INCONCLUSIVE, kind=StepKind.IDENTITY, reason=reason, step=step)
    log = esa_log.identity_error()
    return _Checked(verified=False, reason=reason, log=log, step=step, kind=StepKind.IDENTITY)


def _inside(at: Situation, outcome: Outcome, reason: str, log: str, step: int | None) -> Judged:
    """Go on inside TLS: the second EHLO must be accepted (RFC 3207 4.2)."""
    kept = begin_inside(at)
    return _delivered(at, outcome, reason, log, step) if kept is None else stopped(at, kept)


def _clear(at: Situation, reason: str, log: str, step: int | None) -> Judged:
    reason = f"{reason}{untried_in_clear(at)}"
    return _delivered(at, Outcome.DELIVERED_CLEAR, reason, log, step)


def _delivered(at: Situation, outcome: Outcome, reason: str, log: str, step: int | None) -> Judged:
    answer = answered_envelope(at)
    if isinstance(answer, Obstacle):
        return stopped(at, answer)
    if answer is None:
        verdict = verdict_on(at, outcome, reason, log, step)
        return Judged(verdict=verdict, fault=None, stage=stage(StepKind.RCPT))
    verdict = AttemptVerdict(
        host=at.host.planned.name,
        address=at.attempt.address,
        outcome=Outcome.BOUNCED if answer.permanent else Outcome.DEFERRED,
        reason=answer.reason,
        log=(esa_log.bounced if answer.permanent else esa_log.delayed)(answer.code, answer.reply),
        step=answer.step,
        code=answer.code,
    )
    return Judged(verdict=verdict, fault=None, stage=stage(answer.kind))
