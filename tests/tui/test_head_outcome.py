"""The outcome in the head of a walk: our own resolver stands there only where a look-up decided."""

from __future__ import annotations

import pytest

from mxwalk.evidence.step import Decided, DecisionKind, StepKind
from mxwalk.senders.registry import profile
from tests.findings.test_own_resolver import busy, denying, half_a_line, hanging, silent, stuck, web
from tests.widgets.conftest import Host, text_of
from tui.moment import moment, shown
from tui.screens.walk_words import _outcome
from widgets.plain import outcome_words
from widgets.route_view import RouteView


def ended():
    stop = Decided(decision=DecisionKind.STOP)
    return denying().add(StepKind.DECISION, stop).delivery()


@pytest.mark.parametrize("made", [silent, busy, half_a_line, hanging, web, stuck, ended])
def test_what_a_connection_or_a_person_decided_is_told_as_it_is(made) -> None:
    trace = made().trace
    verdict = profile("esa:5").judge(made())
    told = _outcome(verdict, moment(trace))
    assert told.endswith(outcome_words(verdict.outcome, over=True))
    assert "your side" not in told


async def test_a_denial_that_does_not_count_is_named_as_that() -> None:
    view = RouteView()
    async with Host(view).run_test(size=(100, 30)) as pilot:
        view.show(shown(moment(silent().trace), profile("esa:5"), (), None, None))
        await pilot.pause()
        assert "PTR  NXDOMAIN, not believed" in text_of(view)
