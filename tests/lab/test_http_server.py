"""The lab's HTTP servers: what they serve holds for cryptography, and faults are those asked for."""

import asyncio
import hashlib
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding as Form
from cryptography.x509 import ocsp

from mxwalk.clock import FixedClock, SystemClock
from mxwalk.evidence.fetch import Purpose
from mxwalk.http.client import Fetcher
from mxwalk.http.guard import Only
from mxwalk.http.issuers import read_issuers
from mxwalk.http.model import CRL_TERMS, POLICY_TERMS, FetchLimits
from mxwalk.lab.certificate import CertificateSpec, KeyKind
from mxwalk.lab.certificate import Purpose as Usage
from mxwalk.lab.host import Arrival, Staple
from mxwalk.lab.http_model import CrlScope, Encoding, HttpSpec, OcspAnswer, PathSpec, Reason
from mxwalk.lab.http_server import HttpServers
from mxwalk.lab.lab import Lab
from mxwalk.lab.pki import LabPki
from mxwalk.lab.pki_ocsp import staple_of
from mxwalk.lab.scenario import load_scenario
from mxwalk.net.connection import Connection
from mxwalk.net.dialer import MappedDialer
from mxwalk.tls.handshake import ClientEngine
from mxwalk.tls.store import LoadedStore
from tests.http.parts import Names

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOST = "pki.example.net"
ADDRESS = "192.0.2.80"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def a_pki(**certificates: CertificateSpec) -> LabPki:
    known = {
        "mx": CertificateSpec(cn="mx.example.com"),
        "second": CertificateSpec(cn="second.example.com"),
        "web": CertificateSpec(names=(HOST,)),
    }
    return LabPki({**known, **certificates}, NOW)


@asynccontextmanager
async def serving(paths: dict[str, PathSpec], pki: LabPki | None = None, **more):
    """Serve the paths; yield a fetcher that knows the server's name."""
    pki = pki or a_pki()
    port = 443 if "certificate" in more else 80
    spec = HttpSpec(at=(f"{ADDRESS}:{port}",), name=HOST, paths=paths, **more)
    async with HttpServers([spec], pki) as servers:
        yield Fetcher(
            MappedDialer(servers.mapping),
            Names({HOST: (ADDRESS,)}),
            LoadedStore.from_pem("lab", "tests", pki.root_pem),
            clock=FixedClock(NOW),
            permit=Only(frozenset({ADDRESS})),
            limits=FetchLimits(timeout_s=5, connect_s=0.2),
        )


async def get(fetch: Fetcher, path: str):
    return await fetch.get(f"http://{HOST}{path}", Purpose.CRL)


async def the_crl(spec: PathSpec, pki: LabPki) -> x509.CertificateRevocationList:
    async with serving({"/ca.crl": spec}, pki) as fetch:
        result = await get(fetch, "/ca.crl")
    assert result.fetched.problem == ""
    assert result.fetched.media_type == "application/pkix-crl"
    load = x509.load_pem_x509_crl if spec.encoding is Encoding.PEM else x509.load_der_x509_crl
    return load(result.body)


# -- CRLs ------------------------------------------------------------------------------------------


async def test_a_crl_is_the_issuers_and_lists_what_is_revoked():
    pki = a_pki()
    spec = PathSpec(crl="intermediate", revoked=("mx",), reason=Reason.KEY_COMPROMISE, number=7)
    crl = await the_crl(spec, pki)
    issuer = pki.certificate("intermediate")
    assert crl.issuer == issuer.subject
    assert crl.is_signature_valid(issuer.public_key())
    assert (crl.last_update_utc, crl.next_update_utc) == (NOW - HOUR, NOW + 6 * DAY)
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 7
    entry = crl.get_revoked_certificate_by_serial_number(pki.certificate("mx").serial_number)
    assert entry is not None
    assert entry.revocation_date_utc == NOW - DAY
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is (
        x509.ReasonFlags.key_compromise
    )
    second = pki.certificate("second").serial_number
    assert crl.get_revoked_certificate_by_serial_number(second) is None


