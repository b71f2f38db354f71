"""Revocation: CRLs and OCSP responses about a certificate, read, judged, and held against another reader.

An input is three elements in DER: the certificate, its issuer, and a list or a response; the last octet
says which.
"""

import warnings
from collections.abc import Iterable
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.evidence.revocation import CrlAsked, CrlExtract, CrlSignature, OcspAsked, RevocationOf
from mxwalk.limits import REVOCATION_URLS_PER_CERTIFICATE
from mxwalk.revocation.crl import read_crl
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import Standing
from mxwalk.revocation.ocsp import read_ocsp
from mxwalk.revocation.ocsp_request import ocsp_request
from mxwalk.revocation.plan import what_to_ask
from mxwalk.revocation.points import distribution_points
from mxwalk.revocation.products import product_readings
from mxwalk.revocation.readings import read_path
from mxwalk.revocation.scope import cover
from tests.fuzz.choices import Choices
from tests.fuzz.evidence import comes_back
from tests.fuzz.model import Target, printable, promise
from tests.fuzz.said import all_printable
from tests.fuzz.structure import der

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_SURE = {Standing.GOOD, Standing.REVOKED}


def _check(data: bytes) -> None:
    choices = Choices(data)
    is_list = choices.flag()
    certificate, issuer, told = (*der.split(choices.rest())[:3], b"", b"", b"")[:3]
    all_printable(distribution_points(certificate))
    plan = what_to_ask((certificate, issuer))
    all_printable(plan)
    for one in plan:
        promise(
            len(one.crl_urls) + len(one.ocsp_urls) <= 2 * REVOCATION_URLS_PER_CERTIFICATE,
            "URLs without end",
        )
    ocsp_request(certificate, issuer)
    for scope in (told, certificate[:40]):
        printable(cover(scope, issuer, certificate)[1])
    if is_list:
        extract = read_crl(told, certificate, issuer)
        _check_list(extract, told, certificate)
        fetch = Fetched(url="http://crl.example.test/", purpose=Purpose.CRL)
        judged = _judge(CrlAsked(fetch=fetch, extract=extract), certificate, issuer)
        if judged in _SURE:
            promise(extract.signature is CrlSignature.VERIFIED, judged, "without a signature")
    else:
        read = read_ocsp(told, certificate, issuer)
        all_printable(read)
        judged = _judge(OcspAsked(response=told), certificate, issuer)
        if judged in _SURE:
            promise(read.answer is not None, judged, "without an answer")
    if judged in _SURE:
        promise(issuer and told, judged, "of nothing")


def _judge(asked: CrlAsked | OcspAsked, certificate: bytes, issuer: bytes) -> Standing:
    of = RevocationOf(depth=0, certificate=certificate, issuer=issuer, asked=(asked,))
    checked = RevocationChecked(checked_at="2026-06-15T12:00:00Z", certificates=(of,))
    comes_back(checked)
    standings = judge_revocation(checked, at=NOW)
    all_printable(standings)
    for one in standings:
        promise(one.sentence, "nothing is said")
        for source in one.sources:
            for remark in source.remarks:
                printable(remark)
    all_printable(read_path(standings))
    all_printable(product_readings(standings, (issuer,)))
    return standings[0].standing


def _check_list(extract: CrlExtract, told: bytes, certificate: bytes) -> None:
    """What cryptography reads as a list is read here with the same entries."""
    all_printable(extract)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs = x509.load_der_x509_crl(told)
            about = x509.load_der_x509_certificate(certificate)
            expected = theirs.get_revoked_certificate_by_serial_number(about.serial_number)
            indirect = any(
                isinstance(one.value, x509.IssuingDistributionPoint) and one.value.indirect_crl
                for one in theirs.extensions
            )
            count = len(theirs)
            if theirs.public_bytes(Encoding.DER) != told or indirect:
                return
        except (ValueError, TypeError, KeyError, UnsupportedAlgorithm, x509.DuplicateExtension):
            return
        except (x509.UnsupportedGeneralNameType, x509.InvalidVersion):
            return
    if not extract.problem:
        promise(extract.entries == count, "entries:", extract.entries, "not", count)
        promise(expected is None or extract.entry is not None, "a revoked certificate is not found")


def _seeds() -> Iterable[bytes]:
    from cryptography.x509 import ReasonFlags

    from tests.revocation import papers

    world = papers.world()
    pair = world.leaf.der + world.ca.der
    lists = (
        papers.crl(papers.revoked(world.leaf, "keyCompromise"), papers.Entry(1)),
        papers.crl(
            papers.Entry(1),
            extensions=((x509.CRLNumber(7), False), papers.issuing_point(indirect_crl=True)),
        ),
        papers.crl(
            papers.Entry(2, reason=ReasonFlags.certificate_hold),
            extensions=(papers.issuing_point(),),
        ),
        papers.crl(made=NOW.replace(year=2025), until=NOW.replace(year=2025, month=7)),
        papers.crl(key=world.other.key),
        papers.crl(extensions=((x509.DeltaCRLIndicator(3), True),)),
    )
    for one in lists:
        yield pair + one + b"\1"
    responses = (
        papers.Response(),
        papers.Response(status="revoked", reason="superseded", signer=papers.responder()),
        papers.Response(nonce=True, by_name=True),
        papers.Response(status="unknown"),
        papers.Response(key=world.other.key),
        papers.Response(about=world.other),
        papers.Response(signer=papers.responder(signing=False)),
        papers.Response(until=None),
    )
    for response in responses:
        yield pair + response.der() + b"\0"
    yield pair + b"\x30\x03\x0a\x01\x06" + b"\0"
    yield pair + b"\1"
    yield world.ca.der + world.root.der + lists[0] + b"\1"
    points = papers.crl_points(
        papers.point("http://a.example/x", reasons=(ReasonFlags.key_compromise,)),
        papers.point("ldap://a.example/", issuer=papers.named("Other")),
    )
    yield papers.leaf(points, papers.MUST_STAPLE).der + world.ca.der + lists[1] + b"\1"
    yield papers.leaf(papers.NO_REVOCATION).der + world.ca.der + responses[0].der() + b"\0"


TARGET = Target(
    promise="Good or revoked is said only by what is signed; entries are those another reader finds.",
    check=_check,
    calls=lambda size: 300_000 + 3_000 * size,
    max_len=4_096,
    words=(
        b"\x06\x03\x55\x1d\x14",
        b"\x06\x03\x55\x1d\x1c",
        b"\x06\x03\x55\x1d\x15",
        b"\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01",
    ),
    mutate=lambda data, choices: (
        None if (changed := der.mutate(data[:-1], choices)) is None else changed + data[-1:]
    ),
    seeds=_seeds,
)
