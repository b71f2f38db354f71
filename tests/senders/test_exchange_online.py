"""Exchange Online: codes, blocking over all hosts, the difference to RFC 7672, the timeline."""

from dataclasses import replace

import pytest

from mxwalk.dane.tlsa import make_record
from mxwalk.dnssec.model import Status
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.wire import EndingKind
from mxwalk.senders.exchange_online import PROFILES
from mxwalk.senders.exchange_text import Code, deferral, report
from mxwalk.senders.model import Outcome
from mxwalk.senders.rfc7672 import PROFILES as RFC
from tests.dane.world import intermediate, leaf, looked, record
from tests.senders.dane_walks import CHAIN, Domain, Host
from tests.senders.walks import NO_STARTTLS, Walked, ending

EXO, RFC7672 = PROFILES[0], RFC[0]
GOOD = record("3 1 1", leaf())
WRONG = make_record(3, 1, 1, b"x" * 32)
HOST2 = "mx2.example.net"


def judged(domain: Domain):
    delivery = domain.delivery
    return EXO.judge(delivery), RFC7672.judge(delivery)


def test_a_matching_record_is_delivered_verified() -> None:
    mine, rfc = judged(Domain(Host(tlsa=(GOOD,))).good())
    assert mine.outcome is rfc.outcome is Outcome.DELIVERED_VERIFIED
    assert mine.code == ""


def test_a_mismatch_is_323_in_both_forms() -> None:
    mine, rfc = judged(Domain(Host(tlsa=(WRONG,))).good())
    assert mine.outcome is rfc.outcome is Outcome.DEFERRED
    assert mine.code == "4.7.323"
    assert mine.log == "450 4.7.323 tlsa-invalid: The domain failed DANE validation."
    assert '"550 5.7.323 tlsa-invalid: The domain failed DANE validation."' in mine.next_action
    assert "5.7.323" in mine.next_action
    assert rfc.code == "4.7.5"


@pytest.mark.parametrize(("begins", "ends", "code"), [(-60, -10, "4.7.322"), (10, 60, "4.7.323")])
def test_dates_stop_exchange_with_dane_ee_but_not_rfc_7672(begins, ends, code) -> None:
    dated = leaf(begins=begins, ends=ends)
    mine, rfc = judged(Domain(Host(tlsa=(record("3 1 1", dated),))).good(chain=(dated.der,)))
    assert (mine.outcome, mine.code) == (Outcome.DEFERRED, code)
    assert rfc.outcome is Outcome.DELIVERED_VERIFIED
    assert "RFC 7672 3.1.1 ignores" in mine.reason


def test_a_wrong_name_with_dane_ta_is_325() -> None:
    other = leaf("other.example.org")
    domain = Domain(Host(tlsa=(record("2 1 1", intermediate()),)))
    mine, rfc = judged(domain.good(chain=(other.der, intermediate().der)))
    assert mine.code == "4.7.325"
    assert mine.log.startswith("450 4.7.325 certificate-host-mismatch:")
    assert rfc.outcome is Outcome.DEFERRED


@pytest.mark.parametrize(
    "records",
    [
        (make_record(3, 1, 1, b"x" * 31),),
        (make_record(2, 0, 0, b"no certificate"),),
        (make_record(1, 1, 1, b"x" * 32), make_record(3, 1, 2, b"x" * 32)),
    ],
)
def test_a_malformed_record_is_323_where_rfc_7672_only_encrypts(records) -> None:
    mine, rfc = judged(Domain(Host(tlsa=records)).good())
    assert (mine.outcome, mine.code) == (Outcome.DEFERRED, "4.7.323")
    assert rfc.outcome is Outcome.DELIVERED_ENCRYPTED


def test_records_of_other_usages_and_a_malformed_one_beside_a_good_one_do_no_harm() -> None:
    pkix, cut = make_record(1, 1, 1, b"x" * 32), make_record(3, 1, 1, b"x" * 31)
    assert judged(Domain(Host(tlsa=(pkix,))).good())[0].outcome is Outcome.DELIVERED_ENCRYPTED
    assert judged(Domain(Host(tlsa=(cut, GOOD))).good())[0].outcome is Outcome.DELIVERED_VERIFIED


@pytest.mark.parametrize("records", [(GOOD,), (make_record(1, 1, 1, b"x" * 32),)])
def test_no_starttls_is_321_with_usable_and_with_unusable_records(records) -> None:
    domain = Domain(Host(tlsa=records))
    domain.connect().greeted(NO_STARTTLS).quit()
    mine, rfc = judged(domain)
    assert (mine.outcome, mine.code) == (Outcome.DEFERRED, "4.7.321")
    assert (rfc.outcome, rfc.code) == (Outcome.DEFERRED, "4.7.4")


