"""A limit, lowered in every module that knows it, so that a small input shows what a huge one would do.

A function's default, or that of a class's field, is read when its module is: where it is the limit, it
is lowered too.
"""

import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType, SimpleNamespace

import pytest

from mxwalk import limits
from mxwalk.errors import MxwalkError
from tests.resources.caches import OURS, forget
from tests.resources.without import sources


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
    before = getattr(limits, name)
    for module in [one for one in sys.modules.values() if one.__name__.partition(".")[0] in OURS]:
        if hasattr(module, name):
            monkeypatch.setattr(module, name, value)
        own = vars(module).get("limits")
        if isinstance(own, SimpleNamespace):  # a limit that was taken away stays so (``without``)
            monkeypatch.setattr(own, name, value)
        if module is not limits and re.search(rf"\b{name}\b", sources().get(module.__name__, "")):
            _lower_defaults(monkeypatch, module, before, getattr(module, name, value))
    assert before != value, name
    forget()


def _lower_defaults(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, before: float, value: float
) -> None:
    """Set defaults that are the limit, in a module that knows it; one taken away is another number."""
    for function in _functions(module):
        if before in (plain := function.__defaults__ or ()):
            lowered = tuple(value if one == before else one for one in plain)
            monkeypatch.setattr(function, "__defaults__", lowered)
        if before in (named := function.__kwdefaults__ or {}).values():
            lowered_ = {key: value if one == before else one for key, one in named.items()}
            monkeypatch.setattr(function, "__kwdefaults__", lowered_)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for one in vars(module).values():
        if getattr(one, "__module__", "") == module.__name__:
            inner = vars(one).values() if isinstance(one, type) else (one,)
            yield from (each for each in inner if isinstance(each, FunctionType))


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
