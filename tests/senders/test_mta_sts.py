"""The MTA-STS sender and Exchange Online under a policy: RFC 8461 4 and 5, DANE before it."""

from dataclasses import replace

import pytest

from mxwalk.dane.model import Standing
from mxwalk.dane.tlsa import make_record
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.sts import DaneRole, StsFault, sts_check, sts_host
from mxwalk.dnssec.model import Status
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.tls import VerifyError
from mxwalk.evidence.wire import EndingKind
from mxwalk.mtasts.state import StsStanding
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.registry import profile
from tests.dane.world import HOST, intermediate, issue, leaf, looked, record
from tests.findings.builders import answer as dns_answer
from tests.findings.sts_cases import fetched, policy, records
from tests.senders.dane_walks import CHAIN, UNKNOWN_CA, Domain, Host
from tests.senders.walks import EXPIRED, NO_STARTTLS, ending

GOOD = record("3 1 1", leaf())
WRONG = make_record(3, 1, 1, b"x" * 32)
PKIX = make_record(1, 1, 1, b"x" * 32)
BODY = f"version: STSv1\nmode: enforce\nmx: {HOST}\nmax_age: 1209600\n".encode()
OTHER_MX = BODY.replace(HOST.encode(), b"old.example.com")
SELF_SIGNED = VerifyError(
    depth=0, code=18, name="X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT", text="self-signed certificate"
)


def under(domain: Domain | Delivery, body: bytes | None = BODY, **fetch: object) -> Delivery:
    """Return the delivery with this policy published for its domain."""
    delivery = domain.delivery if isinstance(domain, Domain) else domain
    looked = None if body is None else fetched(body, **fetch)
    return replace(delivery, sts=policy(None, looked).delivery().sts)


def judged(delivery: Delivery, sender: str = "mta-sts") -> Verdict:
    return profile(sender).judge(delivery)


def walked(
    *errors: VerifyError, chain: tuple[bytes, ...] = CHAIN, host: Host | None = None
) -> Domain:
    """One host, a whole connection, the chain verified with these errors."""
    domain = Domain(host or Host())
    up = domain.connect().greeted().starttls().handshake(*chain).chain(*errors)
    up.identity().ehlo_tls()
    return domain


def named(*names: str, cn: str = "") -> tuple[bytes, ...]:
    """A chain whose leaf has these DNS names."""
    one = issue(cn or "nobody", intermediate(), dns=names)
    return (one.der, intermediate().der)


BOTH = ("mta-sts", "exchange-online")


@pytest.mark.parametrize("sender", BOTH)
def test_a_host_that_fits_an_enforced_policy_is_verified(sender):
    verdict = judged(under(walked()), sender)
    assert verdict.outcome is Outcome.DELIVERED_VERIFIED
    assert "passes the MTA-STS policy" in verdict.reason
    assert "id 20261101T080000Z" in verdict.reason


def test_a_host_that_is_not_listed_is_skipped_with_the_documented_words():
    delivery = under(walked(), OTHER_MX)
    assert judged(delivery).outcome is Outcome.DEFERRED
    assert judged(delivery).code == "4.7.0"
    verdict = judged(delivery, "exchange-online")
    assert (verdict.outcome, verdict.code) == (Outcome.DEFERRED, "4.4.8")
    assert verdict.log == "450 4.4.8 MX hosts of example.com failed MTA-STS validation"
    assert "550 5.4.8 MX hosts of example.com failed MTA-STS validation" in verdict.next_action
    assert '"550 5.4.8 MX hosts of example.com failed MTA-STS validation"' in verdict.next_action


@pytest.mark.parametrize(
    ("errors", "chain", "fault"),
    [
        ((EXPIRED,), CHAIN, StsFault.EXPIRED),
        ((SELF_SIGNED,), CHAIN, StsFault.NOT_TRUSTED),
        ((UNKNOWN_CA,), CHAIN, StsFault.NOT_TRUSTED),
        ((), named("other.example.net"), StsFault.OTHER_NAME),
        ((), named(cn=HOST), StsFault.OTHER_NAME),  # RFC 8461 4.2: a common name does not count
        ((), named("*.*.net"), StsFault.OTHER_NAME),
        ((), (), StsFault.NOT_TRUSTED),
    ],
)
def test_a_certificate_that_is_not_valid_for_the_host_fails(errors, chain, fault):
    delivery = under(walked(*errors, chain=chain))
    check = sts_check(delivery.attempts[0])
    assert check is not None
    assert check.fault is fault
    verdict = judged(delivery)
    assert (verdict.outcome, verdict.code) == (Outcome.DEFERRED, "4.7.5")
    exchange = judged(delivery, "exchange-online")
    assert (exchange.outcome, exchange.code) == (Outcome.DEFERRED, "4.7.5")
    assert exchange.log == "450 4.7.5 Remote certificate failed MTA-STS validation"
    assert '"550 5.7.5 Remote certificate failed MTA-STS validation"' in exchange.next_action


