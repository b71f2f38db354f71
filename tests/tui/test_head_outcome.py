"""The outcome in the head of a walk: our own resolver stands there only where a look-up decided."""

from __future__ import annotations

import pytest

from mxwalk.evidence.step import Decided, DecisionKind, StepKind
from mxwalk.senders.registry import profile
from tests.findings.test_own_resolver import busy, denying, half_a_line, hanging, silent, stuck, web
from tui.moment import moment
from tui.screens.walk_words import _outcome
from widgets.plain import outcome_words


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
