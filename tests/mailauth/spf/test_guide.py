"""The records of the Cisco guide on SPF, as printed there; what they lead to is made up here."""

import pytest

from mxwalk.mailauth.spf import Kind, evaluate, expand, lint, read_record
from tests.mailauth.spf.zone import Zone, run, spf, txt

RECORDS = {
    "spirit.com": "v=spf1 mx a ip4:38.103.84.0/24 a:mx3.spirit.com a:mx4.spirit.com include:spf.protection.outlook.com ~all",
    "delta.com": "v=spf1 a:smtp.hosts.delta.com include:_spf.vendor.delta.com -all",
    "_spf.vendor.delta.com": "v=spf1 include:_spf-delta.vrli.com include:_spf-ncr.delta.com a:delta-spf.niceondemand.com include:_spf.airfrance.fr include:_spf.qemailserver.com include:skytel.com include:epsl1.com ?all",
    "united.com": "v=spf1 include:spf.enviaremails.com.br include:spf.usa.net include:coair.com ip4:161.215.0.0/16 ip4:209.87.112.0/20 ip4:74.112.71.93 ip4:74.209.251.0/24 mx ~all",
    "suncountry.com": "v=spf1 mx ip4:207.238.249.242 ip4:146.88.177.148 ip4:146.88.177.149 ip4:67.109.66.68 ip4:198.179.134.238 ip4:107.20.247.57 ip4:207.87.182.66 ip4:199.66.248.0/22 include:cust-spf.exacttarget.com ~all",
    "cust-spf.exacttarget.com": " v=spf1 ip4:64.132.92.0/24 ip4:64.132.88.0/23 ip4:66.231.80.0/20 ip4:68.232.192.0/20 ip4:199.122.120.0/21 ip4:207.67.38.0/24 ip4:207.67.98.192/27 ip4:207.250.68.0/24 ip4:209.43.22.0/28 ip4:198.245.80.0/20 ip4:136.147.128.0/20 ip4:136.147.176.0/20 ip4:13.111.0.0/18 -all",
    "jetblue.com": "v=spf1 include:_spf.qualtrics.com ?all",
}
INCLUDED = (
    "spf.protection.outlook.com", "_spf-delta.vrli.com", "_spf-ncr.delta.com", "_spf.airfrance.fr",
    "_spf.qemailserver.com", "skytel.com", "epsl1.com", "spf.enviaremails.com.br", "spf.usa.net",
    "coair.com", "_spf.qualtrics.com",
)  # fmt: skip


def world() -> Zone:
    names: dict = {name: {"TXT": (txt(text),)} for name, text in RECORDS.items()}
    for number, name in enumerate(INCLUDED):
        names[name] = spf(f"v=spf1 ip4:192.0.2.{number} -all")
    for name in ("spirit.com", "united.com", "suncountry.com"):
        names[name] |= {
            "MX": ("10 mail.example.net.",),
            "A": ("198.51.100.1",),
            "AAAA": ("2001:db8::1",),
        }
    for name in (
        "mail.example.net",
        "mx3.spirit.com",
        "mx4.spirit.com",
        "smtp.hosts.delta.com",
        "delta-spf.niceondemand.com",
    ):
        names[name] = {"A": ("198.51.100.25",), "AAAA": ("2001:db8::25",)}
    return Zone(names)


@pytest.mark.parametrize("name", [name for name in RECORDS if name != "cust-spf.exacttarget.com"])
def test_the_records_are_well_formed(name):
    assert read_record(name, RECORDS[name].encode()).faults == ()


@pytest.mark.parametrize(
    ("domain", "ip", "result", "lookups"),
    [
        ("spirit.com", "38.103.84.77", "pass", 2),
        ("spirit.com", "203.0.113.1", "softfail", 5),
        ("delta.com", "198.51.100.25", "pass", 1),
        ("delta.com", "192.0.2.3", "pass", 6),  # Air France for Delta, by two includes
        ("delta.com", "203.0.113.1", "fail", 9),  # the vendors' ?all does not come up
        ("united.com", "161.215.1.1", "pass", 3),
        ("united.com", "203.0.113.1", "softfail", 4),
        ("jetblue.com", "203.0.113.1", "neutral", 1),
    ],
)
def test_the_guides_domains(domain, ip, result, lookups):
    got = run(evaluate(ip, domain, f"joe@{domain}", "h.example"), world())
    assert (got.result.value, got.lookups) == (result, lookups)


def test_a_space_before_the_version_breaks_who_includes_it():
    zone = world()
    got = run(evaluate("64.132.92.1", "suncountry.com", "joe@suncountry.com", "h.example"), zone)
    assert got.result.value == "permerror"
    found = lint(survey=run(expand("suncountry.com"), zone))
    broken = next(one for one in found if one.kind is Kind.INCLUDE_BROKEN)
    assert "something stands before it" in broken.sentence
    assert [one.kind for one in lint(survey=run(expand("cust-spf.exacttarget.com"), zone))] == [
        Kind.NEAR_RECORD
    ]


def test_what_the_lint_says_of_the_guides_domains():
    zone = world()
    kinds = {name: {one.kind for one in lint(survey=run(expand(name), zone))} for name in RECORDS}
    assert kinds["spirit.com"] == set()
    assert kinds["united.com"] == set()
    assert kinds["delta.com"] == {Kind.MANY_LOOKUPS}
    assert kinds["jetblue.com"] == {Kind.NEUTRAL_ALL}
