"""Files made to hurt: bombs, depth, floods of rows and parts, and anything hypothesis thinks of."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk import limits
from mxwalk.reportfiles.model import Kind
from mxwalk.tlsrpt.model import Reading
from mxwalk.tlsrpt.reading import read_reports
from mxwalk.tlsrpt.rows import RowBudget, RowReader
from mxwalk.tlsrpt.summary import summarise
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.timing import within
from tests.tlsrpt.examples import APPENDIX_B, mail, octets, report

MIB = 1024 * 1024


def sentence_of(data: bytes) -> str:
    reading = read_reports(data, "x")
    assert not reading.reports
    return reading.problems[0].sentence


def sound(reading: Reading) -> None:
    """What must hold of any reading."""
    assert reading.reports or reading.problems
    assert all(p.sentence.isprintable() for p in reading.problems)
    for found in reading.reports:
        assert found.successes >= 0
        assert found.failures >= 0
        for deviation in found.deviations:
            assert deviation.sentence.isprintable()
            assert all(place.isprintable() for place in deviation.places)
        for policy in found.policies:
            assert all(row.sessions >= 0 for row in policy.details)
    summary = summarise(reading.reports)
    assert summary.reports == len(reading.reports)


def test_a_gzip_bomb_is_refused_while_it_unpacks() -> None:
    bomb = gzip.compress(b" " * (limits.TLSRPT_JSON_BYTES + 2 * MIB), 1)
    with within(5):
        assert "unpacks to more than 64 MiB" in sentence_of(bomb)


def test_a_bomb_of_many_members_is_refused() -> None:
    member = gzip.compress(b" " * (8 * MIB), 9)
    assert "unpacks to more than 64 MiB" in sentence_of(member * 10)


def test_a_bomb_within_gzip_is_refused() -> None:
    bomb = gzip.compress(gzip.compress(b" " * (limits.TLSRPT_JSON_BYTES + 2 * MIB), 9))
    assert "unpacks to more than" in sentence_of(bomb)


def test_json_beyond_the_limit_is_refused() -> None:
    data = b'{"report-id": "' + b"x" * (100 * MIB) + b'"}'
    assert "more than 64 MiB" in sentence_of(data)


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"policies":[', b'{"policies":[{"policy":'])
def test_depth_is_refused_wherever_it_is(opening: bytes) -> None:
    assert "deeply" in sentence_of(b'{"report-id":"1","x":' + opening * 200_000)


def test_depth_in_a_row_costs_the_row() -> None:
    document = APPENDIX_B.replace(b'"certificate-expired"', b"[" * 900 + b"]" * 900)
    (found,) = read_reports(document, "x").reports
    assert len(found.policies[0].details) == 3


def test_floods_of_values_are_refused() -> None:
    flood = b'{"policies":[' + b"1," * (limits.TLSRPT_JSON_VALUES + 5) + b"1]}"
    assert "values" in sentence_of(flood)


def test_policies_beyond_the_limit_are_left_out_and_said() -> None:
    document = report()
    document["policies"] = [{} for _ in range(limits.TLSRPT_POLICIES + 3)]
    (found,) = read_reports(octets(document), "x").reports
    assert len(found.policies) == limits.TLSRPT_POLICIES
    assert any(d.kind is Kind.LIMIT for d in found.deviations)


def test_rows_beyond_the_limit_are_added_up_by_result_type() -> None:
    (found,) = read_reports(APPENDIX_B, "x", RowBudget(left=1)).reports
    policy = found.policies[0]
    assert [(row.result_type, row.sessions) for row in policy.details] == [
        ("certificate-expired", 100),
        ("starttls-not-supported", 200),
        ("validation-failure", 3),
    ]
    assert policy.details[0].sending_ip
    assert not policy.details[1].sending_ip
    assert any(d.kind is Kind.LIMIT for d in found.deviations)


def test_a_row_or_policy_as_long_as_a_book_is_left_out() -> None:
    document = report()
    document["policies"][0]["failure-details"][0]["receiving-mx-hostname"] = "x" * 100_000
    document["policies"][0]["policy"]["policy-string"] = ["x" * 2_000_000]
    document["organization-name"] = "x" * 100_000
    (found,) = read_reports(octets(document), "x").reports
    assert {d.kind for d in found.deviations} >= {Kind.LIMIT}
    assert len(found.policies[0].details) == 2
    assert found.organisation == ""


def test_long_texts_are_cut() -> None:
    document = report(**{"organization-name": "x" * 5_000})
    (found,) = read_reports(octets(document), "x").reports
    assert len(found.organisation) == limits.REPORT_TEXT_CHARS


def test_deviations_of_every_kind_are_bounded() -> None:
    document = report()
    document["policies"] = [{f"{n}": n, "policy": n, "summary": [n]} for n in range(3_000)]
    (found,) = read_reports(octets(document), "x").reports
    assert len(found.deviations) <= limits.REPORT_DEVIATIONS + 1


@pytest.mark.parametrize(
    "flood",
    [
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"\n--x\n\n" * 5_000,
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 500,
        b"Content-Type: message/rfc822\n\n" * 500,
        b"a: b\n" * 2_000_000,
        b"Content-Type: multipart/digest; boundary=x\n\n" + b"--x\n" * 20_000,
    ],
    ids=["parts", "nested", "messages", "headers", "digest"],
)
def test_e_mails_of_too_many_parts_or_lines_are_refused_at_once(flood: bytes) -> None:
    with within(5):
        assert "e-mail" in sentence_of(b"From: a@example.com\nTo: b@example.net\n" + flood)


def test_an_e_mail_beyond_the_limit_is_refused() -> None:
    data = b"From: a@example.com\nTo: b@example.net\n\n" + b"x" * (limits.REPORT_MAIL_BYTES + 1)
    assert "e-mail of more than 32 MiB" in sentence_of(data)


@pytest.mark.parametrize("raw", HOSTILE)
def test_hostile_octets_alone_and_in_every_place_of_a_report(raw: bytes) -> None:
    sound(read_reports(raw or b" ", "x"))
    sound(read_reports(gzip.compress(raw), "x"))
    sound(read_reports(b"From: a@example.com\nTo: b\n" + raw, "x"))
    text = raw.decode("utf-8", "replace")
    document = report(**{"organization-name": text, "contact-info": text, "report-id": text})
    policy = document["policies"][0]
    policy["policy"] |= {
        "policy-type": text,
        "policy-string": [text],
        "policy-domain": text,
        "mx-host": [text],
    }
    for row in policy["failure-details"]:
        for name in row:
            row[name] = text
    sound(read_reports(octets(document), "x"))
    sound(read_reports(bytes(mail(raw or b" ")), "x"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def places(document: object, way: tuple = ()) -> list[tuple]:
    found = [way] if way else []
    match document:
        case dict():
            for name, value in document.items():
                found += places(value, (*way, name))
        case list():
            for number, value in enumerate(document):
                found += places(value, (*way, number))
    return found


@given(st.data())
@examples(300)
def test_any_member_replaced_by_anything_is_read_over(data: st.DataObject) -> None:
    document = report()
    for _ in range(data.draw(st.integers(1, 4))):
        way = data.draw(st.sampled_from(places(document) or [()]))
        if not way:
            break
        at = document
        for name in way[:-1]:
            at = at[name]
        if data.draw(st.booleans()):
            at[way[-1]] = data.draw(VALUES)
        else:
            del at[way[-1]]
    sound(read_reports(octets(document), "x"))


@given(st.binary(max_size=200), st.integers(0, len(APPENDIX_B)), st.integers(0, 40))
@examples(300)
def test_octets_inserted_anywhere_never_raise(insert: bytes, at: int, drop: int) -> None:
    changed = APPENDIX_B[:at] + insert + APPENDIX_B[at + drop :]
    sound(read_reports(changed, "x"))
    sound(read_reports(gzip.compress(changed), "x"))


def test_a_report_cut_off_at_every_octet_is_told() -> None:
    whole = json.dumps(report()).encode()
    for end in range(len(whole)):
        reading = read_reports(whole[:end], "x")
        assert reading.problems
        assert not reading.reports


def test_a_packed_report_cut_off_at_every_octet_is_told() -> None:
    whole = gzip.compress(APPENDIX_B)
    for end in range(len(whole)):
        assert read_reports(whole[:end], "x").problems


@given(st.data())
@examples(200)
def test_the_quick_way_through_a_row_and_the_lenient_one_agree(data: st.DataObject) -> None:
    document = report()
    names = [
        "receiving-mx-helo",
        "additional-info-uri",
        "failure-code",
        "receiving-ip",
        "result-type",
    ]
    for row in document["policies"][0]["failure-details"]:
        for name in data.draw(st.lists(st.sampled_from([*row, *names]), max_size=3)):
            row[name] = data.draw(VALUES | st.sampled_from(["192.0.2.1", "x", "tlsa-invalid", 7]))
    quick = read_reports(octets(document), "x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RowReader, "plain", lambda *_: None)
        slow = read_reports(octets(document), "x")
    assert quick == slow


@pytest.mark.parametrize("members", [limits.REPORT_GZIP_MEMBERS + 1, 400_000])
def test_floods_of_gzip_members_are_refused_at_once(members: int) -> None:
    flood = gzip.compress(b"") * members
    with within(3):
        assert "gzip members" in sentence_of(flood)


def test_as_many_members_as_are_allowed_are_one_content() -> None:
    text = octets(report())
    packed = b"".join(gzip.compress(text[at : at + 7]) for at in range(0, len(text), 7))
    assert len(read_reports(packed + b"\0\0", "x").reports) == 1


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("fold", [b"", b"\n "])
@pytest.mark.parametrize("field", [b"Content-Type: a/b", b"content-disposition: attachment"])
def test_header_fields_of_endless_parameters_are_refused_at_once(
    field: bytes, fold: bytes, end: bytes
) -> None:
    begins = (b"From: a@example.com\nSubject: x\n" + field).replace(b"\n", end)
    flood = begins + (b";a" + fold.replace(b"\n", end)) * 200_000 + end + end + b"x" + end
    with within(3):
        sentence = sentence_of(flood)
        assert "header field that is far too long" in sentence or "parts or lines" in sentence
