"""Postfix's levels: policy, degradations, match strategies, log words, session limit."""

import hashlib
from dataclasses import replace

import pytest

from mxwalk.dane.tlsa import make_record
from mxwalk.dnssec.model import Status
from mxwalk.dnssec.reasons import Culprit
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.target import Options, Route
from mxwalk.evidence.wire import EndingKind
from mxwalk.senders import exim
from mxwalk.senders.model import Outcome
from mxwalk.senders.postfix import PROFILES, PostfixProfile
from mxwalk.senders.postfix_level import Level
from tests.dane.world import leaf, looked, record, validation
from tests.senders.dane_walks import CHAIN, Domain, Host
from tests.senders.walks import EHLO_1869, NO_STARTTLS, Walked, ending

BY = {profile.level: profile for profile in PROFILES}
GOOD = record("3 1 1", leaf())
WRONG = make_record(3, 1, 1, b"x" * 32)
PKIX = make_record(1, 1, 1, b"x" * 32)
V, E, C, D, B = (
    Outcome.DELIVERED_VERIFIED,
    Outcome.DELIVERED_ENCRYPTED,
    Outcome.DELIVERED_CLEAR,
    Outcome.DEFERRED,
    Outcome.BOUNCED,
)
LEVELS = (
    Level.NONE, Level.MAY, Level.ENCRYPT, Level.DANE, Level.DANE_ONLY, Level.VERIFY, Level.SECURE,
)  # fmt: skip


def no_starttls(domain: Domain) -> Domain:
    domain.connect().greeted(NO_STARTTLS).quit()
    return domain


def refused(domain: Domain) -> Domain:
    domain.connect().greeted().starttls(b"454 4.7.0 TLS not available\r\n").quit()
    return domain


def failed(domain: Domain) -> Domain:
    domain.connect().greeted().starttls().handshake(end=ending(EndingKind.TLS_ALERT))
    return domain


def lookup_fails() -> Host:
    name = "_25._tcp.mx.example.net"
    return Host(answer=looked(name, "TLSA", status=DnsStatus.SERVFAIL, secure=Status.INDETERMINATE))


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        # none, may, encrypt, dane, dane-only, verify, secure; the leaf names mx.example.net
        (Domain(Host(tlsa=(GOOD,))).good(), (C, E, E, V, V, V, D)),
        (Domain(Host(tlsa=(GOOD,)), trusted=False).good(), (C, E, E, V, V, D, D)),
        (Domain(Host(tlsa=(WRONG,))).good(), (C, E, E, D, D, V, D)),
        (Domain(Host(tlsa=(PKIX,))).good(), (C, E, E, E, D, V, D)),
        (Domain(Host()).good(), (C, E, E, E, D, V, D)),
        (Domain(lookup_fails()).good(), (C, E, E, D, D, V, D)),
        # an insecure MX answer: dane uses the records all the same, dane-only gives up
        (Domain(Host(tlsa=(GOOD,)), mx=Status.INSECURE).good(), (C, E, E, E, D, V, D)),
        (Domain(Host(tlsa=(WRONG,)), mx=Status.INSECURE).good(), (C, E, E, D, D, V, D)),
        (Domain(Host(tlsa=(GOOD,), address_status=Status.INSECURE)).good(), (C, E, E, E, D, V, D)),
        (no_starttls(Domain(Host(tlsa=(GOOD,)))), (C, C, D, D, D, D, D)),
        (no_starttls(Domain(Host())), (C, C, D, C, D, D, D)),
        (refused(Domain(Host())), (C, C, D, C, D, D, D)),
        (failed(Domain(Host())), (C, C, D, C, D, D, D)),
        (failed(Domain(Host(tlsa=(GOOD,)))), (C, C, D, D, D, D, D)),
        (Domain(Host(tlsa=(GOOD,)), mx=Status.BOGUS).good(), (D,) * 7),
        (Domain(Host(address_status=Status.BOGUS)).good(), (D,) * 7),
    ],
)
def test_every_level_does_what_postfix_does(domain: Domain, expected) -> None:
    delivery = domain.delivery
    assert tuple(BY[level].judge(delivery).outcome for level in LEVELS) == expected


def test_starttls_in_the_greetings_place_is_not_seen() -> None:
    domain = Domain(Host())
    domain.connect().greeted(EHLO_1869).starttls().handshake(*CHAIN).chain().identity().ehlo_tls()
    assert BY[Level.MAY].judge(domain.delivery).outcome is C
    assert BY[Level.ENCRYPT].judge(domain.delivery).code == "4.7.4"


