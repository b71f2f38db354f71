"""Files and folders, and what several reports come to."""

import gzip
import os
from datetime import date
from pathlib import Path

import pytest

from mxwalk import limits
from mxwalk.reportfiles.dates import read_date
from mxwalk.tlsrpt.files import open_reports
from mxwalk.tlsrpt.reading import read_reports
from mxwalk.tlsrpt.result_types import RESULT_TYPES, explain
from mxwalk.tlsrpt.summary import day_of, summarise
from tests.tlsrpt.examples import APPENDIX_B, dated, mail, octets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "new").mkdir()
    (tmp_path / "a.json").write_bytes(octets(dated("2026-11-03", "c", 10, 2)))
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(octets(dated("2026-11-01", "a", 30, 0))))
    (tmp_path / "new" / "1.eml").write_bytes(bytes(mail(octets(dated("2026-11-02", "b", 20, 5)))))
    (tmp_path / ".hidden").write_bytes(b"x")
    return tmp_path


def test_a_folder_is_read_with_the_folders_in_it_by_time(folder: Path) -> None:
    reading = open_reports([folder])
    assert not reading.problems
    assert [report.report_id for report in reading.reports] == ["a", "b", "c"]


def test_files_are_told_as_they_are_opened_and_can_be_stopped(folder: Path) -> None:
    told: list[tuple[int, str]] = []
    reading = open_reports(
        [folder], on_file=lambda *which: told.append(which), stopped=lambda: len(told) > 1
    )
    assert [number for number, _ in told] == [1, 2]
    assert "stopped here" in reading.problems[-1].sentence


def test_a_report_that_came_twice_counts_once(folder: Path) -> None:
    (folder / "copy.json").write_bytes((folder / "a.json").read_bytes())
    reading = open_reports([folder])
    assert len(reading.reports) == 3
    assert "the same report as in" in reading.problems[0].sentence


def test_reports_without_an_id_are_never_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_bytes(octets(dated("2026-11-03", "", 10, 2)))
    assert len(open_reports([tmp_path]).reports) == 2


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large.json").touch()
    os.truncate(tmp_path / "large.json", limits.TLSRPT_JSON_BYTES + 1)
    names = ("absent.json", "empty", "pipe", "large.json", "nul\0.json")
    reading = open_reports([tmp_path / name for name in names])
    told = {Path(p.name).name: p.sentence for p in reading.problems}
    assert told["absent.json"] == "there is no such file"
    assert told["empty"] == "the folder has no files"
    assert told["pipe"] == "it is a pipe, not a file"
    assert told["large.json"] == "it is larger than 64 MiB"
    assert told["nul\0.json"]


def test_links_in_a_circle_end(folder: Path) -> None:
    (folder / "new" / "up").symlink_to(folder)
    assert len(open_reports([folder]).reports) == 3


def test_the_summary_has_totals_groups_and_a_series_by_day(folder: Path) -> None:
    (folder / "later.json").write_bytes(
        octets(dated("2026-11-05", "d", 1, 1, **{"organization-name": "Company-Z"}))
    )
    summary = summarise(open_reports([folder]).reports)
    assert (summary.reports, summary.successes, summary.failures) == (4, 61, 8)
    assert [total.name for total in summary.organisations] == ["Company-X", "Company-Z"]
    assert [(day.day.day, day.successes, day.failures) for day in summary.days] == [
        (1, 30, 0),
        (2, 20, 5),
        (3, 10, 2),
        (4, 0, 0),
        (5, 1, 1),
    ]
    (group,) = summary.groups
    assert (group.result_type, group.sessions, group.rows) == ("certificate-expired", 8, 3)
    assert (group.first, group.last) == (date(2026, 11, 2), date(2026, 11, 5))
    assert group.receiving[0].name == "mx1.mail.company-y.example"
    assert group.sending[0].name == "2001:db8:abcd:0012::1"
    (policy,) = summary.policies
    assert (policy.type, policy.domain, policy.reports) == ("sts", "company-y.example", 4)


