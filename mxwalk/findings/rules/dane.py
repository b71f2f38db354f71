"""What servers present, held against their TLSA records (RFC 7671 5, RFC 7672 3).

Each failure carries the code Exchange Online gives for it and the result type of TLS reports.  Where
senders differ, the sentence says which.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.dane.advice import RecordState, records_for, rollover
from mxwalk.dane.model import DaneState, Standing
from mxwalk.dane.result import Authentication, DaneResult, RecordOutcome
from mxwalk.delivery.dane import dane_result, evaluated_at, other_dane_result
from mxwalk.delivery.model import Attempt, Delivery, Host
from mxwalk.evidence.step import StepKind
from mxwalk.findings.commands import posttls_dane, s_client, s_client_dane
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import Where, at_attempt, entry, found, show
from mxwalk.smtp.model import Reading
from mxwalk.tls.certificate import read_certificate

_R = Owner.RECEIVER
AUTHENTICATED = entry("DANE001", Severity.OK, Owner.NOBODY, "authenticated by DANE", "RFC 7672 3.1")
NO_MATCH = entry(
    "DANE002", Severity.ERROR, _R, "no TLSA record matches", "RFC 7672 3.1", tls_rpt="tlsa-invalid"
)
NO_TLS = entry(
    "DANE003", Severity.ERROR, _R, "TLSA records, but no TLS", "RFC 7672 2.2",
    tls_rpt="starttls-not-supported",
)  # fmt: skip
EXPIRED = entry(
    "DANE004", Severity.ERROR, _R, "an expired certificate with TLSA", "RFC 7672 3.1.1",
    tls_rpt="certificate-expired",
)  # fmt: skip
NOT_YET = entry(
    "DANE005", Severity.ERROR, _R, "a certificate of the future with TLSA", "RFC 7672 3.1.1",
    tls_rpt="tlsa-invalid",
)  # fmt: skip
WRONG_NAME = entry(
    "DANE006", Severity.ERROR, _R, "DANE-TA, and a wrong name", "RFC 7672 3.2.2",
    tls_rpt="certificate-host-mismatch",
)  # fmt: skip
ANCHOR_NOT_SENT = entry(
    "DANE007", Severity.ERROR, _R, "the trust anchor was not sent", "RFC 7672 3.1.2",
    tls_rpt="tlsa-invalid",
)  # fmt: skip
BROKEN_CHAIN = entry(
    "DANE008", Severity.ERROR, _R, "the way to the trust anchor is broken", "RFC 7671 5.2",
    tls_rpt="certificate-not-trusted",
)  # fmt: skip
STALE = entry("DANE009", Severity.NOTICE, Owner.RECEIVER_DNS, "records that match nothing",
              "RFC 7671 8.1")  # fmt: skip

ENTRIES = (
    AUTHENTICATED,
    NO_MATCH,
    NO_TLS,
    EXPIRED,
    NOT_YET,
    WRONG_NAME,
    ANCHOR_NOT_SENT,
    BROKEN_CHAIN,
    STALE,
)
_BROKEN = (
    RecordOutcome.CHAIN_BROKEN,
    RecordOutcome.NOT_A_CA,
    RecordOutcome.WRONG_PURPOSE,
    RecordOutcome.NAME_CONSTRAINT,
)
TLSA_CODE = "4.7.323 tlsa-invalid"
_NAME_CODE = "4.7.325 certificate-host-mismatch; Exim does not look at the name"
_UNMATCHED = (RecordState.STALE, RecordState.UNMATCHED, RecordState.DUPLICATE)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what DANE makes of each connection."""
    for host in delivery.hosts:
        state = host.dane
        if state is None or not state.records:
            continue
        for attempt in host.attempts:
            yield from _attempt(delivery, host, state, attempt)


