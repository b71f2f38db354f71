"""The examples printed in RFC 7208: appendix A and section 7.4."""

import pytest

from mxwalk.mailauth.spf import SpfResult, evaluate
from mxwalk.mailauth.spf.model import Matched
from tests.mailauth.spf.zone import Zone, run, spf

ADDRESSES = {
    "example.com": {
        "MX": ("10 mail-a.example.com.", "20 mail-b.example.com."),
        "A": ("192.0.2.10", "192.0.2.11"),
    },
    "amy.example.com": {"A": ("192.0.2.65",)},
    "bob.example.com": {"A": ("192.0.2.66",)},
    "mail-a.example.com": {"A": ("192.0.2.129",)},
    "mail-b.example.com": {"A": ("192.0.2.130",)},
    "www.example.com": {"CNAME": ("example.com.",)},
    "example.org": {"MX": ("10 mail-c.example.org.",)},
    "mail-c.example.org": {"A": ("192.0.2.140",)},
    "10.2.0.192.in-addr.arpa": {"PTR": ("example.com.",)},
    "11.2.0.192.in-addr.arpa": {"PTR": ("example.com.",)},
    "65.2.0.192.in-addr.arpa": {"PTR": ("amy.example.com.",)},
    "66.2.0.192.in-addr.arpa": {"PTR": ("bob.example.com.",)},
    "129.2.0.192.in-addr.arpa": {"PTR": ("mail-a.example.com.",)},
    "130.2.0.192.in-addr.arpa": {"PTR": ("mail-b.example.com.",)},
    "140.2.0.192.in-addr.arpa": {"PTR": ("mail-c.example.org.",)},
    "4.0.0.10.in-addr.arpa": {"PTR": ("bob.example.com.",)},
}


def world(**records: str) -> Zone:
    names = {name: dict(one) for name, one in ADDRESSES.items()}
    for name, text in records.items():
        names.setdefault(name.replace("__", "."), {}).update(spf(text))
    return Zone(names)


def result(
    zone: Zone, ip: str, domain: str = "example.com", sender: str = "user@example.com"
) -> str:
    return run(evaluate(ip, domain, sender, "mta.example.net"), zone).result.value


@pytest.mark.parametrize(
    ("text", "passes", "fails"),
    [
        ("v=spf1 +all", ["192.0.2.1", "2001:db8::1"], []),
        ("v=spf1 a -all", ["192.0.2.10", "192.0.2.11"], ["192.0.2.12", "192.0.2.129"]),
        ("v=spf1 a:example.org -all", [], ["192.0.2.10", "192.0.2.140"]),
        ("v=spf1 mx -all", ["192.0.2.129", "192.0.2.130"], ["192.0.2.10"]),
        ("v=spf1 mx:example.org -all", ["192.0.2.140"], ["192.0.2.129"]),
        (
            "v=spf1 mx mx:example.org -all",
            ["192.0.2.129", "192.0.2.130", "192.0.2.140"],
            ["192.0.2.131"],
        ),
        (
            "v=spf1 mx/30 mx:example.org/30 -all",
            ["192.0.2.128", "192.0.2.131", "192.0.2.140", "192.0.2.143"],
            ["192.0.2.127", "192.0.2.132", "192.0.2.139", "192.0.2.144"],
        ),
        ("v=spf1 ptr -all", ["192.0.2.65"], ["192.0.2.140", "10.0.0.4"]),
        ("v=spf1 ip4:192.0.2.128/28 -all", ["192.0.2.129"], ["192.0.2.65"]),
    ],
)
def test_appendix_a1_simple_examples(text, passes, fails):
    zone = world(example__com=text)
    assert [result(zone, ip) for ip in passes] == ["pass"] * len(passes)
    assert [result(zone, ip) for ip in fails] == ["fail"] * len(fails)


def test_appendix_a2_multiple_domains_by_include_and_redirect():
    zone = world(
        example__com="v=spf1 mx -all",
        example__net="v=spf1 ip4:198.51.100.7 -all",
        example__org="v=spf1 include:example.com include:example.net -all",
        la__example__org="v=spf1 redirect=example.org",
    )
    assert result(zone, "192.0.2.129", "example.org") == "pass"
    assert result(zone, "198.51.100.7", "example.org") == "pass"
    assert result(zone, "192.0.2.140", "example.org") == "fail"
    assert result(zone, "198.51.100.7", "la.example.org") == "pass"
    assert result(zone, "192.0.2.140", "la.example.org") == "fail"


