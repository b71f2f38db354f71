"""The start screen: what a text is understood as, and what Enter does with it."""

import threading
from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import Input

import tui.screens.start
from mxwalk.errors import UsageError
from mxwalk.evidence.journal import dump_trace
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Purpose
from tests.tui.driving import app_for, picture, until_paused, until_shown
from tests.widgets.samples import sample_trace
from tui.meaning import to_request
from tui.screens.start import StartScreen
from tui.screens.walk import WalkScreen
from tui.start_choices import start_choices
from tui.understand import pasted_message, understand
from tui.walk_options import options_from
from widgets.text_pane import Choice


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
        await until_shown(pilot, "esa-hosted")  # the list is read beside the first frame
        await pilot.press("down", "down")  # the tour stands first
        await pilot.pause()
        assert "setting 6" in picture(pilot).lower()
        await pilot.press("enter")
        await pilot.pause()
        screen = await until_paused(pilot)
        assert screen.request.scenario == "esa-hosted"


async def test_the_list_tells_its_story_if_it_was_gone_to_before_it_was_filled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    goes_on = threading.Event()

    def late() -> list[Choice]:
        goes_on.wait(20)
        return start_choices()

    monkeypatch.setattr(tui.screens.start, "start_choices", late)
    async with app_for().run_test(size=(120, 36)) as pilot:
        await pilot.press("down")
        await pilot.pause()
        assert "the guided tour" not in picture(pilot)
        goes_on.set()
        await until_shown(pilot, "Each stop is a walk on the lab")


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


MAIL = "From: Anna <anna@example.com>\nReceived: from a.example ([192.0.2.1]) by b.example; now\n\nHi\n"


def test_a_message_is_understood_by_its_file_or_when_it_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_text(MAIL)
    assert "a message: Enter walks it" in understand(str(path)).words
    assert understand(f"message: {path}").message == path
    assert "no such file" in understand(f"message: {path}x").problem
    assert "one file" in understand(f"message: {tmp_path}").problem
    request = to_request(understand(str(path)), "esa:6")
    assert request.message is not None
    assert request.message.raw == MAIL.replace("\n", "\r\n").encode()
    assert request.purpose is Purpose.MESSAGE


def test_a_domain_to_survey_is_understood_with_its_selectors() -> None:
    meaning = understand("domain: Example.COM s1 s2")
    assert (meaning.domain, meaning.selectors) == ("example.com", ("s1", "s2"))
    assert "everything it publishes about its mail, DKIM keys at s1, s2" in meaning.words
    request = to_request(meaning, "esa:5")
    assert (request.target, request.purpose) == ("example.com", Purpose.DOMAIN)
    assert request.survey is not None
    assert request.survey.selectors == ("s1", "s2")
    assert understand("domain:25").target == "domain:25"  # a host of that name
    assert "is no domain" in understand("domain: 192.0.2.1").problem
    assert understand("anna@example.com").surveyable == "example.com"
    assert not understand("mx.example.com:25").surveyable
    assert not understand("esa-hosted").surveyable


def test_pasted_lines_are_a_message_only_when_they_look_like_one() -> None:
    meaning = pasted_message(MAIL)
    assert meaning is not None
    assert "a pasted message, 4 lines" in meaning.words
    request = to_request(meaning, "esa:5")
    assert request.message is not None
    assert request.message.raw.startswith(b"From: Anna")
    assert pasted_message("user@example.com") is None
    assert pasted_message("two lines\nof no message") is None


async def test_a_pasted_message_is_taken_whole_and_walked() -> None:
    async with app_for().run_test(size=(100, 30)) as pilot:
        field = pilot.app.screen.query_one("#target", Input)
        field.post_message(Paste(MAIL))
        await pilot.pause()
        await pilot.pause()
        assert "a pasted message, 4 lines: Enter walks it" in picture(pilot)
        field.post_message(Paste("user@example.com\nand more"))
        await pilot.pause()
        await pilot.pause()
        assert field.value == "user@example.com"


async def test_f4_asks_for_a_message_and_f3_surveys_a_domain() -> None:
    async with app_for().run_test(size=(100, 30)) as pilot:
        await pilot.press("f3")
        await pilot.pause()
        assert isinstance(pilot.app.screen, StartScreen)  # there is no domain yet
        await pilot.press("f4")
        await pilot.pause()
        field = pilot.app.screen.query_one("#target", Input)
        assert field.value == "message: "
        field.value = "example.com"
        await pilot.pause()
        assert "what it publishes" in picture(pilot)
        await pilot.press("f3")
        await pilot.pause(0.3)
        assert not isinstance(pilot.app.screen, StartScreen)
        screen = pilot.app.screen
        assert "Survey" in type(screen).__name__ or "Domain" in type(screen).__name__


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n", "\r\r\n"])
async def test_lines_are_pasted_with_the_ends_that_terminals_give_them(end: str) -> None:
    meaning = pasted_message(MAIL.replace("\n", end))
    assert meaning is not None
    assert "a pasted message, 4 lines" in meaning.words
    request = to_request(meaning, "esa:5")
    assert request.message is not None
    assert request.message.raw == MAIL.replace("\n", "\r\n").encode()
    async with app_for().run_test(size=(100, 30)) as pilot:
        await pilot.press("f4")
        pilot.app.screen.query_one("#target", Input).post_message(Paste(MAIL.replace("\n", end)))
        await pilot.pause()
        await pilot.pause()
        assert "a pasted message, 4 lines: Enter walks it" in picture(pilot)


def test_mixed_line_ends_are_pasted_too() -> None:
    lines = MAIL.splitlines()
    meaning = pasted_message("\r".join(lines[:2]) + "\n" + "\r\n".join(lines[2:]))
    assert meaning is not None
    assert meaning.pasted.count(b"\n") == len(lines) - 1


@pytest.mark.parametrize("text", ["message:", "message: ", "domain:"])
def test_what_is_only_begun_is_no_mistake(text: str) -> None:
    meaning = understand(text)
    assert not meaning.problem
    assert not meaning.usable
    assert meaning.hint


async def test_f4_opens_the_field_without_a_complaint_and_is_in_the_footer() -> None:
    async with app_for().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "F4 a message" in picture(pilot)
        await pilot.press("f4")
        await pilot.pause()
        text = picture(pilot)
        assert "or paste the message" in text
        assert "label" not in text


def test_a_file_that_is_nothing_of_ours_is_not_offered_as_a_saved_walk(tmp_path: Path) -> None:
    path = tmp_path / "garbage.eml"
    path.write_bytes(bytes(range(256)) * 20)
    meaning = understand(str(path))
    assert not meaning.usable
    assert "no message" in meaning.problem


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n", b"\r\r\n"])
def test_a_file_of_a_message_is_known_by_any_line_ends(end: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(MAIL.encode().replace(b"\n", end))
    assert understand(str(path)).message == path
