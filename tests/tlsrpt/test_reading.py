"""Reports as they come: the RFC's example, packed, in an e-mail, and in every way reporters get wrong."""

import base64
import gzip
import json
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from mxwalk.reportfiles.model import Kind
from mxwalk.tlsrpt.model import Report
from mxwalk.tlsrpt.reading import read_reports
from tests.tlsrpt.examples import APPENDIX_B, mail, octets, report


def read(data: bytes) -> Report:
    reading = read_reports(data, "report.json")
    assert not reading.problems
    (found,) = reading.reports
    return found


def problem(data: bytes) -> str:
    reading = read_reports(data, "report.json")
    assert not reading.reports
    (found,) = reading.problems
    assert found.sentence.isprintable()
    return found.sentence


def test_the_example_of_the_rfc_is_read_in_full_without_a_deviation_of_its_members() -> None:
    found = read(APPENDIX_B)
    assert found.deviations == ()
    assert found.organisation == "Company-X"
    assert found.begins == datetime(2016, 4, 1, tzinfo=UTC)
    assert found.ends == datetime(2016, 4, 1, 23, 59, 59, tzinfo=UTC)
    assert found.contact == "sts-reporting@company-x.example"
    assert found.report_id == "5065427c-23d3-47ca-b6e0-946ea0e8c4be"
    (policy,) = found.policies
    assert (policy.type, policy.domain) == ("sts", "company-y.example")
    assert policy.lines[1] == "mode: testing"
    assert policy.mx_hosts == ("*.mail.company-y.example",)
    assert (policy.successes, policy.failures) == (5326, 303)
    assert [(row.result_type, row.sessions) for row in policy.details] == [
        ("certificate-expired", 100),
        ("starttls-not-supported", 200),
        ("validation-failure", 3),
    ]
    assert policy.details[0].sending_ip == "2001:db8:abcd:0012::1"
    assert policy.details[1].receiving_ip == "203.0.113.56"
    assert policy.details[2].reason == "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED"


@pytest.mark.parametrize(
    "lines",
    [  # RFC 8460 4.5
        ["3 0 1 1F850A337E6DB9C609C522D136A475638CC43E1ED424F8EEC8513D747D1D085D"],
        [
            "version: STSv1",
            "mode: report",
            "mx: mx1.example.com",
            "mx: mx2.example.com",
            "max_age: 12345678",
        ],
    ],
)
def test_the_policy_strings_of_section_4_5_are_kept(lines) -> None:
    document = report()
    document["policies"][0]["policy"]["policy-string"] = lines
    assert read(octets(document)).policies[0].lines == tuple(lines)


def test_gzip_and_e_mail_hold_the_same_report() -> None:
    plain = read(APPENDIX_B)
    for data in (gzip.compress(APPENDIX_B), bytes(mail()), bytes(mail(packed=False))):
        found = read(data)
        assert found.policies == plain.policies
        assert found.deviations == ()


def test_the_source_names_file_and_attachment() -> None:
    found = read(bytes(mail()))
    assert found.source.startswith("report.json: mail.sender.example!example.com!")


def test_a_forwarded_e_mail_is_looked_into() -> None:
    outer = EmailMessage()
    outer["From"] = "postmaster@example.net"
    outer["To"] = "colleague@example.net"
    outer.set_content("see attached")
    outer.add_attachment(mail())
    assert read(bytes(outer)).organisation == "Company-X"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m.set_type("multipart/mixed"), "multipart/report"),
        (lambda m: m.__delitem__("TLS-Report-Domain"), "TLS-Report-Domain"),
        (lambda m: m.__delitem__("TLS-Report-Submitter"), "TLS-Report-Submitter"),
        (lambda m: m.__delitem__("DKIM-Signature"), "no DKIM signature"),
        (lambda m: m.replace_header("DKIM-Signature", "v=1; l=100; b=AA=="), "l= tag"),
    ],
)
def test_what_deviates_around_the_report_is_noted(change, words) -> None:
    message = mail()
    change(message)
    (deviation,) = read(bytes(message)).deviations
    assert deviation.kind is Kind.MAIL
    assert words in deviation.sentence


