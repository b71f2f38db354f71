"""What was saved or pasted is read: opening it connects to nobody, runs nothing, and opens no other file.

A trace may come from a stranger who wrote names of files into its options; a pasted text is full of
addresses.  Both are looked at while the interpreter tells whatever it does (``tests.security.audited``).
"""

from pathlib import Path

import click.testing
import msgspec
import pytest

from mxwalk import cli
from mxwalk.evidence.journal import dump_trace
from mxwalk.evidence.mailauth import MessageInput
from mxwalk.evidence.target import Options, Route
from mxwalk.evidence.trace import Trace
from mxwalk.session import walk_scenario
from tests.security.audited import Seen, watched
from tests.tui.conftest import own_folders, quiet_self_check  # noqa: F401 - fixtures
from tests.tui.driving import app_for, until_paused
from tui.request import Request
from tui.screens.watch_request import watch_of

CORPUS = sorted((Path(__file__).parents[1] / "clues" / "corpus").glob("*.txt"))
SCENARIOS = ("sts-enforce-good", "revoked-crl", "dkim-body-altered")
FORMATS = ("text", "markdown", "html", "json", "trace")


def bait(directory: Path) -> Path:
    """Make a file that nobody has a reason to open."""
    path = directory / "bait.pem"
    path.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    return path


def poisoned(trace: Trace, file: Path) -> Trace:
    """Return the trace with a stranger's files, servers and names in every option."""
    options = Options(
        sender=trace.header.options.sender,
        helo="helo.example.net",
        routes=(Route(destination="169.254.169.254", port=80),),
        resolver="127.0.0.1:53",
        trust=str(file),
        trust_anchor=str(file),
        private_urls=True,
    )
    header = msgspec.structs.replace(trace.header, options=options, scenario="")
    if header.message is not None:
        message: MessageInput = msgspec.structs.replace(header.message, file_name=str(file))
        header = msgspec.structs.replace(header, message=message)
    return msgspec.structs.replace(trace, header=header)


def harmless(seen: Seen, file: Path, own: set[Path]) -> None:
    """Assert that nothing was reached, run or written, and the bait was not opened."""
    assert seen.network == []
    assert seen.programs == []
    assert str(file) not in seen.read
    caches = ("__pycache__", "/dev/")
    assert [p for p in seen.written if Path(p) not in own and not any(c in p for c in caches)] == []


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_a_strangers_trace_reaches_nobody_in_any_report(
    scenario: str, tmp_path: Path
) -> None:
    file = bait(tmp_path)
    path = tmp_path / "theirs.mxtrace"
    path.write_bytes(dump_trace(poisoned(await walk_scenario(scenario), file)))
    run = click.testing.CliRunner().invoke
    run(cli.cli, ["report", str(path)])  # what is loaded once is loaded
    with watched() as seen:
        for form in FORMATS:
            for more in ((), ("--redact",)):
                done = run(cli.cli, ["report", str(path), "--format", form, *more])
                assert done.exit_code in (0, 1, 3, 4), done.output
        for words in (["letter", str(path)], ["diff", str(path), str(path)]):
            assert run(cli.cli, words).exit_code in (0, 1, 2, 3, 4)
    harmless(seen, file, {path})


@pytest.mark.parametrize("scenario", ["revoked-crl"])
async def test_a_strangers_trace_reaches_nobody_on_screen(scenario: str, tmp_path: Path) -> None:
    file = bait(tmp_path)
    trace = poisoned(await walk_scenario(scenario), file)
    app = app_for(trace=trace, sender=trace.header.options.sender)
    with watched() as seen:
        async with app.run_test(size=(120, 36)) as pilot:
            await until_paused(pilot)
            for key in ("1", "3", "5", "6", "8", "home", "n", "end"):
                await pilot.press(key)
                await pilot.pause()
    assert seen.network == []
    assert seen.programs == []
    assert str(file) not in seen.read


def test_a_pasted_text_reaches_nobody(tmp_path: Path) -> None:
    run = click.testing.CliRunner().invoke
    assert len(CORPUS) > 50
    run(cli.cli, ["clue", str(CORPUS[0])])
    with watched() as seen:
        for path in CORPUS:
            assert run(cli.cli, ["clue", str(path)]).exit_code in (0, 1, 2)
    assert seen.network == []
    assert seen.programs == []


async def test_the_start_screen_reaches_nobody_while_a_target_is_typed() -> None:
    """But for its own resolver, which the check of one's own side asks (left out here)."""
    with watched() as seen:
        async with app_for().run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            for key in "[169.254.169.254]":
                await pilot.press(key)
            await pilot.pause()
            await pilot.press("f5")
            await pilot.pause()
    assert seen.network == []
    assert seen.programs == []


async def test_a_strangers_trace_that_is_watched_permits_no_address_inside(tmp_path: Path) -> None:
    trace = poisoned(await walk_scenario("pkix-good"), bait(tmp_path))
    assert trace.header.options.private_urls
    watched_walk, _ = watch_of(Request(trace=trace), trace, "esa:5", None)
    assert not watched_walk.options.private_urls


def test_the_watch_over_the_interpreter_sees_what_it_is_for(tmp_path: Path) -> None:
    import socket

    with watched() as seen:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("127.0.0.1", 9))
        (tmp_path / "x").write_text("x")
        (tmp_path / "x").read_text()
    assert len(seen.network) == 1
    assert seen.written == [str(tmp_path / "x")]
    assert seen.read == [str(tmp_path / "x")]
