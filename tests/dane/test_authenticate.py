"""Records against chains: DANE-EE, DANE-TA, every cell of the grid.  RFC 7671 5, RFC 7672 3."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from mxwalk import limits
from mxwalk.dane.authenticate import authenticate
from mxwalk.dane.matching import CellState, compare_all
from mxwalk.dane.result import Authentication, RecordOutcome
from mxwalk.dane.tlsa import make_record, read_rdata
from mxwalk.tls.certificate import public_key_info
from tests.dane.world import DAY, HOST, NAMES, NOW, intermediate, leaf, record, root
from tests.tls.pki import issue


def outcome(records, chain, names=NAMES, at=NOW, supplied=()):
    return authenticate(records, [one.der for one in chain], names, at, supplied)


def one(params, certificate, chain, **more):
    return outcome([record(params, certificate)], chain, **more).results[0].outcome


FULL = [leaf(), intermediate()]


@pytest.mark.parametrize("params", ["3 0 0", "3 1 0", "3 0 1", "3 1 1", "3 0 2", "3 1 2"])
def test_dane_ee_authenticates_the_leaf_in_every_form(params: str) -> None:
    assert one(params, leaf(), FULL) is RecordOutcome.AUTHENTICATES


def test_dane_ee_ignores_name_expiry_purpose_and_issuer() -> None:
    # RFC 7672 3.1.1
    expired = leaf("other.example.org", begins=-60, ends=-10)
    assert one("3 1 1", expired, [expired]) is RecordOutcome.AUTHENTICATES
    early = leaf(begins=10, ends=60)
    assert one("3 1 1", early, [early]) is RecordOutcome.AUTHENTICATES
    client = leaf(client_only=True)
    assert one("3 1 1", client, [client]) is RecordOutcome.AUTHENTICATES


def test_dane_ee_does_not_match_an_issuer() -> None:
    result = outcome([record("3 1 1", intermediate())], FULL)
    assert result.results[0].outcome is RecordOutcome.MISMATCH
    assert "usage 2" in result.reason


@pytest.mark.parametrize("params", ["2 0 0", "2 1 0", "2 0 1", "2 1 1", "2 0 2", "2 1 2"])
def test_dane_ta_authenticates_through_an_anchor_that_was_sent(params: str) -> None:
    assert one(params, intermediate(), FULL) is RecordOutcome.AUTHENTICATES
    assert one(params, root(), [*FULL, root()]) is RecordOutcome.AUTHENTICATES


@pytest.mark.parametrize("params", ["2 0 0", "2 1 0"])
def test_an_anchor_given_in_full_need_not_be_sent(params: str) -> None:
    # RFC 7671 5.2.2, 5.2.3
    assert one(params, intermediate(), [leaf()]) is RecordOutcome.AUTHENTICATES
    assert one(params, root(), FULL) is RecordOutcome.AUTHENTICATES


def test_an_anchor_not_sent_is_told_from_a_wrong_one() -> None:
    assert one("2 1 1", intermediate(), [leaf()]) is RecordOutcome.ANCHOR_NOT_SENT
    known = outcome([record("2 1 1", root())], FULL, supplied=[root().der])
    assert known.results[0].outcome is RecordOutcome.ANCHOR_NOT_SENT
    other = issue("Other CA", ca=True, begins=NOW - DAY, ends=NOW + DAY)
    assert one("2 1 1", other, FULL) is RecordOutcome.MISMATCH


def test_a_wrong_anchor_in_full_does_not_authenticate() -> None:
    same_name = issue("Lab CA", ca=True, begins=NOW - DAY, ends=NOW + DAY)
    assert one("2 0 0", same_name, FULL) is RecordOutcome.MISMATCH
    assert one("2 1 0", same_name, FULL) is RecordOutcome.MISMATCH


@pytest.mark.parametrize(
    ("chain_leaf", "expected"),
    [
        (lambda: leaf(begins=-60, ends=-10), RecordOutcome.EXPIRED),
        (lambda: leaf(begins=10, ends=60), RecordOutcome.NOT_YET_VALID),
        (lambda: leaf(client_only=True), RecordOutcome.WRONG_PURPOSE),
        (lambda: leaf("other.example.org"), RecordOutcome.NAME_MISMATCH),
        (lambda: leaf("example.com"), RecordOutcome.AUTHENTICATES),  # the next-hop domain
        (lambda: leaf("*.example.net"), RecordOutcome.AUTHENTICATES),
        (lambda: leaf("*.net"), RecordOutcome.NAME_MISMATCH),
    ],
)
def test_dane_ta_checks_dates_purpose_and_names(chain_leaf, expected) -> None:
    assert one("2 1 1", intermediate(), [chain_leaf(), intermediate()]) is expected


def test_the_common_name_counts_only_without_dns_names() -> None:
    # RFC 7672 3.2.3
    bare = issue(HOST, intermediate(), begins=NOW - DAY, ends=NOW + DAY, dns=())
    assert one("2 1 1", intermediate(), [bare, intermediate()]) is RecordOutcome.AUTHENTICATES
    named = issue(HOST, intermediate(), begins=NOW - DAY, ends=NOW + DAY, dns=("x.example",))
    assert one("2 1 1", intermediate(), [named, intermediate()]) is RecordOutcome.NAME_MISMATCH


def test_an_issuer_that_is_no_ca_or_has_expired_breaks_dane_ta() -> None:
    fake = issue("Not a CA", root(), begins=NOW - DAY, ends=NOW + DAY)
    under = issue(HOST, fake, begins=NOW - DAY, ends=NOW + DAY)
    assert one("2 1 1", fake, [under, fake]) is RecordOutcome.NOT_A_CA
    old = issue("Old CA", root(), ca=True, begins=NOW - 9 * DAY, ends=NOW - DAY)
    young = issue(HOST, old, begins=NOW - DAY, ends=NOW + DAY)
    assert one("2 1 1", root(), [young, old, root()]) is RecordOutcome.EXPIRED


def test_the_dates_of_the_anchor_count_only_when_it_is_self_issued() -> None:
    # RFC 5280 6.1.1 d, and what OpenSSL does
    old = issue("Old CA", root(), ca=True, begins=NOW - 9 * DAY, ends=NOW - DAY)
    under = issue(HOST, old, begins=NOW - DAY, ends=NOW + DAY)
    assert one("2 1 1", old, [under, old]) is RecordOutcome.AUTHENTICATES
    top = issue("Old Root", ca=True, begins=NOW - 9 * DAY, ends=NOW - DAY)
    below = issue(HOST, top, begins=NOW - DAY, ends=NOW + DAY)
    assert one("2 1 1", top, [below, top]) is RecordOutcome.EXPIRED


def test_an_issuer_in_name_only_breaks_the_chain() -> None:
    impostor = issue("Lab CA", ca=True, begins=NOW - DAY, ends=NOW + DAY)
    result = outcome([record("2 1 1", impostor)], [leaf(), impostor])
    assert result.results[0].outcome is RecordOutcome.CHAIN_BROKEN
    assert "signature" in result.reason


def test_a_certificate_beside_the_chain_is_no_anchor() -> None:
    stray = issue("Stray CA", ca=True, begins=NOW - DAY, ends=NOW + DAY)
    result = outcome([record("2 1 1", stray)], [*FULL, stray])
    assert result.results[0].outcome is RecordOutcome.CHAIN_BROKEN


def test_name_constraints_on_the_way_are_kept() -> None:
    constraint = x509.NameConstraints([x509.DNSName("example.org")], None)
    narrow = issue(
        "Narrow CA", root(), ca=True, begins=NOW - DAY, ends=NOW + DAY,
        extensions=((constraint, True),),
    )  # fmt: skip
    under = issue(HOST, narrow, begins=NOW - DAY, ends=NOW + DAY)
    assert one("2 1 1", narrow, [under, narrow]) is RecordOutcome.NAME_CONSTRAINT


def test_one_good_record_suffices_and_the_others_keep_their_results() -> None:
    records = [
        make_record(3, 1, 1, b"x" * 32),
        record("2 1 1", intermediate()),
        make_record(1, 1, 1, b"y" * 32),
    ]
    result = outcome(records, FULL)
    assert result.authentication is Authentication.AUTHENTICATED
    assert [r.outcome for r in result.results] == [
        RecordOutcome.MISMATCH,
        RecordOutcome.AUTHENTICATES,
        RecordOutcome.UNUSABLE,
    ]
    assert result.deciding.record == 1


def test_a_weak_digest_that_matches_does_not_save_a_strong_one_that_does_not() -> None:
    # RFC 7671 9
    records = [record("3 1 1", leaf()), make_record(3, 1, 2, b"x" * 64)]
    result = outcome(records, FULL)
    assert result.authentication is Authentication.FAILED
    assert [r.outcome for r in result.results] == [RecordOutcome.OUTRANKED, RecordOutcome.MISMATCH]
    assert result.grid.cell(0, 0).equal  # the cell is computed all the same


def test_only_unusable_records_authenticate_nothing() -> None:
    result = outcome([record("1 1 1", leaf()), make_record(3, 1, 1, b"x" * 31)], FULL)
    assert result.authentication is Authentication.UNUSABLE
    assert result.grid.cell(0, 0).equal
    assert result.grid.cell(0, 0).state is CellState.NOT_APPLICABLE


def test_without_certificates_nothing_is_authenticated() -> None:
    result = outcome([record("3 1 1", leaf())], [])
    assert result.authentication is Authentication.NO_CERTIFICATE


def test_every_record_is_compared_with_every_certificate() -> None:
    records = [record("3 1 1", leaf()), record("2 0 1", intermediate()), record("1 0 1", leaf())]
    grid = compare_all(records, [leaf().der, intermediate().der])
    assert [[cell.state.value for cell in row] for row in grid.cells] == [
        ["match", "not applicable"],
        ["not applicable", "match"],
        ["not applicable", "not applicable"],
    ]
    assert [[cell.equal for cell in row] for row in grid.cells] == [
        [True, False], [False, True], [True, False],
    ]  # fmt: skip
    assert all(len(cell.computed) == 32 for row in grid.cells for cell in row)


def test_a_bare_key_in_full_is_the_keys_encoding() -> None:
    spki = root().key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert record("2 1 0", root()).data == spki


def test_a_huge_set_is_bounded_and_says_what_was_left_out() -> None:
    records = [make_record(3, 1, 1, bytes([n % 256]) * 32) for n in range(1_400)]
    chain = [leaf().der] * 1_000
    grid = compare_all(records, chain)
    assert len(grid.records) == limits.TLSA_RECORDS
    assert grid.omitted == 1_400 - limits.TLSA_RECORDS + 1_000 - limits.DANE_CERTIFICATES


@given(
    st.lists(st.binary(max_size=80), max_size=4),
    st.lists(st.one_of(st.binary(max_size=80), st.just(leaf().der)), max_size=4),
)
def test_no_rdata_and_no_chain_makes_it_raise(rdata, chain) -> None:
    result = authenticate([read_rdata(one) for one in rdata], chain, NAMES, NOW)
    assert isinstance(result.authentication, Authentication)
    assert result.reason.isprintable()


def test_many_anchors_in_full_are_bounded_work_and_the_first_ones_count() -> None:
    """A message holds hundreds of keys; each would be tried on every certificate of the chain."""
    chain = (leaf().der, intermediate().der)
    other = make_record(2, 1, 0, public_key_info(leaf(own=1).der))
    good = record("2 1 0", root())
    assert outcome([good, *[other] * 190], FULL).authenticated
    late = authenticate([*[other] * 190, good], chain, NAMES, NOW)
    assert not late.authenticated
    assert len(late.results) == 191


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("anchor", ["2 1 1 of the CA", "2 1 1 of the root"])
def test_a_ca_sent_in_an_old_and_a_new_form_is_used_in_the_one_that_is_valid(
    newest_first: bool, anchor: str
) -> None:
    top = root() if anchor.endswith("root") else None
    new = issue("Form", top, ca=True, begins=NOW - DAY, ends=NOW + 90 * DAY)
    old = issue("Form", top, ca=True, begins=NOW - 90 * DAY, ends=NOW - DAY, key=new.key)
    server = issue("leaf", new, begins=NOW - DAY, ends=NOW + DAY, dns=(HOST,))
    forms = [new, old] if newest_first else [old, new]
    published = record("2 1 1", top or new)
    result = outcome([published], [server, *forms, *([top] if top else [])])
    assert result.authenticated, result.reason
    late = outcome([published], [server, old, *([top] if top else [])])
    assert late.results[0].outcome is RecordOutcome.EXPIRED
