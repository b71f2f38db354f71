"""Matching rules, one table row a sentence of RFC 9525 6.3, RFC 6125 6.4 or the ESA's document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.identity.matching import LabelMatch, compare, label_pairs, matches
from mxwalk.identity.model import (
    Comparison,
    Match,
    PresentedId,
    PresentedKind,
    ReferenceId,
    ReferenceKind,
)
from mxwalk.identity.presented import identifiers

DNS, CN = PresentedKind.DNS_ID, PresentedKind.CN_ID


def compared(presented: str, reference: str, kind: PresentedKind = DNS) -> Comparison:
    return compare(
        PresentedId(kind=kind, text=presented),
        ReferenceId(kind=ReferenceKind.MX_HOST, text=reference, origin="a test", secure=False),
    )


@pytest.mark.parametrize(
    ("presented", "reference", "match"),
    [
        # RFC 9525 6.3: "using a case-insensitive ASCII comparison".
        ("example.com", "example.com", Match.EXACT),
        ("EXAMPLE.com", "example.COM", Match.EXACT),
        ("example.com.", "example.com", Match.EXACT),
        ("example.com", "example.com.", Match.EXACT),
        ("example.com", "example.net", Match.MISMATCH),
        ("example.com", "mx.example.com", Match.MISMATCH),
        ("mx.example.com", "example.com", Match.MISMATCH),
        # RFC 9525 6.3: U-labels are converted to A-labels first.
        ("bücher.example", "xn--bcher-kva.example", Match.EXACT),
        ("xn--bcher-kva.example", "BÜCHER.example", Match.EXACT),
        ("*.bücher.example", "mx.xn--bcher-kva.example", Match.WILDCARD),
        # RFC 9525 6.3: the wildcard is the complete left-most label and matches one label.
        ("*.example.com", "mx.example.com", Match.WILDCARD),
        ("*.EXAMPLE.com.", "MX.example.com", Match.WILDCARD),
        ("*.example.com", "example.com", Match.MISMATCH),
        ("*.example.com", "a.mx.example.com", Match.MISMATCH),
        # RFC 6125 6.4.3: only a wildcard embedded in an A-label is forbidden.
        ("*.example.com", "xn--bcher-kva.example.com", Match.WILDCARD),
        ("mx_1.example.com", "mx_1.example.com", Match.EXACT),
    ],
)
def test_names_match_by_the_rules(presented: str, reference: str, match: Match) -> None:
    assert compared(presented, reference).match is match
    assert compared(presented, reference, CN).match is match


@pytest.mark.parametrize(
    ("presented", "reference", "reason"),
    [
        (
            "f*.example.com",
            "foo.example.com",
            (
                'the wildcard of "f*.example.com" is only a part of a label, it must be the complete'
                " left-most label (RFC 9525 6.3, RFC 6125 6.4.3)"
            ),
        ),
        (
            "xn--b*-kva.example.com",
            "xn--bcher-kva.example.com",
            (
                'the wildcard of "xn--b*-kva.example.com" is only a part of an A-label, it must be the'
                " complete left-most label (RFC 9525 6.3, RFC 6125 6.4.3)"
            ),
        ),
        (
            "*.*.example.com",
            "a.b.example.com",
            (
                '"*.*.example.com" has more than one wildcard: it matches nothing'
                " (RFC 9525 6.3, RFC 6125 6.4.3)"
            ),
        ),
        (
            "a.*.example.com",
            "a.b.example.com",
            (
                '"a.*.example.com" has its wildcard outside the left-most label: it matches nothing'
                " (RFC 9525 6.3, RFC 6125 6.4.3)"
            ),
        ),
        ("*", "example", 'a bare "*" matches nothing (RFC 9525 6.3, RFC 6125 6.4.3)'),
        ("*.", "example", 'a bare "*" matches nothing (RFC 9525 6.3, RFC 6125 6.4.3)'),
        (
            "*.com",
            "example.com",
            (
                '"*.com" matches nothing: "com" is a public suffix, the wildcard would cover other'
                " people's domains (RFC 9525 6.3, RFC 6125 6.4.3, RFC 6125 7.2)"
            ),
        ),
        (
            "*.co.uk",
            "example.co.uk",
            (
                '"*.co.uk" matches nothing: "co.uk" is a public suffix, the wildcard would cover other'
                " people's domains (RFC 9525 6.3, RFC 6125 6.4.3, RFC 6125 7.2)"
            ),
        ),
        (
            "*.test",
            "mx.test",
            (
                '"*.test" matches nothing: "test" is a public suffix, the wildcard would cover other'
                " people's domains (RFC 9525 6.3, RFC 6125 6.4.3, RFC 6125 7.2)"
            ),
        ),
        (
            "192.0.2.1",
            "192.0.2.1",
            '"192.0.2.1" is an IP address, not a DNS name (RFC 5280 4.2.1.6)',
        ),
        (
            "2001:db8::1",
            "mx.example.com",
            '"2001:db8::1" is an IP address, not a DNS name (RFC 5280 4.2.1.6)',
        ),
        (
            "example.com\0.evil.test",
            "example.com",
            r'"example.com\0.evil.test" contains a NUL character: it is no DNS name',
        ),
        (
            "*\0.example.com",
            "mx.example.com",
            r'"*\0.example.com" contains a NUL character: it is no DNS name',
        ),
        (
            " example.com",
            "example.com",
            '" example.com" contains a blank: it is no DNS name',
        ),
        (
            "example.com..",
            "example.com",
            '"example.com.." ends in an empty label: it is no DNS name',
        ),
        ("", "example.com", "the name is empty"),
    ],
)
def test_what_is_no_usable_name_never_matches_and_says_why(
    presented: str, reference: str, reason: str
) -> None:
    result = compared(presented, reference)
    assert result.match is Match.MISMATCH
    assert result.reason == reason


@pytest.mark.parametrize("text", ["Example Mail Service", "mailhub", "Müller & Söhne", "a..b"])
def test_a_cn_that_is_no_fqdn_is_a_label_for_people(text: str) -> None:
    result = compared(text, "mx.example.com", CN)
    assert result.match is Match.MISMATCH
    assert result.reason.startswith("the CN is a label for people, not a name: ")


def test_an_operators_own_suffix_may_have_a_wildcard() -> None:
    assert compared("*.github.io", "pages.github.io").match is Match.WILDCARD


@pytest.mark.parametrize(
    ("presented", "reference", "reason"),
    [
        (
            "*.emailhosted.not",
            "mx0a.emailhosted.not",
            '"*" stands for "mx0a", "emailhosted.not" equals "emailhosted.not"',
        ),
        (
            "*.example.com",
            "xn--bcher-kva.example.com",
            (
                '"*" stands for "xn--bcher-kva", "example.com" equals "example.com"; a complete label'
                " may be an A-label (RFC 9525 6.3)"
            ),
        ),
        ("Example.com", "example.com", '"Example.com" equals "example.com"'),
        (
            "bücher.example",
            "xn--bcher-kva.example",
            (
                '"bücher.example" equals "xn--bcher-kva.example": both are "xn--bcher-kva.example" in'
                " A-labels"
            ),
        ),
        (
            "mx1.example.com",
            "mx2.example.com",
            '"mx1.example.com" is not "mx2.example.com": "mx1" differs from "mx2"',
        ),
        (
            "mx.example.com",
            "example.com",
            '"mx.example.com" is not "example.com": "mx" is too much',
        ),
        (
            "*.example.com",
            "example.com",
            '"*" stands for exactly one label, and "example.com" has none before "example.com"',
        ),
        (
            "example.com",
            "192.0.2.1",
            (
                'the MX host cannot match: "192.0.2.1" is an IP address, not a DNS name'
                " (RFC 5280 4.2.1.6)"
            ),
        ),
    ],
)
def test_reasons_name_the_actual_labels(presented: str, reference: str, reason: str) -> None:
    assert compared(presented, reference).reason == reason


def test_equal_and_wildcard_labels_are_recorded() -> None:
    match = compared("*.subd.example.com", "mx.subd.example.com")
    assert (match.equal_labels, match.wildcard_label) == (3, "mx")
    near = compared("mx1.example.com", "mx2.example.com")
    assert (near.equal_labels, near.wildcard_label) == (2, "")


def test_label_pairs_are_aligned_at_the_right_end() -> None:
    assert label_pairs(compared("*.emailhosted.not", "mx0a.emailhosted.not")) == (
        ("*", "mx0a", LabelMatch.WILDCARD),
        ("emailhosted", "emailhosted", LabelMatch.EQUAL),
        ("not", "not", LabelMatch.EQUAL),
    )
    assert label_pairs(compared("*.emailhosted.not", "mx01.subd.emailhosted.not")) == (
        (None, "mx01", LabelMatch.MISSING),
        ("*", "subd", LabelMatch.DIFFERENT),
        ("emailhosted", "emailhosted", LabelMatch.EQUAL),
        ("not", "not", LabelMatch.EQUAL),
    )
    assert label_pairs(compared("a.example.com", "com"))[0] == ("a", None, LabelMatch.MISSING)


HOSTILE = (
    "\x1b[31mexample.com",
    "exam\u202eple.com",
    "[/x][@click=app.quit]example.com",
    "example.com\r\n250 OK",
    "\udc80.example.com",
    "a" * 5_000,
    ".".join("a" * 5_000),
    "*." * 2_000,
    "xn--" + "a" * 70 + ".example.com",
    "xn--\u00e9.example.com",
    "....",
    "*.\0",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", list(PresentedKind))
def test_hostile_text_is_a_printable_bounded_mismatch(text: str, kind: PresentedKind) -> None:
    for result in (compared(text, "example.com", kind), compared("example.com", text, kind)):
        assert result.match is Match.MISMATCH
        assert result.reason.isprintable()
        assert len(result.reason) < 1_500
        pairs = label_pairs(result)
        assert len(pairs) <= 128
        assert all(label is None or label.isprintable() for pair in pairs for label in pair[:2])


@given(st.text(), st.text(), st.sampled_from(list(PresentedKind)))
def test_any_two_texts_give_a_printable_result(
    presented: str, reference: str, kind: PresentedKind
) -> None:
    result = compared(presented, reference, kind)
    assert result.match is not Match.SKIPPED
    assert result.reason.isprintable()
    assert result.reason
    label_pairs(result)


LABEL = st.text("aAbBzZ019-*", min_size=1, max_size=4)
NAME = st.lists(LABEL, min_size=1, max_size=4).map(".".join)


@given(NAME, NAME)
def test_case_never_changes_the_result(presented: str, reference: str) -> None:
    result = compared(presented, reference)
    swapped = compared(presented.swapcase(), reference.swapcase())
    assert swapped.match is result.match
    assert swapped.equal_labels == result.equal_labels


@given(NAME, NAME)
def test_a_wildcard_match_has_as_many_labels_on_both_sides(presented: str, reference: str) -> None:
    result = compared(presented, reference)
    if result.match is Match.WILDCARD:
        assert presented.startswith("*.")
        assert presented.count(".") == reference.count(".")
        assert result.wildcard_label == reference.split(".", maxsplit=1)[0].lower()


def test_presented_identifiers_keep_the_certificates_order_and_its_bound() -> None:
    ids = identifiers(("b.example", "a.example", "b.example"), "c.example")
    assert [(p.kind, p.text, p.index) for p in ids] == [
        (DNS, "b.example", 0),
        (DNS, "a.example", 1),
        (DNS, "b.example", 2),
        (CN, "c.example", 0),
    ]
    assert len(identifiers(["x.example"] * 10_500, "")) == 10_000


@given(NAME | st.text(), NAME | st.text(), st.sampled_from(list(PresentedKind)))
def test_the_short_answer_is_the_long_ones(
    presented: str, reference: str, kind: PresentedKind
) -> None:
    record = compared(presented, reference, kind)
    assert matches(record.presented, record.reference) is record.matched


def test_a_nul_made_visible_by_the_certificate_reader_is_still_told() -> None:
    result = compared(r"example.com\0.evil.test", "example.com")
    assert result.match is Match.MISMATCH
    assert "contains a NUL character" in result.reason
