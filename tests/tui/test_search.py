"""What the palette finds, how quickly, and where a hit leads."""

import asyncio

import pytest
from textual.command import CommandList, CommandPalette
from textual.content import Content

from mxwalk.evidence.trace import Purpose
from mxwalk.language import say, speaking
from mxwalk.receivers.registry import judges
from tests.hostile import HOSTILE
from tests.reports.samples import lab_trace
from tests.timing import best_of
from tests.tui.driving import app_for, picture, until_paused, until_shown
from tui.moment import Moment, moment
from tui.screens.code import CodeScreen
from tui.search import HITS, Entry, Index, Spot, index_of
from tui.search_provider import _drawn, scenario_request
from tui.views import VIEWS

VIEW_IDS = frozenset(view.id for view in VIEWS)


def index_for(name: str) -> tuple[Moment, Index]:
    now = moment(lab_trace(name))
    verdicts = tuple(one.judge(now.delivery) for one in judges(Purpose.DELIVERY, "esa:5"))
    return now, index_of(now, verdicts, VIEW_IDS)


@pytest.mark.parametrize(
    ("query", "kind", "view"),
    [
        ("mx1.example.com", "host", "route"),
        ("198.51.100.4", "address", "route"),
        ("TLS handshake TLSv1", "step", ""),
        ("lab mail ca", "certificate", "chain"),
        ("size", "EHLO", "ehlo"),
        ("3 1 1", "TLSA", "tlsa"),
        ("postfix dane", "verdict", "verdicts"),
    ],
)
def test_everything_of_a_walk_is_found_by_its_words(query: str, kind: str, view: str) -> None:
    _, index = index_for("dane-mixed")
    hits = [entry for _, entry in index.search(query) if entry.kind == kind]
    assert hits
    assert isinstance(hits[0].goal, Spot)
    assert hits[0].goal.view == view


@pytest.mark.parametrize(
    ("query", "kind"),
    [("DANE001", "explain"), ("dane-cname", "lab scenario"), ("IDENT012", "finding")],
)
def test_codes_scenarios_and_findings_are_found(query: str, kind: str) -> None:
    _, index = index_for("dane-mixed")
    assert kind in {entry.kind for _, entry in index.search(query)}


def test_what_no_view_shows_is_found_by_its_digest_all_the_same() -> None:
    now = moment(lab_trace("dane-mixed"))
    (leaf, *_) = (
        e for _, e in index_of(now).search("cn=mx1.example.com") if e.kind == "certificate"
    )
    assert isinstance(leaf.goal, Spot)
    assert leaf.goal.view == ""
    digest = leaf.besides.split()[0]
    assert leaf in [entry for _, entry in index_of(now).search(digest)]


def test_a_certificate_is_found_by_its_digest_and_by_a_name_it_holds() -> None:
    _, index = index_for("dane-mixed")
    (leaf, *_) = (e for _, e in index.search("cn=mx1.example.com") if e.kind == "certificate")
    digest = leaf.besides.split()[0]
    assert [e for _, e in index.search(digest[:20])] == [leaf]


def test_twenty_hosts_are_searched_well_within_fifty_milliseconds() -> None:
    entries = [
        Entry(kind="host", name=f"mx{n}.example.com", goal=Spot(step=n), besides="x" * 400)
        for n in range(4_000)
    ]
    index = Index(entries)
    assert best_of(3, lambda: index.search("mx39 example")) < 0.05
    found = index.search("mx39 example")
    assert 0 < len(found) <= HITS


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hit_is_content_and_never_parsed_as_markup(text: str) -> None:
    shown = _drawn(Entry(kind="host", name=text, goal=Spot(step=1), where=text))
    assert isinstance(shown, Content)
    assert all(char.isprintable() for char in shown.plain)


async def test_a_hit_goes_to_its_step_in_its_view_and_back_leads_home() -> None:
    async with app_for(trace=lab_trace("dane-mixed")).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        await pilot.press("ctrl+p")
        assert isinstance(pilot.app.screen, CommandPalette)
        await pilot.press(*"EHLO SIZE")
        await until_shown(pilot, "EHLO  SIZE")
        await pilot.press("enter")
        async with asyncio.timeout(20):
            while pilot.app.screen is not screen or screen.view.id != "ehlo":
                await pilot.pause(0.02)
        await pilot.pause()
        assert screen.view.id == "ehlo"
        row = screen.query_one("#view-ehlo").cursor_row  # type: ignore[attr-defined]
        assert "SIZE" in row.lines[0].plain
        await pilot.press("less_than_sign")
        await pilot.pause()
        assert screen.view.id == "verdicts"


async def test_where_nothing_is_found_the_palette_says_so_in_the_language_spoken() -> None:
    with speaking("ko"):
        async with app_for(trace=lab_trace("dane-mixed")).run_test(size=(80, 24)) as pilot:
            await until_paused(pilot)
            await pilot.press("ctrl+p", *"qqqq")
            await until_shown(pilot, say("Nothing found."))
            assert "No matches" not in picture(pilot)


@pytest.mark.parametrize("height", [24, 4, 1])
async def test_a_page_is_turned_in_the_palette_where_its_list_has_no_room(height: int) -> None:
    async with app_for(trace=lab_trace("dane-mixed")).run_test(size=(80, height)) as pilot:
        await until_paused(pilot)
        await pilot.press("ctrl+p")
        commands = pilot.app.screen.query_one(CommandList)
        async with asyncio.timeout(20):
            while commands.highlighted is None:
                await pilot.pause(0.02)
        await pilot.press("pagedown")
        assert (commands.highlighted > 0) is (height == 24)
        await pilot.press("pageup")
        assert commands.highlighted == 0


async def test_a_code_of_the_catalogue_is_explained_from_anywhere() -> None:
    async with app_for(trace=lab_trace("dane-mixed")).run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        pilot.app.push_screen(CodeScreen("DANE001"))
        await pilot.pause(0.1)
        assert "DANE001" in picture(pilot)


def test_a_scenario_found_is_judged_by_the_sender_it_names() -> None:
    assert scenario_request("dane-mixed").sender == "exchange-online"
