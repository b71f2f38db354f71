import pytest

from mxwalk.delivery.route import HostOrigin, RouteKind
from mxwalk.delivery.routing import route_plan
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.lookups import MxLookedUp
from mxwalk.evidence.target import Options, Route, Target, TargetKind
from mxwalk.limits import MX_HOSTS
from mxwalk.names import parse_name

MAILBOX = Target(
    text="user@example.com",
    kind=TargetKind.MAILBOX,
    domain=parse_name("example.com"),
    local_part="user",
)


def mx(*records: str, status=DnsStatus.OK, alias="", error="") -> MxLookedUp:
    rrset = RRset(name=alias or "example.com", rtype="MX", ttl_s=60, records=records)
    answer = DnsAnswer(
        qname="example.com",
        rtype="MX",
        status=status,
        answer=(rrset,) if records else (),
        cname_hops=(alias,) if alias else (),
        error=error,
    )
    return MxLookedUp(domain="example.com", answer=answer)


def names(plan):
    return [host.name for host in plan.hosts]


def test_before_the_lookup_the_route_is_pending():
    assert route_plan(MAILBOX, Options(), None).kind is RouteKind.PENDING


def test_mx_hosts_are_tried_by_preference_and_ties_by_name():  # RFC 5321 5.1
    answer = mx("20 c.example.", "10 z.example.", "20 B.example.", "5 m.example.")
    plan = route_plan(MAILBOX, Options(), answer)
    assert plan.kind is RouteKind.MX
    assert names(plan) == ["m.example", "z.example", "b.example", "c.example"]
    assert [host.preference for host in plan.hosts] == [5, 10, 20, 20]
    assert plan.mx_hosts == ("m.example", "z.example", "b.example", "c.example")
    assert {host.port for host in plan.hosts} == {25}
    assert {host.origin for host in plan.hosts} == {HostOrigin.MX}


def test_preferences_are_compared_as_numbers():
    assert names(route_plan(MAILBOX, Options(), mx("100 b.example.", "9 a.example."))) == [
        "a.example",
        "b.example",
    ]


def test_mx_records_behind_a_cname_of_the_domain_count():  # RFC 5321 5.1
    plan = route_plan(MAILBOX, Options(), mx("10 mx.example.", alias="alias.example.net"))
    assert names(plan) == ["mx.example"]


def test_the_single_null_mx_means_that_no_mail_is_accepted():  # RFC 7505 3
    plan = route_plan(MAILBOX, Options(), mx("0 ."))
    assert (plan.kind, plan.hosts) == (RouteKind.NULL_MX, ())
    assert plan.problem


def test_a_null_mx_beside_others_is_dropped_and_the_others_are_used():  # RFC 7505 3
    plan = route_plan(MAILBOX, Options(), mx("0 .", "10 mx.example."))
    assert (plan.kind, names(plan), plan.mx_hosts) == (
        RouteKind.MX,
        ["mx.example"],
        ("mx.example",),
    )


def test_the_root_with_another_preference_is_no_null_mx_and_no_host():
    plan = route_plan(MAILBOX, Options(), mx("10 ."))
    assert (plan.kind, plan.hosts) == (RouteKind.MX, ())
    assert plan.problem


def test_a_domain_without_mx_is_its_own_host():  # RFC 5321 5.1
    plan = route_plan(MAILBOX, Options(port=2525), mx(status=DnsStatus.NODATA))
    (host,) = plan.hosts
    assert plan.kind is RouteKind.IMPLICIT
    assert (host.name, host.preference, host.port) == ("example.com", 0, 2525)
    assert host.origin is HostOrigin.IMPLICIT
    assert plan.mx_hosts == ()


def test_a_domain_that_does_not_exist_has_no_hosts():
    plan = route_plan(MAILBOX, Options(), mx(status=DnsStatus.NXDOMAIN))
    assert (plan.kind, plan.hosts) == (RouteKind.NO_DOMAIN, ())
    assert "example.com" in plan.problem


@pytest.mark.parametrize(
    "status",
    [
        DnsStatus.SERVFAIL,
        DnsStatus.REFUSED,
        DnsStatus.OTHER_RCODE,
        DnsStatus.TIMEOUT,
        DnsStatus.UNREACHABLE,
        DnsStatus.MALFORMED,
        DnsStatus.LOOP,
        DnsStatus.CANCELLED,
    ],
)
def test_a_failed_lookup_is_no_absence_of_mx_records(status):  # RFC 5321 5.1
    plan = route_plan(MAILBOX, Options(), mx(status=status, error="it \x1b broke"))
    assert (plan.kind, plan.hosts) == (RouteKind.LOOKUP_FAILED, ())
    assert "it \\x1b broke" in plan.problem
    assert status.value in route_plan(MAILBOX, Options(), mx(status=status)).problem