def test_appendix_a3_dnsbl_style_lists_users_and_their_addresses():
    names = {name: dict(one) for name, one in ADDRESSES.items()}
    names["example.com"].update(
        spf("v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all")
    )
    names["mobile-users._spf.example.com"] = spf("v=spf1 exists:%{l1r+}.%{d}")
    names["remote-users._spf.example.com"] = spf("v=spf1 exists:%{ir}.%{l1r+}.%{d}")
    for user in ("mary", "fred"):
        names[f"{user}.mobile-users._spf.example.com"] = {"A": ("127.0.0.2",)}
    names["15.15.168.192.joel.remote-users._spf.example.com"] = {"A": ("127.0.0.2",)}
    zone = Zone(names)
    assert result(zone, "203.0.113.9", sender="mary@example.com") == "pass"
    assert result(zone, "203.0.113.9", sender="mary+news@example.com") == "pass"
    assert result(zone, "192.168.15.15", sender="joel@example.com") == "pass"
    assert result(zone, "192.168.15.16", sender="joel@example.com") == "fail"
    assert result(zone, "203.0.113.9", sender="eve@example.com") == "fail"


def test_appendix_a4_multiple_requirements_by_negative_include():
    names = {name: dict(one) for name, one in ADDRESSES.items()}
    names["example.com"].update(spf("v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all"))
    names["ip4._spf.example.com"] = spf("v=spf1 -ip4:192.0.2.0/24 +all")
    names["ptr._spf.example.com"] = spf("v=spf1 -ptr:example.com +all")
    zone = Zone(names)
    assert result(zone, "192.0.2.65") == "pass"  # in the network and with a name below the domain
    assert result(zone, "192.0.2.140") == "fail"  # the name is elsewhere
    assert result(zone, "10.0.0.4") == "fail"  # not in the network


MACROS = [
    ("%{s}", "strong-bad@email.example.com"),
    ("%{o}", "email.example.com"),
    ("%{d}", "email.example.com"),
    ("%{d4}", "email.example.com"),
    ("%{d3}", "email.example.com"),
    ("%{d2}", "example.com"),
    ("%{d1}", "com"),
    ("%{dr}", "com.example.email"),
    ("%{d2r}", "example.email"),
    ("%{l}", "strong-bad"),
    ("%{l-}", "strong.bad"),
    ("%{lr}", "strong-bad"),
    ("%{lr-}", "bad.strong"),
    ("%{l1r-}", "strong"),
]
NAMES = [
    ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
    ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
    ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
    ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
    ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
]


@pytest.mark.parametrize(("macro", "value"), MACROS)
def test_section_7_4_values_stand_in_the_tree(macro, value):
    zone = Zone({"email.example.com": spf(f"v=spf1 exists:{macro}.x.example.net -all")})
    got = run(
        evaluate("192.0.2.3", "email.example.com", "strong-bad@email.example.com", "h.example"),
        zone,
    )
    (node, _) = got.root.nodes
    assert node.target == f"{value}.x.example.net"
    assert [(one.macro, one.value) for one in node.expansions] == [(macro, value)]
    assert node.outcome is Matched.NO_MATCH


@pytest.mark.parametrize(("spec", "target"), NAMES)
def test_section_7_4_names_are_asked_as_printed(spec, target):
    zone = Zone(
        {"email.example.com": spf(f"v=spf1 exists:{spec} -all"), target: {"A": ("127.0.0.2",)}}
    )
    got = run(
        evaluate("192.0.2.3", "email.example.com", "strong-bad@email.example.com", "h.example"),
        zone,
    )
    assert got.result is SpfResult.PASS
    assert got.matched is not None
    assert got.matched.matched_by == target


def test_section_7_4_ipv6_client_is_expanded_in_nibbles():
    target = "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"
    zone = Zone(
        {
            "email.example.com": spf("v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all"),
            target: {"A": ("127.0.0.2",)},
        }
    )
    got = run(
        evaluate("2001:db8::cb01", "email.example.com", "strong-bad@email.example.com", "h"), zone
    )
    assert got.result is SpfResult.PASS
