"""The screen of DMARC reports: opened by content, scoped, sources told, names and SPF on demand only."""

import asyncio
import gzip
import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from mxwalk.commands.believed import BelievedResolver
from mxwalk.dmarcrpt.known import read_known
from mxwalk.dmarcrpt.look import Look
from mxwalk.dmarcrpt.model import Reading
from tests.cli.test_dmarc import _Zone
from tests.cli.test_mailauth_commands import _Denying
from tests.dmarcrpt.examples import (
    POLICY,
    metadata,
    packed_mail,
    record,
    report,
    result,
    zipped,
)
from tests.dmarcrpt.test_summary import LIST, SERVICE, SPOOFED
from tests.hostile import HOSTILE
from tests.tlsrpt.examples import APPENDIX_B as TLS_REPORT
from tests.tlsrpt.examples import mail as tls_mail
from tests.tui.driving import app_for, picture, until_shown
from tui.app import MxwalkApp
from tui.report_kind import ReportKind, kind_of
from tui.request import Request
from tui.screens.dmarc_reports import DmarcScreen
from tui.screens.start import StartScreen
from tui.settings import Settings
from tui.understand import understand
from widgets.dmarc_sources import SourceTable

SIZES = [(40, 12), (59, 24), (80, 15), (80, 24), (100, 30), (120, 36), (200, 60)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "reports"
    where.mkdir()
    (where / "a.xml").write_bytes(report(record(count=900), SPOOFED, head=metadata("a", 0)))
    (where / "b.xml.gz").write_bytes(gzip.compress(report(SERVICE, head=metadata("b", 1))))
    (where / "c.eml").write_bytes(packed_mail(report(LIST, head=metadata("c", 2, "other.example"))))
    other = POLICY.replace("example.com", "example.org")
    (where / "d.zip").write_bytes(
        zipped(report(record(count=3, header_from="example.org"), policy=other))
    )
    (where / "e.xml").write_bytes(b"<x/>")
    return where


def app_on(*paths: Path, known: tuple[str, ...] = (), glyphs: str = "unicode", theme: str = ""):
    look = Look(paths=paths, known=read_known(known), resolver="192.0.2.53")
    return MxwalkApp(Request(dmarc=look), Settings(glyphs=glyphs, theme=theme))


async def until_read(pilot: Pilot[None]) -> DmarcScreen:
    async with asyncio.timeout(20):
        while True:
            await pilot.pause(0.01)
            screen = pilot.app.screen
            if isinstance(screen, DmarcScreen) and not screen.busy and screen.reading != Reading():
                await pilot.pause()
                return screen


# -- which kind of report a file is ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (report(), ReportKind.DMARC),
        (b"\xef\xbb\xbf" + report(), ReportKind.DMARC),
        (report().decode().encode("utf-16"), ReportKind.DMARC),
        (gzip.compress(report()), ReportKind.DMARC),
        (gzip.compress(gzip.compress(report())), ReportKind.DMARC),
        (zipped(report()), ReportKind.DMARC),
        (packed_mail(report()), ReportKind.DMARC),
        (TLS_REPORT, ReportKind.TLS),
        (gzip.compress(TLS_REPORT), ReportKind.TLS),
        (bytes(tls_mail()), ReportKind.TLS),
        (b'{"format":"mxwalk-trace"}', None),
        (b"hello", None),
        (b"", None),
    ],
)
def test_the_kind_is_seen_in_the_first_octets(data: bytes, kind: ReportKind | None) -> None:
    assert kind_of(data[:16_384]) is kind


@pytest.mark.parametrize("hostile", HOSTILE)
def test_any_octets_have_a_kind_or_none(hostile: bytes) -> None:
    for data in (hostile, b"\x1f\x8b" + hostile, gzip.compress(hostile), b"PK\x03\x04" + hostile):
        assert kind_of(data) in (*ReportKind, None)


@pytest.mark.parametrize("name", ["a.xml", "b.xml.gz", "c.eml", "d.zip"])
def test_a_path_is_understood(folder: Path, name: str) -> None:
    meaning = understand(str(folder / name))
    assert meaning.words == "a file: Enter opens it as a DMARC report"
    assert meaning.dmarc == folder / name
    assert understand(str(folder)).words == "a folder: Enter opens the DMARC reports in it"


