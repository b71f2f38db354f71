"""The lab's certificates verify, or fail, in OpenSSL exactly as their scenario intends."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtensionOID, NameOID, SignatureAlgorithmOID
from OpenSSL import crypto

from mxwalk.lab.certificate import CertificateSpec, KeyKind, Purpose, SignatureHash, Usage
from mxwalk.lab.pki import LabPki

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def a_pki(leaf: CertificateSpec, **others: CertificateSpec) -> LabPki:
    return LabPki({"mx": leaf, **others}, NOW)


def objections(pki: LabPki, strict: bool = False) -> str:
    """Return OpenSSL's objection to what the server would send, empty when there is none."""
    leaf, *others = (x509.load_der_x509_certificate(der) for der in pki.identity("mx").chain)
    store = crypto.X509Store()
    store.add_cert(crypto.X509.from_cryptography(x509.load_pem_x509_certificate(pki.root_pem)))
    store.set_time(NOW)
    if strict:
        store.set_flags(crypto.X509StoreFlags.X509_STRICT)
    context = crypto.X509StoreContext(
        store,
        crypto.X509.from_cryptography(leaf),
        [crypto.X509.from_cryptography(other) for other in others],
    )
    try:
        context.verify_certificate()
    except crypto.X509StoreContextError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "leaf",
    [
        CertificateSpec(cn="mx.example.com", names=("mx.example.com", "*.example.org")),
        CertificateSpec(names=("mx.example.com",)),
        CertificateSpec(cn="mx.example.com"),
        CertificateSpec(cn="mx.example.com", issuer="root"),
        CertificateSpec(cn="mx.example.com", send=("mx", "root", "intermediate")),
        CertificateSpec(names=("mx.example.com",), addresses=("192.0.2.1", "2001:db8::1")),
        CertificateSpec(names=("mx.example.com",), key=KeyKind.RSA_1024),
        CertificateSpec(names=("mx.example.com",), key=KeyKind.RSA_2048),
    ],
    ids=str,
)
def test_a_chain_without_fault_is_trusted_even_by_the_strict_rules(leaf):
    assert objections(a_pki(leaf), strict=True) == ""


@pytest.mark.parametrize(
    ("leaf", "objection"),
    [
        (CertificateSpec(cn="a", not_before="-90d", not_after="-1m"), "has expired"),
        (CertificateSpec(cn="a", not_before="+1h", not_after="+90d"), "not yet valid"),
        (CertificateSpec(cn="a", issuer="self"), "self-signed certificate"),
        (CertificateSpec(cn="a", send=("mx",)), "unable to get local issuer certificate"),
    ],
    ids=str,
)
def test_a_faulty_chain_fails_for_its_own_reason(leaf, objection):
    assert objection in objections(a_pki(leaf))


def test_name_constraints_of_an_authority_are_enforced():
    authority = CertificateSpec(
        cn="Constrained CA", issuer="root", authority=True, permitted=("example.org",)
    )
    outside = CertificateSpec(names=("mx.example.com",), issuer="ca")
    inside = CertificateSpec(names=("mx.example.org",), issuer="ca")
    assert "permitted subtree violation" in objections(a_pki(outside, ca=authority))
    assert objections(a_pki(inside, ca=authority)) == ""
    excluding = CertificateSpec(
        cn="Excluding CA", issuer="root", authority=True, excluded=("example.com",)
    )
    assert "excluded subtree violation" in objections(a_pki(outside, ca=excluding))


def test_a_certificate_is_signed_with_sha1_on_request_and_its_signature_holds():
    for issuer, oid in (
        ("intermediate", SignatureAlgorithmOID.ECDSA_WITH_SHA1),
        ("ca", SignatureAlgorithmOID.RSA_WITH_SHA1),
    ):
        authority = CertificateSpec(
            cn="RSA CA", issuer="root", authority=True, key=KeyKind.RSA_2048
        )
        leaf = CertificateSpec(names=("a.test",) * 20, hash=SignatureHash.SHA1, issuer=issuer)
        pki = a_pki(leaf, ca=authority)
        assert pki.issued("mx").certificate.signature_algorithm_oid == oid
        assert objections(pki) == ""


def test_the_purpose_of_a_certificate_is_what_the_scenario_says():
    pki = a_pki(CertificateSpec(cn="a", purpose=Purpose.CLIENT))
    usage = pki.issued("mx").certificate.extensions.get_extension_for_oid(
        ExtensionOID.EXTENDED_KEY_USAGE
    )
    assert [oid.dotted_string for oid in usage.value] == ["1.3.6.1.5.5.7.3.2"]


def test_keys_and_names_are_those_asked_for():
    names = ("mx.example.com", "*.example.com", "\x1b[31mred.example.com")
    pki = a_pki(CertificateSpec(cn="Hello \u202e", names=names, key=KeyKind.RSA_1024))
    issued = pki.issued("mx")
    assert isinstance(issued.key, rsa.RSAPrivateKey)
    assert issued.key.key_size == 1024
    certificate = issued.certificate
    assert (
        certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "Hello \u202e"
    )
    san = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert tuple(san.get_values_for_type(x509.DNSName)) == names


def test_a_certificate_without_names_has_no_subject_alternative_name():
    certificate = a_pki(CertificateSpec(cn="mx.example.com")).issued("mx").certificate
    with pytest.raises(x509.ExtensionNotFound):
        certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)


def test_only_what_is_used_is_made():
    pki = a_pki(CertificateSpec(cn="a", issuer="self"), unused=CertificateSpec(cn="b"))
    pki.identity("mx")
    assert list(pki._issued) == ["mx"]


