"""Presented identifiers of real certificates, and the reference identifiers they meet."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mxwalk.evidence.connection import IdentityGathered
from mxwalk.identity.matching import compare
from mxwalk.identity.model import PresentedKind, ReferenceKind
from mxwalk.identity.presented import presented_ids
from mxwalk.identity.references import references

KEY = ec.generate_private_key(ec.SECP256R1())


def certificate(common_names: list[str], names: list[x509.GeneralName]) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn) for cn in common_names])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")]))
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_dns_ids_come_in_certificate_order_and_the_cn_id_is_the_last_common_name() -> None:
    der = certificate(
        ["first.example", "last.example"],
        [
            x509.DNSName("b.example"),
            x509.RFC822Name("postmaster@example.com"),
            x509.DNSName("*.a.example"),
        ],
    )
    assert [(p.kind, p.text, p.index) for p in presented_ids(der)] == [
        (PresentedKind.DNS_ID, "b.example", 0),
        (PresentedKind.DNS_ID, "*.a.example", 1),
        (PresentedKind.CN_ID, "last.example", 0),
    ]


def test_a_certificate_without_names_presents_nothing() -> None:
    assert presented_ids(certificate([], [])) == ()


@pytest.mark.parametrize("der", [b"", b"not a certificate", b"\x30\x80" + b"\xff" * 500])
def test_what_is_no_certificate_presents_nothing(der: bytes) -> None:
    assert presented_ids(der) == ()


def test_a_nul_inside_a_dns_name_of_a_real_certificate_never_matches() -> None:
    der = certificate([], [x509.DNSName("example.com\0.evil.test")])
    (presented,) = presented_ids(der)
    gathered = IdentityGathered(recipient_domain="example.com")
    (reference,) = references(gathered)
    result = compare(presented, reference)
    assert not result.matched
    assert "contains a NUL character" in result.reason


def test_references_come_in_display_order_with_origin_and_trust() -> None:
    gathered = IdentityGathered(
        recipient_domain="example.com",
        mx_host="mx2.example.net",
        mx_hosts=("mx1.example.net", "mx2.example.net"),
        mx_authentic=True,
        routes=("relay.example.net",),
        ptr_names=(("ptr.example.net", True), ("fake.example.net", False)),
    )
    found = references(gathered, "192.0.2.1")
    assert [(r.kind, r.text, r.origin, r.secure, r.usable) for r in found] == [
        (ReferenceKind.RECIPIENT_DOMAIN, "example.com", "the recipient address", True, True),
        (
            ReferenceKind.SMTP_ROUTE,
            "relay.example.net",
            "configured SMTP route to the connected address",
            True,
            True,
        ),
        (
            ReferenceKind.MX_HOST,
            "mx1.example.net",
            "MX of example.com, authenticated by the resolver (AD)",
            True,
            True,
        ),
        (
            ReferenceKind.MX_HOST,
            "mx2.example.net",
            "MX of example.com, the host connected to, authenticated by the resolver (AD)",
            True,
            True,
        ),
        (
            ReferenceKind.PTR_HOST,
            "ptr.example.net",
            "PTR of 192.0.2.1, forward-confirmed",
            False,
            True,
        ),
        (
            ReferenceKind.PTR_HOST,
            "fake.example.net",
            "PTR of 192.0.2.1, not forward-confirmed",
            False,
            False,
        ),
    ]


def test_the_same_candidate_is_listed_once() -> None:
    gathered = IdentityGathered(
        recipient_domain="example.com", ptr_names=(("a.example", True), ("a.example", True))
    )
    assert len(references(gathered)) == 2
