"""What is told of which evidence, and what is not."""

from __future__ import annotations

import msgspec
import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.tls import VerifyError
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import explained
from mxwalk.findings.registry import check
from mxwalk.findings.rules.addresses import special_use
from mxwalk.smtp.replies import parse_reply
from mxwalk.tls.verify_errors import verify_error_name
from tests.findings.builders import (
    Trail,
    answer,
    at_door,
    clean,
    ending,
    in_tls,
    inside,
    verify_error,
    with_certificate,
)
from tests.findings.cases import CASES
from tests.findings.certificates import GOOD_CHAIN, leaf


def codes(delivery: Delivery, *, but: tuple[Severity, ...] = ()) -> set[str]:
    return {finding.code for finding in check(delivery) if finding.level not in but}


def only(delivery: Delivery, code: str) -> Finding:
    (finding,) = [finding for finding in check(delivery) if finding.code == code]
    return finding


# EHLO


def test_starttls_in_the_greeting_line_is_told_in_the_words_of_the_specification() -> None:
    reply = b"250-STARTTLS\r\n250-mail.domain1.com\r\n250-8BITMIME\r\n250 SIZE 30000000\r\n"
    delivery = inside().ehlo(reply).delivery()
    finding = only(delivery, "EHLO003")
    assert (
        finding.sentence
        == "STARTTLS (a keyword) stands in the greeting line: strict senders do not see it"
    )
    assert finding.level is Severity.ERROR
    assert finding.entry.owner is Owner.RECEIVER
    assert (finding.line, finding.host, finding.address) == (1, "mx01.example.com", "192.0.2.1")
    assert delivery.trace.steps[(finding.step or 0) - 1].kind.value == "ehlo"
    assert "250-mx01.example.com / 250 STARTTLS" in finding.fix
    assert "STLS001" not in codes(delivery)
    assert "EHLO002" not in codes(delivery)
    assert only(delivery, "EHLO004").line == 2


def test_starttls_in_the_greeting_line_and_again_below_is_a_warning() -> None:
    delivery = inside().ehlo(b"250-STARTTLS\r\n250 STARTTLS\r\n").delivery()
    assert only(delivery, "EHLO003").level is Severity.WARNING


def test_another_keyword_in_the_greeting_line_is_a_warning() -> None:
    delivery = inside().ehlo(b"250-PIPELINING\r\n250 STARTTLS\r\n").delivery()
    assert only(delivery, "EHLO003").level is Severity.WARNING


def test_what_was_wrong_before_tls_is_not_told_again_inside() -> None:
    before = b"250-mx01.example.com\r\n250-FROB\r\n250 STARTTLS\r\n"
    after = b"250-mx01.example.com\r\n250 FROB\r\n"
    delivery = in_tls().handshake().ehlo_tls(after).delivery()
    assert "EHLO011" in codes(delivery)
    delivery = inside().ehlo(before).starttls().handshake().ehlo_tls(after).delivery()
    assert only(delivery, "EHLO011").step == delivery.attempts[0].steps[2].seq


def test_auth_that_appears_only_inside_tls_is_nothing_to_tell() -> None:
    reply = b"250-mx01.example.com\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250 SIZE 33554432\r\n"
    assert "EHLO024" not in codes(in_tls().handshake().ehlo_tls(reply).delivery())


@pytest.mark.parametrize("name", [b"probe.example.net", b"[192.0.2.9]", b"[IPv6:2001:db8::9]"])
def test_a_full_name_or_a_literal_of_ours_is_nothing_to_tell(name: bytes) -> None:
    delivery = inside().ehlo(command=b"EHLO " + name + b"\r\n").delivery()
    assert "EHLO025" not in codes(delivery)


@pytest.mark.parametrize("name", [b"localhost", b"192.0.2.9", b"a_b.example.net", b"\xff"])
def test_any_other_name_of_ours_is_told_to_us(name: bytes) -> None:
    delivery = inside().ehlo(command=b"EHLO " + name + b"\r\n").delivery()
    assert "EHLO025" in codes(delivery)


# STARTTLS: a throttled or unanswered session is inconclusive