def test_the_chain_is_sent_leaf_first_without_the_root():
    pki = a_pki(CertificateSpec(cn="a"))
    leaf, intermediate = pki.identity("mx").chain
    assert x509.load_der_x509_certificate(leaf) == pki.issued("mx").certificate
    assert x509.load_der_x509_certificate(intermediate) == pki.issued("intermediate").certificate


def extension(pki: LabPki, name: str, kind):
    found = pki.certificate(name).extensions.get_extension_for_class(kind)
    return found.value, found.critical


def test_the_addresses_of_lists_responders_and_issuers_stand_in_the_certificate():
    crl = ("http://pki.test/a.crl", "http://pki.test/b.crl")
    pki = a_pki(
        CertificateSpec(
            cn="a", crl=crl, ocsp=("http://ocsp.test/",), issuer_urls=("http://pki.test/ca.cer",)
        )
    )
    points, critical = extension(pki, "mx", x509.CRLDistributionPoints)
    assert tuple(point.full_name[0].value for point in points) == crl
    assert not critical
    access, _ = extension(pki, "mx", x509.AuthorityInformationAccess)
    assert [(one.access_method._name, one.access_location.value) for one in access] == [
        ("OCSP", "http://ocsp.test/"),
        ("caIssuers", "http://pki.test/ca.cer"),
    ]
    assert objections(pki, strict=True) == ""


def test_what_a_scenario_asks_for_stands_in_the_certificate():
    pki = a_pki(
        CertificateSpec(
            cn="a",
            serial=4711,
            must_staple=True,
            ocsp_nocheck=True,
            policies=("2.23.140.1.2.1", "2.999.7"),
            purposes=(Purpose.SERVER, Purpose.EMAIL),
            key_usage=(Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT),
        )
    )
    assert pki.certificate("mx").serial_number == 4711
    features, critical = extension(pki, "mx", x509.TLSFeature)
    assert list(features) == [x509.TLSFeatureType.status_request]
    assert not critical
    assert extension(pki, "mx", x509.OCSPNoCheck)
    policies, _ = extension(pki, "mx", x509.CertificatePolicies)
    assert [one.policy_identifier.dotted_string for one in policies] == [
        "2.23.140.1.2.1",
        "2.999.7",
    ]
    purposes, _ = extension(pki, "mx", x509.ExtendedKeyUsage)
    assert [oid.dotted_string for oid in purposes] == ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.4"]
    usage, critical = extension(pki, "mx", x509.KeyUsage)
    assert (usage.digital_signature, usage.key_encipherment, usage.key_cert_sign) == (
        True,
        True,
        False,
    )
    assert critical


def test_key_usages_may_be_left_out():
    pki = a_pki(CertificateSpec(cn="a", key_usage=(), purposes=()))
    for kind in (x509.KeyUsage, x509.ExtendedKeyUsage):
        with pytest.raises(x509.ExtensionNotFound):
            extension(pki, "mx", kind)
    assert objections(pki) == ""


def test_a_path_that_is_too_long_and_a_critical_extension_nobody_knows_are_refused():
    upper = CertificateSpec(cn="Upper", issuer="root", authority=True, path_length=0)
    lower = CertificateSpec(cn="Lower", issuer="upper", authority=True)
    pki = a_pki(CertificateSpec(cn="a", issuer="lower"), upper=upper, lower=lower)
    assert "path length constraint exceeded" in objections(pki)
    assert objections(a_pki(CertificateSpec(cn="a", issuer="upper"), upper=upper)) == ""
    pki = a_pki(CertificateSpec(cn="a", critical_unknown=True))
    assert "unhandled critical extension" in objections(pki)
    no_signing = CertificateSpec(
        cn="No", issuer="root", authority=True, key_usage=(Usage.CRL_SIGNING,)
    )
    pki = a_pki(CertificateSpec(cn="a", issuer="no"), no=no_signing)
    assert "invalid CA certificate" in objections(pki)


def test_a_cross_signed_authority_has_one_subject_and_key_and_two_issuers():
    """The new root is unknown; the chain holds by the certificate the old one gave its key."""
    new_root = CertificateSpec(cn="New Root", issuer="self", authority=True)
    cross = CertificateSpec(key_of="new", issuer="root", authority=True)
    leaf = CertificateSpec(cn="a", issuer="new", send=("mx", "cross"))
    pki = a_pki(leaf, new=new_root, cross=cross)
    assert objections(pki) == ""
    one, other = pki.certificate("new"), pki.certificate("cross")
    assert one.subject == other.subject
    assert one.public_key() == other.public_key()
    assert one.issuer != other.issuer
    assert one.serial_number != other.serial_number
    alone = a_pki(CertificateSpec(cn="a", issuer="new"), new=new_root)
    assert "self-signed certificate in certificate chain" in objections(alone)


def test_a_flood_of_unrelated_certificates_is_sent_behind_the_chain():
    pki = a_pki(CertificateSpec(cn="a", extras=250))
    chain = pki.identity("mx").chain
    assert len(chain) == len(set(chain)) == 252
    assert sum(map(len, chain)) < 100 * 1024  # what OpenSSL takes in one handshake
    assert objections(pki) == ""


def test_who_issued_what_is_known():
    pki = a_pki(CertificateSpec(cn="a"), own=CertificateSpec(cn="b", issuer="self"))
    assert pki.issuer_of("mx") == "intermediate"
    assert pki.issuer_of("own") == "own"
    assert list(pki.issued_by("intermediate")) == ["mx"]
    assert list(pki.issued_by("root")) == ["intermediate"]
    assert pki.now == NOW
