"""The facts of real handshakes with servers of every kind."""

import pytest
from OpenSSL._util import lib

from mxwalk.clock import FixedClock
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.handshake import Support
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import Direction
from mxwalk.tls.groups import is_hybrid
from mxwalk.tls.handshake import ClientEngine
from mxwalk.tls.server import VERSIONS, ServerEngine, ServerOptions
from tests.tls.pki import HOST, NOW, issue, pki, rsa_key
from tests.tls.test_handshake import met, offer_for, shake


def met_by(version: str, **changes: object) -> ClientEngine:
    options = ServerOptions(max_version=version, **changes)
    return met(options=options, offer=offer_for(version))


def names(evidence: Handshaken, direction: Direction) -> list[str]:
    return [one.name for one in evidence.messages if one.direction is direction]


def test_a_modern_handshake_is_listed_message_by_message() -> None:
    evidence = met_by("TLSv1.3").handshake_evidence(None)
    assert names(evidence, Direction.SENT) == ["ClientHello", "ChangeCipherSpec", "Finished"]
    assert names(evidence, Direction.RECEIVED) == [
        "ServerHello",
        "ChangeCipherSpec",
        "EncryptedExtensions",
        "Certificate",
        "CertificateVerify",
        "Finished",
        "NewSessionTicket",
        "NewSessionTicket",
    ]
    assert evidence.message_count == len(evidence.messages)
    assert evidence.messages[0].size == evidence.facts.client_hello_octets
    notes = {one.name: one.note for one in evidence.messages}
    assert notes["ServerHello"] == f"TLSv1.3, {evidence.cipher}, {evidence.group}"
    assert notes["Certificate"] == "2 certificates"
    assert notes["CertificateVerify"] == evidence.signature