def test_a_wildcard_of_one_label_is_a_name_for_the_host():
    delivery = under(walked(chain=named("*.example.net")))
    assert judged(delivery).outcome is Outcome.DELIVERED_VERIFIED


@pytest.mark.parametrize("sender", BOTH)
def test_a_host_without_tls_is_skipped_and_never_gets_the_mail_in_clear(sender):
    domain = Domain()
    domain.connect().greeted(NO_STARTTLS).quit()
    assert judged(under(domain), sender).outcome is Outcome.DEFERRED
    domain = Domain()
    domain.connect().greeted().starttls().handshake(end=ending(EndingKind.TLS_ALERT)).quit()
    assert judged(under(domain), sender).outcome is Outcome.DEFERRED


@pytest.mark.parametrize("sender", BOTH)
def test_a_failing_host_is_skipped_for_one_that_fits(sender):
    domain = Domain(Host("mx0.example.net", "192.0.2.9"), Host())
    domain.good(0).good(1)
    verdict = judged(under(domain), sender)
    assert verdict.outcome is Outcome.DELIVERED_VERIFIED
    assert verdict.host == HOST
    assert "mx0.example.net matches no mx of the policy" in verdict.reason


@pytest.mark.parametrize("sender", BOTH)
@pytest.mark.parametrize("mode", ["testing", "none"])
def test_without_enforce_every_host_gets_the_mail(sender, mode):
    body = OTHER_MX.replace(b"enforce", mode.encode())
    verdict = judged(under(walked(SELF_SIGNED), body), sender)
    assert verdict.outcome is Outcome.DELIVERED_ENCRYPTED


def test_testing_mode_tells_what_is_reported():
    testing = BODY.replace(b"enforce", b"testing")
    assert "nothing fails the policy" in judged(under(walked(), testing)).reason
    said = judged(under(walked(SELF_SIGNED), testing)).reason
    assert "delivered and reported as failure" in said
    assert "certificate-not-trusted" in said
    other = OTHER_MX.replace(b"enforce", b"testing")
    assert f"{HOST} matches no mx" in judged(under(walked(), other)).reason
    assert "have not seen the id" in judged(under(walked(), testing)).reason
    none = BODY.replace(b"enforce", b"none")
    assert "withdrawn (mode none)" in judged(under(walked(), none)).reason


def test_testing_mode_names_the_hosts_that_it_does_not_come_to_and_that_would_fail():
    domain = Domain(Host(), Host("mx0.example.net", "192.0.2.9"))
    domain.good(0)
    reason = judged(under(domain, BODY.replace(b"enforce", b"testing"))).reason
    assert "a delivery to mx0.example.net (not listed) would be reported as failure too" in reason
    assert "would be reported as failure too" not in judged(under(domain)).reason


@pytest.mark.parametrize(
    "fetch",
    [
        {"status": 404, "problem": "the server answered with the status 404"},
        {"media_type": "text/html"},
    ],
)
def test_without_a_policy_today_an_older_one_may_still_count(fetch):
    delivery = under(walked(SELF_SIGNED), BODY, **fetch)
    assert delivery.sts.standing is StsStanding.FETCH_FAILED
    verdict = judged(delivery)
    assert verdict.outcome is Outcome.DELIVERED_ENCRYPTED
    assert "an older enforce policy may still be cached for up to 365 days" in verdict.reason


def test_the_kept_days_are_those_of_max_age_rounded_up():
    delivery = under(walked())
    assert delivery.sts.kept_days == 14
    assert "kept for up to 14 days" in delivery.sts.effective
    short = under(walked(), BODY.replace(b"1209600", b"86401"))
    assert short.sts.kept_days == 2


# RFC 8461 2: DANE comes first, and its failure is not overridden


@pytest.mark.parametrize("sender", BOTH)
def test_dane_verifies_what_the_policy_would_refuse(sender):
    delivery = under(walked(SELF_SIGNED, host=Host(tlsa=(GOOD,))), OTHER_MX)
    assert sts_host(delivery, delivery.hosts[0]).dane is DaneRole.AUTHENTICATES
    verdict = judged(delivery, sender)
    assert verdict.outcome is Outcome.DELIVERED_VERIFIED
    assert "is authenticated by DANE" in verdict.reason


@pytest.mark.parametrize("sender", BOTH)
def test_a_failing_dane_check_is_not_overridden_by_a_policy_that_passes(sender):
    verdict = judged(under(walked(host=Host(tlsa=(WRONG,)))), sender)
    assert verdict.outcome is Outcome.DEFERRED
    assert "not authenticated by DANE" in verdict.reason


