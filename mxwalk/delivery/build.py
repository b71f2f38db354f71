"""Put the steps of a trace into their places: the one way from a ``Trace`` to a ``Delivery``.

Total over any trace that could be read: a step whose host or address the route does not know is
left out of the hosts and stays in the trace.
"""

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mxwalk import limits
from mxwalk.dane.lookup import HostLookups, Looked, judge
from mxwalk.dane.model import DaneState
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.denials import believed_route, denies_root
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.policies import current_policy_step, sts_state
from mxwalk.delivery.route import HostOrigin, PlannedHost, RoutePlan
from mxwalk.delivery.routing import route_plan
from mxwalk.delivery.security import Security, security_of
from mxwalk.dnssec.judging import unknown_hop
from mxwalk.dnssec.model import Question, Validation
from mxwalk.dnssec.reasons import Cause, Reason
from mxwalk.evidence.lookups import AddressesLookedUp, MxLookedUp, ResolverChecked, TlsaLookedUp
from mxwalk.evidence.step import Decided, DecisionKind, Step, StepKind
from mxwalk.evidence.target import Family
from mxwalk.evidence.trace import Purpose, Trace
from mxwalk.names import is_address

if TYPE_CHECKING:
    from mxwalk.mailauth.case import MessageCase
    from mxwalk.mailauth.published import Survey

# What was not validated (cancelled, or its message not kept) is not taken for secure.
_UNKNOWN_MX = Validation(
    question=Question("", "MX"),
    at=datetime(1970, 1, 1, tzinfo=UTC),
    hops=(
        unknown_hop(
            "", Cause(reason=Reason.ANSWERS_MISSING, what="the MX answer", detail="its question")
        ),
    ),
)


def build_delivery(trace: Trace) -> Delivery:
    """Return the delivery a trace tells of, as far as the trace goes."""
    header = trace.header
    resolver_step = _last(trace.steps, StepKind.RESOLVER)
    checked = resolver_step.evidence if resolver_step else None
    doubts = isinstance(checked, ResolverChecked) and denies_root(checked)
    own = tuple(step for step in trace.steps if not step.scope.host)  # not of a survey's subdomains
    mx_step = _last(own, StepKind.MX)
    mx = mx_step.evidence if mx_step and isinstance(mx_step.evidence, MxLookedUp) else None
    route = route_plan(header.target, header.options, mx)
    if doubts:
        route = believed_route(route, mx.domain if mx else "")
    records_step = _last(trace.steps, StepKind.POLICY_RECORDS)
    policy_step = current_policy_step(records_step, _last(trace.steps, StepKind.STS_POLICY))
    security = security_of(trace)
    mx_validation = security.of(mx.answer) if mx else None
    return Delivery(
        trace=trace,
        route=route,
        hosts=_hosts(trace, route.hosts, security, mx_validation, doubts=doubts),
        mx_validation=mx_validation,
        resolver_step=resolver_step,
        mx_step=mx_step,
        sts=sts_state(header.target, route, trace.steps, records_step, policy_step, doubts=doubts),
        records_step=records_step,
        policy_step=policy_step,
        message=_message(trace),
        survey=_survey(trace, route),
        stopped=header.pasted is not None
        or any(
            isinstance(step.evidence, Decided) and step.evidence.decision.ends_walk
            for step in trace.steps
        ),
    )


def _message(trace: Trace) -> "MessageCase | None":
    if trace.header.purpose is not Purpose.MESSAGE:
        return None
    # what judges messages takes long to load, and a delivery does without it
    from mxwalk.delivery.authentication import message_case

    return message_case(trace)


def _survey(trace: Trace, route: RoutePlan) -> "Survey | None":
    if trace.header.purpose is not Purpose.DOMAIN:
        return None
    from mxwalk.delivery.survey import survey_of

    return survey_of(trace, route)


def _last(steps: tuple[Step, ...], kind: StepKind) -> Step | None:
    """Return the last step of a kind that was not made obsolete by a later retry of that kind."""
    for step in reversed(steps):
        if step.kind is kind:
            return step
        if isinstance(step.evidence, Decided) and step.evidence.repeats(kind):
            return None
    return None


