import base64
import hashlib
import inspect
import ipaddress
import warnings
from datetime import UTC, datetime
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.limits import CERTIFICATE_NAMES_SHOWN, CERTIFICATE_TIMESTAMPS
from mxwalk.tls.certificate import (
    CertificateFacts,
    extension_contents,
    read_certificate,
    subject_element,
)
from mxwalk.tls.der import DerError
from mxwalk.tls.keys import SignatureCheck, signed_by
from mxwalk.tls.pem import pem_certificates
from mxwalk.tls.timestamps import SignedTimestamp, read_timestamps
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.tls.pki import HOST, NOW, Issued, issue, name, pki, rsa_key

SAN_OID = "2.5.29.17"


def raw(oid: str, value: bytes) -> tuple[x509.ExtensionType, bool]:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), False


def tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes(4, "big")
    return bytes([tag, 0x84]) + octets + content


def with_names(*general_names: bytes) -> CertificateFacts:
    """Read a certificate whose subjectAltName holds these encoded GeneralNames."""
    value = tlv(0x30, b"".join(general_names))
    return read_certificate(issue("x", ca=True, extensions=(raw(SAN_OID, value),)).der)


def rebuilt(subject: x509.Name, **changes: object) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(name("Issuer"))
        .public_key(key.public_key())
        .serial_number(changes.get("serial", 1))
        .not_valid_before(changes.get("begins", NOW))
        .not_valid_after(changes.get("ends", NOW))
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_leaf_gives_everything_the_chain_view_needs() -> None:
    def access(method, url):
        return x509.AccessDescription(method, x509.UniformResourceIdentifier(url))

    def usage(**given_usages):
        nothing = dict.fromkeys(inspect.signature(x509.KeyUsage).parameters, False)
        return x509.KeyUsage(**nothing | given_usages)

    leaf = issue(
        HOST,
        pki().intermediate,
        dns=("mx.example.net", "*.Example.NET", "xn--bcher-kva.example"),
        extensions=(
            (usage(digital_signature=True, key_agreement=True), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (
                x509.AuthorityInformationAccess(
                    [
                        access(AuthorityInformationAccessOID.OCSP, "http://ocsp.example.com/"),
                        access(AuthorityInformationAccessOID.CA_ISSUERS, "http://ca.example.com/i"),
                    ]
                ),
                False,
            ),
            (
                x509.CRLDistributionPoints(
                    [
                        x509.DistributionPoint(
                            [x509.UniformResourceIdentifier("http://crl.example.com/1")],
                            None,
                            None,
                            None,
                        )
                    ]
                ),
                False,
            ),
            (x509.TLSFeature([x509.TLSFeatureType.status_request]), False),
        ),
    )
    facts = read_certificate(leaf.der)
    assert facts.problems == ()
    assert facts.readable
    assert facts.version == 3
    assert facts.subject == "CN=mx.example.net"
    assert facts.issuer == "CN=Test Intermediate"
    assert facts.issuer_der == read_certificate(pki().intermediate.der).subject_der
    assert facts.common_name == "mx.example.net"
    assert facts.dns_names == ("mx.example.net", "*.Example.NET", "xn--bcher-kva.example")
    assert facts.has_subject_alt_name
    assert facts.serial == f"{leaf.certificate.serial_number:x}"
    assert facts.not_before == leaf.certificate.not_valid_before_utc
    assert facts.not_after == leaf.certificate.not_valid_after_utc
    assert (facts.signature_algorithm, facts.signature_hash) == ("ecdsa-with-SHA256", "sha256")
    assert (facts.key.type, facts.key.bits, facts.key.curve) == ("EC", 256, "secp256r1")
    spki = leaf.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert facts.spki_sha256 == hashlib.sha256(spki).hexdigest()
    assert facts.spki_sha512 == hashlib.sha512(spki).hexdigest()
    assert facts.sha256 == hashlib.sha256(leaf.der).hexdigest()
    assert facts.key_usage == ("digitalSignature", "keyAgreement")
    assert facts.extended_key_usage == ("serverAuth",)
    assert facts.ocsp_urls == ("http://ocsp.example.com/",)
    assert facts.ca_issuer_urls == ("http://ca.example.com/i",)
    assert facts.crl_urls == ("http://crl.example.com/1",)
    assert facts.must_staple
    assert not facts.is_ca
    assert not facts.self_issued
    assert ("keyUsage", True) in facts.extensions
    intermediate = read_certificate(pki().intermediate.der)
    assert facts.authority_key_id == intermediate.subject_key_id != ""


def test_a_ca_tells_its_limits() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    constraints = x509.NameConstraints(
        [x509.DNSName("example.net"), x509.DNSName("")],
        [x509.IPAddress(ipaddress.ip_network("0.0.0.0/0"))],
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name("CA"))
        .issuer_name(name("CA"))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW)
        .not_valid_after(NOW)
        .add_extension(x509.BasicConstraints(ca=True, path_length=2), critical=True)
        .add_extension(constraints, critical=True)
        .sign(key, hashes.SHA384())
    )
    facts = read_certificate(certificate.public_bytes(Encoding.DER))
    assert (facts.is_ca, facts.path_length) == (True, 2)
    assert facts.name_constraints == (
        "permitted DNS example.net",
        "permitted DNS (everything)",
        "excluded IP 0.0.0.0/0.0.0.0",
    )
    assert facts.self_issued
    assert facts.self_signed


