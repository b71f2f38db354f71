"""A walk as the report its sender would file: valid by RFC 8460 4.4, and readable by ourselves."""

import json

import jsonschema
import pytest
from msgspec import structs

from mxwalk.evidence.step import StepKind
from mxwalk.findings.registry import catalogue
from mxwalk.findings.tls_reports import codes_for, result_type
from mxwalk.reports.render import render
from mxwalk.senders.registry import profiles
from mxwalk.tlsrpt.reading import read_reports
from mxwalk.tlsrpt.result_types import RESULT_TYPES
from tests.reports.samples import lab_trace
from tests.tlsrpt.examples import report
from tests.tlsrpt.rfc8460_schema import RESULT_TYPES as OF_THE_SCHEMA
from tests.tlsrpt.rfc8460_schema import SCHEMA

VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
SCENARIOS = (
    *("dane-good", "dane-mismatch", "dane-mixed", "dane-no-starttls", "dane-servfail", "dane-ta-name"),
    *("dane-expired", "dane-unusable", "dnssec-stale-ds", "pkix-good", "pkix-expired"),
    *("pkix-self-signed", "pkix-wrong-name", "starttls-missing", "starttls-454", "starttls-broken"),
    *("tls-no-common-cipher", "refused", "silent", "greet-421", "mx-null", "idn", "esa-route-ip"),
    *("ehlo-1869", "hostile-escapes", "hostile-markup", "sts-enforce-good", "sts-mx-mismatch"),
    *("sts-cert-invalid", "sts-policy-invalid", "sts-redirect", "sts-testing", "sts-two-records"),
    *("sts-and-dane",),
)  # fmt: skip


def exported(name: str, sender: str, *, redacted: bool = False) -> dict:
    text = render(lab_trace(name), "tlsrpt", sender=sender, redacted=redacted)
    document = json.loads(text)
    VALIDATOR.validate(document)
    for entry in document["policies"]:
        failed = sum(row["failed-session-count"] for row in entry.get("failure-details", []))
        assert failed == entry["summary"]["total-failure-session-count"]
    return document


def rows(document: dict) -> list[tuple[str, str]]:
    """Policy type and result type of every row."""
    return [
        (entry["policy"]["policy-type"], row["result-type"])
        for entry in document["policies"]
        for row in entry.get("failure-details", [])
    ]


def test_the_schema_is_one_and_takes_the_example_of_the_rfc_but_for_its_broken_uri() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    example = report()
    del example["policies"][0]["failure-details"][1]["additional-information"]
    VALIDATOR.validate(example)
    assert set(OF_THE_SCHEMA) == set(RESULT_TYPES)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_sender_files_a_valid_report_that_reads_back_without_deviation(name: str) -> None:
    for sender in profiles():
        document = exported(name, sender.id)
        (found,) = read_reports(json.dumps(document).encode(), "x").reports
        missing = {d.sentence for d in found.deviations}
        assert missing <= {"sending-mta-ip is missing"}
        assert found.failures == sum(
            entry["summary"]["total-failure-session-count"] for entry in document["policies"]
        )


@pytest.mark.parametrize(
    ("name", "sender", "expected"),
    [
        ("dane-good", "rfc7672", []),
        ("dane-mismatch", "rfc7672", [("tlsa", "tlsa-invalid")]),
        ("dane-mismatch", "exchange-online", [("tlsa", "tlsa-invalid")]),
        ("dane-no-starttls", "rfc7672", [("tlsa", "starttls-not-supported")]),
        ("dane-expired", "rfc7672", []),  # DANE-EE: the dates do not count (RFC 7672 3.1.1)
        ("dane-expired", "exchange-online", [("tlsa", "certificate-expired")]),
        ("dane-ta-name", "rfc7672", [("tlsa", "certificate-host-mismatch")]),
        ("dane-servfail", "rfc7672", [("tlsa", "dnssec-invalid")]),
        ("pkix-good", "esa:5", []),
        ("pkix-good", "postfix:dane-only", [("tlsa", "dane-required")]),
        ("pkix-expired", "esa:5", [("no-policy-found", "certificate-expired")]),
        ("pkix-self-signed", "esa:5", [("no-policy-found", "certificate-not-trusted")]),
        ("pkix-self-signed", "postfix:may", []),
        ("pkix-wrong-name", "esa:5", [("no-policy-found", "certificate-host-mismatch")]),
        ("starttls-missing", "esa:2", [("no-policy-found", "starttls-not-supported")]),
        ("starttls-454", "esa:5", [("no-policy-found", "starttls-not-supported")]),
        ("tls-no-common-cipher", "esa:5", [("no-policy-found", "validation-failure")]),
        ("sts-enforce-good", "mta-sts", []),
        ("sts-mx-mismatch", "mta-sts", [("sts", "validation-failure")]),
        ("sts-cert-invalid", "mta-sts", [("sts", "certificate-host-mismatch")]),
        ("sts-policy-invalid", "mta-sts", [("sts", "sts-policy-invalid")]),
        ("sts-redirect", "mta-sts", [("sts", "sts-policy-fetch-error")]),
        ("sts-redirect", "exchange-online", [("sts", "sts-policy-fetch-error")]),
        ("sts-redirect", "rfc7672", []),
        (
            "sts-testing",
            "mta-sts",
            [("sts", "certificate-not-trusted"), ("sts", "validation-failure")],
        ),
        ("sts-two-records", "mta-sts", []),
        ("sts-and-dane", "mta-sts", [("tlsa", "tlsa-invalid")]),
        ("sts-and-dane", "postfix:may", []),
        ("refused", "esa:5", []),
        ("silent", "esa:5", []),
        ("mx-null", "esa:5", []),
    ],
)
def test_a_scenario_is_reported_as(name: str, sender: str, expected: list) -> None:
    assert sorted(set(rows(exported(name, sender)))) == expected


