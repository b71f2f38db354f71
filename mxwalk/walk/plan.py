"""The plan of a walk as a tree: what is done, next, and to come.

A pure function of the evidence so far, so that the live walk and a replayed trace show the same
tree.  What is next is decided in ``mxwalk.walk.order``.
"""

from collections.abc import Iterator
from dataclasses import replace

from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import HostOrigin, RouteKind
from mxwalk.evidence.step import Scope, Step, StepKind
from mxwalk.evidence.trace import Purpose
from mxwalk.language import noted, say
from mxwalk.walk.course import outline_of
from mxwalk.walk.courses import course_of
from mxwalk.walk.model import NodeState, PlanNode
from mxwalk.walk.order import (
    ConnectionPlan,
    Item,
    connections_of,
    next_item,
    ptr_step_of,
    scope_of,
    tlsa_scope,
    wants_mx,
)
from mxwalk.walk.sequence import full_sequence, skipped_kinds

_LABELS = {
    StepKind.RESOLVER: noted("resolver"),
    StepKind.MX: "MX",
    StepKind.POLICY_RECORDS: noted("policy records"),
    StepKind.STS_POLICY: noted("MTA-STS policy"),
    StepKind.ADDRESS: noted("addresses"),
    StepKind.TLSA: "TLSA",
    StepKind.PTR: "PTR",
    StepKind.CONNECT: noted("connect"),
    StepKind.GREETING: noted("greeting"),
    StepKind.EHLO: "EHLO",
    StepKind.HELO: "HELO",
    StepKind.STARTTLS: "STARTTLS",
    StepKind.HANDSHAKE: noted("TLS handshake"),
    StepKind.CHAIN: noted("chain"),
    StepKind.ISSUERS: noted("missing issuers"),
    StepKind.REVOCATION: noted("revocation"),
    StepKind.IDENTITY: noted("identity"),
    StepKind.EHLO_TLS: noted("EHLO inside TLS"),
    StepKind.MAIL: "MAIL FROM",
    StepKind.RCPT: "RCPT TO",
    StepKind.RSET: "RSET",
    StepKind.QUIT: "QUIT",
    StepKind.CLASSIC_GROUPS: noted("small ClientHello"),
    StepKind.LEGACY_TLS: noted("legacy TLS"),
    StepKind.WITHOUT_SNI: noted("without SNI"),
    StepKind.OTHER_LEAF: noted("the other leaf"),
    StepKind.MESSAGE: noted("message"),
    StepKind.SPF_MAILFROM: "SPF MAIL FROM",
    StepKind.SPF_HELO: "SPF HELO",
    StepKind.DKIM: "DKIM",
    StepKind.ARC: "ARC",
    StepKind.SPF_RECORD: noted("SPF record"),
    StepKind.DKIM_KEYS: noted("DKIM keys"),
    StepKind.DMARC: "DMARC",
    StepKind.REPORTERS: noted("reports to"),
    StepKind.ALIGNMENT: noted("alignment"),
    StepKind.DISPOSITION: noted("disposition"),
    StepKind.RESULT_HEADERS: noted("headers"),
    StepKind.ROLL_OUT: noted("roll-out"),
    StepKind.DECISION: noted("decision"),
    StepKind.NOTE: noted("note"),
}


def label_of(kind: StepKind) -> str:
    """Return what a kind of step is called."""
    return say(_LABELS[kind])


_RANK = {kind: place for place, kind in enumerate(StepKind)}


def outline(delivery: Delivery) -> PlanNode:
    """Return the whole plan as a tree: look-ups, then a group for each delivery host."""
    if delivery.trace.header.purpose is not Purpose.DELIVERY:
        return outline_of(delivery, course_of(delivery))
    upcoming = next_item(delivery)
    children = [
        _leaf(
            StepKind.RESOLVER,
            Scope(),
            delivery.resolver_step,
            delivery.stopped,
            _not_pasted(delivery),
        ),
    ]
    if wants_mx(delivery):
        children.append(_leaf(StepKind.MX, Scope(), delivery.mx_step, delivery.stopped))
        children.extend(_policy_leaves(delivery))
    children.extend(_host_node(delivery, host) for host in delivery.hosts)
    if delivery.route.kind is RouteKind.PENDING:
        children.append(
            PlanNode(
                key="hosts",
                label=say("delivery hosts"),
                kind=None,
                scope=Scope(),
                state=NodeState.PLANNED,
                note=say("known after the MX look-up"),
                children=tuple(
                    _leaf(kind, Scope(), None, delivery.stopped)
                    for kind in (
                        StepKind.ADDRESS,
                        StepKind.TLSA,
                        StepKind.PTR,
                        *full_sequence(delivery.options),
                    )
                ),
            )
        )
    root = PlanNode(
        key="walk",
        label=delivery.target.text,
        kind=None,
        scope=Scope(),
        state=NodeState.NEXT if upcoming else NodeState.DONE,
        note=delivery.route.words,
        children=tuple(children),
    )
    return _mark_next(root, upcoming) if upcoming else root


def _policy_leaves(delivery: Delivery) -> Iterator[PlanNode]:
    """Yield the record and the policy: planned until it is known that they are not needed."""
    sts, unknown = delivery.sts, delivery.route.kind is RouteKind.PENDING
    closed = delivery.stopped or not (sts.standing.is_open or unknown)
    note = "" if sts.standing.is_open or unknown else say(sts.standing.value)
    yield _leaf(StepKind.POLICY_RECORDS, Scope(), delivery.records_step, closed, note)
    yield _leaf(StepKind.STS_POLICY, Scope(), delivery.policy_step, closed, note)


