"""The DNS answers that a step's evidence holds, and the names that questions go by in a sweep."""

from collections.abc import Iterable, Iterator
from typing import Any

from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.step import Step
from tests.torture.faults import Case

Key = tuple[str, str, bool]


def answers_in(step: Step) -> Iterator[tuple[bool, DnsAnswer]]:
    """Yield every answer in a step's evidence, and whether it is one that validation asked for."""
    yield from _found(step.evidence, checking=False)


def _found(value: Any, *, checking: bool) -> Iterator[tuple[bool, DnsAnswer]]:
    if isinstance(value, DnsAnswer):
        yield checking, value
    elif isinstance(value, tuple):
        for each in value:
            yield from _found(each, checking=checking)
    else:
        for name in getattr(value, "__struct_fields__", ()):
            yield from _found(getattr(value, name), checking=checking or name == "support")


def answers_by_name(steps: Iterable[Step]) -> Iterator[tuple[Key, DnsAnswer]]:
    """Yield every answer in the steps by its question's name and type, and whether it is validation's."""
    for step in steps:
        for checking, answer in answers_in(step):
            yield (answer.qname.lower(), answer.rtype, checking), answer


def key_of(case: Case) -> Key | None:
    """Return the key of the answer that a case harms, ``None`` where it harms none."""
    if not case.wire.startswith("dns"):
        return None
    _, name, rtype, *checking = case.connection.split(":")
    return name, rtype, bool(checking)


def asks(step: Step, case: Case) -> bool:
    """Say whether the question whose answer the case harms is one that this step rests on."""
    harmed = key_of(case)
    return any(key == harmed for key, _ in answers_by_name([step]))
