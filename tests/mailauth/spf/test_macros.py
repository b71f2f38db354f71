"""RFC 7208 section 7 beyond its examples: transformers, escapes, truncation, ``%{p}``."""

from datetime import UTC, datetime

import pytest

from mxwalk.evidence.dns import DnsStatus
from mxwalk.mailauth.spf import evaluate
from tests.mailauth.spf.zone import Zone, run, spf, txt

IP = "192.0.2.3"


def target(
    spec,
    ip=IP,
    domain="email.example.com",
    sender="strong-bad@email.example.com",
    helo="mta.example.net",
    **names,
):
    zone = Zone({domain: spf(f"v=spf1 exists:{spec} -all"), **names})
    return run(evaluate(ip, domain, sender, helo), zone).root.nodes[0]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("%{h}.t.test", "mta.example.net.t.test"),
        ("%{h1}.t.test", "net.t.test"),
        ("%{d99}.t.test", "email.example.com.t.test"),
        ("%{d99999999999999999999}.t.test", "email.example.com.t.test"),
        ("%{dR}.t.test", "com.example.email.t.test"),
        ("%{o3.r}.t.test", None),
        ("%{l-.}.t.test", "strong.bad.t.test"),
        ("%{s2r-@}.t.test", None),
        ("%{S}.t.test", "strong-bad%40email.example.com.t.test"),
        ("%{i2}.t.test", "2.3.t.test"),
        ("%{v}.t.test", "in-addr.t.test"),
        ("a%%b%-c%_d.t.test", "a%b%20c d.t.test"),
        ("%{d}", "email.example.com"),
        ("%{d}.", None),
    ],
)
def test_a_domain_spec_becomes_its_target(spec, expected):
    node = target(spec)
    assert (node.target if node.term.fault is None else None) == expected


def test_the_question_has_the_escapes_of_dns_text():
    zone = Zone({"email.example.com": spf("v=spf1 exists:a%_b@(c).%{l}.test -all")})
    run(evaluate(IP, "email.example.com", '"x\\y;$"@email.example.com', "h"), zone)
    assert zone.asked[1].qname == 'a\\032b\\@\\(c\\).\\"x\\\\y\\;\\$\\".test'
    from mxwalk.dns.messages import canonical_name

    assert canonical_name(zone.asked[1].qname) == zone.asked[1].qname


def test_section_7_3_a_long_name_loses_labels_on_the_left():
    local = ".".join(["abcdefghi"] * 30)  # 299 octets
    node = target("%{l}.x.test", sender=f"{local}@email.example.com")
    assert len(node.target) <= 253
    assert node.target == ".".join(["abcdefghi"] * 24) + ".x.test"
    assert len("abcdefghi." + node.target) > 253


def test_section_7_3_upper_case_escapes_what_a_url_must_escape():
    node = target("%{L}.test", sender="a b/c~d_e-f.g\u007e!@email.example.com")
    assert node.target == "a%20b%2Fc~d_e-f.g~%21.test"


POINTERS = {
    "3.2.0.192.in-addr.arpa": {
        "PTR": ("other.test.", "mx.email.example.com.", "liar.test.", "email.example.com.")
    },
    "other.test": {"A": (IP,)},
    "mx.email.example.com": {"A": ("192.0.2.9", IP)},
    "email.example.com.": {},
}


@pytest.mark.parametrize(
    ("validated", "expected"),
    [
        (("other.test", "mx.email.example.com", "email.example.com"), "email.example.com"),
        (("other.test", "mx.email.example.com"), "mx.email.example.com"),
        (("other.test",), "other.test"),
        ((), "unknown"),
    ],
)
def test_section_7_3_p_prefers_the_domain_then_one_below_then_any(validated, expected):
    names = {
        "3.2.0.192.in-addr.arpa": {
            "PTR": ("other.test.", "mx.email.example.com.", "email.example.com.")
        },
        "email.example.com": {**spf("v=spf1 exists:%{p}.x.test -all")},
    }
    for name in ("other.test", "mx.email.example.com", "email.example.com"):
        names.setdefault(name, {})["A"] = (IP,) if name in validated else ("192.0.2.200",)
    node = run(
        evaluate(IP, "email.example.com", "a@email.example.com", "h"), Zone(names)
    ).root.nodes[0]
    assert node.target == f"{expected}.x.test"
    assert [one.rtype for one in node.asked] == ["PTR", "A", "A", "A", "A"]


def test_section_7_3_p_is_unknown_after_an_error_and_counts_no_term():
    names = {
        "email.example.com": spf("v=spf1 exists:%{p}.x.test -all"),
        "3.2.0.192.in-addr.arpa": {"PTR": DnsStatus.SERVFAIL},
    }
    got = run(evaluate(IP, "email.example.com", "a@email.example.com", "h"), Zone(names))
    assert got.root.nodes[0].target == "unknown.x.test"
    assert (got.result.value, got.lookups, got.voids) == ("fail", 1, 1)


def test_section_7_2_c_r_t_are_known_to_explanations():
    names = {
        "email.example.com": spf("v=spf1 -all exp=e.test"),
        "e.test": {"TXT": (txt("%{c} %{r} %{t} %{C} 100%% %{v}%_%-"),)},
    }
    asking = evaluate(
        "2001:db8::cb01",
        "email.example.com",
        "a@email.example.com",
        "h",
        receiver="mx.example.org",
        now=datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
    )
    got = run(asking, Zone(names))
    assert (
        got.explanation
        == "2001:db8::cb01 mx.example.org 1795316400 2001%3Adb8%3A%3Acb01 100% ip6 %20"
    )
