"""Notes of the administrator: appended, bounded, without weight in any judgement, out of redaction."""

import errno
import fcntl
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.redaction import redact
from mxwalk.errors import TraceError, UsageError
from mxwalk.evidence.bounds import step_fault
from mxwalk.evidence.journal import dump_trace, line_of, read_trace
from mxwalk.evidence.journal_writer import JournalWriter, append_steps
from mxwalk.evidence.notes import cut, note_step
from mxwalk.evidence.step import Noted, Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.limits import NOTE_CHARS, NOTES_PER_TRACE
from mxwalk.receivers.registry import judges
from mxwalk.walk.order import next_item
from tests.reports.samples import lab_trace


@pytest.fixture
def trace() -> Trace:
    return lab_trace("esa-hosted")


def with_note(trace: Trace, about: int, text: str) -> Trace:
    return trace.with_step(note_step(trace, about, text, 9.0))


def test_the_last_note_on_a_step_counts_and_an_empty_one_takes_it_back(trace: Trace) -> None:
    two = with_note(with_note(trace, 2, "first"), 2, "second")
    assert dict(build_delivery(two).notes) == {2: "second"}
    assert not build_delivery(with_note(two, 2, " ")).notes


def test_a_note_changes_neither_plan_nor_verdicts(trace: Trace) -> None:
    early = msgspec.structs.replace(trace, steps=trace.steps[:4])
    before, after = build_delivery(early), build_delivery(with_note(early, 3, "odd"))
    assert next_item(before) == next_item(after)
    for sender in judges(trace.header.purpose, "esa:5"):
        assert sender.judge(before) == sender.judge(after)


@pytest.mark.parametrize(
    ("about", "text", "why"),
    [
        (0, "x", "there is no step 0"),
        (10_000, "x", "there is no step 10000"),
        (1, "x" * (NOTE_CHARS + 1), "at most 2000 characters"),
    ],
)
def test_a_note_that_cannot_be_is_refused(trace: Trace, about: int, text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        note_step(trace, about, text, 0.0)


def test_no_note_is_written_on_a_note_nor_one_too_many(trace: Trace) -> None:
    noted = with_note(trace, 1, "x")
    with pytest.raises(UsageError, match="there is no step"):
        note_step(noted, len(noted.steps), "y", 0.0)
    first = noted.steps[-1]
    many = tuple(
        msgspec.structs.replace(first, seq=first.seq + number) for number in range(NOTES_PER_TRACE)
    )
    full = msgspec.structs.replace(trace, steps=(*trace.steps, *many))
    with pytest.raises(UsageError, match="no more are kept"):
        note_step(full, 1, "y", 0.0)


def test_a_trace_with_notes_reads_back_and_one_note_too_many_is_damage(
    trace: Trace, tmp_path: Path
) -> None:
    noted = with_note(trace, 2, "ask them about \u202e this")
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(noted))
    assert read_trace(path) == noted
    first = noted.steps[-1]
    many = tuple(
        msgspec.structs.replace(first, seq=first.seq + number)
        for number in range(NOTES_PER_TRACE + 1)
    )
    path.write_bytes(dump_trace(msgspec.structs.replace(trace, steps=(*trace.steps, *many))))
    assert "notes" in read_trace(path).damage


@pytest.mark.parametrize(
    "note", [Noted(about=0), Noted(about=7), Noted(about=1, text="x" * (NOTE_CHARS + 1))]
)
def test_a_note_out_of_bounds_is_a_fault_of_the_trace(trace: Trace, note: Noted) -> None:
    step = msgspec.structs.replace(note_step(trace, 1, "", 0.0), evidence=note, seq=7)
    assert step_fault(step, 7)


def test_a_redacted_trace_has_no_words_of_notes_unless_asked(trace: Trace) -> None:
    noted = with_note(trace, 2, "told Jane of example.com, postmaster@example.com")
    assert b"Jane" not in dump_trace(redact(noted))
    assert len(redact(noted).steps) == len(noted.steps)
    assert b"Jane" in dump_trace(redact(noted, with_notes=True))


