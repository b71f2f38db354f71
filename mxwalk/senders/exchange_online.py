"""Exchange Online sending: outbound SMTP DANE with DNSSEC, MTA-STS after it, its codes, its retries.

DANE blocks mail in two situations only: an answer of a signed domain is not authentic, or all MX
hosts have TLSA records and each fails them or offers no TLS.  Where this differs from plain RFC 7672
(expiry and start of validity with DANE-EE) the verdict says so.  Where DANE does not authenticate a
host, an enforced MTA-STS policy does.

It never sends with TLS 1.0 or 1.1 (Exchange Team Blog of 15 January 2021, "Understanding email
scenarios if TLS versions cannot be agreed on with Exchange Online").  Which groups it offers, and
whether it sends server_name without DANE, is not documented: there it counts as a modern client that
names the server.
"""

from dataclasses import dataclass, replace

from mxwalk.dane.model import Standing
from mxwalk.dane.result import DaneResult, RecordOutcome
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.dane import dane_result, evaluated_at
from mxwalk.delivery.model import Delivery, Host
from mxwalk.dnssec.model import Status
from mxwalk.evidence.step import StepKind
from mxwalk.identity.model import IdentityResult
from mxwalk.language import say
from mxwalk.mtasts.state import StsStanding
from mxwalk.senders.dane import as_checked, demand, route_security, unknown_standing
from mxwalk.senders.exchange_text import TEXTS, Code, deferral, retry_words
from mxwalk.senders.hosts import Queue, without_connection
from mxwalk.senders.judged import Judged
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.mta_sts import check_sts, mx_host_names, not_listed, unknown_policy
from mxwalk.senders.outcomes import DELIVERED, NOT_KNOWN
from mxwalk.senders.passage import (
    Checked,
    Course,
    Need,
    Passage,
    pass_through,
    settle,
    with_note,
)
from mxwalk.senders.route_outcome import RouteOutcome, route_outcome
from mxwalk.senders.situation import Fault, Obstacle, Situation
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, read_certificate

_DANE_CODES = (Code.STARTTLS, Code.EXPIRED, Code.TLSA, Code.DNSSEC, Code.HOST_MISMATCH)
_TLS_COURSES = (Course.NOT_OFFERED, Course.REFUSED, Course.HANDSHAKE_FAILED, Course.LOST)


@dataclass(frozen=True, slots=True)
class ExchangeOnlineProfile:
    """Exchange Online as a sender."""

    id: str = "exchange-online"
    label: str = "Exchange Online"
    source: str = "Microsoft: How SMTP DANE works; RFC 7672, RFC 8461"

    def identity(self, attempt: Attempt) -> IdentityResult | None:
        """Return what an MTA-STS policy asks for; what DANE compares is shown in the TLSA view."""
        return mx_host_names(attempt)

    def judge(self, delivery: Delivery) -> Verdict:
        """Return what Exchange Online does with the message."""
        secure, route = route_security(delivery), route_outcome(delivery)
        if secure is not None and secure.outcome is Outcome.DEFERRED:
            validation = delivery.mx_validation
            if route is None or (validation and validation.status is Status.BOGUS):
                return self._dnssec(secure)
        route = route or secure
        if route is not None:
            return self._of_route(route)
        decided, attempts = Queue(judge=_judge, words=_host_words, before=_before).run(delivery)
        code = _code_of(decided.code)
        verdict = Verdict(
            sender=self.id,
            label=self.label,
            outcome=decided.outcome,
            reason=decided.reason,
            log=decided.log,
            step=decided.step,
            next_action=_next(decided.outcome, code, delivery.domain),
            code=decided.code,
            host=decided.host,
            attempts=attempts,
        )
        blocking = [one for one in attempts if _code_of(one.code) in _DANE_CODES]
        if code in _DANE_CODES and len(blocking) == len(attempts) and len(attempts) > 1:
            return replace(
                verdict, reason=say("{reason}; every MX host fails DANE", reason=verdict.reason)
            )
        return verdict

    def _dnssec(self, route: RouteOutcome) -> Verdict:
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=Outcome.DEFERRED,
            reason=_masked(route.reason.rstrip(".")),
            log=deferral(Code.DNSSEC),
            step=route.step,
            next_action=retry_words(Code.DNSSEC),
            code=f"4.{Code.DNSSEC.value}",
        )

    def _of_route(self, route: RouteOutcome) -> Verdict:
        failed_lookup = route.outcome is Outcome.DEFERRED and route.code == "4.4.3"
        code = Code.DNS_QUERY if failed_lookup else None
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=route.outcome,
            reason=route.reason,
            log=deferral(code) if code else "",
            step=route.step,
            next_action=_next(route.outcome, code),
            code=f"4.{code.value}" if code else route.code,
        )


def _masked(reason: str) -> str:
    return say(
        '{reason}; Exchange Online shows most of these as "{deferral}" today',
        reason=reason,
        deferral=deferral(Code.DNS_QUERY),
    )


def _code_of(text: str) -> Code | None:
    return next((code for code in TEXTS if text == f"4.{code.value}"), None)


def _next(outcome: Outcome, code: Code | None, domain: str = "") -> str:
    match outcome:
        case Outcome.DEFERRED:
            if code is not None:
                return retry_words(code, visible(domain, 300))
            return say("retries for 24 hours, then returns the message")
        case Outcome.BOUNCED:
            return say("returns the message at once")
        case Outcome.UNKNOWN:
            return say(NOT_KNOWN)
        case _:
            return say(DELIVERED)


def _host_words(_delivery: Delivery, _host: Host, found: RouteOutcome) -> tuple[str, str]:
    if found.outcome is Outcome.DEFERRED and found.code == "4.4.3":
        return deferral(Code.DNS_QUERY), f"4.{Code.DNS_QUERY.value}"
    return "", found.code


