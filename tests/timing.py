"""How long something may take: the process's own CPU time, without the garbage collector.

Other work on the machine does not lengthen it, nor what the tests before it left in memory.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is done inside must need less than this many seconds of CPU time.

    The bound is for what would take minutes without a limit, so it is generous.
    """
    gc.disable()
    started = time.process_time()
    try:
        yield
        spent = time.process_time() - started
    finally:
        gc.enable()
    assert spent < seconds, f"{spent:.2f} s, and {seconds} s are allowed"


def best_of(tries: int, do: Callable[[], object]) -> float:
    """The least CPU time that one of several tries needs, in seconds."""
    spent = []
    gc.disable()
    try:
        for _ in range(tries):
            started = time.process_time()
            do()
            spent.append(time.process_time() - started)
    finally:
        gc.enable()
    return min(spent)