def test_a_refused_starttls_and_a_failed_handshake_are_321() -> None:
    refused = Domain(Host(tlsa=(GOOD,)))
    refused.connect().greeted().starttls(b"454 4.7.0 no\r\n").quit()
    failed = Domain(Host(tlsa=(GOOD,)))
    failed.connect().greeted().starttls().handshake(end=ending(EndingKind.TLS_ALERT))
    for domain in (refused, failed):
        assert judged(domain)[0].code == "4.7.321"


def test_unusable_records_alone_enforce_tls_and_nothing_more() -> None:
    mine, rfc = judged(Domain(Host(tlsa=(make_record(1, 1, 1, b"x" * 32),))).good())
    assert mine.outcome is rfc.outcome is Outcome.DELIVERED_ENCRYPTED
    assert "TLS is enforced" in mine.reason


def test_a_host_without_records_delivers_although_the_other_fails() -> None:
    # blocked only when all MX hosts have TLSA and each fails
    domain = Domain(Host(tlsa=(WRONG,)), Host(HOST2, "192.0.2.2"))
    mine, rfc = judged(domain.good(0).good(1))
    assert mine.outcome is rfc.outcome is Outcome.DELIVERED_ENCRYPTED
    assert mine.host == HOST2


def test_all_hosts_failing_is_said() -> None:
    domain = Domain(Host(tlsa=(WRONG,)), Host(HOST2, "192.0.2.2", tlsa=(WRONG,)))
    mine, _ = judged(domain.good(0).good(1))
    assert mine.code == "4.7.323"
    assert "every MX host fails DANE" in mine.reason


def test_a_bogus_mx_answer_is_324_and_312_is_named_beside_it() -> None:
    mine, rfc = judged(Domain(Host(tlsa=(GOOD,)), mx=Status.BOGUS).good())
    assert (mine.outcome, mine.code) == (Outcome.DEFERRED, "4.7.324")
    assert "450 4.4.312 DNS query failed" in mine.reason
    assert rfc.outcome is Outcome.DEFERRED


def test_a_servfail_to_the_tlsa_question_is_324_and_no_connection_counts() -> None:
    fail = looked("_25._tcp.mx.example.net", "TLSA", status=DnsStatus.SERVFAIL,
                  secure=Status.INDETERMINATE)  # fmt: skip
    mine, rfc = judged(Domain(Host(answer=fail)).good())
    assert mine.log == (
        "450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records"
    )
    assert rfc.outcome is Outcome.DEFERRED
    assert "must not be used" in rfc.reason


def test_a_bogus_host_beside_a_good_one_is_passed_over() -> None:
    domain = Domain(Host(tlsa=(GOOD,), tlsa_status=Status.BOGUS), Host(HOST2, "192.0.2.2"))
    mine, rfc = judged(domain.good(1))
    assert mine.outcome is rfc.outcome is Outcome.DELIVERED_ENCRYPTED
    assert "passed over" in mine.reason


@pytest.mark.parametrize(
    "domain",
    [
        Domain(Host(tlsa=(WRONG,)), mx=Status.INSECURE),
        Domain(Host(tlsa=(WRONG,), address_status=Status.INSECURE)),
        Domain(Host(tlsa=(WRONG,), tlsa_status=Status.INSECURE)),
        Domain(Host()),
    ],
    ids=["mx", "address", "tlsa", "none"],
)
def test_without_authentic_records_tls_is_opportunistic(domain: Domain) -> None:
    for verdict in judged(domain.good()):
        assert verdict.outcome is Outcome.DELIVERED_ENCRYPTED


def test_a_walk_without_tlsa_look_up_decides_nothing() -> None:
    walked = Walked().resolver().mx("10 mx.example.net.").addresses("mx.example.net", "192.0.2.1")
    walked.at("mx.example.net", "192.0.2.1").secured(CHAIN[0])
    for profile in (EXO, RFC7672):
        plain = walked.delivery
        hosts = tuple(replace(host, dane=None) for host in plain.hosts)
        verdict = profile.judge(replace(plain, hosts=hosts))
        assert verdict.outcome is Outcome.UNKNOWN
        assert "TLSA" in verdict.reason


def test_a_failed_mx_look_up_is_312() -> None:
    walked = Walked().resolver().mx(status=DnsStatus.SERVFAIL)
    verdict = EXO.judge(walked.delivery)
    assert verdict.code == "4.4.312"
    assert verdict.log == "450 4.4.312 DNS query failed"


def test_every_code_has_both_forms() -> None:
    assert deferral(Code.EXPIRED) == (
        "450 4.7.322 certificate-expired: Destination mail server's certificate is expired."
    )
    assert {report(code)[:9] for code in Code} == {
        "550 5.7.3", "550 5.4.3", "550 5.4.8", "550 5.7.5",
    }  # fmt: skip


def test_the_timeline_is_15_and_30_minutes_then_hourly_to_24_hours() -> None:
    mine, _ = judged(Domain(Host(tlsa=(WRONG,))).good())
    assert mine.next_action.startswith(
        "retries from the DNS on after 15 minutes, after 30 minutes, then every hour; what is fixed"
        " within 24 hours saves the message"
    )