def test_self_issued_is_not_self_signed_when_another_key_signed() -> None:
    other = issue("Root", ca=True)
    forged = issue("Root", Issued(other.certificate, ec.generate_private_key(ec.SECP256R1())))
    facts = read_certificate(forged.der)
    assert facts.self_issued
    assert not facts.self_signed


def test_the_last_common_name_counts_and_separators_are_escaped() -> None:
    attributes = [
        (NameOID.COMMON_NAME, "first.example.net"),
        (NameOID.ORGANIZATION_NAME, "Example, Inc. <x>"),
        (NameOID.COMMON_NAME, "last.example.net"),
    ]
    subject = x509.Name([x509.NameAttribute(*pair) for pair in attributes])
    facts = read_certificate(rebuilt(subject))
    assert facts.common_name == "last.example.net"
    assert facts.subject == r"CN=first.example.net, O=Example\, Inc. \<x\>, CN=last.example.net"
    assert facts.subject_attributes[1] == ("O", "Example, Inc. <x>")


def test_without_a_common_name_there_is_none() -> None:
    facts = read_certificate(rebuilt(x509.Name([])))
    assert facts.common_name is None
    assert facts.subject == ""
    assert not facts.self_issued


def test_a_hostile_common_name_is_shown_and_not_acted_on() -> None:
    facts = read_certificate(rebuilt(name("\x1b[31mmx\u202e\x00.example")))
    assert facts.common_name == "\\x1b[31mmxU+202E\\0.example"
    assert facts.subject.isprintable()


@pytest.mark.parametrize(
    ("encoded", "shown"),
    [
        (tlv(0x82, b"good.example\x00.evil.example"), "good.example\\0.evil.example"),
        (tlv(0x82, b"m\xfcller.example"), "m\\xfcller.example"),
        (tlv(0x82, "bücher.example".encode()), "bücher.example"),
        (tlv(0x82, b""), ""),
        (tlv(0x82, b" mx.example.net "), " mx.example.net "),
        (tlv(0x82, b"\x1b]0;x\x07"), "\\x1b]0;x\\x07"),
    ],
)
def test_a_dns_name_that_is_none_stays_in_its_place_as_visible_text(encoded, shown) -> None:
    facts = with_names(tlv(0x82, b"a.example"), encoded, tlv(0x82, b"b.example"))
    assert facts.dns_names == ("a.example", shown, "b.example")