def test_a_folder_with_both_kinds_says_so_and_opens_the_one_with_more(folder: Path) -> None:
    (folder / "t.json").write_bytes(TLS_REPORT)
    meaning = understand(str(folder))
    assert meaning.dmarc == folder
    assert meaning.words == (
        "a folder with both kinds: Enter opens the DMARC reports; mxwalk tlsrpt the others"
    )
    for number in range(9):
        (folder / f"{number}.json").write_bytes(json.dumps({"report-id": "x"}).encode())
    assert understand(str(folder)).reports == folder


async def test_a_path_in_the_field_opens_the_reports_and_q_comes_back(folder: Path) -> None:
    async with app_for().run_test(size=(80, 24)) as pilot:
        pilot.app.screen.query_one("#target").value = str(folder)
        await pilot.press("enter")
        screen = await until_read(pilot)
        assert len(screen.reading.reports) == 4
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(pilot.app.screen, StartScreen)


# -- what it shows -------------------------------------------------------------------------------------


async def test_80x24_shows_reports_trend_and_unknown_sources_at_once(folder: Path) -> None:
    async with app_on(folder).run_test(size=(80, 24)) as pilot:
        await until_read(pilot)
        text = picture(pilot)
        for words in (
            *("300 of 1,203 failed", "1 not read", "all 4 reports", "example.com", "example.org"),
            *("✓ passed", "✗ failed", "1 sources 4", "5 deviations 2"),
            *("203.0.113.9", "unknown nothing passes", "unknown service.example", "q back"),
        ):
            assert words in text, words
        assert text.index("203.0.113.9") < text.index("198.51.100.5") < text.index("192.0.2.77")
        assert all(len(line) <= 80 for line in text.splitlines())


async def test_a_domain_or_report_under_the_cursor_is_what_is_shown(folder: Path) -> None:
    async with app_on(folder).run_test(size=(120, 36)) as pilot:
        screen = await until_read(pilot)
        await pilot.press("down", "down")
        await pilot.pause(0.1)
        assert [one.policy.domain for one in screen.shown] == ["example.org"]
        await pilot.press("down")
        await pilot.pause(0.1)
        assert [one.report_id for one in screen.shown] == ["a"]
        await pilot.press("home")
        await pilot.pause(0.1)
        assert len(screen.shown) == 4


async def test_the_five_views(folder: Path) -> None:
    async with app_on(folder).run_test(size=(120, 36)) as pilot:
        await until_read(pilot)
        for key, words in (
            ("2", "changed by a mailing list"),
            ("3", "p=none sp=none adkim=r aspf=r fo=0 pct=100"),
            ("4", "passed"),
            ("5", "its root element is x"),
            ("1", "203.0.113.9"),
        ):
            await pilot.press(key)
            await pilot.pause()
            assert words in picture(pilot)
        await pilot.press("end", "3")
        await pilot.pause(0.1)
        assert "report_id" in picture(pilot)
        assert "RFC 7489, version 1.0" in picture(pilot)


async def test_enter_opens_a_source_with_its_reading_names_and_command(folder: Path) -> None:
    async with app_on(folder).run_test(size=(120, 50)) as pilot:
        await until_read(pilot)
        await pilot.press("tab", "down", "enter")
        await pilot.pause()
        text = picture(pilot)
        for words in (
            "a sender that passes, but for another domain",
            "service.example, for which a DKIM signature passes",
            "service.example (k1): pass",
            "mxwalk spf example.com --ip 198.51.100.5",
        ):
            assert words in text, words
        await pilot.press("enter")
        await pilot.pause()
        assert "(k1)" not in picture(pilot)


async def test_named_senders_are_not_unknown_and_u_shows_the_unknown_only(folder: Path) -> None:
    async with app_on(folder, known=("198.51.100.0/24",)).run_test(size=(120, 36)) as pilot:
        await until_read(pilot)
        assert "198.51.100.0/24" in picture(pilot)
        await pilot.press("u")
        await pilot.pause()
        text = picture(pilot)
        assert "203.0.113.9" in text
        assert "198.51.100.5" in text  # named, but failing
        assert "192.0.2.1 " not in text
        await pilot.press("u")
        await pilot.pause()
        text = picture(pilot)
        assert "203.0.113.9" in text
        assert "198.51.100.5" not in text
        await pilot.press("u")
        await pilot.pause()
        assert "198.51.100.5" in picture(pilot)


# -- what is asked of the network ------------------------------------------------------------------------


