"""The arrangement at every size, in every glyph set and theme."""

import pytest
from textual.color import Color
from textual.geometry import Region

from tests.tui.driving import app_for, picture, until_paused, until_shown
from tests.widgets.samples import sample_trace
from widgets.glyphs import use_glyphs

SIZES = [(40, 12), (59, 24), (80, 15), (80, 24), (100, 30), (120, 36), (140, 40), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_pane_can_be_reached_and_drawn(size: tuple[int, int]) -> None:
    async with app_for(trace=sample_trace()).run_test(size=size) as pilot:
        screen = await until_paused(pilot)
        seen = set()
        for _ in range(4):
            await pilot.press("tab")
            await pilot.pause()
            focused = screen.focused
            assert focused is not None
            region = focused.region
            assert region.height >= 2, (focused, region)
            assert region.width >= 30
            assert Region(0, 0, *size).contains_region(region)
            seen.add(focused.id)
        assert seen == {"steps", f"view-{screen.view.id}", "findings", "wire"}


@pytest.mark.parametrize("size", [(59, 24), (80, 24), (140, 40)])
async def test_zoom_gives_a_pane_the_whole_screen(size: tuple[int, int]) -> None:
    async with app_for(trace=sample_trace()).run_test(size=size) as pilot:
        screen = await until_paused(pilot)
        await pilot.press("5", "z")
        await pilot.pause()
        view = screen.query_one("#view-identity")
        assert view.region.width == size[0]
        assert view.region.height >= size[1] - 5
        await pilot.press("z")
        await pilot.pause()
        assert not screen.has_class("-zoom")


async def test_80x24_shows_steps_view_findings_and_keys_at_once() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        text = picture(pilot)
        for words in ("user@example.com", "steps", "identity", "9 verdicts", "findings", "? help"):
            assert words in text
        assert all(len(line) <= 80 for line in text.splitlines())


async def test_too_small_a_terminal_says_which_size_is_needed() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(30, 8)) as pilot:
        await pilot.pause(0.1)
        assert "40" in picture(pilot)
        assert "12" in picture(pilot)


async def test_ascii_glyphs_leave_nothing_but_ascii_on_the_screen() -> None:
    async with app_for(trace=sample_trace(), glyphs="ascii").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        for key in "123459":
            await pilot.press(key)
            await pilot.pause()
            for line in picture(pilot).splitlines():
                assert line.isascii(), line
    use_glyphs("unicode")


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light"])
async def test_every_theme_draws_every_view(theme: str) -> None:
    async with app_for(trace=sample_trace()).run_test(size=(100, 30)) as pilot:
        await until_paused(pilot)
        pilot.app.theme = theme
        for key in "123459":
            await pilot.press(key)
            await pilot.pause()
        assert "verdicts" in picture(pilot)


async def test_without_colour_the_state_is_still_said_in_words_and_signs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("5")
        await pilot.pause()
        text = picture(pilot)
        assert "✓ VERIFIED by comparison 4" in text
        assert "3 ✗ mismatch" in text
        for strip in pilot.app.screen._compositor.render_strips():
            for segment in strip:
                color = segment.style.color if segment.style else None
                if color is not None and color.triplet is not None:
                    red, green, blue = color.triplet
                    assert Color(red, green, blue).hsl.s < 0.2 or not pilot.app.no_color


async def test_resizing_keeps_selection_and_view() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        await pilot.press("2")
        selected = screen.selected
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        await pilot.resize_terminal(160, 50)
        await pilot.pause()
        assert screen.selected is selected
        assert screen.view.id == "ehlo"


async def test_a_click_selects_a_step_a_tab_and_a_hint() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        await pilot.click("#steps", offset=(6, 2))
        await pilot.pause()
        assert screen.selected is not None
        assert screen.selected.seq == 2
        await pilot.click("#tabs", offset=(12, 0))
        await pilot.pause()
        assert screen.view.id == "ehlo"
        await pilot.click("#hints", offset=(2, 0))
        await pilot.pause()
        assert pilot.app.screen is screen


@pytest.mark.parametrize("size", [(59, 24), (80, 15)])
async def test_where_one_pane_is_all_there_is_zoom_says_so(size: tuple[int, int]) -> None:
    async with app_for(trace=sample_trace()).run_test(size=size, notifications=True) as pilot:
        screen = await until_paused(pilot)
        await pilot.press("z")
        await pilot.pause()
        await until_shown(pilot, "one pane is shown at a time")
        assert not screen.has_class("-zoom")