@pytest.mark.parametrize("reason", Reason)
async def test_every_reason_can_be_given(reason):
    pki = a_pki()
    crl = await the_crl(PathSpec(crl="intermediate", revoked=("mx",), reason=reason), pki)
    (entry,) = crl
    extension = entry.extensions.get_extension_for_class(x509.CRLReason)
    assert extension.value.reason.value == reason.value


async def test_a_crl_may_be_stale_foreign_padded_and_in_pem():
    pki = a_pki()
    stale = PathSpec(crl="intermediate", this_update="-9d", next_update="-2d")
    assert (await the_crl(stale, pki)).next_update_utc == NOW - 2 * DAY
    foreign = await the_crl(PathSpec(crl="intermediate", signer="root"), pki)
    assert foreign.issuer == pki.certificate("intermediate").subject
    assert not foreign.is_signature_valid(pki.certificate("intermediate").public_key())
    assert foreign.is_signature_valid(pki.certificate("root").public_key())
    assert len(await the_crl(PathSpec(crl="root", padding=300), pki)) == 300
    assert len(await the_crl(PathSpec(crl="root", encoding=Encoding.PEM), pki)) == 0


async def test_a_crl_may_be_for_some_certificates_or_build_on_another():
    pki = a_pki()
    point = f"http://{HOST}/users.crl"
    spec = PathSpec(crl="intermediate", scope=CrlScope.USERS, point=point)
    found = (await the_crl(spec, pki)).extensions.get_extension_for_class(
        x509.IssuingDistributionPoint
    )
    assert found.critical
    assert found.value.only_contains_user_certs
    assert [name.value for name in found.value.full_name] == [point]
    spec = PathSpec(crl="intermediate", scope=CrlScope.AUTHORITIES, base=3, number=4)
    extensions = (await the_crl(spec, pki)).extensions
    assert extensions.get_extension_for_class(
        x509.IssuingDistributionPoint
    ).value.only_contains_ca_certs
    delta = extensions.get_extension_for_class(x509.DeltaCRLIndicator)
    assert delta.critical
    assert delta.value.crl_number == 3


# -- OCSP ------------------------------------------------------------------------------------------


def request_for(pki: LabPki, name: str, issuer: str = "intermediate", hash_=None) -> bytes:
    builder = ocsp.OCSPRequestBuilder().add_certificate(
        pki.certificate(name), pki.certificate(issuer), hash_ or hashes.SHA1()
    )
    return builder.build().public_bytes(Form.DER)


async def ask(spec: PathSpec, pki: LabPki, request: bytes | None = None) -> ocsp.OCSPResponse:
    request = request_for(pki, "mx", spec.ocsp) if request is None else request
    async with serving({"/ocsp": spec}, pki) as fetch:
        url = f"http://{HOST}/ocsp"
        result = await fetch.post(url, request, "application/ocsp-request", Purpose.OCSP)
    assert result.fetched.problem == ""
    assert result.fetched.media_type == "application/ocsp-response"
    return ocsp.load_der_ocsp_response(result.body)


