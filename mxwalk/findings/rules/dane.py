"""What servers present, held against their TLSA records (RFC 7671 5, RFC 7672 3).

Each failure carries the code Exchange Online gives for it and the result type of TLS reports.  Where
senders differ, the sentence says which.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.dane.advice import RecordState, records_for, rollover
from mxwalk.dane.model import DaneState
from mxwalk.dane.result import Authentication, DaneResult, RecordOutcome
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.dane import dane_result, evaluated_at, other_dane_result
from mxwalk.delivery.lockstep import in_step
from mxwalk.delivery.model import Delivery, Host
from mxwalk.evidence.step import StepKind
from mxwalk.findings.commands import posttls_dane, s_client, s_client_dane
from mxwalk.findings.dane_senders import TLSA_CODE, below_insecure_mx, senders
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.raising import Where, at_attempt, found, show
from mxwalk.findings.rules.dane_codes import (
    ANCHOR_NOT_SENT,
    AUTHENTICATED,
    BROKEN_CHAIN,
    ENTRIES,
    EXPIRED,
    NO_MATCH,
    NO_TLS,
    NOT_YET,
    STALE,
    WRONG_NAME,
)
from mxwalk.language import noted, say
from mxwalk.smtp.model import Reading
from mxwalk.tls.certificate import read_certificate

__all__ = ["ENTRIES", "check"]

_BROKEN = (
    RecordOutcome.CHAIN_BROKEN,
    RecordOutcome.NOT_A_CA,
    RecordOutcome.WRONG_PURPOSE,
    RecordOutcome.NAME_CONSTRAINT,
)
_NAME_CODE = noted("4.7.325 certificate-host-mismatch; Exim does not look at the name")
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
    attempt = in_step(attempt)
    ehlo, reply, handshake = attempt.ehlo, attempt.starttls, attempt.handshake
    name = at_attempt(attempt).name
    severity = Severity.WARNING if below_insecure_mx(state) else None
    if ehlo is not None and not ehlo.offers("STARTTLS", Reading.STRICT):
        kind, said = StepKind.EHLO, say("{name} does not offer STARTTLS", name=name)
    elif reply is not None and reply.complete and reply.code != 421 and reply.code // 100 != 2:
        kind, said = (
            StepKind.STARTTLS,
            say('{name} answered "{value}"', name=name, value=show(reply.said)),
        )
    elif handshake is not None and handshake.ending is not None:
        kind, said = StepKind.HANDSHAKE, say("the handshake at {name} failed", name=name)
    else:
        return None
    return found(
        NO_TLS,
        at_attempt(attempt, kind),
        say(
            "{said}, but {base_domain} has TLSA records: senders that do DANE must not send"
            " in clear {senders}",
            said=said,
            base_domain=show(state.base_domain),
            senders=senders(state, "4.7.321 starttls-not-supported"),
        ),
        say(
            "make the server offer TLS that works; if it cannot, remove the TLSA records at"
            " _{port}._tcp.{base_domain}",
            port=state.port,
            base_domain=show(state.base_domain),
        ),
        s_client(attempt.place, attempt.port, state.base_domain),
        severity,
    )


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
        place = (self.attempt.place, self.attempt.port)
        return s_client_dane(*place, self.state.base_domain, usable)

    @property
    def publish(self) -> str:
        """The lines to publish for what the server presents."""
        advised = records_for(self.result.grid.chain, self.state.base_domain, self.state.port)
        return advised[0].line if advised else say("mxwalk tlsa CERT.pem prints the line")

    def findings(self) -> Iterator[Finding]:
        deciding = self.result.deciding
        assert deciding is not None
        good = self.result.authentication is Authentication.AUTHENTICATED
        dated = self._dates(good=good)
        if good:
            below = say("; the MX answer is not signed, so that most senders do not look at it")
            note = below if below_insecure_mx(self.state) else ""
            yield found(
                AUTHENTICATED,
                self.where,
                say(
                    "{where} is authenticated by DANE: {reason}{note}",
                    where=self.where.name,
                    reason=show(self.result.reason, 400),
                    note=note,
                ),
                say("nothing to do"),
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
        severity = Severity.WARNING if below_insecure_mx(self.state) else None
        match outcome:
            case RecordOutcome.NAME_MISMATCH:
                return found(
                    WRONG_NAME,
                    self.where,
                    f"{self.where.name}: {reason} {senders(self.state, say(_NAME_CODE))}",
                    say(
                        "have a certificate issued that names {base_domain}, or publish {publish}",
                        base_domain=show(self.state.base_domain),
                        publish=show(self.publish, 300),
                    ),
                    self.command,
                    severity,
                )
            case RecordOutcome.ANCHOR_NOT_SENT:
                return found(
                    ANCHOR_NOT_SENT,
                    self.where,
                    f"{self.where.name}: {reason} {senders(self.state, TLSA_CODE)}",
                    say(
                        "append the certificate the record names to the chain file: cat"
                        " leaf.pem intermediate.pem ca.pem > fullchain.pem"
                    ),
                    self.command,
                    severity,
                )
            case _ if outcome in _BROKEN:
                return found(
                    BROKEN_CHAIN,
                    self.where,
                    f"{self.where.name}: {reason} {senders(self.state, TLSA_CODE)}",
                    say("repair the chain, or publish {publish}", publish=show(self.publish, 300)),
                    self.command,
                    severity,
                )
            case _:
                return found(
                    NO_MATCH,
                    self.where,
                    say(
                        "{where} is not what its TLSA records say: {reason} {senders}",
                        where=self.where.name,
                        reason=reason,
                        senders=senders(self.state, TLSA_CODE),
                    ),
                    say(
                        "suspect an attack if the certificate is not yours; if it is, publish"
                        " {publish}",
                        publish=show(self.publish, 300),
                    ),
                    self.command,
                    severity,
                )

    def _dates(self, *, good: bool) -> list[Finding]:
        if good and below_insecure_mx(self.state):
            return []  # Exchange Online alone looks at the dates, and it does not look here
        leaf = read_certificate(self.result.grid.chain[0])
        now = evaluated_at(self.delivery, self.attempt)
        others = (
            say("; RFC 7672 3.1.1 ignores dates with DANE-EE, other senders deliver")
            if good
            else ""
        )
        lesser = good or below_insecure_mx(self.state)
        severity = Severity.WARNING if lesser else None
        made = []
        if leaf.not_after is not None and leaf.not_after < now:
            sentence = say(
                "the certificate of {where} expired on {not_after:%Y-%m-%d}: {deferral}{others}",
                where=self.where.name,
                not_after=leaf.not_after,
                deferral=self._deferral("4.7.322 certificate-expired"),
                others=others,
            )
            fix = say("renew and install the certificate; with a new key publish its record first")
            made.append(found(EXPIRED, self.where, sentence, fix, self.command, severity))
        if leaf.not_before is not None and leaf.not_before > now:
            sentence = say(
                "the certificate of {where} is not valid before {not_before:%Y-%m-%d}:"
                " {deferral}{others}",
                where=self.where.name,
                not_before=leaf.not_before,
                deferral=self._deferral(TLSA_CODE),
                others=others,
            )
            fix = say("install a certificate that is valid now; check the clocks")
            made.append(found(NOT_YET, self.where, sentence, fix, self.command, severity))
        return made

    def _deferral(self, code: str) -> str:
        if below_insecure_mx(self.state):
            return say(
                "no sender that uses its TLSA records delivers {senders}",
                senders=senders(self.state, code),
            )
        return say("Exchange Online defers with {code}", code=code)

    def _stale(self) -> Iterator[Finding]:
        in_use = [one.grid.chain for one in (self.result, self.other) if one is not None]
        standings = rollover(self.state.records, in_use)
        unmatched = [one for one in standings if one.state in _UNMATCHED]
        if unmatched:
            shown = ", ".join(show(one.record.rdata, 40) for one in unmatched[:4])
            many = (
                say("another matches")
                if len(unmatched) == 1
                else say("{unmatched} others match", unmatched=len(unmatched))
            )
            yield found(
                STALE,
                self.where,
                say(
                    "{where}: beside the record that matches, {many} nothing in use"
                    " ({shown}): prepared for the next certificate, or left over from the"
                    " last",
                    where=self.where.name,
                    many=many,
                    shown=shown,
                ),
                say(
                    "remove what no certificate uses; a record for the next one is right"
                    " where it is"
                ),
                self.command,
            )


_DATED = (RecordOutcome.EXPIRED, RecordOutcome.NOT_YET_VALID)
