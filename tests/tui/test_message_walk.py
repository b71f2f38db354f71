"""Message walks and surveys on lab scenarios: views, words, source and answers, what if."""

import asyncio

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Trace
from tests.tui.driving import app_for, picture
from tui.bridge import Phase
from tui.screens.help import HelpScreen
from tui.screens.spf_what_if import SpfWhatIfScreen
from tui.screens.walk import Walking
from widgets.dkim_view import DkimView
from widgets.message_answers import AnswersView
from widgets.message_source import SourceView
from widgets.spf_view import SpfView
from widgets.spf_what_if import WhatIfPane
from widgets.verdict_table import VerdictTable

SIZES = [(80, 24), (120, 36), (200, 60)]


async def until_paused(pilot: Pilot[None]) -> Walking:
    async with asyncio.timeout(30):
        while True:
            await pilot.pause(0.01)
            screen = pilot.app.screen
            assert isinstance(screen, Walking)
            if screen.bridge.phase not in (Phase.OPENING, Phase.RUNNING):
                await pilot.pause()
                return screen


async def walked(pilot: Pilot[None], *keys: str) -> Walking:
    await until_paused(pilot)
    await pilot.press("c")
    async with asyncio.timeout(30):
        while (screen := await until_paused(pilot)).bridge.phase is not Phase.OVER:
            await pilot.pause(0.01)
    await pilot.press(*keys)
    await pilot.pause()
    return screen


def said(text: str) -> str:
    return " ".join(text.split())


async def test_each_step_of_a_message_walk_shows_its_view() -> None:
    async with app_for(scenario="dkim-good").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        seen: dict[StepKind, str] = {}
        while screen.bridge.phase is Phase.PAUSED:
            await pilot.press("n")
            screen = await until_paused(pilot)
            assert screen.moment is not None
            assert screen.moment.last is not None
            seen[screen.moment.last.kind] = screen.view.id
    assert seen[StepKind.MESSAGE] == "message"
    assert seen[StepKind.SPF_MAILFROM] == seen[StepKind.SPF_HELO] == "spf"
    assert seen[StepKind.DKIM] == "dkim"
    assert seen[StepKind.DMARC] == seen[StepKind.DISPOSITION] == "dmarc"


@pytest.mark.parametrize("size", SIZES)
async def test_every_view_of_a_message_walk_is_reached_by_its_key(size: tuple[int, int]) -> None:
    async with app_for(scenario="dkim-list-footer").run_test(size=size) as pilot:
        screen = await walked(pilot)
        for key, words in {
            "1": "who it says it is from",
            "2": "lookups",
            "3": "certain: The body hash agrees without",
            "4": "the domain asks",
            "5": "found and claimed",
            "7": "DNSSEC",
            "9": "what each receiver would do",
        }.items():
            await pilot.press(key)
            await pilot.pause()
            text = picture(pilot)
            assert words in text, (key, text)
            assert screen.query_one("#views").has_focus_within


async def test_words_are_those_of_receivers_in_footer_table_and_help() -> None:
    async with app_for(scenario="dkim-good").run_test(size=(120, 36)) as pilot:
        screen = await walked(pilot)
        text = picture(pilot)
        assert "m receiver" in text
        assert "w source" in text
        assert screen.query_one(VerdictTable).title_words() == "what each receiver would do"
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)
        pane = pilot.app.screen.query_one("#text")
        words = said("\n".join(part.plain for row in pane.rows for part in row.lines))
        assert "Judge as another receiver" in words
        assert "What every receiver would do" in words
        assert "header fields as they came" in words
        assert "Change the pending command" not in words  # there is none to change
        assert "delivery host" not in words
        assert "sender" not in words


async def test_the_source_shows_the_header_and_goes_to_the_signature_looked_at() -> None:
    async with app_for(scenario="dkim-good").run_test(size=(120, 36)) as pilot:
        screen = await walked(pilot)
        step = next(s for s in screen.bridge.trace.steps if s.kind is StepKind.DKIM)
        screen.go_to(step)
        await pilot.press("w")
        await pilot.pause()
        source = screen.query_one(SourceView)
        assert source.has_focus
        assert source.cursor_row is not None
        assert source.cursor_row.copy.startswith("DKIM-Signature:")
        assert "source  the header fields as they came" in picture(pilot)


