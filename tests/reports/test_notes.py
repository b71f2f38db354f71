"""Notes on steps stand in every kind of report, safely, and in none that is redacted."""

import json

import pytest

from mxwalk.evidence.notes import note_step
from mxwalk.evidence.trace import Trace
from mxwalk.reports.render import render
from tests.hostile import HOSTILE
from tests.reports.samples import lab_trace

NOTE = "asked Jane | <b>about</b> this\nsecond line"


def noted(text: str = NOTE) -> Trace:
    trace = lab_trace("esa-hosted")
    return trace.with_step(note_step(trace, 3, text, 9.0))


@pytest.mark.parametrize("fmt", ["text", "markdown", "html", "json"])
def test_the_note_is_printed_at_its_step(fmt: str) -> None:
    said = render(noted(), fmt, sender="esa:5")
    assert "asked Jane" in said
    assert "second line" in said
    assert "<b>about</b>" not in said or fmt in {"text", "json"}
    if fmt == "json":
        steps = json.loads(said)["steps"]
        assert [one["note"] for one in steps if one["note"]] == [" ".join(NOTE.split())]
        assert steps[2]["note"]
        assert "note" not in {one["kind"] for one in steps}


@pytest.mark.parametrize("fmt", ["text", "markdown", "html", "json", "trace"])
def test_a_redacted_report_has_notes_only_when_asked(fmt: str) -> None:
    assert "Jane" not in render(noted(), fmt, sender="esa:5", redacted=True)
    assert "Jane" in render(noted(), fmt, sender="esa:5", redacted=True, with_notes=True)


@pytest.mark.parametrize("data", HOSTILE[::4], ids=range(len(HOSTILE[::4])))
def test_a_hostile_note_acts_nowhere(data: bytes) -> None:
    trace = noted("x" + data[:1_000].decode("utf-8", "surrogateescape"))
    for fmt in ("text", "markdown", "html"):
        said = render(trace, fmt, sender="esa:5")
        assert "\x1b" not in said
        assert "\u202e" not in said
