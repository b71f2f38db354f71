"""Postfix's smtp(8) at each TLS security level, as the real client delivers (not posttls-finger).

``dane`` degrades: without TLSA records to ``may``, with unusable ones to ``encrypt``; below an
insecure MX answer TLSA records are used all the same, but the server counts as Trusted only
(smtp_tls_dane_insecure_mx_policy = dane).  The defaults of Postfix 3.7 are assumed, the walk's
trust store as smtp_tls_CAfile, and a validating resolver.  Words of an EHLO line are parted by spaces
and ``=``; a tab is part of the word, and what stands in the code's place does not matter.
"""

from dataclasses import dataclass, replace

from mxwalk.dane.model import DaneState, Standing
from mxwalk.dane.tlsa import DANE_EE, DANE_TA
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.security import passes_signatures
from mxwalk.dnssec.model import Status
from mxwalk.evidence.step import StepKind
from mxwalk.identity.model import IdentityResult
from mxwalk.language import noted, say
from mxwalk.senders import postfix_log as log
from mxwalk.senders.dane import decided_route, unknown_standing
from mxwalk.senders.greeting import opened_by_postfix
from mxwalk.senders.hosts import Queue, bounced_without_address, without_connection
from mxwalk.senders.judged import Judged
from mxwalk.senders.model import AttemptVerdict, Outcome, Verdict
from mxwalk.senders.offer import by_postfix
from mxwalk.senders.outcomes import DELIVERED, NOT_KNOWN
from mxwalk.senders.passage import (
    Course,
    Need,
    Passage,
    after_lost_session,
    pass_through,
    settle,
    with_note,
)
from mxwalk.senders.postfix_check import check_for, trust_word
from mxwalk.senders.postfix_hello import hello_of
from mxwalk.senders.postfix_level import DEFAULT_MATCH, Level, in_brackets, match_names
from mxwalk.senders.postfix_replies import graded, reads, refused_for_good, status_code
from mxwalk.senders.route_outcome import RouteOutcome, route_outcome
from mxwalk.senders.situation import Fault, Situation

ADDRESSES = 5  # smtp_mx_address_limit; a session that fails before MAIL is not counted as one
_RETRY = noted(
    "keeps the message and tries again after 300 s, then at growing intervals of up to"
    " 4000 s, until 5 days have passed; then it bounces (minimal_backoff_time,"
    " maximal_backoff_time, maximal_queue_lifetime)"
)
_NEXT = {
    Outcome.DEFERRED: _RETRY,
    Outcome.BOUNCED: noted("returns the message to the sender at once"),
    Outcome.UNKNOWN: NOT_KNOWN,
}


@dataclass(frozen=True, slots=True)
class _Policy:
    """The effective level at an address: what it needs, or why the address is not connected to."""

    need: Need | None
    reason: str = ""
    code: str = "4.7.5"
    half: bool = False  # authenticated below an insecure MX answer


