"""The walks of a watch: the same target and options each time, and the lab's servers kept running.

A lab with several scenarios serves one a round and stays at the last, so that a change can be watched.
"""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mxwalk.clock import Clock, SystemClock
from mxwalk.evidence.mailauth import SurveyInput
from mxwalk.evidence.step import Step
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Trace
from mxwalk.session import TRACE_SUFFIX, Saving, file_words, open_walk

if TYPE_CHECKING:  # the lab is loaded where a scenario is watched
    from mxwalk.lab.lab import Lab


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is walked each round: a target with options, or lab scenarios one after the other.

    ``later`` are the options of the scenarios after the first.  ``survey`` goes with a domain as
    target; ``save`` is a directory that each round's trace goes to.
    """

    target: str | None
    options: Options
    scenarios: tuple[str, ...] = ()
    later: tuple[Options, ...] = ()
    survey: SurveyInput | None = None
    save: Path | None = None
    redacted: bool = False


class Walker:
    """An async context manager that makes the walk of each round."""

    def __init__(
        self,
        watched: Watched,
        *,
        clock: Clock | None = None,
        on_step: Callable[[Step], None] | None = None,
        on_notice: Callable[[str], None] | None = None,
    ) -> None:
        self._watched = watched
        self._clock = clock or SystemClock()
        self._on_step = on_step
        self._on_notice = on_notice
        self._labs = AsyncExitStack()
        self._lab: Lab | None = None
        self._served = ""

    async def __aenter__(self) -> Self:
        """Nothing is opened before the first round."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the lab."""
        await self._labs.aclose()

    async def walk(self, number: int) -> Trace:
        """Walk to the end and return the trace.  Raises what ``session.open_walk`` raises."""
        watched = self._watched
        scenario, options = None, watched.options
        if watched.scenarios:
            at = min(number, len(watched.scenarios)) - 1
            scenario, options = watched.scenarios[at], (options, *watched.later)[at]
            await self._serve(scenario)
        async with open_walk(
            watched.target,
            options,
            scenario=scenario,
            survey=watched.survey,
            on_step=self._on_step,
            on_notice=self._on_notice,
            save=self._file(number),
            redacted=watched.redacted,
            clock=self._clock,
            lab=self._lab,
        ) as walk:
            while await walk.step() is not None:
                pass
        return walk.trace

    async def _serve(self, scenario: str) -> None:
        """Have this scenario's servers running; they keep their certificates from round to round."""
        if scenario == self._served:
            return
        from mxwalk.lab.lab import Lab
        from mxwalk.lab.scenario import load_scenario

        await self._labs.aclose()
        self._served, self._lab = "", None
        self._labs = AsyncExitStack()
        lab = Lab(load_scenario(scenario), clock=self._clock)
        self._lab = await self._labs.enter_async_context(lab)
        self._served = scenario

    def _file(self, number: int) -> Path | Saving:
        """Return the file of a round's trace: time, target and number."""
        watched = self._watched
        if watched.save is None:
            return Saving.NOWHERE
        subject = watched.target or (watched.scenarios[0] if watched.scenarios else "")
        at = f"{self._clock.now():%Y%m%dT%H%M%SZ}"
        return watched.save / f"{at}-{file_words(subject)}-{number:04}{TRACE_SUFFIX}"
