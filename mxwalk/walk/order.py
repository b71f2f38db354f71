"""The order of execution: the next step, as a pure function of the evidence so far.

Delivery hosts come in the sender's order; for configured routes all addresses are looked up before
the first connection, because routes that lead to one address share it.
"""

from dataclasses import dataclass

from msgspec import structs

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import looks_of, says_421
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import RouteKind
from mxwalk.evidence.step import Decided, DecisionKind, Scope, Step, StepKind
from mxwalk.evidence.target import TargetKind
from mxwalk.evidence.trace import Purpose
from mxwalk.language import say
from mxwalk.mtasts.state import StsStanding
from mxwalk.walk.course import next_stop
from mxwalk.walk.courses import course_of
from mxwalk.walk.sequence import Rest, full_sequence, rest_of, skipped_kinds

_LOOKUPS = frozenset(
    {
        StepKind.RESOLVER,
        StepKind.MX,
        StepKind.POLICY_RECORDS,
        StepKind.STS_POLICY,
        StepKind.ADDRESS,
        StepKind.TLSA,
    }
)


@dataclass(frozen=True, slots=True)
class Item:
    """A step to perform."""

    kind: StepKind
    scope: Scope


@dataclass(frozen=True, slots=True)
class ConnectionPlan:
    """One attempt with what is left of it; ``attempt`` is ``None`` before its first step."""

    address: str
    number: int
    attempt: Attempt | None
    rest: Rest


def next_item(delivery: Delivery) -> Item | None:
    """Return the next step in the order of execution, or ``None`` when the walk is over."""
    if delivery.trace.header.purpose is not Purpose.DELIVERY:
        stop = next_stop(delivery, course_of(delivery))
        return Item(stop.kind, stop.scope) if stop else None
    if delivery.trace.header.pasted:  # nothing can be added to what somebody else did
        return None
    if not delivery.stopped:
        if delivery.resolver_step is None:
            return Item(StepKind.RESOLVER, Scope())
        if wants_mx(delivery) and delivery.mx_step is None:
            return Item(StepKind.MX, Scope())
        if item := _policy_item(delivery):
            return item
        if delivery.route.kind is RouteKind.ROUTES:
            for host in delivery.hosts:
                if item := _address_item(host):
                    return item
    for host in delivery.hosts:
        if item := _next_on_host(delivery, host):
            return item
    return None


def wants_mx(delivery: Delivery) -> bool:
    """Say whether the target is a mail domain, so that its MX records are asked for."""
    return delivery.target.kind in (TargetKind.MAILBOX, TargetKind.DOMAIN)


def _policy_item(delivery: Delivery) -> Item | None:
    """A policy decides which hosts may be used, so it comes before them (RFC 8461 5.1)."""
    match delivery.sts.standing:
        case StsStanding.PENDING:
            return Item(StepKind.POLICY_RECORDS, Scope())
        case StsStanding.FETCH_PENDING:
            return Item(StepKind.STS_POLICY, Scope())
        case _:
            return None


def _address_item(host: Host) -> Item | None:
    if host.skipped or host.planned.is_literal or host.address_step is not None:
        return None
    return Item(StepKind.ADDRESS, Scope(host=host.planned.name))


def _tlsa_item(host: Host) -> Item | None:
    """The TLSA look-up stands before the first connection: DANE may forbid it (RFC 7672 2.1)."""
    if host.skipped or not host.addresses or host.planned.is_literal or host.tlsa_step is not None:
        return None
    return Item(StepKind.TLSA, tlsa_scope(host))


def tlsa_scope(host: Host) -> Scope:
    """Return the scope of a host's TLSA look-up; the port is part of the name that is asked."""
    return Scope(host=host.planned.name, port=host.planned.port)


def _next_on_host(delivery: Delivery, host: Host) -> Item | None:
    if not delivery.stopped and (item := _address_item(host) or _tlsa_item(host)):
        return item
    connections = connections_of(delivery, host)
    if not (delivery.stopped or host.skipped):
        for connection in reversed(connections):
            if connection.address in delivery.ptr_again:
                return Item(StepKind.PTR, scope_of(host, connection))
    for connection in connections:
        if not connection.rest.kinds:
            continue
        scope = scope_of(host, connection)
        if connection.attempt is None and not _has_ptr(delivery, host, connection.address):
            return Item(StepKind.PTR, scope)
        return Item(connection.rest.kinds[0], scope)
    return None


