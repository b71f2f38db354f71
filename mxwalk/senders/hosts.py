"""All delivery hosts in the sender's order, and what becomes of the message in the end.

Hosts that fail are passed over, the first that delivers decides (RFC 5321 5.1); what cannot be
concluded about one host leaves the message undecided unless another host delivers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from mxwalk.dane.model import is_ours
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.dnssec.model import Status
from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.senders.hello import MODERN, Hello
from mxwalk.senders.judged import Judged
from mxwalk.senders.model import AttemptVerdict, Outcome
from mxwalk.senders.passage import with_note
from mxwalk.senders.route_outcome import RouteOutcome, address_outcome
from mxwalk.senders.situation import Fault, Situation, stage

HostWords = Callable[[Delivery, Host, RouteOutcome], tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How a sender works through the hosts.

    ``before`` may judge a host without connecting to it; ``judge`` judges a connection; ``words``
    puts words to a host without address.  ``addresses`` bounds what one delivery attempt tries (0: no
    bound); ``last_speaks`` makes the last failure the one that is reported.  ``hello`` is what it
    offers a host in TLS.
    """

    judge: Callable[[Situation], Judged]
    words: HostWords
    before: Callable[[Delivery, Host], Judged | None] = lambda _delivery, _host: None
    gone: Callable[[RouteOutcome], RouteOutcome] = lambda found: found
    addresses: int = 0
    last_speaks: bool = False
    hello: Callable[[Host], Hello] = lambda _host: MODERN

    def run(self, delivery: Delivery) -> tuple[AttemptVerdict, tuple[AttemptVerdict, ...]]:
        """Return the deciding verdict and those of all hosts up to it, in order."""
        judged: list[Judged] = []
        for one in self._connections(delivery):
            judged.append(one)
            if one.fault in (None, Fault.OPEN):
                break
        return self._decide(judged), tuple(one.verdict for one in judged)

    def _connections(self, delivery: Delivery) -> Iterator[Judged]:
        tried = 0
        for host in delivery.hosts:
            if not host.addresses:
                early = self.before(delivery, host) if _bogus(host) else None
                yield early or self._no_address(delivery, host)
                continue
            early = self.before(delivery, host)
            if early is not None:
                yield early
                continue
            merged = dict(host.merged)
            for address in _addresses(host):
                if self.addresses and tried >= self.addresses:
                    return
                tried += 1
                over = _named(delivery, merged.get(address, host.planned.name)) or host
                # A sender connects once more for a second route to the address: same machine.
                attempt = replace(latest(over, address), host=host.planned)
                yield self.judge(Situation.of(delivery, host, attempt, self.hello(host)))

    def _no_address(self, delivery: Delivery, host: Host) -> Judged:
        found = self.gone(address_outcome(delivery, host))
        fault = Fault.FAILED
        if found.outcome is Outcome.BOUNCED:
            fault = Fault.PERMANENT
        elif found.outcome is Outcome.UNKNOWN:
            over = host.lookup is not None or host.skipped or delivery.stopped
            fault = Fault.INCONCLUSIVE if over else Fault.OPEN
        log, code = self.words(delivery, host, found)
        return without_connection(host, found, fault, log, code)

    def _decide(self, judged: list[Judged]) -> AttemptVerdict:
        last = judged[-1]
        if last.fault is None:
            return with_note(last.verdict, _passed_over(judged[:-1]))
        if last.fault is Fault.OPEN:
            return last.verdict
        undecided = [one for one in judged if one.fault is Fault.INCONCLUSIVE]
        if undecided:
            return max(undecided, key=lambda one: one.stage).verdict
        if all(one.fault is Fault.PERMANENT for one in judged):
            return (last if self.last_speaks else judged[0]).verdict
        failed = [one for one in judged if one.fault is Fault.FAILED]
        chosen = failed[-1] if self.last_speaks else max(failed, key=lambda one: one.stage)
        others = len(judged) - 1
        note = ""
        if others:
            note = (
                say("; the other connection fails too")
                if others == 1
                else say("; {others} others fail", others=others)
            )
        return with_note(chosen.verdict, note)


def _bogus(host: Host) -> frozenset[str]:
    """Return the types of address whose answer is bogus."""
    found = host.dane.addresses if host.dane else ()
    return frozenset(
        one.question.rtype for one in found if one.status is Status.BOGUS and not is_ours(one)
    )


def _addresses(host: Host) -> list[str]:
    """Leave out those of a bogus answer: a validating resolver answers SERVFAIL there."""
    bogus = _bogus(host)
    sound = [one for one in host.addresses if ("AAAA" if ":" in one else "A") not in bogus]
    return sound or list(host.addresses)


def _passed_over(before: list[Judged]) -> str:
    unknown = next((one for one in before if one.fault is Fault.INCONCLUSIVE), None)
    if unknown is not None:
        return say(
            "; before it nothing could be concluded ({reason})", reason=unknown.verdict.reason
        )
    if not before:
        return ""
    return say(
        "; before it {host} was passed over ({reason})",
        host=before[0].verdict.host,
        reason=before[0].verdict.reason,
    )


def bounced_without_address(found: RouteOutcome, code: str = "") -> RouteOutcome:
    """Return the outcome of a sender that does not wait for a host name to get an address."""
    if found.outcome is Outcome.DEFERRED and not found.code:  # with a code the look-up failed
        return replace(found, outcome=Outcome.BOUNCED, code=code)
    return found


def _named(delivery: Delivery, name: str) -> Host | None:
    return next((host for host in delivery.hosts if host.planned.name == name), None)


def latest(host: Host, address: str) -> Attempt:
    """Return the last attempt at an address and this host's port; an empty one before the first."""
    port = host.planned.port
    made = (a for a in reversed(host.attempts) if (a.address, a.port) == (address, port))
    first = Attempt(host=host.planned, address=address, port=port, number=1, steps=())
    return next(made, first)


def without_connection(  # one parameter a field
    host: Host, found: RouteOutcome, fault: Fault, log: str, code: str
) -> Judged:
    """Return the verdict on a host that is not connected to."""
    verdict = AttemptVerdict(
        host=host.planned.name,
        address="",
        outcome=found.outcome,
        reason=found.reason,
        log=log,
        step=found.step,
        code=code,
    )
    return Judged(verdict=verdict, fault=fault, stage=stage(StepKind.CONNECT), connected=False)
