"""The browser of codes, and the windows that explain a finding or a code."""

from __future__ import annotations

import pytest

from mxwalk.findings.model import Finding, Owner
from mxwalk.findings.registry import catalogue
from mxwalk.language import speaking
from tests.tui.driving import app_for, picture, until_paused
from tui.screens.catalogue import CatalogueScreen, CodeList
from tui.screens.explain import EntryScreen, ExplainScreen, RelatedScreen
from widgets.explained import ExplainedPane, of_entry, of_finding


def words_of(paragraphs) -> str:
    return "\n".join(" " * one.indent + one.words.plain for one in paragraphs)


async def test_f6_opens_the_catalogue_on_start_and_walk_and_escape_leaves():
    for scenario in (None, "dane-mismatch"):
        async with app_for(scenario=scenario).run_test(size=(120, 36)) as pilot:
            if scenario:
                await until_paused(pilot)
            below = pilot.app.screen
            await pilot.press("f6")
            await pilot.pause()
            assert isinstance(pilot.app.screen, CatalogueScreen)
            await pilot.press("f6")
            await pilot.pause()
            assert isinstance(pilot.app.screen, CatalogueScreen)
            await pilot.press("escape")
            await pilot.pause()
            assert pilot.app.screen is below


async def test_every_code_is_listed_below_its_area_and_the_text_follows_the_cursor():
    async with app_for().run_test(size=(120, 36)) as pilot:
        await pilot.press("f6")
        await pilot.pause()
        codes = pilot.app.screen.query_one(CodeList)
        assert {row.key for row in codes.rows if row.stop} == set(catalogue())
        first = codes.chosen()
        assert first in pilot.app.screen.query_one(ExplainedPane).copy_value()[0]
        await pilot.press("j")
        await pilot.pause()
        assert codes.chosen() != first
        assert codes.chosen() in pilot.app.screen.query_one(ExplainedPane).copy_value()[0]


async def test_the_filter_finds_titles_and_texts_and_enter_reads():
    async with app_for().run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "slash", *"fullchain")
        await pilot.pause()
        codes = pilot.app.screen.query_one(CodeList)
        left = [row.key for row in codes.rows if row.stop]
        assert "CERT006" in left
        assert len(left) < 20
        codes.move_to("CERT006")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, EntryScreen)
        text = pilot.app.screen.query_one(ExplainedPane).copy_value()[0]
        for part in ("What happened", "By product", "On the sender's side", "Sources", "Beside it"):
            assert part in text
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert len([row for row in codes.rows if row.stop]) == len(catalogue())


async def test_related_codes_lead_on_in_the_window_and_in_the_list():
    async with app_for().run_test(size=(100, 30)) as pilot:
        await pilot.press("f6", "r")
        await pilot.pause()
        assert isinstance(pilot.app.screen, RelatedScreen)
        await pilot.press("enter")
        await pilot.pause()
        codes = pilot.app.screen.query_one(CodeList)
        assert codes.chosen() == "DNS002"
        await pilot.press("enter", "r", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, EntryScreen)


async def test_a_finding_shows_its_own_values_first_and_enter_goes_to_the_step():
    entry = catalogue()["CERT006"]
    finding = Finding(
        entry=entry,
        sentence="mx1.example.com sent\x1b one certificate",
        fix="append R3",
        command="openssl s_client",
        step=4,
        host="mx1.example.com",
        owner=Owner.RECEIVER_CA,
    )
    text = words_of(of_finding(finding))
    assert "\x1b" not in text
    assert "the receiver's CA must act" in text
    order = ["sent\\x1b one", "append R3", "openssl s_client", "What happened", "By product"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    async with app_for().run_test(size=(80, 24)) as pilot:
        gone: list[bool | None] = []
        pilot.app.push_screen(ExplainScreen(finding), gone.append)
        await pilot.pause()
        assert "CERT006" in picture(pilot)
        await pilot.press("slash", *"chain", "enter")
        assert not gone
        await pilot.press("enter")
        await pilot.pause()
        assert gone == [True]


def test_every_code_can_be_drawn_in_every_language():
    for spoken in ("en", "ko"):
        with speaking(spoken):
            for code in catalogue():
                assert len(of_entry(code)) > 12


async def test_an_unknown_code_has_no_window():
    with pytest.raises(KeyError):
        EntryScreen("NOPE001")
