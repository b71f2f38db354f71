"""Scenarios walked to their end, each once a test run: a delivery is a value, and many tests read it."""

from mxwalk.delivery.model import Delivery
from tests.walk.harness import lab_walk, run

_WALKED: dict[str, Delivery] = {}


async def walked(name: str) -> Delivery:
    """Return the delivery of a walk on a scenario."""
    if name not in _WALKED:
        async with lab_walk(name) as walk:
            await run(walk)
            _WALKED[name] = walk.delivery
    return _WALKED[name]