async def test_a_replay_of_a_message_walk_shows_the_same() -> None:
    async with app_for(scenario="dkim-list-footer").run_test(size=(120, 36)) as pilot:
        screen = await walked(pilot, "3")
        trace: Trace = screen.bridge.trace
        live = [part.plain for row in screen.query_one(DkimView).rows for part in row.lines]
    async with app_for(trace=trace).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("3")
        await pilot.pause()
        view = pilot.app.screen.query_one(DkimView)
        assert [part.plain for row in view.rows for part in row.lines] == live


# -- what if --------------------------------------------------------------------------------------


async def tried(pilot: Pilot[None], record: str, address: str = "") -> str:
    """Evaluate a record in the dialog and return what it says."""
    screen = pilot.app.screen
    assert isinstance(screen, SpfWhatIfScreen)
    if address:
        screen.query_one("#address", Input).value = address
    field = screen.query_one("#record", Input)
    field.value = record
    field.focus()
    await pilot.press("enter")
    await pilot.pause()
    for worker in [one for one in pilot.app.workers if one.node is screen]:
        async with asyncio.timeout(20):
            await worker.wait()
    await pilot.pause()
    pane = screen.query_one(WhatIfPane)
    return said("\n".join(part.plain for row in pane.rows for part in row.lines))


@pytest.mark.parametrize("size", SIZES)
async def test_another_record_is_evaluated_live_without_publishing_it(
    size: tuple[int, int],
) -> None:
    async with app_for(scenario="spf-fail").run_test(size=size) as pilot:
        screen = await walked(pilot, "2", "i")
        steps = len(screen.bridge.trace.steps)
        address = pilot.app.screen.query_one("#address", Input).value
        text = await tried(pilot, f"v=spf1 ip4:{address} -all")
        assert "published ✗ fail" in text
        assert "tried ✓ pass" in text
        assert "fail → pass" in text
        assert f'IN TXT "v=spf1 ip4:{address} -all"' in text
        assert "Enter evaluates" in picture(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert len(screen.bridge.trace.steps) == steps  # nothing of it is in the trace


async def test_live_what_the_record_leads_to_is_asked_and_in_a_replay_it_is_not_known() -> None:
    record = "v=spf1 a:mail.example.com -all"
    async with app_for(scenario="spf-fail").run_test(size=(120, 36)) as pilot:
        screen = await walked(pilot, "2", "i")
        trace = screen.bridge.trace
        live = await tried(pilot, record)
        assert "Not known here" not in live
    async with app_for(trace=trace).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("2", "i")
        await pilot.pause()
        assert "uses the trace alone" in picture(pilot)
        text = await tried(pilot, record.replace("mail.", "unheard-of."))
        assert "tried ? temperror" in text
        assert "? Not known here: unheard-of.example.com A" in text


async def test_an_address_that_is_none_is_told_while_typing() -> None:
    async with app_for(scenario="spf-pass").run_test(size=(120, 36)) as pilot:
        await walked(pilot, "2", "i")
        field = pilot.app.screen.query_one("#address", Input)
        field.value = "192.0.2"
        await pilot.pause()
        assert "That is no IP address." in picture(pilot)


async def test_without_an_evaluation_there_is_nothing_to_try() -> None:
    async with app_for(scenario="spf-pass").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("2", "i")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Walking)
        told = [notice.message for notice in pilot.app._notifications]
        assert any("no evaluation to vary" in message for message in told)


# -- surveys --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_survey_has_the_views_of_a_domain_and_shows_its_answers(
    size: tuple[int, int],
) -> None:
    async with app_for(scenario="domain-complete").run_test(size=size) as pilot:
        screen = await walked(pilot)
        assert screen.view.id == "rollout"
        await pilot.press("2")
        await pilot.pause()
        assert "if nothing matches" in said(picture(pilot))
        await pilot.press("4")
        await pilot.pause()
        assert "organizational domain example.com" in picture(pilot)
        await pilot.press("v")
        await pilot.pause()
        assert screen.view.id == "rollout"
        await pilot.press("w")
        await pilot.pause()
        answers = screen.query_one(AnswersView)
        assert answers.has_focus
        assert any('"v=DMARC1; p=reject' in row.copy for row in answers.rows)


async def test_a_survey_is_tried_for_an_address_that_is_asked_for() -> None:
    async with app_for(scenario="domain-complete").run_test(size=(120, 36)) as pilot:
        screen = await walked(pilot, "2")
        assert isinstance(screen.focused, SpfView)
        await pilot.press("i")
        await pilot.pause()
        assert "Type the address of the client" in picture(pilot)
        text = await tried(pilot, "v=spf1 ip4:203.0.113.7 -all", "203.0.113.7")
        assert "published ✗ fail" in text
        assert "tried ✓ pass" in text
