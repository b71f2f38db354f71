"""A walk's connections as sessions of a TLS report: which policy applied, and how each failed.

RFC 8460 1.1 has a policy domain: for DANE the TLSA base domain, else the recipient domain.  A sender
that does neither DANE nor MTA-STS reports under ``no-policy-found``.  Only what the receiving side made
fail counts: a timeout or a throttled connection is no session (RFC 8460 4.3.4).
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.dane.model import Standing
from mxwalk.dane.result import Authentication
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.dane import dane_result
from mxwalk.delivery.lockstep import in_step
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.sts import StsFault, sts_check, sts_host
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.tls_reports import first_type
from mxwalk.mtasts.fetch import FetchFault
from mxwalk.mtasts.state import StsStanding
from mxwalk.senders.model import AttemptVerdict, Outcome, SenderProfile, Verdict
from mxwalk.smtp.model import Reading

_DANE = (
    *("rfc7672", "exchange-online", "postfix:dane", "postfix:dane-only"),
    *("exim:try-dane", "exim:require-dane", "mta-sts"),
)
_INSISTS = ("postfix:dane-only", "exim:require-dane")
_STS = ("mta-sts", "exchange-online")
_OPEN = (Standing.PENDING, Standing.UNDECIDED)
_UNKNOWN_STS = (StsStanding.UNDECIDED, StsStanding.NOT_LOOKED_UP)
_TRANSIENT = (EndingKind.TIMEOUT, EndingKind.CANCELLED, EndingKind.LOCAL, EndingKind.TOO_LONG)
# Exchange Online's codes of DANE and DNSSEC; it looks at more than RFC 7672 asks for.
_BY_CODE = {
    "7.321": "starttls-not-supported",
    "7.322": "certificate-expired",
    "7.323": "tlsa-invalid",
    "7.324": "dnssec-invalid",
    "7.325": "certificate-host-mismatch",
}
_SECURED = (Outcome.DELIVERED_VERIFIED, Outcome.DELIVERED_ENCRYPTED)


class Applied(enum.Enum):
    """The policy types of RFC 8460 4.4."""

    TLSA = "tlsa"
    STS = "sts"
    NONE = "no-policy-found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The policy a session was held against."""

    applied: Applied
    domain: str
    lines: tuple[str, ...] = ()
    mx_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session; ``failure`` is its result type, empty for a success, ``reason`` its reason code."""

    basis: Basis
    host: str
    attempt: Attempt | None = None
    failure: str = ""
    reason: str = ""


def sessions(
    delivery: Delivery, sender: SenderProfile, verdict: Verdict, findings: tuple[Finding, ...]
) -> Iterator[Session]:
    """Yield a session for each connection that came far enough, and for each forbidden host."""
    reader = _Reader(delivery, sender.id, verdict, findings)
    for host in delivery.hosts:
        made = [s for a in host.attempts if (s := reader.session(host, a)) is not None]
        yield from made
        if not made and (failure := reader.forbidden(host)):
            yield Session(basis=reader.basis(host), host=host.planned.name, failure=failure)


def _does(sender: str, names: tuple[str, ...]) -> bool:
    """Say whether the sender is one of these, or one of them configured."""
    return any(sender == name or sender.startswith(f"{name}:") for name in names)


class _Reader:
    def __init__(
        self, delivery: Delivery, sender: str, verdict: Verdict, findings: tuple[Finding, ...]
    ) -> None:
        self._delivery = delivery
        self._findings = findings
        self._verdict = verdict
        self._dane = _does(sender, _DANE)
        self._insists = _does(sender, _INSISTS)
        self._sts = _does(sender, _STS)

    def basis(self, host: Host) -> Basis:
        """Return the policy for a host: DANE first (RFC 8461 2)."""
        state = host.dane
        if self._dane and state is not None:
            standing = state.standing
            encrypts = standing is Standing.UNUSABLE and not self._in_force()
            if standing is Standing.USABLE or encrypts or standing.forbids or self._insists:
                domain = state.base_domain or state.host
                lines = tuple(record.rdata for record in state.records)
                return Basis(applied=Applied.TLSA, domain=domain, lines=lines)
        sts = self._delivery.sts
        if self._in_force():
            assert sts.policy is not None
            lines = tuple(sts.policy.raw.decode("utf-8", "replace").splitlines())
            names = tuple(str(one) for one in sts.policy.patterns)
            return Basis(applied=Applied.STS, domain=sts.domain, lines=lines, mx_hosts=names)
        if self._sts and self._policy_failure():
            return Basis(applied=Applied.STS, domain=sts.domain)
        return Basis(applied=Applied.NONE, domain=self._delivery.domain or host.planned.name)

    def _in_force(self) -> bool:
        """Whether the sender holds hosts against an MTA-STS policy."""
        mode = self._delivery.sts.mode
        return self._sts and mode is not None and mode.demands

    def _unknown_basis(self, host: Host) -> bool:
        """Whether the look-ups that decide about the policy are missing, or say nothing."""
        open_dane = host.dane is not None and host.dane.standing in _OPEN
        sts = self._delivery.sts.standing
        return (self._dane and open_dane) or (self._sts and (sts.is_open or sts in _UNKNOWN_STS))

    def forbidden(self, host: Host) -> str:
        """Return why a host must not be used, whatever it answers."""
        state = host.dane
        if not self._dane or state is None:
            return ""
        if state.standing.forbids:
            return "dnssec-invalid"
        known = state.standing not in _OPEN
        if self._insists and known and not state.standing.demands_tls:
            return "dane-required"
        return ""

    def session(self, host: Host, attempt: Attempt) -> Session | None:
        """Return the session a connection makes.

        ``None`` where it did not come to TLS or no TLS, or where this walk does not tell by which
        policy it is to be counted, or whether it meets it.
        """
        basis = self.basis(host)
        if basis.applied is not Applied.TLSA and self._unknown_basis(host):
            return None
        negotiated = self._negotiation(attempt)
        if negotiated is None:
            return None
        failure, reason = negotiated
        if basis.applied is Applied.TLSA and (forbidden := self.forbidden(host)):
            failure, reason = forbidden, ""
        elif basis.applied is Applied.STS and (of_policy := self._policy_failure()):
            failure, reason = of_policy, ""
        elif not failure:
            match basis.applied:
                case Applied.TLSA:
                    failure = self._dane_failure(host, attempt)
                case Applied.STS:
                    if sts_host(self._delivery, host).listed and sts_check(attempt) is None:
                        return None
                    failure, reason = self._sts_failure(host, attempt)
                case Applied.NONE:
                    failure = self._own_failure(attempt)
            if failure and not reason:
                reason = _verify_error(attempt)
        return Session(
            basis=basis, host=host.planned.name, attempt=attempt, failure=failure, reason=reason
        )

    def _negotiation(self, attempt: Attempt) -> tuple[str, str] | None:
        """RFC 8460 4.3.1: STARTTLS and the handshake; ``None`` where they were not come to."""
        attempt = in_step(attempt)
        handshake, reply, ehlo = attempt.handshake, attempt.starttls, attempt.ehlo
        if attempt.throttled:
            return None
        if handshake is not None:
            if handshake.ending is None:
                unseen = ehlo is not None and not ehlo.offers("STARTTLS", Reading.STRICT)
                if unseen and not self._secured(attempt):
                    return "starttls-not-supported", ""
                return "", ""
            if handshake.ending.kind in _TRANSIENT:
                return None
            alert = next((alert.name for alert in handshake.alerts), "")
            return "validation-failure", alert or f"handshake-{handshake.ending.kind.value}"
        if reply is not None and reply.complete:
            refused = reply.code // 100 != 2
            return ("starttls-not-supported", reply.said) if refused else None
        if ehlo is not None and not ehlo.offers("STARTTLS", Reading.STRICT):
            return "starttls-not-supported", ""
        return None

    def _secured(self, attempt: Attempt) -> bool:
        judged = self._judged(attempt)
        return judged is not None and judged.outcome in _SECURED

    def _judged(self, attempt: Attempt) -> AttemptVerdict | None:
        return next(
            (
                judged
                for judged in self._verdict.attempts
                if (judged.host, judged.address) == (attempt.host.name, attempt.address)
            ),
            None,
        )

    def _type_at(self, attempt: Attempt, areas: tuple[str, ...]) -> str:
        """Return the type of the worst finding of some areas at a connection."""
        return first_type(
            finding
            for finding in self._findings
            if finding.code.startswith(areas)
            and finding.level in (Severity.ERROR, Severity.WARNING)
            and finding.host == attempt.host.name
            and finding.address in ("", attempt.address)
        )

    def _dane_failure(self, host: Host, attempt: Attempt) -> str:
        result = dane_result(self._delivery, host, attempt)
        judged = self._judged(attempt)
        if judged is not None and (by_code := _BY_CODE.get(judged.code[2:])):
            return by_code
        if result is None or result.authenticated or self._secured(attempt):
            return ""
        if result.authentication is Authentication.UNUSABLE:  # RFC 7672 2.2: TLS will do
            return ""
        return self._type_at(attempt, ("DANE",)) or "tlsa-invalid"

    def _policy_failure(self) -> str:
        """RFC 8460 4.3.2.2: the policy itself could not be had."""
        sts = self._delivery.sts
        match sts.standing:
            case StsStanding.POLICY_INVALID:
                return "sts-policy-invalid"
            case StsStanding.FETCH_FAILED if sts.fault is FetchFault.CERTIFICATE:
                return "sts-webpki-invalid"
            case StsStanding.FETCH_FAILED:
                return "sts-policy-fetch-error"
            case _:
                return ""

    def _sts_failure(self, host: Host, attempt: Attempt) -> tuple[str, str]:
        """RFC 8461 4: the host is in the policy, its certificate trusted and in its name."""
        if not sts_host(self._delivery, host).listed:
            return StsFault.NOT_LISTED.value, "mx-not-in-policy"
        checked = sts_check(attempt)
        return (checked.fault.value, "") if checked and checked.fault else ("", "")

    def _own_failure(self, attempt: Attempt) -> str:
        """Return what a sender without a policy refused by its own rules, its TLS being up."""
        judged = self._judged(attempt)
        if judged is None or judged.outcome not in (Outcome.DEFERRED, Outcome.BOUNCED):
            return ""
        step = next((step for step in attempt.steps if step.seq == judged.step), None)
        if step is None or step.kind not in (
            StepKind.CHAIN,
            StepKind.IDENTITY,
            StepKind.REVOCATION,
        ):
            return ""
        by_names = step.kind is StepKind.IDENTITY
        found = self._type_at(attempt, ("IDENT",) if by_names else ("CERT", "REVO"))
        return found or ("certificate-host-mismatch" if by_names else "certificate-not-trusted")


def _verify_error(attempt: Attempt) -> str:
    """Return OpenSSL's name of the first error of the chain."""
    errors = attempt.chain.errors if attempt.chain else ()
    return errors[0].name if errors else ""