def _attempt(
    delivery: Delivery, host: Host, state: DaneState, attempt: Attempt
) -> Iterator[Finding]:
    if (without := _no_tls(state, attempt)) is not None:
        yield without
        return
    result = dane_result(delivery, host, attempt)
    if result is None or not attempt.tls_is_up or result.deciding is None:
        return
    other = other_dane_result(delivery, host, attempt)
    yield from _Case(delivery, state, attempt, result, other).findings()


def _no_tls(state: DaneState, attempt: Attempt) -> Finding | None:
    """RFC 7672 2.2: records promise TLS, so its absence is a failure, not a choice."""
    ehlo, reply, handshake = attempt.ehlo, attempt.starttls, attempt.handshake
    name = at_attempt(attempt).name
    severity = Severity.WARNING if _below_insecure_mx(state) else None
    if ehlo is not None and not ehlo.offers("STARTTLS", Reading.STRICT):
        kind, said = StepKind.EHLO, f"{name} does not offer STARTTLS"
    elif reply is not None and reply.complete and reply.code not in (220, 421):
        kind, said = StepKind.STARTTLS, f'{name} answered "{show(f"{reply.code} {reply.text}")}"'
    elif handshake is not None and handshake.ending is not None:
        kind, said = StepKind.HANDSHAKE, f"the handshake at {name} failed"
    else:
        return None
    return found(
        NO_TLS,
        at_attempt(attempt, kind),
        f"{said}, but {show(state.base_domain)} has TLSA records: senders that do DANE must not send"
        f" in clear {senders(state, '4.7.321 starttls-not-supported')}",
        "make the server offer TLS that works; if it cannot, remove the TLSA records at"
        f" _{state.port}._tcp.{show(state.base_domain)}",
        s_client(attempt.address, attempt.port, state.base_domain),
        severity,
    )


def _below_insecure_mx(state: DaneState) -> bool:
    return state.standing is Standing.MX_INSECURE


def senders(state: DaneState, code: str) -> str:
    """Say who acts on a failure: below an unsigned MX answer most senders do not look (7672 2.2.1)."""
    if _below_insecure_mx(state):
        return (
            "(the MX answer is not signed: Postfix at level dane looks at the records all the same,"
            " others do not)"
        )
    return f"(Exchange Online: {code})"


