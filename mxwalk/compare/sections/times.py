"""Steps that took much longer, or much less long, than on the other side."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part, Weight
from mxwalk.compare.sections.common import connections
from mxwalk.compare.side import Look
from mxwalk.evidence.step import Step
from mxwalk.language import noted, say
from mxwalk.walk.plan import label_of

ID = "times"
TITLE = noted("times")
UNIT = "times"


def parts(look: Look) -> Iterator[Part]:
    """Yield how long each step of a place took."""
    if look.whole:
        yield _part(("walk",), "", [s for s in look.side.trace.steps if not s.scope.host])
    for _, place in connections(look):
        assert place.attempt is not None
        yield _part((place.key,), place.place, list(place.attempt.steps))


def _part(key: tuple[str, ...], place: str, steps: list[Step]) -> Part:
    facts: list[Fact] = []
    for kind in dict.fromkeys(step.kind for step in steps):
        last = next(step for step in reversed(steps) if step.kind is kind)
        facts.append(
            Fact(
                key=kind.value,
                subject=label_of(kind),
                value=say("{seconds} s", seconds=f"{last.elapsed_s:.1f}"),
                step=last.seq,
                measure_s=last.elapsed_s,
                weight=Weight.NOTICE,
            )
        )
    return Part(key=key, place=place, facts=tuple(facts))
