"""The reports screen: opened from the field and by name, scoped by the list, and the way to a walk."""

import asyncio
import gzip
import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot

import tui.screens.reports
from mxwalk.reportfiles.model import Problem
from mxwalk.tlsrpt.model import Reading
from mxwalk.tlsrpt.summary import summarise
from tests.hostile import HOSTILE
from tests.tlsrpt.examples import APPENDIX_B, dated, mail, octets, report
from tests.tui.driving import app_for, picture, until_paused
from tui.app import MxwalkApp
from tui.request import Request
from tui.screens.reports import ReportsScreen
from tui.screens.start import StartScreen
from tui.screens.walk import WalkScreen
from tui.settings import Settings
from tui.understand import understand
from widgets.report_facts import DeviationList
from widgets.report_list import ReportList

SIZES = [(40, 12), (59, 24), (80, 15), (80, 24), (100, 30), (120, 36), (200, 60)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "reports"
    where.mkdir()
    (where / "a.json").write_bytes(APPENDIX_B)
    (where / "b.json.gz").write_bytes(gzip.compress(octets(dated("2016-04-02", "b", 40, 0))))
    (where / "c.eml").write_bytes(
        bytes(mail(octets(dated("2016-04-03", "c", 50, 7, **{"contact-info": None}))))
    )
    (where / "d.json").write_bytes(b"{")
    return where


def app_on(*paths: Path, glyphs: str = "unicode", theme: str = "") -> MxwalkApp:
    return MxwalkApp(Request(reports=paths), Settings(glyphs=glyphs, theme=theme))


async def until_read(pilot: Pilot[None]) -> ReportsScreen:
    async with asyncio.timeout(20):
        while True:
            await pilot.pause(0.01)
            screen = pilot.app.screen
            if (
                isinstance(screen, ReportsScreen)
                and not screen.busy
                and screen.reading != Reading()
            ):
                await pilot.pause()
                return screen


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "a folder: Enter opens the TLS reports in it"),
        ("a.json", "opens it as a TLS report"),
        ("b.json.gz", "opens it as a TLS report"),
        ("c.eml", "opens it as a TLS report"),
    ],
)
def test_a_path_is_understood(folder: Path, name: str, words: str) -> None:
    meaning = understand(str(folder / name))
    assert meaning.usable
    assert words in meaning.words
    assert meaning.reports == folder / name


