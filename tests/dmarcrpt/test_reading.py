"""Reports as they come: both schemas, packed, in e-mails, and in the ways reporters get wrong."""

import gzip
from datetime import UTC, datetime

import pytest

from mxwalk.dmarcrpt.model import Reading, Report, Schema
from mxwalk.dmarcrpt.reading import read_octets
from mxwalk.reportfiles.model import Kind
from tests.dmarcrpt.examples import (
    APPENDIX_B,
    POLICY,
    mail,
    metadata,
    packed_mail,
    record,
    report,
    result,
    zipped,
)


def read(data: bytes) -> Report:
    reading = read_octets(data, "report.xml")
    assert not reading.problems
    (found,) = reading.reports
    return found


def problem(data: bytes) -> str:
    reading = read_octets(data, "report.xml")
    assert not reading.reports
    (found,) = reading.problems
    assert found.sentence.isprintable()
    return found.sentence


def told(found: Report) -> list[str]:
    return [deviation.sentence for deviation in found.deviations]


def test_the_example_of_rfc_9990_is_read_in_full_without_a_deviation() -> None:
    found = read(APPENDIX_B)
    assert told(found) == []
    assert found.schema is Schema.RFC9990
    assert found.version == "1.0"
    assert found.organisation == "Sample Reporter"
    assert found.email == "report_sender@example-reporter.com"
    assert found.contact == "..."
    assert found.report_id == "3v98abbp8ya9n3va8yr8oa3ya"
    assert found.generator == "Example DMARC Aggregate Reporter v1.2"
    assert found.begins == datetime(1979, 8, 7, tzinfo=UTC)
    assert found.ends == datetime(1979, 8, 7, 23, 59, 59, tzinfo=UTC)
    policy = found.policy
    assert (policy.domain, policy.p, policy.sp, policy.np) == (
        "example.com",
        "quarantine",
        "none",
        "none",
    )
    assert (policy.testing, policy.discovery, policy.pct) == ("n", "treewalk", None)
    (row,) = found.rows
    assert (row.source_ip, row.messages) == ("192.0.2.123", 123)
    assert (row.disposition, row.dkim, row.spf) == ("pass", "pass", "fail")
    assert row.aligned
    assert [(s.domain, s.selector, s.result) for s in row.signatures] == [
        ("example.com", "abc123", "pass")
    ]
    assert [(c.domain, c.scope, c.result) for c in row.checks] == [("example.com", "", "fail")]


def test_a_report_as_the_schema_of_rfc_7489_has_it() -> None:
    found = read(report())
    assert told(found) == []
    assert found.schema is Schema.RFC7489
    assert found.policy.pct == 100
    assert found.begins == datetime(2026, 10, 2, tzinfo=UTC)
    assert (found.messages, found.failures) == (10, 0)


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(APPENDIX_B),
        gzip.compress(APPENDIX_B[:300]) + gzip.compress(APPENDIX_B[300:]),
        packed_mail(APPENDIX_B),
        bytes(mail(APPENDIX_B, "text/xml", ".xml")),
    ],
    ids=["gzip", "gzip of two members", "mail", "mail with XML"],
)
def test_packed_and_in_an_e_mail(packed: bytes) -> None:
    found = read(packed)
    assert found.messages == 123
    assert told(found) == []


def test_zip_archives_are_read_and_noted() -> None:
    assert told(read(zipped(APPENDIX_B))) == ["it is a ZIP archive; RFC 9990 3.5.2 has gzip alone"]
    reading = read_octets(zipped(APPENDIX_B, report(), b"no", gzip.compress(report())), "x.zip")
    assert [one.messages for one in reading.reports] == [123, 10, 10]
    assert "it is no XML" in reading.problems[0].sentence


def test_a_zip_archive_in_an_e_mail() -> None:
    reading = read_octets(bytes(mail(zipped(APPENDIX_B), "application/zip", ".zip")), "x.eml")
    (found,) = reading.reports
    assert "the media type is application/zip, not application/gzip" in told(found)
    assert found.source.startswith("x.eml: mail.receiver.example!example.com")


