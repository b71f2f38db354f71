"""The seed's worked example, walked key by key on the lab."""

import asyncio
from pathlib import Path

import pytest
from msgspec import structs

from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Timeouts
from mxwalk.senders.model import Outcome
from mxwalk.session import lab_options, traces_directory
from tests.tui.driving import app_for, picture, screen_of, until_paused, until_shown
from tests.widgets.samples import sample_trace
from tui.bridge import Phase
from widgets.findings_list import FindingsList
from widgets.identity_matrix import IdentityMatrix
from widgets.steps_tree import StepsTree


async def test_nothing_is_performed_before_a_key_asks_for_it() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        assert screen.bridge.trace is not None
        assert screen.bridge.trace.steps == ()
        assert "next: resolver" in picture(pilot)


async def test_each_n_performs_one_step_and_shows_its_natural_view() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        for count in range(1, 10):
            await pilot.press("n")
            screen = await until_paused(pilot)
            assert screen.bridge.trace is not None
            assert len(screen.bridge.trace.steps) == count
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.EHLO
        assert screen.view.id == "ehlo"
        assert "strict: ✓ offered" in picture(pilot)
        assert "next: STARTTLS" in picture(pilot)


async def test_walked_to_the_end_setting_5_verifies_and_setting_6_does_not() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        assert screen.bridge.phase is Phase.OVER
        assert "done: ✓ delivered, verified" in picture(pilot)
        steps = len(screen.moment.trace.steps) if screen.moment else 0
        await pilot.press("5")
        await pilot.pause()
        assert "VERIFIED by comparison 4" in picture(pilot)
        await pilot.press("m", "down", "enter")
        await pilot.pause()
        assert screen.sender.id == "esa:6"
        assert "ESA 6" in picture(pilot).splitlines()[0]
        assert "NOT VERIFIED" in picture(pilot)
        assert screen.moment is not None
        assert len(screen.moment.trace.steps) == steps  # no network work was repeated


async def test_verdicts_choose_by_space_and_lead_to_the_deciding_step_by_enter() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        await pilot.press("v", "down", "space")
        await pilot.pause()
        assert screen.sender.id == "esa:6"
        await pilot.press("enter")
        await pilot.pause()
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.IDENTITY
        assert screen.view.id == "identity"


async def test_selecting_an_old_step_shows_it_as_it_was_and_stops_following() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press(*"nnnn")
        for _ in range(4):
            await until_paused(pilot)
        await pilot.press("n")
        screen = await until_paused(pilot)
        screen.query_one(StepsTree).focus()
        await pilot.press("g")
        await pilot.pause()
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.RESOLVER
        assert not screen.following
        await pilot.press("f")
        await pilot.pause()
        assert screen.following
        assert screen.selected is not None
        assert screen.selected.kind is not StepKind.RESOLVER


async def test_new_steps_do_not_move_the_focus() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("n")
        screen = await until_paused(pilot)
        findings = screen.query_one(FindingsList)
        screen.focus_pane(findings)
        await pilot.press("c")
        await until_paused(pilot)
        assert screen.focused is findings


async def test_a_breakpoint_stops_a_running_walk_before_its_kind() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        screen.bridge.breakpoints.add(StepKind.STARTTLS)
        await pilot.press("c")
        await until_paused(pilot)
        assert screen.bridge.phase is Phase.PAUSED
        assert screen.bridge.pending is not None
        assert screen.bridge.pending.kind is StepKind.STARTTLS


async def test_breakpoints_are_set_in_their_dialog() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        await pilot.press("b", "space", "escape")
        await pilot.pause()
        assert screen.bridge.breakpoints == {StepKind.RESOLVER}


async def test_the_pending_command_is_edited_and_sent_as_edited() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        screen.bridge.breakpoints.add(StepKind.EHLO)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("e", "end", *"x", "enter")
        await pilot.pause()
        assert screen.bridge.pending is not None
        assert screen.bridge.pending.payload == b"EHLO probe.example.netx\r\n"
        await pilot.press("n")
        await until_paused(pilot)
        assert screen.selected is not None
        assert screen.selected.evidence.command == b"EHLO probe.example.netx\r\n"  # type: ignore[union-attr]
        assert screen.selected.evidence.planned == b"EHLO probe.example.net\r\n"  # type: ignore[union-attr]


