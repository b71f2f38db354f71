"""A damaged trace file: what of it is kept, what is not used, and whether its end is there."""

import pytest

from mxwalk.errors import TraceError
from mxwalk.evidence.journal import dump_trace
from mxwalk.evidence.redact import redact
from mxwalk.evidence.trace import Trace
from tests.evidence.test_journal import HEADER, read, step

FIVE = Trace(header=HEADER, steps=tuple(map(step, range(1, 6))))


def _behind(data: bytes) -> str:
    trace = read(data)
    assert trace.damaged_within
    return trace.damage.partition("kept; ")[2]


def test_what_stands_behind_a_damaged_line_is_told_to_be_not_used():
    lines = dump_trace(FIVE).splitlines(keepends=True)
    bad = [*lines[:2], b"\xff" + lines[2], *lines[3:]]
    assert _behind(b"".join(bad)) == "lines 4 to 6 are not used"
    assert _behind(b"".join(bad[:4])) == "line 4 is not used"
    assert _behind(b"".join(bad[:4])[:-5]) == "line 4 is not used"
    assert _behind(b"".join(bad[:3])) == ""


def test_only_a_file_whose_end_is_missing_is_cut():
    data = dump_trace(FIVE)
    cut = read(data[:-5])
    assert cut.damage.startswith("line 6 cannot be used (it is cut off)")
    assert "not used" not in cut.damage
    assert not cut.damaged_within
    assert not read(data).damaged_within


def test_a_redacted_trace_keeps_where_the_damage_is():
    lines = dump_trace(FIVE).splitlines(keepends=True)
    trace = read(b"".join([*lines[:2], b"?\n", *lines[3:]]))
    kept = redact(trace)
    assert (kept.damage, kept.damaged_within) == (trace.damage, True)


@pytest.mark.parametrize("at", [55, 75])
def test_a_damaged_header_is_told_from_what_is_no_trace(at):
    data = dump_trace(FIVE)
    assert at < data.index(b"\n")
    damaged = "is a damaged mxwalk trace: its first line cannot be used"
    with pytest.raises(TraceError, match=damaged):
        read(data[:at] + b"\xff" + data[at + 1 :])
    with pytest.raises(TraceError, match=rf"{damaged} \(it is cut off\)"):
        read(data[:at])
    with pytest.raises(TraceError, match="is no mxwalk trace"):
        read(b'{"other": \xff}\n')
