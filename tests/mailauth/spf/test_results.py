"""``check_host()`` by the sentences of RFC 7208 sections 2 to 6, and RFC 8616 section 4."""

import pytest

from mxwalk.evidence.dns import DnsStatus
from mxwalk.mailauth.spf import evaluate
from mxwalk.mailauth.spf.model import Matched
from tests.mailauth.spf.zone import Zone, run, spf, strings, txt

IP = "198.51.100.7"
ERRORS = [
    DnsStatus.SERVFAIL,
    DnsStatus.REFUSED,
    DnsStatus.OTHER_RCODE,
    DnsStatus.TIMEOUT,
    DnsStatus.UNREACHABLE,
    DnsStatus.MALFORMED,
    DnsStatus.LOOP,
    DnsStatus.CANCELLED,
]


def check(names, ip=IP, domain="example.com", sender="joe@example.com", helo="mta.example.net"):
    return run(evaluate(ip, domain, sender, helo), Zone(names))


def result(text, ip=IP, **names):
    return check({"example.com": spf(text), **names}, ip).result.value


@pytest.mark.parametrize(
    "domain",
    [
        "",
        ".",
        "example",
        "localhost",
        "example..com",
        ".example.com",
        "a" * 64 + ".example.com",
        ".".join(["a" * 60] * 5),
        "[192.0.2.1]",
        "192.0.2.1",
        "exa mple.com",
        "example.com\x00",
        "\u2028.example.com",
    ],
)
def test_section_4_3_a_domain_that_is_none_gives_none_without_a_question(domain):
    zone = Zone({})
    got = run(evaluate(IP, domain, f"joe@{domain}", "h"), zone)
    assert got.result.value == "none"
    assert zone.asked == []
    assert got.why.isprintable()


def test_section_4_3_a_domain_that_does_not_exist_gives_none():
    assert check({}).result.value == "none"
    assert check({"example.com": {"A": ("192.0.2.1",)}}).result.value == "none"
    assert check({"example.com": {"TXT": (strings("hello"),)}}).result.value == "none"


def test_section_4_3_the_trailing_dot_and_the_case_of_a_domain_do_not_matter():
    names = {"example.com": spf("v=spf1 -all")}
    assert check(names, domain="EXAMPLE.com.").result.value == "fail"


@pytest.mark.parametrize("status", ERRORS)
def test_section_4_4_an_error_of_the_record_lookup_is_temperror(status):
    assert check({"example.com": {"TXT": status}}).result.value == "temperror"


def test_section_4_5_more_than_one_record_is_permerror():
    records = (strings("v=spf1 +all"), strings("v=spf1 -all"))
    assert check({"example.com": {"TXT": records}}).result.value == "permerror"
    beside = (strings("v=spf1 -all"), strings("v=spf10 +all"), strings(" v=spf1 +all"))
    assert check({"example.com": {"TXT": beside}}).result.value == "fail"


def test_section_3_3_a_record_in_several_strings_is_joined():
    names = {"example.com": {"TXT": (strings("v=spf1 ip4:198.51", ".100.7 -all"),)}}
    assert check(names).result.value == "pass"


def test_section_3_4_an_alias_leads_to_the_record():
    names = {"example.com": {"CNAME": ("other.test.",)}, "other.test": spf("v=spf1 -all")}
    assert check(names).result.value == "fail"


def test_section_4_6_a_fault_anywhere_is_permerror_before_anything_is_evaluated():
    zone = Zone({"example.com": spf(f"v=spf1 ip4:{IP} a -all moo")})
    got = run(evaluate(IP, "example.com", "joe@example.com", "h"), zone)
    assert got.result.value == "permerror"
    assert len(zone.asked) == 1
    assert [node.outcome for node in got.root.nodes] == [Matched.NOT_REACHED] * 3 + [Matched.ERROR]
    assert "octet" in got.why


@pytest.mark.parametrize(
    ("qualifier", "expected"),
    [("", "pass"), ("+", "pass"), ("-", "fail"), ("~", "softfail"), ("?", "neutral")],
)
def test_section_4_6_2_the_qualifier_of_the_matching_term_is_the_result(qualifier, expected):
    assert result(f"v=spf1 {qualifier}ip4:{IP}") == expected


def test_section_4_7_without_match_the_default_is_neutral():
    assert result("v=spf1") == "neutral"
    assert result("v=spf1 ip4:192.0.2.1 -ip4:192.0.2.2") == "neutral"


