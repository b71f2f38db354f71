"""Which step failed, why, whose fault it is and what to send them: within a few keys of the end."""

from pathlib import Path

import pytest
from textual.widgets._toast import Toast

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Trace
from tests.tui.driving import app_for, picture, screen_of, until_paused
from tests.widgets.samples import EHLO_1869, sample_trace
from tui import actions
from tui.screens.chain_date import ChainDateScreen
from tui.screens.export import ExportScreen
from tui.settings import load_settings, remember_theme
from tui.understand import understand
from widgets.ehlo_view import EhloView
from widgets.findings_list import FindingsList
from widgets.identity_matrix import IdentityMatrix
from widgets.steps_tree import StepsTree
from widgets.verdict_table import VerdictTable
from widgets.wire_view import WireView


async def test_the_end_of_a_walk_shows_the_verdict_and_selects_the_deciding_step() -> None:
    async with app_for(scenario="ehlo-1869").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        await pilot.pause()
        assert screen.view.id == "verdicts"
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.EHLO
        text = picture(pilot)
        for words in ("done: ✗ deferred", "✗ EHLO", "EHLO003", "the receiver must act", "Enter explains"):  # fmt: skip
            assert words in text


async def test_enter_on_a_finding_explains_it_and_enter_again_shows_its_line() -> None:
    async with app_for(scenario="ehlo-1869").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("tab", "tab", "enter")
        await pilot.pause()
        assert "goes to the step and its bytes" in picture(pilot)
        await pilot.press("enter")
        await pilot.pause()
        screen = screen_of(pilot)
        assert screen.view.id == "ehlo"
        view = screen.query_one(EhloView)
        assert view.has_focus
        assert view.cursor_row is not None
        assert view.cursor_row.key == 1
        assert screen.selected is not None
        row = screen.query_one(WireView).cursor_row
        assert row is not None
        assert isinstance(row.key, tuple)
        assert row.key[0] == screen.selected.seq


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_y_in_the_explanation_copies_what_it_shows(size: tuple[int, int]) -> None:
    async with app_for(trace=sample_trace(ehlo=EHLO_1869)).run_test(
        size=size, notifications=True
    ) as pilot:
        await until_paused(pilot)
        await pilot.press("tab", "tab", "enter")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause(0.1)
        assert pilot.app.clipboard.startswith("EHLO003  ")
        for words in ("the receiver must act", "\nFix\n", "swaks --server", "\nWhat happened\n"):
            assert words in pilot.app.clipboard
        assert "clipboard" in picture(pilot)


async def test_notices_replace_each_other_and_leave_the_footer_in_view() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(80, 24), notifications=True) as pilot:
        await until_paused(pilot)
        before = picture(pilot).splitlines()
        await pilot.press("y", "y", "n", "n", "y")
        await pilot.pause(0.1)
        assert len(pilot.app.screen.query(Toast)) == 1
        now = picture(pilot).splitlines()
        assert "Sent to the clipboard" in now[-2]
        assert now[-1] == before[-1]
        assert now[:-2] == before[:-2]


async def test_a_dialog_opens_without_the_notice_of_the_screen_below() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(80, 24), notifications=True) as pilot:
        await until_paused(pilot)
        await pilot.press("4", "y", "a")
        await pilot.pause(0.1)
        assert isinstance(pilot.app.screen, ChainDateScreen)
        assert not pilot.app.screen.query(Toast)


async def test_a_finding_leads_to_its_step_and_the_bytes_beside_the_view_at_80x24() -> None:
    async with app_for(trace=sample_trace(ehlo=EHLO_1869)).run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("tab", "tab", "enter", "enter")
        await pilot.pause(0.05)
        screen = screen_of(pilot)
        assert screen.view.id == "ehlo"
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.EHLO
        wire = screen.query_one(WireView)
        assert wire.display
        assert wire.cursor_row is not None
        assert isinstance(wire.cursor_row.key, tuple)
        assert wire.cursor_row.key[0] == screen.selected.seq
        assert "250-STARTTLS" in picture(pilot).split("wire  C we sent")[1]