def test_an_older_handshake_is_listed_message_by_message() -> None:
    evidence = met_by("TLSv1.2").handshake_evidence(None)
    assert names(evidence, Direction.SENT) == [
        "ClientHello",
        "ClientKeyExchange",
        "ChangeCipherSpec",
        "Finished",
    ]
    assert names(evidence, Direction.RECEIVED) == [
        "ServerHello",
        "Certificate",
        "ServerKeyExchange",
        "ServerHelloDone",
        "NewSessionTicket",
        "ChangeCipherSpec",
        "Finished",
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_facts_agree_with_what_openssl_says_itself(version) -> None:
    engine = met_by(version)
    evidence = engine.handshake_evidence(None)
    connection = engine._connection
    assert evidence.protocol == connection.get_protocol_version_name()
    assert evidence.cipher == engine._observer.transcript.seen.suite
    assert evidence.group == connection.get_group_name()
    expected = {
        "TLSv1.3": Support.NOT_APPLICABLE,
    }.get(version, Support.YES if lib.SSL_get_extms_support(connection._ssl) else Support.NO)
    assert evidence.facts.extended_master_secret is expected
    assert evidence.facts.resumption.offered is Support.YES


def test_the_hybrid_group_is_chosen_first_and_its_key_named() -> None:
    facts = met_by("TLSv1.3").handshake_evidence(None).facts
    assert facts.temp_key is not None
    assert facts.temp_key.method == "hybrid"
    assert is_hybrid(facts.temp_key.group)
    classic = met(offer=Offer.CLASSIC).handshake_evidence(None)
    assert classic.facts.temp_key is not None
    assert (classic.facts.temp_key.method, classic.group) == ("ECDHE", "x25519")
    assert not is_hybrid(classic.group)


def test_rsa_key_exchange_has_no_ephemeral_key_and_no_group() -> None:
    leaf = issue(HOST, pki().intermediate, key=rsa_key())
    options = ServerOptions(max_version="TLSv1.2", ciphers="AES128-SHA:@SECLEVEL=0")
    evidence = met([leaf.der], leaf.key, options).handshake_evidence(None)
    assert evidence.facts.temp_key is None
    assert evidence.group == evidence.signature == ""
    assert "ServerKeyExchange" not in names(evidence, Direction.RECEIVED)


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_a_client_certificate_asked_for_is_a_fact_and_that_we_have_none(version) -> None:
    engine = met_by(version, require_client_cert=True)
    evidence = engine.handshake_evidence(engine.failure)
    asked = evidence.facts.client_certificate
    assert asked is not None
    assert asked.authorities == ()
    assert asked.signature_schemes
    sent = [one for one in evidence.messages if one.direction is Direction.SENT]
    assert [one.note for one in sent if one.name == "Certificate"] == [
        "none: we have no certificate to send"
    ]
    assert evidence.messages[-1].name == "Alert"


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_stapling_is_answered_or_not(version) -> None:
    staple = b"\x30\x03\x0a\x01\x03"  # RFC 6960 4.2.1: tryLater
    answered = met_by(version, ocsp_staple=staple).handshake_evidence(None)
    assert (answered.facts.stapling, answered.ocsp_staple) == (Support.YES, staple)
    assert met_by(version).handshake_evidence(None).facts.stapling is Support.NO


def test_a_failed_handshake_keeps_what_came() -> None:
    engine = met(options=ServerOptions(max_version="TLSv1"))
    evidence = engine.handshake_evidence(engine.failure)
    assert [one.name for one in evidence.messages] == ["ClientHello", "Alert"]
    assert evidence.messages[1].note == "fatal protocol_version (70)"
    assert evidence.facts.client_hello_octets > 1_216
    assert evidence.protocol == evidence.cipher == ""


def test_a_version_that_we_refuse_is_named_all_the_same() -> None:
    """A server may answer with a version that was not offered; our side then ends it."""
    engine = ClientEngine(HOST, pki().store, NOW, offer=Offer.ECDSA_LEAF)
    shake(engine, ServerEngine(pki().chain, pki().leaf.key, ServerOptions(max_version="TLSv1.1")))
    evidence = engine.handshake_evidence(engine.failure)
    assert not engine.established
    assert evidence.protocol == "TLSv1.1"
    assert evidence.alerts[-1].direction is Direction.SENT


def test_messages_are_timed_by_the_given_clock() -> None:
    clock = FixedClock(NOW)
    engine = ClientEngine(HOST, pki().store, NOW, monotonic=clock.monotonic)
    server = ServerEngine(pki().chain, pki().leaf.key)
    engine.advance()
    server.feed(engine.outgoing())
    server.advance()
    clock.advance(0.25)
    engine.feed(server.outgoing())
    engine.advance()
    evidence = engine.handshake_evidence(None)
    assert [one.at_s for one in evidence.messages] == [0.0] + [0.25] * (len(evidence.messages) - 1)


def test_messages_behind_the_handshake_are_taken_once() -> None:
    engine = ClientEngine(HOST, pki().store, NOW)
    server = ServerEngine(pki().chain, pki().leaf.key)
    engine.advance()
    server.feed(engine.outgoing())
    server.advance()
    engine.feed(server.outgoing())
    assert engine.advance()
    evidence = engine.handshake_evidence(None)
    assert evidence.messages[-1].name == "Finished"
    assert engine.take_behind() == ()
    server.feed(engine.outgoing())
    server.advance()
    engine.feed(server.outgoing())
    assert engine.decrypt() == b""
    behind = engine.take_behind()
    assert [one.name for one in behind] == ["NewSessionTicket"] * 2
    assert engine.take_behind() == ()


def test_a_refusal_behind_the_handshake_is_an_alert_with_its_number() -> None:
    engine = ClientEngine(HOST, pki().store, NOW)
    server = ServerEngine(pki().chain, pki().leaf.key, ServerOptions(require_client_cert=True))
    engine.advance()
    server.feed(engine.outgoing())
    server.advance()
    engine.feed(server.outgoing())
    assert engine.advance()
    assert engine.handshake_evidence(None).ending is None
    shake(engine, server)
    (alert,) = engine.take_behind()
    assert (alert.name, alert.alert) == ("Alert", 116)