def test_section_5_1_what_stands_behind_all_is_ignored_and_so_is_redirect():
    got = check({"example.com": spf("v=spf1 ip4:192.0.2.1 -all a redirect=x.test mx moo=x")})
    assert got.result.value == "fail"
    outcomes = [node.outcome for node in got.root.nodes]
    assert outcomes == [Matched.NO_MATCH, Matched.MATCH, *[Matched.IGNORED] * 4]
    early = check({"example.com": spf(f"v=spf1 ip4:{IP} mx -all a")})
    assert [node.outcome for node in early.root.nodes] == [
        Matched.MATCH,
        Matched.NOT_REACHED,
        Matched.NOT_REACHED,
        Matched.IGNORED,
    ]
    # 6.1: anywhere in the record
    assert result("v=spf1 redirect=none.test -all") == "fail"


INCLUDE = [
    ("v=spf1 +all", "pass"),
    ("v=spf1 -all", "softfail"),
    ("v=spf1 ~all", "softfail"),
    ("v=spf1 ?all", "softfail"),
    ("v=spf1", "softfail"),
    ("v=spf1 moo", "permerror"),
    ("none", "permerror"),
]


@pytest.mark.parametrize(("text", "expected"), INCLUDE)
def test_section_5_2_the_table_of_include(text, expected):
    names = {"example.com": spf("v=spf1 include:inc.test ~all"), "inc.test": spf(text)}
    got = check(names)
    assert got.result.value == expected
    assert got.root.nodes[0].child is not None


def test_section_5_2_an_included_error_of_dns_is_temperror():
    names = {
        "example.com": spf("v=spf1 include:inc.test ~all"),
        "inc.test": {"TXT": DnsStatus.SERVFAIL},
    }
    assert check(names).result.value == "temperror"


def test_section_5_2_the_qualifier_of_an_include_is_its_own():
    names = {
        "example.com": spf("v=spf1 -include:inc.test ~all"),
        "inc.test": spf("v=spf1 ~ip4:192.0.2.1 +all"),
    }
    assert check(names).result.value == "fail"


def test_section_5_2_a_redirect_in_an_included_record_is_followed():
    names = {
        "example.com": spf("v=spf1 include:inc.test -all"),
        "inc.test": spf("v=spf1 redirect=more.test"),
        "more.test": spf(f"v=spf1 ip4:{IP}"),
    }
    assert check(names).result.value == "pass"


@pytest.mark.parametrize("status", ERRORS)
@pytest.mark.parametrize("term", ["a:h.test", "mx:h.test", "exists:h.test", "mx:m.test"])
def test_section_5_an_error_of_dns_is_temperror(term, status):
    names = {
        "example.com": spf(f"v=spf1 {term} -all"),
        "h.test": {"A": status, "MX": status},
        "m.test": {"MX": ("10 h.test.",)},
    }
    got = check(names)
    assert got.result.value == "temperror"
    assert "could not be had" in got.why


@pytest.mark.parametrize("status", [DnsStatus.NXDOMAIN, DnsStatus.NODATA])
def test_section_5_no_such_name_is_as_no_records(status):
    names = {"example.com": spf("v=spf1 a:h.test ~all"), "h.test": {"A": status}}
    assert check(names).result.value == "softfail"


def test_section_5_an_ipv4_mapped_client_is_an_ipv4_client():
    names = {"example.com": {**spf("v=spf1 a -all"), "A": (IP,)}}
    got = check(names, ip=f"::ffff:{IP}")
    assert (got.result.value, got.client_ip) == ("pass", IP)
    assert result("v=spf1 ip4:198.51.100.0/24 -all", ip="::ffff:c633:6407") == "pass"
    assert result("v=spf1 ip6:::/0 -all", ip=f"::ffff:{IP}") == "fail"
    assert result("v=spf1 ip4:0.0.0.0/0 -all", ip="2001:db8::1") == "fail"


def test_section_5_3_hosts_are_compared_in_the_clients_family():
    names = {
        "example.com": {
            **spf("v=spf1 a/24//48 -all"),
            "A": ("198.51.100.200",),
            "AAAA": ("2001:db8:5::1",),
        }
    }
    assert check(names).result.value == "pass"
    assert check(names, ip="198.51.101.7").result.value == "fail"
    assert check(names, ip="2001:db8:5:9::7").result.value == "pass"
    assert check(names, ip="2001:db8:6::1").result.value == "fail"


def test_section_5_4_the_implicit_mx_is_not_applied():
    names = {"example.com": {**spf("v=spf1 mx -all"), "A": (IP,)}}
    assert check(names).result.value == "fail"


