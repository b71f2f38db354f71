"""A handshake that fails for a modern client: one cause, told once, with what mends it."""

from __future__ import annotations

import pytest

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.handshake import Support, TlsFacts
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.model import Severity
from mxwalk.findings.registry import check
from tests.findings import pkix_cases as made
from tests.findings.builders import alert, ending, in_tls
from tests.findings.test_judgement import only
from tests.findings.test_pkix import told


def _legacy(**facts: object) -> Delivery:
    return made.failing(**made.REFUSED_VERSION).look(StepKind.LEGACY_TLS, **facts).delivery()


NO_RFC_5746 = TlsFacts(secure_renegotiation=Support.NO)
OLD_IN_ALL = TlsFacts(
    secure_renegotiation=Support.NO,
    extended_master_secret=Support.NO,
    temp_key=made.PRIME.temp_key,
)


@pytest.mark.parametrize(
    ("agreed", "told_as", "fix"),
    [
        (made.OLD, "TLS002", "update the mail server's TLS library"),
        (made.OLD | {"facts": OLD_IN_ALL}, "TLS002", "update the mail server's TLS library"),
        (made.OLD | {"cipher": "RC4-SHA"}, "TLS002", "update the mail server's TLS library"),
        (made.TLS12 | {"facts": made.PRIME}, "TLS016", "smtpd_tls_dh1024_param_file = auto"),
        (made.TLS12 | {"facts": NO_RFC_5746}, "TLS015", "update the server's TLS library"),
        (made.TLS12 | {"cipher": "RC4-SHA"}, "TLS003", "offer ECDHE with AES-GCM first"),
        (made.TLS12 | {"cipher": "AES256-SHA"}, "TLS008", "offer ECDHE with AES-GCM"),
        (made.TLS12 | {"signature": "rsa_pkcs1_sha1"}, "TLS008", "sign with SHA-256"),
        (made.TLS12, "TLS008", "walk again"),
    ],
    ids=range(9),
)
def test_why_only_a_legacy_client_gets_through_is_told_once_with_what_mends_it(
    agreed: dict[str, object], told_as: str, fix: str
) -> None:
    delivery = _legacy(**agreed)
    assert {code for code in told(delivery) if "TLS" in code} == {told_as}
    finding = only(delivery, told_as)
    assert finding.level is Severity.ERROR
    assert fix in finding.fix
    assert "alert protocol_version (70)" in finding.sentence
    assert finding == check(delivery)[0]


def test_what_else_is_wrong_stands_behind_the_cause_without_its_consequences() -> None:
    facts = TlsFacts(secure_renegotiation=Support.NO, temp_key=made.PRIME.temp_key)
    delivery = _legacy(**made.TLS12, facts=facts)
    first, second = (one for one in check(delivery) if one.level is Severity.ERROR)
    assert (first.code, second.code) == ("TLS015", "TLS016")
    assert "strict senders do not deliver" in first.sentence
    assert "Postfix still encrypts" not in first.sentence
    assert "strict senders" not in second.sentence


def test_nothing_that_forbids_old_versions_comes_before_the_new_one_works() -> None:
    fix = only(_legacy(**made.OLD), "TLS002").fix
    assert fix.index("only when TLS 1.2 works") < fix.index(">=TLSv1.2")
    for finding in check(made.failing(**made.REFUSED_VERSION).delivery()):
        assert ">=TLSv1.2" not in finding.fix
        assert "+no_tlsv1 " not in finding.fix


@pytest.mark.parametrize(
    "end",
    [
        {"ending": ending(EndingKind.RESET)},
        {"ending": ending(EndingKind.TIMEOUT)},
        {"ending": ending(EndingKind.TLS_ALERT), "alerts": (alert(50, "decode_error"),)},
    ],
    ids=["reset", "silence", "alert"],
)
def test_a_hello_that_is_too_large_is_one_warning_with_its_size(end: dict[str, object]) -> None:
    trail = made.failing(**end, facts=TlsFacts(client_hello_octets=1_558))
    trail.look(StepKind.CLASSIC_GROUPS, **made.TODAY, facts=TlsFacts(client_hello_octets=330))
    delivery = trail.delivery()
    assert told(delivery) == {"TLS009"}
    finding = only(delivery, "TLS009")
    assert finding.level is Severity.WARNING
    assert "1558 octets" in finding.sentence
    assert "330 octets" in finding.sentence


def test_a_name_that_is_refused_is_told_once() -> None:
    trail = made.failing(**made.NAME_UNKNOWN).look(StepKind.WITHOUT_SNI, **made.TODAY)
    assert told(trail.delivery()) == {"TLS012"}


@pytest.mark.parametrize(
    ("name", "says", "fix"),
    [
        ("mx01.example.com", "has no server of the name", "no certificate for the name in SNI"),
        ("", "no name was sent", "default certificate for clients without SNI"),
    ],
)
def test_an_unrecognized_name_is_explained_by_whether_one_was_sent(
    name: str, says: str, fix: str
) -> None:
    trail = in_tls()
    unknown = Handshaken(sni=name, **made.NAME_UNKNOWN)  # type: ignore[arg-type]
    finding = only(trail.add(StepKind.HANDSHAKE, unknown).delivery(), "STLS007")
    assert says in finding.sentence
    assert fix in finding.fix


def test_a_failure_nobody_can_explain_begins_with_the_alert_and_says_what_was_tried() -> None:
    refused = {
        "ending": ending(EndingKind.TLS_ALERT),
        "alerts": (alert(40, "handshake_failure"),),
    }
    trail = made.failing(**refused)
    trail.look(StepKind.CLASSIC_GROUPS, (), **refused).look(StepKind.LEGACY_TLS, (), **refused)
    finding = only(trail.delivery(), "STLS007")
    assert finding.sentence.startswith(
        "the server sends the alert handshake_failure (40): no cipher"
    )
    assert "client certificate" not in finding.sentence
    assert "a legacy client fares no better" in finding.sentence
