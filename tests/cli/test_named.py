"""Paths that people name: a tilde is a home where there is one, and no name is a fault of ours."""

from collections.abc import Callable, Iterator
from pathlib import Path

import certifi
import click
import pytest
from click.testing import CliRunner
from textual import events
from textual.screen import Screen
from textual.widgets import Input

from mxwalk.cli import cli
from mxwalk.commands.file_name import FILE_NAME
from mxwalk.commands.settings import Given, apply
from mxwalk.errors import UsageError
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Trace
from mxwalk.files import named
from mxwalk.tls.store import load_store
from tests.keywalks.watched import WatchedApp
from tests.widgets.samples import sample_trace
from tui.request import Request
from tui.screens.compare_with import CompareWithScreen
from tui.screens.export import ExportScreen
from tui.settings import Settings

_NOBODY = "~nobody-of-this-name/x"


def test_a_tilde_is_a_home_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/person")
    assert named("~") == Path("/home/person")
    assert named("~/a") == Path("/home/person/a")
    assert named("~nobody-of-this-name/a") == Path("~nobody-of-this-name/a")
    assert named("./~root") == Path("~root")


@pytest.mark.parametrize(
    "words",
    [
        ("check", "example.com", "--save"),
        ("check", "example.com", "--output"),
        ("check", "example.com", "--ca-file"),
        ("check", "example.com", "--trust-anchor"),
        ("clue",),
        ("diff", "/nowhere"),
        ("dkim-key", "example.com", "s1", "--out"),
        ("dmarc",),
        ("letter",),
        ("message",),
        ("report",),
        ("self", "--walk"),
        ("tlsa",),
        ("tlsrpt",),
    ],
)
def test_a_home_that_nobody_has_is_a_file_that_is_not_there(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, [*words, _NOBODY])
    assert done.exit_code == 2
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "home directory" not in done.output


def _files(
    command: click.Command, *words: str
) -> Iterator[tuple[tuple[str, ...], click.Parameter]]:
    """Yield what names a file, with the words that lead to its command."""
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from _files(each, *words, name)
    for param in command.params:
        shown = param.make_metavar(click.Context(command))
        if any(part in shown for part in ("FILE", "DIR", "TRACE", ".pem")):
            yield words, param


_FILES = list(_files(cli))


def test_all_that_names_a_file_is_known_as_that() -> None:
    assert len(_FILES) > 40
    assert {("check",), ("tlsa",), ("watch",)} < {words for words, _ in _FILES}
    assert all(param.type is FILE_NAME for _, param in _FILES)


@pytest.mark.parametrize(
    ("words", "param"), _FILES, ids=lambda each: getattr(each, "name", None) or "-".join(each)
)
def test_an_empty_name_is_no_file_and_neither_a_folder_nor_nothing(
    words: tuple[str, ...], param: click.Parameter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [param.opts[0], ""] if isinstance(param, click.Option) else [""]
    needed = {"tlsa": ["c.pem"], "letter": ["a"], "message": ["a"], "report": ["a"], "open": ["a"]}
    before = needed.get(words[0], []) if isinstance(param, click.Option) else []
    before = ["a.example", "s1"] if words == ("dkim-key",) else before
    before = ["a.example"] if words in (("policy",), ("domain",)) else before
    done = CliRunner().invoke(cli, [*words, *before, *given], env={"MXWALK_LANGUAGE": "en"})
    assert "Error: Invalid value for " in done.output
    assert "the name is empty" in done.output
    assert done.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_an_empty_name_is_refused_where_no_command_line_did() -> None:
    for given in (Given(ca_file=""), Given(trust_anchor="")):
        with pytest.raises(UsageError, match=r"^--[a-z-]+: the name is empty$"):
            apply(given, Options())


def test_a_file_whose_name_begins_with_a_tilde_is_itself_whenever_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("~root").write_bytes(Path(certifi.where()).read_bytes())
    options = apply(Given(ca_file="./~root"), Options())
    assert load_store(options.trust).evidence.roots


@pytest.mark.parametrize("name", ["", "  "])
async def test_a_field_without_a_name_writes_nothing_and_asks_for_no_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    trace = sample_trace()
    app = WatchedApp(Request(trace=trace), Settings())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        shown = ExportScreen(trace, "esa:5", None)
        app.push_screen(shown)
        await pilot.pause()
        shown.query_one("#path", Input).value = name
        await pilot.pause()
        await pilot.press("ctrl+s")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.screen is shown
        assert app.told == ["Nothing was written: the name is empty."]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [_NOBODY, "a\0b", "\ud800"])
@pytest.mark.parametrize(
    "dialog", [lambda trace: ExportScreen(trace, "esa:5", None), CompareWithScreen]
)
async def test_a_field_takes_any_name_and_says_what_is_wrong_with_it(
    dialog: Callable[[Trace], Screen[object]],
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    trace = sample_trace()
    app = WatchedApp(Request(trace=trace), Settings())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        shown = dialog(trace)
        app.push_screen(shown)
        await pilot.pause()
        field = app.screen.query_one("#path")
        field.focus()
        await pilot.pause()
        await pilot.press("ctrl+u")
        app.post_message(events.Paste(name))
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.screen is shown
        assert app.failed == []
        assert app.told
        assert not any("fault" in told for told in app.told)
    assert not app.return_code
    assert list(tmp_path.iterdir()) == []
