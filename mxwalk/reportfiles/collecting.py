"""Collecting deviations while a report is read: the like of one another become one, with places."""

import re
from dataclasses import dataclass, field

from mxwalk.language import say
from mxwalk.limits import REPORT_DEVIATIONS, REPORT_PLACES
from mxwalk.reportfiles.model import Deviation, Kind
from mxwalk.text import visible

_INDEX = re.compile(r"\[\d+\]")
_VALUE_CHARS = 80
_BITS = 128


@dataclass(slots=True)
class _Group:
    sentence: str
    places: list[str] = field(default_factory=list)
    times: int = 0


@dataclass(slots=True)
class Deviations:
    """A growing list; a deviation of one kind at one member counts up instead of repeating."""

    _groups: dict[tuple[Kind, str, str], _Group] = field(default_factory=dict)
    _beyond: int = 0

    def add(self, kind: Kind, place: str, words: str, value: object = None) -> None:
        """Note that what stands at ``place`` deviates: ``words`` follow its name.

        ``value`` is what was found there; the first one is shown.
        """
        member = _INDEX.sub("[]", place)
        key = (kind, member, words)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= REPORT_DEVIATIONS:
                self._beyond += 1
                return
            group = self._groups[key] = _Group(_sentence(member, words, value))
        group.times += 1
        if place and len(group.places) < REPORT_PLACES:
            group.places.append(place)

    def found(self) -> tuple[Deviation, ...]:
        """Return what was noted, in the order of first notice."""
        listed = [
            Deviation(
                kind=kind, sentence=group.sentence, places=tuple(group.places), times=group.times
            )
            for (kind, _, _), group in self._groups.items()
        ]
        if self._beyond:
            words = say("and {beyond} more deviations, which are not listed", beyond=self._beyond)
            listed.append(Deviation(kind=Kind.LIMIT, sentence=words, times=self._beyond))
        return tuple(listed)


def _sentence(member: str, words: str, value: object) -> str:
    name = member.rsplit(".", 1)[-1].replace("[]", "")
    told = say("{name} {words}", name=name, words=words) if name else words
    if value is None:
        return visible(told, 400)
    return f"{visible(told, 400)}: {visible(shortly(value), _VALUE_CHARS)}"


def shortly(value: object) -> str:
    """Return a value of JSON or XML in short, as a person may want to see it."""
    match value:
        case str():
            return value[: 2 * _VALUE_CHARS]
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case int() if value.bit_length() > _BITS:  # Python itself refuses to print very long ones
            return say("a number of more than 38 digits")
        case int() | float():
            return str(value)
        case list():
            return say("an array of {value} elements", value=len(value))
        case _:
            return say("an object")
