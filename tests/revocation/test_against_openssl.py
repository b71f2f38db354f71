"""Random lists, chains and times: our reading of ``-crl_check`` against OpenSSL's verification."""

from datetime import datetime

from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import crypto

from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.revocation import RevocationOf
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import Standing
from mxwalk.revocation.products import Product, product_readings
from tests.generated import examples
from tests.revocation.papers import (
    HOUR,
    NOW,
    Entry,
    by_crl,
    crl,
    crl_points,
    issuing_point,
    leaf,
    point,
    revoked,
    world,
)
from tests.tls.pki import DAY, Issued, issue

_EXTENDED = 0x1000  # X509_V_FLAG_EXTENDED_CRL_SUPPORT
_OTHER_URL = "http://crl.example.test/other.crl"
_STRANGE = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
_FLAGS = frozenset({x509.ReasonFlags.key_compromise})


def _usage(*, crl_sign: bool) -> tuple[x509.ExtensionType, bool]:
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=crl_sign,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return usage, True


ROOT = world().root
AUTHORITIES = (
    world().ca,
    issue("CA", ROOT, ca=True, extensions=(_usage(crl_sign=True),)),
    issue("CA", ROOT, ca=True, extensions=(_usage(crl_sign=False),)),
)
IMPOSTOR = issue("CA", ROOT, ca=True)
POINTS = (
    (),
    (crl_points(point()),),
    (crl_points(point(_OTHER_URL), point()),),
    (crl_points(point(reasons=_FLAGS)),),
    (crl_points(point(issuer=world().other.certificate.subject)),),
)
LEAVES: dict[tuple[int, int], Issued] = {
    (which, number): issue("mx.example.net", authority, extensions=points)
    for which, authority in enumerate(AUTHORITIES)
    for number, points in enumerate(POINTS)
}
SCOPES = (
    (),
    (issuing_point(),),
    (issuing_point(_OTHER_URL),),
    (issuing_point(None, only_contains_user_certs=True),),
    (issuing_point(only_contains_user_certs=True),),
    (issuing_point(only_contains_ca_certs=True),),
    (issuing_point(None, only_contains_attribute_certs=True),),
    (issuing_point(only_some_reasons=_FLAGS),),
    (issuing_point(indirect_crl=True),),
    ((_STRANGE, True),),
    ((_STRANGE, False),),
    ((x509.CRLNumber(7), False),),
)
MOMENTS = tuple(NOW + days * DAY for days in (-20, -3, 0, 3, 20))


def openssl_trusts(about: Issued, authority: Issued, data: bytes, at: datetime) -> bool:
    store = crypto.X509Store()
    store.add_cert(crypto.X509.from_cryptography(ROOT.certificate))
    store.add_crl(x509.load_der_x509_crl(data))
    store.set_flags(crypto.X509StoreFlags.CRL_CHECK | _EXTENDED)
    store.set_time(at)
    chain = [crypto.X509.from_cryptography(authority.certificate)]
    context = crypto.X509StoreContext(
        store, crypto.X509.from_cryptography(about.certificate), chain
    )
    try:
        context.verify_certificate()
    except crypto.X509StoreContextError:
        return False
    return True


@examples(500)
@given(
    which=st.integers(0, 2),
    points=st.integers(0, len(POINTS) - 1),
    scope=st.sampled_from(SCOPES),
    listed=st.booleans(),
    more=st.integers(0, 3),
    signer=st.sampled_from(("right", "right", "right", "impostor", "other")),
    begins=st.sampled_from(MOMENTS),
    ends=st.sampled_from(MOMENTS),
)
def test_openssl_takes_a_list_as_we_say(which, points, scope, listed, more, signer, begins, ends):
    authority, about = AUTHORITIES[which], LEAVES[which, points]
    if ends <= begins:
        begins, ends = ends, begins + HOUR
    entries = [Entry(number + 1) for number in range(more)]
    if listed:
        entries.append(revoked(about))
    data = crl(
        *entries,
        issuer=world().other if signer == "other" else authority,
        key=IMPOSTOR.key if signer == "impostor" else None,
        made=begins,
        until=ends,
        extensions=scope,
    )
    at = NOW + HOUR / 2  # far from where our tolerance of clocks would count
    of = RevocationOf(
        depth=0,
        certificate=about.der,
        issuer=authority.der,
        asked=(by_crl(data, about, authority),),
    )
    checked = RevocationChecked(checked_at="", certificates=(of,))
    standings = judge_revocation(checked, at=at)
    readings = {one.product: one for one in product_readings(standings, (authority.der,))}
    ours = readings[Product.OPENSSL_CRL_CHECK].reading
    assert ours is not None
    trusted = openssl_trusts(about, authority, data, at)
    assert ours.passes is trusted, (standings[0].standing, standings[0].sentence)
    assert trusted is (standings[0].standing is Standing.GOOD)


def test_the_comparison_sees_both_outcomes():
    about = leaf()
    assert openssl_trusts(about, world().ca, crl(), NOW)
    assert not openssl_trusts(about, world().ca, crl(revoked(about)), NOW)
