"""What the widgets draw of TLS reports; hostile text in every field; sparklines."""

import pytest
from textual.content import Content

from mxwalk.reportfiles.model import Problem
from mxwalk.tlsrpt.model import Reading
from mxwalk.tlsrpt.reading import read_reports
from mxwalk.tlsrpt.summary import summarise
from tests.hostile import HOSTILE
from tests.tlsrpt.examples import APPENDIX_B, dated, octets, report
from tests.widgets.conftest import Host, text_of
from tests.widgets.test_hostile import check, harmless
from widgets.failure_table import FailureTable
from widgets.glyphs import use_glyphs
from widgets.report_facts import DayList, DeviationList, ReportFacts
from widgets.report_list import ALL, ReportList
from widgets.report_policies import PolicyList
from widgets.report_trend import ReportTrend
from widgets.sparkline import shares, sparkline


def read(*documents: object) -> Reading:
    reports = [r for d in documents for r in read_reports(octets(d), "x.json").reports]
    return Reading(reports=tuple(reports))


EXAMPLE = read(report())


async def test_failures_stand_largest_first_and_open_with_enter() -> None:
    table = FailureTable()
    async with Host(table).run_test(size=(80, 30)) as pilot:
        table.show(summarise(EXAMPLE.reports))
        table.focus()
        closed = text_of(table)
        assert closed.index("starttls-not-supported") < closed.index("certificate-expired")
        assert "66 %" in closed
        assert "who acts" not in closed
        await pilot.press("enter")
        opened = text_of(table)
        assert "who acts  receiver   RFC 8460 4.3.1" in opened
        assert "DANE003, STLS001" in opened
        assert "mx2.mail.company-y.example" in opened
        assert "203.0.113.56" in opened
        assert "2001:db8:abcd:0013::1" in opened
        await pilot.press("enter")
        assert text_of(table) == closed


async def test_enter_on_a_receiving_host_asks_for_a_walk_of_it() -> None:
    table = FailureTable()
    asked: list[str] = []

    class Listening(Host):
        def on_failure_table_walk(self, event: FailureTable.Walk) -> None:
            asked.append(event.target)

    async with Listening(table).run_test(size=(80, 30)) as pilot:
        table.show(summarise(EXAMPLE.reports))
        table.focus()
        await pilot.press("enter", "down", "enter", "down", "enter", "down", "enter")
        await pilot.pause()
        assert asked == ["mx2.mail.company-y.example:25", "[203.0.113.56]:25"]


async def test_a_name_that_is_no_host_is_not_walked() -> None:
    document = report()
    document["policies"][0]["failure-details"][1]["receiving-mx-hostname"] = "$(reboot)"
    table = FailureTable()
    async with Host(table).run_test(size=(80, 30)) as pilot:
        table.show(summarise(read(document).reports))
        table.focus()
        await pilot.press("enter", "down", "enter")
        row = table.cursor_row
        assert row is not None
        assert row.copy == "$(reboot)"
        assert "Enter walks it" not in "".join(part.plain for part in row.lines)


async def test_a_failed_policy_is_not_a_host_to_walk() -> None:
    document = report()
    for row in document["policies"][0]["failure-details"]:
        row["result-type"] = "sts-policy-fetch-error"
        row.pop("receiving-ip", None)
    table = FailureTable()
    async with Host(table).run_test(size=(80, 30)):
        table.show(summarise(read(document).reports))
        table.open("sts-policy-fetch-error")
        assert "mx1.mail.company-y.example" in text_of(table)
        assert "Enter walks it" not in text_of(table)


async def test_success_alone_and_nothing_at_all_are_said() -> None:
    table = FailureTable()
    async with Host(table).run_test(size=(80, 30)):
        table.show(summarise(()))
        assert text_of(table) == ""
        table.show(summarise(read(dated("2026-11-01", "a", 30, 0)).reports))
        assert "No failures were reported; 30 sessions succeeded." in text_of(table)
        table.show(summarise(read(dated("2026-11-01", "a", 0, 0)).reports))
        assert "the reports count nothing" in text_of(table)


async def test_the_list_has_all_then_each_by_period() -> None:
    reading = read(dated("2026-11-01", "a", 30, 0), dated("2026-11-02", "b", 20, 5))
    problems = (Problem(name="y.json", sentence="it is empty"),)
    reports = ReportList()
    async with Host(reports).run_test(size=(80, 30)):
        reports.show(Reading(reports=reading.reports, problems=problems))
        lines = text_of(reports).split("\n")
        assert "all 2 reports" in lines[0]
        assert lines[0].rstrip().endswith("50 / 5")
        assert "✓ 2026-11-01  Company-X" in lines[1]
        assert "✗ 2026-11-02  Company-X" in lines[2]
        assert "1 not read" in lines[3]
        assert [row.key for row in reports.rows[:3]] == [ALL, 0, 1]