def test_what_an_e_mail_lacks_is_noted() -> None:
    message = mail(gzip.compress(APPENDIX_B), "application/octet-stream")
    del message["DKIM-Signature"]
    message.replace_header("Subject", "weekly")
    assert {d.kind for d in read(bytes(message)).deviations} == {Kind.MAIL}
    assert len(read(bytes(message)).deviations) == 3


def test_gzip_twice_is_noted() -> None:
    found = read(gzip.compress(gzip.compress(APPENDIX_B)))
    assert told(found) == ["it is packed by gzip twice"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b" \r\n", "it is empty"),
        (gzip.compress(b""), "it is empty"),
        (gzip.compress(b"{}"), "it is no XML"),
        (b'{"report-id": "1"}', "TLS reports are opened by mxwalk tlsrpt"),
        (gzip.compress(b"[]"), "TLS reports are opened by mxwalk tlsrpt"),
        (b"hello there", "neither XML nor packed nor an e-mail"),
        (b"<html><body/></html>", "its root element is html"),
        (b"<feedback/>", "it has nothing of one"),
        (b"<feedback><version>1.0</version></feedback>", "neither report_metadata nor a record"),
        (b"<feedback", "not well-formed"),
        (gzip.compress(APPENDIX_B)[:30], "ends in the middle"),
        (zipped(APPENDIX_B)[:200], "ends in the middle"),
        (zipped(), "neither XML nor packed"),
        (zipped(zipped(APPENDIX_B)), "packed within what is packed"),
        (gzip.compress(zipped(APPENDIX_B)), "packed within what is packed"),
        (b"From: a@example.com\nSubject: x\n\nhi\n", "an e-mail without a DMARC report"),
    ],
)
def test_what_is_no_report_is_said_in_a_sentence(data: bytes, words: str) -> None:
    assert words in problem(data)


@pytest.mark.parametrize("cut", [b"<record>", b"<auth_results>", b"</record>"])
def test_a_report_that_breaks_off_keeps_what_came_before(cut: bytes) -> None:
    data = report(record(count=1), record(count=2), record(count=3))
    found = read(data[: data.rindex(cut)])
    assert found.messages == 3
    assert told(found)[0].startswith("what follows is missing: the XML is not well-formed")


def test_a_damaged_gzip_keeps_what_came_before() -> None:
    data = gzip.compress(report(*(record(ip=f"192.0.2.{n}", count=n * 7919) for n in range(250))))
    found = read(data[:-400])
    assert 0 < len(found.rows) < 250
    assert "the gzip data ends in the middle" in told(found)[0]