def test_failures_without_rows_are_a_group_of_their_own() -> None:
    document = dated("2026-11-03", "c", 10, 2)
    document["policies"][0]["failure-details"] = []
    summary = summarise(read_reports(octets(document), "x").reports)
    assert [(group.result_type, group.sessions) for group in summary.groups] == [("", 2)]


def test_nothing_comes_to_nothing() -> None:
    summary = summarise(())
    assert summary.reports == summary.successes == 0
    assert summary.days == summary.groups == ()


def test_a_date_gone_wrong_makes_no_series_of_centuries() -> None:
    documents = [dated("1016-04-01", "a", 1, 0), dated("2026-11-03", "b", 1, 0)]
    reports = [r for d in documents for r in read_reports(octets(d), "x").reports]
    assert [day.day.year for day in summarise(reports).days] == [1016, 2026]


def test_a_day_that_begins_at_midnight_elsewhere_is_that_day() -> None:
    document = dated("2026-11-03", "a", 1, 0)
    document["date-range"] = {
        "start-datetime": "2026-11-02T22:00:00Z",
        "end-datetime": "2026-11-03T21:59:59Z",
    }
    assert day_of(read_reports(octets(document), "x").reports[0]) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("written", "moment", "words"),
    [
        ("2016-04-01T00:00:00Z", "2016-04-01T00:00:00+00:00", ""),
        ("2016-04-01t02:00:00.5+02:00", "2016-04-01T00:00:00.500000+00:00", ""),
        ("2024-09-09T00:00:00.0000000Z", "2024-09-09T00:00:00+00:00", ""),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00", ""),
        ("2016-04-01T24:00:00Z", "2016-04-02T00:00:00+00:00", "24:00"),
        ("2016-04-01 00:00:00Z", "2016-04-01T00:00:00+00:00", "space"),
        ("2016-04-01T00:00:00+0200", "2016-03-31T22:00:00+00:00", "offset"),
        ("2016-04-01T00:00Z", "2016-04-01T00:00:00+00:00", "no seconds"),
        ("20160401", "2016-04-01T00:00:00+00:00", "day"),
        ("1459468800", "2016-04-01T00:00:00+00:00", "seconds"),
        (1459468800000, "2016-04-01T00:00:00+00:00", "milliseconds"),
        ("Fri, 01 Apr 2016 00:00:00 +0000", "2016-04-01T00:00:00+00:00", "e-mail"),
        ("2016-02-30T00:00:00Z", None, "calendar"),
        ("0001-01-01T00:00:00+23:59", None, "calendar"),
        (10**400, None, "no date-time"),
        (float("nan"), None, "no date-time"),
        (True, None, "no date-time"),
        ([], None, "no date-time"),
        ("9" * 70, None, "no date-time"),
    ],
)
def test_dates(written: object, moment: str | None, words: str) -> None:
    read = read_date(written)
    assert (read.moment.isoformat() if read.moment else None) == moment
    assert words in read.deviation
    assert bool(words) is bool(read.deviation)


def test_every_result_type_of_the_rfc_is_explained() -> None:
    names = {
        *("starttls-not-supported", "certificate-host-mismatch", "certificate-expired"),
        *("certificate-not-trusted", "validation-failure"),  # 4.3.1
        *("tlsa-invalid", "dnssec-invalid", "dane-required"),  # 4.3.2.1
        *("sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid"),  # 4.3.2.2
    }
    assert set(RESULT_TYPES) == names
    for name in names:
        entry = explain(name)
        assert entry.name == name
        assert len(entry.meaning) > 60
        assert entry.look
    assert "does not define" in explain("made-up").title
    assert explain("\x1b[31m").name.isprintable()


def test_the_example_sums_up() -> None:
    summary = summarise(read_reports(APPENDIX_B, "x").reports)
    assert [(g.result_type, g.sessions) for g in summary.groups] == [
        ("starttls-not-supported", 200),
        ("certificate-expired", 100),
        ("validation-failure", 3),
    ]
