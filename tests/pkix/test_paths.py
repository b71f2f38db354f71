from dataclasses import replace

import pytest
from cryptography import x509

from mxwalk.limits import PATH_CANDIDATES, PATH_CERTIFICATES, PATH_SIGNATURES
from mxwalk.pkix import paths as paths_module
from mxwalk.pkix.clients import judge_clients
from mxwalk.pkix.model import (
    ChainExplained,
    Client,
    ClientResult,
    KeyIds,
    PathEnd,
    Reason,
    Source,
)
from mxwalk.pkix.openssl import verify_again
from mxwalk.pkix.paths import Pool, find_paths
from mxwalk.pkix.validate import explain_chain
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.keys import SignatureCheck
from tests.pkix.chains import DAY, EKUS, NOW, Plan, make, named, pool
from tests.pkix.world import (
    AIA,
    below,
    explain,
    leaf,
    leaf_plan,
    lower,
    lower_plan,
    root,
    root_plan,
    upper,
    upper_plan,
)

T, R, D = ClientResult.TRUSTS, ClientResult.REFUSES, ClientResult.DEPENDS


def old_root() -> Plan:
    return Plan(named("Old Root"), pool()[4], ca=True, ends=NOW + 900 * DAY)


def cross(**changes: object) -> bytes:
    """Return the name and key of "Upper" certified by another root."""
    return make(below(replace(upper_plan(), serial=9, **changes), old_root()))


def names(explained: ChainExplained) -> list[list[str]]:
    return [
        [str(read_certificate(member.der).common_name) for member in one.members]
        for one in explained.candidates
    ]


def clients(explained: ChainExplained) -> dict[Client, ClientResult]:
    views = judge_clients(explained)
    assert [view.client for view in views] == list(Client)
    assert all(view.sentence and view.title for view in views)
    return {view.client: view.result for view in views}


def all_clients(result: ClientResult, **but: ClientResult) -> dict[Client, ClientResult]:
    return {client: but.get(client.value, result) for client in Client}


def test_a_whole_chain_has_one_path_with_the_root_from_the_store() -> None:
    explained = explain(leaf(), lower(), upper())
    assert explained.valid
    assert names(explained) == [["mx.example.net", "Lower", "Upper", "Root"]]
    sources = [member.source for member in explained.chosen.members]
    assert sources == [Source.SENT, Source.SENT, Source.SENT, Source.STORE]
    assert explained.chosen.end is PathEnd.ANCHOR
    assert explained.chosen.end_text == 'it ends in the trusted root "Root"'
    assert explained.complete
    for link in explained.links:
        assert link.names_equal
        assert link.signature is SignatureCheck.VERIFIED
        assert link.verified_by == read_certificate(link.issuer).spki_sha256
        assert link.key_ids is KeyIds.EQUAL
        assert link.alternatives == ()
    assert clients(explained) == all_clients(T)
    assert explained.order.sentences == ()  # the root is known: nothing is missing
    assert not explained.order.missing


def test_a_missing_intermediate_is_found_among_what_was_fetched_and_changes_no_verdict() -> None:
    explained = explain(leaf(), upper(), fetched=(lower(),))
    assert explained.order.missing
    assert explained.horizon.sentence.startswith("by its dates alone valid for 60 more days")
    (objection,) = explained.objections
    assert objection.reason is Reason.ISSUER_MISSING
    assert objection.sentence == (
        'the issuer of "mx.example.net", "O=Example, CN=Lower", was neither sent nor is it in the'
        " trust store"
    )
    assert "cat leaf.pem intermediate.pem > fullchain.pem" in objection.fix
    assert "http://ca.example.com/lower.der" in objection.fix
    complete = next(one for one in explained.candidates if one.valid)
    assert [member.source for member in complete.members] == [
        Source.SENT,
        Source.FETCHED,
        Source.SENT,
        Source.STORE,
    ]
    assert clients(explained) == all_clients(R, schannel=T)
    sentences = {view.client: view.sentence for view in judge_clients(explained)}
    assert "enableAIAcaIssuers" in sentences[Client.JAVA]
    assert "never fetches" in sentences[Client.OPENSSL]


