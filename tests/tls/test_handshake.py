import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.tls import Offer, TlsAlert
from mxwalk.evidence.wire import Direction, EndingKind
from mxwalk.tls.handshake import ClientEngine
from mxwalk.tls.server import VERSIONS, ServerEngine, ServerOptions
from mxwalk.tls.session import Session
from mxwalk.tls.store import LoadedStore
from tests.generated import examples
from tests.tls.pki import DAY, HOST, NOW, Issued, issue, pki, rsa_key


def shake(client: Session, server: Session) -> None:
    """Carry both sides on until neither has anything more to say."""
    for _ in range(20):
        client.advance()
        if client.established:
            client.decrypt()
        to_server = client.outgoing()
        server.feed(to_server)
        server.advance()
        to_client = server.outgoing()
        client.feed(to_client)
        if not to_server and not to_client:
            return
    raise AssertionError("the handshake does not end")


def client(sni=HOST, store=None, at=NOW, offer=Offer.MODERN) -> ClientEngine:
    return ClientEngine(sni, store or pki().store, at, offer=offer)


def offer_for(version: str) -> Offer:
    """Return the offer that reaches a server of this version alone."""
    return Offer.LEGACY if version in {"TLSv1", "TLSv1.1"} else Offer.MODERN


def met(chain=None, key=None, options=None, **asked) -> ClientEngine:
    """Return a client after its handshake with such a server."""
    engine = client(**asked)
    shake(engine, ServerEngine(chain or pki().chain, key or pki().leaf.key, options))
    return engine


def objections(engine: ClientEngine) -> list[tuple[int, str]]:
    return [(error.depth, error.name) for error in engine.chain_evidence(NOW).errors]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_negotiated_when_the_server_wants_it(version) -> None:
    options = ServerOptions(min_version=version, max_version=version)
    engine = met(options=options, offer=offer_for(version))
    evidence = engine.handshake_evidence(None)
    assert engine.established
    assert evidence.protocol == version
    assert evidence.cipher
    assert evidence.cipher_bits >= 128
    assert evidence.group
    assert evidence.sni == HOST
    assert evidence.presented == tuple(pki().chain)
    assert evidence.presented_count == 2
    assert evidence.alerts == ()


@pytest.mark.parametrize(
    ("version", "key", "ciphers", "signature"),
    [
        ("TLSv1.3", None, "", "ecdsa_secp256r1_sha256"),
        ("TLSv1.2", None, "", "ecdsa_sha256"),
        ("TLSv1.3", rsa_key, "", "rsa_pss_rsae_sha256"),
        ("TLSv1.2", rsa_key, "ECDHE-RSA-AES128-GCM-SHA256", "rsa_pss_rsae_sha256"),
        ("TLSv1.2", rsa_key, "AES128-SHA", ""),  # RSA key exchange: the server signs nothing
        ("TLSv1", None, "", ""),  # no scheme on the wire before TLS 1.2
    ],
)
def test_the_servers_signature_scheme_is_named(version, key, ciphers, signature) -> None:
    leaf = issue(HOST, pki().intermediate, key=key()) if key else pki().leaf
    options = ServerOptions(
        min_version=version, max_version=version, ciphers=ciphers or "ALL:@SECLEVEL=0"
    )
    engine = met([leaf.der], leaf.key, options, offer=offer_for(version))
    evidence = engine.handshake_evidence(None)
    assert evidence.signature == signature
    assert evidence.ending is None


def test_a_good_chain_has_no_objections_and_its_path_tells_sent_from_stored() -> None:
    chain = met().chain_evidence(NOW)
    assert chain.errors == ()
    assert [(one.der, one.sent) for one in chain.path] == [
        (pki().leaf.der, True),
        (pki().intermediate.der, True),
        (pki().root.der, False),
    ]
    assert chain.store.kind == "lab"
    assert chain.store.roots == 1
    assert chain.evaluated_at == "2026-06-15T12:00:00Z"


def other_root() -> Issued:
    return issue("Other Root", ca=True)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (
            lambda: issue(HOST, pki().intermediate, ends=NOW - DAY),
            [(0, "X509_V_ERR_CERT_HAS_EXPIRED")],
        ),
        (
            lambda: issue(HOST, pki().intermediate, begins=NOW + DAY),
            [(0, "X509_V_ERR_CERT_NOT_YET_VALID")],
        ),
        (
            lambda: issue(HOST, pki().intermediate, client_only=True),
            [(0, "X509_V_ERR_INVALID_PURPOSE")],
        ),
    ],
)
def test_a_bad_leaf_is_objected_to_at_depth_0(make, expected) -> None:
    leaf = make()
    engine = met([leaf.der, pki().intermediate.der], leaf.key)
    assert engine.established
    assert objections(engine) == expected


