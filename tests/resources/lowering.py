"""A limit, lowered in every module that knows it, so that a small input shows what a huge one would do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from mxwalk import limits
from mxwalk.errors import MxwalkError
from tests.resources.caches import OURS, forget


@dataclass(frozen=True, slots=True)
class Probe:
    """What gets through a limit: ``run`` gives the number of things let in of more than ``low``."""

    name: str
    low: int
    run: Callable[[], int] | Callable[[], Awaitable[int]]

    async def count(self) -> int:
        """Return how many got through."""
        found = self.run()
        return found if isinstance(found, int) else await found

    def __str__(self) -> str:
        """The limit names the test."""
        return self.name


def lower(monkeypatch: pytest.MonkeyPatch, name: str, value: float) -> None:
    """Set a limit in every module of the product that has been loaded, and forget what is remembered."""
    import sys

    before = getattr(limits, name)
    for module in list(sys.modules.values()):
        if module.__name__.partition(".")[0] in OURS and hasattr(module, name):
            monkeypatch.setattr(module, name, value)
        own = vars(module).get("limits") if module.__name__.partition(".")[0] in OURS else None
        if isinstance(own, SimpleNamespace):  # a limit that was taken away stays so (``without``)
            monkeypatch.setattr(own, name, value)
    assert before != value, name
    forget()


def accepted(size: int, take: Callable[[], object]) -> int:
    """Return the size of what was taken, or 0 when it was refused."""
    try:
        take()
    except MxwalkError:
        return 0
    return size


async def check(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    """The probe lets through more than ``low`` as things are, and no more once that is the limit."""
    forget()
    as_it_is = await probe.count()
    assert as_it_is > probe.low, f"{probe.name}: the input ({as_it_is}) is below the lowered limit"
    with monkeypatch.context() as patch:
        lower(patch, probe.name, probe.low)
        let_in = await probe.count()
    forget()
    assert let_in <= probe.low, f"{probe.name}: {let_in} got through a limit of {probe.low}"