def test_an_attachment_of_another_type_is_read_and_noted() -> None:
    (deviation,) = read(bytes(mail(kind="application/gzip"))).deviations
    assert "application/gzip" in deviation.sentence


def changed(path: str, value: object = None, *, drop: bool = False) -> bytes:
    """The example with one member replaced or taken out."""
    document = report()
    at: object = document
    *way, last = path.split(".")
    for name in way:
        at = at[int(name)] if name.isdigit() else at[name]
    if drop:
        del at[last]
    else:
        at[int(last) if last.isdigit() else last] = value
    return octets(document)


P, ROW = "policies.0.policy", "policies.0.failure-details.0"
DEVIATIONS = [
    # what, the document, the kind, its place, words
    (changed("contact-info", None), Kind.NULL, "contact-info", "is null"),
    (changed("contact-info", drop=True), Kind.MISSING, "contact-info", "is missing"),
    (changed("organization-name", drop=True), Kind.MISSING, "organization-name", "is missing"),
    (changed("report-id", 17), Kind.TYPE, "report-id", "number where a string"),
    (changed("report-id", ["x"]), Kind.TYPE, "report-id", "array where a string"),
    (changed("date-range", drop=True), Kind.MISSING, "date-range", "is missing"),
    (changed("date-range", "today"), Kind.TYPE, "date-range", "is no object"),
    (changed("date-range.start-datetime", "2016-04-01"), Kind.DATE, "date-range.start-datetime", "day without"),
    (changed("date-range.start-datetime", "2016-04-01T00:00:00"), Kind.DATE, "date-range.start-datetime", "no offset"),
    (changed("date-range.start-datetime", 1459468800), Kind.DATE, "date-range.start-datetime", "seconds"),
    (changed("date-range.start-datetime", "later"), Kind.DATE, "date-range.start-datetime", "no date-time"),
    (changed("date-range.end-datetime", "2015-01-01T00:00:00Z"), Kind.VALUE, "date-range", "before it begins"),
    (changed("policies", drop=True), Kind.MISSING, "policies", "is missing"),
    (changed("policies", None), Kind.NULL, "policies", "is null"),
    (changed("policies", "none"), Kind.TYPE, "policies", "is no array"),
    (changed("policies", report()["policies"][0]), Kind.ARRAY, "policies", "object where an array"),
    (changed("policies.0", "x"), Kind.UNREADABLE, "policies[0]", "is no policy"),
    (changed(f"{P}.policy-domain", drop=True), Kind.MISSING, "policies[0].policy.policy-domain", "is missing"),
    (changed(f"{P}.policy-domain", "bücher.example"), Kind.VALUE, "policies[0].policy.policy-domain", "A-labels"),
    (changed(f"{P}.policy-type", "STS"), Kind.VALUE, "policies[0].policy.policy-type", "lower case"),
    (changed(f"{P}.policy-type", "dane"), Kind.UNKNOWN, "policies[0].policy.policy-type", "none of"),
    (changed(f"{P}.policy-string", "version: STSv1\nmode: none"), Kind.ARRAY, "policies[0].policy.policy-string", "string where an array"),
    (changed(f"{P}.policy-string", 7), Kind.TYPE, "policies[0].policy.policy-string", "no array"),
    (changed(f"{P}.policy-string", ["x", 7]), Kind.TYPE, "policies[0].policy.policy-string", "elements"),
    (changed(P, None), Kind.TYPE, "policies[0].policy", "is no object"),
    (changed(P, drop=True) , Kind.MISSING, "policies[0].policy", "is missing"),
    (changed("policies.0.summary", drop=True), Kind.MISSING, "policies[0].summary", "is missing"),
    (changed("policies.0.summary.total-successful-session-count", "5326"), Kind.NUMBER, "policies[0].summary.total-successful-session-count", "is a string"),
    (changed("policies.0.summary.total-successful-session-count", 5326.0), Kind.NUMBER, "policies[0].summary.total-successful-session-count", "not written as an integer"),
    (changed("policies.0.summary.total-successful-session-count", -1), Kind.VALUE, "policies[0].summary.total-successful-session-count", "no number"),
    (changed("policies.0.summary.total-successful-session-count", True), Kind.VALUE, "policies[0].summary.total-successful-session-count", "no number"),
    (changed("policies.0.summary.total-successful-session-count", 10**60), Kind.VALUE, "policies[0].summary.total-successful-session-count", "no number"),
    (changed("policies.0.failure-details", None), Kind.NULL, "policies[0].failure-details", "is null"),
    (changed("policies.0.failure-details", []), Kind.MISSING, "policies[0].failure-details", "says nothing"),
    (changed("policies.0.failure-details", report()["policies"][0]["failure-details"][1]), Kind.ARRAY, "policies[0].failure-details", "object where an array"),
    (changed("policies.0.failure-details.0", 3), Kind.TYPE, "policies[0].failure-details[0]", "is no object"),
    (changed("policies.0.failure-details.0", {}), Kind.MISSING, "policies[0].failure-details[0]", "has no members"),
    (changed("policies.0.summary", {}), Kind.MISSING, "policies[0].summary", "has no members"),
    (changed(f"{ROW}.result-type", "certificate-revoked"), Kind.UNKNOWN, "policies[0].failure-details[0].result-type", "none of"),
    (changed(f"{ROW}.sending-mta-ip", drop=True), Kind.MISSING, "policies[0].failure-details[0].sending-mta-ip", "is missing"),
    (changed(f"{ROW}.sending-mta-ip", "mta.example.net"), Kind.VALUE, "policies[0].failure-details[0].sending-mta-ip", "no IP address"),
    (changed(f"{ROW}.receiving-mx-hostname", None), Kind.NULL, "policies[0].failure-details[0].receiving-mx-hostname", "is null"),
    (changed(f"{ROW}.failed-session-count", "100"), Kind.NUMBER, "policies[0].failure-details[0].failed-session-count", "is a string"),
    (changed(f"{ROW}.failed-session-count", 1), Kind.SUM, "policies[0].failure-details", "less than"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "kind", "place", "words"),
    DEVIATIONS,
    ids=[f"{place}-{kind.name}-{number}" for number, (_, kind, place, _) in enumerate(DEVIATIONS)],
)
def test_a_deviation_is_read_over_and_listed_with_its_place(data, kind, place, words) -> None:
    found = read(data)
    matching = [d for d in found.deviations if d.kind is kind and place in d.places]
    assert any(words in deviation.sentence for deviation in matching), found.deviations
    assert len(found.deviations) <= 2  # nothing else is made of it, but sums may differ too