def verify(response: ocsp.OCSPResponse, key) -> None:
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))
    else:
        key.verify(response.signature, response.tbs_response_bytes, PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("hash_", [hashes.SHA1(), hashes.SHA256()])
async def test_a_responder_answers_for_its_issuer(hash_):
    pki = a_pki()
    answer = await ask(PathSpec(ocsp="intermediate"), pki, request_for(pki, "mx", hash_=hash_))
    assert answer.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert answer.serial_number == pki.certificate("mx").serial_number
    assert answer.hash_algorithm.name == hash_.name
    assert answer.produced_at_utc == answer.this_update_utc == NOW - HOUR
    assert answer.next_update_utc == NOW + 6 * DAY
    key = pki.certificate("intermediate").public_key()
    assert answer.responder_key_hash == x509.SubjectKeyIdentifier.from_public_key(key).digest
    assert answer.certificates == []
    verify(answer, key)


async def test_a_revoked_certificate_is_revoked_since_when_and_why():
    pki = a_pki()
    spec = PathSpec(
        ocsp="intermediate", revoked=("mx",), reason=Reason.SUPERSEDED, revoked_at="-3d"
    )
    answer = await ask(spec, pki)
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_time_utc == NOW - 3 * DAY
    assert answer.revocation_reason is x509.ReasonFlags.superseded
    other = await ask(spec, pki, request_for(pki, "second"))
    assert other.certificate_status is ocsp.OCSPCertStatus.GOOD
    plain = await ask(PathSpec(ocsp="intermediate", revoked=("mx",)), pki)
    assert plain.revocation_reason is None


async def test_a_certificate_nobody_issued_is_unknown():
    pki = a_pki(elsewhere=CertificateSpec(cn="x", issuer="root"))
    request = (
        ocsp.OCSPRequestBuilder()
        .add_certificate_by_hash(
            hashlib.sha1(pki.certificate("intermediate").subject.public_bytes()).digest(),
            x509.SubjectKeyIdentifier.from_public_key(
                pki.certificate("intermediate").public_key()
            ).digest,
            4711,
            hashes.SHA1(),
        )
        .build()
        .public_bytes(Form.DER)
    )
    answer = await ask(PathSpec(ocsp="intermediate"), pki, request)
    assert answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    assert answer.serial_number == 4711


async def test_a_responder_answers_as_the_scenario_says():
    pki = a_pki()
    unknown = await ask(PathSpec(ocsp="intermediate", answer=OcspAnswer.UNKNOWN), pki)
    assert unknown.certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    for answer, status in (
        (OcspAnswer.MALFORMED_REQUEST, ocsp.OCSPResponseStatus.MALFORMED_REQUEST),
        (OcspAnswer.INTERNAL_ERROR, ocsp.OCSPResponseStatus.INTERNAL_ERROR),
        (OcspAnswer.TRY_LATER, ocsp.OCSPResponseStatus.TRY_LATER),
        (OcspAnswer.UNAUTHORIZED, ocsp.OCSPResponseStatus.UNAUTHORIZED),
    ):
        spec = PathSpec(ocsp="intermediate", answer=answer)
        assert (await ask(spec, pki)).response_status is status


@pytest.mark.parametrize("request_", [b"", b"nonsense", b"\x30\x00"])
async def test_what_is_no_request_is_answered_as_malformed(request_):
    answer = await ask(PathSpec(ocsp="intermediate"), a_pki(), request_)
    assert answer.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


async def test_another_issuers_certificate_is_not_this_responders():
    pki = a_pki()
    request = request_for(pki, "intermediate", "root")
    answer = await ask(PathSpec(ocsp="intermediate"), pki, request)
    assert answer.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


@pytest.mark.parametrize("key", [KeyKind.P256, KeyKind.RSA_2048])
async def test_a_delegated_responder_signs_and_comes_along(key):
    responder = CertificateSpec(
        cn="OCSP", purposes=(Usage.OCSP_SIGNING,), ocsp_nocheck=True, key=key
    )
    pki = a_pki(responder=responder)
    answer = await ask(PathSpec(ocsp="intermediate", responder="responder"), pki)
    (sent,) = answer.certificates
    assert sent == pki.certificate("responder")
    assert sent.issuer == pki.certificate("intermediate").subject
    verify(answer, sent.public_key())
    usage = sent.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [oid.dotted_string for oid in usage] == ["1.3.6.1.5.5.7.3.9"]
    assert sent.extensions.get_extension_for_class(x509.OCSPNoCheck)


async def test_an_answer_may_be_stale_or_signed_by_somebody_else():
    pki = a_pki()
    stale = await ask(
        PathSpec(ocsp="intermediate", produced="-9d", this_update="-9d", next_update=""), pki
    )
    assert stale.produced_at_utc == stale.this_update_utc == NOW - 9 * DAY
    assert stale.next_update_utc is None
    foreign = await ask(PathSpec(ocsp="intermediate", signer="root"), pki)
    verify(foreign, pki.certificate("root").public_key())


@pytest.mark.parametrize("kind", Staple)
def test_every_staple_is_about_the_servers_certificate_or_is_the_fault_asked_for(kind):
    pki = a_pki()
    staple = staple_of(pki, "mx", kind)
    if kind is Staple.NONE:
        assert staple == b""
        return
    if kind is Staple.GARBAGE:
        with pytest.raises(ValueError, match="parsing"):
            ocsp.load_der_ocsp_response(staple)
        return
    response = ocsp.load_der_ocsp_response(staple)
    if kind is Staple.TRY_LATER:
        assert response.response_status is ocsp.OCSPResponseStatus.TRY_LATER
        return
    mine = response.serial_number == pki.certificate("mx").serial_number
    assert mine is (kind is not Staple.OTHER_CERTIFICATE)
    signer = "mx" if kind is Staple.WRONG_SIGNER else "intermediate"
    verify(response, pki.certificate(signer).public_key())
    assert response.next_update_utc is not None
    assert (response.next_update_utc < NOW) is (kind is Staple.EXPIRED)
    expected = {
        Staple.REVOKED: ocsp.OCSPCertStatus.REVOKED,
        Staple.UNKNOWN: ocsp.OCSPCertStatus.UNKNOWN,
    }.get(kind, ocsp.OCSPCertStatus.GOOD)
    assert response.certificate_status is expected


# -- certificates, bodies, faults ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "names", "media_type"),
    [
        (Encoding.DER, ("intermediate",), "application/pkix-cert"),
        (Encoding.PEM, ("intermediate", "root"), "application/x-pem-file"),
        (Encoding.PKCS7, ("intermediate", "root"), "application/pkcs7-mime"),
    ],
)
async def test_certificates_are_served_in_every_form(encoding, names, media_type):
    pki = a_pki()
    spec = PathSpec(certificates=names, encoding=encoding)
    async with serving({"/ca.cer": spec}, pki) as fetch:
        result = await get(fetch, "/ca.cer")
    assert result.fetched.media_type == media_type
    expected = {pki.certificate(name).public_bytes(Form.DER) for name in names}
    assert set(read_issuers(result.body).certificates) == expected


