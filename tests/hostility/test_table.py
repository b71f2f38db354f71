"""A sample of the table, by its seed; ``python -m tests.hostility`` tries it whole."""

import random
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.hostility import played, program, table, terminal, words
from tests.hostility.doors import DOORS
from tests.hostility.screens import HostileWalk
from tests.hostility.table import LONG, TEXTS, Case, cases, door_named, faults

SEED = 8
SAMPLE = {"documents": 5, "words": 5}
# The views of a walk, the list of reports, and what a paste tells, drawn with one bundle each.
ON_SCREEN = (
    ("trace, by hand", "terminal"),
    ("TLS report", "unseen"),
    ("paste: a bounce", "markup"),
)


def sample() -> list[Case]:
    return [
        case
        for part, count in SAMPLE.items()
        for case in random.Random(f"{SEED} {part}").sample(list(cases(part)), count)
    ]


@pytest.mark.parametrize("case", sample(), ids=str)
def test_nothing_but_visible_text_arrives(case: Case) -> None:
    assert list(faults(case)) == [], f"python -m tests.hostility --replay {str(case)!r}"


@pytest.mark.parametrize(("door", "text"), ON_SCREEN)
async def test_nothing_but_visible_text_is_drawn_or_copied(door: str, text: str) -> None:
    brought = door_named(door).enter(TEXTS[text])
    done = await HostileWalk(door_named(door), text, brought, whole=False).run()
    assert done.keys
    assert done.wrong == []


def test_ten_megabytes_that_are_pasted_are_taken_in_part_and_that_is_said() -> None:
    case = Case("long", "paste", "one line of marks")
    assert list(faults(case)) == [], f"python -m tests.hostility --replay {str(case)!r}"


def test_ten_megabytes_come_in_by_every_kind_of_door() -> None:
    assert {case.door for case in cases("long")} == set(LONG)
    assert {"paste", "policy", "EHLO", "trace", "files", "banner"} <= set(LONG)


def test_a_program_on_a_terminal_writes_text_and_known_sequences() -> None:
    case = Case("terminal", "a trace, by hand", "terminal")
    assert list(faults(case)) == [], f"python -m tests.hostility --replay {str(case)!r}"


def test_a_screen_that_is_not_reached_and_a_key_that_leads_nowhere_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = played.PLAYS["settings"](b"x")
    monkeypatch.setattr(
        played, "PLAYS", {"one": lambda _: replace(made, keys=(b"1",), reaches="NoScreen")}
    )
    assert list(played.faults("one", b"x")) == ["not reached: NoScreen"]
    monkeypatch.setattr(terminal, "_MOST_S", 0.01)
    assert "nothing came of nothing pressed" in set(played.faults("one", b"x"))


def test_every_door_lets_every_bundle_in() -> None:
    assert len({door.name for door in DOORS}) == len(DOORS)
    for case in cases("documents"):
        assert Case.parse(str(case)) == case


def test_a_file_name_that_is_too_long_is_refused_in_a_sentence() -> None:
    said = program.run("report", "a.mxtrace", "--output", "x" * 4_000, files=words.files())
    assert (said.code, said.fault) == (2, "")
    assert "File name too long" in said.err
    assert len(said.err) < 500


def test_a_case_that_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_case: Case) -> Iterator[str]:
        while True:
            try:
                signal.pause()
            except OSError:
                yield "caught"

    monkeypatch.setattr(table, "_MOST_S", 0.05)
    monkeypatch.setattr(table, "faults", endless)
    (told,) = table.tried(Case("words", "watch", "pages"))
    assert told.startswith("it did not end within 0.05 seconds")


def test_a_watch_that_is_tried_ends_whatever_number_of_rounds_is_asked_for() -> None:
    (param,) = (one for name, one in words.places() if (name, one.name) == ("watch", "rounds"))
    for line in words.typed("watch", param, b"9" * 80):
        assert list(words.faults(line)) == []
