"""What the walk screens say where little fits, nothing matches, or a walk is still opening."""

import pytest
from textual.pilot import Pilot

from tests.tui.driving import app_for, picture
from tests.tui.test_message_walk import said, until_paused, walked
from tui.app import MxwalkApp
from tui.bridge import Phase
from tui.request import Request
from tui.screens.walk import Walking
from tui.settings import Settings
from widgets.findings_list import OWNER_WORDS, FindingsList
from widgets.spf_what_if import WhatIfPane
from widgets.steps_tree import StepsTree
from widgets.verdict_table import VerdictTable
from widgets.wire_view import WireView


def notices(pilot: Pilot[None]) -> list[str]:
    return [one.message for one in pilot.app._notifications]


FAILED = ("dmarc-mailing-list", "spf-too-many-lookups", "dmarc-claims-differ", "dmarc-tree-differs")


async def test_a_filter_that_nothing_matches_never_reads_as_nothing_found() -> None:
    async with app_for(scenario="dmarc-mailing-list").run_test(size=(120, 36)) as pilot:
        screen = await walked(pilot)
        screen.query_one(FindingsList).focus()
        await pilot.press("slash", *"zzz")
        await pilot.pause()
        shown = said(picture(pilot))
        assert "nothing matches 'zzz'" in shown
        assert "No findings so far" not in shown
        assert "No message yet" not in shown
        assert "Esc shows all 7" in shown
        await pilot.press("enter")
        await pilot.pause()
        screen.draw()  # a new step, or another sender, draws anew
        assert "nothing matches 'zzz'" in said(picture(pilot))
        await pilot.press("escape")
        await pilot.pause()
        assert "filtered" not in picture(pilot)
        assert len(screen.query_one(FindingsList).rows) == 7


@pytest.mark.parametrize("key", ["n", "c"])
async def test_a_key_pressed_while_the_walk_opens_is_not_lost(key: str) -> None:
    async with app_for(scenario="dmarc-mailing-list").run_test(size=(120, 36)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, Walking)
        assert screen.bridge.phase is Phase.OPENING
        await pilot.press(key)
        shown = said(picture(pilot))
        if screen.bridge.phase is Phase.OPENING:
            assert "opening, then" in shown
            assert "press n for the first one" not in shown
        for _ in range(1_000):
            await pilot.pause(0.02)
            steps = screen.bridge.trace.steps if screen.bridge.trace else ()
            if steps and screen.bridge.phase is not Phase.RUNNING:
                break
        assert screen.bridge.phase is (Phase.PAUSED if key == "n" else Phase.OVER)


async def test_a_walk_that_cannot_be_opened_says_why_where_its_steps_would_be() -> None:
    app = MxwalkApp(Request(target="not..a domain"), Settings())
    async with app.run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.pause(0.1)
        tree = pilot.app.screen.query_one(StepsTree)
        assert "could not be opened: " in tree.empty
        assert tree.empty in picture(pilot) or tree.empty[:30] in picture(pilot)
        assert "press n for the first" not in picture(pilot)


async def test_escape_while_the_walk_opens_takes_the_key_back() -> None:
    async with app_for(scenario="dmarc-mailing-list").run_test(size=(120, 36)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, Walking)
        screen.bridge.go(whole=True)
        assert screen.bridge.phase is Phase.OPENING
        assert screen.bridge.cancel()
        await until_paused(pilot)
        assert screen.bridge.phase is Phase.PAUSED
        assert not screen.bridge.trace.steps  # type: ignore[union-attr]


@pytest.mark.parametrize("scenario", FAILED)
async def test_in_24_rows_verdict_owner_and_fix_are_seen_without_scrolling(scenario: str) -> None:
    async with app_for(scenario=scenario).run_test(size=(80, 24)) as pilot:
        screen = await walked(pilot)
        shown = said(picture(pilot))
        findings = screen.query_one(FindingsList)
        first = findings.findings[0]
        assert "quarantined" in shown or "rejected" in shown
        assert OWNER_WORDS[first.actor] in shown
        assert said(first.fix)[:40] in shown
        table = screen.query_one(VerdictTable)
        assert len([row for row in table.rows if row.stop]) == 4
        assert "RFC 7489" in shown  # the next receiver is not pushed out by the first one's words


async def test_a_low_list_of_findings_has_whole_sentences_when_it_has_room() -> None:
    async with app_for(scenario="dmarc-mailing-list").run_test(size=(80, 24)) as pilot:
        screen = await walked(pilot, "tab", "tab", "z")
        await pilot.pause(0.2)
        first = screen.query_one(FindingsList).findings[0]
        assert screen.query_one(FindingsList).size.height > 18
        assert said(first.sentence) in said(picture(pilot).replace("▌", " "))