# -- deviations of the schemas ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("<version>1.0</version>", "", "version is missing"),
        ("<version>1.0</version>", "<version>one</version>", "version is no decimal number: one"),
        ("<count>10</count>", "", "count is missing"),
        ("<count>10</count>", "<count>ten</count>", "count is no number: ten"),
        ("<count>10</count>", "<count>-10</count>", "count is no number: -10"),
        ("<count>10</count>", "<count>10.0</count>", "count is not written as an integer: 10.0"),
        ("<count>10</count>", "<count>10</count><count>9</count>", "count stands there more"),
        ("<dkim>pass</dkim>", "<dkim>Pass</dkim>", "dkim is not written in lower case: Pass"),
        ("<dkim>pass</dkim>", "<dkim/>", "dkim is empty"),
        ("<dkim>pass</dkim>", "<dkim>softfail</dkim>", "dkim is none of the schema's: softfail"),
        ("<dkim>pass</dkim><spf>pass</spf>", "<spf>pass</spf><dkim>pass</dkim>", "another order"),
        ("192.0.2.1<", "192.0.2.1.5<", "source_ip is no IP address: 192.0.2.1.5"),
        ("192.0.2.1<", "[192.0.2.1]<", "source_ip stands in brackets"),
        ("192.0.2.1<", "::ffff:192.0.2.1<", "source_ip is an IPv4 address written as IPv6"),
        ("<org_name>", "<ORG_NAME>", "is not written in lower case"),
        ("<report_id>1</report_id>", "<report_id> </report_id>", "report_id is empty"),
        ("<pct>100</pct>", "<pct>250</pct>", "pct is more than 100: 250"),
        ("<adkim>r</adkim>", "<adkim>relaxed</adkim>", "adkim is an old word for r: relaxed"),
        ("<sp>none</sp>", "<sp>monitor</sp>", "sp is none of the schema's: monitor"),
        ("<result>pass</result>", "<result>hardfail</result>", "an old word for fail: hardfail"),
        ("</identifiers>", "<x/></identifiers>", "x does not belong there"),
        ("</row>", "</row><row/>", "policy_evaluated is missing"),
        ("<begin>1790899200", "<begin>1790899200000", "begin is a number of milliseconds"),
        ("<begin>1790899200", "<begin>2026-10-02T00:00:00Z", "begin is a date-time, not a number"),
        ("<begin>1790899200", "<begin>2026-10-02 00:00:00", "begin has a space where T belongs"),
        ("<begin>1790899200", "<begin>yesterday", "begin is no date-time: yesterday"),
        ("<begin>1790899200", "<begin>0", "begin is no time of a report: 0"),
        ("<begin>1790899200", "<begin>1790999999", "date_range ends before it begins"),
        ("</sp>", "</sp><np>reject</np>", "np is of RFC 9990, in a report of RFC 7489"),
        ("<feedback>", '<feedback xmlns="urn:x">', "namespace is none that DMARC reports have"),
    ],
)
def test_deviations_are_listed_and_the_rest_is_read(old: str, new: str, sentence: str) -> None:
    text = report().decode()
    assert old in text
    changed = text.replace(old, new)
    if new.startswith("<ORG"):
        changed = changed.replace("</org_name>", "</ORG_NAME>")
    found = read(changed.encode())
    assert any(sentence in one for one in told(found)), told(found)
    assert found.organisation == "reporter.example"
    assert len(found.rows) >= 1
    assert found.rows[0].header_from == "example.com"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("<version>1.0", "<version>2.0", "version is not 1.0 (RFC 9990 3.1.1.2): 2.0"),
        ("</np>", "</np><pct>100</pct>", "pct is no longer part of RFC 9990"),
        ("<selector>abc123</selector>", "", "selector is missing"),
        (' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"', "", "namespace is missing"),
        ("treewalk", "guess", "discovery_method is none of the schema's: guess"),
        ("</spf>\n      </policy", "</spf><reason><type>forwarded</type></reason></policy", "forw"),
    ],
)
def test_deviations_of_rfc_9990(old: str, new: str, sentence: str) -> None:
    text = APPENDIX_B.decode()
    assert old in text
    found = read(text.replace(old, new).encode())
    assert any(sentence in one for one in told(found)), told(found)
    assert found.messages == 123
    assert found.schema is Schema.RFC9990


def test_extensions_in_a_namespace_of_their_own_are_no_deviation() -> None:
    text = APPENDIX_B.decode()
    text = text.replace("xmlns=", 'xmlns:e="urn:example:e" xmlns=', 1)
    text = text.replace("</policy_published>", "</policy_published><extension><e:a/></extension>")
    text = text.replace("</record>", "<e:b>x</e:b></record>")
    found = read(text.encode())
    assert told(found) == []
    assert found.extensions == ("a", "b")


def test_a_namespace_prefix_is_as_good_as_a_default_namespace() -> None:
    text = APPENDIX_B.decode().replace("xmlns=", "xmlns:d=")
    text = text.replace("</", "\1").replace("<", "<d:").replace("\1", "</d:")
    found = read(text.encode())
    assert told(found) == []
    assert found.messages == 123


def test_a_record_with_several_rows_counts_them_all() -> None:
    text = report().decode()
    row = text[text.index("<row>") : text.index("</row>") + 6]
    found = read(text.replace(row, row + row.replace("192.0.2.1", "192.0.2.9")).encode())
    assert [one.source_ip for one in found.rows] == ["192.0.2.1", "192.0.2.9"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xef\xbb\xbf" + report(), []),
        (b"\r\n\t " + report(), ["4 spaces stand before the XML"]),
        (report().decode().replace("UTF-8", "UTF-16").encode("utf-16"), ["encoded in UTF-16"]),
        (
            report(head=metadata(organisation="é"))
            .decode()
            .replace("UTF-8", "windows-1252")
            .encode("cp1252"),
            ["encoded in windows-1252"],
        ),
        (report().replace(b"<org_name>", b"<org_name>\xff\xed\xa0\x80\xf4\x90"), ["replaced"]),
        (report().replace(b"<org_name>", b"<org_name>\x00\x1b\x08"), ["3 control characters"]),
        (report() + b"\n<!-- end -->\n", []),
        (report() + b"junk", ["what follows is missing"]),
    ],
)
def test_encodings_and_octets_that_do_not_belong(data: bytes, words: list[str]) -> None:
    found = read(data)
    assert found.messages == 10
    assert len(told(found)) == len(words)
    for one, expected in zip(told(found), words, strict=True):
        assert expected in one