def test_a_self_signed_certificate_is_told_from_an_unknown_root() -> None:
    alone = issue(HOST)
    assert objections(met([alone.der], alone.key)) == [
        (0, "X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT")
    ]
    root = other_root()
    leaf = issue(HOST, root)
    assert objections(met([leaf.der, root.der], leaf.key)) == [
        (1, "X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN")
    ]


def test_a_missing_intermediate_leaves_the_leaf_without_an_issuer() -> None:
    engine = met([pki().leaf.der])
    assert objections(engine) == [
        (0, "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
        (0, "X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    ]
    texts = [error.text for error in engine.chain_evidence(NOW).errors]
    assert texts[0] == "unable to get local issuer certificate"
    assert [one.sent for one in engine.chain_evidence(NOW).path] == [True]


def test_an_expired_intermediate_is_objected_to_at_its_own_depth() -> None:
    stale = issue("Stale Intermediate", pki().root, ca=True, ends=NOW - DAY)
    leaf = issue(HOST, stale)
    assert objections(met([leaf.der, stale.der], leaf.key)) == [(1, "X509_V_ERR_CERT_HAS_EXPIRED")]


def test_an_intermediate_in_the_store_does_not_anchor_a_partial_chain() -> None:
    store = LoadedStore.from_pem("file", "x", pki().intermediate.pem)
    assert objections(met([pki().leaf.der], store=store)) == [
        (1, "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT"),
    ]


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_the_chain_is_kept_in_the_order_sent_whatever_the_order(version) -> None:
    sent = [pki().leaf.der, pki().root.der, pki().intermediate.der, pki().intermediate.der]
    engine = met(sent, options=ServerOptions(max_version=version))
    evidence = engine.handshake_evidence(None)
    assert evidence.presented == tuple(sent)
    assert evidence.presented_count == 4
    assert objections(engine) == []  # OpenSSL sorts for itself
    assert [one.sent for one in engine.chain_evidence(NOW).path] == [True, True, True]


def test_validity_is_judged_at_the_given_time() -> None:
    assert objections(met(at=NOW)) == []
    later = met(at=NOW + 100 * DAY)
    assert objections(later) == [(0, "X509_V_ERR_CERT_HAS_EXPIRED")]
    assert later.chain_evidence(NOW).evaluated_at == "2026-09-23T12:00:00Z"
    assert objections(met(at=NOW - 100 * DAY)) == [(0, "X509_V_ERR_CERT_NOT_YET_VALID")]


def test_without_a_given_time_the_clock_says_when() -> None:
    assert met(at=None).chain_evidence(NOW).evaluated_at == "2026-06-15T12:00:00Z"


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("mx.example.net", "mx.example.net"),
        ("mx.example.net.", "mx.example.net"),  # RFC 6066 3: without the trailing dot
        ("192.0.2.1", ""),  # RFC 6066 3: literal addresses are not permitted
        ("2001:db8::1", ""),
        ("", ""),
        ("x" * 300, ""),
        ("м.example", ""),
    ],
)
def test_the_name_sent_is_a_host_name_or_nothing(asked, sent) -> None:
    server = ServerEngine(pki().chain, pki().leaf.key)
    engine = client(sni=asked)
    shake(engine, server)
    assert engine.sni == server.sni == engine.handshake_evidence(None).sni == sent


def test_a_server_that_requires_a_name_refuses_others_by_alert() -> None:
    options = ServerOptions(sni_required=frozenset({"mx.example.org"}))
    engine = met(options=options)
    assert engine.failure is not None
    assert engine.failure.kind is EndingKind.TLS_ALERT
    assert "unrecognized_name (112)" in engine.failure.detail
    assert met(options=options, sni="mx.example.org").established


def test_no_common_cipher_is_an_alert_by_name_and_shows_nothing_negotiated() -> None:
    options = ServerOptions(max_version="TLSv1.2", ciphers="AES128-SHA")  # needs an RSA key
    engine = met(options=options)
    evidence = engine.handshake_evidence(engine.failure)
    assert evidence.ending is not None
    assert evidence.ending.kind is EndingKind.TLS_ALERT
    assert evidence.ending.detail == "the peer ended TLS with the alert handshake_failure (40)"
    assert evidence.alerts == (
        TlsAlert(direction=Direction.RECEIVED, fatal=True, code=40, name="handshake_failure"),
    )
    assert (evidence.protocol, evidence.cipher, evidence.group) == ("", "", "")
    assert evidence.presented == ()


@pytest.mark.parametrize(
    ("version", "alert"), [("TLSv1.2", "handshake_failure"), ("TLSv1.3", "certificate_required")]
)
def test_a_required_client_certificate_is_an_alert_and_the_servers_chain_is_kept(
    version, alert
) -> None:
    engine = met(options=ServerOptions(max_version=version, require_client_cert=True))
    # RFC 8446 4.4.2: in TLS 1.3 the client has finished before the server can object.
    assert engine.established is (version == "TLSv1.3")
    evidence = engine.handshake_evidence(engine.failure)
    assert [one.name for one in evidence.alerts] == [alert]
    assert evidence.presented == tuple(pki().chain)
    assert evidence.ending is not None
    assert evidence.ending.kind is EndingKind.TLS_ALERT


def test_a_stapled_ocsp_response_is_kept_as_it_came() -> None:
    staple = ocsp.OCSPResponseBuilder.build_unsuccessful(
        ocsp.OCSPResponseStatus.TRY_LATER
    ).public_bytes(Encoding.DER)
    assert (
        met(options=ServerOptions(ocsp_staple=staple)).handshake_evidence(None).ocsp_staple
        == staple
    )
    assert met().handshake_evidence(None).ocsp_staple == b""


def test_a_chain_beyond_what_openssl_takes_fails_with_an_explanation() -> None:
    engine = met([pki().leaf.der] + [pki().intermediate.der] * 400)
    assert engine.failure is not None
    assert "OpenSSL takes chains up to 100 KiB" in engine.failure.detail


@pytest.mark.parametrize(
    ("garbage", "shown"),
    [
        (b"454 TLS not available\r\n", "454 TLS not available\\r\\n"),
        (b"\x1b[31mred", "\\x1b[31mred"),
        (b"<" + b"x" * 100, "<" + "x" * 59 + "…"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP/1.1 400 Bad Request\\r\\n\\r\\n"),
    ],
)
def test_garbage_instead_of_tls_is_shown(garbage, shown) -> None:
    engine = client()
    engine.advance()
    engine.feed(garbage)
    assert not engine.advance()
    assert engine.failure is not None
    assert engine.failure.kind is EndingKind.TLS_ERROR
    assert engine.failure.detail == f"what came was no TLS; it begins: {shown}"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (b"\x15\x03\x03\x00\x02\x01\x00", "close_notify) before the handshake was finished"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "with the alert protocol_version (70)"),
        (b"\x15\x03\x03\x00\x02\x02\x4d", "with the alert unassigned (77)"),
    ],
)
def test_an_alert_in_answer_to_the_client_hello_is_named(record, words) -> None:
    engine = client()
    engine.advance()
    engine.feed(record)
    engine.advance()
    assert engine.failure is not None
    assert engine.failure.kind is EndingKind.TLS_ALERT
    assert words in engine.failure.detail
    assert engine.alerts[0].code == record[-1]


