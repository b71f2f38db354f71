"""Walk a lab scenario in a test."""

import contextlib
from collections.abc import AsyncIterator

import msgspec

from mxwalk.clock import Clock, SystemClock
from mxwalk.lab.lab import Lab
from mxwalk.lab.scenario import load_scenario
from mxwalk.tls.store import stores_beside
from mxwalk.walk.walker import Walk


@contextlib.asynccontextmanager
async def lab_walk(
    name: str,
    *,
    clock: Clock | None = None,
    on_step=None,
    enough=None,
    target=None,
    **options: object,
) -> AsyncIterator[Walk]:
    """Open a walk on a scenario, some of its options replaced."""
    async with Lab(load_scenario(name)) as lab:
        walk = Walk(
            target or lab.target,
            msgspec.structs.replace(lab.options, **options),
            message=lab.message,
            survey=lab.survey,
            dialer=lab.dialer,
            resolver=lab.resolver,
            store=lab.store,
            validation=lab.validation,
            permit=lab.permit,
            beside=stores_beside(lab.store, on_lab=True),
            clock=clock or SystemClock(),
            on_step=on_step,
            enough=enough,
            scenario=name,
        )
        try:
            yield walk
        finally:
            await walk.close()


async def run(walk: Walk) -> list[str]:
    """Walk to the end and return the kinds of steps in order."""
    return [step.kind.value async for step in walk]


async def step_to(walk: Walk, kind: str) -> None:
    """Step until a step of ``kind`` is pending."""
    while walk.pending is not None and walk.pending.kind.value != kind:
        await walk.step()
    assert walk.pending is not None, f"no step of kind {kind} came"
