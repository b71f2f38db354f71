import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest

from mxwalk.pkix.build import build_path
from mxwalk.pkix.model import Reason
from mxwalk.pkix.openssl import verify_again
from mxwalk.pkix.reasons import reason_of
from mxwalk.pkix.validate import explain_chain
from mxwalk.tls.pem import pem_certificates
from mxwalk.tls.verify_errors import verify_error_name
from tests.pkix.chains import DAY, EKUS, NOW, make
from tests.pkix.world import leaf, leaf_plan, lower, root, upper


def test_the_verdict_the_path_and_where_each_certificate_came_from() -> None:
    errors, path = verify_again((leaf(), lower(), upper()), (root(),), NOW)
    assert errors == ()
    assert [one.der for one in path] == [leaf(), lower(), upper(), root()]
    assert [one.sent for one in path] == [True, True, True, False]


def test_a_chain_that_fails_still_has_a_path_and_openssls_words() -> None:
    errors, path = verify_again((leaf(), lower(), upper()), (), NOW)
    assert [(one.depth, one.name) for one in errors] == [
        (2, "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY")
    ]
    assert errors[0].text == "unable to get local issuer certificate"
    assert [one.der for one in path] == [leaf(), lower(), upper()]


@pytest.mark.parametrize(
    ("at", "name"),
    [
        (NOW, ""),
        (NOW + 61 * DAY, "X509_V_ERR_CERT_HAS_EXPIRED"),
        (NOW - 31 * DAY, "X509_V_ERR_CERT_NOT_YET_VALID"),
        (NOW + timedelta(days=1_000), "X509_V_ERR_CERT_HAS_EXPIRED"),
        (datetime(1960, 1, 1, tzinfo=UTC), "X509_V_ERR_CERT_NOT_YET_VALID"),
        (datetime(2100, 1, 1, tzinfo=UTC), "X509_V_ERR_CERT_HAS_EXPIRED"),
    ],
)
def test_another_date_gives_another_verdict(at: datetime, name: str) -> None:
    errors, _ = verify_again((leaf(), lower(), upper()), (root(),), at)
    assert [one.name for one in errors] == ([name] if name else [])


def test_the_purpose_is_that_of_a_tls_server() -> None:
    client = make(leaf_plan(ekus=EKUS[1:2]))
    errors, _ = verify_again((client, lower(), upper()), (root(),), NOW)
    assert [one.name for one in errors] == ["X509_V_ERR_INVALID_PURPOSE"]


def test_nothing_sent_or_nothing_readable_is_an_objection() -> None:
    for sent in ((), (b"",), (b"\x30\x00", leaf())):
        errors, path = verify_again(sent, (root(),), NOW)
        assert errors[0].text == "OpenSSL cannot read the server's certificate"
        assert path == ()
    errors, _ = verify_again((leaf(), b"junk", lower(), upper()), (b"junk", root()), NOW)
    assert errors == ()


def test_every_error_of_openssl_has_a_reason() -> None:
    reasons = {code: reason_of(code) for code in range(104)}
    assert reasons[10] is Reason.EXPIRED
    assert reasons[20] is Reason.ISSUER_MISSING
    assert reason_of(4_711) is Reason.OTHER
    unnamed = [verify_error_name(code) for code in range(1, 100) if reasons[code] is Reason.OTHER]
    assert "X509_V_ERR_HOSTNAME_MISMATCH" in unnamed  # names are judged elsewhere
    assert set(reasons.values()) >= set(Reason) - {Reason.OTHER}


def public_roots() -> tuple[bytes, ...]:
    found = []
    for block in pem_certificates(Path(certifi.where()).read_bytes()):
        body = block.split(b"-----")[2]
        found.append(base64.b64decode(b"".join(body.split())))
    return tuple(found)


def test_the_roots_of_the_public_cas_are_judged_as_openssl_judges_them() -> None:
    roots = public_roots()
    assert len(roots) > 100
    for der in roots:
        for at in (NOW, datetime(2040, 1, 1, tzinfo=UTC)):
            for anchors in (roots, roots[:1]):
                errors, path = verify_again((der,), anchors, at)
                assert build_path((der,), anchors, at).ders == tuple(one.der for one in path)
                explained = explain_chain((der,), path, at, anchors=anchors)
                assert [reason_of(one.code) for one in errors] == [
                    one.reason for one in explained.objections[:1]
                ]