def test_a_tls_record_of_nonsense_is_our_alert() -> None:
    engine = client()
    engine.advance()
    engine.feed(b"\x16\x03\x03\x00\x05hello")
    engine.advance()
    assert engine.failure is not None
    assert engine.failure.kind is EndingKind.TLS_ALERT
    assert engine.failure.detail.startswith("our side ended TLS with the alert ")
    assert engine.alerts[-1].direction is Direction.SENT
    assert engine.outgoing().startswith(b"\x16")  # the ClientHello, then the alert


@examples(150)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_end_or_wait_but_never_raise(data, as_record) -> None:
    engine = client(store=LoadedStore.from_pem("lab", "none", b""))
    engine.advance()
    if as_record:
        data = b"\x16\x03\x03" + len(data).to_bytes(2, "big") + data
    for octet in data:
        engine.feed(bytes([octet]))
        engine.advance()
    engine.outgoing()
    msgspec.json.encode(engine.handshake_evidence(engine.failure))
    engine.chain_evidence(NOW)
    engine.encrypt(b"")
    engine.close()


def test_bytes_fed_one_at_a_time_make_the_same_handshake() -> None:
    engine, server = client(), ServerEngine(pki().chain, pki().leaf.key)
    while not (engine.established and server.established):
        engine.advance()
        for octet in engine.outgoing():
            server.feed(bytes([octet]))
            server.advance()
        for octet in server.outgoing():
            engine.feed(bytes([octet]))
            engine.advance()
    assert engine.handshake_evidence(None).presented == tuple(pki().chain)


def test_plaintext_passes_in_both_directions_and_close_notify_is_seen() -> None:
    engine, server = client(), ServerEngine(pki().chain, pki().leaf.key)
    shake(engine, server)
    sent = b"EHLO " + b"x" * 40_000
    engine.encrypt(sent)
    server.feed(engine.outgoing())
    assert server.decrypt() == sent
    server.encrypt(b"250 ok\r\n")
    server.close()
    engine.feed(server.outgoing())
    assert engine.decrypt() == b"250 ok\r\n"
    assert engine.peer_closed
    assert engine.failure is None
    assert engine.alerts[-1].name == "close_notify"


def test_pem_and_der_certificates_and_keys_are_taken_alike() -> None:
    key = pki().leaf.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    engine = met([pki().leaf.pem, pki().intermediate.der], key)
    assert engine.handshake_evidence(None).presented == tuple(pki().chain)
