"""TLSA data from certificates: every selector and matching type, and what is cut on purpose."""

import hashlib
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxwalk.lab.association import filled, placeholders
from mxwalk.lab.pki import LabPki

PKI = LabPki({}, datetime(2026, 1, 1, tzinfo=UTC))
ROOT = PKI.certificate("root")
CERT = ROOT.public_bytes(Encoding.DER)
SPKI = ROOT.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("placeholder", "data"),
    [
        ("{cert-full:root}", CERT),
        ("{spki-full:root}", SPKI),
        ("{cert-sha256:root}", hashlib.sha256(CERT).digest()),
        ("{spki-sha256:root}", hashlib.sha256(SPKI).digest()),
        ("{cert-sha512:root}", hashlib.sha512(CERT).digest()),
        ("{spki-sha512:root}", hashlib.sha512(SPKI).digest()),
        ("{spki-sha256:root:31}", hashlib.sha256(SPKI).digest()[:31]),
    ],
)
def test_a_placeholder_becomes_the_data_of_rfc_6698(placeholder, data):
    assert filled(f"_25._tcp.mx TLSA 2 1 1 {placeholder}", PKI.certificate) == (
        f"_25._tcp.mx TLSA 2 1 1 {data.hex()}"
    )


def test_lines_without_placeholders_stay_as_they_are_and_several_are_all_filled():
    assert filled("mx1 A 192.0.2.1", PKI.certificate) == "mx1 A 192.0.2.1"
    assert [one.certificate for one in placeholders("{cert-full:a} {spki-full:b}")] == ["a", "b"]


@pytest.mark.parametrize(
    "line", ["{}", "{cert:root}", "{spki-sha1:root}", "x }", "{spki-full:root"]
)
def test_anything_else_in_braces_is_refused(line):
    with pytest.raises(ValueError, match=r"is not like|without its counterpart"):
        placeholders(line)
