"""A full disk costs the saving, never the walk: journal, recorder, notes, exports, what is remembered."""

import errno
import os
import tomllib
from pathlib import Path

import pytest

from mxwalk.commands.output import write_result
from mxwalk.commands.request import Request
from mxwalk.commands.settings import Given
from mxwalk.errors import TraceError, UsageError
from mxwalk.evidence.journal import dump_trace, line_of, read_trace
from mxwalk.evidence.journal_writer import JournalWriter, append_steps
from mxwalk.evidence.notes import note_step
from mxwalk.evidence.trace import Trace
from mxwalk.session import Saving, lab_options, open_walk, traces_directory
from tests.lab.walks import walked
from tests.resources.full import WHY, full_after
from tui import first_time, walk_options
from tui.settings import remember_theme


async def _walk(
    save: Path | Saving, *, redacted: bool = False, overwrite: bool = False
) -> tuple[Trace, list[str]]:
    notices: list[str] = []
    async with open_walk(
        None,
        lab_options("dane-good"),
        scenario="dane-good",
        save=save,
        overwrite=overwrite,
        redacted=redacted,
        on_notice=notices.append,
    ) as walk:
        while await walk.step() is not None:
            pass
    return walk.trace, notices


@pytest.fixture
async def trace() -> Trace:
    return (await walked("dane-good")).trace


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.mark.parametrize("octets", [4_096, 8_192, 20_000])
async def test_the_walk_goes_on_and_says_once_that_it_is_no_longer_saved(
    octets: int, tmp_path: Path
) -> None:
    path = tmp_path / "walk.mxtrace"
    with full_after(octets):
        whole, notices = await _walk(path)
    (notice,) = notices
    assert notice.startswith(f"the trace {path} is no longer saved: {WHY}")
    kept = read_trace(path)
    assert not kept.damage
    assert len(kept.steps) < len(whole.steps)
    assert kept.steps == whole.steps[: len(kept.steps)], "what was written before stays"
    assert path.stat().st_size <= octets
    assert whole.steps[-1].kind.value == "quit"


async def test_a_walk_whose_header_does_not_fit_is_walked(state: Path) -> None:
    with full_after(16):
        whole, notices = await _walk(Saving.STATE)
    (notice,) = notices
    assert notice.startswith("this walk is not saved: cannot write the trace ")
    assert WHY in notice
    assert whole.steps[-1].kind.value == "quit"


async def test_no_file_is_left_that_holds_half_a_header(state: Path) -> None:
    with full_after(16):
        await _walk(Saving.STATE)
    assert list(traces_directory().iterdir()) == []


async def test_a_file_that_was_named_and_cannot_hold_the_header_ends_in_a_sentence(
    tmp_path,
) -> None:
    path = tmp_path / "walk.mxtrace"
    with full_after(16), pytest.raises(TraceError, match=WHY):
        await _walk(path)
    assert not path.exists()


@pytest.mark.parametrize("redacted", [False, True])
async def test_a_trace_to_be_replaced_stays_when_no_step_of_the_new_one_fits(
    redacted: bool, trace: Trace, tmp_path: Path
) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(b"precious")
    with full_after(16), pytest.raises(TraceError, match=WHY):
        await _walk(path, redacted=redacted, overwrite=True)
    with full_after(len(line_of(trace.header)) + 16):
        whole, notices = await _walk(path, redacted=redacted, overwrite=True)
    (notice,) = notices
    assert notice.startswith(f"the trace {path} is no longer saved: {WHY}")
    assert whole.steps[-1].kind.value == "quit"
    assert path.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [path]


async def test_a_redacted_copy_that_does_not_fit_is_told_and_leaves_nothing_unredacted(
    tmp_path,
) -> None:
    path = tmp_path / "walk.mxtrace"
    with full_after(4_096):
        whole, notices = await _walk(path, redacted=True)
    (notice,) = notices
    assert notice.startswith(f"the trace {path} is no longer saved: {WHY}")
    assert whole.steps[-1].kind.value == "quit"
    assert read_trace(path).header.redacted