@pytest.mark.parametrize(
    "delivery",
    [
        at_door().connect("192.0.2.1").greet(b"421 4.7.0 too many connections\r\n").delivery(),
        at_door().connect("192.0.2.1").greet(b"", ending(EndingKind.TIMEOUT)).delivery(),
        at_door().connect("192.0.2.1", ending(EndingKind.TIMEOUT)).delivery(),
        inside().ehlo(b"421 4.3.2 shutting down\r\n").delivery(),
        inside().ehlo(b"", ending(EndingKind.TIMEOUT)).delivery(),
        inside().ehlo(b"250-mx01.example.com\r\n", ending(EndingKind.TIMEOUT)).delivery(),
        inside().ehlo().starttls(b"421 4.3.2 shutting down\r\n").delivery(),
        in_tls().handshake((), ending=ending(EndingKind.CANCELLED)).delivery(),
    ],
    ids=range(8),
)
def test_throttling_and_silence_are_never_told_as_missing_starttls(delivery: Delivery) -> None:
    assert not [code for code in codes(delivery) if code.startswith("STLS")]


def test_helo_alone_is_told_as_such_and_not_as_missing_starttls() -> None:
    delivery = inside().ehlo(b"502 no\r\n").helo(b"250 mx01.example.com\r\n").delivery()
    assert codes(delivery) >= {"EHLO020"}
    assert "STLS001" not in codes(delivery)


def test_the_alert_is_named_with_who_sent_it_and_the_lost_fallback() -> None:
    from tests.findings.builders import alert

    failed = in_tls().handshake(
        (), ending=ending(EndingKind.TLS_ALERT), alerts=(alert(70, "protocol_version"),)
    )
    finding = only(failed.delivery(), "STLS007")
    assert "the server sends the alert protocol_version (70)" in finding.sentence
    assert "does not go back to clear text" in finding.sentence
    assert "TLSv1.2" in finding.fix


# connections


def test_one_silent_address_beside_a_good_one_is_the_receivers() -> None:
    trail = Trail().mx("10 mx01.example.com.").host("mx01.example.com", "192.0.2.1", "192.0.2.2")
    trail.connect("192.0.2.1", ending(EndingKind.TIMEOUT)).connect("192.0.2.2").greet()
    assert codes(trail.delivery()) & {"CONN002", "CONN003"} == {"CONN002"}


def test_only_silent_addresses_put_the_own_way_out_under_suspicion() -> None:
    trail = Trail().mx("10 mx01.example.com.").host("mx01.example.com", "192.0.2.1", "192.0.2.2")
    for address in ("192.0.2.1", "192.0.2.2"):
        trail.connect(address, ending(EndingKind.TIMEOUT))
    findings = [finding for finding in check(trail.delivery()) if finding.code == "CONN003"]
    assert [finding.address for finding in findings] == ["192.0.2.1", "192.0.2.2"]
    assert findings[0].entry.owner is Owner.YOU
    assert "port 25" in findings[0].sentence


def test_a_refusal_is_grave_only_without_another_way() -> None:
    alone = at_door().connect("192.0.2.1", ending(EndingKind.REFUSED)).delivery()
    assert only(alone, "CONN001").level is Severity.ERROR
    trail = Trail().mx("10 mx01.example.com.").host("mx01.example.com", "192.0.2.1", "192.0.2.2")
    trail.connect("192.0.2.1", ending(EndingKind.REFUSED)).connect("192.0.2.2").greet()
    assert only(trail.delivery(), "CONN001").level is Severity.WARNING


@pytest.mark.parametrize(
    ("seconds", "level"), [(4.9, None), (5.0, Severity.NOTICE), (31.0, Severity.WARNING)]
)
def test_a_slow_greeting_is_told_by_its_delay(seconds: float, level: Severity | None) -> None:
    delivery = at_door().connect("192.0.2.1").greet(first_byte_s=seconds).delivery()
    found = [finding.level for finding in check(delivery) if finding.code == "CONN008"]
    assert found == ([level] if level else [])


def test_the_same_fault_on_two_addresses_is_told_of_each() -> None:
    trail = Trail().mx("10 mx01.example.com.").host("mx01.example.com", "192.0.2.1", "192.0.2.2")
    for address in ("192.0.2.1", "192.0.2.2"):
        trail.connect(address).greet().ehlo(b"250 mx01.example.com\r\n")
    told = [finding for finding in check(trail.delivery()) if finding.code == "STLS001"]
    assert [finding.address for finding in told] == ["192.0.2.1", "192.0.2.2"]


def test_a_retry_replaces_what_the_first_attempt_showed() -> None:
    first = at_door().connect("192.0.2.1").greet(b"421 4.7.0 too many connections\r\n")
    assert "RPLY001" in codes(first.delivery())
    again = first.connect("192.0.2.1").greet().ehlo()
    assert "RPLY001" not in codes(again.delivery())
    assert "EHLO026" in codes(again.delivery())


# routing