async def test_bodies_statuses_and_redirects_are_served_as_they_stand():
    paths = {
        "/text": PathSpec(body=("version: STSv1", "mode: none"), media_type="text/plain"),
        "/gone": PathSpec(status=410),
        "/nothing": PathSpec(status=204),
        "/broken": PathSpec(body="oops", status=500),
        "/odd": PathSpec(status=599),
        "/moved": PathSpec(redirect="/text"),
        "/short": PathSpec(body="0123456789", cut_off=3),
        "/later": PathSpec(body="x", delay_s=0.01),
    }
    async with serving(paths) as fetch:
        text = await get(fetch, "/text")
        assert text.body == b"version: STSv1\r\nmode: none\r\n"
        assert text.fetched.media_type == "text/plain"
        for path, status in (("/gone", 410), ("/nothing", 204), ("/broken", 500), ("/odd", 599)):
            assert (await get(fetch, path)).fetched.status == status
        assert (await get(fetch, "/elsewhere")).fetched.status == 404
        moved = await get(fetch, "/moved")
        assert moved.body == text.body
        assert moved.fetched.redirects == (f"http://{HOST}/text",)
        assert "cut off after 7 bytes" in (await get(fetch, "/short")).fetched.problem
        assert (await get(fetch, "/later")).body == b"x"
        url = f"http://{HOST}/text"
        posted = await fetch.post(url, b"x", "text/plain", Purpose.OCSP)
        assert posted.fetched.status == 405


