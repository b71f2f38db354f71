"""A fault that ends the interface is told to whoever called: one sentence, and an exit code."""

import pytest
from textual.app import App

from mxwalk import cli
from tui.app import MxwalkApp, run_app


def test_a_fault_in_the_interface_ends_with_the_code_of_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_self: object, _request: object) -> None:
        raise ValueError("broken on purpose")

    run = App.run
    monkeypatch.setattr(MxwalkApp, "open", fail)
    monkeypatch.setattr(MxwalkApp, "run", lambda app, **_how: run(app, headless=True))
    monkeypatch.setattr(cli, "cli", lambda **_given: run_app())
    monkeypatch.delenv("MXWALK_DEBUG", raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 70
    assert "a fault of mxwalk itself: ValueError: broken on purpose" in capsys.readouterr().err


def test_leaving_the_interface_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    run = App.run
    monkeypatch.setattr(MxwalkApp, "open", lambda app, _request: app.exit())
    monkeypatch.setattr(MxwalkApp, "run", lambda app, **_how: run(app, headless=True))
    run_app()
