"""Walks as people make them: to the end, cancelled, stopped, left alone, saved, redacted, read in reports.

The mix is drawn from a seed: a number names a walk, and the same number is the same walk again.
"""

import asyncio
import contextlib
import enum
import random
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.target import Options
from mxwalk.findings.registry import check
from mxwalk.language import LANGUAGES, use_language
from mxwalk.reports.render import render
from mxwalk.session import Saving, lab_options, open_walk
from mxwalk.walk.walker import Walk

# Deliveries (DANE, MTA-STS, PKIX, revocation), messages, surveys, and failures of every kind; none that
# takes its time, as a thousand of them are walked.
SCENARIOS = (
    "esa-hosted",
    "dane-good",
    "dane-mismatch",
    "dane-rollover",
    "sts-enforce-good",
    "sts-and-dane",
    "sts-redirect",
    "sts-cert-invalid",
    "pkix-cross-signed",
    "pkix-missing-aia",
    "revoked-crl",
    "ocsp-delegated",
    "esa-cn-ptr",
    "mx-dead-first",
    "dkim-good",
    "dkim-list-footer",
    "dmarc-pass-spf",
    "spf-macro-exists",
    "domain-complete",
    "domain-servfail",
    "refused",
    "reset",
    "starttls-broken",
    "tls-small-dh",
    "hostile-escapes",
    "hostile-flood",
    "dnssec-expired",
    "greet-554",
)
_FORMATS = ("text", "markdown", "html", "json", "trace")


class Way(enum.Enum):
    """How a walk ends."""

    WHOLE = "to the end"
    CANCELLED = "a step cancelled, then to the end"
    STOPPED = "stopped"
    LEFT = "left in the middle"
    SAVED = "saved, then opened"
    REDACTED = "saved redacted, then opened"


@dataclass(frozen=True, slots=True)
class Made:
    """A walk that was made: its scenario, its way, its steps."""

    scenario: str
    way: Way
    steps: int
    cancelled: int


async def make_walk(number: int, seed: int, scratch: Path) -> Made:
    """Make the walk of this number; raise whatever escapes from it."""
    chance = random.Random(f"{seed}/{number}")
    scenario = SCENARIOS[number % len(SCENARIOS)]
    way = list(Way)[(number // len(SCENARIOS) + number) % len(Way)]
    path = scratch / f"walk-{number}.mxtrace"
    saving = way in (Way.SAVED, Way.REDACTED)
    async with open_walk(
        None,
        _options(scenario, chance),
        scenario=scenario,
        save=path if saving else Saving.NOWHERE,
        redacted=way is Way.REDACTED,
    ) as walk:
        match way:
            case Way.CANCELLED:
                await _cancel_one(walk, chance)
                await _finish(walk)
            case Way.STOPPED:
                await _some(walk, chance)
                walk.stop()
                await _finish(walk)
            case Way.LEFT:
                await _some(walk, chance)
            case _:
                await _finish(walk)
    trace = walk.trace
    if saving:
        read = read_trace(path)
        assert not read.damage, (scenario, read.damage)
        assert len(read.steps) == len(trace.steps), scenario
        path.unlink()
    use_language(chance.choice(list(LANGUAGES)))
    check(build_delivery(trace))
    render(trace, chance.choice(_FORMATS), sender=trace.header.options.sender)
    return Made(scenario, way, len(trace.steps), sum(step.cancelled for step in trace.steps))


def _options(scenario: str, chance: random.Random) -> Options:
    options = lab_options(scenario)
    both = chance.random() < 0.2
    return msgspec.structs.replace(options, both_leaves=both or options.both_leaves)


async def _some(walk: Walk, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 16)):
        if await walk.step() is None:
            return


async def _finish(walk: Walk) -> None:
    while await walk.step() is not None:
        pass


async def _cancel_one(walk: Walk, chance: random.Random) -> None:
    """Cancel a step after some turns of the loop: before it began, under way, or too late."""
    await _some(walk, chance)
    async with asyncio.TaskGroup() as group:
        step = group.create_task(walk.step())
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(0)
        step.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await step