@pytest.mark.parametrize(
    ("arrival", "why"),
    [
        (Arrival.REFUSE, "refused"),
        (Arrival.UNREACHABLE, "cannot be reached"),
        (Arrival.DROP, "did not answer"),
        (Arrival.RESET, "reset"),
        (Arrival.CLOSE, "closed"),
    ],
)
async def test_a_server_may_not_be_there(arrival, why):
    async with serving({}, arrival=arrival) as fetch:
        assert why in (await get(fetch, "/")).fetched.problem


@pytest.mark.parametrize("silent", ["path", "host"])
async def test_a_server_may_be_silent_and_stops_all_the_same(silent):
    arrival = Arrival.SILENT if silent == "host" else Arrival.ACCEPT
    async with serving({"/": PathSpec(silent=True)}, arrival=arrival) as fetch:
        fetch._limits = FetchLimits(timeout_s=0.5)
        assert "waiting for the answer" in (await get(fetch, "/")).fetched.problem


async def test_https_shows_the_labs_certificate_and_holds_for_a_strict_client():
    paths = {
        "/.well-known/mta-sts.txt": PathSpec(body=("version: STSv1",), media_type="text/plain")
    }
    url = f"https://{HOST}/.well-known/mta-sts.txt"
    async with serving(paths, certificate="web") as fetch:
        result = await fetch.get(url, Purpose.CRL, POLICY_TERMS)
    assert result.fetched.problem == ""
    assert result.body == b"version: STSv1\r\n"
    async with serving(paths, certificate="mx") as fetch:
        result = await fetch.get(url, Purpose.CRL, POLICY_TERMS)
    assert "nothing was asked of this server" in result.fetched.problem


@pytest.mark.parametrize(
    "garbage", [b"\0" * 100, b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"X" * 70_000]
)
async def test_a_client_that_speaks_no_http_is_sent_away(garbage):
    spec = HttpSpec(at=(f"{ADDRESS}:80",), name=HOST)
    async with HttpServers([spec], a_pki()) as servers:
        (target,) = servers.mapping.values()
        reader, writer = await asyncio.open_connection(*target)
        writer.write(garbage)
        async with asyncio.timeout(5):
            answer = await reader.read()
        assert b"400" in answer.partition(b"\r\n")[0]
        writer.close()
        await writer.wait_closed()


# -- in a running lab ------------------------------------------------------------------------------


async def test_a_lab_serves_its_lists_to_a_walk_and_permits_nothing_else():
    async with Lab(load_scenario("crl-partitioned")) as lab:
        fetch = Fetcher(lab.dialer, lab.resolver, lab.store, clock=SystemClock(), permit=lab.permit)
        result = await fetch.get("http://crl.ca.example/servers.crl", Purpose.CRL, CRL_TERMS)
        assert (
            x509.load_der_x509_crl(result.body).issuer.rfc4514_string().startswith("CN=Lab Mail CA")
        )
        mail_host = await fetch.get("http://192.0.2.147/", Purpose.CRL)
        assert "not among the addresses permitted" in mail_host.fetched.problem
        assert "not among" in (await fetch.get("http://127.0.0.1/", Purpose.CRL)).fetched.problem


@pytest.mark.parametrize("stapled", [True, False])
async def test_a_mail_server_staples_what_its_scenario_says(stapled):
    name, address = (
        ("revoked-stapled", "192.0.2.142") if stapled else ("revoked-ocsp", "192.0.2.141")
    )
    async with Lab(load_scenario(name)) as lab:
        connection = await lab.dialer.dial(address, 25, 5.0)
        assert isinstance(connection, Connection)
        assert await connection.receive(5.0)
        await connection.send(b"EHLO probe.example.net\r\nSTARTTLS\r\n")
        answer = b""
        while b"220 2.0.0" not in answer:
            answer += await connection.receive(5.0)
        engine = ClientEngine("mx1.example.com", lab.store)
        assert await connection.start_tls(engine, 5.0) is None
        staple = engine.handshake_evidence(None).ocsp_staple
        await connection.close()
    assert bool(staple) is stapled
    if stapled:
        response = ocsp.load_der_ocsp_response(staple)
        assert response.certificate_status is ocsp.OCSPCertStatus.REVOKED