async def test_policies_of_one_report_show_its_lines_and_of_several_the_totals() -> None:
    view = PolicyList()
    async with Host(view).run_test(size=(80, 30)):
        view.show(EXAMPLE.reports, summarise(EXAMPLE.reports), ())
        text = text_of(view)
        for words in (
            "5065427c",
            "sts-reporting@company-x.example",
            "mode: testing",
            "2016-04-01 23:59:59",
        ):
            assert words in text
        several = read(dated("2026-11-01", "a", 30, 0), dated("2026-11-02", "b", 20, 5))
        view.show(several.reports, summarise(several.reports), ())
        assert "50 succeeded, 5 failed, 2 reports" in text_of(view)


async def test_days_and_deviations() -> None:
    reading = read(
        dated("2026-11-01", "a", 30, 0), dated("2026-11-03", "b", 20, 5, **{"contact-info": None})
    )
    days, deviations = DayList(), DeviationList()
    async with Host(days).run_test(size=(80, 30)):
        days.show(reading.reports, summarise(reading.reports), ())
        lines = text_of(days).split("\n")
        assert [line[2:12] for line in lines] == ["2026-11-03", "2026-11-02", "2026-11-01"]
        assert all(len(line) <= 80 for line in lines)
    async with Host(deviations).run_test(size=(80, 30)):
        problems = (Problem(name="y.json", sentence="it is empty"),)
        deviations.show(reading.reports, summarise(reading.reports), problems)
        text = text_of(deviations)
        assert "y.json: it is empty" in text
        assert "contact-info is null" in text
        deviations.show(EXAMPLE.reports, summarise(EXAMPLE.reports), ())
        assert "Everything is as RFC 8460 has it." in text_of(deviations)


async def test_the_trend_names_scale_and_days() -> None:
    trend = ReportTrend()
    reading = read(dated("2026-11-01", "a", 30, 0), dated("2026-11-04", "b", 20, 5))
    async with Host(trend).run_test(size=(80, 10)):
        assert "No sessions by day" in trend.render().plain
        trend.show(summarise(reading.reports).days, 2)
        text = trend.render().plain
        assert "up to 30 a day" in text
        assert "up to 5 a day" in text
        assert "2026-11-01" in text
        assert "2026-11-04" in text
        assert "2 without a date" in text
        assert "█" in text
        use_glyphs("ascii")
        assert trend.render().plain.isascii()


def hostile_reading(raw: bytes) -> Reading:
    text = raw[:2_000].decode("utf-8", "replace")
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
            row[name] = 7 if name == "failed-session-count" else text
    reports = read_reports(octets(document), text).reports
    return Reading(reports=reports, problems=(Problem(name=text, sentence="it is empty"),))


@pytest.mark.parametrize("make", [PolicyList, DayList, DeviationList])
async def test_facts_draw_hostile_reports_as_visible_text(make: type[ReportFacts]) -> None:
    view = make()
    async with Host(view).run_test(size=(76, 24)):
        for raw in HOSTILE:
            reading = hostile_reading(raw)
            for reports in (reading.reports, reading.reports * 2):
                view.show(reports, summarise(reports), reading.problems)
                check(view)


async def test_table_list_and_trend_draw_hostile_reports_as_visible_text() -> None:
    table, reports, trend = FailureTable(), ReportList(), ReportTrend()
    async with Host(table).run_test(size=(76, 24)) as pilot:
        for raw in HOSTILE:
            summary = summarise(hostile_reading(raw).reports)
            table.show(summary)
            for group in summary.groups:
                table.open(group.result_type)
            check(table)
        table.focus()
        await pilot.press("G", "enter", "k", "enter")
        check(table)
    async with Host(reports).run_test(size=(76, 24)):
        for raw in HOSTILE:
            reports.show(hostile_reading(raw))
            check(reports)
    async with Host(trend).run_test(size=(76, 24)):
        trend.show(summarise(hostile_reading(HOSTILE[7]).reports).days)
        for part in trend.render().split("\n"):
            assert isinstance(part, Content)
            harmless(part)


def test_sparklines_fit_and_keep_zero_apart_from_little() -> None:
    assert sparkline([0, 1, 1000], 3) == " ▁█"
    assert sparkline([0, 0], 8) == " " * 8
    assert sparkline([], 8) == ""
    assert len(sparkline(list(range(400)), 40)) == 40
    assert sum(shares(list(range(400)), 40)) == sum(range(400))
    assert APPENDIX_B


async def test_a_report_of_many_rows_stays_quick_to_move_in() -> None:
    document = report()
    row = document["policies"][0]["failure-details"][0]
    document["policies"][0]["failure-details"] = [
        row | {"receiving-mx-hostname": f"mx{n}.example.net"} for n in range(5_000)
    ]
    table = FailureTable()
    async with Host(table).run_test(size=(80, 24)) as pilot:
        table.show(summarise(read(document).reports))
        table.open("certificate-expired")
        table.focus()
        await pilot.press("G", "g", "j")
        assert "4,800 more" in text_of(table)
        assert len(table.rows) < 250