# -- as the large reporters write -------------------------------------------------------------------


def test_a_report_like_googles() -> None:
    """No version, no fo, no envelope_from, no scope; a local_policy with arc."""
    data = report(
        record(
            reasons=[("local_policy", "arc=pass")],
            results=[
                result("dkim", "example.com", "fail", selector="s1"),
                "<spf><domain>lists.example.net</domain><result>pass</result></spf>",
            ],
            dkim="fail",
            spf="fail",
        ).replace("<envelope_from>example.com</envelope_from>", ""),
        head=metadata(more="").replace(
            "<report_id>", "<extra_contact_info>https://x</extra_contact_info><report_id>"
        ),
        policy=POLICY.replace("<fo>0</fo>", "<np>none</np>"),
    ).replace(b"<version>1.0</version>", b"")
    found = read(data)
    assert found.contact == "https://x"
    (row,) = found.rows
    assert (row.reasons[0].type, row.reasons[0].comment) == ("local_policy", "arc=pass")
    assert not row.aligned
    assert sorted(told(found)) == [
        "envelope_from is missing",
        "fo is missing",
        "np is of RFC 9990, in a report of RFC 7489",
        "scope is missing",
        "version is missing",
    ]


def test_a_report_like_microsofts() -> None:
    """schema attributes, envelope_to, sorted as it pleases."""
    text = report().decode()
    text = text.replace(
        "<feedback>",
        '<feedback xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xmlns:xsd="http://www.w3.org/2001/XMLSchema">',
    ).replace("<identifiers>", "<identifiers><envelope_to>outlook.example</envelope_to>")
    found = read(text.encode())
    assert told(found) == []
    assert found.rows[0].envelope_to == "outlook.example"


def test_a_report_like_yahoos_without_selectors_and_with_spaces_everywhere() -> None:
    text = report(record(results=[result("dkim", " example.com ", " pass "), ""])).decode()
    found = read(text.replace("><", ">\n   <").encode())
    assert found.rows[0].signatures[0].domain == "example.com"
    assert found.rows[0].signatures[0].result == "pass"
    assert told(found) == ["spf is missing"]


def test_a_report_like_mail_rus_with_two_spf_results() -> None:
    results = (
        result("dkim", "example.com", "pass", selector="s"),
        result("spf", "mx.example.com", "none", scope="helo"),
        result("spf", "example.com", "pass"),
    )
    found = read(report(record(results=results)))
    assert told(found) == []
    assert [(c.domain, c.scope, c.result) for c in found.rows[0].checks] == [
        ("mx.example.com", "helo", "none"),
        ("example.com", "mfrom", "pass"),
    ]


def test_errors_of_the_reporter_are_kept() -> None:
    found = read(report(head=metadata(more="<error>bad rua</error><error>two records</error>")))
    assert found.errors == ("bad rua", "two records")
    assert told(found) == []


def test_nothing_is_raised_for_a_stream_that_cannot_seek() -> None:
    class Pipe:
        def __init__(self, data: bytes) -> None:
            self.data = data

        def read(self, size: int = -1) -> bytes:
            out, self.data = self.data[:size], self.data[size:]
            return out

        def seekable(self) -> bool:
            return False

    from mxwalk.dmarcrpt.reading import read_reports

    for data in (
        APPENDIX_B,
        gzip.compress(APPENDIX_B),
        zipped(APPENDIX_B),
        packed_mail(APPENDIX_B),
    ):
        reading: Reading = read_reports(Pipe(data), "pipe")  # type: ignore[arg-type]
        assert [one.messages for one in reading.reports] == [123], data[:10]
