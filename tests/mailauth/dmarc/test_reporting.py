"""Consent to reports from outside: RFC 9990 4 and its examples, RFC 9989 B.2.3 and B.2.4."""

import pytest

from mxwalk.evidence.dns import DnsStatus
from mxwalk.mailauth.dmarc.record import read_record
from mxwalk.mailauth.dmarc.reporting import authorise, consent_line
from tests.mailauth.dmarc.zone import Zone


def ask(zone, text, domain="example.com", organizational="example.com"):
    record = read_record(f"_dmarc.{domain}", text.encode())
    return zone.run(authorise(domain, organizational, record.aggregate + record.failure))


def test_an_address_of_the_domain_itself_needs_no_consent():
    zone = Zone({"_dmarc.example.com": "v=DMARC1; p=none"})
    (one,) = ask(zone, "v=DMARC1; p=none; rua=mailto:dmarc@example.com")
    assert not one.needed
    assert not zone.asked
    (one,) = ask(zone, "v=DMARC1; p=none; rua=mailto:dmarc@reports.example.com")
    assert not one.needed
    assert "example.com._report._dmarc.reports.example.com" not in zone.txt_asked


def test_the_rfcs_example_of_blue_and_red():
    text = "v=DMARC1; p=none; rua=mailto:reports@red.example.net"
    name = "blue.example.com._report._dmarc.red.example.net"
    zone = Zone({name: "v=DMARC1;"})
    (one,) = ask(zone, text, "blue.example.com")
    assert (one.needed, one.agreed, one.name) == (True, True, name)
    (one,) = ask(Zone(), text, "blue.example.com")
    assert (one.agreed, one.status) == (False, DnsStatus.NXDOMAIN)
    assert name in one.why


@pytest.mark.parametrize(
    ("consent", "agreed"),
    [
        ("v=DMARC1", True),
        ("v=DMARC1;", True),
        (["v=spf1 -all", "v=DMARC1"], True),
        ("v=spf1 -all", False),
        ("p=none; v=DMARC1", False),
        ("v=DMARC1; rua=mailto:other@thirdparty.example.net", True),
        ("v=DMARC1; rua=mailto:other@example.org", False),  # step 9: the same host
    ],
)
def test_consent_is_a_record_that_begins_with_the_version(consent, agreed):
    zone = Zone({"example.com._report._dmarc.thirdparty.example.net": consent})
    (one,) = ask(zone, "v=DMARC1; p=none; rua=mailto:a@thirdparty.example.net")
    assert one.agreed is agreed


def test_b_2_4_only_the_tag_that_was_directed_there_is_overridden():
    zone = Zone(
        {
            "example.com._report._dmarc.thirdparty.example.net": "v=DMARC1; "
            "rua=mailto:aggregate-reports@thirdparty.example.net; "
            "ruf=mailto:failure-reports@thirdparty.example.net"
        }
    )
    text = (
        "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; "
        "ruf=mailto:auth-reports@thirdparty.example.net"
    )
    rua, ruf = ask(zone, text)
    assert not rua.override
    assert [uri.address for uri in ruf.override] == ["failure-reports@thirdparty.example.net"]


def test_a_failed_query_leaves_consent_unknown():
    name = "example.com._report._dmarc.example.net"
    zone = Zone(status={name: DnsStatus.TIMEOUT})
    (one,) = ask(zone, "v=DMARC1; p=none; rua=mailto:a@example.net")
    assert one.agreed is None
    assert "not known" in one.why


def test_a_name_that_would_be_too_long_gives_no_consent():
    domain = ".".join(["x" * 60] * 3) + ".example.com"
    (one,) = ask(Zone(), f"v=DMARC1; p=none; rua=mailto:a@{'y' * 60}.example.net", domain)
    assert one.agreed is False
    assert "too long" in one.why


def test_where_the_readings_differ_both_are_told():
    # by the tree walk mail.bank.example belongs to a public suffix's child, by the list to bank.example
    zone = Zone(
        {
            "_dmarc.giant.bank.example": "v=DMARC1; p=none",
            "_dmarc.bank.example": "v=DMARC1; p=none; psd=y",
        }
    )
    (one,) = ask(
        zone,
        "v=DMARC1; p=none; rua=mailto:a@mega.bank.example",
        "giant.bank.example",
        "giant.bank.example",
    )
    assert (one.needed, one.agreed) == (True, False)


def test_only_so_many_hosts_are_looked_up():
    uris = ",".join(f"mailto:a@h{at}.test" for at in range(30))
    zone = Zone()
    found = ask(zone, f"v=DMARC1; p=none; rua={uris}")
    assert len(found) == 30
    assert found[-1].agreed is None
    assert len(zone.asked) <= 10 * 3


def test_the_line_to_publish_is_complete():
    assert consent_line("example.com", "example.net") == (
        'example.com._report._dmarc.example.net. IN TXT "v=DMARC1;"'
    )