def _has_ptr(delivery: Delivery, host: Host, address: str) -> bool:
    if any(attempt.ptr_step for attempt in host.attempts if attempt.address == address):
        return True
    return ptr_step_of(delivery, address) is not None


def ptr_step_of(delivery: Delivery, address: str) -> Step | None:
    """Return the reverse look-up of an address, whichever host it was made for."""
    return delivery.ptr_steps.get(address)


def scope_of(host: Host, connection: ConnectionPlan) -> Scope:
    """Return the scope of a connection's steps."""
    return Scope(
        host=host.planned.name,
        address=connection.address,
        port=host.planned.port,
        attempt=connection.number,
    )


def connections_of(delivery: Delivery, host: Host) -> list[ConnectionPlan]:
    """Return the connections of a host in order, each with what is left to do."""
    decisions = tuple(step for step in delivery.decisions if step.scope.host == host.planned.name)
    merged = {address for address, _ in host.merged}
    connections: list[ConnectionPlan] = []
    throttled = False
    for address in host.addresses:
        if address in merged:
            continue
        attempts = [a for a in host.attempts if a.address == address]
        retried = {
            step.scope.attempt
            for step in decisions
            if isinstance(step.evidence, Decided)
            and step.evidence.decision is DecisionKind.RETRY
            and step.evidence.step_kind is not StepKind.PTR
            and (step.scope.address, step.scope.port) == (address, host.planned.port)
        }
        for attempt in attempts:
            rest = _rest_of(
                delivery,
                attempt,
                skipped=skipped_kinds(delivery, attempt),
                abandoned=delivery.stopped or host.skipped or attempt.number in retried,
            )
            connections.append(ConnectionPlan(address, attempt.number, attempt, rest))
        last = attempts[-1].number if attempts else 0
        if not attempts or last in retried:
            rest = _fresh_rest(delivery, host, throttled=throttled and not retried)
            connections.append(ConnectionPlan(address, last + 1, None, rest))
        throttled = throttled or any(_says_421(attempt) for attempt in attempts[-1:])
    return connections


def _rest_of(
    delivery: Delivery, attempt: Attempt, *, skipped: frozenset[StepKind], abandoned: bool
) -> Rest:
    if delivery.trace.header.pasted:
        return Rest(kinds=(), reason=say("not in the pasted text"))
    return rest_of(attempt, delivery.options, skipped=skipped, abandoned=abandoned)


def _says_421(attempt: Attempt) -> bool:
    return attempt.throttled or any(says_421(look) for _, look in looks_of(attempt))


def _fresh_rest(delivery: Delivery, host: Host, *, throttled: bool) -> Rest:
    if delivery.stopped:
        return Rest(kinds=(), reason=say("the walk was ended"))
    if host.skipped:
        return Rest(kinds=(), reason=say("the host was skipped"))
    if throttled:  # a server that said 421 is left alone, at its other addresses too
        return Rest(kinds=(), reason=say("not tried: the host answered 421 at another address"))
    return Rest(kinds=full_sequence(delivery.options))


def same_place(one: Scope, other: Scope) -> bool:
    """Say whether both are about one host, address and port, whichever attempt."""
    return structs.replace(one, attempt=other.attempt) == other


def to_repeat(delivery: Delivery, step: Step) -> tuple[Scope, StepKind | None] | None:
    """Return what a decision to repeat ``step`` is about: a look-up, or the last connection there.

    ``None`` when nothing was connected to, or the host was skipped since.
    """
    if delivery.trace.header.purpose is not Purpose.DELIVERY:
        return step.scope, step.kind
    if step.kind is StepKind.PTR:
        hosts = {host.planned.name: host for host in delivery.hosts}
        host = hosts.get(step.scope.host)
        known = host is not None and not host.skipped and step.scope.address in host.addresses
        return (_latest_scope(delivery, step) or step.scope, step.kind) if known else None
    if step.kind in _LOOKUPS:
        return Scope(host=step.scope.host), step.kind
    last = _latest_scope(delivery, step)
    return (last, None) if last else None


def _latest_scope(delivery: Delivery, step: Step) -> Scope | None:
    attempts = (
        attempt.scope
        for host in delivery.hosts
        if not host.skipped
        for attempt in host.attempts
        if same_place(step.scope, attempt.scope)
    )
    return max(attempts, key=lambda scope: scope.attempt, default=None)