async def test_names_are_asked_by_a_key_and_by_nothing_else(folder: Path, monkeypatch) -> None:
    zone, servers = _Zone(), []

    def resolver(server: str) -> _Zone:
        servers.append(server)
        return zone

    monkeypatch.setattr("mxwalk.commands.source_names.system_resolver", resolver)
    async with app_on(folder).run_test(size=(120, 36)) as pilot:
        screen = await until_read(pilot)
        await pilot.press("tab", "down", "enter", "2", "1")
        assert zone.asked == []
        await pilot.press("p")
        async with asyncio.timeout(5):
            while "198.51.100.5" not in screen.names:
                await pilot.pause(0.01)
        await pilot.pause()
        assert servers == ["192.0.2.53"]
        assert "mta5.service.example" in picture(pilot)
        assert len(screen.names) == 1
        await pilot.press("P")
        async with asyncio.timeout(5):
            while len(screen.names) < 4:
                await pilot.pause(0.01)


async def test_s_asks_what_spf_says_of_the_source_today(folder: Path, monkeypatch) -> None:
    zone = _Zone()
    monkeypatch.setattr("mxwalk.commands.source_names.system_resolver", lambda _server: zone)
    async with app_on(folder).run_test(size=(120, 50)) as pilot:
        await until_read(pilot)
        assert zone.asked == []
        await pilot.press("tab", "s")
        async with asyncio.timeout(5):
            while "TEMPERROR" not in picture(pilot) and "NONE" not in picture(pilot):
                await pilot.pause(0.01)
        shown = picture(pilot)
        assert "SPF of example.com for 203.0.113.9" in shown
        assert "mxwalk spf example.com --ip 203.0.113.9" in shown
        assert any("example.com" in str(asked) for asked in zone.asked)
        await pilot.press("escape")
        await pilot.pause()
        assert "SPF of example.com for" not in picture(pilot)