def _before(delivery: Delivery, host: Host) -> Judged | None:
    """Leave out a host whose look-ups are not authentic, as RFC 7672 2.1.2 has it."""
    unknown = unknown_standing(delivery, host)
    if unknown is not None:
        return without_connection(host, unknown[0], unknown[1], "", "")
    state = host.dane
    if state is None or not state.standing.forbids:
        return _policy_first(delivery, host)
    reason = _masked(f"{host.planned.display}: {state.reason.rstrip('.')}")
    found = RouteOutcome(outcome=Outcome.DEFERRED, reason=reason, step=state.step)
    code = Code.DNSSEC
    return without_connection(host, found, Fault.FAILED, deferral(code), f"4.{code.value}")


def _policy_first(delivery: Delivery, host: Host) -> Judged | None:
    """Leave out a host that an enforced policy does not list, unless DANE authenticates it."""
    if host.dane is not None and host.dane.standing is Standing.USABLE:
        return None
    return _by_policy(delivery, host)


def _by_policy(delivery: Delivery, host: Host) -> Judged | None:
    if delivery.sts.standing is not StsStanding.NOT_LOOKED_UP:  # older walks show DANE alone
        unknown = unknown_policy(delivery, host)
        if unknown is not None:
            return unknown
    line = deferral(Code.STS_HOSTS, visible(delivery.domain, 300))
    return not_listed(delivery, host, line, f"4.{Code.STS_HOSTS.value}")


def _judge(at: Situation) -> Judged:
    state = at.host.dane
    assert state is not None  # _before has dealt with that
    need = demand(state.at_address(at.attempt.address), state.reason).need or Need.AUTHENTICATE
    malformed = any(one.problem and one.problem.is_malformed for one in state.records)
    if need is Need.ENCRYPT and malformed:
        need = Need.AUTHENTICATE  # and fail with 323: only usages 0 and 1 are passed over
    if need is not Need.AUTHENTICATE and (refused := _by_policy(at.delivery, at.host)) is not None:
        return refused
    if need is not Need.AUTHENTICATE and at.delivery.sts.enforced:
        return settle(at, pass_through(at, Need.AUTHENTICATE, check_sts), _sts_words)
    passage = pass_through(at, need, _check if need is Need.AUTHENTICATE else None)
    judged = settle(at, passage, _words)
    if passage.course is Course.ENCRYPTED and need is Need.ENCRYPT:
        note = say("; the TLSA records are unusable for it: TLS is enforced, nothing more")
        return replace(judged, verdict=with_note(judged.verdict, note))
    return judged


def _check(at: Situation) -> Checked | Obstacle:
    result = dane_result(at.delivery, at.host, at.attempt)
    if result is None:
        return at.missing(StepKind.HANDSHAKE)
    checked = as_checked(at, result)
    code, note = failure(at, result)
    if code is None:
        return checked
    reason = f"{checked.reason}{note}"
    return replace(checked, verified=False, reason=reason, words=code.name)


def failure(at: Situation, result: DaneResult) -> tuple[Code | None, str]:
    """Return the code for a chain held against authentic TLSA records; ``None`` when it passes.

    Exchange Online looks at the dates of the server's certificate also with DANE-EE, for which RFC
    7672 3.1.1 has them ignored.
    """
    leaf = read_certificate(result.grid.chain[0]) if result.grid.chain else None
    dated = _dates(at, leaf)
    if dated is not None:
        code, sentence = dated
        rfc = (
            say("; RFC 7672 3.1.1 ignores this with DANE-EE: other senders deliver")
            if result.authenticated
            else ""
        )
        return code, f"; {sentence}{rfc}"
    if result.authenticated:
        return None, ""
    deciding = result.deciding
    if deciding is not None and deciding.outcome is RecordOutcome.NAME_MISMATCH:
        return Code.HOST_MISMATCH, ""
    return Code.TLSA, ""


def _dates(at: Situation, leaf: CertificateFacts | None) -> tuple[Code, str] | None:
    now = evaluated_at(at.delivery, at.attempt)
    if leaf is not None and leaf.not_after is not None and leaf.not_after < now:
        return Code.EXPIRED, say(
            "the certificate expired on {not_after:%Y-%m-%d}", not_after=leaf.not_after
        )
    if leaf is not None and leaf.not_before is not None and leaf.not_before > now:
        return Code.TLSA, say(
            "the certificate is not valid before {not_before:%Y-%m-%d}", not_before=leaf.not_before
        )
    return None


def _words(_at: Situation, passage: Passage) -> tuple[str, str]:
    if passage.refusal is not None:
        reply = passage.refusal.reply
        return "", reply.enhanced_code if reply else passage.refusal.code
    required = passage.need in (Need.ENCRYPT, Need.AUTHENTICATE)
    code: Code | None = None
    if passage.course in _TLS_COURSES and required:
        code = Code.STARTTLS
    elif passage.course is Course.NOT_AUTHENTIC:
        named = passage.checked.words if passage.checked else ""
        code = Code[named] if named in Code.__members__ else Code.TLSA
    return (deferral(code), f"4.{code.value}") if code else ("", "")


def _sts_words(at: Situation, passage: Passage) -> tuple[str, str]:
    """A certificate that fails has documented words; a host without TLS has none."""
    if passage.course is Course.NOT_AUTHENTIC:
        code = Code.STS_CERTIFICATE
        return deferral(code), f"4.{code.value}"
    if passage.refusal is not None:
        return _words(at, passage)
    return "", "4.7.4" if passage.course in _TLS_COURSES else ""


PROFILES = (ExchangeOnlineProfile(),)