@pytest.mark.parametrize(
    ("level", "domain", "words", "code"),
    [
        (Level.DANE, Domain(Host(tlsa=(GOOD,))).good(), "Verified TLS connection established", ""),
        (Level.VERIFY, Domain(Host()).good(), "Verified TLS connection established", ""),
        (Level.ENCRYPT, Domain(Host()).good(), "Trusted TLS connection established", ""),
        (Level.MAY, Domain(Host(), trusted=False).good(), "Untrusted TLS connection", ""),
        (
            Level.DANE,
            Domain(Host(tlsa=(GOOD,)), mx=Status.INSECURE).good(),
            "Trusted TLS connection established to mx.example.net[192.0.2.1]:25",
            "",
        ),
        (
            Level.DANE,
            Domain(Host(tlsa=(WRONG,))).good(),
            "Server certificate not verified",
            "4.7.5",
        ),
        (Level.DANE, Domain(lookup_fails()), "TLSA lookup error for mx.example.net:25", "4.7.5"),
        (Level.DANE_ONLY, Domain(Host()), "no TLSA records found", "4.7.5"),
        (Level.DANE_ONLY, Domain(Host(tlsa=(PKIX,))), "TLSA records unusable", "4.7.5"),
        (
            # a wrong length is seen by OpenSSL only, in the handshake
            Level.DANE_ONLY,
            Domain(Host(tlsa=(make_record(3, 1, 1, b"x" * 31),))).good(),
            "Server certificate not verified",
            "4.7.5",
        ),
        (Level.DANE_ONLY, Domain(Host(), mx=Status.INSECURE), "non DNSSEC destination", "4.7.5"),
        (
            Level.ENCRYPT,
            no_starttls(Domain(Host())),
            "TLS is required, but was not offered by host mx.example.net[192.0.2.1]",
            "4.7.4",
        ),
        (Level.ENCRYPT, refused(Domain(Host())), "refused to start TLS: 454", "4.7.0"),
        (Level.ENCRYPT, failed(Domain(Host())), "Cannot start TLS: handshake failure", "4.7.5"),
    ],
)
def test_the_log_words_and_codes_are_postfixs(level, domain, words, code) -> None:
    verdict = BY[level].judge(domain.delivery)
    assert words in verdict.log
    assert verdict.code == code


def test_degradation_of_dane_is_said() -> None:
    assert "degrades to may" in BY[Level.DANE].judge(Domain(Host()).good().delivery).reason
    verdict = BY[Level.DANE].judge(Domain(Host(tlsa=(PKIX,))).good().delivery)
    assert "degrades to encrypt" in verdict.reason


def test_a_failed_handshake_at_may_goes_in_clear_only_at_the_next_try() -> None:
    verdict = BY[Level.MAY].judge(failed(Domain(Host())).delivery)
    assert verdict.outcome is C
    assert "first defers (4.7.5)" in verdict.next_action
    assert verdict.reason.startswith(
        "Postfix first defers (4.7.5), and sends at the next try, 300 s"
    )


def test_a_failed_handshake_at_may_is_passed_over_for_a_good_host() -> None:
    domain = Domain(Host(), Host("mx2.example.net", "192.0.2.2"))
    failed(domain)
    verdict = BY[Level.MAY].judge(domain.good(1).delivery)
    assert (verdict.outcome, verdict.host) == (E, "mx2.example.net")


def test_hosts_that_fail_authentication_are_passed_over_up_to_five_addresses() -> None:
    # smtp_mx_address_limit = 5; sessions that fail before MAIL are no smtp_mx_session_limit matter
    hosts = [Host(f"mx{n}.example.net", f"192.0.2.{n}", tlsa=(WRONG,)) for n in range(1, 6)]
    early = Domain(*hosts[:2], Host("mx9.example.net", "192.0.2.9"))
    assert BY[Level.DANE].judge(early.good(0).good(1).good(2).delivery).outcome is E
    late = Domain(*hosts, Host("mx9.example.net", "192.0.2.9"))
    for number in range(6):
        late.good(number)
    verdict = BY[Level.DANE].judge(late.delivery)
    assert verdict.outcome is D
    assert len(verdict.attempts) == 5


def test_a_host_left_out_by_policy_is_no_session() -> None:
    one = Host("mx1.example.net", "192.0.2.1", tlsa=(GOOD,), tlsa_status=Status.BOGUS)
    two = Host("mx2.example.net", "192.0.2.2", tlsa=(GOOD,), tlsa_status=Status.BOGUS)
    domain = Domain(one, two, Host("mx3.example.net", "192.0.2.3")).good(2)
    assert BY[Level.DANE].judge(domain.delivery).outcome is E


@pytest.mark.parametrize(
    ("names", "verify", "secure"),
    [
        (("mx.example.net",), V, D),
        (("example.com",), D, V),
        (("mail.example.com",), D, V),  # dot-nexthop: any name below the domain
        (("*.example.com",), D, V),
        (("a.b.example.com",), D, V),
        (("notexample.com",), D, D),
        (("*.example.net",), V, D),
    ],
)
def test_verify_matches_the_host_and_secure_the_next_hop(names, verify, secure) -> None:
    chain = (leaf(*names).der, CHAIN[1])
    delivery = Domain(Host()).good(chain=chain).delivery
    assert BY[Level.VERIFY].judge(delivery).outcome is verify
    assert BY[Level.SECURE].judge(delivery).outcome is secure