def test_other_kinds_of_names_are_told_by_kind() -> None:
    facts = with_names(
        tlv(0x81, b"postmaster@example.net"),
        tlv(0x86, b"https://example.net/"),
        tlv(0x87, bytes([192, 0, 2, 1])),
        tlv(0x87, ipaddress.ip_address("2001:db8::1").packed),
        tlv(0x87, b"abc"),
        tlv(0x88, bytes([0x2A, 0x03])),
        tlv(0xA4, name("Dir").public_bytes()),
        tlv(0xA0, tlv(6, bytes([0x2A, 0x04])) + tlv(0xA0, tlv(0x0C, b"text"))),
        tlv(0x95, b"?"),
    )
    assert facts.other_names == (
        ("email", "postmaster@example.net"),
        ("URI", "https://example.net/"),
        ("IP", "192.0.2.1"),
        ("IP", "2001:db8::1"),
        ("IP", "0x616263"),
        ("registeredID", "1.2.3"),
        ("directoryName", "CN=Dir"),
        ("otherName", "1.2.4 text"),
        ("tag 0x95", "0x3f"),
    )
    assert facts.dns_names == ()


def test_names_before_a_broken_one_are_kept_and_the_break_is_told() -> None:
    facts = with_names(tlv(0x82, b"a.example"), b"\x82\x7fcut")
    assert facts.dns_names == ("a.example",)
    assert facts.problems == (
        "the extension subjectAltName cannot be read: an element is cut short",
    )


def test_a_broken_extension_does_not_hide_the_others() -> None:
    broken = issue("x", dns=("a.example",), extensions=(raw("2.5.29.37", b"\xff\xff"),))
    facts = read_certificate(broken.der)
    assert facts.dns_names == ("a.example",)
    assert facts.extended_key_usage == ()
    assert len(facts.problems) == 1
    assert facts.problems[0].startswith("the extension extendedKeyUsage cannot be read")


def test_ten_thousand_names_are_the_most_that_are_read() -> None:
    facts = with_names(*[tlv(0x82, b"a.example")] * (CERTIFICATE_NAMES_SHOWN + 5))
    assert len(facts.dns_names) == CERTIFICATE_NAMES_SHOWN
    assert facts.problems == (f"only the first {CERTIFICATE_NAMES_SHOWN} names are read",)


def test_an_impossible_date_is_a_problem_and_the_rest_is_read() -> None:
    der = bytearray(pki().leaf.der)
    at = bytes(der).index(b"260516120000Z")  # NOW - 30 days
    der[at : at + 13] = b"261316120000Z"
    facts = read_certificate(bytes(der))
    assert facts.not_before is None
    assert facts.not_after is not None
    assert facts.problems == ("notBefore cannot be read: a time that does not exist",)
    assert facts.dns_names == (HOST,)


def test_dates_of_both_encodings_are_read() -> None:
    ends = datetime(2061, 1, 2, 3, 4, 5, tzinfo=UTC)
    facts = read_certificate(rebuilt(name("x"), begins=datetime(1951, 1, 1, tzinfo=UTC), ends=ends))
    assert facts.not_before == datetime(1951, 1, 1, tzinfo=UTC)
    assert facts.not_after == ends


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_bytes_are_no_certificate(data) -> None:
    facts = read_certificate(data)
    assert not facts.readable
    assert facts.problems[0].startswith("this is no certificate: ")
    assert facts.sha256 == hashlib.sha256(data).hexdigest()


def assert_shown_safely(facts: CertificateFacts) -> None:
    texts = (
        facts.subject,
        facts.issuer,
        *facts.dns_names,
        *(value for pair in facts.other_names for value in pair),
        *facts.ocsp_urls,
        *facts.crl_urls,
        *facts.ca_issuer_urls,
        *facts.name_constraints,
        *facts.extended_key_usage,
        *facts.problems,
        facts.signature_algorithm,
        facts.key.type,
    )
    assert all(text.isprintable() for text in texts)


