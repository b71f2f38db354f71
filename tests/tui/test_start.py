"""The start screen: what a text is understood as, and what Enter does with it."""

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Input

from mxwalk.errors import UsageError
from mxwalk.evidence.journal import dump_trace
from mxwalk.evidence.target import Options
from tests.tui.driving import app_for, picture, until_paused
from tests.widgets.samples import sample_trace
from tui.screens.start import StartScreen
from tui.screens.walk import WalkScreen
from tui.understand import understand
from tui.walk_options import options_from


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("user@example.com", "mailbox user at example.com"),
        ("example.com", "mail domain example.com"),
        ("mx.example.com:2525", "host mx.example.com, port 2525"),
        ("[192.0.2.1]:587", "address 192.0.2.1, port 587"),
        ("bücher.example", "mail domain bücher.example (xn--bcher-kva.example)"),
        ("esa-hosted", "lab scenario"),
        ("lab:esa-hosted", "lab scenario"),
    ],
)
def test_a_text_is_understood_as(text: str, words: str) -> None:
    meaning = understand(text)
    assert meaning.usable
    assert words in meaning.words


def test_an_unusable_text_says_what_is_wrong() -> None:
    assert "empty label" in understand("a..b").problem
    assert "no such file" in understand("/nowhere/x.mxtrace").problem
    assert not understand("").usable


async def test_what_was_understood_is_said_while_typing() -> None:
    async with app_for().run_test(size=(80, 24)) as pilot:
        await pilot.press(*"user@example.com")
        await pilot.pause()
        assert "mailbox user at example.com" in picture(pilot)


async def test_your_side_is_shown() -> None:
    async with app_for().run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        text = picture(pilot)
        assert "your side" in text
        assert "answers and validates DNSSEC" in text
        assert "not tested here" in text


async def test_a_scenario_named_in_the_field_is_walked_and_q_comes_back() -> None:
    async with app_for().run_test(size=(80, 24)) as pilot:
        await pilot.press(*"esa-san", "enter")
        await pilot.pause()
        await until_paused(pilot)
        await pilot.press("q")
        await pilot.pause(0.2)
        assert isinstance(pilot.app.screen, StartScreen)


async def test_a_scenario_is_chosen_from_the_list_and_tells_its_story() -> None:
    async with app_for().run_test(size=(120, 36)) as pilot:
        async with asyncio.timeout(20):  # the list is read beside the first frame
            while "esa-hosted" not in picture(pilot):
                await pilot.pause(0.05)
        await pilot.press("down")
        await pilot.pause()
        assert "setting 6" in picture(pilot).lower()
        await pilot.press("enter")
        await pilot.pause()
        screen = await until_paused(pilot)
        assert screen.request.scenario == "esa-hosted"


async def test_a_saved_walk_is_opened_for_replay(tmp_path: Path) -> None:
    path = tmp_path / "saved.mxtrace"
    path.write_bytes(dump_trace(sample_trace()))
    async with app_for().run_test(size=(120, 36)) as pilot:
        pilot.app.screen.query_one("#target", Input).value = str(path)
        await pilot.press("enter")
        await pilot.pause()
        screen = await until_paused(pilot)
        assert screen.bridge.is_replay


async def test_a_file_that_is_no_trace_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "other.mxtrace"
    path.write_text("not a trace [/x]")
    async with app_for().run_test(size=(120, 36), notifications=True) as pilot:
        pilot.app.screen.query_one("#target", Input).value = str(path)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, StartScreen)
        notes = [str(note.message) for note in pilot.app._notifications]
        assert len(notes) == 1
        assert "is no mxwalk trace" in notes[0]


async def test_options_are_validated_and_remembered() -> None:
    async with app_for().run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("f2")
        screen = pilot.app.screen
        screen.query_one("#option-port", Input).value = "99999"
        screen.query_one("#target", Input).value = "mx.example.com:25"
        screen.query_one("#target").focus()
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, StartScreen)
        assert "1 to 65535" in picture(pilot)
        screen.query_one("#option-port", Input).value = "587"
        screen.query_one("#option-helo", Input).value = "probe.example.net"
        screen.query_one("#option-resolver", Input).value = "127.0.0.1:9"
        screen.query_one("#target").focus()
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, WalkScreen)
        options = pilot.app.screen.request.options
        assert options is not None
        assert (options.port, options.helo) == (587, "probe.example.net")
    async with app_for().run_test(size=(120, 36)) as pilot:
        assert pilot.app.screen.query_one("#option-helo", Input).value == "probe.example.net"


def test_both_leaves_is_a_yes_or_a_no_and_left_as_it_was_when_empty() -> None:
    asked = options_from({"both_leaves": "Yes"}, Options())
    assert asked.both_leaves
    assert options_from({}, asked).both_leaves
    assert not options_from({"both_leaves": "no"}, asked).both_leaves
    with pytest.raises(UsageError, match="say yes or no"):
        options_from({"both_leaves": "perhaps"}, Options())
