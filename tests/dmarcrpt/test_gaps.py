"""What is missing in reports: cut-off files, rows that cannot be read, dates that have gone wrong."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.dmarcrpt.model import Report
from mxwalk.dmarcrpt.reading import read_octets
from mxwalk.dmarcrpt.sources import Standing
from mxwalk.dmarcrpt.summary import summarise
from tests.dmarcrpt.examples import BEGIN, DAY, metadata, record, report


def read(data: bytes) -> Report:
    (found,) = read_octets(data, "a.xml").reports
    return found


def dated(begin: object, end: object) -> bytes:
    head = metadata("x").replace(f"<begin>{BEGIN}<", f"<begin>{begin}<")
    return report(head=head.replace(f"<end>{BEGIN + DAY - 1}<", f"<end>{end}<"))


def ask(*words: object):
    return CliRunner().invoke(cli, ["dmarc", *(str(word) for word in words)])


def test_a_report_that_is_cut_off_is_never_complete(tmp_path: Path) -> None:
    whole = report(record(count=1200), record("203.0.113.9", 317, dkim="fail", spf="fail"))
    cut = whole[: whole.rindex(b"<record>") + 40]
    (tmp_path / "cut.xml").write_bytes(cut)
    found = read(cut)
    assert found.cut_off
    assert not found.whole
    assert read(whole).whole
    done = ask(tmp_path / "cut.xml")
    assert done.exit_code == 1, done.output
    first = done.output.splitlines()[0]
    assert "at least 1,200 messages" in first
    assert "1 report is cut off, so this is a lower bound" in first
    assert "no message failed DMARC among those that could be read" in done.output
    unread = done.output.index("not read, or not counted")
    assert done.output.index("cut off, what follows is not known") > unread
    assert "deviations from the schema" not in done.output
    assert '"exit_code": 1' in ask(tmp_path / "cut.xml", "--format", "json").output


def test_of_a_whole_report_and_a_cut_off_copy_the_whole_one_counts(tmp_path: Path) -> None:
    whole = report(record(count=5), record("203.0.113.9", 7), head=metadata("same"))
    (tmp_path / "a.xml").write_bytes(whole[: whole.rindex(b"<record>") + 40])
    (tmp_path / "b.xml").write_bytes(whole)
    done = ask(tmp_path)
    assert done.exit_code == 0, done.output
    assert "1 report, 2026-10-02: 12 messages" in done.output
    assert "the same report as in" in done.output


@pytest.mark.parametrize(
    ("ip", "count", "what"),
    [
        ("not-an-ip", "many", "address and number of messages"),
        ("192.0.2.1", "many", "number of messages"),
        ("192.0.2.1", "-3", "number of messages"),
        ("not-an-ip", "5", "address"),
        ("", "5", "address"),
    ],
)
def test_a_row_that_cannot_be_read_is_unreadable(
    ip: str, count: str, what: str, tmp_path: Path
) -> None:
    data = report(record(), record(ip, count, dkim="fail", spf="fail"))
    found = read(data)
    assert [row.unreadable for row in found.rows] == ["", what]
    summary = summarise([found])
    assert summary.unreadable == 1
    assert not summary.whole
    standings = {one.ip: one.standing for one in summary.sources.listed}
    if ip:
        assert standings[ip] is Standing.UNREADABLE
    (tmp_path / "a.xml").write_bytes(data)
    done = ask(tmp_path / "a.xml")
    assert done.exit_code in (1, 3)
    assert f"a row without a readable {what}" in done.output
    assert "1 row is unreadable" in done.output.splitlines()[0]
    assert "aligned: 0 messages" not in done.output


def test_a_row_that_failed_with_a_count_of_zero_is_not_aligned() -> None:
    (source,) = summarise([read(report(record(count=0, dkim="fail", spf="fail")))]).sources.listed
    assert source.standing is not Standing.ALIGNED


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (9, BEGIN + DAY),
        (BEGIN, 9),
        (0, 0),
        (BEGIN, 99_999_999_999),
        (BEGIN + DAY, BEGIN),
        (BEGIN - 40 * 365 * DAY, BEGIN),
        ("yesterday", BEGIN),
    ],
)
def test_a_date_gone_wrong_does_not_move_the_period(
    begin: object, end: object, tmp_path: Path
) -> None:
    found = read(dated(begin, end))
    assert (found.begins, found.ends) == (None, None)
    assert any("date_range" in place for one in found.deviations for place in one.places)
    (tmp_path / "a.xml").write_bytes(dated(begin, end))
    (tmp_path / "b.xml").write_bytes(report(head=metadata("y", 1)))
    done = ask(tmp_path)
    assert done.output.startswith("2 reports, 2026-10-03: 20 messages")
    assert "date unknown: 1 report" in done.output
    assert done.exit_code == 0
