"""Settings and saved walks of the tests live in a temporary folder; the self-check asks nobody."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import platformdirs
import pytest

import tui.first_hints
from mxwalk.clock import Clock
from mxwalk.commands import own
from mxwalk.delivery.mark import Mark
from mxwalk.ownside.result import Result
from widgets.glyphs import use_glyphs


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is read from or written to the folders of whoever runs the tests."""
    config, state = tmp_path / "config", tmp_path / "state"
    monkeypatch.setattr(platformdirs, "user_config_path", lambda *_args, **_more: config)
    monkeypatch.setattr(platformdirs, "user_state_path", lambda *_args, **_more: state)
    # The hints for the first time have tests of their own.
    monkeypatch.setattr(tui.first_hints, "seen", lambda: frozenset({"start", "walk"}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def quiet_self_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start screen's panel is filled without asking the machine's resolver."""

    async def checks(resolver: str, helo: str, clock: Clock) -> AsyncIterator[Result]:
        yield Result(
            id="resolver",
            label="resolver",
            state=Mark.OK,
            words="192.0.2.53 answers and validates DNSSEC",
        )
        yield Result(id="egress", label="port 25 out", state=Mark.UNKNOWN, words="not tested here")

    monkeypatch.setattr(own, "self_check", checks)


@pytest.fixture(autouse=True)
def unicode_glyphs() -> Iterator[None]:
    """Tests see the Unicode set unless they choose the other."""
    use_glyphs("unicode")
    yield
    use_glyphs("unicode")