async def test_left_from_the_command_line_the_application_ends(folder: Path) -> None:
    app = app_on(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_read(pilot)
        await pilot.press("q")
        await pilot.pause()
    assert not app.is_running


async def test_files_that_are_no_reports_show_why(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(b"<feedback/>")
    async with app_on(tmp_path / "x.xml").run_test(size=(80, 24)) as pilot:
        await until_read(pilot)
        text = picture(pilot)
        assert "it has nothing of one" in text
        assert "No report could be read" in text


@pytest.mark.parametrize("size", SIZES)
async def test_every_pane_can_be_reached_at_every_size(folder: Path, size: tuple[int, int]) -> None:
    async with app_on(folder).run_test(size=size) as pilot:
        screen = await until_read(pilot)
        for key in ("1", "2", "3", "4", "5"):
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
    async with app_on(folder).run_test(size=(120, 60)) as pilot:
        screen = await until_read(pilot)
        names = [command.title for command in pilot.app.get_system_commands(screen)]
        assert "dmarc: view-sources (1)" in names
        assert "reports: again (r)" in names
        await pilot.press("tab", "question_mark")
        await pilot.pause()
        text = picture(pilot)
        for words in ("Read the files again", "What SPF says of the", "Sources of mail, unknown"):
            assert words in text, words


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark"])
@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
async def test_themes_and_ascii(folder: Path, theme: str, glyphs: str) -> None:
    async with app_on(folder, glyphs=glyphs, theme=theme).run_test(size=(80, 24)) as pilot:
        await until_read(pilot)
        await pilot.press("tab", "enter")
        for key in ("1", "2", "3", "4", "5"):
            await pilot.press(key)
            await pilot.pause()
            assert glyphs == "unicode" or picture(pilot).isascii()


async def test_hostile_texts_everywhere_are_shown_as_text(tmp_path: Path) -> None:
    for number, hostile in enumerate(HOSTILE):
        text = hostile.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b"\0", b"")
        data = report(
            record(
                f"192.0.2.{number}",
                7,
                "fail",
                "fail",
                results=[result("dkim", "PLACE", "pass", selector="PLACE")],
                reasons=[("PLACE", "PLACE")],
                header_from="PLACE",
            ),
            policy=POLICY.replace("example.com", "PLACE"),
            head=metadata("PLACE", organisation="PLACE"),
        )
        (tmp_path / f"{number}.xml").write_bytes(data.replace(b"PLACE", text))
    async with app_on(tmp_path).run_test(size=(100, 40)) as pilot:
        screen = await until_read(pilot)
        for key in ("1", "2", "3", "4", "5"):
            await pilot.press(key)
            await pilot.pause()
            assert "\x1b" not in picture(pilot)
            assert "\u202e" not in picture(pilot)
        await pilot.press("1", "tab")
        for _ in range(12):
            await pilot.press("enter", "down")
        await pilot.pause()
        assert screen.is_running
        assert "\x9b" not in picture(pilot)


def test_files_of_the_system_are_not_opened_while_a_path_is_typed(tmp_path: Path) -> None:
    (tmp_path / "empty.xml").touch()
    for path in ("/proc/kmsg", "/proc", "/sys", "/dev", str(tmp_path)):
        if Path(path).exists():
            assert understand(path).dmarc is None


async def test_what_could_not_be_read_counts_only_where_it_is_shown(folder: Path) -> None:
    async with app_on(folder).run_test(size=(120, 36)) as pilot:
        await until_read(pilot)
        assert "5 deviations 2" in picture(pilot)
        await pilot.press("down", "down", "down")
        await pilot.pause(0.1)
        assert "5 deviations 2" not in picture(pilot)


async def test_s_does_not_believe_a_resolver_that_denies_the_root(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = BelievedResolver(_Denying())
    monkeypatch.setattr("mxwalk.commands.source_names.system_resolver", lambda _server: zone)
    app = app_on(folder)
    async with app.run_test(size=(120, 36)) as pilot:
        await until_read(pilot)
        await pilot.press("s")
        await until_shown(pilot, "TEMPERROR")
        assert "denies the DNS root" in picture(pilot)
        assert "does not exist" not in picture(pilot)


# -- keys without a pane ---------------------------------------------------------------------------------


async def test_slash_filters_and_a_filter_without_a_match_is_no_good_news(folder: Path) -> None:
    async with app_on(folder).run_test(size=(100, 30)) as pilot:
        screen = await until_read(pilot)
        screen.query_one(SourceTable).focus()
        await pilot.press("slash", *"203")
        await pilot.pause()
        text = picture(pilot)
        assert screen.view == "sources"
        assert "203.0.113.9" in text
        assert "198.51.100.5" not in text
        await pilot.press("z", "z")
        await pilot.pause()
        assert "No source matches 203zz: Esc shows all 4." in picture(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "198.51.100.5" in picture(pilot)


async def test_escape_quits_nothing(folder: Path) -> None:
    app = app_on(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await until_read(pilot)
        await pilot.press("tab", "escape", "escape", "escape")
        await pilot.pause()
        assert app.is_running
        assert pilot.app.screen is screen
        assert any("q quits" in one.message for one in app._notifications)


@pytest.mark.parametrize(("name", "begins"), [("a.txt", "4 reports, "), ("a.json", "{")])
async def test_x_writes_what_is_shown(folder: Path, tmp_path: Path, name: str, begins: str) -> None:
    async with app_on(folder).run_test(size=(100, 30)) as pilot:
        screen = await until_read(pilot)
        await pilot.press("x")
        await until_shown(pilot, "export 4 reports")
        pilot.app.screen.query_one("#path").value = str(tmp_path / name)
        await pilot.press("enter")
        async with asyncio.timeout(10):
            while pilot.app.screen is not screen:
                await pilot.pause(0.02)
    assert (tmp_path / name).read_text().startswith(begins)


async def test_a_cut_off_report_is_not_green(tmp_path: Path) -> None:
    whole = report(record(), record("203.0.113.9"))
    (tmp_path / "a.xml").write_bytes(whole[: whole.rindex(b"<record>") + 40])
    async with app_on(tmp_path).run_test(size=(100, 30)) as pilot:
        await until_read(pilot)
        text = picture(pilot)
        assert "at least 0 of 10 failed" in text
        assert "1 report is cut off" in text
        assert "! all" in text or "! the report" in text
        await pilot.press("2")
        await pilot.pause()
        assert "lower bound" in " ".join(picture(pilot).split())


async def test_a_report_with_a_date_gone_wrong_stands_under_date_unknown(tmp_path: Path) -> None:
    data = report(head=metadata("x").replace("<begin>1790899200<", "<begin>9<"))
    (tmp_path / "a.xml").write_bytes(data)
    async with app_on(tmp_path).run_test(size=(120, 36)) as pilot:
        await until_read(pilot)
        assert "1 report, date unknown" in picture(pilot)
        await pilot.press("end", "3")
        await pilot.pause(0.1)
        assert picture(pilot).count("date unknown") >= 2
        assert "1970" not in picture(pilot)
