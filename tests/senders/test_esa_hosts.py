"""Several hosts, addresses and routes, and what the route itself decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.step import Decided, DecisionKind, StepKind
from mxwalk.evidence.target import Options, Route
from mxwalk.evidence.wire import EndingKind
from mxwalk.senders.esa import PROFILES
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.registry import profile, profiles
from tests.senders.walks import (
    EXPIRED,
    NO_STARTTLS,
    Walked,
    address_target,
    certificate,
    ending,
    one_host,
)

GOOD = certificate("example.com", "mx1.example.net", "mx2.example.net")
WRONG = certificate("other.test")
REFUSED = ending(EndingKind.REFUSED, "connection refused")


def outcomes(walked: Walked) -> tuple[str, ...]:
    return tuple(p.judge(walked.delivery).outcome.value for p in PROFILES)


def judged(walked: Walked, sender: str = "esa:5") -> Verdict:
    return profile(sender).judge(walked.delivery)


def two_hosts() -> Walked:
    walked = Walked().resolver().mx("10 mx1.example.net.", "20 mx2.example.net.")
    walked.addresses("mx1.example.net", "192.0.2.1")
    return walked.addresses("mx2.example.net", "192.0.2.2")


def test_worked_example_of_the_esas_document() -> None:
    walked = Walked().resolver()
    walked.mx("10 mx01.subd.emailhosted.not.", "10 mx02.subd.emailhosted.not.")
    walked.addresses("mx01.subd.emailhosted.not", "192.0.2.1")
    walked.addresses("mx02.subd.emailhosted.not", "192.0.2.2")
    der = certificate("*.emailhosted.not", "emailhosted.not", cn="*.emailhosted.not")
    for host, address, back in (
        ("mx01.subd.emailhosted.not", "192.0.2.1", "mx0a.emailhosted.not"),
        ("mx02.subd.emailhosted.not", "192.0.2.2", "mx0b.emailhosted.not"),
    ):
        walked.at(host, address).ptr(back).secured(der).quit()
    assert outcomes(walked) == (
        "delivered-clear",
        "delivered-encrypted",
        "delivered-encrypted",
        "delivered-verified",
        "delivered-verified",
        "deferred",
    )
    five, six = judged(walked, "esa:5"), judged(walked, "esa:6")
    assert five.reason == (
        'CN "*.emailhosted.not" matches the PTR host "mx0a.emailhosted.not" by wildcard, and the chain'
        " is trusted"
    )
    assert five.host == "mx01.subd.emailhosted.not"
    assert len(five.attempts) == 1
    assert six.reason == (
        'no dNSName matches the recipient domain "example.com" or the MX host'
        ' "mx01.subd.emailhosted.not"; the other connection fails too'
    )
    assert [one.host for one in six.attempts] == [
        "mx01.subd.emailhosted.not",
        "mx02.subd.emailhosted.not",
    ]
    assert "3600 s" in six.next_action
    assert "72 h" in six.next_action
    assert "default bounce profile" in six.next_action
    (first, _) = walked.delivery.attempts
    matrix = profile("esa:5").identity(first)
    assert matrix is not None
    assert matrix.deciding is not None
    assert matrix.deciding.number == 4
    hosted = profile("esa:6").identity(first)
    assert hosted is not None
    assert hosted.flow == "Verify Hosted Domains"
    assert [profile(f"esa:{n}").identity(first) for n in (1, 2, 3)] == [None, None, None]


def test_a_host_that_fails_verification_is_passed_over_and_the_next_is_used() -> None:
    walked = two_hosts()
    walked.at("mx1.example.net", "192.0.2.1").secured(WRONG).quit()
    walked.at("mx2.example.net", "192.0.2.2").secured(GOOD).quit()
    five = judged(walked)
    assert (five.outcome, five.host) == (Outcome.DELIVERED_VERIFIED, "mx2.example.net")
    assert [one.outcome for one in five.attempts] == [
        Outcome.DEFERRED,
        Outcome.DELIVERED_VERIFIED,
    ]
    four = judged(walked, "esa:4")  # does not look further: the first host takes it unverified
    assert (four.outcome, four.host) == (Outcome.DELIVERED_ENCRYPTED, "mx1.example.net")


def test_starttls_stripped_on_one_host_sends_preferred_in_clear_there() -> None:
    walked = two_hosts()
    walked.at("mx1.example.net", "192.0.2.1").greeted(NO_STARTTLS).quit()
    walked.at("mx2.example.net", "192.0.2.2").secured(GOOD).quit()
    assert outcomes(walked) == (
        "delivered-clear",
        "delivered-clear",
        "delivered-encrypted",
        "delivered-clear",
        "delivered-verified",
        "delivered-verified",
    )


def test_a_dead_first_host_is_passed_over() -> None:
    walked = two_hosts()
    walked.at("mx1.example.net", "192.0.2.1").connect(REFUSED)
    walked.at("mx2.example.net", "192.0.2.2").secured(GOOD).quit()
    assert judged(walked).host == "mx2.example.net"


def test_a_later_delivering_host_wins_over_an_inconclusive_one_and_says_so() -> None:
    walked = two_hosts()
    walked.at("mx1.example.net", "192.0.2.1").connect().greeting(b"421 too many\r\n")
    walked.at("mx2.example.net", "192.0.2.2").secured(GOOD).quit()
    verdict = judged(walked)
    assert verdict.outcome is Outcome.DELIVERED_VERIFIED
    assert "before it nothing could be concluded (mx1.example.net [192.0.2.1]" in verdict.reason
    assert "421 too many" in verdict.reason


def test_one_inconclusive_host_and_none_that_delivers_is_unknown() -> None:
    walked = two_hosts()
    walked.at("mx1.example.net", "192.0.2.1").connect().greeting(b"421 too many\r\n")
    walked.at("mx2.example.net", "192.0.2.2").secured(WRONG).quit()
    verdict = judged(walked)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "421 too many" in verdict.reason


def test_all_hosts_greeting_with_5xx_bounce_and_one_failing_otherwise_defers() -> None:
    both = two_hosts()
    both.at("mx1.example.net", "192.0.2.1").connect().greeting(b"554 no mail\r\n").quit()
    both.at("mx2.example.net", "192.0.2.2").connect().greeting(b"521 no mail\r\n").quit()
    assert judged(both).outcome is Outcome.BOUNCED
    assert judged(both).code == "5.3.2"
    mixed = two_hosts()
    mixed.at("mx1.example.net", "192.0.2.1").connect().greeting(b"554 no mail\r\n").quit()
    mixed.at("mx2.example.net", "192.0.2.2").connect(REFUSED)
    assert judged(mixed).outcome is Outcome.DEFERRED


def test_a_refused_recipient_is_final_although_another_host_is_left() -> None:
    walked = Walked(options=Options(mail_from="a@example.org", rcpt_to="user@example.com"))
    walked.resolver().mx("10 mx1.example.net.", "20 mx2.example.net.")
    walked.addresses("mx1.example.net", "192.0.2.1").addresses("mx2.example.net", "192.0.2.2")
    refused = walked.at("mx1.example.net", "192.0.2.1").secured(GOOD)
    refused.envelope(rcpt=b"550 5.1.1 unknown\r\n").quit()
    walked.at("mx2.example.net", "192.0.2.2").secured(GOOD).envelope().quit()
    verdict = judged(walked)
    assert (verdict.outcome, verdict.code) == (Outcome.BOUNCED, "5.1.1")
    assert verdict.step == walked.delivery.attempts[0].steps[-2].seq


def test_the_first_address_that_connects_is_the_one_used() -> None:
    walked = Walked().resolver().mx("10 mx1.example.net.")
    walked.addresses("mx1.example.net", "2001:db8::1", "192.0.2.1")
    walked.at("mx1.example.net", "2001:db8::1").connect(ending(EndingKind.UNREACHABLE))
    walked.at("mx1.example.net", "192.0.2.1").secured(GOOD).quit()
    verdict = judged(walked)
    assert verdict.outcome is Outcome.DELIVERED_VERIFIED
    assert [one.address for one in verdict.attempts] == ["2001:db8::1", "192.0.2.1"]
    answered = Walked().resolver().mx("10 mx1.example.net.")
    answered.addresses("mx1.example.net", "2001:db8::1", "192.0.2.1")
    answered.at("mx1.example.net", "2001:db8::1").secured(WRONG).quit()
    answered.at("mx1.example.net", "192.0.2.1").secured(GOOD).quit()
    assert judged(answered).outcome is Outcome.DEFERRED


def test_only_the_last_attempt_of_an_address_counts() -> None:
    walked = one_host("mx1.example.net")
    walked.at("mx1.example.net", "192.0.2.1", 1).connect().greeting(b"421 busy\r\n")
    walked.at("mx1.example.net", "192.0.2.1", 2).secured(GOOD).quit()
    assert judged(walked).outcome is Outcome.DELIVERED_VERIFIED


def test_a_host_skipped_by_the_administrator_is_unknown_and_the_next_still_delivers() -> None:
    walked = two_hosts().decide(DecisionKind.SKIP_HOST, "mx1.example.net")
    assert judged(walked).outcome is Outcome.UNKNOWN
    walked.at("mx2.example.net", "192.0.2.2").secured(GOOD).quit()
    verdict = judged(walked)
    assert verdict.outcome is Outcome.DELIVERED_VERIFIED
    assert "skipped by decision" in verdict.reason


@pytest.mark.parametrize("decision", [DecisionKind.STOP, DecisionKind.ENOUGH])
def test_a_stopped_walk_is_unknown_and_says_where_it_ended(decision: DecisionKind) -> None:
    walked = two_hosts()
    walked.at("mx1.example.net", "192.0.2.1").greeted()
    walked.decide(decision)
    verdict = judged(walked)
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.reason == ("the walk was ended before STARTTLS at mx1.example.net [192.0.2.1]")
    assert judged(walked, "esa:1").outcome is Outcome.DELIVERED_CLEAR


# --- routes


def routed(*routes: Route) -> Walked:
    return Walked(options=Options(routes=routes)).resolver().mx("10 mx.example.net.")


def test_routes_are_tried_by_priority_then_as_configured() -> None:
    walked = routed(
        Route(destination="relay2.example.net", priority=10),
        Route(destination="relay1.example.net", priority=0),
    )
    walked.addresses("relay1.example.net", "192.0.2.1")
    walked.addresses("relay2.example.net", "192.0.2.2")
    walked.at("relay1.example.net", "192.0.2.1").connect(REFUSED)
    walked.at("relay2.example.net", "192.0.2.2").secured(certificate("relay2.example.net")).quit()
    six = judged(walked, "esa:6")
    assert (six.outcome, six.host) == (Outcome.DELIVERED_VERIFIED, "relay2.example.net")
    assert [one.host for one in six.attempts] == ["relay1.example.net", "relay2.example.net"]
    assert judged(walked, "esa:5").outcome is Outcome.DEFERRED  # routes are no reference in flow A


def test_an_fqdn_route_switches_the_mx_host_off_as_a_reference() -> None:
    walked = routed(Route(destination="relay.example.net"))
    walked.addresses("relay.example.net", "192.0.2.1")
    walked.at("relay.example.net", "192.0.2.1").secured(certificate("mx.example.net")).quit()
    assert judged(walked, "esa:6").outcome is Outcome.DEFERRED


def test_an_address_route_counts_the_mx_hosts_of_the_domain() -> None:
    walked = routed(Route(destination="192.0.2.7"))
    walked.at("192.0.2.7", "192.0.2.7").secured(certificate("mx.example.net")).quit()
    six = judged(walked, "esa:6")
    assert (six.outcome, six.host) == (Outcome.DELIVERED_VERIFIED, "192.0.2.7")


def test_routes_with_one_address_share_a_connection_and_any_name_counts() -> None:
    walked = routed(
        Route(destination="relay1.example.net"), Route(destination="relay2.example.net")
    )
    walked.addresses("relay1.example.net", "192.0.2.1")
    walked.addresses("relay2.example.net", "192.0.2.1")
    walked.at("relay1.example.net", "192.0.2.1").secured(certificate("relay2.example.net")).quit()
    six = judged(walked, "esa:6")
    assert six.outcome is Outcome.DELIVERED_VERIFIED
    assert 'matches the SMTP route "relay2.example.net" exactly' in six.reason
    assert len(six.attempts) == 1


def test_one_route_host_on_two_ports_is_judged_port_by_port() -> None:
    walked = routed(
        Route(destination="relay.example.net", port=2525),
        Route(destination="relay.example.net", port=25, priority=5),
    )
    walked.addresses("relay.example.net", "192.0.2.1")
    walked.at("relay.example.net", "192.0.2.1", port=2525).connect(REFUSED)
    walked.at("relay.example.net", "192.0.2.1", port=25).secured(GOOD).quit()
    assert judged(walked, "esa:5").outcome is Outcome.DELIVERED_VERIFIED


def test_a_shared_address_counts_for_the_route_that_comes_to_it_first() -> None:
    walked = routed(
        Route(destination="relay1.example.net"), Route(destination="relay2.example.net", priority=5)
    )
    walked.addresses("relay1.example.net", "192.0.2.1", "192.0.2.2")
    walked.addresses("relay2.example.net", "192.0.2.2")
    walked.at("relay1.example.net", "192.0.2.1").secured(WRONG).quit()
    # The walk examines all addresses; the ESA uses relay1's first, then goes on to relay2.
    walked.at("relay1.example.net", "192.0.2.2").secured(GOOD).quit()
    five = judged(walked, "esa:5")
    assert five.outcome is Outcome.DELIVERED_VERIFIED
    assert [one.address for one in five.attempts] == ["192.0.2.1", "192.0.2.2"]


def test_a_skipped_route_leaves_a_shared_address_to_the_next_route() -> None:
    walked = routed(
        Route(destination="relay1.example.net"), Route(destination="relay2.example.net")
    )
    walked.addresses("relay1.example.net", "192.0.2.1")
    walked.addresses("relay2.example.net", "192.0.2.1")
    walked.decide(DecisionKind.SKIP_HOST, "relay1.example.net")
    assert walked.delivery.hosts[1].merged == ()
    walked.at("relay2.example.net", "192.0.2.1").secured(GOOD).quit()
    assert judged(walked, "esa:5").host == "relay2.example.net"


def test_a_route_given_twice_is_one_route() -> None:
    route = Route(destination="relay.example.net")
    walked = routed(route, Route(destination="relay.example.net", port=25, priority=7))
    assert [host.planned.preference for host in walked.delivery.hosts] == [0]


# --- the route itself


@pytest.mark.parametrize(
    ("walked", "outcome", "code", "reason"),
    [
        (Walked().resolver(), "unknown", "", "not decided yet: next is the MX look-up"),
        (Walked().resolver().mx("0 .", "5 ."), "deferred", "4.4.4", "no usable delivery host"),
        (Walked().resolver().mx("0 ."), "bounced", "5.1.10", "null MX"),
        (Walked().resolver().mx(status=DnsStatus.NXDOMAIN), "bounced", "5.1.2", "does not exist"),
        (Walked().resolver().mx(status=DnsStatus.SERVFAIL), "deferred", "4.4.3", "SERVFAIL"),
        (
            Walked().resolver().mx(status=DnsStatus.TIMEOUT, error="no answer within 5 s"),
            "unknown",
            "",
            "our resolver gave no MX answer",
        ),
        (Walked().resolver().mx(status=DnsStatus.UNREACHABLE), "unknown", "", "our resolver"),
        (Walked().resolver().mx(status=DnsStatus.REFUSED), "unknown", "", "our resolver"),
        (Walked().resolver().mx(status=DnsStatus.LOOP), "deferred", "4.4.3", "MX look-up"),
        (
            Walked().resolver().mx().addresses("example.com"),
            "bounced",
            "5.1.2",
            "neither an MX record nor an address",
        ),
        (
            Walked().resolver().mx("10 mx.example.net."),
            "unknown",
            "",
            "not decided yet: next is the address look-up for mx.example.net",
        ),
        (
            Walked().resolver().mx("10 mx.example.net.").addresses("mx.example.net"),
            "deferred",
            "",
            "the host mx.example.net has no address",
        ),
        (
            Walked()
            .resolver()
            .mx("10 mx.example.net.")
            .addresses("mx.example.net", status=DnsStatus.SERVFAIL),
            "deferred",
            "4.4.3",
            "the address look-up for mx.example.net failed",
        ),
        (
            Walked()
            .resolver()
            .mx("10 mx.example.net.")
            .addresses("mx.example.net", status=DnsStatus.TIMEOUT),
            "unknown",
            "",
            "our resolver gave no address",
        ),
        (
            Walked().resolver().mx("10 mx.example.net.").decide(DecisionKind.STOP),
            "unknown",
            "",
            "the walk was ended before",
        ),
    ],
)
def test_what_the_route_itself_decides(
    walked: Walked, outcome: str, code: str, reason: str
) -> None:
    for sender in PROFILES:
        verdict = sender.judge(walked.delivery)
        assert verdict.outcome.value == outcome
        assert verdict.code == code
        assert reason in verdict.reason
        if outcome != "unknown":
            assert verdict.step in {walked.seq(StepKind.MX), walked.steps[-1].seq}
            assert verdict.log.startswith("Info: ")


def test_no_domain_is_logged_as_the_esa_does() -> None:
    verdict = judged(Walked().resolver().mx(status=DnsStatus.NXDOMAIN))
    assert verdict.log == (
        "Info: Bounced: DCID 0 MID <n> to RID 0 - 5.1.2 - Bad destination host"
        " ('000', ['DNS Hard Error looking up example.com (MX): NXDomain'])"
    )


@pytest.mark.parametrize("status", [DnsStatus.NXDOMAIN, DnsStatus.NODATA])
def test_a_resolver_that_denies_the_root_says_nothing_of_the_domain(status) -> None:
    verdict = judged(Walked().resolver(status).mx(status=DnsStatus.NXDOMAIN))
    assert verdict.outcome.value == "unknown"
    assert "denies the DNS root" in verdict.reason


def test_implicit_mx_counts_the_domain_itself() -> None:
    walked = Walked().resolver().mx().addresses("example.com", "192.0.2.1")
    walked.at("example.com", "192.0.2.1").secured(certificate("example.com")).quit()
    assert outcomes(walked)[3:] == ("delivered-verified",) * 3


def test_an_address_target_has_no_recipient_domain_and_is_judged_all_the_same() -> None:
    walked = Walked(target=address_target()).resolver()
    connection = walked.at("192.0.2.1", "192.0.2.1").ptr("mx.example.net")
    connection.secured(certificate(cn="mx.example.net")).quit()
    assert outcomes(walked) == (
        "delivered-clear",
        "delivered-encrypted",
        "delivered-encrypted",
        "delivered-verified",
        "delivered-verified",
        "deferred",
    )


def test_an_open_host_behind_an_inconclusive_one_is_named_as_next() -> None:
    walked = two_hosts()
    walked.at("mx1.example.net", "192.0.2.1").connect().greeting(b"421 too many\r\n")
    verdict = judged(walked)
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.reason == (
        "not decided yet: next is the connection to mx2.example.net [192.0.2.2]"
    )


def test_a_step_left_out_by_the_administrator_leaves_the_verdict_open() -> None:
    walked = one_host("mx1.example.net")
    connection = walked.at("mx1.example.net", "192.0.2.1").greeted()
    connection.add(
        StepKind.DECISION,
        Decided(decision=DecisionKind.SKIP_STEP, step_kind=StepKind.STARTTLS),
    )
    verdict = judged(walked, "esa:2")
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.reason == ("STARTTLS at mx1.example.net [192.0.2.1] was left out by decision")
    assert judged(walked, "esa:1").outcome is Outcome.DELIVERED_CLEAR


REPLY = st.one_of(
    st.binary(max_size=80),
    st.sampled_from([b"220 x\r\n", b"250 x\r\n", b"250-x\r\n250 STARTTLS\r\n", b"421 x\r\n"]),
    st.integers(0, 999).map(lambda code: b"%03d \x1b[31m\xe2\x80\xae\r\n" % code),
)
KINDS = (
    StepKind.GREETING,
    StepKind.EHLO,
    StepKind.HELO,
    StepKind.STARTTLS,
    StepKind.EHLO_TLS,
    StepKind.MAIL,
    StepKind.RCPT,
    StepKind.QUIT,
)


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), REPLY, st.none() | st.sampled_from(EndingKind))),
    st.booleans(),
)
def test_any_replies_give_a_printable_verdict(
    exchanges: list[tuple[StepKind, bytes, EndingKind | None]], tls: bool
) -> None:
    walked = one_host("mx1.example.net", Options(mail_from="a@example.org"))
    connection = walked.at("mx1.example.net", "192.0.2.1").connect()
    for kind, reply, end in exchanges:
        connection.say(kind, reply, ending(end, "\x1b]0;x\x07") if end else None)
    if tls:
        connection.handshake(b"not a certificate").chain().identity()
    for sender in profiles():
        verdict = sender.judge(walked.delivery)
        assert verdict.reason.isprintable()
        assert verdict.log.isprintable()


def test_an_envelope_that_can_no_longer_be_sent_decides_nothing() -> None:
    """TLS broke on the walk's connection; a sender that never uses TLS would have gone on in clear."""
    walked = one_host("mx1.example.net", Options(rcpt_to="user@example.com"))
    broken = walked.at("mx1.example.net", "192.0.2.1").greeted().starttls()
    broken.handshake(end=ending(EndingKind.TLS_ERROR))
    assert judged(walked, "esa:1").outcome is Outcome.DELIVERED_CLEAR
    assert judged(walked, "esa:2").outcome is Outcome.DEFERRED


def test_a_skipped_host_whose_address_was_never_looked_up_is_unknown() -> None:
    walked = Walked().resolver().mx("10 mx1.example.net.")
    walked.decide(DecisionKind.SKIP_HOST, "mx1.example.net")
    verdict = judged(walked)
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.reason == (
        "mx1.example.net was skipped by decision, before its address was looked up"
    )


def test_a_chain_with_several_errors_names_the_first_and_counts_the_rest() -> None:
    walked = one_host("mx1.example.net")
    walked.at("mx1.example.net", "192.0.2.1").secured(GOOD, EXPIRED, EXPIRED, EXPIRED).quit()
    assert judged(walked).reason == (
        "the chain of mx1.example.net [192.0.2.1] is not trusted: certificate has expired"
        " (depth 0, and 2 more errors)"
    )
