"""Keys, help, palette and footer come from one declaration; a settings file remaps it."""

from pathlib import Path

import pytest
from textual.binding import Binding

from tests.tui.driving import app_for, picture, until_paused
from tests.widgets.samples import sample_trace
from tui import actions
from tui.app import MxwalkApp
from tui.request import Request
from tui.settings import Settings, load_settings, remember_theme


def test_ids_are_unique_and_every_action_has_words_and_a_tooltip() -> None:
    every = actions.all_actions()
    assert len({action.id for action in every}) == len(every)
    for action in every:
        assert action.words
        assert action.tooltip


def test_no_key_means_two_things_on_the_walk_screen() -> None:
    from tui.screens.walk import WalkScreen

    keys: dict[str, str] = {}
    for binding in WalkScreen.BINDINGS:
        assert isinstance(binding, Binding)
        for key in binding.key.split(","):
            assert key not in keys, (key, binding.id, keys.get(key))
            keys[key] = binding.id or ""


def test_an_unusable_settings_file_gives_warnings_and_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert load_settings(path, actions.known_ids()) == Settings()
    path.write_text(
        'theme = 3\nglyphs = "emoji"\nmouse = "no"\nfoo = 1\n[keymap]\n"walk.nxt" = "j"\n'
    )
    settings = load_settings(path, actions.known_ids())
    assert len(settings.warnings) == 5
    assert settings.keymap == {}
    path.write_text("not toml [")
    assert load_settings(path, actions.known_ids()).warnings


@pytest.mark.parametrize(
    "text", ["language = [1]", "language = 0", "x = " + "[" * 2_000, "x = " + "9" * 5_000]
)
def test_no_settings_file_keeps_the_interface_from_starting(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    settings = load_settings(path, actions.known_ids())
    assert settings.language == ""
    assert settings.warnings
    assert all(warning.isprintable() and len(warning) < 400 for warning in settings.warnings)
    remember_theme(path, "nord")


def test_one_key_for_two_actions_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[keymap]\n"walk.next" = "t"\n"walk.retry" = "t"\n')
    settings = load_settings(path, actions.known_ids())
    assert settings.keymap == {"walk.next": "t"}
    assert "walk.retry" in settings.warnings[0]


async def test_a_remapped_key_works_and_is_shown_in_footer_and_help() -> None:
    request = Request(trace=sample_trace())
    app = MxwalkApp(request, Settings(keymap={"replay.back": "t"}, glyphs="unicode"))
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        at = screen.bridge.position[0]
        assert "t back" in picture(pilot)
        await pilot.press("t")
        await pilot.pause()
        assert screen.bridge.position[0] == at - 1
        await pilot.press("question_mark")
        await pilot.pause()
        rows = [" ".join(line.split()) for line in picture(pilot).splitlines()]
        assert any("t Replay: one step back" in row for row in rows)


async def test_help_lists_the_keys_of_the_pane_and_the_screen() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 50)) as pilot:
        await until_paused(pilot)
        await pilot.press("5", "question_mark")
        await pilot.pause()
        text = picture(pilot)
        assert "Settings 5 and 6 together" in text
        await pilot.press("G")
        await pilot.pause()
        assert "a wildcard matches" in picture(pilot)


async def test_help_begins_with_what_the_screen_is_for() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        rows = [line.split("│")[1].split() for line in picture(pilot).splitlines()[2:20]]
        keys = [row[0] for row in rows if row and len(row[0]) == 1]
        assert keys[:9] == ["n", "c", "M", "x", "N", "D", "W", "m", "v"]


async def test_the_palette_offers_every_action_of_the_walk_screen() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        titles = [command.title for command in pilot.app.get_system_commands(screen)]
        assert any(title.startswith("walk: export") for title in titles)
        assert any(title.startswith("view: identity") for title in titles)
        assert any(title.startswith("theme: ") for title in titles)
        assert not any(title.startswith("walk: edit") for title in titles)  # not in a replay


async def test_a_theme_chosen_in_the_app_is_remembered(tmp_path: Path) -> None:
    async with app_for(trace=sample_trace()).run_test(size=(80, 24)) as pilot:
        pilot.app.theme = "textual-light"
        await pilot.pause()
    assert 'theme = "textual-light"' in (tmp_path / "config" / "settings.toml").read_text()
