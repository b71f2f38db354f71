"""Some of the soak: what a handful of walks leaves in the process, and that the look at it sees."""

import asyncio
import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mxwalk.language import ENGLISH, use_language
from tests.resources import caches
from tests.resources.measured import held, slope
from tests.resources.soak import Soak


async def test_twenty_walks_leave_nothing_in_the_process() -> None:
    soak = Soak(20, seed=8, every=10)
    await soak.run()
    assert len(soak.made) == 20
    assert soak.faults() == []


def test_every_cache_of_the_package_has_a_maximum() -> None:
    names = {one.name for one in caches.caches()}
    assert "mxwalk.tls.certificate.read_certificate" in names
    assert "mxwalk.smtp.ehlo.read_ehlo" in names, "one for each language"
    assert caches.unbounded() == ()
    assert caches.overfull() == ()


async def test_a_task_that_is_left_is_seen() -> None:
    soak = Soak(0, seed=0)
    soak.table.append(held(1))
    left = asyncio.create_task(asyncio.sleep(3_600))
    soak.table.append(held(2))
    left.cancel()
    assert soak.faults() == ["tasks: [1, 2] at different times"]


async def test_descriptors_that_are_left_are_seen(tmp_path: Path) -> None:
    soak = Soak(0, seed=0)
    soak.table.append(held(1))
    with (tmp_path / "left").open("wb"):
        soak.table.append(held(2))
    assert len(soak.faults()) == 1
    assert soak.faults()[0].startswith("descriptors: ")


async def test_memory_that_grows_is_seen() -> None:
    soak = Soak(0, seed=0)
    kept = []
    for number in range(5):
        soak.table.append(held(number * 100))
        kept.append(b"x" * 1024 * 1024)
    assert soak.kib_per_walk > 5
    assert any("memory grows" in fault for fault in soak.faults())


def test_a_cache_without_a_maximum_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(text: str) -> str:
        return text

    shown.__module__ = "mxwalk.text"
    remembering = functools.lru_cache(maxsize=None)(shown)
    assert any("shown" in name for name in caches.unbounded())
    del remembering


def test_the_slope_is_that_of_the_line() -> None:
    assert slope([(0, 5), (1, 8), (2, 11)]) == pytest.approx(3.0)
    assert slope([(0, 5)]) == 0.0


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What other programs of the machine keep for a while is not counted."""
    directory = tmp_path / "temporary"
    directory.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(directory))


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    """The walks speak both languages."""
    yield
    use_language(ENGLISH)
