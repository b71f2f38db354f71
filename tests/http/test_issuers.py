from base64 import b64encode

from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.http.issuers import read_issuers
from mxwalk.limits import ISSUERS_BYTES, ISSUERS_PER_ANSWER
from tests.tls.pki import pki


def bundle(encoding: Encoding) -> bytes:
    certificates = [pki().intermediate.certificate, pki().root.certificate]
    return pkcs7.serialize_certificates(certificates, encoding)


def test_a_certificate_in_der_is_itself():
    assert read_issuers(pki().root.der).certificates == (pki().root.der,)


def test_pem_gives_every_certificate_once():
    pem = b"a remark\n" + pki().intermediate.pem + pki().root.pem + pki().root.pem
    assert read_issuers(pem).certificates == (pki().intermediate.der, pki().root.der)


def test_pkcs7_gives_its_certificates_to_the_byte():
    found = read_issuers(bundle(Encoding.DER))
    assert set(found.certificates) == {pki().intermediate.der, pki().root.der}
    assert found.problem == ""


def test_what_holds_no_certificate_is_told_why():
    for body in (
        b"",
        b"<html>not found</html>",
        b"\x30\x00",
        b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        bytes(ISSUERS_BYTES + 1),
        bundle(Encoding.DER)[:-1],
        pki().root.der + b"\0",
    ):
        found = read_issuers(body)
        assert found.certificates == ()
        assert found.problem.isprintable()
        assert found.problem


def test_a_flood_of_certificates_is_cut():
    many = b"".join(_renumbered(number) for number in range(ISSUERS_PER_ANSWER + 5))
    assert len(read_issuers(many).certificates) == ISSUERS_PER_ANSWER


def _renumbered(number: int) -> bytes:
    """Return a certificate that differs in its last octet: its signature is not looked at here."""
    der = pki().root.der[:-1] + bytes([number])
    return b"-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n" % b64encode(der)


@given(st.binary(max_size=300))
def test_any_bytes_are_certificates_or_a_sentence(body):
    found = read_issuers(body)
    assert bool(found.certificates) is not bool(found.problem)
    assert found.problem.isprintable()


@given(
    st.integers(0, 10_000), st.binary(min_size=1, max_size=4), st.sampled_from(["p7", "der", "pem"])
)
def test_a_damaged_answer_raises_nothing(at, damage, kind):
    whole = {"p7": bundle(Encoding.DER), "der": pki().root.der, "pem": pki().root.pem}[kind]
    at %= len(whole)
    found = read_issuers(whole[:at] + damage + whole[at + len(damage) :])
    assert bool(found.certificates) is not bool(found.problem)