@examples(300)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_raising_or_warning(data) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_shown_safely(read_certificate(data))


@examples(400)
@given(st.data())
def test_a_mutated_certificate_is_read_without_raising_or_warning(data) -> None:
    der = bytearray(data.draw(st.sampled_from([pki().leaf.der, pki().root.der])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(der) - 1))
        match data.draw(st.sampled_from(["set", "cut", "insert"])):
            case "set":
                der[at] = data.draw(st.integers(0, 255))
            case "cut":
                del der[at : at + data.draw(st.integers(1, 4))]
            case _:
                der[at:at] = data.draw(st.binary(min_size=1, max_size=4))
        if not der:
            break
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_shown_safely(read_certificate(bytes(der)))
        signed_by(bytes(der), pki().intermediate.der)
        signed_by(pki().leaf.der, bytes(der))


def public_roots() -> list[bytes]:
    blocks = pem_certificates(Path(certifi.where()).read_bytes())
    return [base64.b64decode(b"".join(block.splitlines()[1:-1])) for block in blocks]


def test_the_public_roots_read_as_cryptography_reads_them() -> None:
    roots = public_roots()
    assert len(roots) > 50
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for der in roots:
            facts, other = read_certificate(der), x509.load_der_x509_certificate(der)
            assert facts.problems == ()
            assert facts.serial == f"{other.serial_number:x}"
            assert facts.not_before == other.not_valid_before_utc
            assert facts.not_after == other.not_valid_after_utc
            assert facts.subject_der == other.subject.public_bytes()
            values = [str(attribute.value) for attribute in other.subject]
            assert [value for _, value in facts.subject_attributes] == values
            assert facts.signature_hash == other.signature_hash_algorithm.name
            constraints = other.extensions.get_extension_for_class(x509.BasicConstraints).value
            assert (facts.is_ca, facts.path_length) == (True, constraints.path_length)
            assert len(facts.extensions) == len(other.extensions)
            assert facts.self_signed


def test_a_signature_is_verified_wrong_or_unknown() -> None:
    assert signed_by(pki().leaf.der, pki().intermediate.der) is SignatureCheck.VERIFIED
    assert signed_by(pki().leaf.der, pki().root.der) is SignatureCheck.WRONG
    rsa_root = issue("RSA Root", ca=True, key=rsa_key())
    assert signed_by(pki().leaf.der, rsa_root.der) is SignatureCheck.WRONG
    assert signed_by(rsa_root.der, rsa_root.der) is SignatureCheck.VERIFIED
    assert signed_by(pki().leaf.der, b"no certificate") is SignatureCheck.UNKNOWN


def signed(key: object, digest: object, **how: object) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("x"))
        .issuer_name(name("x"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW)
    )
    return builder.sign(key, digest, **how).public_bytes(Encoding.DER)


def test_signatures_of_every_kind_are_named_and_verified() -> None:
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=48)
    cases = [
        (signed(rsa_key(), hashes.SHA512()), "sha512WithRSAEncryption", "sha512", "RSA", 2048),
        (signed(rsa_key(), hashes.SHA384(), rsa_padding=pss), "RSASSA-PSS", "sha384", "RSA", 2048),
        (signed(ed25519.Ed25519PrivateKey.generate(), None), "Ed25519", "", "Ed25519", 0),
        (
            signed(ec.generate_private_key(ec.SECP521R1()), hashes.SHA512()),
            "ecdsa-with-SHA512",
            "sha512",
            "EC",
            521,
        ),
        (
            signed(rsa.generate_private_key(65537, 1024), hashes.SHA256()),
            "sha256WithRSAEncryption",
            "sha256",
            "RSA",
            1024,
        ),
    ]
    for der, algorithm, digest, key_type, bits in cases:
        facts = read_certificate(der)
        assert facts.signature_algorithm == algorithm
        assert facts.signature_hash == digest
        assert (facts.key.type, facts.key.bits) == (key_type, bits)
        assert facts.self_signed


