"""Which hosts a sender would connect to, in which order: RFC 5321 5.1, RFC 7505, SMTP routes.

A pure function of the target, the options and the MX answer.  It decides nothing about what the
hosts are worth; an MX record that names an address or no host name at all stays in the list, so that
the walk can show how its lookup fails.
"""

from typing import assert_never

from mxwalk.delivery.route import HostOrigin, PlannedHost, RouteKind, RoutePlan
from mxwalk.dns.names import MxRecord, display_name, parse_mx
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.lookups import MxLookedUp
from mxwalk.evidence.target import Options, Route, Target, TargetKind
from mxwalk.evidence.told import no_answer_words
from mxwalk.language import say
from mxwalk.limits import MX_HOSTS
from mxwalk.names import is_address
from mxwalk.text import visible

_ROOT = "."


def route_plan(target: Target, options: Options, mx: MxLookedUp | None) -> RoutePlan:
    """Return the delivery hosts in the sender's order, or why there are none.

    A host or address target is taken as it is; configured routes replace the MX hosts of a domain
    (``mx_hosts`` still lists them once the MX answer is there); else the MX answer decides.
    """
    if target.kind in {TargetKind.HOST, TargetKind.ADDRESS}:
        return RoutePlan(kind=RouteKind.TARGET, hosts=(_target_host(target, options),))
    plan = _mx_plan(target, options, mx)
    if not options.routes:
        return plan
    hosts: dict[tuple[str, int], PlannedHost] = {}  # a route given twice counts once
    for route in sorted(options.routes, key=lambda route: route.priority):  # stable: as configured
        host = _route_host(route, options)
        hosts.setdefault((host.name, host.port), host)
    return RoutePlan(
        kind=RouteKind.ROUTES,
        hosts=tuple(hosts.values()),
        mx_hosts=plan.mx_hosts,
    )


def _target_host(target: Target, options: Options) -> PlannedHost:
    port = target.port or options.port
    if target.kind is TargetKind.ADDRESS or target.domain is None:
        return PlannedHost(
            name=target.address,
            display=visible(target.address),
            port=port,
            preference=0,
            origin=HostOrigin.TARGET,
            is_literal=True,
        )
    return PlannedHost(
        name=target.domain.ascii,
        display=visible(target.domain.unicode),
        port=port,
        preference=0,
        origin=HostOrigin.TARGET,
    )


def _route_host(route: Route, options: Options) -> PlannedHost:
    return PlannedHost(
        name=route.destination,
        display=display_name(route.destination),
        port=route.port or options.port,
        preference=route.priority,
        origin=HostOrigin.ROUTE,
        is_literal=is_address(route.destination),
    )


def _mx_plan(target: Target, options: Options, mx: MxLookedUp | None) -> RoutePlan:
    if mx is None:
        return RoutePlan(kind=RouteKind.PENDING)
    answer = mx.answer
    match answer.status:
        case DnsStatus.OK:
            return _from_records(answer, options)
        case DnsStatus.NODATA:
            return _implicit(target, mx, options)
        case DnsStatus.NXDOMAIN:
            problem = say("the domain {name} does not exist", name=display_name(mx.domain))
            return RoutePlan(kind=RouteKind.NO_DOMAIN, problem=problem)
        case (
            DnsStatus.SERVFAIL
            | DnsStatus.REFUSED
            | DnsStatus.OTHER_RCODE
            | DnsStatus.TIMEOUT
            | DnsStatus.UNREACHABLE
            | DnsStatus.MALFORMED
            | DnsStatus.LOOP
            | DnsStatus.CANCELLED
        ):
            # RFC 5321 5.1: a temporary error is no absence of MX records
            reason = no_answer_words(answer.error, 500) or answer.status.value
            problem = say(
                "the MX lookup for {name} failed: {reason}",
                name=display_name(mx.domain),
                reason=reason,
            )
            return RoutePlan(kind=RouteKind.LOOKUP_FAILED, problem=problem)
    assert_never(answer.status)


def _implicit(target: Target, mx: MxLookedUp, options: Options) -> RoutePlan:
    """RFC 5321 5.1: without MX records the domain itself is the host, with preference 0."""
    name = target.domain.ascii if target.domain else mx.domain
    host = PlannedHost(
        name=name,
        display=display_name(name),
        port=options.port,
        preference=0,
        origin=HostOrigin.IMPLICIT,
    )
    return RoutePlan(kind=RouteKind.IMPLICIT, hosts=(host,))


def _from_records(answer: DnsAnswer, options: Options) -> RoutePlan:
    records = [record for record in map(parse_mx, answer.records("MX")) if record]
    if records == [MxRecord(preference=0, host=_ROOT)]:  # RFC 7505 3: this one and no other
        return RoutePlan(
            kind=RouteKind.NULL_MX, problem=say("the domain publishes a null MX (0 .)")
        )
    # Equal preferences are tried in random order by RFC 5321 5.1; by name, a walk can be repeated.
    ordered = sorted(records, key=lambda record: (record.preference, record.host))
    first: dict[str, MxRecord] = {}
    for record in ordered:
        if record.host != _ROOT:
            first.setdefault(record.host, record)
    hosts = tuple(
        PlannedHost(
            name=record.host,
            display=display_name(record.host),
            port=options.port,
            preference=record.preference,
            origin=HostOrigin.MX,
        )
        for record in list(first.values())[:MX_HOSTS]
    )
    problem = "" if hosts else say("no MX record of the domain names a host")
    return RoutePlan(
        kind=RouteKind.MX,
        hosts=hosts,
        mx_hosts=tuple(host.name for host in hosts),
        problem=problem,
    )
