"""What is told of certificate chains, revocation and further looks, and what is not."""

from __future__ import annotations

import pytest
from cryptography import x509

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.handshake import ClientCertificateAsked, TlsFacts
from mxwalk.evidence.revocation import CrlAsked, NotAsked, OcspAsked
from mxwalk.evidence.step import Decided, DecisionKind, StepKind
from mxwalk.evidence.tls import StoreVerdict, TrustStore
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.model import Owner, Severity
from mxwalk.findings.registry import check
from mxwalk.pkix.openssl import verify_again
from tests.findings import pkix_cases as made
from tests.findings.builders import Trail, ending, in_tls, verify_error
from tests.findings.certificates import GOOD_CHAIN
from tests.findings.test_judgement import codes, only
from tests.pkix.chains import Plan, make, named, pool, random_case
from tests.revocation.papers import (
    Response,
    by_crl,
    by_ocsp,
    checked,
    crl,
    crl_points,
    leaf,
    point,
    responder_at,
    revoked,
    world,
)
from tests.tls.pki import DAY, Issued, issue

PKIX = ("CERT", "REVO", "TLS", "STLS")


def told(delivery: Delivery) -> set[str]:
    found = codes(delivery, but=(Severity.OK,))
    return {code for code in found if code.startswith(PKIX)}


def walked(seed: int) -> tuple[Delivery, bool]:
    """A walk to a server with a random chain, and whether OpenSSL trusts it."""
    case = random_case(seed)
    errors, path = verify_again(case.sent, case.anchors, case.at)
    at = case.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    trail = in_tls().handshake(case.sent)
    trail.chain(*errors, path=tuple(one.der for one in path), at=at)
    return trail.identity().delivery(), not errors


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_a_chain_that_openssl_refuses_has_an_error_and_one_it_trusts_is_said_to_be(
    start: int,
) -> None:
    for seed in range(start, start + 100):
        delivery, trusted = walked(seed)
        findings = [one for one in check(delivery) if one.code.startswith("CERT")]
        errors = [one.code for one in findings if one.level is Severity.ERROR]
        assert ("CERT001" in {one.code for one in findings}) is trusted, seed
        assert trusted or errors, seed
        for one in findings:
            assert one.sentence.isprintable()


# issuers that are missing


def test_a_missing_issuer_is_named_with_where_it_lies_and_how_to_append_it() -> None:
    factory = dict(made.PKIX_CASES[:1])["CERT006"]
    finding = only(factory(), "CERT006")
    assert "Upper CA" in finding.fix
    assert f"curl -s {made.URL} | openssl x509 -inform DER >> fullchain.pem" in finding.fix
    assert "mail servers fetch nothing" in finding.sentence


def test_an_address_that_is_shell_code_is_quoted_in_the_fix() -> None:
    ca = made.authority(name="Upper CA")
    url = "http://ca.example.net/$(reboot);`id`'x"
    delivery = made.presents(made.server(ca, made._where(url)), fetched=(ca,))
    assert f"curl -s '{url[:-2]}'\"'\"'x' |" in only(delivery, "CERT006").fix


def test_an_issuer_of_the_same_name_and_another_key_is_not_called_unrelated() -> None:
    factory = dict(made.PKIX_CASES)["CERT025"]
    assert told(factory()) == {"CERT025"}


def test_a_fetched_root_makes_no_missing_intermediate() -> None:
    root = made._stranger()
    assert told(made.presents(made.server(root), fetched=(root,))) == {"CERT007"}


def test_a_store_that_lacks_a_public_root_is_ours_to_mend() -> None:
    ca = made.authority()
    chain = (made.server(ca).der, ca.der)
    errors, path = verify_again(chain, (made._stranger().der,), made.NOW)
    trail = in_tls().handshake(chain)
    knows = StoreVerdict(store=made.PUBLIC)
    trail.chain(*errors, path=tuple(one.der for one in path), beside=(knows,))
    finding = only(trail.delivery(), "CERT007")
    assert finding.actor is Owner.YOU
    assert "the certifi store (142 roots) trusts it" in finding.sentence