def test_what_a_redaction_makes_longer_can_be_read_again(trace: Trace) -> None:
    options = msgspec.structs.replace(trace.header.options, mail_from="a@b.test", helo="o.h")
    words = "a@b.test " * (NOTE_CHARS // 9)
    header = msgspec.structs.replace(trace.header, options=options, since=words)
    noted = with_note(msgspec.structs.replace(trace, header=header), 1, words)
    redacted = redact(noted, with_notes=True)
    assert len(redacted.steps) == len(noted.steps)
    assert read_trace(io.BytesIO(dump_trace(redacted))) == redacted
    assert b"a@b.test" not in dump_trace(redacted)


def test_notes_are_appended_to_the_file_of_the_walk_alone(trace: Trace, tmp_path: Path) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(trace))
    note = note_step(trace, 1, "seen", 0.0)
    append_steps(path, trace, (note,))
    assert read_trace(path).steps[-1] == note
    with pytest.raises(TraceError, match="another one by now"):
        append_steps(path, trace, (note,))
    link = tmp_path / "link.mxtrace"
    link.symlink_to(path)
    with pytest.raises(TraceError, match="cannot write"):
        append_steps(link, trace.with_step(note), (note,))


def test_a_cut_trace_keeps_later_notes_on_its_steps_and_reads_back(
    trace: Trace, tmp_path: Path
) -> None:
    noted = with_note(with_note(trace, 2, "early"), len(trace.steps), "late")
    short = cut(noted, 3)
    assert [step.kind for step in short.steps[3:]] == [StepKind.NOTE]
    path = tmp_path / "cut.mxtrace"
    path.write_bytes(dump_trace(short))
    assert not read_trace(path).damage


def test_an_old_step_reads_as_before() -> None:
    line = b'{"seq":1,"kind":"decision","scope":{},"started_s":0,"elapsed_s":0,"evidence":{"type":"decision","decision":"stop"}}'
    assert msgspec.json.decode(line, type=Step).kind is StepKind.DECISION


def test_a_disk_that_fills_up_leaves_the_file_as_it_was(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(trace))
    note = note_step(trace, 1, "seen", 0.0)
    real = os.write

    def half(descriptor: int, data: bytes) -> int:
        if len(data) < 40:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(TraceError, match="No space left"):
        append_steps(path, trace, (note,))
    assert path.read_bytes() == dump_trace(trace)


def test_a_note_comes_to_the_end_through_short_writes(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(trace))
    note = note_step(trace, 1, "seen", 0.0)
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:7]))
    append_steps(path, trace, (note,))
    assert read_trace(path).steps[-1] == note


def test_a_file_longer_than_what_is_read_back_takes_no_note(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(trace))
    monkeypatch.setattr("mxwalk.evidence.journal_writer.TRACE_BYTES", len(dump_trace(trace)) + 5)
    with pytest.raises(TraceError, match="longer than"):
        append_steps(path, trace, (note_step(trace, 1, "seen", 0.0),))
    assert path.read_bytes() == dump_trace(trace)


