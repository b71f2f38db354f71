"""What reports say of MTA-STS and TLS-RPT, and that redaction keeps it whole."""

import json

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.redact import redact
from mxwalk.reports.render import render
from tests.reports.samples import lab_trace, read_back


def document(name: str) -> dict:
    return json.loads(render(lab_trace(name), "json", sender="mta-sts"))


def test_text_has_the_file_line_by_line_with_its_remarks():
    text = render(lab_trace("sts-policy-invalid"), "text", sender="mta-sts")
    assert "GET https://mta-sts.example.com/.well-known/mta-sts.txt from 192.0.2.233" in text
    assert "  2  mode: enforced" in text
    assert 'the mode is "enforced", not enforce, testing or none' in text
    assert '✗ the policy has no "max_age"' in text
    assert "an older enforce policy may still be cached for up to 365 days" in text


def test_text_has_hosts_against_patterns_both_ways():
    text = render(lab_trace("sts-mx-mismatch"), "text", sender="exchange-online")
    assert "✗ mx.provider.test matches no mx of the policy" in text
    assert "· line 3: mx1.example.com matches no MX host" in text
    assert "log: 450 4.4.8 MX hosts of example.com failed MTA-STS validation" in text


def test_json_has_record_fetch_file_hosts_and_what_to_publish():
    part = document("sts-enforce-good")["sts"]
    assert (part["standing"], part["mode"], part["id"]) == (
        "a valid policy", "enforce", "20261101T080000Z",
    )  # fmt: skip
    assert part["max_age_s"] == 1_209_600
    assert part["cached"].startswith(
        'a sender that knows the id "20261101T080000Z" already goes by'
    )
    assert part["records"][0]["text"] == "v=STSv1; id=20261101T080000Z;"
    fetch = part["fetch"]
    assert (fetch["status"], fetch["media_type"], fetch["fault"]) == (200, "text/plain", "")
    assert fetch["tls"].startswith("TLSv1.3")
    assert fetch["certificates"][0]["names"] == ["mta-sts.example.com"]
    assert [line["text"] for line in part["lines"]][:2] == ["version: STSv1", "mode: enforce"]
    assert [(host["name"], host["listed"], host["line"]) for host in part["hosts"]] == [
        ("mx1.example.com", True, 3), ("mx2.example.com", True, 4),
    ]  # fmt: skip
    assert all(one["passed"] for host in part["hosts"] for one in host["connections"])
    assert part["advice"][0]["lines"][:2] == ["version: STSv1", "mode: enforce"]


def test_json_keeps_the_policy_hosts_certificate_when_the_host_is_not_trusted():
    part = document("sts-redirect")["sts"]
    assert part["fetch"]["fault"] == "a redirect"
    assert part["fetch"]["status"] == 302
    assert part["lines"] == []


def test_json_has_the_tls_rpt_record_and_its_faults():
    part = document("tlsrpt-bad-record")["tls_rpt"]
    assert part["destinations"] == []
    assert not part["records"][0]["valid"]
    assert part["records"][0]["remarks"][0]["place"] == 17


def test_pages_tell_of_the_policy():
    page = render(lab_trace("sts-testing"), "html", sender="mta-sts")
    assert '<section id="sts">' in page
    assert "<code>mx: mx1.example.com</code>" in page
    mark = render(lab_trace("sts-testing"), "markdown", sender="mta-sts")
    assert "## MTA-STS" in mark
    assert "✗ no" in mark


def test_a_walk_without_policy_has_no_policy_part():
    assert document("esa-route")["sts"] is None


def test_redaction_keeps_the_policy_and_its_verdict():
    trace = lab_trace("sts-enforce-good")
    hidden = build_delivery(read_back(redact(trace)))
    assert hidden.sts.standing is build_delivery(trace).sts.standing
    assert hidden.sts.policy == build_delivery(trace).sts.policy


def test_the_paragraph_names_the_remedy_of_the_chosen_sender():
    told = document("sts-cert-invalid")["summary"]
    assert "3 errors were found, first of all: mx1.example.com [192.0.2." in told
    assert "install a certificate with the DNS name mx1.example.com" in told
    assert "ESA settings" not in told


def test_the_paragraph_counts_errors_of_one_kind():
    assert (
        "2 errors of one kind were found, first of all: "
        in document("sts-policy-invalid")["summary"]
    )