def test_a_host_name_that_is_shell_code_is_quoted_in_the_fix() -> None:
    host = "`id`&x|y.example.com"
    alone = issue(host, None, begins=made.NOW - DAY, ends=made.NOW + DAY)
    errors, _ = verify_again((alone.der,), (made.root().der,), made.NOW)
    trail = Trail().mx(f"10 {host}.").host(host, "192.0.2.1").connect("192.0.2.1").greet().ehlo()
    trail.starttls().handshake((alone.der,)).chain(*errors, path=(alone.der,))
    fix = only(trail.delivery(), "CERT005").fix
    assert fix.endswith(f"certbot certonly --standalone -d '{host}'")


def test_an_issuer_that_was_sent_and_is_not_taken_is_not_called_missing() -> None:
    delivery = dict(made.PKIX_CASES)["CERT031"]()
    assert told(delivery) == {"CERT031"}
    sentence = only(delivery, "CERT031").sentence
    assert '"Case CA", was there but not taken: its issuer and serial number are not' in sentence


def test_a_self_issued_certificate_of_another_key_is_not_called_self_signed() -> None:
    plan = Plan(named("mx01.example.com"), pool()[0], ca=False, signer=pool()[1], serial=7)
    chain = (make(plan),)
    errors, path = verify_again(chain, (made.root().der,), made.NOW)
    trail = in_tls().handshake(chain).chain(*errors, path=tuple(one.der for one in path))
    assert "CERT005" not in told(trail.delivery())
    assert "names itself as its issuer" in only(trail.delivery(), "CERT031").sentence


def test_a_store_with_an_intermediate_and_no_root_is_ours_to_mend() -> None:
    upper = made.authority(name="Upper CA")
    chain = (made.server(upper).der,)
    errors, path = verify_again(chain, (upper.der,), made.NOW)
    trail = in_tls().handshake(chain)
    trail.chain(*errors, path=tuple(one.der for one in path), sent=chain)
    finding = only(trail.delivery(), "CERT007")
    assert finding.actor is Owner.YOU
    assert "leads to Upper CA, which the file store" in finding.sentence
    assert "holds without the root above it" in finding.sentence


LDAP = "ldap:///CN=Upper%20CA,CN=AIA?cACertificate?base"


def test_an_issuer_is_fetched_from_the_address_that_everybody_can_ask() -> None:
    ca = made.authority(name="Upper CA")
    both = made._where(LDAP, made.URL)
    finding = only(made.presents(made.server(ca, both), fetched=(ca,)), "CERT006")
    assert f"it lies at {made.URL}" in finding.sentence
    assert "ldap" not in finding.fix
    assert f"curl -s {made.URL} |" in finding.fix


def test_nobody_is_told_to_fetch_an_issuer_from_a_directory() -> None:
    ca, older = made.authority(name="Renewed CA"), made.authority(name="Renewed CA")
    assert (
        "curl" not in only(made.presents(made.server(ca, made._where(LDAP)), older), "CERT025").fix
    )


def test_every_issuer_that_was_not_sent_is_appended() -> None:
    upper = made.authority(name="Upper CA")
    lower = made.authority(made._where("http://ca.example.net/2.p7c"), name="Lower", over=upper)
    fix = only(
        made.presents(made.server(lower, made._where()), fetched=(lower, upper)), "CERT006"
    ).fix
    assert f"curl -s {made.URL} | openssl x509 -inform DER >> fullchain.pem" in fix
    assert (
        "curl -s http://ca.example.net/2.p7c | openssl pkcs7 -inform DER -print_certs"
        " >> fullchain.pem" in fix
    )


# purposes


def test_what_openssl_takes_for_a_server_is_no_error() -> None:
    step_up = x509.ExtendedKeyUsage([x509.ObjectIdentifier("2.16.840.1.113730.4.1")])
    ca = made.authority()
    delivery = made.presents(made.server(ca, (step_up, False)), ca)
    assert "CERT001" in codes(delivery)
    assert not told(delivery)