def test_every_status_leads_to_a_plan():
    for status in DnsStatus:
        assert route_plan(MAILBOX, Options(), mx(status=status)).kind is not RouteKind.PENDING


def test_an_mx_record_that_names_an_address_stays_a_name_to_look_up():  # RFC 1035 3.3.9
    plan = route_plan(MAILBOX, Options(), mx("10 192.0.2.103."))
    (host,) = plan.hosts
    assert (host.name, host.display, host.is_literal) == ("192.0.2.103", "192.0.2.103", False)


def test_hosts_that_are_no_host_names_are_kept_printable():
    plan = route_plan(MAILBOX, Options(), mx("10 a\\032b.example.", "20 \x1b[31m.example."))
    assert [host.display for host in plan.hosts] == ["a\\032b.example", "\\x1b[31m.example"]


def test_international_hosts_are_shown_in_u_labels():
    (host,) = route_plan(MAILBOX, Options(), mx("10 mx.XN--BCHER-KVA.example.")).hosts
    assert (host.name, host.display) == ("mx.xn--bcher-kva.example", "mx.bücher.example")


def test_a_host_listed_twice_is_tried_once_at_its_better_place():
    plan = route_plan(MAILBOX, Options(), mx("20 a.example.", "10 A.example.", "15 b.example."))
    assert names(plan) == ["a.example", "b.example"]
    assert plan.hosts[0].preference == 10


def test_records_that_cannot_be_read_are_left_out():
    assert names(route_plan(MAILBOX, Options(), mx("what is this", "10 mx.example."))) == [
        "mx.example"
    ]


def test_the_number_of_hosts_is_bounded():
    plan = route_plan(MAILBOX, Options(), mx(*(f"10 h{n}.example." for n in range(1_000))))
    assert len(plan.hosts) == len(plan.mx_hosts) == MX_HOSTS


ROUTES = (
    Route(destination="second.example", priority=5),
    Route(destination="192.0.2.7", port=2525),
    Route(destination="xn--bcher-kva.example", priority=5),
    Route(destination="2001:db8::7"),
)


def test_routes_replace_the_mx_hosts_lower_priority_first_and_stable():
    plan = route_plan(MAILBOX, Options(routes=ROUTES, port=26), mx("10 mx.example."))
    assert plan.kind is RouteKind.ROUTES
    assert names(plan) == ["192.0.2.7", "2001:db8::7", "second.example", "xn--bcher-kva.example"]
    assert [host.port for host in plan.hosts] == [2525, 26, 26, 26]
    assert [host.preference for host in plan.hosts] == [0, 0, 5, 5]
    assert [host.is_literal for host in plan.hosts] == [True, True, False, False]
    assert plan.hosts[3].display == "bücher.example"
    assert plan.mx_hosts == ("mx.example",)


@pytest.mark.parametrize(
    "answer", [None, mx("0 ."), mx(status=DnsStatus.NXDOMAIN), mx(status=DnsStatus.TIMEOUT)]
)
def test_routes_hold_whatever_the_mx_answer_is(answer):
    plan = route_plan(MAILBOX, Options(routes=ROUTES), answer)
    assert (plan.kind, len(plan.hosts), plan.mx_hosts) == (RouteKind.ROUTES, 4, ())
    assert plan.problem == ""


def test_a_host_target_is_taken_as_it_is_and_its_port_wins():
    target = Target(
        text="mx.example.com:2525",
        kind=TargetKind.HOST,
        domain=parse_name("mx.example.com"),
        port=2525,
    )
    plan = route_plan(target, Options(port=26, routes=ROUTES), None)
    (host,) = plan.hosts
    assert plan.kind is RouteKind.TARGET
    assert (host.name, host.port, host.is_literal) == ("mx.example.com", 2525, False)
    assert host.origin is HostOrigin.TARGET


def test_an_address_target_is_a_literal():
    target = Target(text="[2001:db8::1]", kind=TargetKind.ADDRESS, address="2001:db8::1")
    (host,) = route_plan(target, Options(port=26), None).hosts
    assert (host.name, host.port, host.is_literal) == ("2001:db8::1", 26, True)
