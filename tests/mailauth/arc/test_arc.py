"""ARC chains made by our sealer and by dkimpy's own, and chains broken at every step of RFC 8617 5.2."""

import dkim
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.mailauth import Verified
from mxwalk.mailauth.arc.chain import read_chain
from mxwalk.mailauth.arc.seal import Sealing, seal
from mxwalk.mailauth.arc.verify import Checked, questions, verify_chain
from mxwalk.mailauth.asking import Question, replay
from mxwalk.mailauth.dkim.make import KeyKind, KeyPair, make_key
from mxwalk.mailauth.dkim.tagwords import signature_words
from mxwalk.mailauth.message import read_message
from tests.hostile import HOSTILE
from tests.mailauth.dkim.signing import txt_answer

MESSAGE = b"""\
From: Ann <ann@example.com>
To: list@example.org
Subject: Minutes
Date: Sun, 15 Jun 2025 15:00:00 +0000

Hello.
""".replace(b"\n", b"\r\n")
NAME = "arc._domainkey.example.org"
V = Verified


@pytest.fixture(scope="module")
def pair() -> KeyPair:
    return make_key()


def sealed(raw: bytes, pair: KeyPair, cv: str = "") -> bytes:
    how = Sealing(
        domain="example.org",
        selector="arc",
        authserv_id="mx.example.org",
        results="dkim=pass header.d=example.com",
        cv=cv,
        timestamp=1_750_000_000,
    )
    return seal(raw, pair.private_pem, how)


def checked(raw: bytes, pair: KeyPair) -> Checked:
    return verify_chain(read_message(raw), [txt_answer(NAME, pair.record.encode())])


def test_a_message_without_arc_fields_has_the_result_none(pair: KeyPair) -> None:
    assert checked(MESSAGE, pair).result == "none"


@pytest.mark.parametrize("kind", list(KeyKind), ids=lambda kind: kind.value)
def test_three_sets_form_a_chain_that_passes(kind: KeyKind) -> None:
    pair = make_key(kind)
    raw = MESSAGE
    for _ in range(3):
        raw = b"Received: from a.example ([192.0.2.1]) by b.example; x\r\n" + sealed(raw, pair)
    result = checked(raw, pair)
    assert (result.result, result.oldest_pass) == ("pass", 1)
    assert result.sets == ((1, V.VALID, V.VALID), (2, V.VALID, V.VALID), (3, V.VALID, V.VALID))


def test_each_key_is_asked_for_once(pair: KeyPair) -> None:
    chain = read_chain(read_message(sealed(sealed(MESSAGE, pair), pair)))
    assert next(questions(chain)) == (Question(NAME, "TXT"),)
    answers = replay(questions(chain), [txt_answer(NAME, pair.record.encode())])
    assert verify_chain(read_message(sealed(MESSAGE, pair)), answers).result == "pass"


def test_what_a_hop_claims_and_says_of_the_chain_is_read(pair: KeyPair) -> None:
    (one,) = read_chain(read_message(sealed(MESSAGE, pair))).sets
    assert one.claims == "mx.example.org; dkim=pass header.d=example.com"
    assert one.cv == "none"
    assert one.message is not None
    assert one.seal is not None
    words = {word.name: word.meaning for word in signature_words(one.message)}
    assert words["i"] == "the instance: which hop's set this is"
    words = {word.name: word.meaning for word in signature_words(one.seal)}
    assert words["cv"] == "what the sealer found of the chain before it"


def test_our_chain_is_valid_for_dkimpys_own_verifier(pair: KeyPair) -> None:
    raw = sealed(sealed(MESSAGE, pair), pair)
    record = pair.record.encode()
    result, sets, _ = dkim.arc_verify(raw, dnsfunc=lambda name, timeout=5: record)
    assert result == b"pass"
    assert [(one["ams-valid"], one["as-valid"]) for one in sets] == [(True, True)] * 2


def test_a_set_by_dkimpys_own_sealer_passes_here(pair: KeyPair) -> None:
    pytest.importorskip("authres")
    own = b"Authentication-Results: mx.example.org; arc=none; spf=pass smtp.mfrom=a@example.com\r\n"
    raw = own + MESSAGE
    fields = dkim.arc_sign(raw, b"arc", b"example.org", pair.private_pem, b"mx.example.org")
    raw = b"".join(fields) + raw
    assert checked(raw, pair).result == "pass"
    assert checked(sealed(raw, pair), pair).sets == ((1, V.VALID, V.VALID), (2, V.VALID, V.VALID))


def test_a_body_changed_behind_the_first_hop_leaves_a_chain_that_passes(pair: KeyPair) -> None:
    """RFC 8617 5.2, step 5: older message signatures may fail, the seals may not."""
    raw = sealed(sealed(MESSAGE, pair) + b"footer\r\n", pair)
    result = checked(raw, pair)
    assert (result.result, result.oldest_pass) == ("pass", 2)
    assert result.sets == ((1, V.BODY_HASH, V.VALID), (2, V.VALID, V.VALID))


