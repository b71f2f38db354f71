"""The worked example of the ESA's verification document and the order rules around it."""

from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.connection import IdentityGathered
from mxwalk.identity.esa_flows import verify, verify_hosted
from mxwalk.identity.model import Comparison, IdentityResult, Match
from mxwalk.identity.presented import identifiers
from mxwalk.limits import IDENTITY_CELLS

WILDCARD = identifiers(("*.emailhosted.not", "emailhosted.not"), "*.emailhosted.not")
EXAMPLE = IdentityGathered(
    recipient_domain="example.com",
    mx_host="mx01.subd.emailhosted.not",
    mx_hosts=("mx01.subd.emailhosted.not", "mx02.subd.emailhosted.not"),
    ptr_names=(("mx0a.emailhosted.not", True),),
)


def row(cell: Comparison) -> tuple[int, str, str, str, str, str]:
    return (
        cell.number,
        f"{cell.presented.kind.value} {cell.presented.text}",
        f"{cell.reference.kind.value} {cell.reference.text}",
        cell.match.value,
        cell.reason,
        "decides" if cell.decides else "",
    )


def processed(result: IdentityResult) -> list[tuple[str, str, str]]:
    return [row(cell)[1:4] for cell in result.comparisons if cell.number]


def reason(result: IdentityResult, presented: str, reference: str) -> str:
    (cell,) = [
        c
        for c in result.comparisons
        if row(c)[1] == presented and c.reference.text == reference and c.match is Match.SKIPPED
    ]
    return cell.reason


MX01 = "MX host mx01.subd.emailhosted.not"
MX02 = "MX host mx02.subd.emailhosted.not"
PTR = "PTR host mx0a.emailhosted.not"
DOMAIN = "recipient domain example.com"
STAR = "DNS *.emailhosted.not"
BARE = "DNS emailhosted.not"
CN = "CN *.emailhosted.not"


def test_worked_example_under_verify_is_verified_by_comparison_4() -> None:
    result = verify(WILDCARD, EXAMPLE, "192.0.2.1")
    no_end = '"example.com" does not end in ".emailhosted.not"'
    no_mx = "no MX in this flow: an MX host is never a reference identifier here"
    cn_only = "PTR names are compared with the CN only"
    assert [row(cell) for cell in result.comparisons] == [
        (1, STAR, DOMAIN, "mismatch", no_end, ""),
        (2, BARE, DOMAIN, "mismatch", '"emailhosted.not" is not "example.com"', ""),
        (3, CN, DOMAIN, "mismatch", no_end, ""),
        (
            4,
            CN,
            PTR,
            "wildcard",
            '"*" stands for "mx0a", "emailhosted.not" equals "emailhosted.not"',
            "decides",
        ),
        (0, STAR, MX01, "skipped", no_mx, ""),
        (0, STAR, MX02, "skipped", no_mx, ""),
        (0, STAR, PTR, "skipped", cn_only, ""),
        (0, BARE, MX01, "skipped", no_mx, ""),
        (0, BARE, MX02, "skipped", no_mx, ""),
        (0, BARE, PTR, "skipped", cn_only, ""),
        (0, CN, MX01, "skipped", no_mx, ""),
        (0, CN, MX02, "skipped", no_mx, ""),
    ]
    assert result.verified
    assert result.deciding is not None
    assert result.deciding.wildcard_label == "mx0a"
    assert result.deciding.equal_labels == 2
    assert result.summary == (
        'CN "*.emailhosted.not" matches the PTR host "mx0a.emailhosted.not" by wildcard'
    )
    assert [ref.origin for ref in result.references] == [
        "the recipient address",
        "MX of example.com, the host connected to, insecure DNS",
        "MX of example.com, insecure DNS",
        "PTR of 192.0.2.1, forward-confirmed",
    ]
    assert [ref.secure for ref in result.references] == [True, False, False, False]


def test_worked_example_under_verify_hosted_domains_fails() -> None:
    result = verify_hosted(WILDCARD, EXAMPLE, "192.0.2.1")
    cn_ignored = "CN is ignored: a dNSName is present"
    no_ptr = "no PTR in this flow: PTR names are never examined"
    other = "not the MX host connected to"
    no_end = '"example.com" does not end in ".emailhosted.not"'
    one_label = 'a wildcard covers one label: "*" cannot stand for "mx01.subd" (RFC 9525 6.3)'
    lacks = '"emailhosted.not" is not "mx01.subd.emailhosted.not": it lacks "mx01.subd"'
    assert [row(cell) for cell in result.comparisons] == [
        (1, STAR, DOMAIN, "mismatch", no_end, ""),
        (2, BARE, DOMAIN, "mismatch", '"emailhosted.not" is not "example.com"', ""),
        (3, STAR, MX01, "mismatch", one_label, ""),
        (4, BARE, MX01, "mismatch", lacks, ""),
        (0, STAR, MX02, "skipped", other, ""),
        (0, STAR, PTR, "skipped", no_ptr, ""),
        (0, BARE, MX02, "skipped", other, ""),
        (0, BARE, PTR, "skipped", no_ptr, ""),
        (0, CN, DOMAIN, "skipped", cn_ignored, ""),
        (0, CN, MX01, "skipped", cn_ignored, ""),
        (0, CN, MX02, "skipped", other, ""),
        (0, CN, PTR, "skipped", no_ptr, ""),
    ]
    assert not result.verified
    assert result.deciding is None
    assert result.summary == (
        'no dNSName matches the recipient domain "example.com"'
        ' or the MX host "mx01.subd.emailhosted.not"'
    )