@pytest.mark.parametrize(
    ("address", "special"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("172.31.255.1", True),
        ("169.254.1.1", True),
        ("100.64.0.1", True),
        ("::1", True),
        ("fe80::1", True),
        ("fd00::1", True),
        ("::ffff:192.0.2.1", True),
        ("192.0.2.1", False),
        ("203.0.113.9", False),
        ("172.32.0.1", False),
        ("2001:db8::1", False),
        ("not an address", False),
    ],
)
def test_special_purpose_addresses_without_the_documentation_ones(
    address: str, special: bool
) -> None:
    assert bool(special_use(address)) is special


def test_a_private_address_given_as_target_is_nothing_to_object_to() -> None:
    trail = Trail("[127.0.0.1]")
    trail.host("127.0.0.1").connect("127.0.0.1")
    assert "ROUTE024" not in codes(trail.delivery())


def test_a_host_without_address_is_grave_only_when_it_is_the_only_one() -> None:
    gone = answer("mx01.example.com", "A", status=DnsStatus.NXDOMAIN)
    alone = Trail().mx("10 mx01.example.com.").host("mx01.example.com", replies=(gone,))
    assert only(alone.delivery(), "ROUTE021").level is Severity.ERROR
    both = Trail().mx("10 mx01.example.com.", "20 mx02.example.com.")
    both.host("mx01.example.com", replies=(gone,)).host("mx02.example.com", "192.0.2.2")
    assert only(both.delivery(), "ROUTE021").level is Severity.WARNING


def test_the_reason_of_a_failed_mx_lookup_holds_the_extended_error() -> None:
    reply = answer("example.com", "MX", status=DnsStatus.SERVFAIL, ede=((7, "signature expired"),))
    finding = only(Trail().mx(reply=reply).delivery(), "ROUTE004")
    assert "EDE 7 signature expired" in finding.sentence


# certificates


@pytest.mark.parametrize("code", range(1, 110))
@pytest.mark.parametrize("depth", [0, 1])
def test_every_objection_of_openssl_is_told_exactly_once(code: int, depth: int) -> None:
    error = verify_error(verify_error_name(code), code, depth)
    trail = in_tls().handshake().chain(error)
    told = {c for c in codes(trail.delivery(), but=(Severity.OK,)) if c.startswith("CERT")}
    assert len(told) == 1


def test_two_objections_to_a_missing_issuer_are_one_finding() -> None:
    errors = [verify_error(verify_error_name(code), code) for code in (20, 27, 21)]
    trail = in_tls().handshake(GOOD_CHAIN[:1]).chain(*errors, path=GOOD_CHAIN[:1])
    finding = only(trail.delivery(), "CERT006")
    for code in (20, 27, 21):
        assert verify_error_name(code) in finding.sentence


def test_an_expired_certificate_is_told_with_date_and_days() -> None:
    chain = (leaf("mx01.example.com", days=(-90, -3)), GOOD_CHAIN[1])
    error = VerifyError(depth=0, code=10, name="X509_V_ERR_CERT_HAS_EXPIRED", text="expired")
    finding = only(in_tls().handshake(chain).chain(error, path=chain).delivery(), "CERT002")
    assert "expired on 2026-05-29, 3 days before 2026-06-01" in finding.sentence


def test_the_trusted_chain_is_told_with_store_and_number_of_roots() -> None:
    finding = only(in_tls().handshake().chain().delivery(), "CERT001")
    assert "file store /etc/roots.pem (142 roots)" in finding.sentence


def test_an_evaluation_at_an_unreadable_time_raises_nothing() -> None:
    delivery = in_tls().handshake().chain(at="the day after").delivery()
    assert "CERT004" not in codes(delivery)


# identity


def test_a_failed_identity_is_told_with_the_names_to_put_in() -> None:
    delivery = with_certificate(leaf("", ("other.example.net",))).delivery()
    for code in ("IDENT001", "IDENT002"):
        assert only(delivery, code).fix.endswith(
            " subjectAltName = DNS:example.com, DNS:mx01.example.com"
        )


def test_a_failed_flow_is_no_error_where_the_other_verifies() -> None:
    both = with_certificate(leaf("", ("other.example.net",))).delivery()
    assert only(both, "IDENT001").level is Severity.ERROR
    assert only(both, "IDENT002").level is Severity.ERROR
    six = with_certificate(leaf("", ("mx01.example.com",))).delivery()
    assert only(six, "IDENT001").level is Severity.WARNING


