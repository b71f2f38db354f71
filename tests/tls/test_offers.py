"""What each offer puts into its ClientHello, and which servers it reaches."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from OpenSSL import SSL

from mxwalk.errors import ProtocolMisuseError
from mxwalk.evidence.tls import Offer
from mxwalk.lab.sha1 import resign_with_sha1
from mxwalk.tls.handshake import ClientEngine
from mxwalk.tls.offers import OFFERS, offering_context
from mxwalk.tls.openssl import set_groups
from mxwalk.tls.server import ServerEngine, ServerOptions
from tests.tls.pki import HOST, NOW, Issued, issue, pki, rsa_key
from tests.tls.test_handshake import met, objections, shake

ONE_PACKET = 512  # far below what fits into one TCP segment; a hybrid key share alone has 1,216


def client_hello(offer: Offer) -> bytes:
    engine = ClientEngine(HOST, pki().store, NOW, offer=offer)
    engine.advance()
    return engine.outgoing()


def test_every_offer_has_its_parameters() -> None:
    assert set(OFFERS) == set(Offer)


@pytest.mark.parametrize("offer", Offer)
def test_every_offer_reaches_an_ordinary_server_with_both_kinds_of_leaf(offer) -> None:
    leaf = issue(HOST, pki().intermediate, key=rsa_key())
    server = ServerEngine(pki().chain, pki().leaf.key, None, (leaf.der, leaf.key))
    engine = ClientEngine(HOST, pki().store, NOW, offer=offer)
    shake(engine, server)
    evidence = engine.handshake_evidence(engine.failure)
    assert engine.established
    assert evidence.offer is offer
    assert evidence.sni == server.sni == ("" if offer is Offer.WITHOUT_SNI else HOST)
    assert (evidence.presented[0] == leaf.der) is (offer is Offer.RSA_LEAF)


@pytest.mark.parametrize("offer", Offer)
def test_only_offers_with_hybrid_groups_send_a_large_client_hello(offer) -> None:
    hybrid = offer in {Offer.MODERN, Offer.WITHOUT_SNI}
    assert (len(client_hello(offer)) > 1_216) is hybrid
    assert hybrid or len(client_hello(offer)) < ONE_PACKET
    assert (HOST.encode() in client_hello(offer)) is (offer is not Offer.WITHOUT_SNI)


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1.1"])
def test_an_old_server_is_reached_by_the_legacy_offer_alone(version) -> None:
    options = ServerOptions(max_version=version)
    for offer in Offer:
        engine = met(options=options, offer=offer)
        assert engine.established is (offer is Offer.LEGACY)
        if offer is not Offer.LEGACY:
            assert engine.alerts[-1].name in {"protocol_version", "handshake_failure"}
    assert met(options=options, offer=Offer.LEGACY).handshake_evidence(None).protocol == version


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_a_short_rsa_key_completes_the_modern_handshake_without_objection(version) -> None:
    key = rsa.generate_private_key(65537, 1024)
    leaf = issue(HOST, pki().intermediate, key=key)
    chain = [leaf.der, pki().intermediate.der]
    engine = met(chain, key, ServerOptions(max_version=version))
    assert engine.established
    assert engine.handshake_evidence(None).presented == tuple(chain)
    assert objections(engine) == []
    assert len(engine.chain_evidence(NOW).path) == 3


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_sha1_signatures_complete_the_modern_handshake_without_objection(version) -> None:
    weak = [
        resign_with_sha1(one.certificate, signer.key)
        for one, signer in ((pki().leaf, pki().intermediate), (pki().intermediate, pki().root))
    ]
    chain = [Issued(one, None).der for one in weak]
    engine = met(chain, pki().leaf.key, ServerOptions(max_version=version))
    assert engine.established
    assert objections(engine) == []


def test_a_short_key_does_not_hide_another_objection() -> None:
    key = rsa.generate_private_key(65537, 1024)
    alone = issue(HOST, key=key)
    assert objections(met([alone.der], key)) == [(0, "X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT")]


def test_no_offer_has_anonymous_or_unencrypted_ciphers() -> None:
    for offer in Offer:
        names = SSL.Connection(offering_context(offer), None).get_cipher_list()
        assert names
        assert not [name for name in names if name.startswith(("ADH", "AECDH", "PSK", "SRP"))]
        assert not [name for name in names if "NULL" in name]


def test_groups_openssl_does_not_know_are_our_own_mistake() -> None:
    with pytest.raises(ProtocolMisuseError, match="no such groups: x99"):
        set_groups(SSL.Context(SSL.TLS_CLIENT_METHOD), "x99")