def test_every_write_that_fails_leaves_the_steps_before_it(trace: Trace, tmp_path: Path) -> None:
    """The disk is full at each octet of the last line, and behind each line."""
    lines = [line_of(trace.header), *map(line_of, trace.steps)]
    before = b"".join(lines[:-1])
    places = {len(b"".join(lines[:number])) for number in range(1, len(lines))}
    last = len(lines[-1])
    places |= {len(before) + at for at in range(0, last, max(1, last // 50))}
    for place in sorted(places):
        path = tmp_path / "cut.mxtrace"
        with full_after(place), JournalWriter(path, trace.header, overwrite=True) as journal:
            failed = 0
            for step in trace.steps:
                try:
                    journal.write(step)
                except TraceError:
                    failed += 1
        assert failed == 1, place
        kept = read_trace(path)
        assert not kept.damage, "half a line was left"
        assert kept.steps == trace.steps[: len(kept.steps)]
        assert sum(map(len, lines[: len(kept.steps) + 2])) > place, "a step that fits is kept"


def test_a_disk_without_room_is_told_in_the_systems_words(trace: Trace, tmp_path: Path) -> None:
    with JournalWriter(tmp_path / "walk.mxtrace", trace.header) as journal:

        class Full:
            def write(self, data: bytes) -> int:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

            def close(self) -> None:
                opened.close()

        opened = journal._file
        journal._file = Full()  # type: ignore[assignment]
        with pytest.raises(TraceError, match="no longer saved: No space left on device"):
            journal.write(trace.steps[0])
        journal.write(trace.steps[1])
    assert read_trace(tmp_path / "walk.mxtrace").steps == ()


def test_a_note_that_does_not_fit_leaves_the_trace_as_it_was(trace: Trace, tmp_path: Path) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(trace))
    size = path.stat().st_size
    note = note_step(trace, 1, "words " * 50, trace.steps[-1].started_s)
    for room in (0, 1, 40):
        with full_after(size + room), pytest.raises(TraceError, match=WHY):
            append_steps(path, trace, (note,))
        assert read_trace(path) == trace
    append_steps(path, trace, (note,))
    assert len(read_trace(path).steps) == len(trace.steps) + 1


def _asked(form: str, output: Path, *, force: bool = False) -> Request:
    return Request(
        target=None,
        scenario="dane-good",
        given=Given(),
        fmt=form,
        output=output,
        save=None,
        force=force,
        redact=False,
        ascii_only=False,
    )


@pytest.mark.parametrize("form", ["text", "html", "trace"])
def test_an_export_that_does_not_fit_leaves_no_half_file(form: str, tmp_path: Path) -> None:
    asked = _asked(form, tmp_path / "report")
    with full_after(1_000), pytest.raises(UsageError, match=WHY):
        write_result(asked, "line\n" * 1_000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["text", "trace"])
def test_an_export_that_does_not_fit_leaves_the_file_before_it(form: str, tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("the report of yesterday\n")
    asked = _asked(form, path, force=True)
    with full_after(1_000), pytest.raises(UsageError, match=WHY):
        write_result(asked, "line\n" * 1_000)
    assert path.read_text() == "the report of yesterday\n"
    assert list(tmp_path.iterdir()) == [path]


def test_settings_that_do_not_fit_stay_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('glyphs = "ascii"\n')
    with full_after(8):
        remember_theme(path, "nord")
    assert tomllib.loads(path.read_text()) == {"glyphs": "ascii"}
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_filled_in_and_put_away_stays_when_the_disk_is_full(state: Path) -> None:
    walk_options.remember({"helo": "mail.example.com"})
    first_time.put_away("start")
    with full_after(8):
        walk_options.remember({"helo": "relay.example.com", "port": "2525"})
        first_time.put_away("walk")
    assert walk_options.remembered() == {"helo": "mail.example.com"}
    assert first_time.seen() == {"start"}