def test_numbers_as_strings_count() -> None:
    found = read(changed("policies.0.summary.total-failure-session-count", "303"))
    assert found.failures == 303


def test_a_policy_without_its_object_is_one_deviation_not_one_a_member() -> None:
    found = read(changed(P, drop=True))
    assert [d.places for d in found.deviations] == [("policies[0].policy",)]


def test_names_of_the_drafts_are_read() -> None:
    document = report()
    policy = document["policies"][0]["policy"]
    policy["mx-host-pattern"] = policy.pop("mx-host")
    found = read(octets(document))
    assert found.policies[0].mx_hosts == ("*.mail.company-y.example",)
    assert found.deviations[0].kind is Kind.NAME


def test_mx_host_as_a_string_is_no_deviation() -> None:
    found = read(changed(f"{P}.mx-host", "*.mail.company-y.example"))
    assert found.policies[0].mx_hosts == ("*.mail.company-y.example",)
    assert found.deviations == ()


def test_the_like_of_one_deviation_is_counted_with_its_first_places() -> None:
    document = report()
    row = document["policies"][0]["failure-details"][0]
    del row["sending-mta-ip"]
    document["policies"][0]["failure-details"] = [row] * 50
    (deviation,) = read(octets(document)).deviations
    assert deviation.times == 50
    assert deviation.places[0] == "policies[0].failure-details[0].sending-mta-ip"
    assert len(deviation.places) == 5