async def test_an_edit_that_cannot_be_sent_says_why_and_stays_open() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        screen.bridge.breakpoints.add(StepKind.EHLO)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("e", "home", *"QUITX", "enter")
        await pilot.pause()
        assert "✗" in picture(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert screen_of(pilot).bridge.pending is not None


async def test_escape_cancels_a_step_that_hangs_and_leaves_a_valid_trace() -> None:
    patient = structs.replace(lab_options("silent"), timeouts=Timeouts(greeting_s=60))
    async with app_for(scenario="silent", options=patient).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        screen.bridge.breakpoints.add(StepKind.GREETING)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("n")
        async with asyncio.timeout(5):
            while screen.bridge.phase is not Phase.RUNNING:
                await pilot.pause(0.01)
        assert "running" in picture(pilot)
        await pilot.press("escape")
        await until_paused(pilot)
        assert screen.bridge.trace is not None
        assert screen.bridge.trace.steps[-1].cancelled
        (saved,) = traces_directory().iterdir()
        assert read_trace(saved).steps == screen.bridge.trace.steps


async def test_a_skipped_host_is_left_and_the_next_one_walked() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        for _ in range(3):
            await pilot.press("n")
            await until_paused(pilot)
        await pilot.press("s")
        await pilot.pause()
        await pilot.press("c")
        screen = await until_paused(pilot)
        assert screen.moment is not None
        first, second = screen.moment.delivery.hosts
        assert first.skipped
        assert not first.attempts
        assert second.attempts


async def test_retry_connects_again() -> None:
    async with app_for(scenario="esa-san").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("r")
        await pilot.pause()
        await pilot.press("c")
        screen = await until_paused(pilot)
        assert screen.moment is not None
        assert [attempt.number for attempt in screen.moment.delivery.attempts] == [1, 2]


async def test_a_finding_is_explained_by_enter_and_copied_by_y() -> None:
    async with app_for(scenario="ehlo-1869").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        screen.focus_pane(screen.query_one(FindingsList))
        await pilot.press("y")
        assert "EHLO003" in pilot.app.clipboard
        await pilot.press("enter")
        await pilot.pause()
        text = picture(pilot)
        assert "EHLO003" in text
        assert "the receiver must act" in text
        assert "Fix" in text
        await pilot.press("escape")
        await pilot.pause()
        assert screen_of(pilot) is screen


async def test_brackets_jump_between_problems() -> None:
    async with app_for(scenario="ehlo-1869").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        screen.query_one(StepsTree).focus()
        await pilot.press("g", "]")
        await pilot.pause()
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.EHLO


async def test_slash_filters_the_list_in_use_and_escape_undoes_it() -> None:
    async with app_for(scenario="ehlo-1869").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        findings = screen.query_one(FindingsList)
        findings.focus()
        before = len(findings.rows)
        await pilot.press("slash", *"EHLO003")
        await pilot.pause()
        assert sum(row.stop for row in findings.rows) == 1
        assert f"1 of {before}, filtered by 'EHLO003'" in picture(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert len(findings.rows) == before


async def test_the_steps_filter_keeps_the_host_a_step_belongs_to() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        tree = screen.query_one(StepsTree)
        tree.focus()
        await pilot.press("slash", *"STARTTLS", "enter")
        await pilot.pause()
        words = [row.lines[0].plain for row in tree.rows]
        assert any("mx01.subd.emailhosted.not" in line for line in words)
        assert len(words) < 12
        assert "filtered by 'STARTTLS'" in picture(pilot)
        step = tree.step_at_cursor()
        assert step is not None
        assert step.kind in {StepKind.EHLO, StepKind.STARTTLS}


async def test_leaving_asks_only_while_a_connection_is_open() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        screen.bridge.breakpoints.add(StepKind.EHLO)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("q")
        await pilot.pause(0.1)
        assert "A connection is open" in picture(pilot)
        await pilot.press("enter")  # the safe answer has the focus
        await pilot.pause(0.1)
        assert screen_of(pilot) is screen
        assert screen.bridge.is_connected


async def test_export_writes_the_report_and_asks_before_overwriting(tmp_path: Path) -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        walk = pilot.app.screen
        await pilot.press("x")
        await until_shown(pilot, "Mail delivery to")
        await pilot.press("enter")
        async with asyncio.timeout(20):
            while not list(tmp_path.glob("*.md")) or pilot.app.screen is not walk:
                await pilot.pause(0.02)
        (report,) = tmp_path.glob("*.md")
        assert "delivered, verified" in report.read_text()
        report.write_text("mine")
        await pilot.press("x", "enter")
        await until_shown(pilot, "exists already")
        await pilot.press("enter")  # keep it
        await pilot.pause(0.2)
        assert report.read_text() == "mine"


@pytest.mark.parametrize("scenario", ["hostile-escapes", "hostile-markup", "hostile-flood"])
async def test_hostile_servers_reach_the_screen_only_as_visible_text(scenario: str) -> None:
    async with app_for(scenario=scenario).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        for key in "123459":
            await pilot.press(key)
            await pilot.pause()
            assert all(line.isprintable() for line in picture(pilot).splitlines())
        assert pilot.app.clipboard == ""


async def test_switching_the_sender_keeps_the_cell_cursor() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        await pilot.press("5")
        await pilot.pause()
        matrix = screen.query_one(IdentityMatrix)
        before = matrix.cell()
        screen.choose_sender("esa:6")
        await pilot.pause()
        after = matrix.cell()
        assert before is not None
        assert after is not None
        assert (before.presented, before.reference) == (after.presented, after.reference)


async def test_a_configured_sender_stays_in_the_lists_when_another_is_chosen() -> None:
    wanted = "postfix:verify:.emailhosted.not"
    async with app_for(scenario="esa-hosted", sender=wanted).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        assert screen.sender.id == wanted
        assert screen.verdict is not None
        assert screen.verdict.outcome is Outcome.DELIVERED_VERIFIED
        await pilot.press("v")
        await pilot.pause()
        assert "Postfix verify (.emailhosted.not)" in picture(pilot)
        screen.choose_sender("esa:6")
        await pilot.pause()
        assert screen.sender.id == "esa:6"
        assert wanted in [one.id for one in screen.senders]
        screen.choose_sender(wanted)
        await pilot.pause()
        assert screen.verdict.label == "Postfix verify (.emailhosted.not)"


async def test_asking_what_is_next_before_the_walk_is_open_does_not_make_it_over() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        bridge = (await until_paused(pilot)).bridge
        walk, bridge._walk = bridge._walk, None
        assert (bridge.phase, bridge.pending) == (Phase.OPENING, None)
        bridge._walk = walk
        assert bridge.phase is Phase.PAUSED
        assert bridge.pending is not None
