from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL
from OpenSSL._util import lib

from mxwalk.tls import messages
from mxwalk.tls.alerts import ALERTS, alert_name
from mxwalk.tls.observer import Observer, verify_error_text
from mxwalk.tls.signature_schemes import scheme_name
from mxwalk.tls.verify_errors import verify_error_name


def test_verification_errors_have_the_names_openssl_gives_them() -> None:
    known = [name for name in dir(lib) if name.startswith("X509_V_ERR_")]
    assert len(known) > 40
    for symbol in known:
        assert verify_error_name(getattr(lib, symbol)) == symbol


def test_verification_errors_beyond_the_table_keep_their_number() -> None:
    assert verify_error_name(9_999) == "X509_V_ERR_9999"
    assert verify_error_name(-1) == "X509_V_ERR_-1"
    assert verify_error_text(10) == "certificate has expired"
    assert "unknown" in verify_error_text(9_999)


def test_alerts_have_their_registered_names() -> None:
    # RFC 8446 6 and the registry
    assert alert_name(40) == "handshake_failure"
    assert alert_name(116) == "certificate_required"
    assert alert_name(77) == "unassigned"
    assert all(0 <= code <= 255 for code in ALERTS)


def test_signature_schemes_have_their_registered_names() -> None:
    assert scheme_name(0x0804) == "rsa_pss_rsae_sha256"
    assert scheme_name(0x0403) == "ecdsa_secp256r1_sha256"
    assert scheme_name(0x0403, curve_bound=False) == "ecdsa_sha256"
    assert scheme_name(0x0202) == "dsa_sha1"
    assert scheme_name(0x0101) == "rsa_pkcs1_md5"
    assert scheme_name(0xFEFE) == "0xFEFE"


def certificate_message(version: int, *certificates: bytes) -> bytes:
    entries = b"".join(
        len(one).to_bytes(3, "big") + one + (b"\0\0" if version == messages.TLS_1_3 else b"")
        for one in certificates
    )
    context = b"\0" if version == messages.TLS_1_3 else b""
    return context + len(entries).to_bytes(3, "big") + entries


def test_certificates_are_taken_in_order_as_far_as_they_are_whole() -> None:
    for version in (0x0301, messages.TLS_1_2, messages.TLS_1_3):
        body = certificate_message(version, b"one", b"two", b"three")
        assert list(messages.certificates(body, version)) == [b"one", b"two", b"three"]
        assert list(messages.certificates(body[:-6], version))[:1] == [b"one"]
        assert list(messages.certificates(b"", version)) == []


def test_the_scheme_of_a_key_exchange_is_found_behind_either_kind_of_parameters() -> None:
    signature = b"\x04\x03\x00\x04sign"
    ecdhe = b"\x03\x00\x1d\x02pp"
    dhe = b"\x00\x03ppp\x00\x01g\x00\x03yyy"
    assert messages.key_exchange_scheme(ecdhe + signature) == 0x0403
    assert messages.key_exchange_scheme(dhe + signature) == 0x0403
    assert messages.key_exchange_scheme(ecdhe) is None
    assert messages.key_exchange_scheme(b"") is None


@given(st.binary(max_size=300), st.sampled_from([0x0300, 0x0303, 0x0304, 0xFEFF]))
def test_any_message_is_observed_without_raising(message, version) -> None:
    observer = Observer(SSL.Context(SSL.TLS_CLIENT_METHOD))
    observer.read(message, version)
    for kind in (messages.CERTIFICATE, messages.SERVER_KEY_EXCHANGE, messages.CERTIFICATE_VERIFY):
        observer.read(bytes([kind]) + b"\0\0\0" + message, version)
    assert observer.certificate_count >= len(observer.certificates)
    assert observer.signature.isprintable()