def test_a_key_usage_that_does_not_fit_is_what_is_told() -> None:
    ca = made.authority()
    only_data = made.server(ca, made._usage("data_encipherment"))
    sentence = only(made.presents(only_data, ca), "CERT015").sentence
    assert "its key usage is dataEncipherment" in sentence
    assert "serverAuth" not in sentence


# trust stores


@pytest.mark.parametrize("kind", ["lab", "certifi", "empty"])
def test_only_a_store_that_people_keep_can_hold_a_private_ca(kind: str) -> None:
    ca = made.authority()
    chain = made.server(ca), ca
    refused = (verify_error("X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY", 20, 1),)
    store = TrustStore(kind=kind, path="", roots=1)
    beside = (StoreVerdict(store=made.PUBLIC, errors=refused),)
    assert "CERT026" not in told(made.presents(*chain, store=store, beside=beside))


def test_a_chain_that_public_roots_refuse_for_its_time_is_no_private_ca() -> None:
    ca = made.authority()
    refused = (verify_error("X509_V_ERR_CERT_HAS_EXPIRED", 10, 0),)
    beside = (StoreVerdict(store=made.PUBLIC, errors=refused),)
    delivery = made.presents(made.server(ca), ca, store=made.SYSTEM, beside=beside)
    assert "CERT026" not in told(delivery)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(70, set()), (50, {"CERT028"}), (20, {"CERT028"}), (10, {"CERT004"}), (-1, {"CERT002"})],
)
def test_an_issuer_that_ends_first_is_told_once(days: int, expected: set[str]) -> None:
    ca = made.authority(days=(-9, days))
    assert told(made.presents(made.server(ca), ca)) == expected


# what is wrong in the path is told once


def test_a_ca_without_key_cert_sign_is_not_also_told_as_no_ca() -> None:
    ca = made.authority(made._usage("digital_signature"))
    chain = made.server(ca), ca
    ders = tuple(one.der for one in chain)
    names = {79: "X509_V_ERR_INVALID_CA", 32: "X509_V_ERR_KEYUSAGE_NO_CERTSIGN"}
    errors = [verify_error(name, code, 1) for code, name in names.items()]
    purpose = verify_error("X509_V_ERR_INVALID_PURPOSE", 26, 1)
    delivery = in_tls().handshake(ders).chain(*errors, purpose, path=ders).delivery()
    assert told(delivery) == {"CERT022"}


def test_a_wrong_signature_is_told_with_whose_key_did_not_make_it() -> None:
    factory = dict(made.PKIX_CASES)["CERT020"]
    delivery = factory()
    assert told(delivery) == {"CERT020"}
    assert 'not made by the key of the CA certificate "Twin"' in only(delivery, "CERT020").sentence


def test_too_many_names_for_the_constraints_are_not_called_unreadable() -> None:
    permitted = [x509.DNSName(f"x{number}.example.org") for number in range(600)]
    constraints = x509.NameConstraints([*permitted, x509.DNSName("example.com")], None)
    ca = made.authority((constraints, True))
    names = tuple(f"n{number}.example.com" for number in range(3_000))
    leaf = issue("mx01.example.com", ca, dns=names, begins=made.NOW - DAY, ends=made.NOW + 60 * DAY)
    finding = only(made.presents(leaf, ca), "CERT018")
    assert "too many names to hold against the constraints" in finding.sentence


# revocation


def test_the_command_that_asks_a_responder_has_the_files_it_needs() -> None:
    evidence = checked(by_ocsp(Response(status="revoked").der()))
    command = only(made.standing(evidence), "REVO002").command
    assert "-issuer c2.pem -cert c1.pem -CAfile c2.pem -partial_chain" in command


def test_an_issuer_that_was_not_sent_is_fetched_before_the_responder_is_asked() -> None:
    url = "http://ca.example.net/issuer.cer"
    about = leaf(made._where(url))
    evidence = checked(by_ocsp(Response(about=about, status="revoked").der()), about=about)
    command = only(made.standing(evidence, about), "REVO002").command
    assert f"curl -s {url} | openssl x509 -inform DER > issuer.pem; openssl ocsp" in command
    assert "-issuer issuer.pem -cert c1.pem -CAfile issuer.pem" in command


