"""A home that cannot be written: below a file, below what the kernel makes, and without permission."""

import os
from pathlib import Path

import pytest

from mxwalk.session import Saving, lab_options, open_walk
from tests.cli.test_output import mxwalk
from tui import first_time, walk_options
from tui.settings import remember_theme

# What permissions forbid, root may do all the same.
_PLACES = ["below a file", "below /proc", *(["not ours"] if os.geteuid() else [])]


@pytest.fixture(params=_PLACES)
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    match request.param:
        case "below a file":
            (tmp_path / "file").write_text("")
            path = tmp_path / "file" / "state"
        case "below /proc":
            path = Path("/proc/1/state")  # even root makes no file there
        case _:
            path = tmp_path / "closed" / "state"
            path.parent.mkdir(mode=0o500)
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(path))
    return path


async def test_the_walk_goes_on_and_says_that_it_is_not_saved(home: Path) -> None:
    notices: list[str] = []
    async with open_walk(
        None,
        lab_options("dane-good"),
        scenario="dane-good",
        save=Saving.STATE,
        on_notice=notices.append,
    ) as walk:
        assert len(notices) == 1, "it is said before the first step"
        while await walk.step() is not None:
            pass
    assert len(notices) == 1
    assert notices[0].startswith("this walk is not saved: ")
    assert (
        notices[0].removeprefix("this walk is not saved: ").startswith("cannot make the directory ")
    )
    assert "Errno" not in notices[0]
    assert str(home.parent) in notices[0]
    assert walk.trace.steps[-1].kind.value == "quit"


def test_what_would_be_remembered_is_not_and_nothing_is_said(home: Path) -> None:
    walk_options.remember({"helo": "mail.example.com"})
    first_time.put_away("start")
    remember_theme(home / "mxwalk" / "settings.toml", "nord")
    assert walk_options.remembered() == {}
    assert first_time.seen() == frozenset()


def test_the_command_line_refuses_a_file_there_before_it_walks(home: Path) -> None:
    done = mxwalk("check", "--lab", "dane-good", "--save", str(home / "walk.mxtrace"))
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"there is no such directory" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_command_without_a_file_needs_no_home(home: Path) -> None:
    done = mxwalk("check", "--lab", "dane-good")
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert b"VERDICT" in done.stdout