@dataclass(frozen=True)
class _Case:
    delivery: Delivery
    state: DaneState
    attempt: Attempt
    result: DaneResult
    other: DaneResult | None = None  # what the records say of the other leaf

    @property
    def where(self) -> Where:
        return at_attempt(self.attempt, StepKind.HANDSHAKE)

    @property
    def command(self) -> str:
        usable = [record.rdata for record in self.state.records if record.usable][:4]
        if sum(len(text) for text in usable) > 600:  # a certificate in full fits no command line
            return posttls_dane(self.delivery.domain or self.state.host)
        place = (self.attempt.address, self.attempt.port)
        return s_client_dane(*place, self.state.base_domain, usable)

    @property
    def publish(self) -> str:
        """The lines to publish for what the server presents."""
        advised = records_for(self.result.grid.chain, self.state.base_domain, self.state.port)
        return advised[0].line if advised else "mxwalk tlsa CERT.pem prints the line"

    def findings(self) -> Iterator[Finding]:
        deciding = self.result.deciding
        assert deciding is not None
        good = self.result.authentication is Authentication.AUTHENTICATED
        dated = self._dates(good=good)
        if good:
            below = "; the MX answer is not signed, so that most senders do not look at it"
            note = below if _below_insecure_mx(self.state) else ""
            yield found(
                AUTHENTICATED,
                self.where,
                f"{self.where.name} is authenticated by DANE: {show(self.result.reason, 400)}{note}",
                "nothing to do",
                self.command,
                Severity.NOTICE if note else None,
            )
            yield from self._stale()
        yield from dated
        if good or (dated and deciding.outcome in _DATED):
            return
        yield self._failure(deciding.outcome)

    def _failure(self, outcome: RecordOutcome) -> Finding:
        reason = show(self.result.reason, 400)
        severity = Severity.WARNING if _below_insecure_mx(self.state) else None
        match outcome:
            case RecordOutcome.NAME_MISMATCH:
                return found(
                    WRONG_NAME,
                    self.where,
                    f"{self.where.name}: {reason} {senders(self.state, _NAME_CODE)}",
                    f"have a certificate issued that names {show(self.state.base_domain)}, or publish"
                    f" {show(self.publish, 300)}",
                    self.command,
                    severity,
                )
            case RecordOutcome.ANCHOR_NOT_SENT:
                return found(
                    ANCHOR_NOT_SENT,
                    self.where,
                    f"{self.where.name}: {reason} {senders(self.state, TLSA_CODE)}",
                    "append the certificate the record names to the chain file: cat leaf.pem"
                    " intermediate.pem ca.pem > fullchain.pem",
                    self.command,
                    severity,
                )
            case _ if outcome in _BROKEN:
                return found(
                    BROKEN_CHAIN,
                    self.where,
                    f"{self.where.name}: {reason} {senders(self.state, TLSA_CODE)}",
                    f"repair the chain, or publish {show(self.publish, 300)}",
                    self.command,
                    severity,
                )
            case _:
                return found(
                    NO_MATCH,
                    self.where,
                    f"{self.where.name} is not what its TLSA records say: {reason}"
                    f" {senders(self.state, TLSA_CODE)}",
                    "suspect an attack if the certificate is not yours; if it is, publish"
                    f" {show(self.publish, 300)}",
                    self.command,
                    severity,
                )

    def _dates(self, *, good: bool) -> list[Finding]:
        if good and _below_insecure_mx(self.state):
            return []  # Exchange Online alone looks at the dates, and it does not look here
        leaf = read_certificate(self.result.grid.chain[0])
        now = evaluated_at(self.delivery, self.attempt)
        others = (
            "; RFC 7672 3.1.1 ignores dates with DANE-EE, other senders deliver" if good else ""
        )
        lesser = good or _below_insecure_mx(self.state)
        severity = Severity.WARNING if lesser else None
        made = []
        if leaf.not_after is not None and leaf.not_after < now:
            sentence = (
                f"the certificate of {self.where.name} expired on {leaf.not_after:%Y-%m-%d}:"
                f" {self._deferral('4.7.322 certificate-expired')}{others}"
            )
            fix = "renew and install the certificate; with a new key publish its record first"
            made.append(found(EXPIRED, self.where, sentence, fix, self.command, severity))
        if leaf.not_before is not None and leaf.not_before > now:
            sentence = (
                f"the certificate of {self.where.name} is not valid before"
                f" {leaf.not_before:%Y-%m-%d}: {self._deferral(TLSA_CODE)}{others}"
            )
            fix = "install a certificate that is valid now; check the clocks"
            made.append(found(NOT_YET, self.where, sentence, fix, self.command, severity))
        return made

    def _deferral(self, code: str) -> str:
        if _below_insecure_mx(self.state):
            return f"no sender that uses its TLSA records delivers {senders(self.state, code)}"
        return f"Exchange Online defers with {code}"

    def _stale(self) -> Iterator[Finding]:
        in_use = [one.grid.chain for one in (self.result, self.other) if one is not None]
        standings = rollover(self.state.records, in_use)
        unmatched = [one for one in standings if one.state in _UNMATCHED]
        if unmatched:
            shown = ", ".join(show(one.record.rdata, 40) for one in unmatched[:4])
            many = "another matches" if len(unmatched) == 1 else f"{len(unmatched)} others match"
            yield found(
                STALE,
                self.where,
                f"{self.where.name}: beside the record that matches, {many} nothing in use"
                f" ({shown}): prepared for the next certificate, or left over from the last",
                "remove what no certificate uses; a record for the next one is right where it is",
                self.command,
            )


_DATED = (RecordOutcome.EXPIRED, RecordOutcome.NOT_YET_VALID)