def _not_pasted(delivery: Delivery) -> str:
    """Return why a look-up is not there in what was pasted; empty for a walk."""
    return say("not looked up: the text was pasted") if delivery.trace.header.pasted else ""


def _leaf(kind: StepKind, scope: Scope, step: Step | None, over: bool, note: str = "") -> PlanNode:
    state = NodeState.DONE if step else NodeState.NOT_NEEDED if over else NodeState.PLANNED
    return PlanNode(
        key=f"{scope.host}|{scope.address}|{scope.attempt}|{kind.value}",
        label=label_of(kind),
        kind=kind,
        scope=scope,
        state=state,
        step=step,
        note=note if step is None else "",
    )


def _host_node(delivery: Delivery, host: Host) -> PlanNode:
    plan = host.planned
    over = delivery.stopped or host.skipped
    scope = Scope(host=plan.name)
    children: list[PlanNode] = []
    if not plan.is_literal:
        pasted = _not_pasted(delivery)
        children.append(_leaf(StepKind.ADDRESS, scope, host.address_step, over, pasted))
        no_address = host.address_step is not None and not host.addresses
        note = say("the host has no address") if no_address else pasted
        closed = over or no_address
        children.append(_leaf(StepKind.TLSA, tlsa_scope(host), host.tlsa_step, closed, note))
    connections = connections_of(delivery, host)
    latest = {connection.address: connection.number for connection in connections}
    for connection in connections:
        leaves = _connection_leaves(delivery, host, connection, latest[connection.address])
        if len(connections) == 1 and not host.merged:
            children.extend(leaves)
            continue
        again = say(", attempt {number}", number=connection.number) if connection.number > 1 else ""
        children.append(
            PlanNode(
                key=f"{plan.name}|{connection.address}|{connection.number}",
                label=f"{connection.address}{again}",
                kind=None,
                scope=scope_of(host, connection),
                state=_group_state(leaves),
                note=connection.rest.reason,
                children=leaves,
            )
        )
    for address, first in host.merged:
        children.append(
            PlanNode(
                key=f"{plan.name}|{address}|merged",
                label=address,
                kind=None,
                scope=Scope(host=plan.name, address=address),
                state=NodeState.NOT_NEEDED,
                note=say("the same address as {first}: one connection serves both", first=first),
            )
        )
    if not connections and not host.merged and host.address_step is None:
        children.extend(
            _leaf(kind, scope, None, over)
            for kind in (StepKind.PTR, *full_sequence(delivery.options))
        )
    return PlanNode(
        key=f"host|{plan.name}|{plan.port}",
        label=plan.display,
        kind=None,
        scope=scope,
        state=_group_state(tuple(children)),
        note=say("skipped") if host.skipped else _host_note(host),
        children=tuple(children),
    )


def _host_note(host: Host) -> str:
    plan = host.planned
    match plan.origin:
        case HostOrigin.MX:
            note = say("MX, preference {number}", number=plan.preference)
        case HostOrigin.ROUTE:
            note = say("route, priority {number}", number=plan.preference)
        case _:
            note = say(plan.origin.value)
    return (
        say("{note}; {number} addresses left out", note=note, number=host.left_out)
        if host.left_out
        else note
    )


def _connection_leaves(
    delivery: Delivery, host: Host, connection: ConnectionPlan, latest: int
) -> tuple[PlanNode, ...]:
    scope = scope_of(host, connection)
    leaves: list[PlanNode] = []
    asked_again = connection.address in delivery.ptr_again and connection.number == latest
    if connection.number == 1 or asked_again:
        ptr = None if asked_again else ptr_step_of(delivery, connection.address)
        pasted = _not_pasted(delivery)
        over = bool(pasted) or (not connection.rest.kinds and connection.attempt is None)
        leaves.append(_leaf(StepKind.PTR, scope, ptr, over, pasted or connection.rest.reason))
    made = connection.attempt.steps if connection.attempt else ()
    leaves.extend(_leaf(step.kind, scope, step, False) for step in made)
    leaves.extend(_leaf(kind, scope, None, False) for kind in connection.rest.kinds)
    present = {leaf.kind for leaf in leaves}
    decided = connection.attempt
    left_out = skipped_kinds(delivery, decided) if decided else frozenset()
    others = sorted(left_out - set(full_sequence(delivery.options)), key=_RANK.__getitem__)
    for kind in (*full_sequence(delivery.options), *others):
        if kind not in present:
            reason = say("left out by decision") if kind in left_out else connection.rest.reason
            leaf = _leaf(kind, scope, None, True, reason)
            leaves.insert(_position(leaves, kind), leaf)
    return tuple(leaves)


def _position(leaves: list[PlanNode], kind: StepKind) -> int:
    """Return where a step that is not needed stands: before the first that comes after it."""
    rank = _RANK[kind]
    for position, leaf in enumerate(leaves):
        if leaf.kind is not None and _RANK[leaf.kind] > rank:
            return position
    return len(leaves)


def _group_state(children: tuple[PlanNode, ...]) -> NodeState:
    states = {child.state for child in children}
    if NodeState.PLANNED in states or NodeState.NEXT in states:
        return NodeState.PLANNED
    return NodeState.DONE if NodeState.DONE in states else NodeState.NOT_NEEDED


def _mark_next(node: PlanNode, item: Item) -> PlanNode:
    """Mark the leaf that is next, and the groups above it."""
    if node.kind is item.kind and node.step is None and node.scope == item.scope:
        return replace(node, state=NodeState.NEXT)
    children = tuple(_mark_next(child, item) for child in node.children)
    if children == node.children:
        return node
    return replace(node, state=NodeState.NEXT, children=children)