def held(path: Path) -> int:
    """Return a descriptor that has the lock, as another program would."""
    descriptor = os.open(path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def test_a_note_is_refused_while_another_program_writes_into_the_trace(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(trace))
    monkeypatch.setattr("mxwalk.evidence.lock.TRACE_LOCK_PAUSE_S", 0.0)
    other = held(path)
    note = note_step(trace, 1, "seen", 0.0)
    with pytest.raises(TraceError, match="being written"):
        append_steps(path, trace, (note,))
    assert path.read_bytes() == dump_trace(trace)
    os.close(other)
    append_steps(path, trace, (note,))
    assert read_trace(path).steps[-1] == note


def test_a_note_waits_for_the_one_of_another_program_and_does_not_follow_it_blindly(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(trace))
    theirs, ours = (note_step(trace, 1, words, 0.0) for words in ("theirs", "ours"))
    other = held(path)

    def written(_seconds: float) -> None:
        path.write_bytes(dump_trace(trace.with_step(theirs)))
        os.close(other)

    monkeypatch.setattr("mxwalk.evidence.lock.time.sleep", written)
    with pytest.raises(TraceError, match="another one by now"):
        append_steps(path, trace, (ours,))
    assert read_trace(path) == trace.with_step(theirs)


def test_a_walk_that_is_still_saved_takes_no_note_from_elsewhere(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "walk.mxtrace"
    monkeypatch.setattr("mxwalk.evidence.lock.TRACE_LOCK_PAUSE_S", 0.0)
    first = msgspec.structs.replace(trace, steps=trace.steps[:1])
    with JournalWriter(path, trace.header) as journal:
        journal.write(trace.steps[0])
        with pytest.raises(TraceError, match="being written"):
            append_steps(path, first, (note_step(first, 1, "seen", 0.0),))
        for step in trace.steps[1:]:
            journal.write(step)
    assert read_trace(path) == trace


def test_a_file_system_without_locks_takes_notes_as_before(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_descriptor: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(trace))
    monkeypatch.setattr(fcntl, "flock", refused)
    note = note_step(trace, 1, "seen", 0.0)
    append_steps(path, trace, (note,))
    assert read_trace(path).steps[-1] == note


def test_a_machine_without_such_locks_takes_notes_as_before(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(trace))
    monkeypatch.setitem(sys.modules, "fcntl", None)  # importing it fails, as on Windows
    note = note_step(trace, 1, "seen", 0.0)
    append_steps(path, trace, (note,))
    assert read_trace(path).steps[-1] == note


def older(trace: Trace) -> bytes:
    """Return a file as an older mxwalk wrote it: a field fewer, characters without a glyph as they are."""
    lines = []
    for record in (trace.header, *trace.steps):
        fields = msgspec.to_builtins(record)
        fields.pop("since", None)
        lines.append(msgspec.json.encode(fields) + b"\n")
    return b"".join(lines)


def test_the_trace_of_an_older_version_takes_notes(trace: Trace, tmp_path: Path) -> None:
    words = "e\u0301\u0301\u0301\u0301\u0301\u0301 \ufe0f\u3164"
    trace = trace.with_step(note_step(trace, 1, words, 0.0))
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(older(trace))
    assert path.read_bytes() != dump_trace(trace)
    known = read_trace(path)
    assert known == trace
    note = note_step(known, 1, "seen", 0.0)
    append_steps(path, known, (note,))
    assert path.read_bytes() == older(trace) + line_of(note)
    assert read_trace(path) == known.with_step(note)


@pytest.mark.parametrize(
    "harmed",
    [
        lambda data: data[:-1],  # a note would go on in the last line
        lambda data: data + b"{}\n",
        lambda data: data + b'{"seq":',
        lambda data: data[:-20],
        lambda data: b"",
        lambda data: b"\n" + data,
        lambda data: data.replace(b'"cancelled":false', b'"cancelled":true', 1),
    ],
)
def test_a_file_that_is_not_the_trace_to_its_end_takes_no_note(
    harmed: Callable[[bytes], bytes], trace: Trace, tmp_path: Path
) -> None:
    path = tmp_path / "walk.mxtrace"
    data = harmed(dump_trace(trace))
    path.write_bytes(data)
    with pytest.raises(TraceError, match="another one by now"):
        append_steps(path, trace, (note_step(trace, 1, "seen", 0.0),))
    assert path.read_bytes() == data


def test_a_damaged_trace_takes_no_note_in_its_file(trace: Trace, tmp_path: Path) -> None:
    path = tmp_path / "walk.mxtrace"
    data = dump_trace(trace) + b"{}\n"
    path.write_bytes(data)
    known = read_trace(path)
    assert known.damage
    with pytest.raises(TraceError, match="another one by now"):
        append_steps(path, known, (note_step(known, 1, "seen", 0.0),))
    assert path.read_bytes() == data
