"""What reports say of DNSSEC and DANE, and that redaction keeps them whole."""

import json

import msgspec
import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.dnssec.model import Status
from mxwalk.evidence.redact import redact
from mxwalk.evidence.secrets import Secrets
from mxwalk.reports.render import render
from tests.reports.samples import lab_trace, read_back


def document(name: str) -> dict:
    return json.loads(render(lab_trace(name), "json", sender="exchange-online"))


def test_text_has_the_status_of_each_look_up_and_the_records_beside_the_certificates():
    text = render(lab_trace("dane-mixed"), "text", sender="rfc7672")
    assert "DNSSEC example.com MX: secure (resolver: AD)" in text
    assert "DNSSEC _25._tcp.mx1.example.com TLSA: secure (resolver: AD)" in text
    assert "3 1 1  DANE-EE SPKI SHA-256  usable" in text
    assert (
        "TLSA 2 1 1: 0 - (DANE-TA looks at the issuers of the leaf (RFC 7672 3.1.2)), 1 match"
        in text
    )
    assert "DANE authenticated: TLSA 3 1 1" in text


def test_text_tells_why_an_answer_is_bogus_and_what_mends_it():
    text = render(lab_trace("dnssec-stale-ds"), "text", sender="rfc7672")
    assert "DNSSEC example.com MX: bogus (resolver: no AD)" in text
    assert "  No DNSKEY of example.com matches the DS set that com publishes" in text
    assert "  fix: Replace the DS record at com" in text


def test_json_has_the_chain_of_zone_cuts_once_and_its_broken_link():
    part = document("dnssec-stale-ds")["dnssec"]
    assert [(cut["zone"], cut["status"]) for cut in part["cuts"]] == [
        (".", "secure"),
        ("com", "secure"),
        ("example.com", "bogus"),
    ]
    broken = part["cuts"][-1]
    assert broken["ds"][0]["matches"] == []
    assert broken["ds"][0]["key_tag"] not in [key["key_tag"] for key in broken["keys"]]
    assert broken["reason"] == "ds-without-key"
    (look_up,) = part["lookups"]
    assert look_up["zones"] == [".", "com", "example.com"]
    assert look_up["owner"] == "the parent zone, through the registrar"


def test_json_has_every_record_against_every_certificate():
    (host,) = document("dane-mixed")["hosts"]
    assert host["dane"]["standing"] == "usable TLSA records"
    assert [record["parameters"] for record in host["dane"]["records"]] == ["3 1 1", "2 1 1"]
    (connection,) = host["addresses"][0]["connections"]
    states = {
        (cell["record"], cell["certificate"]): cell["state"] for cell in connection["dane"]["cells"]
    }
    assert states == {
        (0, 0): "match",
        (0, 1): "not applicable",
        (1, 0): "not applicable",
        (1, 1): "match",
    }
    for cell in connection["dane"]["cells"]:
        published = host["dane"]["records"][cell["record"]]["rdata"].split()[-1]
        assert (cell["computed"] == published) == cell["equal"]
    assert connection["dane"]["publish"][0]["line"].startswith(
        "_25._tcp.mx1.example.com. IN TLSA 3 1 1"
    )


def test_json_has_the_result_type_of_a_tls_report():
    findings = {item["code"]: item for item in document("dnssec-stale-ds")["findings"]}
    assert findings["DNSSEC001"]["tls_rpt"] == "dnssec-invalid"


@pytest.mark.parametrize("fmt", ["markdown", "html"])
def test_pages_have_both_sections(fmt):
    page = render(lab_trace("dane-mismatch"), fmt, sender="exchange-online")
    assert "usable TLSA records" in page
    assert "✗ mismatch" in page
    assert "Records this server should publish now" in page
    assert "signs the keys" in page
    broken = render(lab_trace("dnssec-stale-ds"), fmt, sender="exchange-online")
    assert "no such key" in broken
    assert "✗ bogus" in broken


def test_hops_of_an_alias_are_listed_with_their_status():
    page = render(lab_trace("dane-cname"), "html", sender="rfc7672")
    assert "CNAME to" in page


@pytest.mark.parametrize("name", ["dane-mixed", "dane-cname", "dnssec-stale-ds"])
def test_a_redacted_trace_validates_as_before(name):
    trace = lab_trace(name)
    before, after = build_delivery(trace), build_delivery(read_back(redact(trace)))
    assert before.mx_validation is not None
    assert after.mx_validation is not None
    assert after.mx_validation.status is before.mx_validation.status
    assert [host.dane and host.dane.standing for host in after.hosts] == [
        host.dane and host.dane.standing for host in before.hosts
    ]


def test_a_resolver_that_only_supporting_answers_name_is_a_secret():
    trace = lab_trace("dane-mixed")
    step = next(step for step in trace.steps if step.kind.value == "mx")
    support = tuple(
        msgspec.structs.replace(answer, server="203.0.113.77:53")
        for answer in step.evidence.support
    )
    assert support
    changed = msgspec.structs.replace(
        step, evidence=msgspec.structs.replace(step.evidence, support=support)
    )
    steps = tuple(changed if each is step else each for each in trace.steps)
    spoiled = msgspec.structs.replace(trace, steps=steps)
    assert b"203.0.113.77" in Secrets(spoiled).addresses
    assert "203.0.113.77" not in render(spoiled, "trace", sender="esa:5", redacted=True)


def test_a_trace_without_the_messages_says_nothing_of_dnssec():
    trace = lab_trace("dane-mixed")
    step = next(step for step in trace.steps if step.kind.value == "mx")
    answer = msgspec.structs.replace(step.evidence.answer, wire=b"")
    bare = msgspec.structs.replace(
        step, evidence=msgspec.structs.replace(step.evidence, answer=answer)
    )
    steps = tuple(bare if each is step else each for each in trace.steps)
    delivery = build_delivery(msgspec.structs.replace(trace, steps=steps))
    assert delivery.mx_validation is None
    assert all(
        validation.status is Status.SECURE
        for host in delivery.hosts
        for validation in host.dane.addresses
    )
