"""Exim 4.96 with GnuTLS, ``hosts_try_dane`` and ``hosts_require_dane``, as a real one was seen to act.

Where it differs from RFC 7672: every usable record counts whatever stronger digest stands beside it,
the name is not enforced for DANE-TA nor the purpose of a certificate, a trust anchor must be sent
even if the record holds it in full, and TLSA records at an alias are not looked for.  The AD bit must
reach it, which is assumed: without ``options trust-ad`` in resolv.conf it sees no DNSSEC, and then
``hosts_try_dane`` delivers as if there were no TLSA records, whatever they say and also in clear, while
``hosts_require_dane`` bounces every message ("lookup not DNSSEC").

Its ClientHello, as Exim 4.96 with GnuTLS 3.7 sent it, with and without DANE: TLS 1.0 to 1.3, AES and
ChaCha20 alone, the NIST curves, X25519, X448 and the primes of RFC 7919, no hybrid groups, some 400
octets.  server_name is the TLSA base domain where there are TLSA records, even unusable ones, else it
is left out.  No revocation list is fetched; a staple is asked for and missed only by a certificate
that promises one (RFC 7633), which like SHA-1 in a signature costs the "yes" behind CV, not delivery.

Of an EHLO response it sees STARTTLS only in capitals at once behind the hyphen or space, with white
space or nothing behind it; how it reads replies is in ``exim_replies``.
"""

from dataclasses import dataclass, replace

from mxwalk.dane.authenticate import authenticate, compare_names
from mxwalk.dane.model import DaneState, Standing
from mxwalk.dane.result import RecordOutcome, RecordResult
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.dane import evaluated_at
from mxwalk.delivery.model import Delivery, Host
from mxwalk.dnssec.model import Status
from mxwalk.evidence.step import StepKind
from mxwalk.identity.model import IdentityResult, ReferenceId, ReferenceKind
from mxwalk.language import noted, say
from mxwalk.senders.dane import decided_route, unknown_standing
from mxwalk.senders.exim_log import words
from mxwalk.senders.exim_replies import (
    exim_after_lost_session,
    exim_begins_inside,
    exim_reads,
    refuses_inside,
)
from mxwalk.senders.hello import Hello, Legacy
from mxwalk.senders.hosts import Queue, bounced_without_address, without_connection
from mxwalk.senders.judged import Judged
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.offer import by_exim
from mxwalk.senders.outcomes import DELIVERED, NOT_KNOWN
from mxwalk.senders.passage import (
    Checked,
    Course,
    Need,
    pass_through,
    settle,
    with_note,
)
from mxwalk.senders.route_outcome import RouteOutcome
from mxwalk.senders.situation import Fault, Obstacle, Situation
from mxwalk.text import visible

# Seen with deliveries of the real one; glibc hides the AD bit unless resolv.conf has the option.
_TRYING = noted(
    "; an Exim whose resolv.conf lacks trust-ad sees no DNSSEC and delivers without DANE, also in clear"
)
_REQUIRING = noted(
    '; an Exim whose resolv.conf lacks trust-ad sees no DNSSEC and bounces the message ("lookup not'
    ' DNSSEC")'
)
# GnuTLS 3.7 with the priority NORMAL: AES and ChaCha20 alone, primes by name, 1024 bits at least.
_GNUTLS = Legacy(
    dh_bits=1024,  # tls_dh_min_bits
    names_dh_groups=True,
    lacks=("CAMELLIA", "ARIA", "CCM8", "DES", "IDEA", "SEED", "RC4"),
)
_DANE_DECIDED = (
    Course.NOT_OFFERED,
    Course.REFUSED,
    Course.HANDSHAKE_FAILED,
    Course.NOT_AUTHENTIC,
)
_NEXT = {
    Outcome.DEFERRED: noted(
        "keeps the message and tries again by its retry rules: every 15"
        " minutes for 2 hours, then at growing intervals up to 4 days (the"
        " default), then it bounces"
    ),
    Outcome.BOUNCED: noted("returns the message at once"),
    Outcome.UNKNOWN: NOT_KNOWN,
}
# What DANE asks for and Exim does not.
_NOT_ENFORCED = (
    RecordOutcome.AUTHENTICATES,
    RecordOutcome.NAME_MISMATCH,
    RecordOutcome.WRONG_PURPOSE,
)


