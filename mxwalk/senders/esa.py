"""The Cisco Email Security Appliance: profiles ``esa:1`` to ``esa:6``, one for each TLS setting.

Hosts are tried in the sender's order; one that does not answer, or fails what the setting asks for,
is passed over, and the first that delivers decides (the rule of ``smtproutes``, the same for MX).
A message nobody takes stays in the queue and is tried again under the default bounce profile.
Evidence that decides nothing gives ``UNKNOWN``, never a failure.

Outbound it offers TLS 1.1 and 1.2 by default since AsyncOS 13.5.1, which switches TLS 1.0 off on
upgrade ("Why is TLS Version 1.0 Disabled After AsyncOS Upgrades"), and can offer TLS 1.3 since 15.5
("Configure TLSv1.3 for Secure Email Gateway"); allocations in Cisco's cloud are documented with TLS
1.2 alone.  Which ciphers and groups it sends, and whether it sends server_name, is not documented:
there it counts as a modern client that names the server.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.identity.model import IdentityResult
from mxwalk.language import noted, say
from mxwalk.senders.esa_attempt import judge_attempt
from mxwalk.senders.esa_lookup import of_route, without_address
from mxwalk.senders.esa_settings import SETTINGS, Setting, identity_of
from mxwalk.senders.hello import Hello, Legacy
from mxwalk.senders.judged import Judged
from mxwalk.senders.model import AttemptVerdict, Outcome, Verdict
from mxwalk.senders.outcomes import DELIVERED, NOT_KNOWN
from mxwalk.senders.route_outcome import route_outcome
from mxwalk.senders.situation import Fault, Situation

SOURCE = noted(
    "Cisco: TLS verification process for Cisco Email Security (AsyncOS 8.0.2 and later);"
    " AsyncOS user guide, Destination Controls and bounce profiles"
)
_HELLO = Hello(legacy=Legacy(lowest="TLSv1.1", tls_1_2=False))
_RETRY = noted(
    "keeps the message in the queue and tries all hosts again: after 60 s, then at"
    " growing intervals of up to 3600 s, until 72 h or 100 retries have passed; then it"
    " bounces with 5.4.7 (default bounce profile)"
)
_NEXT = {
    Outcome.DEFERRED: _RETRY,
    Outcome.BOUNCED: noted("sends a bounce to the envelope sender at once; there is no retry"),
    Outcome.UNKNOWN: NOT_KNOWN,
}


@dataclass(frozen=True, slots=True)
class EsaProfile:
    """One setting as a ``SenderProfile``."""

    setting: Setting

    @property
    def id(self) -> str:
        """``esa:1`` to ``esa:6``."""
        return f"esa:{self.setting.number}"

    @property
    def label(self) -> str:
        """A short name, like ``ESA 5 Required - Verify``."""
        return f"ESA {self.setting.number} {self.setting.name}"

    @property
    def source(self) -> str:
        """Where the behaviour is documented."""
        return say(SOURCE)

    def identity(self, attempt: Attempt) -> IdentityResult | None:
        """Return the setting's matrix; ``None`` where the certificate is not examined."""
        return identity_of(self.setting.verification, attempt)

    def judge(self, delivery: Delivery) -> Verdict:
        """Return what the ESA does with the message, as far as the delivery tells."""
        route = route_outcome(delivery)
        if route is not None:
            return self._verdict(of_route(delivery, route), ())
        judged: list[Judged] = []
        for one in self._connections(delivery):
            judged.append(one)
            if one.fault in (None, Fault.OPEN):
                break
        attempts = tuple(one.verdict for one in judged)
        return self._verdict(_decide(judged), attempts)

    def _connections(self, delivery: Delivery) -> Iterator[Judged]:
        used: set[tuple[str, int]] = set()
        for host in delivery.hosts:
            yield from self._host(delivery, host, used)

    def _host(self, delivery: Delivery, host: Host, used: set[tuple[str, int]]) -> Iterator[Judged]:
        """Judge a host's connections; ``used`` holds the addresses and ports judged before."""
        if not host.addresses:
            yield without_address(delivery, host)
            return
        shared = dict(host.merged)
        for address in host.addresses:
            place = (address, host.planned.port)
            if place in used:
                continue  # one connection for all routes with this address
            walked = _walked_as(delivery, host, shared.get(address, ""))
            attempt = _latest(walked, address)
            if attempt.steps or not walked.skipped:  # else it is left to the next route
                used.add(place)
            one = judge_attempt(self.setting, Situation.of(delivery, walked, attempt, _HELLO))
            yield one
            if one.connected:
                return  # the first address that answers is the one used

    def _verdict(self, decided: AttemptVerdict, attempts: tuple[AttemptVerdict, ...]) -> Verdict:
        delivered = decided.outcome.delivered
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=decided.outcome,
            reason=decided.reason,
            log=decided.log,
            step=decided.step,
            next_action=say(DELIVERED) if delivered else say(_NEXT[decided.outcome]),
            code=decided.code,
            host=decided.host,
            attempts=attempts,
        )


def _walked_as(delivery: Delivery, host: Host, first: str) -> Host:
    """Return the route over whose connection a shared address was examined, else the host."""
    port = host.planned.port
    return next(
        (h for h in delivery.hosts if (h.planned.name, h.planned.port) == (first, port)), host
    )


def _latest(host: Host, address: str) -> Attempt:
    """Return the last attempt at an address and this host's port; an empty one before the first."""
    port = host.planned.port
    made = (a for a in reversed(host.attempts) if (a.address, a.port) == (address, port))
    first = Attempt(host=host.planned, address=address, port=port, number=1, steps=())
    return next(made, first)


def _decide(judged: list[Judged]) -> AttemptVerdict:
    last = judged[-1]
    if last.fault is None:
        return _with_note(last.verdict, _earlier_unknown(judged[:-1]))
    if last.fault is Fault.OPEN:
        return last.verdict
    undecided = [one for one in judged if one.fault is Fault.INCONCLUSIVE]
    if undecided:
        return _farthest(undecided).verdict
    if all(one.fault is Fault.PERMANENT for one in judged):
        return judged[0].verdict
    chosen = _farthest([one for one in judged if one.fault is Fault.FAILED])
    others = len(judged) - 1
    note = ""
    if others:
        note = (
            say("; the other connection fails too")
            if others == 1
            else say("; {others} others fail too", others=others)
        )
    return _with_note(chosen.verdict, note)


def _farthest(judged: list[Judged]) -> Judged:
    return max(judged, key=lambda one: one.stage)


def _earlier_unknown(judged: list[Judged]) -> str:
    unknown = next((one for one in judged if one.fault is Fault.INCONCLUSIVE), None)
    if unknown is None:
        return ""
    return say("; before it nothing could be concluded ({reason})", reason=unknown.verdict.reason)


def _with_note(verdict: AttemptVerdict, note: str) -> AttemptVerdict:
    return AttemptVerdict(
        host=verdict.host,
        address=verdict.address,
        outcome=verdict.outcome,
        reason=f"{verdict.reason}{note}",
        log=verdict.log,
        step=verdict.step,
        code=verdict.code,
    )


PROFILES = tuple(EsaProfile(setting) for setting in SETTINGS)