def test_tlsa_records_are_the_policy_of_their_base_domain() -> None:
    (entry, *_) = exported("dane-good", "rfc7672")["policies"]
    assert entry["policy"]["policy-type"] == "tlsa"
    assert entry["policy"]["policy-domain"].startswith("mx")
    assert all(len(line.split(" ")) == 4 for line in entry["policy"]["policy-string"])
    assert entry["summary"]["total-successful-session-count"] >= 1


def test_an_mta_sts_policy_is_filed_with_its_lines_and_patterns() -> None:
    (entry,) = exported("sts-enforce-good", "mta-sts")["policies"]
    assert entry["policy"]["policy-type"] == "sts"
    assert entry["policy"]["policy-string"][0] == "version: STSv1"
    assert entry["policy"]["mx-host"] == ["mx1.example.com", "mx2.example.com"]
    assert entry["summary"]["total-successful-session-count"] == 2


def test_a_sender_without_dane_finds_no_policy_there() -> None:
    (entry,) = exported("dane-good", "postfix:may")["policies"]
    assert entry["policy"]["policy-type"] == "no-policy-found"
    assert entry["policy"]["policy-domain"] == "example.com"


def test_a_redacted_report_names_no_own_address_or_name() -> None:
    document = exported("pkix-expired", "esa:5", redacted=True)
    text = json.dumps(document)
    assert "127.0.0." not in text
    assert "probe.example.net" not in text


def test_every_code_that_names_a_type_is_found_under_it() -> None:
    for entry in catalogue().values():
        name = result_type(entry)
        assert name == "" or name in RESULT_TYPES
        assert (entry in codes_for(name)) is bool(name)
    assert {entry.code for entry in codes_for("tlsa-invalid")} >= {"DANE002"}
    assert {entry.code for entry in codes_for("starttls-not-supported")} >= {"STLS001", "DANE003"}
    assert codes_for("") == codes_for("made-up") == ()


@pytest.mark.parametrize("name", ["sts-enforce-good", "sts-cert-invalid", "sts-mx-mismatch"])
def test_no_part_of_a_walk_counts_a_success_that_the_whole_takes_back(name: str) -> None:
    trace = lab_trace(name)
    last = exported(name, "mta-sts")["policies"]
    for count in range(len(trace.steps)):
        part = structs.replace(trace, steps=trace.steps[:count])
        document = json.loads(render(part, "tlsrpt", sender="mta-sts"))
        for entry in document["policies"]:
            policy = entry["policy"]["policy-type"]
            good = entry["summary"]["total-successful-session-count"]
            assert good <= sum(
                one["summary"]["total-successful-session-count"]
                for one in last
                if one["policy"]["policy-type"] == policy
            )


def test_where_the_policy_is_not_known_no_session_is_counted() -> None:
    trace = lab_trace("sts-enforce-good")
    without = tuple(s for s in trace.steps if s.kind is not StepKind.STS_POLICY)
    document = json.loads(render(structs.replace(trace, steps=without), "tlsrpt", sender="mta-sts"))
    assert [one["summary"]["total-successful-session-count"] for one in document["policies"]] == [0]