@dataclass(frozen=True, slots=True)
class PostfixProfile:
    """A level as a sender; ``match`` and ``fingerprints`` are the configured lists.

    An empty list stands for Postfix's default and is not part of the id.
    """

    level: Level
    match: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``postfix:dane`` and so on, with a configured list as ``postfix:secure:nexthop``."""
        lists = ",".join((*self.match, *self.fingerprints))
        return f"postfix:{self.level.value}{':' if lists else ''}{lists}"

    @property
    def label(self) -> str:
        """A short name; of a configured list as much as fits a table."""
        return f"Postfix {self.level.value}{in_brackets(self.match, self.fingerprints)}"

    @property
    def source(self) -> str:
        """Where the behaviour is documented."""
        return say("Postfix TLS_README, postconf(5), smtp(8) of Postfix 3.7")

    @property
    def strategies(self) -> tuple[str, ...]:
        """The match strategies in force."""
        return self.match or DEFAULT_MATCH.get(self.level, ())

    def identity(self, attempt: Attempt) -> IdentityResult | None:
        """Return the matrix of ``verify`` and ``secure``."""
        if not self.level.uses_names:
            return None
        return match_names(attempt, self.strategies, self.label)

    def judge(self, delivery: Delivery) -> Verdict:
        """Return what Postfix does with the message at this level."""
        route = self._route(delivery)
        if route is not None:
            return self._of_route(delivery, route)
        decided, attempts = self._run(delivery, in_clear=False)
        retried = ""
        if decided.outcome is Outcome.DEFERRED:
            again, later = self._run(delivery, in_clear=True)
            if again.outcome.delivered:
                code, attempts = decided.code, later
                reason = say(
                    "Postfix first defers ({code}), and sends at the next try, 300 s later: {reason}",
                    reason=again.reason,
                    code=code,
                )
                decided = replace(again, reason=reason)
                retried = say(
                    "first defers ({code}), then sends in clear at the next try, 300 s later",
                    code=code,
                )
        return self._verdict(decided, attempts, retried)

    def _route(self, delivery: Delivery) -> RouteOutcome | None:
        """Return what the MX answer decides.

        Without DANE only a bogus answer stops a level, not one of a resolver that passes no signatures
        on; where it passes others on, one that cannot be validated may be bogus.
        """
        found = decided_route(delivery)
        if found is None or found.outcome is not Outcome.UNKNOWN or self.level.uses_dane:
            return found
        may_be_bogus = delivery.mx_validation is None or passes_signatures(delivery.trace)
        return route_outcome(delivery) or (found if may_be_bogus else None)

    def _run(
        self, delivery: Delivery, *, in_clear: bool
    ) -> tuple[AttemptVerdict, tuple[AttemptVerdict, ...]]:
        queue = Queue(
            judge=lambda at: self._judge(at, in_clear=in_clear),
            words=_host_words,
            before=self._before,
            gone=_gone,
            addresses=ADDRESSES,
            last_speaks=True,
            hello=lambda host: hello_of(self.level, host),
        )
        return queue.run(delivery)

    def _verdict(
        self, decided: AttemptVerdict, attempts: tuple[AttemptVerdict, ...], retried: str
    ) -> Verdict:
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=decided.outcome,
            reason=decided.reason,
            log=decided.log,
            step=decided.step,
            next_action=retried or say(_NEXT.get(decided.outcome, DELIVERED)),
            code=decided.code,
            host=decided.host,
            attempts=attempts,
        )

    def _of_route(self, delivery: Delivery, route: RouteOutcome) -> Verdict:
        code, line = route.code, ""
        if route.outcome is Outcome.DEFERRED and code in ("4.4.3", "4.7.0"):
            code = "4.4.3"
            line = log.deferred(log.name_error(delivery.domain, "MX"), code)
        decided = AttemptVerdict(
            host="",
            address="",
            outcome=route.outcome,
            reason=route.reason,
            log=line,
            step=route.step,
            code=code,
        )
        return self._verdict(decided, (), "")

    def _before(self, delivery: Delivery, host: Host) -> Judged | None:
        if self.level.uses_dane:
            unknown = unknown_standing(delivery, host)
            if unknown is not None:
                return without_connection(host, unknown[0], unknown[1], "", "")
        if host.dane is None or host.dane.at_host is not Standing.ADDRESS_FAILED:
            return None
        found = RouteOutcome(
            outcome=Outcome.DEFERRED,
            reason=host.dane.reason,
            step=host.address_step.seq if host.address_step else None,
        )
        line = log.deferred(log.name_error(host.planned.name, "A"), "4.4.3")
        return without_connection(host, found, Fault.FAILED, line, "4.4.3")

    def _judge(self, at: Situation, *, in_clear: bool) -> Judged:
        policy = self._policy(at)
        if policy.need is None:
            reason = say("{peer} is not connected to: {reason}", peer=at.peer, reason=policy.reason)
            step = _lookup_step(at) if self.level.uses_dane else None  # else Postfix's own settings
            found = RouteOutcome(outcome=Outcome.DEFERRED, reason=reason, step=step)
            line = log.deferred(policy.reason, policy.code)
            return without_connection(at.host, found, Fault.FAILED, line, policy.code)
        check = check_for(self.level if policy.need is Need.AUTHENTICATE else Level.ENCRYPT, self)
        at = replace(at, reads=reads)
        passage = pass_through(at, policy.need, check, by_postfix, opened_by_postfix)
        if in_clear:
            passage = after_lost_session(at, passage)
        if log.fell_back(passage) and not in_clear:
            passage = replace(passage, course=Course.HANDSHAKE_FAILED, kind=StepKind.HANDSHAKE)
        if policy.half and passage.course is Course.VERIFIED:
            passage = replace(
                passage,
                course=Course.ENCRYPTED,
                reason=say(
                    "{reason}; the MX answer is insecure, the host name may be forged",
                    reason=passage.reason,
                ),
            )
        passage = graded(at, passage)
        judged = settle(at, passage, lambda where, how: self._words(where, how, half=policy.half))
        if refused_for_good(passage):
            judged = replace(judged, fault=None)
        return self._noted(judged, at, policy)

    def _noted(self, judged: Judged, at: Situation, policy: _Policy) -> Judged:
        """Say where ``dane`` degraded."""
        if self.level is not Level.DANE or policy.need is Need.AUTHENTICATE:
            return judged
        into = "may" if policy.need is Need.MAY else "encrypt"
        why = at.host.dane.reason if at.host.dane else ""
        note = (
            say("; dane degrades to {into}: {why}", into=into, why=why)
            if why
            else say("; dane degrades to {into}", into=into)
        )
        return replace(judged, verdict=with_note(judged.verdict, note))

    def _policy(self, at: Situation) -> _Policy:
        match self.level:
            case Level.NONE:
                return _Policy(Need.NEVER)
            case Level.MAY:
                return _Policy(Need.MAY)
            case Level.ENCRYPT:
                return _Policy(Need.ENCRYPT)
            case Level.VERIFY | Level.SECURE:
                return _Policy(Need.AUTHENTICATE)
            case Level.FINGERPRINT:
                if self.fingerprints:
                    return _Policy(Need.AUTHENTICATE)
                return _Policy(None, f"{log.CONFIGURATION}: no fingerprints to match")
            case Level.DANE | Level.DANE_ONLY:
                state = at.host.dane
                assert state is not None  # _before has dealt with that
                return self._dane_policy(at, state)

    def _dane_policy(self, at: Situation, state: DaneState) -> _Policy:
        only = self.level is Level.DANE_ONLY
        insecure_mx = state.mx is not None and state.mx.status is Status.INSECURE
        if only and insecure_mx:
            return _Policy(None, log.NOT_DNSSEC)
        standing = state.at_address(at.attempt.address, with_mx=False)
        if standing is Standing.TLSA_FAILED:
            return _Policy(None, log.tlsa_error(state.host, state.port))
        if standing is Standing.USABLE:
            return _Policy(Need.AUTHENTICATE, half=insecure_mx)
        if standing is Standing.UNUSABLE:
            if not only:
                return _Policy(Need.ENCRYPT)
            # A wrong usage is seen in the look-up, everything else only by OpenSSL in the handshake.
            known = any(record.usage in (DANE_TA, DANE_EE) for record in state.records)
            return _Policy(Need.AUTHENTICATE) if known else _Policy(None, log.UNUSABLE)
        return _Policy(None, log.NO_TLSA) if only else _Policy(Need.MAY)

    def _words(self, at: Situation, passage: Passage, *, half: bool) -> tuple[str, str]:
        if passage.refusal is not None:
            reply = passage.refusal.reply
            code = status_code(reply) if reply else passage.refusal.code
            line = (
                log.refusal(at, passage.refusal.kind, reply)
                if reply
                else f"SMTPUTF8 is required, but was not offered by host {log.name_and_address(at)}"
            )
            permanent = passage.refusal.permanent
            return (log.bounced if permanent else log.deferred)(line, code), code
        if passage.course is Course.IN_CLEAR:
            return "status=sent", ""
        if passage.course in (Course.ENCRYPTED, Course.VERIFIED):
            return log.summary(at, trust_word(at, passage, half=half)), ""
        reason, code = log.failure(at, passage)
        if not reason:
            return "", ""
        line = (log.bounced if refused_for_good(passage) else log.deferred)(reason, code)
        if passage.course is Course.NOT_AUTHENTIC:
            line = f"{log.summary(at, trust_word(at, passage, half=half))}; {line}"
        return line, code


def _lookup_step(at: Situation) -> int | None:
    return at.host.dane.step if at.host.dane else None


def _gone(found: RouteOutcome) -> RouteOutcome:
    """smtp_defer_if_no_mx_address_found = no."""
    return bounced_without_address(found, "5.4.4")


def _host_words(_delivery: Delivery, host: Host, found: RouteOutcome) -> tuple[str, str]:
    if found.outcome is Outcome.BOUNCED and found.code == "5.4.4":
        return log.bounced(log.no_name(host.planned.name, "A"), found.code), found.code
    if found.outcome is Outcome.DEFERRED:
        return log.deferred(log.name_error(host.planned.name, "A"), found.code), found.code
    return "", found.code


PROFILES = tuple(PostfixProfile(level) for level in Level)