def test_a_failed_fetch_of_a_policy_as_one_large_sender_reports_it() -> None:
    document = {
        "organization-name": "Example Corporation",
        "date-range": {
            "start-datetime": "2025-06-14T00:00:00Z",
            "end-datetime": "2025-06-14T23:59:59Z",
        },
        "contact-info": "tlsrpt-noreply@example.com",
        "report-id": "133944884956529435+",
        "policies": [
            {
                "policy": {"policy-type": "sts", "policy-domain": "example.org"},
                "summary": {"total-successful-session-count": 0, "total-failure-session-count": 3},
                "failure-details": [
                    {"result-type": "sts-policy-fetch-error", "failed-session-count": 3}
                ],
            }
        ],
    }
    found = read(octets(document))
    assert found.policies[0].details[0].result_type == "sts-policy-fetch-error"
    assert found.failures == 3
    assert {d.kind for d in found.deviations} <= {Kind.MISSING}


def test_a_byte_order_mark_utf_16_and_an_array_around_it_are_read() -> None:
    for data, kind in (
        (b"\xef\xbb\xbf" + APPENDIX_B, Kind.ENCODING),
        (APPENDIX_B.decode().encode("utf-16"), Kind.ENCODING),
        (b"[" + APPENDIX_B + b"]", Kind.ARRAY),
        (APPENDIX_B.replace(b"Company-X", b"Company-\xff"), Kind.ENCODING),
        (gzip.compress(gzip.compress(APPENDIX_B)), Kind.ENCODING),
        (gzip.compress(APPENDIX_B) + b"behind", Kind.ENCODING),
    ):
        found = read(data)
        assert found.failures == 303
        assert [d.kind for d in found.deviations] == [kind]


def test_several_reports_in_an_array_are_several() -> None:
    reading = read_reports(b"[" + APPENDIX_B + b"," + APPENDIX_B + b"]", "x.json")
    assert [r.source for r in reading.reports] == ["x.json[0]", "x.json[1]"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b" \r\n", "it is empty"),
        (b"hello", "neither JSON nor gzip nor an e-mail"),
        (b"PK\x03\x04rest", "ZIP archive"),
        (b"<feedback>", "DMARC reports are opened by mxwalk dmarc"),
        (b"{", "not well-formed"),
        (APPENDIX_B[:-3], "not well-formed"),
        (b"{}", "neither policies nor report-id"),
        (b'{"a": 1}', "neither policies nor report-id"),
        (b"[]", "empty array"),
        (b"[1]", "a report is an object"),
        (b'{"policies": NaN}', "not well-formed"),
        (gzip.compress(APPENDIX_B)[:-20], "ends in the middle"),
        (gzip.compress(APPENDIX_B)[:12] + b"\xff" * 40, "damaged"),
        (gzip.compress(b"hello"), "no JSON"),
        (gzip.compress(b""), "it is empty"),
        (gzip.compress(gzip.compress(gzip.compress(APPENDIX_B))), "more than twice"),
        (b"From: a@example.com\nSubject: x\n\nhello\n", "without a TLS report"),
        (b'{"policies":' + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_report_is_told_in_one_sentence(data: bytes, words: str) -> None:
    assert words in problem(data)


def test_a_broken_attachment_does_not_hide_the_other() -> None:
    message = mail()
    message.add_attachment(b"{", maintype="application", subtype="tlsrpt+json", filename="b.json")
    reading = read_reports(bytes(message), "both.eml")
    assert len(reading.reports) == 1
    assert [p.name for p in reading.problems] == ["both.eml: b.json"]


def test_base64_of_an_e_mail_with_line_feeds_alone_and_a_body_part_alone() -> None:
    body = base64.encodebytes(gzip.compress(APPENDIX_B))
    data = (
        b"From: tlsrpt@example.com\nTo: x@example.net\nContent-Type: application/tlsrpt+gzip\n"
        b"Content-Transfer-Encoding: base64\n\n" + body
    )
    assert read(data).failures == 303


def test_hostile_text_stays_as_it_is_in_the_model_and_is_visible_in_sentences() -> None:
    found = read(changed(f"{ROW}.result-type", "\x1b[31m\u202e[/x]"))
    assert found.policies[0].details[0].result_type == "\x1b[31m\u202e[/x]"
    assert all(d.sentence.isprintable() for d in found.deviations)


def test_json_that_repeats_a_member_takes_the_last() -> None:
    twice = json.dumps(report())[:-1] + ', "report-id": "second"}'
    assert read(twice.encode()).report_id == "second"