def test_a_relative_folder_is_a_path_where_it_is_there(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    for text in ("in/", "./in"):
        assert understand(text).reports == Path("in")
    assert understand("out/").reports is None


def test_an_unreadable_report_is_copied_with_its_error() -> None:
    problem = Problem(name="x.json", sentence="no JSON")
    rows = ReportList()
    rows._reading = Reading(problems=(problem,))
    assert [row.copy for row in rows.rows_for(40)] == ["x.json: no JSON"]
    facts = DeviationList()
    facts.summary, facts.problems = summarise(()), (problem,)
    assert [row.copy for row in facts.rows_for(40)] == ["x.json: no JSON"]


def test_a_saved_walk_is_one_by_its_name_or_its_text_and_another_file_is_none(
    tmp_path: Path,
) -> None:
    for name, content in (
        ("x.mxtrace", b"{"),
        ("y.json", b'{"format":"mxwalk-trace"}'),
    ):
        (tmp_path / name).write_bytes(content)
        assert understand(str(tmp_path / name)).path == tmp_path / name
    (tmp_path / "z.json").write_bytes(b"x")
    assert "no saved walk" in understand(str(tmp_path / "z.json")).problem
    assert "no such file" in understand("/nowhere/report.json").problem


async def test_a_path_in_the_field_opens_the_reports_and_q_comes_back(folder: Path) -> None:
    async with app_for().run_test(size=(80, 24)) as pilot:
        field = pilot.app.screen.query_one("#target")
        field.value = str(folder)
        await pilot.press("enter")
        screen = await until_read(pilot)
        assert len(screen.reading.reports) == 3
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(pilot.app.screen, StartScreen)


async def test_80x24_shows_reports_trend_failures_and_keys_at_once(folder: Path) -> None:
    async with app_on(folder).run_test(size=(80, 24)) as pilot:
        await until_read(pilot)
        text = picture(pilot)
        for words in (
            *("310 of 5,726 failed", "1 not read", "all 3 reports", "2016-04-02  Company-X"),
            *("✓ success", "✗ failure", "1 failures 3", "4 deviations", "starttls-not-supported"),
            *("certificate-expired", "? help", "q back"),
        ):
            assert words in text, words
        assert all(len(line) <= 80 for line in text.splitlines())


async def test_moving_to_a_report_shows_what_it_alone_says(folder: Path) -> None:
    async with app_on(folder).run_test(size=(120, 36)) as pilot:
        screen = await until_read(pilot)
        await pilot.press("down", "down")
        await pilot.pause(0.1)
        assert [r.report_id for r in screen.shown] == ["b"]
        assert "No failures were reported; 40 sessions succeeded." in picture(pilot)
        await pilot.press("home")
        await pilot.pause(0.1)
        assert len(screen.shown) == 3


async def test_the_four_views(folder: Path) -> None:
    async with app_on(folder).run_test(size=(120, 36)) as pilot:
        await until_read(pilot)
        for key, words in (
            ("2", "sts  company-y.example   5,416 succeeded, 310 failed, 3 reports"),
            ("3", "2016-04-02"),
            ("4", "contact-info is null"),
            ("1", "STARTTLS"),
        ):
            await pilot.press(key)
            await pilot.pause()
            assert words in picture(pilot)
        await pilot.press("4")
        await pilot.pause()
        assert "it is not well-formed JSON" in picture(pilot)


async def test_enter_on_a_receiving_host_leads_to_a_walk_and_q_back(folder: Path) -> None:
    async with app_on(folder).run_test(size=(120, 36)) as pilot:
        await until_read(pilot)
        await pilot.press("tab", "enter", "down", "enter")
        await pilot.pause(0.1)
        screen = await until_paused(pilot)
        assert isinstance(screen, WalkScreen)
        assert screen.request.target == "mx2.mail.company-y.example:25"
        assert screen.bridge.trace is None or not screen.bridge.trace.steps
        await pilot.press("q")
        await pilot.pause(0.2)
        assert isinstance(pilot.app.screen, ReportsScreen)


async def test_left_from_the_command_line_the_application_ends(folder: Path) -> None:
    app = app_on(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_read(pilot)
        await pilot.press("q")
        await pilot.pause()
    assert not app.is_running


async def test_escape_backs_out_level_by_level(folder: Path) -> None:
    async with app_on(folder).run_test(size=(80, 24)) as pilot:
        screen = await until_read(pilot)
        await pilot.press("tab", "z")
        assert screen.has_class("-zoom")
        await pilot.press("escape")
        assert not screen.has_class("-zoom")
        await pilot.press("escape")
        assert screen.focused is not None
        assert screen.focused.id == "reports"


async def test_files_that_are_no_reports_show_why(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b"{}")
    async with app_on(tmp_path / "x.json").run_test(size=(80, 24)) as pilot:
        await until_read(pilot)
        text = picture(pilot)
        assert "neither policies nor report-id" in text
        assert "No report could be read" in text
        assert "no report" in text


async def test_reading_can_be_stopped_and_done_again(folder: Path, monkeypatch) -> None:
    started, go_on = threading.Event(), threading.Event()
    real = tui.screens.reports.open_reports

    def slow(paths, on_file, stopped):
        def told(number: int, name: str) -> None:
            on_file(number, name)
            started.set()
            go_on.wait(10)

        return real(paths, told, stopped)

    monkeypatch.setattr(tui.screens.reports, "open_reports", slow)
    async with app_on(folder).run_test(size=(80, 24)) as pilot:
        async with asyncio.timeout(10):
            while not (started.is_set() and "reading file 1" in picture(pilot)):
                await pilot.pause(0.01)
        assert "Esc stop" in picture(pilot)
        await pilot.press("escape")
        await pilot.pause()
        go_on.set()
        screen = await until_read(pilot)
        assert len(screen.reading.reports) == 1
        assert "stopped here" in screen.reading.problems[-1].sentence
        monkeypatch.setattr(tui.screens.reports, "open_reports", real)
        await pilot.press("r")
        async with asyncio.timeout(10):
            while len((await until_read(pilot)).reading.reports) != 3:
                await pilot.pause(0.01)


@pytest.mark.parametrize("size", SIZES)
async def test_every_pane_can_be_reached_at_every_size(folder: Path, size: tuple[int, int]) -> None:
    async with app_on(folder).run_test(size=size) as pilot:
        screen = await until_read(pilot)
        for key in ("1", "2", "3", "4"):
            await pilot.press(key)
            for _ in range(2):
                await pilot.press("tab")
                await pilot.pause()
                focused = screen.focused
                assert focused is not None
                assert focused.region.height >= 2, (focused, focused.region)
                assert focused.region.width >= 30
                assert all(len(line) <= size[0] for line in picture(pilot).splitlines())


async def test_keys_are_in_help_and_palette(folder: Path) -> None:
    async with app_on(folder).run_test(size=(120, 50)) as pilot:
        screen = await until_read(pilot)
        names = [command.title for command in pilot.app.get_system_commands(screen)]
        assert "reports: again (r)" in names
        await pilot.press("question_mark")
        await pilot.pause()
        text = picture(pilot)
        assert "Read the files again" in text
        assert "Failures by result type, explained" in text


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark"])
@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
async def test_themes_and_ascii(folder: Path, theme: str, glyphs: str) -> None:
    async with app_on(folder, glyphs=glyphs, theme=theme).run_test(size=(80, 24)) as pilot:
        await until_read(pilot)
        await pilot.press("tab", "enter")
        await pilot.pause()
        text = picture(pilot)
        assert "who acts" in text
        if glyphs == "ascii":
            assert text.isascii()


async def test_hostile_reports_are_drawn_as_visible_text(tmp_path: Path) -> None:
    for number, raw in enumerate(HOSTILE):
        text = raw[:2_000].decode("utf-8", "replace")
        document = report(**{"organization-name": text, "report-id": f"{number}"})
        document["policies"][0]["policy"]["policy-domain"] = text
        for row in document["policies"][0]["failure-details"]:
            row["result-type"] = row["receiving-mx-hostname"] = text
        (tmp_path / f"{number}.json").write_bytes(octets(document))
    async with app_on(tmp_path).run_test(size=(120, 36)) as pilot:
        screen = await until_read(pilot)
        assert len(screen.reading.reports) == len(HOSTILE)
        await pilot.press("tab", "enter", "G", "enter", "2", "G", "4", "G", "tab", "down", "down")
        await pilot.pause(0.1)
        assert all(line.isprintable() for line in picture(pilot).splitlines())


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_the_screen_looks_as_it_did(folder: Path, size: tuple[int, int], snap_compare) -> None:
    async def opened(pilot: Pilot[None]) -> None:
        await until_read(pilot)
        await pilot.press("tab", "enter", "down")
        await pilot.pause()

    assert snap_compare(app_on(folder), run_before=opened, terminal_size=size)
