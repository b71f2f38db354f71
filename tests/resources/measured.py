"""What the process holds at one moment: memory, descriptors, tasks, threads, temporary files, caches."""

import asyncio
import ctypes
import gc
import os
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tests.resources.caches import caches, forget

_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True, slots=True)
class Held:
    """What is held after so many walks."""

    walks: int
    rss_kib: int
    emptied_kib: int  # RSS with every cache emptied
    descriptors: int
    tasks: int
    threads: int
    temporary: int
    remembered: int

    HEAD: ClassVar[str] = (
        f"{'walks':>6} {'RSS KiB':>9} {'without caches':>15} {'fds':>5} {'tasks':>6}"
        f" {'threads':>8} {'files':>6} {'cached':>8}"
    )

    def line(self) -> str:
        """Return the row of a table."""
        return (
            f"{self.walks:>6} {self.rss_kib:>9,} {self.emptied_kib:>15,} {self.descriptors:>5}"
            f" {self.tasks:>6} {self.threads:>8} {self.temporary:>6} {self.remembered:>8,}"
        )


def held(walks: int) -> Held:
    """Look at the process, after what is garbage was collected and given back to the system.

    The caches are empty afterwards: what they may hold is bounded by their number of entries.
    """
    full = _rss_kib()
    remembered = sum(one.entries for one in caches())
    forget()
    return Held(
        walks=walks,
        rss_kib=full,
        emptied_kib=_rss_kib(),
        descriptors=len(list(Path("/proc/self/fd").iterdir()))
        - 1,  # one of them reads the directory
        tasks=len(asyncio.all_tasks()),
        threads=threading.active_count(),
        temporary=len(list(Path(tempfile.gettempdir()).iterdir())),
        remembered=remembered,
    )


def _rss_kib() -> int:
    gc.collect()
    _give_back()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_KIB


def _give_back() -> None:
    """Have the C library return what was freed; where it knows no such call, RSS is a little larger."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def slope(points: list[tuple[int, int]]) -> float:
    """Return the slope of the line of least squares through the points."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    below = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / below if below else 0.0
