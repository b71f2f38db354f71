"""What stands first: the worst finding while stepping, the step in disorder at the end."""

import pytest
from click.testing import CliRunner

import tui.app
from mxwalk.cli import cli
from mxwalk.commands.request import Request
from mxwalk.evidence.step import StepKind
from mxwalk.senders.model import Outcome
from tests.tui.driving import app_for, picture, until_paused
from tests.widgets.samples import EHLO_1869, sample_trace
from tui.app import run_app
from widgets.findings_list import FindingsList


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [("revoked-ocsp", StepKind.REVOCATION), ("tls-sni-required", StepKind.WITHOUT_SNI)],
)
async def test_the_end_of_a_delivered_walk_selects_the_step_that_is_not_in_order(
    scenario: str, kind: StepKind
) -> None:
    async with app_for(scenario=scenario).run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        assert screen.verdict is not None
        assert screen.verdict.outcome is Outcome.DELIVERED_VERIFIED
        assert screen.selected is not None
        assert screen.selected.kind is kind


async def test_the_worst_finding_is_in_view_while_stepping_until_another_one_is_read() -> None:
    async with app_for(trace=sample_trace(ehlo=EHLO_1869)).run_test(size=(80, 24)) as pilot:
        screen = await until_paused(pilot)
        findings = screen.query_one(FindingsList)
        await pilot.press("home", *"nnnnnnnnnn")
        await pilot.pause(0.05)
        assert findings.findings[0].code == "EHLO003"
        assert findings.cursor_index == 0
        assert findings.scroll_offset.y == 0
        await pilot.press("tab", "tab", "j", "n")
        await pilot.pause(0.05)
        assert findings.cursor_index is not None
        assert findings.cursor_index > 0


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ("crl-unreachable", "? revocation: unknown: the CRL could not be had"),
        ("pkix-must-staple", "✓ revocation: good; ! a staple is demanded and missing"),
    ],
)
async def test_the_chain_says_first_what_is_known_of_revocation(scenario: str, words: str) -> None:
    async with app_for(scenario=scenario).run_test(size=(120, 60)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("4")
        await pilot.pause()
        lines = picture(pilot).splitlines()
        trusted = next(at for at, line in enumerate(lines) if "✓ TRUSTED" in line)
        assert words in lines[trusted + 1]
        assert "revocation   " + words.replace("revocation: ", "") in picture(pilot)


async def test_the_footer_and_the_help_name_the_keys_of_the_focused_view() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 60)) as pilot:
        await until_paused(pilot)
        assert "read on" not in picture(pilot).splitlines()[-1]
        await pilot.press("4")
        await pilot.pause()
        text = picture(pilot)
        assert "Enter read on  a date  y copy" in text.splitlines()[-1]
        assert "Enter: read on" in text
        await pilot.press("question_mark")
        await pilot.pause()
        assert "Read on in the tab, and back to the certificate" in picture(pilot)
        assert "Open" not in picture(pilot)


async def test_the_footer_stays_usable_in_a_narrow_window() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("4")
        await pilot.pause()
        footer = picture(pilot).splitlines()[-1]
        for words in ("n next", "Enter read on", "a date", "? help"):
            assert words in footer


@pytest.mark.parametrize("more", [[], ["--ascii"]])
def test_ascii_on_the_command_line_holds_for_the_screens(
    monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(tui.app, "run_app", lambda **given: asked.append(given["ascii_only"]))
    monkeypatch.setattr(Request, "wants_screen", lambda _self, **_more: True)
    CliRunner().invoke(cli, ["lab", "revoked-crl", *more], catch_exceptions=False)
    assert asked == [bool(more)]
    assert "on screens" in " ".join(CliRunner().invoke(cli, ["lab", "--help"]).output.split())


def test_ascii_wins_over_the_settings_file(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[str] = []
    monkeypatch.setattr(
        tui.app.MxwalkApp, "run", lambda self, **_more: used.append(self.settings.glyph_set)
    )
    run_app(scenario="revoked-crl", ascii_only=True)
    assert used == ["ascii"]


async def test_the_chain_is_drawn_in_ascii_with_a_space_behind_the_marker() -> None:
    app = app_for(trace=sample_trace(), glyphs="ascii")
    async with app.run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("4")
        await pilot.pause()
        text = picture(pilot)
        assert "> leaf" in text
        assert text.isascii()