async def test_a_finding_on_revocation_leads_to_the_chain_and_promises_bytes_only_where_some_are() -> (
    None
):
    async with app_for(scenario="revoked-ocsp").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("9", "tab", "enter")
        await pilot.pause()
        promised = "its bytes" in picture(pilot)
        assert "goes to the step " in picture(pilot)
        await pilot.press("enter")
        await pilot.pause(0.05)
        screen = screen_of(pilot)
        assert screen.view.id == "chain"
        assert promised == bool(screen.selected and screen.selected.wire)  # late tickets of TLS 1.3
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.REVOCATION


async def test_the_next_problem_goes_round_at_the_end() -> None:
    async with app_for(scenario="starttls-454").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        first = screen.moment.problems()[0] if screen.moment else None
        for _ in screen.moment.problems() if screen.moment else []:
            await pilot.press("right_square_bracket")
        await pilot.pause()
        assert screen.selected is not None
        assert first is not None
        assert screen.query_one(StepsTree).step_at_cursor() is screen.selected


async def test_the_filter_opened_from_the_wire_stays_with_the_wire() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(80, 24)) as pilot:
        screen = await until_paused(pilot)
        await pilot.press("w", "slash", *"ehlo")
        await pilot.pause()
        assert "filtered by 'ehlo'" in picture(pilot)
        await pilot.press("enter")
        await pilot.pause()
        wire = screen.query_one(WireView)
        assert wire.has_focus
        assert wire.rows
        assert all("ehlo" in row.copy.casefold() for row in wire.rows if row.stop)
        assert "/ 2 of" in picture(pilot)


async def test_a_throttled_walk_that_is_over_is_inconclusive_and_no_longer_so_far() -> None:
    async with app_for(scenario="greet-421").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("2")
        await pilot.pause()
        text = picture(pilot)
        assert "inconclusive so far" not in text.splitlines()[0]
        assert "the server began with 421 instead of 220" in text


async def test_a_trace_that_was_broken_off_says_so() -> None:
    whole = sample_trace()
    cut = Trace(header=whole.header, steps=whole.steps[:7])
    async with app_for(trace=cut).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        assert "broken off here" in picture(pilot).splitlines()[0]


async def test_the_focused_option_shows_what_is_typed() -> None:
    async with app_for().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f2", *"esa:6")
        await pilot.pause()
        assert "esa:6" in picture(pilot)


def test_a_mailbox_in_a_pasted_bounce_is_understood() -> None:
    meaning = understand("550 5.7.323 tls-negotiation-failed for <user@example.com> (RESOLVER)")
    assert meaning.usable
    assert meaning.clues is not None
    assert meaning.clues.leads[0].target == "user@example.com"
    assert meaning.clues.sender == "exchange-online"
    assert "Exchange" not in understand("550 5.1.1 <user@example.com> unknown").words
    assert understand("no mailbox in here").problem


def test_a_settings_file_with_a_slip_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[keymap\n"walk.next" = "t"\n')
    remember_theme(path, "textual-light")
    assert path.read_text() == '[keymap\n"walk.next" = "t"\n'


def test_a_key_that_cannot_be_pressed_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[keymap]\n"walk.wire" = "no-key"\n"walk.next" = "ctrl+n,question_mark,f9,ö"\n')
    settings = load_settings(path, actions.known_ids())
    assert settings.keymap == {"walk.next": "ctrl+n,question_mark,f9,ö"}
    assert settings.warnings == ("keymap: no-key is no key",)


def test_every_binding_of_a_pane_can_be_remapped() -> None:
    known = actions.known_ids()
    for widget in (EhloView, IdentityMatrix, StepsTree, VerdictTable, WireView, ExportScreen):
        for binding in widget.BINDINGS:
            assert getattr(binding, "id", None) in known


async def test_a_problem_is_also_a_step_in_order_that_an_error_rests_on() -> None:
    app = app_for(scenario="sts-cert-invalid", sender="mta-sts")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        await pilot.press("g", "]")
        await pilot.pause(0.05)
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.IDENTITY
        assert not pilot.app.screen.query(Toast)


async def test_the_first_finding_is_the_one_behind_the_chosen_senders_verdict() -> None:
    app = app_for(scenario="sts-cert-invalid", sender="mta-sts")
    async with app.run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        findings = screen.query_one(FindingsList)
        assert findings.findings[0].code == "STS016"
        screen.choose_sender("esa:6")
        assert findings.findings[0].code == "IDENT002"