def test_a_version_that_does_not_exist_is_told_and_the_rest_is_read() -> None:
    root = pki().root.der
    at = root.index(b"\xa0\x03\x02\x01\x02") + 4
    facts = read_certificate(root[:at] + b"\x63" + root[at + 1 :])
    assert facts.version == 0x64
    assert facts.common_name == "Test Root"
    assert not facts.self_signed


def test_a_key_or_algorithm_nobody_knows_keeps_its_number_and_is_told() -> None:
    leaf = pki().leaf.der
    ec_key = bytes.fromhex("06072a8648ce3d0201")  # id-ecPublicKey
    assert leaf.count(ec_key) == 1
    facts = read_certificate(leaf.replace(ec_key, bytes.fromhex("06072a8648ce3d0207")))
    assert facts.key.type == "1.2.840.10045.2.7"
    assert not facts.key.readable
    assert facts.problems == ("the public key cannot be read",)
    assert facts.dns_names == (HOST,)

    ecdsa = bytes.fromhex("06082a8648ce3d040302")  # ecdsa-with-SHA256, inside and outside
    root = pki().root.der
    assert root.count(ecdsa) == 2
    facts = read_certificate(root.replace(ecdsa, bytes.fromhex("06082a8648ce3d04037f")))
    assert facts.signature_algorithm == "1.2.840.10045.4.3.127"
    assert facts.signature_hash == ""
    assert facts.self_issued
    assert not facts.self_signed


def test_an_unreadable_subject_serial_and_validity_are_told_one_by_one() -> None:
    root = pki().root.der
    fields = read_certificate(root)
    broken = root.replace(fields.subject_der, b"\x31" + fields.subject_der[1:])
    facts = read_certificate(broken)
    assert facts.subject == facts.issuer == ""
    assert facts.common_name is None
    assert not facts.self_issued
    assert [problem.split(" cannot")[0] for problem in facts.problems] == [
        "the subject",
        "the issuer",
    ]
    assert facts.is_ca


def test_an_extension_that_occurs_twice_is_told_and_the_first_counts() -> None:
    certificate = issue("x", dns=("a.example",)).der
    san = bytes.fromhex("0603551d11")
    ski = bytes.fromhex("0603551d0e")
    doubled = certificate.replace(ski, san, 1)
    facts = read_certificate(doubled)
    assert any("subjectAltName occurs more than once" in one for one in facts.problems)


def test_names_that_differ_in_case_and_blanks_are_the_same_name() -> None:
    def canonical(**parts: str) -> tuple[bytes, ...]:
        subject = x509.Name(
            [x509.NameAttribute(getattr(NameOID, kind), value) for kind, value in parts.items()]
        )
        return read_certificate(rebuilt(subject)).subject_canonical

    plain = canonical(ORGANIZATION_NAME="Example Inc", COMMON_NAME="ca")
    assert canonical(ORGANIZATION_NAME=" EXAMPLE   inc", COMMON_NAME="CA ") == plain
    assert canonical(ORGANIZATION_NAME="ExampleInc", COMMON_NAME="ca") != plain
    assert canonical(COMMON_NAME="ca", ORGANIZATION_NAME="Example Inc") != plain
    assert canonical(COMMON_NAME="\u00c4") != canonical(COMMON_NAME="\u00e4")  # ASCII only


def test_an_unreadable_name_equals_only_itself() -> None:
    root = pki().root.der
    subject = read_certificate(root).subject_der
    one = read_certificate(root.replace(subject, b"\x31" + subject[1:]))
    assert one.subject_canonical == one.issuer_canonical != ()


def test_the_authority_is_read_with_issuer_and_serial() -> None:
    authority = x509.AuthorityKeyIdentifier(
        b"\1\2", [x509.DNSName("x"), x509.DirectoryName(name("Above"))], 0xABC
    )
    facts = read_certificate(issue("x", ca=True, extensions=((authority, False),)).der)
    assert facts.authority_key_id == "0102"
    assert facts.authority_serial == "abc"
    assert facts.authority_issuer == read_certificate(rebuilt(name("ABOVE"))).subject_canonical