def test_without_fetching_windows_would_depend_on_it() -> None:
    assert clients(explain(leaf())) == all_clients(R, schannel=D)
    no_address = make(leaf_plan(extra=()))
    assert clients(explain(no_address)) == all_clients(R)


def test_a_wrong_order_matters_to_a_strict_client_only() -> None:
    explained = explain(leaf(), upper(), lower())
    assert explained.valid
    assert clients(explained) == all_clients(T, strict=R)


def test_a_cross_signed_intermediate_gives_two_paths_and_the_link_names_the_other() -> None:
    other = cross()
    explained = explain(leaf(), lower(), upper(), other, anchors=(root(), make(old_root())))
    assert explained.valid
    assert sorted(one[-1] for one in names(explained)) == ["Old Root", "Root"]
    assert explained.links[1].alternatives == (other,)
    assert clients(explained) == all_clients(T, strict=R)


def test_openssl_takes_the_first_issuer_that_fits_and_does_not_go_back() -> None:
    explained = explain(leaf(), lower(), cross(), upper())
    assert not explained.valid
    assert explained.objections[0].reason is Reason.ISSUER_MISSING
    assert any(one.valid for one in explained.candidates)
    # measured with OpenSSL 4.0.3 (refuses), OpenJDK 17 (trusts) and GnuTLS 3.7.9 (refuses)
    assert clients(explained) == all_clients(T, openssl=R, gnutls=D, strict=R)


def test_an_expired_cross_certificate_is_passed_over() -> None:
    expired = cross(ends=NOW - DAY)
    explained = explain(leaf(), lower(), expired, upper())
    assert explained.valid
    assert len(explained.candidates) == 2
    assert clients(explained) == all_clients(T, gnutls=D, strict=R)


@pytest.mark.parametrize(
    ("sent", "anchors", "expected"),
    [
        # each measured with OpenJDK 17, GnuTLS 3.7.9, OpenSSL 4.0.3
        ((leaf(), lower()), (upper(),), all_clients(R, gnutls=T, java=T)),
        (
            (make(leaf_plan(ekus=(EKUS[3],))), lower(), upper()),
            (root(),),
            all_clients(D, openssl=R),
        ),
        ((make(leaf_plan(begins=NOW + DAY)), lower(), upper()), (root(),), all_clients(R)),
    ],
)
def test_clients_are_judged_as_they_were_measured(sent, anchors, expected) -> None:
    assert clients(explain(*sent, anchors=anchors)) == expected


def test_java_does_not_look_at_the_dates_of_a_root() -> None:
    expired = make(replace(root_plan(), ends=NOW - DAY))
    explained = explain(leaf(), lower(), upper(), anchors=(expired,))
    assert [(one.depth, one.reason) for one in explained.objections] == [(3, Reason.EXPIRED)]
    assert clients(explained) == all_clients(R, java=T)


def test_a_link_whose_signature_is_wrong_names_the_key_that_made_it() -> None:
    twin = make(lower_plan(key=pool()[0], ski=b"\2" * 20))
    plain = make(leaf_plan(with_aki=False))
    explained = explain(plain, twin, lower(), upper())
    assert explained.objections[0].reason is Reason.SIGNATURE
    link = explained.links[0]
    assert link.signature is SignatureCheck.WRONG
    assert link.verified_by == read_certificate(lower()).spki_sha256
    assert link.key_ids is KeyIds.ABSENT
    assert any(one.valid for one in explained.candidates)


def test_key_identifiers_that_differ_are_why_an_issuer_is_not_taken() -> None:
    other = make(lower_plan(ski=b"\3" * 20))
    explained = explain(leaf(), other, upper())
    assert "key identifier is not the one" in explained.objections[0].sentence


def test_a_top_without_root_ends_in_the_store() -> None:
    explained = explain(leaf(), lower(), anchors=(upper(),))
    assert explained.chosen.end is PathEnd.ISSUER_MISSING
    assert "OpenSSL trusts roots only" in explained.chosen.end_text
    assert explained.chosen.members[-1].source is Source.STORE


