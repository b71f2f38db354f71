import pytest
from cryptography import x509

from mxwalk.pkix.model import Reason
from mxwalk.pkix.order import remarks, sent_order
from mxwalk.pkix.validate import explain_chain
from tests.pkix.chains import NOW, Plan, make, named, pool
from tests.pkix.world import aia, leaf, leaf_plan, lower, lower_plan, root, upper


@pytest.mark.parametrize(
    ("sent", "path", "extras", "duplicates", "in_order", "strict"),
    [
        ("leaf lower upper", (0, 1, 2), (), (), True, True),
        ("leaf lower upper root", (0, 1, 2, 3), (), (), True, True),
        ("leaf upper lower", (0, 2, 1), (), (), False, False),
        ("leaf upper", (0,), (1,), (), True, False),
        ("leaf lower lower upper", (0, 1, 3), (), (2,), True, False),
        ("leaf leaf lower upper", (0, 2, 3), (), (1,), True, False),
        ("leaf other lower upper", (0, 2, 3), (1,), (), True, False),
        ("leaf lower upper other", (0, 1, 2), (3,), (), True, False),
        ("leaf", (0,), (), (), True, True),
        ("leaf twin lower", (0, 2), (1,), (), True, False),
    ],
)
def test_what_was_sent_is_put_in_order(sent, path, extras, duplicates, in_order, strict) -> None:
    ders = {
        "leaf": leaf(),
        "lower": lower(),
        "upper": upper(),
        "root": root(),
        "other": make(Plan(named("Other"), pool()[4], ca=True)),
        # the issuer's name and key identifier, but another key: only the signature tells
        "twin": make(lower_plan(key=pool()[0], ski=b"", with_ski=False)),
    }
    order = sent_order(tuple(ders[name] for name in sent.split()))
    assert order.path == path
    assert order.extras == extras
    assert order.duplicates == duplicates
    assert order.in_order is in_order
    assert order.strict is strict


def test_a_complete_chain_without_root_asks_for_nothing_but_the_root_at_the_client() -> None:
    order = sent_order((leaf(), lower(), upper()))
    assert order.root is None
    assert order.missing
    assert order.missing_issuer == "O=Example, CN=Root"
    (only,) = order.sentences
    assert 'ends in "Upper"' in only[0]
    assert only[1].startswith("unless that issuer is a root that clients know, append it")


def test_a_missing_intermediate_is_named_with_the_address_it_can_be_fetched_from() -> None:
    order = sent_order((leaf(),))
    assert order.missing_issuer == "O=Example, CN=Lower"
    assert order.missing_urls == ("http://ca.example.com/lower.der",)
    assert "http://ca.example.com/lower.der" in order.sentences[-1][0]
    assert "cat leaf.pem intermediate.pem > fullchain.pem" in order.sentences[-1][1]


def test_a_root_that_was_sent_is_told() -> None:
    order = sent_order((leaf(), lower(), upper(), root()))
    assert order.root == 3
    assert not order.missing
    assert order.sentences == (
        (
            'the root "Root" was sent, too; a client must know it already',
            "leave the root out, unless a TLSA record with usage 2 names it",
        ),
    )


def test_every_fault_of_form_has_its_sentence_and_its_fix() -> None:
    other = make(Plan(named("Other"), pool()[4], ca=True))
    order = sent_order((leaf(), upper(), lower(), other, upper(), root()))
    sentences = [sentence for sentence, _ in order.sentences]
    assert sentences[0] == (
        "the chain was sent out of order: from the server's certificate up it is 1, 3, 2, 6 of 6"
    )
    assert sentences[1] == '1 certificate sent before: "Upper"'
    assert sentences[2] == '1 certificate beside the chain: "Other"'
    assert sentences[3].startswith('the root "Root" was sent')
    assert all(fix for _, fix in order.sentences)


def test_a_self_signed_leaf_is_no_root_of_a_chain() -> None:
    alone = make(leaf_plan(issuer=None, signer=None))
    order = sent_order((alone,))
    assert order.path == (0,)
    assert order.root is None
    assert not order.missing


def test_nothing_sent_is_a_fact_of_its_own() -> None:
    order = sent_order(())
    assert order.path == ()
    assert order.sentences[0][0] == "no certificate was sent"


def test_an_issuer_that_was_sent_and_is_not_taken_is_not_said_to_be_missing() -> None:
    other = make(lower_plan(key=pool()[0]))  # the name of the issuer, and another key identifier
    order = sent_order((leaf(), other))
    assert order.extras == (1,)
    assert not any("was not sent" in sentence for sentence, _ in order.sentences)
    assert '"Lower", which was sent, has its issuer\'s name' in order.sentences[-1][0]


def test_an_address_for_everybody_goes_before_a_directory() -> None:
    both = (aia("ldap:///CN=Lower?cACertificate")[0], aia("http://ca.example.com/lower.der")[0])
    access = x509.AuthorityInformationAccess([one for part in both for one in part])
    order = sent_order((make(leaf_plan(extra=((access, False),))),))
    assert "(the CA offers it at http://ca.example.com/lower.der)" in order.sentences[-1][0]


def test_a_missing_issuer_that_is_the_objection_is_no_remark_beside_it() -> None:
    told = explain_chain((leaf(),), (), NOW, anchors=(root(),))
    assert told.order.missing
    assert [one.reason for one in told.objections] == [Reason.ISSUER_MISSING]
    assert told.order.sentences
    assert remarks(told) == ()


def test_remarks_that_no_objection_makes_stay() -> None:
    told = explain_chain((leaf(), lower(), upper(), root()), (), NOW, anchors=(root(),))
    assert told.objections == ()
    assert remarks(told) == told.order.sentences != ()