def test_nobody_to_ask_raises_nothing() -> None:
    plain = leaf()
    delivery = made.standing(checked(about=plain), plain, world().ca)
    assert not {code for code in codes(delivery) if code.startswith("REVO")}


@pytest.mark.parametrize(
    ("evidence", "noticed"),
    [
        (checked(by_crl(crl(revoked(world().leaf)), world().leaf)), True),
        (checked(by_ocsp(Response(status="revoked").der())), False),
    ],
    ids=["CRL", "OCSP"],
)
def test_a_revocation_tells_which_senders_notice_it(evidence: object, noticed: bool) -> None:
    finding = only(made.standing(evidence), "REVO002")  # type: ignore[arg-type]
    refused, blind = finding.sentence.split("not noticed by")
    assert ("refused by Cisco ESA" in refused) is noticed
    assert ("Cisco ESA" in blind) is not noticed
    assert "Postfix" in blind
    assert finding.level is Severity.ERROR


def test_a_revocation_begins_with_when_and_why_and_ends_with_the_serial_number() -> None:
    evidence = checked(by_ocsp(Response(status="revoked", reason="keyCompromise").der()))
    finding = only(made.standing(evidence), "REVO002")
    assert finding.sentence.startswith("revoked on ")
    assert "keyCompromise" in finding.sentence[:60]
    serial = f"{world().leaf.certificate.serial_number:x}"
    assert finding.sentence.endswith(f"serial number {serial}")
    assert "openssl" not in finding.sentence


def _left_out(about: Issued, *asked: CrlAsked | OcspAsked, **how: object) -> Delivery:
    """A walk in which revocation of this leaf was not asked, or not to the end."""
    sent = (about.der, world().ca.der)
    trail = in_tls().handshake(sent).chain(path=sent)
    if how:
        cancelled = bool(how.pop("cancelled", False))
        evidence = checked(*asked, about=about, **how)  # type: ignore[arg-type]
        trail.add(StepKind.REVOCATION, evidence, cancelled=cancelled)
    return trail.identity().delivery()


LISTED = leaf(crl_points(point()))
ANSWERING = leaf(responder_at("http://ocsp.example.net/"))


@pytest.mark.parametrize(
    ("how", "because", "fix"),
    [
        ({}, "the step was left out", "without leaving it out"),
        ({"cancelled": True}, "the step was broken off", "let the step finish"),
        ({"not_asked": NotAsked.OFFLINE}, "offline", "without --offline"),
    ],
    ids=["left out", "broken off", "offline"],
)
def test_revocation_that_nobody_asked_about_says_why_and_weighs_by_who_reads_lists(
    how: dict[str, object], because: str, fix: str
) -> None:
    finding = only(_left_out(LISTED, **how), "REVO008")
    assert finding.level is Severity.WARNING
    assert f"revoked: {because}" in finding.sentence
    assert "the Cisco ESA reads such lists" in finding.sentence
    assert fix in finding.fix
    assert finding.actor is Owner.YOU
    finding = only(_left_out(ANSWERING, **how), "REVO008")
    assert finding.level is Severity.NOTICE
    assert "Cisco ESA" not in finding.sentence


def test_a_walk_that_has_yet_to_ask_is_not_told_to_have_left_it_out() -> None:
    sent = (LISTED.der, world().ca.der)
    trail = in_tls().handshake(sent).chain(path=sent)
    assert "REVO008" not in codes(trail.delivery())
    skipped = Decided(decision=DecisionKind.SKIP_STEP, step_kind=StepKind.REVOCATION)
    trail.add(StepKind.DECISION, skipped)
    assert "left out" in only(trail.delivery(), "REVO008").sentence


def test_a_certificate_that_names_nobody_to_ask_leaves_nothing_out() -> None:
    assert "REVO008" not in codes(_left_out(leaf()))


