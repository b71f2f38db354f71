"""What libraries object to beyond the walk's own verification."""

from dataclasses import replace

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from mxwalk.evidence.connection import ChainChecked, Handshaken
from mxwalk.evidence.tls import PathCertificate, TrustStore
from mxwalk.lab.sha1 import resign_with_sha1
from mxwalk.senders.strength import misses_staple, shows_path, weakly_signed
from tests.tls.pki import issue, pki


def sha1(one, issuer):
    return replace(one, certificate=resign_with_sha1(one.certificate, issuer.key))


def checked(*path):
    return ChainChecked(
        store=TrustStore(kind="lab", path="", roots=1),
        evaluated_at="2026-06-15T12:00:00Z",
        path=tuple(PathCertificate(der=one.der, sent=True) for one in path),
    )


def test_a_signature_with_sha1_counts_anywhere_below_the_anchor():
    known = pki()
    leaf, middle, root = known.leaf, known.intermediate, known.root
    assert not weakly_signed(checked(leaf, middle, root))
    assert weakly_signed(checked(sha1(leaf, middle), middle, root))
    assert weakly_signed(checked(leaf, sha1(middle, root), root))
    assert not weakly_signed(checked(leaf, middle, sha1(root, root)))
    assert not weakly_signed(checked())


def test_a_staple_is_missed_only_by_a_leaf_that_promises_one():
    known = pki()
    feature = x509.TLSFeature([x509.TLSFeatureType.status_request])
    promising = issue("mx.example.net", known.intermediate, extensions=((feature, False),))
    for leaf, staple, missed in (
        (known.leaf, b"", False),
        (promising, b"", True),
        (promising, b"staple", False),
    ):
        shaken = Handshaken(sni="", presented=(leaf.der,), ocsp_staple=staple)
        assert misses_staple(shaken) is missed
    assert not misses_staple(Handshaken(sni=""))


def test_a_path_is_whole_however_a_ca_spells_its_name():
    """RFC 5280 7.1: neither the string type nor case tells names apart, as OpenSSL has it."""
    known = pki()
    root, leaf = known.root, known.leaf
    shaken = Handshaken(sni="", presented=(leaf.der,))
    assert shows_path(checked(leaf, known.intermediate, root), shaken)
    assert not shows_path(checked(leaf, root), shaken)
    assert not shows_path(checked(known.intermediate, root), shaken)
    common_name = x509.NameAttribute(
        NameOID.COMMON_NAME, "TEST Intermediate", _ASN1Type.PrintableString
    )
    respelled = replace(
        known.intermediate, certificate=_named(known.intermediate, root, x509.Name([common_name]))
    )
    assert respelled.certificate.subject.public_bytes() != leaf.certificate.issuer.public_bytes()
    assert shows_path(checked(leaf, respelled, root), shaken)


def _named(one, issuer, subject):
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(one.certificate.issuer)
        .public_key(one.key.public_key())
        .serial_number(one.certificate.serial_number)
        .not_valid_before(one.certificate.not_valid_before_utc)
        .not_valid_after(one.certificate.not_valid_after_utc)
        .sign(issuer.key, hashes.SHA256())
    )
