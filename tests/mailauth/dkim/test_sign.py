"""What dkimpy signs is verified here, whatever the canonicalisation, and every part is found when it fails."""

import itertools

import pytest

from mxwalk.mailauth.dkim.make import KeyKind, KeyPair, make_key
from mxwalk.mailauth.dkim.model import DkimResult, Reason
from mxwalk.mailauth.dkim.sign import Signing, sign
from tests.mailauth.dkim.signing import NOW, verdicts

MESSAGE = b"""\
Received: from a.example ([192.0.2.1]) by mx.example.net; Sun, 15 Jun 2025 15:00:00 +0000
From: Ann <ann@example.com>
To: Bob <bob@example.net>
Subject: Minutes   of the
\tmeeting
Date: Sun, 15 Jun 2025 15:00:00 +0000
Message-ID: <1@example.com>

Dear Bob,

here  are the minutes.\x20\x20

Ann


""".replace(b"\n", b"\r\n")
NAME = "sel._domainkey.example.com"
CANONS = list(itertools.product(("simple", "relaxed"), repeat=2))


@pytest.fixture(scope="module")
def rsa() -> KeyPair:
    return make_key()


@pytest.fixture(scope="module")
def ed25519() -> KeyPair:
    return make_key(KeyKind.ED25519)


@pytest.mark.parametrize("canons", CANONS, ids="/".join)
@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_signature_of_every_canonicalisation_and_key_type_verifies(
    kind: str, canons: tuple[str, str], request: pytest.FixtureRequest
) -> None:
    pair: KeyPair = request.getfixturevalue(kind)
    signing = Signing(
        domain="example.com",
        selector="sel",
        header_canon=canons[0],
        body_canon=canons[1],
        timestamp=int(NOW),
        expires=int(NOW) + 3600,
        identity="ann@example.com",
        copies=True,
    )
    raw = sign(MESSAGE, pair.private_pem, signing)
    (verdict,) = verdicts(raw, {NAME: pair.record.encode()})
    assert (verdict.result, verdict.reason) == (DkimResult.PASS, Reason.VALID), verdict.sentence
    assert verdict.signature.algorithm == f"{kind}-sha256"
    assert (verdict.signature.header_canon, verdict.signature.body_canon) == canons


@pytest.mark.parametrize("canon", ["simple", "relaxed"])
@pytest.mark.parametrize("added", [b"From : Evil <eve@example.com>\r\n", b"Subject\t: Pay now\r\n"])
def test_white_space_before_a_colon_lets_no_field_past_a_signature_that_forbids_it(
    ed25519: KeyPair, canon: str, added: bytes
) -> None:
    # RFC 6376 5.4.2: a name that stands once more in h= forbids another field of it
    signing = Signing(
        domain="example.com",
        selector="sel",
        header_canon=canon,
        headers=("from", "subject", "subject", "to"),
        timestamp=int(NOW),
    )
    raw = sign(MESSAGE, ed25519.private_pem, signing)
    keys = {NAME: ed25519.record.encode()}
    assert verdicts(raw, keys)[0].reason is Reason.VALID
    assert verdicts(added + raw, keys)[0].reason is Reason.HEADER
    assert verdicts(b"X-Other : a\r\n" + raw, keys)[0].reason is Reason.VALID