def test_a_list_that_was_not_asked_for_is_told_beside_a_responder_that_answered() -> None:
    both = leaf(crl_points(point()), responder_at("http://ocsp.example.net/"))
    answer = by_ocsp(Response(about=both).der())
    finding = only(_left_out(both, answer, cancelled=True), "REVO008")
    assert finding.level is Severity.WARNING
    assert "the CRL" in finding.sentence


def test_a_source_that_fails_beside_one_that_answers_is_a_notice() -> None:
    evidence = checked(by_crl(crl(key=world().other.key), world().leaf), by_ocsp(Response().der()))
    delivery = made.standing(evidence)
    assert only(delivery, "REVO006").level is Severity.NOTICE
    assert "REVO001" in codes(delivery)


def test_revocation_at_an_unreadable_time_raises_nothing() -> None:
    import msgspec

    evidence = msgspec.structs.replace(checked(by_ocsp(Response().der())), checked_at="yesterday")
    assert not {code for code in codes(made.standing(evidence)) if code.startswith("REVO")}


def test_a_staple_that_came_fulfils_the_demand() -> None:
    demanding = leaf(made.MUST_STAPLE)
    staple = Response(about=demanding).der()
    evidence = checked(by_ocsp(staple, stapled=True), about=demanding)
    delivery = made.standing(evidence, demanding, world().ca, ocsp_staple=staple)
    assert "REVO009" not in codes(delivery)
    assert "REVO001" in codes(delivery)


# further looks


def test_what_a_legacy_client_saw_is_not_said_to_be_up() -> None:
    delivery = made.failing(**made.REFUSED_VERSION).look(StepKind.LEGACY_TLS, **made.OLD).delivery()
    assert "TLS001" not in codes(delivery)
    findings = {one.code: one for one in check(delivery)}
    attempt = delivery.attempts[0]
    failed, look = attempt.step(StepKind.HANDSHAKE), attempt.step(StepKind.LEGACY_TLS)
    assert failed is not None
    assert look is not None
    assert (findings["TLS002"].step, findings["CERT001"].step) == (failed.seq, look.seq)


def test_findings_on_the_certificates_of_a_look_stand_beside_the_failure() -> None:
    trail = made.failing(**made.REFUSED_VERSION)
    expired = verify_error("X509_V_ERR_CERT_HAS_EXPIRED", 10)
    trail.look(StepKind.LEGACY_TLS, GOOD_CHAIN, expired, **made.OLD)
    assert told(trail.delivery()) == {"CERT002", "TLS002"}
    assert next(one.code for one in check(trail.delivery())) == "TLS002"


@pytest.mark.parametrize("kind", [EndingKind.TIMEOUT, EndingKind.CANCELLED, EndingKind.LOCAL])
def test_a_look_that_tells_nothing_raises_nothing(kind: EndingKind) -> None:
    trail = in_tls().handshake().chain().identity()
    delivery = trail.look(StepKind.WITHOUT_SNI, (), ending=ending(kind)).delivery()
    assert not told(delivery)


def test_the_same_certificate_without_a_name_is_nothing_to_tell() -> None:
    trail = in_tls().handshake().chain().identity()
    delivery = trail.look(StepKind.WITHOUT_SNI, GOOD_CHAIN, **made.TODAY).delivery()
    assert not told(delivery)


def test_a_demanded_client_certificate_is_told_once() -> None:
    facts = TlsFacts(client_certificate=ClientCertificateAsked())
    trail = in_tls().handshake(facts=facts).ehlo_tls(b"", ending(EndingKind.TLS_ALERT))
    assert told(trail.delivery()) == {"TLS006"}
    assert "demands one" in only(trail.delivery(), "TLS006").sentence


def test_a_failed_handshake_says_the_alert_once_and_what_it_means() -> None:
    sentence = only(made.failing(**made.REFUSED_VERSION).delivery(), "STLS007").sentence
    assert sentence.count("protocol_version") == 1
    assert "supports none of the protocol versions" in sentence
