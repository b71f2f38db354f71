"""Hostile certificates are explained as far as they can be read, in bounded time, and raise nothing."""

import random

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.pkix.clients import judge_clients
from mxwalk.pkix.model import ChainExplained, Reason
from mxwalk.pkix.openssl import verify_again
from mxwalk.pkix.validate import explain_chain
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.pkix.chains import NOW, Plan, make, named, operate, pool, random_case, tlv
from tests.pkix.world import as_path, explain, leaf, leaf_plan, lower, lower_plan, root, upper
from tests.timing import within

SECONDS = 10.0  # each case takes a small part of it, also on a busy machine


def sentences(explained: ChainExplained) -> list[str]:
    return [
        *(text for one in explained.objections for text in (one.sentence, one.fix)),
        *(text for pair in explained.order.sentences for text in pair),
        *(one.sentence for remarks in explained.oddities.values() for one in remarks),
        *(text for one in explained.constraints for text in (one.name, one.constraint, one.reason)),
        *(one.end_text for one in explained.candidates),
        *(view.sentence for view in judge_clients(explained)),
        explained.horizon.sentence,
    ]


def explain_anything(*sent: bytes, path: tuple[bytes, ...] = ()) -> ChainExplained:
    explained = explain_chain(sent, as_path(*path, sent=sent), NOW, anchors=(root(),))
    assert all(text.isprintable() for text in sentences(explained))
    return explained


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_bytes_as_certificates_are_explained(data: bytes) -> None:
    assert not explain_anything(data, lower(), upper()).valid
    assert explain_anything(leaf(), lower(), data, upper(), data).valid
    errors, path = verify_again((data,), (root(), data), NOW)
    assert errors
    assert path == ()


def test_hostile_bytes_as_path_and_fetched_are_explained() -> None:
    for data in HOSTILE[:12]:
        explained = explain_chain((data,), as_path(data, data), NOW, fetched=(data, leaf()))
        assert not explained.valid
        assert sentences(explained)


def test_nothing_at_all_is_explained() -> None:
    explained = explain_chain((), (), NOW)
    assert not explained.valid
    assert explained.objections[0].reason is Reason.OTHER
    assert explained.candidates == ()
    assert judge_clients(explained)


@given(st.data())
@examples(150)
def test_certificates_with_changed_bytes_are_explained(data) -> None:
    ders = [leaf(), lower(), upper()]
    at = data.draw(st.integers(0, 2))
    changed = bytearray(ders[at])
    for _ in range(data.draw(st.integers(1, 4))):
        where = data.draw(st.integers(0, len(changed) - 1))
        changed[where] = data.draw(st.integers(0, 255))
    ders[at] = bytes(changed)
    explained = explain_anything(*ders)
    _, path = verify_again(tuple(ders), (root(),), NOW)
    again = explain_chain(tuple(ders), path, NOW, anchors=(root(),))
    assert all(text.isprintable() for text in sentences(again))
    assert explained.candidates


def test_generated_chains_with_changed_bytes_keep_the_verdict_of_openssl() -> None:
    """Where OpenSSL still reads the certificates, a flipped octet changes its verdict and ours."""
    compared = 0
    for seed in range(150):
        case, rng = random_case(seed), random.Random(seed)
        sent = [bytearray(der) for der in case.sent]
        victim = rng.choice(sent)
        victim[rng.randrange(len(victim) - 64, len(victim))] ^= 1 << rng.randrange(8)
        ders = tuple(bytes(der) for der in sent)
        errors, path = verify_again(ders, case.anchors, NOW)
        if not path:
            continue
        explained = explain_chain(ders, path, NOW, anchors=case.anchors)
        assert explained.valid is not bool(errors), (seed, case.notes, errors)
        compared += 1
    assert compared > 100


def test_a_thousand_certificates_are_explained_in_bounded_time() -> None:
    shared = [
        make(Plan(named("Lower"), pool()[number % 6], ca=True, serial=number + 1))
        for number in range(1_000)
    ]
    with within(SECONDS):
        explained = explain_anything(leaf(), *shared)
    assert not explained.valid
    assert not explained.complete
    assert len(explained.order.extras) > 900


def test_ten_thousand_names_under_constraints_are_explained_in_bounded_time() -> None:
    names = tuple(x509.DNSName(f"host{number}.example.net") for number in range(10_000))
    constraints = x509.NameConstraints(
        [x509.DNSName(f"{number}.example") for number in range(50)],
        [x509.DNSName(f"{number}.example.org") for number in range(50)],
    )
    with within(SECONDS):
        explained = explain(
            make(leaf_plan(names=names)), make(lower_plan(name_constraints=constraints)), upper()
        )
    assert explained.objections[0].reason is Reason.NAME_CONSTRAINT
    assert len(explained.constraints) <= 4_000


def odd_name(content: bytes, tag: int = 0x0C) -> bytes:
    pair = tlv(0x30, bytes.fromhex("0603550403") + tlv(tag, content))
    return tlv(0x30, tlv(0x31, pair))


@pytest.mark.parametrize(
    "content",
    [b"a\0b.example", b"\xff\xfe", b"", b"\x1b[31m", "\u202eelpmaxe".encode(), b"x" * 5_000],
)
@pytest.mark.parametrize("tag", [0x0C, 0x13, 0x16, 0x1E, 0x1C])
def test_hostile_names_are_shown_as_far_as_they_can_be(content: bytes, tag: int) -> None:
    plain = leaf()
    subject = odd_name(content, tag)
    before = odd_name(b"mx.example.net")
    whole = make(leaf_plan(subject=x509.Name(list(named("mx.example.net"))[1:])))
    assert before in whole
    cut = operate_subject(whole, subject)
    explained = explain_anything(cut, lower(), upper())
    assert explained.candidates
    san = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("2.5.29.17"), tlv(0x30, tlv(0x82, content))
    )
    constraints = x509.NameConstraints([x509.DNSName("example.net")], None)
    named_so = make(leaf_plan(names=(), extra=((san, False),)))
    explain_anything(named_so, make(lower_plan(name_constraints=constraints)), upper())
    assert plain != cut


def operate_subject(der: bytes, subject: bytes) -> bytes:
    from tests.pkix.chains import inside, parts, sign_again

    tbs, algorithm, _ = parts(inside(der))
    fields = parts(inside(tbs))
    fields[5] = subject
    return sign_again(tlv(0x30, b"".join(fields)), algorithm, pool()[2])


def test_negative_and_huge_numbers_are_explained() -> None:
    huge = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("2.5.29.19"), tlv(0x30, b"\x01\x01\xff" + tlv(0x02, b"\x7f" * 4_000))
    )
    negative = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("2.5.29.19"), b"\x30\x06\x01\x01\xff\x02\x01\x80"
    )
    for extension in (huge, negative):
        explain_anything(leaf(), make(lower_plan(extra=((extension, True),))), upper())
    long_serial = leaf().replace(b"\x02\x0a\x02", b"\x02\x0a\x82")
    explain_anything(long_serial, lower(), upper())
    explain_anything(operate(leaf(), "unreadable key", pool()[2]), lower(), upper())
