import ipaddress

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.limits import CONSTRAINT_COMPARISONS
from mxwalk.pkix.constraints import check_constraints
from mxwalk.pkix.model import ConstraintResult, Reason
from mxwalk.pkix.name_matching import Within, within
from mxwalk.pkix.name_rules import Group
from mxwalk.pkix.openssl import verify_again
from mxwalk.pkix.subtrees import GeneralName, Subtree
from tests.pkix.chains import NOW, make, named, tlv
from tests.pkix.world import explain, leaf_plan, lower_plan, root, upper, upper_plan

DNS, EMAIL, URI, IP = 0x82, 0x81, 0x86, 0x87


@pytest.mark.parametrize(
    ("tag", "name", "base", "outcome"),
    [
        (DNS, b"mx.example.net", b"example.net", Within.YES),
        (DNS, b"example.net", b"example.net", Within.YES),
        (DNS, b"MX.Example.NET", b"eXample.net", Within.YES),
        (DNS, b"notexample.net", b"example.net", Within.NO),
        (DNS, b"mx.example.net", b".example.net", Within.YES),
        (DNS, b"example.net", b".example.net", Within.NO),
        (DNS, b"mx.example.net", b"", Within.YES),
        (DNS, b"*.example.net", b"mx.example.net", Within.NO),
        (DNS, b"example.net.", b"example.net", Within.NO),
        (EMAIL, b"a@example.net", b"example.net", Within.YES),
        (EMAIL, b"a@mx.example.net", b"example.net", Within.NO),
        (EMAIL, b"a@mx.example.net", b".example.net", Within.YES),
        (EMAIL, b"a@example.net", b"a@EXAMPLE.net", Within.YES),
        (EMAIL, b"A@example.net", b"a@example.net", Within.NO),
        (EMAIL, b"no address", b"example.net", Within.BAD_NAME),
        (EMAIL, b"a\0b@example.net", b"x\0y@example.net", Within.BAD_NAME),
        (URI, b"https://mx.example.net/x", b"mx.example.net", Within.YES),
        (URI, b"https://u@mx.example.net:8/x?y#z", b".example.net", Within.YES),
        (URI, b"https://example.net", b".example.net", Within.NO),
        (URI, b"mailto:a@example.net", b"example.net", Within.BAD_NAME),
        (URI, b"https://[2001:db8::1]/", b"2001:db8::1", Within.YES),
        (URI, b"https://[2001:db8::1", b"x", Within.BAD_NAME),
        (URI, b"https://host:99999/", b"host", Within.BAD_NAME),
        (IP, bytes([192, 0, 2, 1]), bytes([192, 0, 2, 0, 255, 255, 255, 0]), Within.YES),
        (IP, bytes([192, 0, 3, 1]), bytes([192, 0, 2, 0, 255, 255, 255, 0]), Within.NO),
        (IP, bytes(16), bytes([0, 0, 0, 0, 0, 0, 0, 0]), Within.NO),
        (IP, bytes(5), bytes(8), Within.BAD_NAME),
        (IP, bytes(4), bytes(7), Within.BAD_NAME),
        (0x88, b"\x2a\x03", b"\x2a", Within.UNSUPPORTED),
        (0xA4, b"\xff", b"\x30\x00", Within.BAD_NAME),
        (0xA4, b"\x30\x00", b"\x30\x00", Within.YES),
    ],
)
def test_names_are_compared_kind_by_kind(tag, name, base, outcome) -> None:
    assert within(GeneralName(tag, name, "", ""), GeneralName(tag, base, "", "")) is outcome


@given(st.integers(0, 255), st.binary(max_size=40), st.binary(max_size=40))
def test_no_name_and_no_base_make_the_comparison_raise(tag, name, base) -> None:
    one, other = GeneralName(tag, name, "", ""), GeneralName(tag, base, "", "")
    assert isinstance(within(one, other), Within)


labels = st.sampled_from([b"", b"a", b"b", b"example", b"net", b"."])
dns_names = st.lists(labels, max_size=6).map(b".".join)


@given(dns_names, st.lists(dns_names, min_size=1, max_size=5))
def test_dns_names_are_found_by_their_endings_as_one_after_the_other(name, bases) -> None:
    def named_so(content: bytes) -> GeneralName:
        return GeneralName(DNS, content, "DNS", content.decode())

    trees = tuple(Subtree(named_so(base), plain=True) for base in bases)
    inside = [base for base in bases if within(named_so(name), named_so(base)) is Within.YES]
    outcome, tree = Group("permitted", trees).first(named_so(name))
    assert outcome is (Within.YES if inside else Within.NO)
    assert not inside or tree.base.content == inside[0]


def test_a_subtree_with_a_minimum_cannot_be_compared() -> None:
    base = GeneralName(DNS, b"example.net", "DNS", "example.net")
    group = Group("permitted", (Subtree(base, plain=False),))
    assert group.first(base)[0] is Within.UNSUPPORTED
    value = tlv(0x30, tlv(0xA0, tlv(0x30, tlv(DNS, b"example.net") + tlv(0x80, b"\1"))))
    bent = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.30"), value)
    explained = explain(make(leaf_plan()), make(lower_plan(extra=((bent, True),))), upper())
    (objection,) = explained.objections
    assert objection.reason is Reason.NAME_CONSTRAINT
    assert "a minimum or a maximum" in objection.sentence


