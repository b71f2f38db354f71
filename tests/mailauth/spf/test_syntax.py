"""RFC 7208 section 12, letter by letter: what is a record, what is a fault, and at which octet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.mailauth.spf import read_record, select_records
from mxwalk.mailauth.spf.macrosyntax import LETTERS, domain_fault, read_macros
from mxwalk.mailauth.spf.syntax import read_term
from tests.hostile import HOSTILE

WELL_FORMED = [
    "all",
    "-all",
    "~all",
    "?all",
    "+all",
    "ALL",
    "-All",
    "include:example.com",
    "include:_spf.example.com",
    "include:%{d}.example.com",
    "Include:example.com",
    "include:example.com.",
    "include:%{d2}",
    "include:a--b.example",
    "include:foo:bar/baz.example.com",
    "a",
    "mx",
    "ptr",
    "a:example.com",
    "mx:example.com",
    "ptr:example.com",
    "?a",
    "A",
    "MX",
    "a/24",
    "a/0",
    "a/32",
    "a//64",
    "a//0",
    "a//128",
    "a/24//64",
    "a:example.com/24",
    "a:example.com//64",
    "a:example.com/24//64",
    "mx/30",
    "mx:%{d}/24",
    "a:foo.example-1.x-1",
    "a:%{ir}.example.com",
    "a:%{d}",
    "a:x%%.example.com",
    "a:foo.%_",
    "a:foo.%-",
    "ip4:192.0.2.1",
    "ip4:192.0.2.0/24",
    "ip4:0.0.0.0/0",
    "ip4:255.255.255.255/32",
    "IP4:192.0.2.1",
    "ip6:2001:db8::",
    "ip6:2001:DB8::CD30/128",
    "ip6:::1",
    "ip6:::/0",
    "ip6:::ffff:192.0.2.1",
    "ip6:1:2:3:4:5:6:7:8",
    "exists:%{ir}.%{l1r+-}._spf.%{d}",
    "exists:%{l128}.example.com",
    "exists:%{H2R.}.example.com",
    "redirect=example.com",
    "redirect=%{d2}.example",
    "Redirect=_spf.example.com",
    "exp=explain.example.com",
    "moo=cow",
    "x-y_z.1=any:thing/with=signs",
    "op=",
    "moo=%{s}%{t}",
    "a=192.0.2.1",
    "default=%{c}",
]

MALFORMED = [
    # term, the octets of the fault within it, a word of the sentence
    ("all:x", 3, 5, "nothing can stand behind"),
    ("all/8", 3, 5, "nothing can stand behind"),
    ("include", 7, 7, "needs ':'"),
    ("include/24", 7, 10, "needs ':'"),
    ("include:", 8, 8, "domain must stand here"),
    ("include:example", 8, 15, "several labels"),
    ("include:example.123", 16, 19, "last label"),
    ("include:example.com/24", 19, 22, "prefix length"),
    ("include:example.-com", 16, 20, "last label"),
    ("exists", 6, 6, "needs ':'"),
    ("exists:example.com//", 18, 20, "prefix length"),
    ("a:", 2, 2, "domain must stand here"),
    ("a:example.com,", 10, 14, "last label"),
    ("a:192.0.2.1", 10, 11, "last label"),
    ("a/", 1, 2, "prefix length"),
    ("a/33", 2, 4, "at most 32"),
    ("a/024", 2, 5, "leading zero"),
    ("a//129", 3, 6, "at most 128"),
    ("a//064", 3, 6, "leading zero"),
    ("a/24/64", 1, 7, "prefix length"),
    ("a:example.com/-1", 13, 16, "prefix length"),
    ("ptr/24", 3, 6, "nothing can stand behind"),
    ("ptr:", 4, 4, "domain must stand here"),
    ("ip4", 3, 3, "needs ':'"),
    ("ip4:192.0.2", 4, 11, "no IPv4 address"),
    ("ip4:192.0.2.256", 4, 15, "no IPv4 address"),
    ("ip4:192.0.02.1", 4, 14, "no IPv4 address"),
    ("ip4:192.0.2.1/", 14, 14, "prefix length"),
    ("ip4:192.0.2.1/33", 14, 16, "at most 32"),
    ("ip4:192.0.2.1/01", 14, 16, "leading zero"),
    ("ip4:192.0.2.1//32", 14, 17, "prefix length"),
    ("ip4:2001:db8::1", 4, 15, "no IPv4 address"),
    ("ip6:192.0.2.1", 4, 13, "no IPv6 address"),
    ("ip6:2001:db8::/129", 15, 18, "at most 128"),
    ("ip6:fe80::1%25", 4, 14, "no IPv6 address"),
    ("ip6:2001:db8", 4, 12, "no IPv6 address"),
    ("redirect=", 9, 9, "domain must stand here"),
    ("redirect=example", 9, 16, "several labels"),
    ("exp=", 4, 4, "domain must stand here"),
    ("-redirect=example.com", 1, 21, "no qualifier"),
    ("ipv4:192.0.2.1", 0, 4, "is ip4 meant"),
    ("192.0.2.1", 0, 9, "is ip4: meant"),
    ("?foo:bar", 1, 4, "is no mechanism"),
    ("+", 1, 1, "name must stand here"),
    ("=x", 0, 2, "is no mechanism"),
    ("1x=y", 0, 4, "is no mechanism"),
    ("moo=%", 4, 5, "after '%'"),
    ("moo=%(d)", 4, 6, "after '%'"),
    ("a:%{d.example.com", 2, 17, "no '}'"),
    ("a:%{a}.example.com", 4, 5, "no macro letter"),
    ("a:%{}.example.com", 4, 5, "no macro letter"),
    ("a:%{d0}.example.com", 5, 6, "not be zero"),
    ("a:%{d00r}.example.com", 5, 7, "not be zero"),
    ("a:%{dr2}.example.com", 6, 7, "cannot stand in a macro"),
    ("a:%{d!}.example.com", 5, 6, "cannot stand in a macro"),
    ("a:%{d}.%x.example.com", 7, 9, "after '%'"),
    ("exists:%{c}.example.com", 7, 11, "explanations alone"),
    ("exists:%{d}.%{R}", 12, 16, "explanations alone"),
    ("include:%{t}", 8, 12, "explanations alone"),
    ("a:ex\tample.com", 4, 5, "visible US-ASCII"),
    ("a:example.com\r", 13, 14, "visible US-ASCII"),
    ("a:ex\u00e4mple.com", 4, 5, "visible US-ASCII"),
]


@pytest.mark.parametrize("text", WELL_FORMED)
def test_a_term_of_the_grammar_has_no_fault(text):
    assert read_term(text, 0).fault is None


@pytest.mark.parametrize(("text", "start", "end", "words"), MALFORMED)
def test_a_fault_stands_at_its_octets(text, start, end, words):
    fault = read_term(text, 0).fault
    assert fault is not None
    assert words in fault.what
    assert (fault.start, fault.end) == (start, end)
    record = read_record("example.com", b"v=spf1 mx " + text.encode("latin-1"))
    (there,) = record.faults
    assert (there.start, there.end) == (start + 10, end + 10)


def test_what_a_term_says_is_taken_apart():
    term = read_term("~MX:mail.example.com/24//64", 7)
    assert (term.name, term.qualifier, term.spec) == ("mx", "~", "mail.example.com")
    assert (term.cidr4, term.cidr6, term.start, term.end) == (24, 64, 7, 34)
    assert read_term("ip6:2001:db8::/32", 0).cidr6 == 32
    modifier = read_term("ReDirect=x.example", 0)
    assert (modifier.name, modifier.is_modifier, modifier.spec) == ("redirect", True, "x.example")


@pytest.mark.parametrize(
    ("octets", "is_one"),
    [
        (b"v=spf1", True),
        (b"v=spf1 ", True),
        (b"V=SpF1 -all", True),
        (b"v=spf1-all", False),
        (b"v=spf10 -all", False),
        (b"v=spf1\t-all", False),
        (b" v=spf1 -all", False),
        (b"spf2.0/mfrom -all", False),
        (b"", False),
    ],
)
def test_section_4_5_the_version_is_followed_by_a_space_or_the_end(octets, is_one):
    assert bool(select_records([(octets,)])) is is_one


def test_section_3_3_strings_are_joined_without_spaces():
    ((one, two),) = select_records([(b"v=spf1 .... first", b"second string...")])
    assert one + two == b"v=spf1 .... firstsecond string..."
    assert select_records([(b"v=sp", b"f1", b" -all")])


def test_section_6_redirect_and_exp_stand_at_most_once():
    for name in (b"redirect", b"exp"):
        text = b"v=spf1 " + name + b"=a.example " + name.upper() + b"=b.example"
        (fault,) = read_record("example.com", text).faults
        assert "stands here again" in fault.what
        assert text[fault.start : fault.end] == name.upper() + b"=b.example"
    assert not read_record("example.com", b"v=spf1 moo=1 moo=2").faults


def test_section_4_6_1_terms_are_parted_by_one_or_more_spaces():
    record = read_record("example.com", b"v=spf1  a   mx -all  ")
    assert [term.text for term in record.terms] == ["a", "mx", "-all"]
    assert not record.faults


def test_a_record_without_end_is_read_up_to_its_bound():
    record = read_record("example.com", b"v=spf1" + b" a" * 30_000)
    assert len(record.terms) == 1_000
    assert "no more than 1000 terms" in record.faults[0].what


OCTETS = st.one_of(
    st.binary(max_size=300),
    st.sampled_from(HOSTILE),
    st.lists(
        st.sampled_from([*WELL_FORMED, *(one[0] for one in MALFORMED), "", " ", "%", "{", "}"]),
        max_size=12,
    ).map(lambda words: " ".join(words).encode("latin-1")),
)


@given(OCTETS)
def test_reading_is_total_and_places_are_octets(tail):
    octets = b"v=spf1 " + tail
    record = read_record("example.com", octets)
    assert len(record.text) == len(octets)
    for term in record.terms:
        assert record.text[term.start : term.end] == term.text
        assert " " not in term.text
    for fault in record.faults:
        assert 0 <= fault.start <= fault.end <= len(octets)
        assert fault.what.isprintable()
    if len(record.terms) < 1_000:
        assert [term.text for term in record.terms] == [
            one for one in record.text[6:].split(" ") if one
        ]


@given(st.binary(max_size=60))
def test_what_does_not_begin_with_the_version_is_a_fault_as_a_whole(octets):
    record = read_record("example.com", octets)
    assert bool(record.faults) or octets[:6].lower() == b"v=spf1"


@given(st.text(alphabet="%{}d2r.-+,/_=aZx0 \u00e9", max_size=40))
def test_macro_strings_are_total_and_their_parts_make_the_text(text):
    for explains in (False, True):
        read = read_macros(text, explains=explains)
        made = "".join(part.text for part in read.parts)
        assert text.startswith(made)
        assert (read.fault is None) == (made == text)
    fault = domain_fault(text)
    assert fault is None or 0 <= fault.start <= fault.end <= len(text)


def test_all_macro_letters_of_section_7_2_are_known():
    for letter in LETTERS:
        assert read_macros(f"%{{{letter}}}").fault is None
        assert read_macros(f"%{{{letter.upper()}3r-.}}").fault is None
