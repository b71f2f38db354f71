"""How a scenario's servers speak TLS, and what dies of a large ClientHello in front of them."""

import pytest

from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import EndingKind
from mxwalk.lab.certificate import CertificateSpec, KeyKind
from mxwalk.lab.host import HostSpec, TlsSpec, TlsVersion, TooLarge
from mxwalk.net.dialer import SystemDialer
from mxwalk.tls.handshake import ClientEngine
from mxwalk.tls.store import LoadedStore
from tests.lab.raw_client import serving

HOST = "mx.example.com"
CERTIFICATES = {
    "mx": CertificateSpec(cn=HOST, names=(HOST,)),
    "rsa": CertificateSpec(cn=HOST, names=(HOST,), key=KeyKind.RSA_2048),
}
STORE = LoadedStore.from_pem("lab", "tests", b"")
LIMIT = 1_200  # between a classic ClientHello and one with a hybrid key share


async def shaken(tls: TlsSpec, offer=Offer.MODERN, certificate="mx", timeout_s=5.0):
    """Return the evidence of a handshake with such a server behind STARTTLS."""
    host = HostSpec(at=("192.0.2.1:25",), name=HOST, certificate=certificate, tls=tls)
    async with serving(host, CERTIFICATES) as (address, port):
        connection = await SystemDialer().dial(address, port, 5.0)
        await connection.receive(5.0)
        await connection.send(b"STARTTLS\r\n")
        assert (await connection.receive(5.0)).startswith(b"220")
        engine = ClientEngine(HOST, STORE, None, offer=offer)
        ending = await connection.start_tls(engine, timeout_s)
        await connection.close()
    return engine.handshake_evidence(ending)


@pytest.mark.parametrize(
    ("how", "kind"), [(TooLarge.RESET, EndingKind.RESET), (TooLarge.CLOSE, EndingKind.CLOSED)]
)
async def test_a_large_client_hello_ends_the_connection_and_a_small_one_passes(how, kind) -> None:
    tls = TlsSpec(max_client_hello=LIMIT, too_large=how)
    seen = await shaken(tls)
    assert seen.ending is not None
    assert seen.ending.kind is kind
    assert seen.facts.client_hello_octets > LIMIT
    assert [one.name for one in seen.messages] == ["ClientHello"]
    assert seen.protocol == ""
    classic = await shaken(tls, Offer.CLASSIC)
    assert classic.ending is None
    assert classic.protocol == "TLSv1.3"
    assert classic.facts.client_hello_octets < LIMIT


async def test_a_large_client_hello_is_swallowed_without_a_word() -> None:
    seen = await shaken(TlsSpec(max_client_hello=LIMIT, too_large=TooLarge.SILENT), timeout_s=0.2)
    assert seen.ending is not None
    assert seen.ending.kind is EndingKind.TIMEOUT


async def test_a_client_hello_within_the_limit_is_answered() -> None:
    assert (await shaken(TlsSpec(max_client_hello=4_000))).ending is None


async def test_a_server_of_tls_1_0_is_reached_by_the_legacy_offer_alone() -> None:
    tls = TlsSpec(max_version=TlsVersion.TLS_1_0)
    modern = await shaken(tls)
    assert [one.name for one in modern.alerts] == ["protocol_version"]
    assert modern.ending.kind is EndingKind.TLS_ALERT
    legacy = await shaken(tls, Offer.LEGACY)
    assert (legacy.ending, legacy.protocol) == (None, "TLSv1")


async def test_a_short_prime_is_seen_by_the_legacy_offer_alone() -> None:
    tls = TlsSpec(
        max_version=TlsVersion.TLS_1_2, ciphers="DHE-RSA-AES128-SHA", dh_bits=1024, groups="P-256"
    )
    modern = await shaken(tls, certificate="rsa")
    assert [one.name for one in modern.alerts] == ["handshake_failure"]
    legacy = await shaken(tls, Offer.LEGACY, certificate="rsa")
    assert legacy.ending is None
    assert legacy.facts.temp_key.bits == 1024


async def test_a_client_certificate_is_asked_for_with_the_names_of_the_cas() -> None:
    tls = TlsSpec(ask_client_certificate=True, acceptable_authorities=("Partner CA",))
    seen = await shaken(tls)
    assert seen.ending is None
    (name,) = seen.facts.client_certificate.authorities
    assert b"Partner CA" in name


async def test_a_name_is_required_or_not() -> None:
    tls = TlsSpec(sni_required=(HOST,))
    assert (await shaken(tls)).ending is None
    without = await shaken(tls, Offer.WITHOUT_SNI)
    assert [one.name for one in without.alerts] == ["unrecognized_name"]
