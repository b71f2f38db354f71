"""What a difference does: steps of one side are put into the walk of the other, and judged again.

Everything a sender decides follows from the evidence, so a walk with one group of steps from the other
day tells what that group does alone.  DNSSEC signatures are judged at the time of the walk they are
from: look-ups go over together with its start and its trust anchor.  Nothing is said where the steps
do not fit: other hosts, another target, or keys that the lab made anew.
"""

from dataclasses import dataclass

import msgspec

from mxwalk import limits
from mxwalk.compare.side import Look, restricted
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.senders.model import Outcome, Verdict

K = StepKind
UNITS: dict[str, frozenset[StepKind]] = {
    "resolver": frozenset({K.RESOLVER}),
    "mx": frozenset({K.MX}),
    "policy": frozenset({K.POLICY_RECORDS, K.STS_POLICY}),
    "address": frozenset({K.ADDRESS}),
    "tlsa": frozenset({K.TLSA}),
    "dns": frozenset({K.RESOLVER, K.MX, K.POLICY_RECORDS, K.ADDRESS, K.TLSA}),
    "ptr": frozenset({K.PTR, K.IDENTITY}),
    "connect": frozenset({K.CONNECT}),
    "greeting": frozenset({K.GREETING}),
    "ehlo": frozenset({K.EHLO, K.HELO}),
    "starttls": frozenset({K.STARTTLS}),
    "tls": frozenset({K.HANDSHAKE, K.CHAIN, K.ISSUERS, K.REVOCATION}),
    "ehlo-tls": frozenset({K.EHLO_TLS}),
    "envelope": frozenset({K.MAIL, K.RCPT, K.RSET}),
    "looks": frozenset({K.CLASSIC_GROUPS, K.LEGACY_TLS, K.WITHOUT_SNI, K.OTHER_LEAF}),
    "spf": frozenset({K.SPF_RECORD, K.SPF_MAILFROM, K.SPF_HELO}),
    "dkim": frozenset({K.DKIM, K.DKIM_KEYS}),
    "dmarc": frozenset({K.DMARC}),
    "reporters": frozenset({K.REPORTERS}),
    "arc": frozenset({K.ARC}),
    "revocation": frozenset({K.REVOCATION}),
}
_CONNECTION = (
    *(K.CONNECT, K.GREETING, K.EHLO, K.HELO, K.STARTTLS, K.HANDSHAKE, K.CHAIN, K.ISSUERS),
    *(K.REVOCATION, K.IDENTITY, K.EHLO_TLS, K.MAIL, K.RCPT, K.RSET),
)
_DNS = ("mx", "address", "tlsa")
# Higher is better for who sends, or for the message; UNKNOWN has no place.
RANK = {
    Outcome.DELIVERED_VERIFIED: 6,
    Outcome.DELIVERED_ENCRYPTED: 5,
    Outcome.DELIVERED_CLEAR: 4,
    Outcome.DEFERRED: 1,
    Outcome.BOUNCED: 0,
    Outcome.ACCEPTED_AUTHENTIC: 6,
    Outcome.ACCEPTED: 5,
    Outcome.QUARANTINED: 2,
    Outcome.REJECTED: 0,
    Outcome.COMPLETE: 6,
    Outcome.INCOMPLETE: 1,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where steps are taken from and put: a host and an address of each side; empty is anywhere."""

    host: str = ""
    address: str = ""
    from_host: str = ""
    from_address: str = ""


class Grafts:
    """The judgements on walks with steps of the other side, bounded in number."""

    def __init__(self, before: Look, after: Look) -> None:
        self.before, self.after = before, after
        self._left = limits.COMPARED_JUDGEMENTS
        self._fits = _fitting(before, after)
        self.places = _places(before, after)
        self.kinds = {
            (look is before, step.seq): step.kind
            for look in (before, after)
            for step in look.side.trace.steps
        }

    def verdict(self, unit: str, places: tuple[Place, ...], *, into_before: bool) -> Verdict | None:
        """Return the verdict with the unit's steps at these places from the other side.

        ``None`` where that tells nothing.
        """
        unit = "dns" if unit in _DNS and unit not in self._fits else unit
        kinds = UNITS.get(unit)
        if kinds is None or unit not in self._fits or self._left <= 0:
            return None
        self._left -= 1
        host, donor = (self.before, self.after) if into_before else (self.after, self.before)
        trace = host.side.trace
        for place in places:
            turned = (
                place
                if into_before
                else Place(place.from_host, place.from_address, place.host, place.address)
            )
            trace = _grafted(trace, donor.side.trace, kinds, turned)
        if unit in ("mx", "dns"):
            trace = _with_hosts(trace, host, donor)
        if unit == "dns":
            trace = _with_anchor(trace, donor.side.trace)
        return host.judge.judge(restricted(host.side, trace))


def _fitting(before: Look, after: Look) -> frozenset[str]:
    """Return the groups of steps that tell something when they change sides."""
    one, other = before.side.trace.header, after.side.trace.header
    if not (before.whole and after.whole) or before.delivery.domain != after.delivery.domain:
        return frozenset()
    if one.message != other.message or one.options.routes != other.options.routes:
        return frozenset()
    fits = set(UNITS)
    if one.options.trust_anchor != other.options.trust_anchor:  # keys were made anew, on the lab
        fits -= {"resolver", "mx", "address", "tlsa"}
        hosts = (*before.delivery.hosts, *after.delivery.hosts)
        if any(host.dane is not None and host.dane.records for host in hosts):
            fits -= {"dns", "tls", "policy"}
    return frozenset(fits)


def _places(before: Look, after: Look) -> dict[str, Place]:
    """Return where each key is on both sides; only hosts of one name can change sides."""
    found: dict[str, Place] = {}
    theirs = {host.key: host for host in after.hosts}
    for host in before.hosts:
        other = theirs.get(host.key)
        if other is None:
            continue
        name, its = host.host.planned.name, other.host.planned.name
        found[host.key] = Place(name, "", its, "")
        at = {one.key: one.address for one in other.addresses}
        for one in host.addresses:
            if one.key in at:
                found[one.key] = Place(name, one.address, its, at[one.key])
    return found


def _grafted(trace: Trace, donor: Trace, kinds: frozenset[StepKind], place: Place) -> Trace:
    """Return the trace with steps of these kinds at a place taken from the donor's place."""
    taken = [step for step in donor.steps if step.kind in kinds and _at(step, place, donor=True)]
    kept: list[Step] = []
    at: int | None = None
    for step in trace.steps:
        if step.kind in kinds and _at(step, place, donor=False):
            at = len(kept) if at is None else at
            continue
        kept.append(step)
    if at is None:
        at = len(kept)
    number = max((s.scope.attempt for s in trace.steps if _at(s, place, donor=False)), default=1)
    moved = [_moved(step, place, number) for step in _latest(taken)]
    steps = [*kept[:at], *moved, *kept[at:]]
    if kinds & set(_CONNECTION) and place.address:
        steps = _cut(steps, donor, kinds, place)
    return msgspec.structs.replace(trace, steps=tuple(steps))


def _latest(steps: list[Step]) -> list[Step]:
    """Return the steps of the last attempt at each address."""
    last: dict[tuple[str, str], int] = {}
    for step in steps:
        key = (step.scope.host, step.scope.address)
        last[key] = max(last.get(key, 0), step.scope.attempt)
    return [
        step
        for step in steps
        if step.scope.attempt in (0, last[step.scope.host, step.scope.address])
    ]


def _at(step: Step, place: Place, *, donor: bool) -> bool:
    host = place.from_host if donor else place.host
    address = place.from_address if donor else place.address
    if host and step.scope.host != host:
        return False
    return not address or step.scope.address == address


def _moved(step: Step, place: Place, number: int) -> Step:
    scope = step.scope
    if place.host and scope.host:
        scope = msgspec.structs.replace(
            scope,
            host=place.host,
            address=place.address or scope.address,
            attempt=number if scope.attempt else 0,
        )
    return msgspec.structs.replace(step, scope=scope)


def _cut(steps: list[Step], donor: Trace, kinds: frozenset[StepKind], place: Place) -> list[Step]:
    """Leave out what follows in a connection that ended at the grafted step."""
    last = max(_CONNECTION.index(kind) for kind in kinds if kind in _CONNECTION)
    later = set(_CONNECTION[last + 1 :]) - {K.IDENTITY}
    if any(step.kind in later and _at(step, place, donor=True) for step in donor.steps):
        return steps
    return [step for step in steps if not (step.kind in later and _at(step, place, donor=False))]


def _with_hosts(trace: Trace, look: Look, donor: Look) -> Trace:
    """Return the trace with everything that was seen of hosts it does not know."""
    known = {host.planned.name for host in look.delivery.hosts}
    new = {host.planned.name for host in donor.delivery.hosts} - known
    more = tuple(step for step in donor.side.trace.steps if step.scope.host in new)
    return msgspec.structs.replace(trace, steps=(*trace.steps, *more))


def _with_anchor(trace: Trace, donor: Trace) -> Trace:
    theirs = donor.header
    options = msgspec.structs.replace(
        trace.header.options, trust_anchor=theirs.options.trust_anchor
    )
    header = msgspec.structs.replace(trace.header, options=options, started_at=theirs.started_at)
    return msgspec.structs.replace(trace, header=header)


def rank(verdict: Verdict | None) -> int | None:
    """Return how good an outcome is; ``None`` where nothing is decided."""
    return RANK.get(verdict.outcome) if verdict is not None else None