@pytest.mark.parametrize("sender", BOTH)
def test_a_bogus_tlsa_answer_forbids_the_host_whatever_the_policy_says(sender):
    verdict = judged(under(walked(host=Host(tlsa=(GOOD,), tlsa_status=Status.BOGUS))), sender)
    assert verdict.outcome is Outcome.DEFERRED


@pytest.mark.parametrize("sender", BOTH)
def test_insecure_or_unusable_tlsa_leaves_the_host_to_the_policy(sender):
    for host in (Host(tlsa=(WRONG,), tlsa_status=Status.INSECURE), Host(tlsa=(PKIX,))):
        assert judged(under(walked(host=host)), sender).outcome is Outcome.DELIVERED_VERIFIED
        refused = judged(under(walked(SELF_SIGNED, host=host)), sender)
        assert refused.outcome is Outcome.DEFERRED


# What is not known decides nothing


@pytest.mark.parametrize("sender", BOTH)
def test_before_the_policy_is_known_nothing_is_decided(sender):
    plain = walked().delivery
    for sts in (policy(None).delivery().sts, under(walked(), None).sts):
        verdict = judged(replace(plain, sts=sts), sender)
        assert verdict.outcome is Outcome.UNKNOWN
        assert verdict.reason.startswith("not decided yet: next is")


@pytest.mark.parametrize("sender", BOTH)
def test_a_resolver_that_does_not_tell_decides_nothing(sender):
    reply = dns_answer("_mta-sts.example.com", "TXT", status=DnsStatus.TIMEOUT, error="no answer")
    sts = policy(records(reply=reply)).delivery().sts
    verdict = judged(replace(walked().delivery, sts=sts), sender)
    assert verdict.outcome is Outcome.UNKNOWN


def test_dane_decides_although_the_policy_is_not_known():
    reply = dns_answer("_mta-sts.example.com", "TXT", status=DnsStatus.TIMEOUT, error="no answer")
    sts = policy(records(reply=reply)).delivery().sts
    delivery = replace(walked(host=Host(tlsa=(GOOD,))).delivery, sts=sts)
    assert judged(delivery).outcome is Outcome.DELIVERED_VERIFIED


def test_a_broken_record_is_no_policy_and_the_verdict_says_so():
    sts = policy(records('"v=STSv1; id=a_b;"'), fetched(OTHER_MX)).delivery().sts
    verdict = judged(replace(walked().delivery, sts=sts))
    assert verdict.outcome is Outcome.DELIVERED_ENCRYPTED
    assert 'has "_" in it' in verdict.reason


def test_the_next_action_says_that_a_new_id_frees_the_message():
    assert "new policy id" in judged(under(walked(), OTHER_MX)).next_action


class OneFamilySigned(Host):
    """Usable TLSA records that do not apply at the IPv4 address: its answer is not signed."""

    def lookups(self, mx, step):
        plain = super().lookups(mx, step)
        four = looked(self.name, "A", self.address, secure=Status.INSECURE)
        six = looked(self.name, "AAAA", "2001:db8::1", secure=Status.SECURE)
        return replace(plain, addresses=(four, six))


@pytest.mark.parametrize("sender", BOTH)
def test_where_tlsa_does_not_apply_at_the_address_the_policy_is_asked_in_full(sender):
    domain = walked(host=OneFamilySigned(tlsa=(GOOD,)))
    state = domain.delivery.hosts[0].dane
    assert (state.standing, state.at_address("192.0.2.1")) == (
        Standing.USABLE, Standing.ADDRESS_INSECURE,
    )  # fmt: skip
    verdict = judged(under(domain, OTHER_MX), sender)
    assert verdict.outcome is Outcome.DEFERRED
    assert "matches no mx of the policy" in verdict.reason
    assert judged(under(domain), sender).outcome is Outcome.DELIVERED_VERIFIED
    unseen = policy(None).delivery().sts
    assert judged(replace(domain.delivery, sts=unseen), sender).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("sender", BOTH)
def test_a_policy_of_more_lines_than_are_read_decides_nothing(sender):
    long = BODY + b"mx: a.example\n" * 3_000
    delivery = under(walked(SELF_SIGNED), long)
    assert delivery.sts.standing is StsStanding.UNDECIDED
    assert "the rest was not read" in delivery.sts.reason
    assert judged(delivery, sender).outcome is Outcome.UNKNOWN
    broken = under(walked(SELF_SIGNED), long.replace(b"enforce", b"Enforce"))
    assert broken.sts.standing is StsStanding.POLICY_INVALID