@dataclass(frozen=True, slots=True)
class EximProfile:
    """Exim as a sender; ``required`` is ``hosts_require_dane``."""

    required: bool

    @property
    def id(self) -> str:
        """``exim:try-dane`` or ``exim:require-dane``."""
        return "exim:require-dane" if self.required else "exim:try-dane"

    @property
    def label(self) -> str:
        """A short name."""
        return "Exim require DANE" if self.required else "Exim try DANE"

    @property
    def source(self) -> str:
        """Where the behaviour is taken from."""
        return say(
            "Exim specification 4.96 (hosts_try_dane, hosts_require_dane); seen with"
            " GnuTLS and trust-ad in resolv.conf"
        )

    def identity(self, attempt: Attempt) -> IdentityResult | None:  # noqa: ARG002 - protocol
        """Return ``None``: no name decides."""
        return None

    def judge(self, delivery: Delivery) -> Verdict:
        """Return what Exim does with the message."""
        route = decided_route(delivery)
        if route is not None:
            line = "host lookup did not complete" if route.outcome is Outcome.DEFERRED else ""
            return self._verdict(route.outcome, route.reason, line, route.step, route.code)
        queue = Queue(
            judge=self._judge,
            words=_host_words,
            before=self._before,
            gone=bounced_without_address,
            hello=_hello,
        )
        decided, attempts = queue.run(delivery)
        verdict = self._verdict(
            decided.outcome, decided.reason, decided.log, decided.step, decided.code
        )
        return replace(verdict, host=decided.host, attempts=attempts)

    def _verdict(
        self, outcome: Outcome, reason: str, log: str, step: int | None, code: str
    ) -> Verdict:
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=outcome,
            reason=reason,
            log=log,
            step=step,
            next_action=say(_NEXT.get(outcome, DELIVERED)),
            code=code,
        )

    def _before(self, delivery: Delivery, host: Host) -> Judged | None:
        unknown = unknown_standing(delivery, host)
        if unknown is not None:
            return without_connection(host, unknown[0], unknown[1], "", "")
        state = host.dane
        assert state is not None
        name = visible(host.planned.name, 300)
        standing = standing_for_exim(state)
        if standing is Standing.ADDRESS_FAILED:
            return _left_out(host, Outcome.DEFERRED, state.reason, "host lookup did not complete")
        if standing is Standing.TLSA_FAILED:
            line = f"H={name} [{_first(host)}]: DANE error: tlsa lookup DEFER"
            return _left_out(host, Outcome.DEFERRED, state.reason, line)
        if self.required and not standing.demands_tls:
            # Permanent, and at once: no other host is tried.
            insecure = standing in (Standing.MX_INSECURE, Standing.ADDRESS_INSECURE)
            line = (
                f"DANE error: {name} lookup not DNSSEC"
                if insecure
                else "DANE error: tlsa lookup FAIL"
            )
            reason = say(
                "DANE is required, but {name} has none: {standing}",
                name=name,
                standing=say(standing.value),
            )
            return replace(_left_out(host, Outcome.BOUNCED, reason, line), fault=None)
        return None

    def _judge(self, at: Situation) -> Judged:
        state = at.host.dane
        assert state is not None  # _before has dealt with that
        match standing_for_exim(state):
            case Standing.USABLE:
                need = Need.AUTHENTICATE
            case Standing.UNUSABLE:
                need = Need.ENCRYPT
            case _:
                need = Need.MAY
        check = _check if need is Need.AUTHENTICATE else None
        at = replace(at, reads=exim_reads)
        passage = pass_through(at, need, check, by_exim, begins=exim_begins_inside)
        passage = exim_after_lost_session(at, passage)
        if passage.course is Course.VERIFIED and passage.checked and passage.checked.words:
            passage = replace(passage, course=Course.ENCRYPTED)  # the name was not enforced
        judged = settle(at, passage, words)
        if passage.course in (Course.ENCRYPTED, Course.VERIFIED):
            judged = replace(judged, verdict=with_note(judged.verdict, refuses_inside(at)))
        if need is Need.MAY:
            return replace(judged, verdict=with_note(judged.verdict, _because(state)))
        if passage.course not in _DANE_DECIDED:
            return judged
        note = say(_REQUIRING) if self.required else say(_TRYING)
        return replace(judged, verdict=with_note(judged.verdict, note))


