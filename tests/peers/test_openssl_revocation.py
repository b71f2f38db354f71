"""Our reading of lists and responses against OpenSSL's: ``openssl ca``, ``ocsp``, ``crl``, ``verify``."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from mxwalk.clock import from_rfc3339, to_rfc3339
from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.evidence.revocation import CrlAsked, CrlSignature, OcspAsked, RevocationOf
from mxwalk.revocation.crl import read_crl
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import CertificateStanding, Standing
from mxwalk.revocation.ocsp import ocsp_request, read_ocsp
from mxwalk.revocation.ocsp_model import Signer
from mxwalk.revocation.products import Product, product_readings
from mxwalk.tls.authority_names import name_text
from tests.http.parts import ADDRESS, HOST, fetcher
from tests.peers.openssl_ca import KeptCa, openssl, post, write
from tests.tls.pki import Issued, issue

pytestmark = pytest.mark.peers
NEEDS = ("openssl",)
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
URL = "http://pki.example.net/ca.crl"
POINT = x509.DistributionPoint([x509.UniformResourceIdentifier(URL)], None, None, None)
OCSP_URL = f"http://{HOST}/"
WAYS_TO_REVOKE: dict[str, tuple[tuple[str, ...], str]] = {
    "no reason": ((), ""),
    "unspecified": (("-crl_reason", "unspecified"), "unspecified"),
    "keyCompromise": (("-crl_reason", "keyCompromise"), "keyCompromise"),
    "CACompromise": (("-crl_reason", "CACompromise"), "cACompromise"),
    "affiliationChanged": (("-crl_reason", "affiliationChanged"), "affiliationChanged"),
    "superseded": (("-crl_reason", "superseded"), "superseded"),
    "cessation": (("-crl_reason", "cessationOfOperation"), "cessationOfOperation"),
    "hold": (("-crl_reason", "certificateHold"), "certificateHold"),
    "compromised since": (("-crl_compromise", "20260101000000Z"), "keyCompromise"),
    "CA compromised since": (("-crl_CA_compromise", "20260102000000Z"), "cACompromise"),
}


def made(subject: str, issuer: Issued | None = None, **more) -> Issued:
    return issue(subject, issuer, begins=NOW - 30 * DAY, ends=NOW + 60 * DAY, **more)


ROOT = made("Root", ca=True)
CA = made("CA", ROOT, ca=True)
LEAF = made("leaf", CA, extensions=((x509.CRLDistributionPoints([POINT]), False),))


@pytest.fixture
def kept(tmp_path: Path) -> KeptCa:
    return KeptCa(tmp_path, CA)


def checked(asked: CrlAsked | OcspAsked, about: Issued) -> RevocationChecked:
    of = RevocationOf(depth=0, certificate=about.der, issuer=CA.der, asked=(asked,))
    return RevocationChecked(checked_at=to_rfc3339(NOW), certificates=(of,))


def by_crl(data: bytes, about: Issued = LEAF, at: datetime | None = None) -> CertificateStanding:
    fetch = Fetched(url=URL, purpose=Purpose.CRL, status=200)
    asked = CrlAsked(fetch=fetch, extract=read_crl(data, about.der, CA.der))
    return judge_revocation(checked(asked, about), at=at or datetime.now(UTC))[0]


def by_ocsp(response: bytes, about: Issued, at: datetime | None = None) -> CertificateStanding:
    fetch = Fetched(url=OCSP_URL, purpose=Purpose.OCSP, status=200)
    asked = OcspAsked(fetch=fetch, response=response)
    return judge_revocation(checked(asked, about), at=at or datetime.now(UTC))[0]


def test_the_responder_answers_our_request_for_good_revoked_and_unknown(kept: KeptCa) -> None:
    good, unknown = made("good", CA), made("unknown", CA)
    gone = {way: made(way, CA) for way in WAYS_TO_REVOKE}
    kept.knows(good)
    for way, (how, _) in WAYS_TO_REVOKE.items():
        kept.revokes(gone[way], *how)
    with kept.responder(None, "-nmin", "60") as port:
        answers = {
            one: post(port, ocsp_request(one.der, CA.der))
            for one in (good, unknown, *gone.values())
        }
    assert by_ocsp(answers[good], good).standing is Standing.GOOD
    assert by_ocsp(answers[unknown], unknown).standing is Standing.UNKNOWN
    for way, (_, reason) in WAYS_TO_REVOKE.items():
        found = by_ocsp(answers[gone[way]], gone[way])
        assert found.standing is Standing.REVOKED, way
        assert found.revocation is not None
        assert found.revocation.reason == reason, way
        assert found.revocation.revoked_at is not None
        assert abs(found.revocation.revoked_at - NOW) < DAY
    later = datetime.now(UTC) + timedelta(hours=2)
    assert by_ocsp(answers[good], good, later).standing is Standing.EXPIRED_DATA
    assert by_ocsp(answers[good], gone["hold"]).standing is Standing.INVALID
    read = read_ocsp(answers[good], good.der, CA.der)
    assert (read.signer, read.nonce, read.remarks) == (Signer.DIRECT, False, ())


@pytest.mark.parametrize("how", [(), ("-resp_key_id",), ("-ndays", "2"), ("-resp_no_certs",)])
def test_a_delegated_responder_is_recognized(kept: KeptCa, how: tuple[str, ...]) -> None:
    signing = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
    signer = made("Responder", CA, extensions=((signing, False), (x509.OCSPNoCheck(), False)))
    kept.knows(LEAF)
    with kept.responder(signer, *how) as port:
        response = post(port, ocsp_request(LEAF.der, CA.der))
    found = by_ocsp(response, LEAF)
    if "-resp_no_certs" in how:
        assert found.standing is Standing.UNKNOWN
        assert "the responder's certificate is not in the response" in found.sentence
        return
    assert found.standing is Standing.GOOD
    read = read_ocsp(response, LEAF.der, CA.der)
    assert (read.signer, read.nocheck) == (Signer.DELEGATED, True)
    assert read.signer_certificate == signer.der
    # OpenSSL's own judgement of the same bytes
    (kept.folder / "response.der").write_bytes(response)
    root, ca, leaf = (
        write(one, kept.folder, name) for one, name in ((ROOT, "r"), (CA, "c"), (LEAF, "l"))
    )
    said = openssl(
        "ocsp", "-respin", kept.folder / "response.der", "-issuer", ca, "-cert", leaf,
        "-CAfile", root, "-verify_other", ca, "-no_nonce",
    )  # fmt: skip
    assert b"Response verify OK" in said.stdout + said.stderr
    assert b": good" in said.stdout


@pytest.mark.parametrize("fault", ["no purpose", "other CA"])
def test_a_responder_without_authority_is_refused_as_by_openssl(kept: KeptCa, fault: str) -> None:
    signing = ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),)
    other = made("Other", ROOT, ca=True)
    signer = {
        "no purpose": made("Responder", CA),
        "other CA": made("Responder", other, extensions=signing),
    }[fault]
    kept.knows(LEAF)
    with kept.responder(signer) as port:
        response = post(port, ocsp_request(LEAF.der, CA.der))
    assert by_ocsp(response, LEAF).standing is Standing.INVALID
    (kept.folder / "response.der").write_bytes(response)
    trusted = kept.folder / "trusted.pem"
    trusted.write_bytes(ROOT.pem + other.pem + CA.pem)
    leaf, ca = write(LEAF, kept.folder, "l"), write(CA, kept.folder, "c")
    said = openssl(
        "ocsp", "-respin", kept.folder / "response.der", "-issuer", ca, "-cert", leaf,
        "-CAfile", trusted, "-no_nonce", check=False,
    )  # fmt: skip
    assert b"Response Verify Failure" in said.stdout + said.stderr


async def test_the_fetcher_asks_the_responder(kept: KeptCa) -> None:
    kept.revokes(LEAF, "-crl_reason", "superseded")
    with kept.responder(None, "-nmin", "60") as port:
        asking = fetcher({(ADDRESS, 80): port})
        request = ocsp_request(LEAF.der, CA.der)
        got = await asking.post(OCSP_URL, request, "application/ocsp-request", Purpose.OCSP)
    assert got.fetched.problem == ""
    asked = OcspAsked(fetch=got.fetched, response=got.body)
    found = judge_revocation(checked(asked, LEAF), at=datetime.now(UTC))[0]
    assert found.standing is Standing.REVOKED
    assert found.revocation is not None
    assert found.revocation.reason == "superseded"


def text_of(path: Path) -> dict[int, str]:
    """Return serial number and reason of each entry that ``openssl crl -text`` prints."""
    text = openssl("crl", "-in", path, "-noout", "-text").stdout.decode()
    entries = re.split(r"Serial Number: ", text)[1:]
    reasons = (re.search(r"Reason Code: *\n *(.+)", entry) for entry in entries)
    return {
        int(entry.split()[0], 16): found.group(1).strip() if found else ""
        for entry, found in zip(entries, reasons, strict=True)
    }


def test_lists_are_read_as_openssl_prints_them(kept: KeptCa) -> None:
    gone = {way: made(way, CA) for way in WAYS_TO_REVOKE}
    for way, (how, _) in WAYS_TO_REVOKE.items():
        kept.revokes(gone[way], *how)
    path = kept.list("-crldays", "3")
    printed = text_of(path)
    assert len(printed) == len(WAYS_TO_REVOKE)
    for way, (_, reason) in WAYS_TO_REVOKE.items():
        found = read_crl(path.read_bytes(), gone[way].der, CA.der)
        assert found.entry is not None, way
        assert found.entry.reason == reason, way
        spoken = printed[gone[way].certificate.serial_number]
        assert spoken.replace(" ", "").lower() == reason.lower()
        assert (found.entries, found.signature) == (len(printed), CrlSignature.VERIFIED)
        assert by_crl(path.read_bytes(), gone[way]).standing is Standing.REVOKED
    since = read_crl(path.read_bytes(), gone["compromised since"].der, CA.der).entry
    assert since is not None
    assert since.invalid_since == "2026-01-01T00:00:00Z"
    facts = openssl(
        "crl", "-in", path, "-noout", "-lastupdate", "-nextupdate", "-crlnumber", "-issuer",
        "-dateopt", "iso_8601",
    ).stdout.decode()  # fmt: skip
    found = read_crl(path.read_bytes(), LEAF.der, CA.der)
    assert from_rfc3339(found.next_update) - from_rfc3339(found.this_update) == 3 * DAY
    for moment in (found.this_update, found.next_update):
        assert moment.replace("T", " ") in facts
    assert f"crlNumber=0x{found.number}" in facts
    assert f"issuer={name_text(found.issuer).replace('=', ' = ')}" in facts


@dataclass(frozen=True)
class Case:
    """A list and the time at which it is looked at."""

    data: bytes
    at: datetime = NOW


def signed(
    *entries: Issued, issuer: Issued = CA, key: object = None, extensions=(), made_at=NOW - DAY,
    until=NOW + 6 * DAY,
) -> bytes:  # fmt: skip
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(made_at)
        .next_update(until)
    )
    for entry in entries:
        number = entry.certificate.serial_number
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(number).revocation_date(NOW).build()
        )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(key or issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def scope(url: str | None = URL, **more) -> x509.IssuingDistributionPoint:
    settings = {
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    names = [x509.UniformResourceIdentifier(url)] if url else None
    return x509.IssuingDistributionPoint(names, **(settings | more))


STRANGE = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
OTHER = made("Other", ROOT, ca=True)
CASES = {
    "empty": Case(signed()),
    "listed": Case(signed(LEAF)),
    "others listed": Case(signed(CA, ROOT)),
    "expired": Case(signed(), NOW + 8 * DAY),
    "listed and expired": Case(signed(LEAF), NOW + 8 * DAY),
    "not yet": Case(signed(), NOW - 2 * DAY),
    "wrong key": Case(signed(key=OTHER.key)),
    "listed by a wrong key": Case(signed(LEAF, key=OTHER.key)),
    "another issuer": Case(signed(issuer=OTHER)),
    "unknown critical": Case(signed(extensions=(STRANGE,))),
    "its part": Case(signed(extensions=(scope(),))),
    "its part, listed": Case(signed(LEAF, extensions=(scope(),))),
    "another part": Case(signed(extensions=(scope("http://pki.example.net/2.crl"),))),
    "another part, listed": Case(signed(LEAF, extensions=(scope("http://pki.example.net/2.crl"),))),
    "end entities": Case(signed(extensions=(scope(None, only_contains_user_certs=True),))),
    "CAs": Case(signed(extensions=(scope(only_contains_ca_certs=True),))),
    "attributes": Case(signed(extensions=(scope(None, only_contains_attribute_certs=True),))),
    "some reasons": Case(
        signed(extensions=(scope(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise})),))
    ),
    "indirect": Case(signed(extensions=(scope(indirect_crl=True),))),
    "indirect, listed": Case(signed(LEAF, extensions=(scope(indirect_crl=True),))),
}


@pytest.mark.parametrize("name", CASES)
def test_openssl_verify_takes_a_list_as_we_do(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    path = tmp_path / "list.pem"
    path.write_bytes(x509.load_der_x509_crl(case.data).public_bytes(Encoding.PEM))
    root, ca, leaf = (
        write(one, tmp_path, file) for one, file in ((ROOT, "r"), (CA, "c"), (LEAF, "l"))
    )
    done = openssl(
        "verify", "-crl_check", "-extended_crl", "-attime", int(case.at.timestamp()),
        "-CAfile", root, "-untrusted", ca, "-CRLfile", path, leaf, check=False,
    )  # fmt: skip
    standing = by_crl(case.data, at=case.at)
    readings = {one.product: one for one in product_readings((standing,), (CA.der,))}
    ours = readings[Product.OPENSSL_CRL_CHECK].reading
    assert ours is not None
    said = done.stdout + done.stderr
    assert ours.passes == (done.returncode == 0), (said, standing.sentence)
    if standing.standing is Standing.REVOKED:
        assert b"certificate revoked" in said
    if standing.standing is Standing.EXPIRED_DATA:
        assert b"CRL has expired" in said or b"CRL is not yet valid" in said


def test_lists_of_openssl_ca_are_taken_alike(kept: KeptCa) -> None:
    other = made("other", CA)
    kept.revokes(other, "-crl_reason", "superseded")
    kept.knows(LEAF)
    root = write(ROOT, kept.folder, "r")
    for how in (("-crldays", "1"), ("-crlhours", "2"), ("-crlsec", "3600")):
        path = kept.list(*how)
        for about, passes in ((LEAF, True), (other, False)):
            done = openssl(
                "verify", "-crl_check", "-CAfile", root, "-untrusted", kept.folder / "ca.pem",
                "-CRLfile", path, write(about, kept.folder, "about"), check=False,
            )  # fmt: skip
            standing = by_crl(path.read_bytes(), about, datetime.now(UTC))
            assert (done.returncode == 0) is passes
            assert standing.standing is (Standing.GOOD if passes else Standing.REVOKED)
        late = by_crl(path.read_bytes(), LEAF, NOW + 2 * DAY)
        assert late.standing is Standing.EXPIRED_DATA