def test_verify_stops_at_the_first_dns_id_and_says_so_of_the_rest() -> None:
    presented = identifiers(("example.com", "mx.example.com"), "example.com")
    result = verify(presented, EXAMPLE)
    assert processed(result) == [("DNS example.com", DOMAIN, "exact")]
    assert reason(result, "DNS mx.example.com", "example.com") == (
        "not reached: verified by comparison 1"
    )
    assert reason(result, "CN example.com", "mx0a.emailhosted.not") == (
        "not reached: verified by comparison 1"
    )


def test_verify_compares_no_dns_id_with_a_ptr_name() -> None:
    result = verify(identifiers(("mx0a.emailhosted.not",), None), EXAMPLE)
    assert not result.verified
    assert result.summary == (
        'the dNSName "mx0a.emailhosted.not" does not match the recipient domain "example.com";'
        " there is no CN to compare with the PTR host"
    )


def test_verify_never_counts_mx_host_or_route() -> None:
    gathered = IdentityGathered(
        recipient_domain="example.com",
        mx_host="mx01.example.net",
        mx_hosts=("mx01.example.net",),
        routes=("relay.example.net",),
        any_fqdn_route=True,
    )
    names = ("mx01.example.net", "relay.example.net")
    assert not verify(identifiers(names, names[0]), gathered).verified
    assert not verify(identifiers(names, names[1]), gathered).verified


def test_verify_skips_a_ptr_name_that_is_not_forward_confirmed_and_goes_on() -> None:
    gathered = IdentityGathered(
        recipient_domain="example.com",
        ptr_names=(("fake.example.net", False), ("mx.example.net", True)),
    )
    cn = identifiers((), "*.example.net")
    result = verify(cn, gathered)
    assert processed(result) == [
        ("CN *.example.net", DOMAIN, "mismatch"),
        ("CN *.example.net", "PTR host mx.example.net", "wildcard"),
    ]
    assert reason(result, "CN *.example.net", "fake.example.net").startswith(
        "PTR is not forward-confirmed"
    )


def test_hosted_uses_the_cn_only_without_dns_name() -> None:
    gathered = IdentityGathered(
        recipient_domain="example.com", mx_host="mx.example.net", mx_hosts=("mx.example.net",)
    )
    assert verify_hosted(identifiers((), "mx.example.net"), gathered).verified
    both = verify_hosted(identifiers(("other.example.net",), "mx.example.net"), gathered)
    assert not both.verified
    assert reason(both, "CN mx.example.net", "example.com") == "CN is ignored: a dNSName is present"


def test_hosted_loops_references_outside_and_presented_inside() -> None:
    presented = identifiers(("mx01.subd.emailhosted.not", "example.com"), None)
    assert processed(verify_hosted(presented, EXAMPLE)) == [
        ("DNS mx01.subd.emailhosted.not", DOMAIN, "mismatch"),
        ("DNS example.com", DOMAIN, "exact"),
    ]


def test_hosted_fqdn_routes_replace_the_mx_hosts() -> None:
    gathered = IdentityGathered(
        recipient_domain="example.com",
        mx_hosts=("mx.example.net",),
        routes=("relay1.example.net", "relay2.example.net"),
        any_fqdn_route=True,
    )
    named = verify_hosted(identifiers(("relay2.example.net",), None), gathered)
    assert [cell[1] for cell in processed(named)] == [
        DOMAIN,
        "SMTP route relay1.example.net",
        "SMTP route relay2.example.net",
    ]
    assert named.verified
    by_mx = verify_hosted(identifiers(("mx.example.net",), None), gathered)
    assert not by_mx.verified
    assert reason(by_mx, "DNS mx.example.net", "mx.example.net") == (
        "no MX in this flow: an FQDN SMTP route replaces the MX host names"
    )


def test_hosted_address_routes_count_every_mx_host_of_the_domain() -> None:
    gathered = IdentityGathered(
        recipient_domain="example.com", mx_hosts=("mx1.example.net", "mx2.example.net")
    )
    result = verify_hosted(identifiers(("mx2.example.net",), None), gathered)
    assert result.verified
    assert [cell[1] for cell in processed(result)] == [
        DOMAIN,
        "MX host mx1.example.net",
        "MX host mx2.example.net",
    ]