def test_section_5_4_hosts_are_asked_together_and_held_in_order():
    names = {
        "example.com": {**spf("v=spf1 mx -all"), "MX": ("20 b.test.", "10 a.test.", "30 c.test.")},
        "a.test": {"A": ("192.0.2.1",)},
        "b.test": {"A": (IP,)},
        "c.test": {"A": DnsStatus.SERVFAIL},
    }
    asking = evaluate(IP, "example.com", "joe@example.com", "h")
    zone = Zone(names)
    questions, batches = next(asking), []
    try:
        while True:
            batches.append(tuple(one.qname for one in questions))
            questions = asking.send(tuple(zone.answer(*one) for one in questions))
    except StopIteration as stop:
        got = stop.value
    assert batches == [("example.com",), ("example.com",), ("a.test", "b.test", "c.test")]
    assert got.result.value == "pass"
    assert got.matched.matched_by == f"{IP} of b.test"


def test_section_5_4_a_null_mx_names_no_host():
    names = {"example.com": {**spf("v=spf1 mx -all"), "MX": ("0 .",)}}
    got = check(names)
    assert (got.result.value, got.voids) == ("fail", 0)


def test_section_5_5_ptr_matches_a_validated_name_at_or_below_the_target():
    names = {
        "example.com": spf("v=spf1 ptr -all"),
        "7.100.51.198.in-addr.arpa": {"PTR": ("notexample.com.", "Mail.Example.COM.")},
        "notexample.com": {"A": (IP,)},
        "mail.example.com": {"A": (IP,)},
    }
    got = check(names)
    assert got.result.value == "pass"
    assert got.matched.matched_by == "Mail.Example.COM"
    names["mail.example.com"] = {"A": ("192.0.2.1",)}
    assert check(names).result.value == "fail"


@pytest.mark.parametrize("status", ERRORS)
def test_section_5_5_errors_of_dns_do_not_end_ptr(status):
    names = {
        "example.com": spf("v=spf1 ptr -all"),
        "7.100.51.198.in-addr.arpa": {"PTR": ("a.example.com.", "b.example.com.")},
        "a.example.com": {"A": status},
        "b.example.com": {"A": (IP,)},
    }
    assert check(names).result.value == "pass"
    names["7.100.51.198.in-addr.arpa"] = {"PTR": status}
    assert check(names).result.value == "fail"


def test_section_5_7_exists_asks_for_a_whatever_the_family():
    names = {"example.com": spf("v=spf1 exists:e.test -all"), "e.test": {"A": ("127.0.0.2",)}}
    assert check(names, ip="2001:db8::1").result.value == "pass"
    names["e.test"] = {"AAAA": ("2001:db8::1",)}
    assert check(names, ip="2001:db8::1").result.value == "fail"


def test_section_4_8_a_target_that_dns_cannot_hold_is_not_asked_and_does_not_match():
    zone = Zone({"example.com": spf("v=spf1 a:%{h} exists:%{l}.test -all")})
    got = run(evaluate(IP, "example.com", f"{'x' * 64}@example.com", "foo..bar"), zone)
    assert got.result.value == "fail"
    assert (got.lookups, got.voids, len(zone.asked)) == (2, 0, 1)
    assert "empty label" in got.root.nodes[0].why
    assert result("v=spf1 include:%{l}..%{d} -all") == "permerror"
    assert result("v=spf1 redirect=%{l}..%{d}") == "permerror"


def test_section_6_1_redirect_decides_by_the_other_domain():
    names = {
        "example.com": spf("v=spf1 ip4:192.0.2.1 redirect=r.test"),
        "r.test": spf("v=spf1 exists:%{d}.x -all"),
        "r.test.x": {"A": ("127.0.0.2",)},
    }
    got = check(names)
    assert got.result.value == "pass"  # %{d} is the domain redirected to
    assert got.matched.target == "r.test.x"
    assert got.root.nodes[1].child.domain == "r.test"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (None, "permerror"),
        ("nothing", "permerror"),
        ("v=spf1 moo", "permerror"),
        ("v=spf1", "neutral"),
    ],
)
def test_section_6_1_redirect_needs_a_record(record, expected):
    names = {"example.com": spf("v=spf1 redirect=r.test")}
    if record:
        names["r.test"] = spf(record)
    assert check(names).result.value == expected


EXP = "v=spf1 ip4:192.0.2.1 -all exp=e.%{d}"


def test_section_6_2_the_explanation_of_a_fail_is_expanded():
    text = (
        "%{i} is not one of %{d}'s designated mail servers. See http://%{d}/why.html?s=%{S}&i=%{C}"
    )
    got = check({"example.com": spf(EXP), "e.example.com": {"TXT": (txt(text),)}})
    assert got.explanation == (
        f"{IP} is not one of example.com's designated mail servers. "
        f"See http://example.com/why.html?s=joe%40example.com&i={IP}"
    )
    assert [one.macro for one in got.expansions] == ["%{i}", "%{d}", "%{d}", "%{S}", "%{C}"]
    assert got.root.nodes[-1].outcome is Matched.MATCH


