import pytest
from OpenSSL import SSL
from OpenSSL._util import lib

from mxwalk.evidence.tls import Offer
from mxwalk.tls.alerts import ALERTS, alert_name, explain_alert
from mxwalk.tls.cipher_suites import SUITES, suite_name
from mxwalk.tls.extension_types import extension_name
from mxwalk.tls.groups import GROUPS, find_group, group_name, is_hybrid, is_post_quantum
from mxwalk.tls.offers import offering_context
from mxwalk.tls.openssl import verify_error_text
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


def test_every_alert_is_explained_in_one_sentence() -> None:
    sentences = [explain_alert(code) for code in ALERTS]
    assert len(set(sentences)) == len(ALERTS)
    assert explain_alert(77) not in sentences
    for sentence in (*sentences, explain_alert(77)):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert ". " not in sentence.removesuffix(".").replace("RFC ", "RFC")
    assert "intermediate is missing" in explain_alert(48)
    assert "client certificate" in explain_alert(116)


def test_an_unrecognized_name_is_explained_by_whether_a_name_was_sent() -> None:
    assert "no server of the name" in explain_alert(112)
    assert "no name was sent" in explain_alert(112, named=False)
    assert all(explain_alert(code, named=False) for code in ALERTS)


def test_signature_schemes_have_their_registered_names() -> None:
    assert scheme_name(0x0804) == "rsa_pss_rsae_sha256"
    assert scheme_name(0x0403) == "ecdsa_secp256r1_sha256"
    assert scheme_name(0x0403, curve_bound=False) == "ecdsa_sha256"
    assert scheme_name(0x0202) == "dsa_sha1"
    assert scheme_name(0x0101) == "rsa_pkcs1_md5"
    assert scheme_name(0xFEFE) == "0xFEFE"


def test_groups_have_their_registered_names_and_sizes() -> None:
    assert group_name(29) == "x25519"
    assert group_name(4588) == "X25519MLKEM768"
    assert group_name(0x0A0A) == "0x0A0A"
    assert all(GROUPS[code].code == code for code in GROUPS)
    assert len({group.name for group in GROUPS.values()}) == len(GROUPS)
    hybrid = find_group("x25519mlkem768")
    # draft-ietf-tls-ecdhe-mlkem: ML-KEM-768 has 1184 and 1088 octets, X25519 32
    assert hybrid is not None
    assert (hybrid.client_share, hybrid.server_share) == (1_216, 1_120)


def test_hybrid_groups_are_told_from_all_others() -> None:
    assert {name for name in map(group_name, GROUPS) if is_hybrid(name)} == {
        "SecP256r1MLKEM768",
        "X25519MLKEM768",
        "SecP384r1MLKEM1024",
        "curveSM2MLKEM768",
        "X25519Kyber768Draft00",
        "SecP256r1Kyber768Draft00",
    }
    assert is_post_quantum("MLKEM768")
    assert not is_hybrid("MLKEM768")
    assert not is_post_quantum("x25519")
    assert not is_hybrid("")


def test_extensions_and_cipher_suites_have_their_names() -> None:
    assert extension_name(23) == "extended_master_secret"
    assert extension_name(0xFAFA) == "0xFAFA"
    assert suite_name(0x1301) == "TLS_AES_128_GCM_SHA256"
    assert suite_name(0xC02F) == "ECDHE-RSA-AES128-GCM-SHA256"
    assert suite_name(0x5A5A) == "0x5A5A"


@pytest.mark.parametrize("offer", Offer)
def test_every_cipher_suite_we_offer_has_a_name(offer) -> None:
    ours = SSL.Connection(offering_context(offer), None).get_cipher_list()
    shared = [name for name in ours if "PSK" not in name and "SRP" not in name]
    assert set(shared) <= set(SUITES.values())
