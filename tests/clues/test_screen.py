"""The start screen understands what is pasted, and the clue screen explains it and starts the walk."""

from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from mxwalk.evidence.trace import Purpose
from tests.clues.test_corpus import text_of
from tui.app import MxwalkApp
from tui.meaning import to_request
from tui.screens.clues import CluesScreen
from tui.screens.explain import EntryScreen
from tui.screens.paste import PasteScreen
from tui.screens.start import StartScreen
from tui.understand import pasted_text, understand
from widgets.clue_list import ClueFacts, ClueList

SMALL = (80, 24)
NDR = text_of("exo-old-323")


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


async def paste(app: MxwalkApp, pilot: Pilot[None], text: str) -> None:
    await pilot.pause()
    app.screen.query_one("#target").post_message(Paste(text))
    await pilot.pause()


def shown(app: MxwalkApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).render())


def opened(app: MxwalkApp, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return the requests opened from now on, in place of the screens."""
    asked: list[object] = []
    monkeypatch.setattr(app, "open", asked.append)
    return asked


# -- what the field understands --------------------------------------------------------------------


def test_a_log_line_in_the_field_is_explained_and_names_the_recipient() -> None:
    meaning = understand(text_of("postfix-not-offered").strip())
    assert meaning.clues is not None
    assert "Postfix" in meaning.words
    assert "user@example.com" in meaning.words


@pytest.mark.parametrize("text", ["5.7.323", "450 4.7.324 dnssec-invalid", "4/5.7.321"])
def test_a_code_in_the_field_is_explained(text: str) -> None:
    meaning = understand(text)
    assert meaning.clues is not None
    assert meaning.clues.sender == "exchange-online"


@pytest.mark.parametrize(
    "text",
    [
        "user@example.com",
        "example.com",
        "mx.example.com:25",
        "192.0.2.1",
        "esa-hosted",
        "domain: example.com",
    ],
)
def test_targets_stay_targets(text: str) -> None:
    assert understand(text).clues is None


def test_a_pasted_bounce_mail_is_a_report_first_and_a_message_too() -> None:
    meaning = pasted_text(text_of("dsn-postfix-mail"))
    assert meaning is not None
    request = to_request(meaning, "esa:5")
    assert request.clues is not None
    assert request.clues.leads[0].target == "user@example.com"
    assert request.message is not None
    assert request.message.raw.startswith(b"Return-Path")


def test_an_ordinary_message_is_no_report() -> None:
    text = "From: a@example.com\nTo: b@example.com\nSubject: 550 5.7.1?\n\nWhat is 5.7.1?\n"
    meaning = pasted_text(text)
    assert meaning is not None
    assert meaning.clues is None
    assert meaning.pasted


def test_one_line_and_lines_that_tell_nothing_are_left_to_the_field() -> None:
    assert pasted_text(text_of("code-323").strip()) is None
    assert pasted_text("two lines\nof nothing") is None


@pytest.mark.parametrize("name", ["mail.log", "bounce.txt", "bounce.eml"])
def test_a_file_of_such_text_is_opened(name: str, tmp_path: Path) -> None:
    source = "dsn-postfix-mail" if name.endswith("eml") else "postfix-dane-mismatch"
    path = tmp_path / name
    path.write_text(text_of(source))
    meaning = understand(str(path))
    assert meaning.clues is not None
    request = to_request(meaning, "esa:5")
    assert (request.message is not None) == name.endswith("eml")


# -- the screen --------------------------------------------------------------------------------------


async def test_a_pasted_report_is_named_below_the_field_and_enter_explains_it() -> None:
    app = MxwalkApp()
    async with app.run_test(size=SMALL) as pilot:
        await paste(app, pilot, NDR)
        assert "Exchange Online" in shown(app, "#meaning")
        assert "5.7.323" in shown(app, "#meaning")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, CluesScreen)
        facts = app.screen.query_one(ClueFacts)
        words = "\n".join(line.plain for row in facts.rows for line in row.lines)
        assert "DANE002" in words
        assert "user@example.com" in words
        assert all(line.cell_length <= facts.line_width for row in facts.rows for line in row.lines)
        assert "exchange-online" in shown(app, "#banner")


async def test_enter_starts_the_walk_of_the_recipient_with_the_sender(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = MxwalkApp()
    async with app.run_test(size=SMALL) as pilot:
        await paste(app, pilot, NDR)
        await pilot.press("enter")
        await pilot.pause()
        asked = opened(app, monkeypatch)
        await pilot.press("enter")
        await pilot.press("w")
    assert len(asked) == 2
    for request in asked:
        assert request.target == "user@example.com"
        assert request.sender == request.options.sender == "exchange-online"
        assert request.purpose is Purpose.DELIVERY


async def test_a_finding_is_explained_and_a_route_is_taken_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = MxwalkApp()
    async with app.run_test(size=SMALL) as pilot:
        await paste(app, pilot, text_of("postfix-dane-mismatch"))
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("tab", "enter")
        await pilot.pause()
        assert isinstance(app.screen, EntryScreen)
        await pilot.press("escape")
        await pilot.pause()
        asked = opened(app, monkeypatch)
        await pilot.press("G", "enter")
    (request,) = asked
    assert [one.destination for one in request.options.routes] == ["mx.example.com"]
    assert request.sender == "postfix:dane"
    assert request.since == "Nov 22 05:51:58 (mx.example.com)"


async def test_the_explanation_follows_the_cursor() -> None:
    app = MxwalkApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await paste(app, pilot, text_of("postfix-dane-mismatch"))
        await pilot.press("enter")
        await pilot.pause()
        before = app.screen.query_one(ClueFacts).rows[0].lines[0].plain
        await pilot.press(
            "up"
            if len(app.screen.query_one(ClueList).rows) - 1
            == app.screen.query_one(ClueList).cursor_index
            else "down"
        )
        await pilot.pause()
        assert app.screen.query_one(ClueList).chosen is not None
        assert app.screen.query_one(ClueFacts).rows[0].lines[0].plain != before


async def test_m_walks_a_report_as_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    app = MxwalkApp()
    async with app.run_test(size=SMALL) as pilot:
        await paste(app, pilot, text_of("dsn-postfix-mail"))
        await pilot.press("enter")
        await pilot.pause()
        asked = opened(app, monkeypatch)
        await pilot.press("m")
    (request,) = asked
    assert request.purpose is Purpose.MESSAGE


async def test_a_dialogue_opens_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "220 mx.example.com ESMTP\nEHLO client.example.org\n250-mx.example.com\n250-SIZE 1000\n250 STARTTLS\nQUIT\n221 bye\n"
    app = MxwalkApp()
    async with app.run_test(size=SMALL) as pilot:
        await paste(app, pilot, text)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, CluesScreen)
        asked = opened(app, monkeypatch)
        await pilot.press("enter")
    (request,) = asked
    assert request.trace is not None
    assert request.trace.steps


async def test_a_code_without_a_name_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = MxwalkApp()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press(*"5.7.323", "enter")
        await pilot.pause()
        assert isinstance(app.screen, CluesScreen)
        asked = opened(app, monkeypatch)
        await pilot.press("w")
        assert asked == []
        monkeypatch.undo()
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, StartScreen)


async def test_the_paste_box_opens_what_its_text_tells() -> None:
    app = MxwalkApp()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("f5")
        await pilot.pause()
        assert isinstance(app.screen, PasteScreen)
        app.screen.query_one(TextArea).text = NDR
        await pilot.press("f5")
        await pilot.pause()
        assert isinstance(app.screen, CluesScreen)


@pytest.mark.parametrize("size", [(40, 12), (60, 16), SMALL, (120, 36), (200, 50)])
async def test_every_size_shows_the_screen(size: tuple[int, int]) -> None:
    app = MxwalkApp()
    async with app.run_test(size=size) as pilot:
        await paste(app, pilot, text_of("esa-required-delayed"))
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.query_one(ClueList).rows
