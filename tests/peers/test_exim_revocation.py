"""What a real Exim with GnuTLS makes of stapled responses and CRLs, against what we say of it."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.revocation import OcspAsked, RevocationOf
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.products import Product, product_readings
from tests.peers.stapling import exim_delivers, stapling
from tests.revocation.papers import MUST_STAPLE, Response, crl, revoked
from tests.tls.pki import Issued, issue

pytestmark = pytest.mark.peers
NEEDS = ("exim4", "openssl")
NOW = datetime.now(UTC).replace(microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VERIFYING = "tls_verify_hosts = *"


def made(subject: str, issuer: Issued | None = None, *extensions, ca: bool = False) -> Issued:
    return issue(
        subject, issuer, ca=ca, begins=NOW - 30 * DAY, ends=NOW + 60 * DAY, extensions=extensions
    )


ROOT = made("Root", ca=True)
CA = made("CA", ROOT, ca=True)
PLAIN, MUST, OTHER = made("mx", CA), made("mx", CA, MUST_STAPLE), made("other", CA)
_SIGNING = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False)
DELEGATED, CHANCER = made("Responder", CA, _SIGNING), made("Responder", CA)


def said(**how) -> Callable[[Issued], bytes]:
    defaults = {"issuer": CA, "made": NOW - HOUR, "until": NOW + DAY}
    return lambda about: Response(**({"about": about} | defaults | how)).der()


def gone(**how) -> Callable[[Issued], bytes]:
    return said(status="revoked", revoked_at=NOW - 9 * DAY, **how)


STAPLES: dict[str, Callable[[Issued], bytes]] = {
    "none": lambda _: b"",
    "good": said(),
    "good, no end": said(until=None),
    "good, made long ago": said(made=NOW - 12 * DAY),
    "good, delegated": said(signer=DELEGATED),
    "good, delegated, not sent": said(signer=DELEGATED, along=()),
    "good, without authority": said(signer=CHANCER),
    "good, expired": said(made=NOW - 9 * DAY, until=NOW - DAY),
    "good, early": said(made=NOW + DAY, until=NOW + 2 * DAY),
    "good, wrong key": said(key=OTHER.key),
    "revoked": gone(),
    "on hold": gone(reason="certificateHold"),
    "revoked, expired": gone(made=NOW - 9 * DAY, until=NOW - DAY),
    "revoked, wrong key": gone(key=OTHER.key),
    "unknown": said(status="unknown"),
    "about another": said(about=OTHER),
    "junk": lambda _: b"junk",
    "try later": lambda _: b"\x30\x03\x0a\x01\x03",
}


def reading(leaf: Issued, staple: bytes):
    asked = (OcspAsked(response=staple),) if staple else ()
    of = RevocationOf(depth=0, certificate=leaf.der, issuer=CA.der, asked=asked)
    checked = RevocationChecked(checked_at=to_rfc3339(NOW), certificates=(of,))
    found = product_readings(judge_revocation(checked, at=datetime.now(UTC)), (CA.der,))
    return {one.product: one.reading for one in found}


@pytest.fixture
def where() -> Iterator[Path]:
    """A folder that Exim's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="mxwalk-exim-") as folder:
        yield Path(folder)


@pytest.mark.parametrize("leaf", [PLAIN, MUST], ids=["plain", "must-staple"])
@pytest.mark.parametrize("name", STAPLES)
def test_a_verifying_exim_takes_a_staple_as_we_say(name: str, leaf: Issued, where: Path) -> None:
    staple = STAPLES[name](leaf)
    with stapling((leaf, CA), staple, where) as port:
        delivered, line = exim_delivers(port, ROOT, VERIFYING, where)
    ours = reading(leaf, staple)[Product.EXIM_VERIFYING]
    assert ours is not None
    assert ours.passes is delivered, line


@pytest.mark.parametrize("name", ["revoked", "good, expired", "good, wrong key"])
def test_an_exim_as_it_comes_delivers_and_says_not_verified(name: str, where: Path) -> None:
    staple = STAPLES[name](PLAIN)
    with stapling((PLAIN, CA), staple, where) as port:
        verified, line = exim_delivers(port, ROOT, "", where)
    assert not verified
    assert " => " in line
    assert " CV=no" in line
    ours = reading(PLAIN, staple)[Product.EXIM]
    assert ours is not None
    assert ours.passes


@pytest.mark.parametrize(
    ("data", "delivers"),
    [
        (crl(issuer=CA, made=NOW - HOUR, until=NOW + DAY), True),
        (crl(issuer=CA, made=NOW - 9 * DAY, until=NOW - DAY), True),
        (crl(revoked(PLAIN), issuer=CA, made=NOW - HOUR, until=NOW + DAY), False),
    ],
    ids=["not listed", "not listed, expired", "listed"],
)
def test_tls_crl_makes_exim_look_at_a_list(data: bytes, delivers: bool, where: Path) -> None:
    path = where / "list.pem"
    path.write_bytes(x509.load_der_x509_crl(data).public_bytes(Encoding.PEM))
    settings = f"{VERIFYING}\n  tls_crl = {path}"
    with stapling((PLAIN, CA), b"", where) as port:
        assert exim_delivers(port, ROOT, settings, where)[0] is delivers


def test_hosts_require_ocsp_makes_exim_want_a_staple(where: Path) -> None:
    settings = f"{VERIFYING}\n  hosts_require_ocsp = *"
    with stapling((PLAIN, CA), b"", where) as port:
        assert not exim_delivers(port, ROOT, settings, where)[0]