def test_the_next_hop_of_a_route_is_its_destination_not_the_recipient_domain() -> None:
    route = Route(destination="relay.partner.test")
    walked = Walked(options=Options(routes=(route,))).resolver().mx("10 mx.example.net.")
    walked.addresses("relay.partner.test", "192.0.2.9")
    names = ("relay.partner.test",)
    at = walked.at("relay.partner.test", "192.0.2.9").greeted().starttls()
    at.handshake(leaf(*names).der, CHAIN[1]).chain().identity().ehlo_tls()
    matrix = BY[Level.SECURE].identity(walked.delivery.attempts[0])
    assert [one.text for one in matrix.references] == ["relay.partner.test", ".relay.partner.test"]
    assert BY[Level.SECURE].judge(walked.delivery).outcome is V
    assert BY[Level.VERIFY].judge(walked.delivery).outcome is V


def test_an_answer_our_resolver_keeps_from_being_validated_stops_only_dane() -> None:
    stripped = validation(Status.INDETERMINATE, "example.com", "MX", culprit=Culprit.RESOLVER)
    delivery = replace(Domain(Host()).good().delivery, mx_validation=stripped)
    outcomes = tuple(BY[level].judge(delivery).outcome for level in LEVELS)
    assert outcomes == (C, E, E, Outcome.UNKNOWN, Outcome.UNKNOWN, V, D)


def test_match_strategies_can_be_configured() -> None:
    delivery = Domain(Host()).good().delivery
    assert PostfixProfile(Level.SECURE, match=("hostname",)).judge(delivery).outcome is V
    assert PostfixProfile(Level.SECURE, match=("mx.example.net",)).judge(delivery).outcome is V
    assert PostfixProfile(Level.VERIFY, match=(".example.net",)).judge(delivery).outcome is V
    matrix = BY[Level.SECURE].identity(delivery.attempts[0])
    assert [one.text for one in matrix.references] == ["example.com", ".example.com"]
    assert not matrix.verified
    assert BY[Level.MAY].identity(delivery.attempts[0]) is None


def test_fingerprints_match_certificate_or_key() -> None:
    delivery = Domain(Host(), trusted=False).good().delivery
    digest = hashlib.sha256(leaf().der).hexdigest()
    colons = ":".join(digest[n : n + 2] for n in range(0, 64, 2)).upper()
    for wanted in (digest, colons, GOOD.data.hex()):
        profile = PostfixProfile(Level.FINGERPRINT, fingerprints=(wanted,))
        assert profile.judge(delivery).outcome is V
    wrong = PostfixProfile(Level.FINGERPRINT, fingerprints=("00" * 32,)).judge(delivery)
    assert (wrong.outcome, wrong.code) == (D, "4.7.5")
    none = BY[Level.FINGERPRINT].judge(delivery)
    assert (none.outcome, none.code) == (D, "4.7.5")
    assert "client TLS configuration problem" in none.log


def test_a_refusing_greeting_only_defers() -> None:
    # smtp_skip_5xx_greeting
    domain = Domain(Host())
    domain.connect().connect().greeting(b"554 no\r\n").quit()
    verdict = BY[Level.MAY].judge(domain.delivery)
    assert verdict.outcome is D
    assert "refused to talk to me" in verdict.log


def test_hosts_without_address_bounce_unless_another_host_has_one() -> None:
    walked = Walked().resolver().mx("10 gone.example.net.", "20 gone2.example.net.")
    walked.addresses("gone.example.net").addresses("gone2.example.net")
    for one in (BY[Level.MAY], BY[Level.DANE_ONLY], exim.PROFILES[0], exim.PROFILES[1]):
        assert one.judge(walked.delivery).outcome is B
    verdict = BY[Level.MAY].judge(walked.delivery)
    assert verdict.code == "5.4.4"
    assert "name=gone2.example.net type=A: Host not found)" in verdict.log
    walked = Walked().resolver().mx("10 gone.example.net.", "20 mx.example.net.")
    walked.addresses("gone.example.net").addresses("mx.example.net", "192.0.2.1")
    walked.at("mx.example.net", "192.0.2.1").connect(ending(EndingKind.REFUSED))
    assert BY[Level.MAY].judge(walked.delivery).outcome is D


def test_a_refused_recipient_bounces() -> None:
    from mxwalk.evidence.target import Options

    options = Options(mail_from="a@example.net", rcpt_to="b@example.com")
    domain = Domain(Host(), options=options)
    domain.good()
    domain.connect().envelope(rcpt=b"550 5.1.1 unknown\r\n")
    verdict = BY[Level.MAY].judge(domain.delivery)
    assert (verdict.outcome, verdict.code) == (B, "5.1.1")