@pytest.mark.parametrize(
    ("before", "after", "detail"),
    [
        (b"Hello.", b"Hullo.", "ARC-Message-Signature 2 does not agree (body-hash)"),
        (b"Subject: Min", b"Subject: [l] Min", "ARC-Message-Signature 2 does not agree (header)"),
        (
            b"ARC-Authentication-Results: i=1; mx",
            b"ARC-Authentication-Results: i=1; my",
            "ARC-Seal 2",
        ),
        (b"ARC-Authentication-Results: i=1;", b"X-Gone: i=1;", "instance 1 has no ARC-Auth"),
        (
            b"ARC-Authentication-Results: i=2;",
            b"ARC-Authentication-Results: i=1;",
            "instance 1 has 2",
        ),
        (
            b"ARC-Authentication-Results: i=2;",
            b"ARC-Authentication-Results: i=0;",
            "has no instance",
        ),
        (
            b"ARC-Authentication-Results: i=2;",
            b"ARC-Authentication-Results: i=51;",
            "has no instance",
        ),
        (b"cv=pass", b"cv=none", "cv=none where cv=pass must stand"),
        (b"cv=pass", b"cv=fail", "says cv=fail"),
        (b"cv=pass; ", b"cv=pass; h=from; ", "must not have h="),
        (b"cv=pass; ", b"", "required tag cv= is missing"),
        (b"a=rsa-sha256; cv=pass", b"a=rsa-sha1; cv=pass", "ARC-Seal 2 does not agree (unusable)"),
    ],
    ids=lambda value: value.decode() if isinstance(value, bytes) else "",
)
def test_a_chain_that_is_broken_fails_and_says_where(
    before: bytes, after: bytes, detail: str, pair: KeyPair
) -> None:
    raw = sealed(sealed(MESSAGE, pair), pair)
    assert before in raw
    result = checked(raw.replace(before, after, 1), pair)
    assert result.result == "fail"
    assert detail in result.detail


def test_a_gap_in_the_instances_fails(pair: KeyPair) -> None:
    raw = sealed(sealed(sealed(MESSAGE, pair), pair), pair)
    message = read_message(raw)
    kept = b"".join(field.raw for field in message.fields if "i=2;" not in field.value)
    result = checked(kept + b"\r\n" + message.body, pair)
    assert (result.result, result.detail) == ("fail", "instance 2 is missing")


def test_a_key_that_could_not_be_had_leaves_the_set_unverified(pair: KeyPair) -> None:
    message = read_message(sealed(MESSAGE, pair))
    answer = DnsAnswer(qname=NAME, rtype="TXT", status=DnsStatus.TIMEOUT)
    result = verify_chain(message, [answer])
    assert result.sets == ((1, V.NOT_VERIFIED, V.NOT_VERIFIED),)
    assert result.result == "fail"


def test_a_revoked_or_small_key_makes_the_set_unusable(pair: KeyPair) -> None:
    message = read_message(sealed(MESSAGE, pair))
    assert verify_chain(message, [txt_answer(NAME, b"v=DKIM1; p=")]).sets == (
        (1, V.UNUSABLE, V.UNUSABLE),
    )


@pytest.mark.parametrize("octets", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "name", [b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results"]
)
def test_hostile_fields_are_problems_and_never_errors(name: bytes, octets: bytes) -> None:
    message = read_message(name + b": i=1; " + octets + b"\r\n\r\n")
    chain = read_chain(message)
    answers = replay(questions(chain), [])
    assert verify_chain(message, answers, chain).result in ("fail", "none")


@given(
    st.lists(
        st.sampled_from(
            [b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results"]
        ).flatmap(
            lambda name: st.builds(
                lambda tags: name + b": " + b"; ".join(tags) + b"\r\n",
                st.lists(
                    st.sampled_from(
                        [
                            b"i=1",
                            b"i=2",
                            b"i=51",
                            b"a=rsa-sha256",
                            b"b=AAAA",
                            b"bh=AAAA",
                            b"cv=none",
                            b"cv=pass",
                            b"d=example.org",
                            b"s=arc",
                            b"h=from",
                            b"t=1",
                            b"x",
                            b"=",
                        ]
                    ),
                    max_size=8,
                ),
            )
        ),
        max_size=8,
    )
)
def test_any_fields_are_read_without_error(fields: list[bytes]) -> None:
    message = read_message(b"".join(fields) + b"From: a@example.com\r\n\r\nx\r\n")
    chain = read_chain(message)
    result = verify_chain(message, replay(questions(chain), []), chain)
    assert result.result == ("fail" if fields else "none")