def _hosts(
    trace: Trace,
    planned: tuple[PlannedHost, ...],
    security: Security,
    mx_validation: Validation | None,
    *,
    doubts: bool,
) -> tuple[Host, ...]:
    by_host: dict[str, list[Step]] = defaultdict(list)
    ptr: dict[str, Step] = {}
    for step in trace.steps:
        by_host[step.scope.host].append(step)
        if step.kind is StepKind.PTR:
            ptr[step.scope.address] = step
    taken: dict[tuple[str, int], str] = {}
    room = limits.ADDRESSES_PER_WALK
    hosts = []
    for plan in planned:
        own = tuple(by_host.get(plan.name, ()))
        address_step = _last(own, StepKind.ADDRESS)
        tlsa_step = _last(tuple(s for s in own if s.scope.port in (0, plan.port)), StepKind.TLSA)
        if trace.header.pasted and not plan.is_literal:  # where it was connected to, if it says so
            known = tuple(dict.fromkeys(step.scope.address for step in own if step.scope.attempt))
        else:
            known = (plan.name,) if plan.is_literal else _addresses(address_step, trace)
        addresses = known[: min(room, limits.ADDRESSES_PER_HOST)]
        attempts = _attempts(plan, own, ptr, doubts=doubts)
        skipped = any(
            isinstance(step.evidence, Decided) and step.evidence.decision is DecisionKind.SKIP_HOST
            for step in own
        )
        merged = []
        if plan.origin is HostOrigin.ROUTE:  # routes with one address share one connection
            tried = {attempt.address for attempt in attempts}
            for address in addresses:
                if skipped and address not in tried:
                    continue  # left to the next route with this address
                first = taken.setdefault((address, plan.port), plan.name)
                if first != plan.name:
                    merged.append((address, first))
        room -= len({a.address for a in attempts}) if skipped else len(addresses) - len(merged)
        room = max(0, room)
        hosts.append(
            Host(
                planned=plan,
                address_step=address_step,
                tlsa_step=tlsa_step,
                dane=None
                if trace.header.pasted
                else _dane(plan, address_step, tlsa_step, security, mx_validation),
                addresses=addresses,
                attempts=attempts,
                merged=tuple(merged),
                left_out=len(known) - len(addresses),
                skipped=skipped,
                doubts=doubts,
            )
        )
    return tuple(hosts)


def _dane(
    plan: PlannedHost,
    address_step: Step | None,
    tlsa_step: Step | None,
    security: Security,
    mx_validation: Validation | None,
) -> DaneState | None:
    """Return the host's standing with regard to DANE; ``None`` where the walk did not look."""
    addresses = _looked(address_step, security)
    tlsa = _looked(tlsa_step, security)
    if addresses is None or tlsa is None:
        return None
    from_mx = plan.origin in (HostOrigin.MX, HostOrigin.IMPLICIT)
    return judge(
        HostLookups(
            host=plan.name,
            port=plan.port,
            addresses=addresses,
            tlsa=tlsa,
            mx=(mx_validation or _UNKNOWN_MX) if from_mx else None,
            step=tlsa_step.seq if tlsa_step else address_step.seq if address_step else None,
        )
    )


def _looked(step: Step | None, security: Security) -> tuple[Looked, ...] | None:
    """Pair a step's answers with their validations; ``None`` when one was never validated."""
    if step is None or not isinstance(step.evidence, AddressesLookedUp | TlsaLookedUp):
        return ()
    looked = []
    for answer in step.evidence.answers:
        validation = security.of(answer)
        if validation is None:
            return None
        looked.append(Looked(answer=answer, validation=validation))
    return tuple(looked)


def _addresses(step: Step | None, trace: Trace) -> tuple[str, ...]:
    """Return the addresses there are: IPv6 before IPv4 (RFC 6724), each once.

    A record whose data could not be read (RFC 3597 form) is no address.
    """
    if step is None or not isinstance(step.evidence, AddressesLookedUp):
        return ()
    family = trace.header.options.family
    found: dict[str, None] = {}
    for rtype, excluded in (("AAAA", Family.IPV4), ("A", Family.IPV6)):
        if family is excluded:
            continue
        for answer in step.evidence.answers:
            if answer.rtype == rtype:
                found.update(dict.fromkeys(filter(is_address, answer.records())))
    return tuple(found)


def _attempts(
    plan: PlannedHost, steps: tuple[Step, ...], ptr: dict[str, Step], *, doubts: bool
) -> tuple[Attempt, ...]:
    groups: dict[tuple[str, int, int], list[Step]] = {}
    for step in steps:
        made_here = step.scope.attempt > 0 and step.scope.port == plan.port
        if made_here and step.kind not in (StepKind.DECISION, StepKind.PTR):
            key = (step.scope.address, step.scope.port, step.scope.attempt)
            groups.setdefault(key, []).append(step)
    return tuple(
        Attempt(
            host=plan,
            address=address,
            port=port,
            number=number,
            steps=tuple(group),
            ptr_step=ptr.get(address),
            doubts=doubts,
        )
        for (address, port, number), group in groups.items()
    )
