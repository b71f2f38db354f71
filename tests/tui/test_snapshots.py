"""A few whole screens; the evidence is made by hand, so that every run draws the same."""

from collections.abc import Callable

from tests.tui.driving import app_for
from tests.widgets.samples import EHLO_1869, sample_trace
from tui.app import MxwalkApp

SnapCompare = Callable[..., bool]


def test_identity_at_80x24(snap_compare: SnapCompare) -> None:
    app: MxwalkApp = app_for(trace=sample_trace())
    assert snap_compare(app, press=["5"], terminal_size=(80, 24))


def test_malformed_ehlo_at_120x36(snap_compare: SnapCompare) -> None:
    app = app_for(trace=sample_trace(ehlo=EHLO_1869))
    assert snap_compare(app, press=["2"], terminal_size=(120, 36))


def test_chain_at_120x36(snap_compare: SnapCompare) -> None:
    app = app_for(trace=sample_trace())
    assert snap_compare(app, press=["4"], terminal_size=(120, 36))


def test_settings_5_and_6_side_by_side(snap_compare: SnapCompare) -> None:
    app = app_for(trace=sample_trace())
    assert snap_compare(app, press=["5", "d", "z"], terminal_size=(150, 32))


def test_verdicts_in_a_light_theme(snap_compare: SnapCompare) -> None:
    app = app_for(trace=sample_trace(), theme="textual-light")
    assert snap_compare(app, press=["9"], terminal_size=(120, 36))