@pytest.mark.parametrize(
    "records",
    [
        DnsStatus.SERVFAIL,
        (),
        (strings("one"), strings("two")),
        (strings("%{x} is no macro"),),
        (txt("na\u00efve"),),
        (txt("%{d"),),
    ],
)
def test_section_6_2_whatever_is_wrong_with_it_there_is_no_explanation(records):
    got = check({"example.com": spf(EXP), "e.example.com": {"TXT": records}})
    assert (got.result.value, got.explanation) == ("fail", "")
    assert got.root.nodes[-1].outcome is Matched.NO_MATCH


def test_section_6_2_only_a_fail_is_explained_and_by_the_record_that_decides():
    explained = {
        "e.example.com": {"TXT": (strings("main"),)},
        "e.r.test": {"TXT": (strings("other"),)},
    }
    zone = Zone({"example.com": spf("v=spf1 ~all exp=e.%{d}"), **explained})
    assert run(evaluate(IP, "example.com", "j@example.com", "h"), zone).explanation == ""
    assert len(zone.asked) == 1
    names = {
        "example.com": spf("v=spf1 redirect=r.test exp=e.%{d}"),
        "r.test": spf("v=spf1 -all exp=e.%{d}"),
        **explained,
    }
    assert check(names).explanation == "other"
    names["example.com"] = spf("v=spf1 -include:r.test exp=e.%{d}")
    names["r.test"] = spf("v=spf1 +all exp=e.%{d}")
    assert check(names).explanation == "main"


def test_section_2_4_an_empty_reverse_path_is_postmaster_at_the_helo_name():
    names = {"mta.example.net": spf("v=spf1 exists:%{l}.%{o}.test -all")}
    for sender in ("", "<>"):
        got = check(names, domain="mta.example.net", sender=sender)
        assert got.sender == "postmaster@mta.example.net"
        assert got.root.nodes[0].target == "postmaster.mta.example.net.test"


@pytest.mark.parametrize("sender", ["example.com", "@example.com", "<@example.com>"])
def test_section_4_3_a_sender_without_local_part_is_postmaster(sender):
    got = check({"example.com": spf("v=spf1 -all")}, sender=sender)
    assert got.sender == "postmaster@example.com"


def test_a_u_label_domain_is_checked_as_a_labels():
    names = {"xn--bcher-kva.example": spf("v=spf1 exists:%{o}.test -all")}
    got = check(names, domain="b\u00fccher.example", sender="joe@B\u00fccher.example")
    assert got.result.value == "fail"
    assert got.root.nodes[0].target == "xn--bcher-kva.example.test"


def test_rfc_8616_4_a_local_part_outside_ascii_matches_nothing():
    names = {
        "example.com": spf("v=spf1 exists:%{l}.test include:%{s}.test a -all exp=e.%{l}.test"),
        "\u7528\u6237.test": {"A": ("127.0.0.2",)},
    }
    got = check(names, sender="\u7528\u6237@example.com")
    assert got.result.value == "fail"
    assert [node.outcome for node in got.root.nodes[:2]] == [Matched.NO_MATCH] * 2
    assert got.explanation == ""


def test_a_client_that_is_no_address_gives_none():
    for ip in ("", "example.com", "192.0.2.256", "\x1b[2J"):
        got = check({"example.com": spf("v=spf1 +all")}, ip=ip)
        assert got.result.value == "none"
        assert got.why.isprintable()


def test_what_was_decided_deep_below_is_told_with_its_place_alone():
    names = {
        "example.com": spf("v=spf1 include:a.test redirect=c.test"),
        "a.test": spf("v=spf1 include:b.test"),
        "b.test": spf("v=spf1 ip4:192.0.2.0/24 exists:%{v}.test"),
        "in-addr.test": {"A": DnsStatus.SERVFAIL},
        "c.test": spf("v=spf1 redirect=d.test"),
        "d.test": spf("v=spf1 -all"),
    }
    assert (
        check(names, ip="192.0.2.1").why
        == "include:a.test matched: a.test passes by include:b.test"
    )
    assert check(names).why == (
        "include:a.test: in the record of b.test, exists:%{v}.test: "
        "the A records of in-addr.test could not be had: the name server failed"
    )
    names["in-addr.test"] = {}
    assert check(names).why == "in the record of d.test, -all matched: all matches every address"


def test_the_why_is_one_concrete_sentence():
    got = check({"example.com": spf("v=spf1 ip4:192.0.2.0/24 -all")})
    assert got.root.nodes[0].why == f"{IP} is not in 192.0.2.0/24"


@pytest.mark.parametrize("text", ["[198.51.100.7]", " 198.51.100.7 ", "[IPv6:::ffff:198.51.100.7]"])
def test_an_address_literal_is_an_address(text):
    assert check({"example.com": spf(f"v=spf1 ip4:{IP} -all")}, ip=text).result.value == "pass"
