"""Reading a CRL for one certificate: facts, entries, signatures, and what is not as it should be."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.revocation import CrlSignature
from mxwalk.limits import CRL_BYTES
from mxwalk.revocation.crl import read_crl
from mxwalk.revocation.extension import encoded
from mxwalk.tls import der
from mxwalk.tls.authority_names import name_text
from tests.revocation.bench_revocation import large_crl
from tests.revocation.papers import (
    CRL_URL,
    HOUR,
    NOW,
    Entry,
    crl,
    issuing_point,
    leaf,
    named,
    point,
    revoked,
    world,
)
from tests.tls.pki import DAY, issue, rsa_key

OID = x509.ObjectIdentifier


def read(data: bytes, certificate=None, issuer=None):
    return read_crl(data, (certificate or world().leaf).der, (issuer or world().ca).der)


def pem(data: bytes, label: bytes = b"X509 CRL") -> bytes:
    body = base64.encodebytes(data)
    return b"-----BEGIN " + label + b"-----\n" + body + b"-----END " + label + b"-----\n"


def unrecognized(oid: str, value: bytes = b"\x05\x00", *, critical: bool):
    return x509.UnrecognizedExtension(OID(oid), value), critical


def test_outer_facts_are_read():
    number = (x509.CRLNumber(0xABC), False)
    key_id = (
        x509.AuthorityKeyIdentifier.from_issuer_public_key(world().ca.key.public_key()),
        False,
    )
    freshest = (x509.FreshestCRL([point("http://crl.example.test/delta.crl")]), False)
    found = read(crl(Entry(5), Entry(6), extensions=(number, key_id, freshest)))
    assert name_text(found.issuer) == "CN=CA"
    assert found.this_update == to_rfc3339(NOW - HOUR)
    assert found.next_update == to_rfc3339(NOW + 6 * DAY)
    assert found.number == "abc"
    assert found.authority_key_id == key_id[0].key_identifier.hex()
    assert found.freshest == ("http://crl.example.test/delta.crl",)
    assert (found.entries, found.entry) == (2, None)
    assert found.signature is CrlSignature.VERIFIED
    assert found.signature_algorithm == "ecdsa-with-SHA256"
    assert (found.base, found.scope, found.unhandled) == ("", b"", ())
    assert (found.problem, found.remarks) == ("", ())


def test_an_empty_list_has_no_entries_and_is_verified():
    found = read(crl())
    assert (found.entries, found.entry, found.problem) == (0, None, "")
    assert found.signature is CrlSignature.VERIFIED


@pytest.mark.parametrize("reason", [flag.value for flag in x509.ReasonFlags])
def test_every_reason_is_named_in_the_words_of_rfc_5280(reason):
    if reason == "removeFromCRL":
        since = ()
    else:
        since = ((x509.InvalidityDate((NOW - 9 * DAY).replace(tzinfo=None)), False),)
    found = read(crl(Entry(1), revoked(world().leaf, reason, extensions=since), Entry(2)))
    assert found.entry is not None
    assert found.entry.reason == reason
    assert found.entry.revoked_at == to_rfc3339(NOW - 3 * DAY)
    assert found.entry.invalid_since == (to_rfc3339(NOW - 9 * DAY) if since else "")
    assert found.entries == 3


def test_an_entry_without_a_reason_has_none():
    found = read(crl(revoked(world().leaf)))
    assert found.entry is not None
    assert found.entry.reason == ""


def test_a_serial_number_that_begins_alike_is_another_one():
    ours = issue("a", world().ca)
    number = ours.certificate.serial_number
    others = (Entry((number << 8) % (1 << 158) + 1), Entry(number ^ 1), Entry(number >> 8))
    assert read(crl(*others), ours).entry is None
    assert read(crl(*others, revoked(ours)), ours).entry is not None


@pytest.mark.parametrize("first", [0x80, 0xFF, 0x00, 0x7F])
def test_negative_and_huge_serial_numbers_are_found(first):
    number = int.from_bytes(b"\x55" * 20, "big")
    data = crl(Entry(7), Entry(number), Entry(8))
    builder = (
        x509.CertificateBuilder()
        .subject_name(named("odd"))
        .issuer_name(world().ca.certificate.subject)
        .public_key(world().ca.key.public_key())
        .serial_number(number)
        .not_valid_before(NOW)
        .not_valid_after(NOW + DAY)
    )
    made = builder.sign(world().ca.key, hashes.SHA256()).public_bytes(Encoding.DER)
    content = bytes([first]) + b"\x80" + b"\x55" * 18
    odd = made.replace(b"\x55" * 20, content, 1)
    assert read_crl(data, odd, world().ca.der).entry is None
    assert read_crl(data.replace(b"\x55" * 20, content, 1), odd, world().ca.der).entry is not None


def test_a_certificate_listed_twice_has_its_last_entry_and_a_remark():
    found = read(crl(revoked(world().leaf, "superseded"), revoked(world().leaf, "keyCompromise")))
    assert found.entry is not None
    assert found.entry.reason == "keyCompromise"
    assert "the certificate is listed 2 times" in found.remarks


def test_pem_is_read_with_a_remark():
    data = crl(revoked(world().leaf, "superseded"))
    found = read(pem(data))
    assert found.entry is not None
    assert found.signature is CrlSignature.VERIFIED
    assert any("PEM" in remark for remark in found.remarks)
    assert read(b"Bag attributes\n" + pem(data)).entry == found.entry


def test_bytes_behind_the_list_are_remarked():
    assert read(crl() + b"more").remarks == ("bytes follow behind it",)


def test_another_version_is_remarked():
    found = read(crl(Entry(7)).replace(b"\x02\x01\x01\x30", b"\x02\x01\x05\x30", 1))
    assert (found.problem, found.entries) == ("", 1)
    assert found.remarks == ("its version is not v2 (RFC 5280 5.1.2.1)",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "this is no CRL: it begins with ''"),
        (b"<html><title>404</title></html>", "it begins with '<html>"),
        (pem(b"x", b"CERTIFICATE"), "it begins with"),
        (b"\x30\x80", "this is no CRL"),
        (b"\x30\x00", "parts are missing"),
        (world().ca.der, "this is no CRL"),
        (bytes(CRL_BYTES + 1), "is not read"),
    ],
    ids=["nothing", "HTML", "another label", "endless", "empty", "a certificate", "too large"],
)
def test_what_is_no_crl_is_said_plainly(data, words):
    found = read(data)
    assert words in found.problem
    assert (found.entry, found.signature) == (None, CrlSignature.UNKNOWN)


def test_a_list_cut_short_is_no_crl():
    data = crl(*(Entry(number) for number in range(1, 50)))
    assert "cut short" in read(data[:-1]).problem


def broken_entry(data: bytes) -> bytes:
    """Give the entry of serial number 0x5555 a length that leads out of the list."""
    at = data.index(b"\x02\x02\x55\x55")
    return data[: at - 1] + b"\x7f" + data[at:]


def test_entries_that_cannot_be_walked_are_a_problem_and_facts_stay():
    found = read(broken_entry(crl(Entry(0x5555))))
    assert found.problem == "the entries cannot be read: entry 1 is cut short"
    assert name_text(found.issuer) == "CN=CA"
    assert found.signature is CrlSignature.WRONG


def test_another_key_makes_the_signature_wrong():
    assert read(crl(key=ec.generate_private_key(ec.SECP256R1()))).signature is CrlSignature.WRONG
    assert read(crl(key=rsa_key())).signature is CrlSignature.WRONG


def test_one_changed_bit_makes_the_signature_wrong():
    data = bytearray(crl(Entry(0x5555)))
    data[data.index(b"\x55\x55")] ^= 1
    assert read(bytes(data)).signature is CrlSignature.WRONG


def test_without_the_issuer_the_signature_is_unknown():
    assert read_crl(crl(), world().leaf.der).signature is CrlSignature.UNKNOWN
    assert read_crl(crl(), world().leaf.der, b"junk").signature is CrlSignature.UNKNOWN


def test_a_list_of_another_issuer_has_an_unknown_signature():
    assert read(crl(issuer=world().other)).signature is CrlSignature.UNKNOWN


@pytest.mark.parametrize("kind", ["rsa", "pss", "p384", "ed25519"])
def test_signatures_of_every_usual_kind_are_verified(kind):
    key = {
        "rsa": rsa_key,
        "pss": rsa_key,
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
    }[kind]()
    authority = issue("CA", world().root, ca=True, key=key)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(NOW)
        .next_update(NOW + DAY)
    )
    more = {}
    if kind == "pss":
        more["rsa_padding"] = padding.PSS(padding.MGF1(hashes.SHA384()), 48)
    digest = None if kind == "ed25519" else hashes.SHA384()
    data = builder.sign(key, digest, **more).public_bytes(Encoding.DER)
    found = read_crl(data, world().leaf.der, authority.der)
    assert found.signature is CrlSignature.VERIFIED
    assert found.signature_algorithm
    assert isinstance(key, rsa.RSAPrivateKey) == (kind in {"rsa", "pss"})


def test_a_delta_crl_gives_its_base():
    data = crl(extensions=((x509.DeltaCRLIndicator(0x10), True), (x509.CRLNumber(0x12), False)))
    found = read(data)
    assert (found.base, found.number, found.unhandled) == ("10", "12", ())


def test_unknown_critical_extensions_are_listed_and_others_are_not():
    found = read(
        crl(
            extensions=(
                unrecognized("1.3.6.1.4.1.99999.1", critical=True),
                unrecognized("1.3.6.1.4.1.99999.2", critical=False),
            )
        )
    )
    assert found.unhandled == ("1.3.6.1.4.1.99999.1",)


def test_an_unknown_critical_extension_of_the_entry_is_listed():
    entry = revoked(world().leaf, extensions=(unrecognized("1.3.6.1.4.1.99999.3", critical=True),))
    assert read(crl(entry)).unhandled == ("1.3.6.1.4.1.99999.3 (of the entry)",)
    assert read(crl(entry), leaf()).unhandled == ()


def test_the_scope_is_kept_as_it_is():
    found = read(crl(extensions=(issuing_point(only_contains_user_certs=True),)))
    assert CRL_URL.encode() in found.scope
    assert found.unhandled == ()


def by(issuer: x509.Name) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    return ((x509.CertificateIssuer([x509.DirectoryName(issuer)]), True),)


def test_entries_of_an_indirect_crl_belong_to_the_issuer_last_named():
    mine, theirs = world().leaf, world().other.certificate.subject
    number = mine.certificate.serial_number
    scope = (issuing_point(indirect_crl=True),)
    only_theirs = crl(Entry(number, extensions=by(theirs)), extensions=scope)
    assert read(only_theirs).entry is None
    inherited = crl(Entry(1, extensions=by(theirs)), Entry(number), extensions=scope)
    assert read(inherited).entry is None
    ours_again = crl(
        Entry(1, extensions=by(theirs)),
        Entry(2, extensions=by(world().ca.certificate.subject)),
        Entry(number),
        extensions=scope,
    )
    found = read(ours_again)
    assert found.entry is not None
    assert name_text(found.entry.issuer) == "CN=CA"
    before = crl(Entry(number), Entry(2, extensions=by(theirs)), extensions=scope)
    assert read(before).entry is not None


def test_an_indirect_crl_without_named_issuers_is_about_its_own():
    scope = (issuing_point(indirect_crl=True),)
    assert read(crl(revoked(world().leaf), extensions=scope)).entry is not None
    foreign = crl(revoked(world().leaf), issuer=world().other, extensions=scope)
    found = read(foreign)
    assert found.entry is None
    assert any("another issuer's" in remark for remark in found.remarks)


def test_a_list_without_next_update_is_read_with_a_remark():
    data = crl()
    stamp = (NOW + 6 * DAY).strftime("%y%m%d%H%M%SZ").encode()
    at = data.index(b"\x17\x0d" + stamp)
    cut = data[:at] + data[at + 15 :]
    found = read(shorten(cut, 15))
    assert found.problem == ""
    assert found.next_update == ""
    assert found.remarks == ("nextUpdate is missing",)
    assert found.this_update == to_rfc3339(NOW - HOUR)


def shorten(data: bytes, by_octets: int) -> bytes:
    """Correct the lengths of a list and its body after octets were taken out of the body."""
    assert data[:2] == b"\x30\x81"
    assert data[3] == 0x30
    if data[4] == 0x81:
        lengths = (data[2] - by_octets, data[5] - by_octets)
        return b"\x30\x81" + bytes([lengths[0]]) + b"\x30\x81" + bytes([lengths[1]]) + data[6:]
    return (
        b"\x30\x81"
        + bytes([data[2] - by_octets])
        + b"\x30"
        + bytes([data[4] - by_octets])
        + data[5:]
    )


def test_times_that_cannot_be_read_are_remarked():
    data = crl()
    stamp = (NOW - HOUR).strftime("%y%m%d%H%M%SZ").encode()
    found = read(data.replace(stamp, b"9913" + stamp[4:]))
    assert found.this_update == ""
    assert any(remark.startswith("thisUpdate cannot be read") for remark in found.remarks)


def test_a_long_list_is_walked_to_its_end():
    data = large_crl(20_000, world().ca, revoked(world().leaf, "keyCompromise"))
    found = read(data)
    assert found.entries == 20_001
    assert found.entry is not None
    assert found.entry.reason == "keyCompromise"
    assert found.signature is CrlSignature.VERIFIED


def padded(certificate: bytes) -> bytes:
    """Return the certificate with a needless octet in front of its serial number."""
    body, *rest = der.only(certificate, der.SEQUENCE).children()
    parts = [
        encoded(der.INTEGER, b"\0" + part.content) if part.tag == der.INTEGER else part.raw
        for part in body.children()
    ]
    changed = encoded(der.SEQUENCE, b"".join(parts))
    return encoded(der.SEQUENCE, changed + b"".join(part.raw for part in rest))


def test_a_serial_number_with_needless_octets_is_found_by_its_value():
    listed = crl(revoked(world().leaf))
    assert read_crl(listed, padded(world().leaf.der), world().ca.der).entry is not None


def test_a_certificate_without_a_serial_number_is_not_told_to_be_missing_from_the_list():
    extract = read_crl(crl(), b"\x30\x00", world().ca.der)
    assert "serial number cannot be read" in extract.problem
