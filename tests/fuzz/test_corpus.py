"""Every target keeps its promise for its corpus and for all that was ever found, without atheris."""

from pathlib import Path

import pytest

from tests.fuzz.choices import Choices
from tests.fuzz.model import BrokenPromise, Target, TooMuchWork, run
from tests.fuzz.registry import CORPUS, FOUND, HOME, TARGETS, kept_inputs, load

INPUTS = [(name, path) for name in TARGETS for path in kept_inputs(name)]


@pytest.mark.parametrize(
    ("name", "path"),
    INPUTS,
    ids=[f"{path.parent.parent.name}/{name}/{path.name}" for name, path in INPUTS],
)
def test_promise_holds_for_every_input_that_is_kept(name: str, path: Path) -> None:
    run(load(name), path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_promise_holds_for_nothing_and_for_little(name: str) -> None:
    for data in (b"", b"\0", b"\xff" * 7, bytes(range(64))):
        run(load(name), data)


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_has_a_small_corpus(name: str) -> None:
    target, inputs = load(name), list((CORPUS / name).iterdir())
    assert 3 <= len(inputs) <= 40
    assert all(path.stat().st_size <= target.max_len for path in inputs)


def test_all_corpora_together_are_small() -> None:
    kept = [path for folder in (CORPUS, FOUND) for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in kept) < 500 * 1024


def test_every_module_and_every_folder_belongs_to_a_target() -> None:
    modules = {path.stem for path in (HOME / "targets").glob("*.py") if path.stem[0] != "_"}
    assert modules >= set(TARGETS)
    assert {path.name for folder in (CORPUS, FOUND) for path in folder.glob("*")} <= set(TARGETS)


def test_choices_take_numbers_from_the_end_and_octets_from_the_front() -> None:
    choices = Choices(b"front\x07\x01\x02")
    assert choices.number(256) == 2
    assert choices.number(65_536) == 0x0107
    assert choices.octets(3) == b"fro"
    assert choices.rest() == b"nt"
    assert (choices.number(9), choices.flag(), choices.pick("xyz"), choices.rest()) == (
        0,
        False,
        "x",
        b"",
    )


def test_work_beyond_its_bound_breaks_the_promise() -> None:
    def busy(data: bytes) -> None:
        for one in data:
            abs(one)

    target = Target(promise="little work", check=busy, calls=lambda _size: 50)
    assert run(target, b"x" * 10) > 10
    with pytest.raises(TooMuchWork):
        run(target, b"x" * 100)


def test_exception_of_a_target_comes_through() -> None:
    def breaks(_data: bytes) -> None:
        raise BrokenPromise("no")

    with pytest.raises(BrokenPromise):
        run(Target(promise="none", check=breaks, calls=lambda _size: 1_000), b"")
