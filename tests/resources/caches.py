"""What the program remembers between walks: every cache of the package, found where it lives.

Caches are found by the garbage collector, containers of modules by their modules, so that a new one is
looked at without being named here.  A cache without a maximum is allowed only where the keys are ours.
"""

import functools
import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

OURS = ("mxwalk", "tui", "widgets")
# Keyed by languages, of which there are two.
UNBOUNDED = {"mxwalk.language._catalogue"}


@dataclass(frozen=True, slots=True)
class Remembered:
    """A cache: whose results it keeps, how many of how many."""

    name: str
    entries: int
    most: int | None


def caches() -> tuple[Remembered, ...]:
    """Return every function cache of the package, by name."""
    return tuple(
        sorted(
            (
                Remembered(name, info.currsize, info.maxsize)
                for name, cache in _caches()
                for info in [cache.cache_info()]
            ),
            key=lambda one: one.name,
        )
    )


def forget() -> None:
    """Empty every function cache of the package."""
    for _, cache in _caches():
        cache.cache_clear()


def unbounded() -> tuple[str, ...]:
    """Return caches that may grow without end and are not known to be keyed by our own words."""
    return tuple(one.name for one in caches() if one.most is None and one.name not in UNBOUNDED)


def overfull() -> tuple[str, ...]:
    """Return caches that hold more than they may."""
    return tuple(one.name for one in caches() if one.most is not None and one.entries > one.most)


def containers() -> Mapping[str, int]:
    """Return the size of every container that a module of the package, or a class in it, holds."""
    return dict(_containers())


def _caches() -> Iterator[tuple[str, "functools._lru_cache_wrapper[object]"]]:
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper):
            function = _remembering(found.__wrapped__)
            module = getattr(function, "__module__", None) or ""
            if module.partition(".")[0] in OURS:
                yield f"{module}.{function.__qualname__}", found


def _remembering(function: Callable[..., object]) -> Callable[..., object]:
    """Return the function itself where one cache is kept for each language."""
    if function.__qualname__.endswith("per_language.<locals>.decorate.<locals>.remembered"):
        for cell in function.__closure__ or ():
            if callable(cell.cell_contents):
                inner: Callable[..., object] = cell.cell_contents
                return inner
    return function


def _containers() -> Iterator[tuple[str, int]]:
    for module in list(sys.modules.values()):
        name = getattr(module, "__name__", "")
        if name.partition(".")[0] not in OURS:
            continue
        for key, value in list(vars(module).items()):
            if isinstance(value, dict | list | set) and not key.startswith("__"):
                yield f"{name}.{key}", len(value)
            if isinstance(value, type) and value.__module__ == name:
                for inner, held in list(vars(value).items()):
                    hidden = inner.startswith(("__", "_abc_"))
                    if isinstance(held, dict | list | set) and not hidden:
                        yield f"{name}.{key}.{inner}", len(held)
