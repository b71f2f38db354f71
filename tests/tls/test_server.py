"""What the lab's server can be told to do, seen by our own client."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from mxwalk.errors import ProtocolMisuseError
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.handshake import Support
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import Direction
from mxwalk.tls.dh_groups import PRIMES
from mxwalk.tls.openssl import set_client_authorities, set_dh_group
from mxwalk.tls.server import ServerEngine, ServerOptions
from tests.tls.pki import HOST, issue, pki, rsa_key
from tests.tls.test_handshake import met

DHE = "DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0"


def evidence(options: ServerOptions, offer: Offer = Offer.MODERN, *, rsa=False) -> Handshaken:
    leaf = issue(HOST, pki().intermediate, key=rsa_key()) if rsa else pki().leaf
    engine = met([leaf.der], leaf.key, options, offer=offer)
    return engine.handshake_evidence(engine.failure)


@pytest.mark.parametrize("bits", PRIMES)
def test_a_prime_of_the_servers_own_is_measured_by_a_client_that_names_none(bits) -> None:
    options = ServerOptions(max_version="TLSv1.2", ciphers=DHE, dh_bits=bits)
    seen = evidence(options, Offer.LEGACY, rsa=True)
    assert seen.ending is None
    assert seen.facts.temp_key is not None
    assert (seen.facts.temp_key.method, seen.facts.temp_key.bits) == ("DHE", bits)
    assert seen.facts.temp_key.group == ""
    assert PRIMES[bits].bit_length() == bits


def test_a_client_that_names_registered_primes_gets_one_of_them_or_an_alert() -> None:
    # RFC 7919 4
    options = ServerOptions(max_version="TLSv1.2", ciphers=DHE, dh_bits=1024)
    seen = evidence(options, rsa=True)
    assert seen.facts.temp_key is not None
    assert (seen.facts.temp_key.group, seen.facts.temp_key.bits) == ("ffdhe2048", 2048)
    assert seen.group == "ffdhe2048"
    strict = ServerOptions(max_version="TLSv1.2", ciphers=DHE, dh_bits=1024, groups="P-256")
    refused = evidence(strict, rsa=True)
    assert [one.name for one in refused.alerts] == ["handshake_failure"]
    assert evidence(strict, Offer.LEGACY, rsa=True).ending is None


def test_a_prime_is_given_to_openssl_as_it_is_and_a_short_one_refused() -> None:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    with pytest.raises(ProtocolMisuseError, match="no group of 512 bits"):
        set_dh_group(context, (1 << 511) + 111, 2)


@pytest.mark.parametrize(
    ("groups", "hello_retry", "offer"),
    [
        ("P-384", True, Offer.MODERN),
        ("P-384", True, Offer.CLASSIC),
        ("X25519", False, Offer.CLASSIC),
        ("X25519MLKEM768", False, Offer.MODERN),
    ],
)
def test_a_server_of_one_group_asks_for_it_where_the_key_share_is_another(
    groups, hello_retry, offer
) -> None:
    seen = evidence(ServerOptions(groups=groups), offer)
    assert seen.ending is None
    assert seen.facts.hello_retry is hello_retry
    hellos = [one.size for one in seen.messages if one.name == "ClientHello"]
    assert len(hellos) == 1 + hello_retry
    assert seen.facts.client_hello_octets == hellos[0]
    assert {"P-384": "secp384r1", "X25519": "x25519"}.get(groups, groups) == seen.group


def test_a_hybrid_only_server_is_out_of_reach_for_classic_groups() -> None:
    seen = evidence(ServerOptions(groups="X25519MLKEM768", min_version="TLSv1.3"), Offer.CLASSIC)
    assert seen.ending is not None
    assert [one.direction for one in seen.alerts] == [Direction.RECEIVED]


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_a_certificate_may_be_asked_for_without_need_and_the_cas_are_named(version) -> None:
    names = tuple(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]).public_bytes()
        for one in ("First CA", "Second CA")
    )
    options = ServerOptions(max_version=version, ask_client_cert=True, client_authorities=names)
    seen = evidence(options)
    assert seen.ending is None
    assert seen.facts.client_certificate is not None
    assert seen.facts.client_certificate.authorities == names
    assert seen.facts.client_certificate.authority_count == 2


def test_a_name_of_a_ca_that_is_no_der_is_our_own_mistake() -> None:
    with pytest.raises(ProtocolMisuseError, match="no Name in DER"):
        set_client_authorities(SSL.Context(SSL.TLS_SERVER_METHOD), [b"nonsense"])


def test_without_tickets_tls_1_2_has_nothing_to_resume_by() -> None:
    seen = evidence(ServerOptions(max_version="TLSv1.2", tickets=False))
    assert seen.facts.resumption.offered is Support.NO
    assert "session_ticket" not in seen.facts.server_extensions


@pytest.mark.parametrize(
    ("ours", "offered", "chosen"),
    [(("http/1.1",), [b"http/1.1"], b"http/1.1"), (("b", "a"), [b"a", b"b"], b"b")],
)
def test_the_servers_first_protocol_that_is_offered_is_chosen(ours, offered, chosen) -> None:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_alpn_protos(offered)
    connection = SSL.Connection(context, None)
    connection.set_connect_state()
    server = ServerEngine(pki().chain, pki().leaf.key, ServerOptions(alpn=ours))
    for _ in range(4):
        try:
            connection.do_handshake()
        except SSL.WantReadError:
            server.feed(connection.bio_read(65_536))
            server.advance()
            connection.bio_write(server.outgoing())
    assert connection.get_alpn_proto_negotiated() == chosen


def test_a_client_that_offers_no_protocol_gets_none() -> None:
    seen = evidence(ServerOptions(alpn=("http/1.1",)))
    assert seen.ending is None
    assert seen.facts.alpn == ""