@pytest.mark.parametrize("level", [0, 1])
def test_a_subtree_without_a_base_cannot_be_read_and_openssl_takes_no_issuer(level) -> None:
    value = tlv(0x30, tlv(0xA0, tlv(0x30, b"")))
    bent = (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.30"), value), True)
    plans = [leaf_plan(), lower_plan()]
    plans[level].extra = (bent,)
    ders = [*map(make, plans), upper()]
    explained = explain(*ders)
    errors, _ = verify_again(tuple(ders), (root(),), NOW)
    (objection,) = explained.objections
    assert [one.name for one in errors] == ["X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY"]
    assert objection.reason is Reason.ISSUER_MISSING
    assert "its extension nameConstraints cannot be read" in objection.sentence


def constrained(names, permitted=(), excluded=(), subject="mx.example.net", level=1):
    nc = x509.NameConstraints(permitted or None, excluded or None)
    plans = [leaf_plan(names=tuple(names), subject=named(subject)), lower_plan(), upper_plan()]
    plans[level].name_constraints = nc
    ders = [make(plan) for plan in plans]
    return explain(*ders), ders


def network(text: str) -> x509.IPAddress:
    return x509.IPAddress(ipaddress.ip_network(text))


def test_every_comparison_is_a_record_with_its_reason() -> None:
    names = [x509.DNSName("mx.example.net"), x509.DNSName("mx.example.org")]
    explained, _ = constrained(
        names, [x509.DNSName("example.net")], [x509.DNSName("bad.example.net")]
    )
    checks = [
        (check.name, check.constraint, check.result, check.reason)
        for check in explained.constraints
    ]
    permitted, excluded = "permitted DNS example.net", "excluded DNS bad.example.net"
    outside = "it lies in none of the excluded subtrees"
    assert checks == [
        (
            "DNS mx.example.net",
            permitted,
            ConstraintResult.PERMITTED,
            "it lies in DNS example.net",
        ),
        ("DNS mx.example.net", excluded, ConstraintResult.NOT_EXCLUDED, outside),
        (
            "DNS mx.example.org",
            permitted,
            ConstraintResult.NOT_PERMITTED,
            "it lies in none of the permitted subtrees",
        ),
        ("DNS mx.example.org", excluded, ConstraintResult.NOT_EXCLUDED, outside),
    ]
    (objection,) = explained.objections
    assert objection.reason is Reason.NAME_CONSTRAINT
    assert objection.depth == 0
    assert objection.sentence == (
        'the CA certificate "Lower" may not certify DNS mx.example.org of the server\'s certificate'
        " (permitted DNS example.net): it lies in none of the permitted subtrees"
    )


@pytest.mark.parametrize(
    ("names", "permitted", "excluded", "valid"),
    [
        ([x509.DNSName("a.test")], [network("192.0.2.0/24")], [], True),  # another kind: free
        ([x509.DNSName("a.test")], [], [x509.DNSName("")], False),
        ([x509.DNSName("a.test")], [], [x509.DNSName("b.test")], True),
        (
            [x509.IPAddress(ipaddress.ip_address("192.0.2.1"))],
            [network("192.0.2.0/24")],
            [],
            True,
        ),
        (
            [x509.IPAddress(ipaddress.ip_address("192.0.2.1"))],
            [network("192.0.2.0/24")],
            [network("192.0.2.1/32")],
            False,
        ),
        (
            [x509.IPAddress(ipaddress.ip_address("2001:db8::1"))],
            [network("192.0.2.0/24")],
            [],
            False,
        ),
        ([x509.RFC822Name("a@example.net")], [x509.RFC822Name("example.org")], [], False),
        ([x509.RegisteredID(x509.ObjectIdentifier("1.2.3"))], [x509.DNSName("x")], [], True),
    ],
)
def test_openssl_agrees_on_tables_of_constraints(names, permitted, excluded, valid) -> None:
    explained, _ = constrained(names, permitted, excluded, subject="no name")
    assert explained.valid is valid  # ``explain`` compares with OpenSSL


@pytest.mark.parametrize(
    ("names", "subject", "valid"),
    [
        ([], "mx.example.org", False),  # no DNS name: the common name counts
        ([x509.DNSName("mx.example.net")], "mx.example.org", True),  # it does not beside one
        ([x509.RFC822Name("a@example.org")], "mx.example.org", False),
        ([], "one-label", True),  # not the form of a DNS name
        ([], "-bad.example.org", True),
        ([], "mx.example.net", True),
    ],
)
def test_the_common_name_counts_where_openssl_lets_it_count(names, subject, valid) -> None:
    explained, _ = constrained(names, [x509.DNSName("example.net")], subject=subject)
    assert explained.valid is valid


def test_constraints_of_the_root_hold_for_all_below_and_directory_names_go_by_case() -> None:
    directory = x509.DirectoryName(x509.Name(tuple(named("x", org="EXAMPLE "))[:1]))
    other = x509.DirectoryName(x509.Name(tuple(named("x", org="Other"))[:1]))
    assert constrained([x509.DNSName("a.test")], [directory], level=2)[0].valid
    explained, _ = constrained([x509.DNSName("a.test")], [other], level=2)
    assert {one.depth for one in explained.objections} == {0, 1}
    assert explained.objections[0].depth == 1  # the upper name is looked at first


def test_more_comparisons_than_openssl_makes_are_refused_as_it_does() -> None:
    names = [x509.DNSName(f"h{number}.example.net") for number in range(1_100)]
    bases = [x509.DNSName(f"b{number}.example") for number in range(1_000)]
    assert len(names) * len(bases) > CONSTRAINT_COMPARISONS
    explained, ders = constrained(names, [], bases)
    (objection,) = explained.objections
    assert objection.reason is Reason.UNREADABLE
    assert "too many names" in objection.sentence
    _, violations = check_constraints((*ders, root()))
    assert violations[0].first is None


def test_no_constraints_mean_no_records() -> None:
    assert explain(make(leaf_plan()), make(lower_plan()), upper()).constraints == ()