def mesh(width: int, depth: int) -> tuple[bytes, ...]:
    """Return layers of CAs of one name each, every key certified by every key above."""
    keys = [pool(width * depth)[level * width : (level + 1) * width] for level in range(depth)]
    found = []
    for level in range(depth - 1):
        for key in keys[level]:
            for signer in keys[level + 1]:
                plan = Plan(named(f"Mesh {level}"), key, ca=True, with_ski=False, with_aki=False)
                plan.issuer, plan.signer = named(f"Mesh {level + 1}"), signer
                found.append(make(plan))
    return tuple(found)


def test_a_mesh_of_cross_signed_certificates_ends_the_search_not_the_program(monkeypatch) -> None:
    certificates = mesh(4, 6)
    entry = leaf_plan(with_aki=False)
    entry.issuer, entry.signer = named("Mesh 0"), pool(24)[0]
    checked = 0
    real = paths_module.check_signature

    def counted(child: bytes, issuer: bytes) -> SignatureCheck:
        nonlocal checked
        checked += 1
        return real(child, issuer)

    monkeypatch.setattr(paths_module, "check_signature", counted)
    pool_of = Pool.of((make(entry), *certificates), (), ())
    found = find_paths(make(entry), pool_of)
    assert not found.complete
    assert 0 < len(found.paths) <= PATH_CANDIDATES
    assert checked <= PATH_SIGNATURES


def test_a_long_line_of_issuers_is_followed_as_far_as_openssl_follows() -> None:
    keys = pool()
    line = []
    for level in range(PATH_CERTIFICATES + 10):
        plan = Plan(named(f"CA {level}"), keys[level % 6], ca=True)
        plan.issuer, plan.signer = named(f"CA {level + 1}"), keys[(level + 1) % 6]
        line.append(make(plan))
    errors, path = verify_again(tuple(line), (), NOW)
    explained = explain_chain(tuple(line), path, NOW, anchors=())
    assert explained.objections[0].reason is Reason.TOO_LONG
    assert errors[0].name == "X509_V_ERR_CERT_CHAIN_TOO_LONG"
    assert explained.objections[0].depth == errors[0].depth
    assert all(len(one.members) <= PATH_CERTIFICATES + 1 for one in explained.candidates)


def test_without_a_store_the_path_of_a_trace_tells_what_is_trusted() -> None:
    sent = (leaf(), lower(), upper())
    _, path = verify_again(sent, (root(),), NOW)
    assert explain_chain(sent, path, NOW).valid
    assert explain_chain(sent, path, NOW, errors=()).valid
    errors, path = verify_again((*sent, root()), (), NOW)
    explained = explain_chain((*sent, root()), path, NOW, errors=errors)
    assert [one.reason for one in explained.objections] == [Reason.UNTRUSTED_ROOT]
    assert explained.disputed == ()
    assert explain_chain((*sent, root()), (), NOW, anchors=(root(),)).valid


def test_the_address_of_an_issuer_further_up_is_given_too() -> None:
    explained = explain(leaf(), lower())
    assert AIA in explained.objections[0].fix


@pytest.mark.parametrize(
    ("issuer", "why"),
    [
        (lambda: make(lower_plan(surgery=("unreadable key",))), "its public key cannot be read"),
        (lambda: make(lower_plan(key=pool()[0])), "its key identifier is not the one"),
    ],
)
def test_an_issuer_that_is_not_taken_is_a_dead_end_and_says_why(issuer, why) -> None:
    explained = explain(leaf(), issuer(), upper())
    assert explained.chosen.dead_end
    assert why in explained.chosen.end_text


def test_a_chain_of_two_that_lacks_one_may_lack_a_root_or_an_intermediate() -> None:
    explained = explain(leaf(), lower(), anchors=())
    assert not explained.chosen.dead_end
    assert "if it is a root, senders must have it" in explained.objections[0].fix


def test_of_two_with_one_serial_number_openssl_asks_only_whether_the_issuer_is_a_root() -> None:
    root_of_one = Plan(named("Root"), pool()[0], ca=True, serial=1)
    foreign = x509.AuthorityKeyIdentifier(b"\1" * 20, None, None)
    child = below(Plan(named("mx.example.net"), pool()[1], ca=False, serial=1), root_of_one)
    child.aki = foreign
    assert explain(make(child), anchors=(make(root_of_one),)).valid
    child.serial = 2
    assert not explain(make(child), anchors=(make(root_of_one),)).valid