def standing_for_exim(state: DaneState) -> Standing:
    """Return a host's standing as Exim sees it: at the expanded name alone."""
    insecure_mx = state.mx is not None and state.mx.status is Status.INSECURE
    if insecure_mx and state.at_host is not Standing.ADDRESS_FAILED:
        return Standing.MX_INSECURE
    found_at_alias = state.expanded_host and len(state.tlsa) > 1
    if found_at_alias and state.at_host is not Standing.ADDRESS_INSECURE:
        return Standing.NO_RECORDS
    if any(one.status is Status.INSECURE for one in state.addresses) and (
        state.at_host.demands_tls or state.at_host is Standing.TLSA_FAILED
    ):
        return Standing.ADDRESS_INSECURE
    return state.at_host


def _hello(host: Host) -> Hello:
    """Return what Exim offers: the server's name only with TLSA records (tls_sni is empty)."""
    dane = host.dane is not None and standing_for_exim(host.dane).demands_tls
    return Hello(legacy=_GNUTLS, names_server=dane)


def _because(state: DaneState) -> str:
    if state.expanded_host and len(state.tlsa) > 1 and state.records:
        return say("; Exim does not look for TLSA records at an alias")
    return ""


def _check(at: Situation) -> Checked | Obstacle:
    """Hold each record alone against the chain: no digest agility, no names, no purpose."""
    state, handshake = at.host.dane, at.attempt.handshake
    if state is None or handshake is None:
        return at.missing(StepKind.HANDSHAKE)
    name = ReferenceId(
        kind=ReferenceKind.MX_HOST,
        text=state.expanded_host or state.host,
        origin=say("the host Exim connects to"),
        secure=True,
    )
    now = evaluated_at(at.delivery, at.attempt)
    for record in state.records:
        result = authenticate([record], handshake.presented, [name], now)
        one = result.results[0]
        if one.outcome in _NOT_ENFORCED and one.certificate is not None:
            return _good(at, one, record.parameters, handshake.presented[0], name)
    return Checked(
        verified=False,
        reason=say(
            "{peer} is not authenticated: no TLSA record matches what it sent as Exim compares",
            peer=at.peer,
        ),
        step=at.seq(StepKind.HANDSHAKE),
        kind=StepKind.IDENTITY,
    )


def _good(
    at: Situation, one: RecordResult, parameters: str, leaf: bytes, name: ReferenceId
) -> Checked:
    by_anchor = parameters.startswith("2")
    named = not by_anchor or any(c.matched for c in compare_names(leaf, [name]))
    note = (
        ""
        if named
        else say("; it does not name {name}, which Exim lets pass", name=visible(name.text, 200))
    )
    return Checked(
        verified=True,
        reason=say(
            "{peer}: TLSA {parameters} matches certificate {certificate}{note}",
            peer=at.peer,
            parameters=parameters,
            certificate=(one.certificate or 0) + 1,
            note=note,
        ),
        step=at.seq(StepKind.HANDSHAKE),
        kind=StepKind.IDENTITY,
        words="" if named else "CV=yes",
    )


def _left_out(host: Host, outcome: Outcome, reason: str, line: str) -> Judged:
    step = host.dane.step if host.dane else None
    found = RouteOutcome(outcome=outcome, reason=reason, step=step)
    return without_connection(host, found, Fault.FAILED, line, "")


def _first(host: Host) -> str:
    return visible(host.addresses[0], 60) if host.addresses else ""


def _host_words(_delivery: Delivery, _host: Host, found: RouteOutcome) -> tuple[str, str]:
    if found.outcome is Outcome.BOUNCED:
        return "all relevant MX records point to non-existent hosts", ""
    return ("host lookup did not complete" if found.outcome is Outcome.DEFERRED else ""), ""


PROFILES = (EximProfile(required=False), EximProfile(required=True))