def test_hosted_connected_by_an_address_route_beside_an_fqdn_route_has_only_the_domain() -> None:
    gathered = IdentityGathered(
        recipient_domain="example.com", mx_hosts=("mx.example.net",), any_fqdn_route=True
    )
    assert not verify_hosted(identifiers(("mx.example.net",), None), gathered).verified
    assert verify_hosted(identifiers(("example.com",), None), gathered).verified


def test_hosted_counts_only_the_mx_host_connected_to() -> None:
    result = verify_hosted(identifiers(("mx02.subd.emailhosted.not",), None), EXAMPLE)
    assert not result.verified


def test_implicit_mx_is_a_reference_of_its_own() -> None:
    gathered = IdentityGathered(recipient_domain="example.com", mx_host="example.com")
    result = verify_hosted(identifiers(("other.test",), None), gathered)
    assert len(processed(result)) == 2


def test_certificate_without_any_name_fails_with_its_own_sentence() -> None:
    for flow in (verify, verify_hosted):
        result = flow((), EXAMPLE)
        assert not result.verified
        assert result.comparisons == ()
        assert result.summary == (
            "the certificate presents no name: it has neither a dNSName nor a CN"
        )


def test_every_cell_of_the_matrix_is_there_exactly_once() -> None:
    for flow in (verify, verify_hosted):
        result = flow(WILDCARD, EXAMPLE)
        assert len(result.comparisons) == len(result.presented) * len(result.references)
        for presented in result.presented:
            for reference in result.references:
                assert result.cell(presented, reference) is not None


def test_address_target_without_recipient_domain_compares_ptr_names_only() -> None:
    gathered = IdentityGathered(recipient_domain="", ptr_names=(("mx.example.net", True),))
    assert verify(identifiers((), "mx.example.net"), gathered).verified
    assert not verify_hosted(identifiers((), "mx.example.net"), gathered).verified


def test_a_failure_by_an_unconfirmed_ptr_name_says_so() -> None:
    gathered = IdentityGathered(
        recipient_domain="example.com", ptr_names=(("mx.example.net", False),)
    )
    result = verify(identifiers((), "mx.example.net"), gathered)
    assert result.summary == (
        'the CN "mx.example.net" does not match the recipient domain "example.com"; the PTR host'
        ' "mx.example.net" is not forward-confirmed and does not count'
    )


NAMES = st.sampled_from(
    ("example.com", "*.example.net", "mx1.example.net", "mx2.example.net", "r.example.org", "x y")
)


@given(
    st.lists(NAMES, max_size=4),
    st.none() | NAMES,
    st.builds(
        IdentityGathered,
        recipient_domain=st.sampled_from(("", "example.com")),
        mx_host=st.sampled_from(("", "mx1.example.net", "example.com")),
        mx_hosts=st.lists(NAMES, max_size=3, unique=True).map(tuple),
        mx_authentic=st.booleans(),
        routes=st.lists(NAMES, max_size=2, unique=True).map(tuple),
        any_fqdn_route=st.booleans(),
        ptr_names=st.lists(st.tuples(NAMES, st.booleans()), max_size=3).map(tuple),
    ),
)
def test_whatever_was_gathered_the_matrix_is_whole_and_in_order(
    dns_names: list[str], cn: str | None, gathered: IdentityGathered
) -> None:
    presented = identifiers(dns_names, cn)
    for flow in (verify, verify_hosted):
        result = flow(presented, gathered)
        pairs = [(c.presented, c.reference) for c in result.comparisons]
        assert len(pairs) == len(set(pairs)) == len(presented) * len(result.references)
        numbered = [c for c in result.comparisons if c.number]
        assert [c.number for c in numbered] == list(range(1, len(numbered) + 1))
        assert all(c.match is Match.SKIPPED for c in result.comparisons if not c.number)
        assert all(c.reason for c in result.comparisons)
        assert result.omitted == 0
        assert result.verified is any(c.matched for c in numbered)
        assert [c for c in numbered if c.matched] == [c for c in numbered if c.decides]
        if not result.verified:
            assert not any(c.reason.startswith("not reached") for c in result.comparisons)
        elif numbered:
            assert result.deciding == numbered[-1]


def test_a_certificate_with_thousands_of_names_is_compared_whole_but_kept_bounded() -> None:
    hosts = tuple(f"mx{n}.example.net" for n in range(100))
    gathered = IdentityGathered(recipient_domain="example.com", mx_hosts=hosts)
    names = [f"h{n}.example.org" for n in range(2_000)]
    failed = verify_hosted(identifiers(names, None), gathered)
    assert not failed.verified
    assert len(failed.comparisons) == IDENTITY_CELLS
    assert failed.omitted == 2_000 * 101 - IDENTITY_CELLS
    assert "97 more names" in failed.summary
    found = verify_hosted(identifiers([*names, hosts[-1]], None), gathered)
    assert found.deciding is not None
    assert found.deciding.number == 2_001 * 101
