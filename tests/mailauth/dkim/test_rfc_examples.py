"""The examples printed in the RFCs, verified with the keys printed beside them."""

from mxwalk.mailauth.dkim.model import DkimResult, Reason, Strength
from tests.mailauth.dkim.rfc_examples import (
    RFC6376,
    RFC6376_AS_PRINTED,
    RFC6376_KEY,
    RFC6376_KEY_NAME,
    RFC8463,
    RFC8463_KEYS,
)
from tests.mailauth.dkim.signing import verdicts


def test_the_message_of_rfc_6376_appendix_a_verifies() -> None:
    (verdict,) = verdicts(RFC6376, {RFC6376_KEY_NAME: RFC6376_KEY})
    assert (verdict.result, verdict.reason) == (DkimResult.PASS, Reason.VALID)
    assert verdict.signature.key_name == RFC6376_KEY_NAME
    assert verdict.signature.identity == "joe@football.example.com"
    assert verdict.strength is Strength.WEAK  # 1024 bits


def test_as_printed_with_two_spaces_only_the_body_hash_of_rfc_6376_fails() -> None:
    """Erratum 3192: c=simple keeps both spaces, the printed bh= is of one."""
    (verdict,) = verdicts(RFC6376_AS_PRINTED, {RFC6376_KEY_NAME: RFC6376_KEY})
    assert (verdict.result, verdict.reason) == (DkimResult.FAIL, Reason.BODY_HASH)
    assert "the signed header fields are unchanged" in verdict.sentence


def test_both_signatures_of_rfc_8463_appendix_a_verify() -> None:
    ed25519, rsa = verdicts(RFC8463, RFC8463_KEYS)
    assert [one.result for one in (ed25519, rsa)] == [DkimResult.PASS, DkimResult.PASS]
    assert (ed25519.strength, rsa.strength) == (Strength.GOOD, Strength.WEAK)
    assert ed25519.key is not None
    assert ed25519.key.bits == 256


def test_a_changed_word_fails_every_signature_by_its_body_hash() -> None:
    found = verdicts(RFC8463.replace(b"hungry", b"angry"), RFC8463_KEYS)
    assert [one.reason for one in found] == [Reason.BODY_HASH, Reason.BODY_HASH]


def test_a_changed_subject_fails_every_signature_by_its_header() -> None:
    found = verdicts(RFC8463.replace(b"dinner", b"lunch"), RFC8463_KEYS)
    assert [one.reason for one in found] == [Reason.HEADER, Reason.HEADER]
    assert "the body is unchanged" in found[0].sentence
