"""What stands first: the worst finding while stepping, the step in disorder at the end."""

import pytest

from mxwalk.evidence.step import StepKind
from mxwalk.senders.model import Outcome
from tests.tui.driving import app_for, until_paused
from tests.widgets.samples import EHLO_1869, sample_trace
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