def test_policies_and_their_constraints_are_read() -> None:
    policies = x509.CertificatePolicies(
        [
            x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), ["http://cps.example"]),
            x509.PolicyInformation(x509.ObjectIdentifier("1.2.3"), None),
        ]
    )
    facts = read_certificate(
        issue(
            "x",
            ca=True,
            extensions=(
                (policies, False),
                (x509.PolicyConstraints(require_explicit_policy=2, inhibit_policy_mapping=0), True),
                (x509.InhibitAnyPolicy(3), True),
            ),
        ).der
    )
    assert facts.policies == ("2.23.140.1.2.1", "1.2.3")
    assert (facts.explicit_policy_after, facts.any_policy_until) == (2, 3)
    assert ("policyConstraints", True) in facts.extensions
    assert ("inhibitAnyPolicy", True) in facts.extensions


def timestamp(at_ms: int, *, log: bytes = b"L" * 32, version: int = 0) -> bytes:
    item = bytes([version]) + log + at_ms.to_bytes(8, "big") + b"\0\0" + b"\4\3\0\1x"
    return len(item).to_bytes(2, "big") + item


def test_signed_certificate_timestamps_are_read() -> None:
    items = timestamp(1_750_000_000_000) + timestamp((1 << 64) - 1, log=b"\xff" * 32, version=7)
    found = read_timestamps(len(items).to_bytes(2, "big") + items)
    assert found == (
        SignedTimestamp(0, "4c" * 32, datetime(2025, 6, 15, 15, 6, 40, tzinfo=UTC)),
        SignedTimestamp(7, "ff" * 32, None),
    )
    flood = timestamp(0) * (CERTIFICATE_TIMESTAMPS + 5)
    assert len(read_timestamps(len(flood).to_bytes(2, "big") + flood)) == CERTIFICATE_TIMESTAMPS


@given(st.binary(max_size=200))
def test_timestamps_of_any_octets_are_read_or_refused(data: bytes) -> None:
    for candidate in (data, len(data).to_bytes(2, "big") + data):
        try:
            found = read_timestamps(candidate)
        except DerError:
            continue
        assert len(found) <= CERTIFICATE_TIMESTAMPS


def test_what_cannot_be_read_or_occurs_twice_is_listed_by_name() -> None:
    bad = raw("2.5.29.15", b"\x04\x00")
    assert read_certificate(issue("x", ca=True, extensions=(bad,)).der).unreadable_extensions == (
        "keyUsage",
    )
    doubled = issue("x", dns=("a.example",)).der.replace(
        bytes.fromhex("0603551d0e"), bytes.fromhex("0603551d11"), 1
    )
    assert read_certificate(doubled).repeated_extensions == ("subjectAltName",)


def test_the_exponent_of_an_rsa_key_and_an_inconsistent_signature_are_facts() -> None:
    facts = read_certificate(issue("x", key=rsa.generate_private_key(3, 1024)).der)
    assert facts.rsa_exponent == 3
    assert facts.signature_consistent
    assert not facts.explicit_curve
    leaf = pki().leaf.der
    ecdsa = bytes.fromhex("06082a8648ce3d040302")
    at = leaf.rindex(ecdsa)
    changed = leaf[:at] + bytes.fromhex("06082a8648ce3d040303") + leaf[at + len(ecdsa) :]
    assert not read_certificate(changed).signature_consistent


@given(st.binary(max_size=60), st.sampled_from(["2.5.29.17", "2.5.29.30", "1.2.3"]))
def test_the_contents_of_an_extension_are_found_in_anything(data: bytes, oid: str) -> None:
    assert extension_contents(data, oid) is None
    assert subject_element(data) is None or data
    made = issue("x", ca=True, extensions=(raw("1.2.3", data),)).der
    assert extension_contents(made, "1.2.3") == data