async def test_the_zoomed_steps_have_the_whole_screen_at_the_end() -> None:
    async with app_for(scenario="dmarc-mailing-list").run_test(size=(80, 24)) as pilot:
        screen = await walked(pilot, "z")
        await pilot.pause(0.1)
        assert screen.query_one(StepsTree).size.height > 18


async def test_an_only_problem_is_said_to_be_the_only_one() -> None:
    async with app_for(scenario="domain-monitoring").run_test(size=(120, 36)) as pilot:
        screen = await walked(pilot)
        problems = screen.moment.problems() if screen.moment else []
        assert len(problems) == 1
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert "This is the only problem." in notices(pilot)


@pytest.mark.parametrize(
    ("scenario", "key", "words"),
    [
        ("dkim-good", "6", "There is no view 6 here: 1-5, 7, 9."),
        ("domain-monitoring", "6", "There is no view 6 here: 1-5, 7, 8."),
        ("dkim-good", "i", "Another SPF record is tried in the SPF view: 2, then i."),
        ("domain-monitoring", "m", "A survey is judged by one measure alone."),
    ],
)
async def test_a_key_that_does_nothing_here_says_so(scenario: str, key: str, words: str) -> None:
    async with app_for(scenario=scenario).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press(key)
        await pilot.pause()
        assert words in notices(pilot)


async def test_what_was_tried_before_is_said_to_be_old_while_another_record_is_typed() -> None:
    async with app_for(scenario="spf-too-many-lookups").run_test(size=(100, 36)) as pilot:
        await walked(pilot, "2", "i")
        pane = pilot.app.screen.query_one(WhatIfPane)
        for _ in range(100):
            await pilot.pause(0.02)
            if pane.rows:
                break
        assert "what was tried before" not in said(picture(pilot))
        await pilot.press("end", "x")
        await pilot.pause()
        assert "Below is what was tried before" in said(picture(pilot))
        await pilot.press("enter")
        for _ in range(100):
            await pilot.pause(0.02)
            if "what was tried before" not in said(picture(pilot)):
                break
        assert "what was tried before" not in said(picture(pilot))


async def test_a_survey_asks_for_an_address_before_it_complains_of_none() -> None:
    async with app_for(scenario="domain-monitoring").run_test(size=(80, 24)) as pilot:
        await walked(pilot, "2", "i")
        await pilot.pause(0.1)
        shown = said(picture(pilot))
        assert "• Type the address of the client" in shown
        assert "✗ An address is needed" not in shown


async def test_without_a_dmarc_record_what_to_publish_comes_first() -> None:
    async with app_for(scenario="domain-nothing").run_test(size=(100, 36)) as pilot:
        await walked(pilot, "4")
        shown = said(picture(pilot))
        assert "what to publish" in shown
        assert "_dmarc.example.com. IN TXT" in shown
        assert "✓ organizational domain" not in shown
        await pilot.press("3")
        await pilot.pause()
        assert "0 keys at 75 selectors" in said(picture(pilot))


async def test_the_header_never_ends_in_half_a_name() -> None:
    async with app_for(scenario="domain-monitoring").run_test(size=(80, 24)) as pilot:
        await walked(pilot)
        assert "Roll-out •" in said(picture(pilot))


async def test_the_number_of_a_source_line_never_stands_alone() -> None:
    async with app_for(scenario="dmarc-mailing-list").run_test(size=(200, 60)) as pilot:
        screen = await walked(pilot)
        rows = screen.query_one(WireView).rows
        assert not [row for row in rows if row.lines[0].plain.strip().isdigit()]
        assert all(part.cell_length <= 52 for row in rows for part in row.lines)


async def test_ctrl_c_names_the_keys_that_leave_and_cancel() -> None:
    async with app_for(scenario="dmarc-mailing-list").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert notices(pilot) == ["q leaves; Esc cancels what is running."]


async def test_in_the_filter_the_footer_names_no_keys_that_would_be_typed() -> None:
    async with app_for(scenario="dmarc-mailing-list").run_test(size=(80, 24)) as pilot:
        await walked(pilot, "slash")
        await pilot.pause()
        assert picture(pilot).splitlines()[-1].strip() == "Enter to what is left  Esc clear"
        await pilot.press("escape")
        await pilot.pause()
        assert "next problem" in picture(pilot).splitlines()[-1]