def test_a_wildcard_beside_a_name_that_matches_needs_no_remark() -> None:
    names = ("*.example.com", "example.com")
    assert "IDENT005" not in codes(with_certificate(leaf("", names)).delivery())


def test_an_address_as_target_has_no_name_to_look_for() -> None:
    trail = Trail("[192.0.2.1]").host("192.0.2.1").connect("192.0.2.1").greet().ehlo().starttls()
    delivery = trail.handshake().chain().identity().delivery()
    assert not codes(delivery) & {"IDENT001", "IDENT002", "IDENT010", "IDENT011"}


def test_a_thousand_odd_names_are_told_a_handful_of_times() -> None:
    names = tuple(f"a{number}*.example.com" for number in range(1_000))
    told = [f for f in check(with_certificate(leaf("", names)).delivery()) if f.code == "IDENT006"]
    assert len(told) == 5


# the envelope


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("5.1.1", "mailbox does not exist"),
        ("4.2.99", "not registered; about the mailbox"),
        ("5.99.1", "not registered"),
        ("", ""),
    ],
)
def test_enhanced_codes_are_put_into_words(code: str, words: str) -> None:
    said = explained(parse_reply(f"550 {code} no\r\n".encode()))
    assert words in said
    assert bool(said) is bool(words)


# inconclusive evidence


def test_a_reply_that_the_administrator_cancelled_is_not_told_as_incomplete() -> None:
    part = b"250-mx01.example.com\r\n"
    cancelled = inside().ehlo(part, ending(EndingKind.CANCELLED), cancelled=True).delivery()
    assert codes(cancelled, but=(Severity.OK,)) == {"ENV006"}


@pytest.mark.parametrize(
    ("kind", "level"),
    [(EndingKind.TIMEOUT, Severity.WARNING), (EndingKind.CLOSED, Severity.ERROR)],
)
def test_an_incomplete_reply_is_graver_when_the_server_ended_it(
    kind: EndingKind, level: Severity
) -> None:
    delivery = inside().ehlo(b"250-mx01.example.com\r\n", ending(kind)).delivery()
    assert only(delivery, "RPLY022").level is level


@pytest.mark.parametrize(
    ("kind", "told"),
    [(EndingKind.UNREACHABLE, "CONN004"), (EndingKind.REFUSED, "ROUTE027")],
)
def test_ipv6_without_a_route_is_not_laid_at_the_receivers_door(
    kind: EndingKind, told: str
) -> None:
    trail = Trail().mx("10 mx01.example.com.").host("mx01.example.com", "2001:db8::1", "192.0.2.1")
    trail.connect("2001:db8::1", ending(kind)).connect("192.0.2.1").greet()
    assert {"CONN004", "ROUTE027"} & codes(trail.delivery()) == {told}


def test_a_private_keyword_is_nothing_to_tell() -> None:
    delivery = inside().ehlo(b"250-mx01.example.com\r\n250-XFROB 1\r\n250 STARTTLS\r\n").delivery()
    assert {"EHLO011", "EHLO026"} & codes(delivery) == {"EHLO026"}


def test_a_masked_starttls_is_not_mended_in_the_server() -> None:
    delivery = inside().ehlo(b"250-mx01.example.com\r\n250 XXXXXXXA\r\n").delivery()
    assert "EHLO009" in only(delivery, "STLS001").fix


def test_the_reply_to_a_command_is_shown_by_saying_the_same() -> None:
    delivery = inside().ehlo(b"250-mx01.example.com\n250 STARTTLS\r\n").delivery()
    command = only(delivery, "RPLY010").command
    assert "EHLO" in command
    assert "QUIT" in command
    assert "| nc -v" in command


# a walk that is still growing


def test_a_clean_walk_raises_nothing_worse_than_a_notice_at_any_moment() -> None:
    trace = clean().trace
    for length in range(len(trace.steps) + 1):
        so_far = msgspec.structs.replace(trace, steps=trace.steps[:length])
        told = codes(build_delivery(so_far), but=(Severity.OK, Severity.NOTICE))
        assert not told, length


@pytest.mark.parametrize("case", range(len(CASES)))
def test_every_case_can_be_judged_at_any_moment(case: int) -> None:
    trace = CASES[case][1]().trace
    for length in range(len(trace.steps)):
        check(build_delivery(msgspec.structs.replace(trace, steps=trace.steps[:length])))


def test_a_refused_ehlo_waits_for_helo_before_both_count_as_refused() -> None:
    refused = inside().ehlo(b"502 no\r\n")
    assert "EHLO021" not in codes(refused.delivery())
    assert "EHLO021" in codes(refused.quit().delivery())
