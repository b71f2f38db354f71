"""What the known fields of a policy say, and whether senders can use it (RFC 8461 3.2)."""

import re
from collections.abc import Mapping
from typing import Protocol

from mxwalk.language import say
from mxwalk.mtasts.model import Mode, PolicyFault, Weight
from mxwalk.text import visible

MAX_AGE_S = 31_557_600  # RFC 8461 3.2: a year
WEEK_S = 7 * 86_400
_VERSION = "STSv1"
_DIGITS = re.compile(r"[0-9]{1,10}")  # sts-policy-max-age-value


class Note(Protocol):
    """Takes a deviation down."""

    def __call__(
        self, fault: PolicyFault, weight: Weight, line: int, value: str | bytes, sentence: str
    ) -> None:
        """Keep it."""
        ...


class Judge:
    """The first value of each known field with its line, judged."""

    def __init__(self, values: Mapping[str, tuple[str, int]], note: Note) -> None:
        self._values = values
        self._note = note

    def _value(self, name: str, missing: PolicyFault, what: str) -> tuple[str, int] | None:
        found = self._values.get(name)
        if found is None:
            self._note(
                missing,
                Weight.BREAKS,
                0,
                "",
                say('the policy has no "{name}"{what}', name=name, what=what),
            )
        return found

    def version(self, first: int) -> str:
        """Return the version; ``first`` is the number of the first line with a field."""
        found = self._value("version", PolicyFault.VERSION_MISSING, say(" (it must be STSv1)"))
        if found is None:
            return ""
        value, number = found
        if value != _VERSION:
            self._note(
                PolicyFault.VERSION_UNKNOWN,
                Weight.BREAKS,
                number,
                value,
                say(
                    'line {number}: the version is "{value}", not "STSv1"',
                    number=number,
                    value=visible(value, 40),
                ),
            )
        if number != first:
            self._note(
                PolicyFault.VERSION_NOT_FIRST,
                Weight.ODD,
                number,
                value,
                say(
                    "line {number}: the version is not the first field; the grammar allows"
                    " any order, all examples begin with it",
                    number=number,
                ),
            )
        return visible(value, 40)

    def mode(self) -> Mode | None:
        """Return the mode if it is one."""
        found = self._value("mode", PolicyFault.MODE_MISSING, say(" (enforce, testing or none)"))
        if found is None:
            return None
        value, number = found
        try:
            return Mode(value)
        except ValueError:
            self._note(
                PolicyFault.MODE_UNKNOWN,
                Weight.BREAKS,
                number,
                value,
                say(
                    'line {number}: the mode is "{value}", not enforce, testing or none (in'
                    " these letters)",
                    number=number,
                    value=visible(value, 40),
                ),
            )
            return None

    def max_age(self) -> int | None:
        """Return the seconds, a year at most."""
        found = self._value(
            "max_age", PolicyFault.MAX_AGE_MISSING, say(" (the seconds to keep the policy)")
        )
        if found is None:
            return None
        value, number = found
        if not _DIGITS.fullmatch(value):
            self._note(
                PolicyFault.MAX_AGE_SYNTAX,
                Weight.BREAKS,
                number,
                value,
                say(
                    'line {number}: max_age "{value}" is no number of seconds in one to ten digits',
                    number=number,
                    value=visible(value, 40),
                ),
            )
            return None
        seconds = int(value)
        if seconds > MAX_AGE_S:
            self._note(
                PolicyFault.MAX_AGE_TOO_LARGE,
                Weight.DIFFERS,
                number,
                value,
                say(
                    "line {number}: max_age {seconds} is above {max_age_s}, a year: some"
                    " senders refuse the policy, others take it for a year",
                    number=number,
                    seconds=seconds,
                    max_age_s=MAX_AGE_S,
                ),
            )
        elif seconds == 0:
            self._note(
                PolicyFault.MAX_AGE_ZERO,
                Weight.DIFFERS,
                number,
                value,
                say(
                    "line {number}: max_age 0: the policy is not kept, so it protects nobody;"
                    " some senders refuse it",
                    number=number,
                ),
            )
        elif seconds < WEEK_S:
            self._note(
                PolicyFault.MAX_AGE_SHORT,
                Weight.ODD,
                number,
                value,
                say(
                    "line {number}: max_age {seconds} is less than a week; who blocks the"
                    " fetch that long is rid of the policy (RFC 8461 3.2 expects weeks or"
                    " more)",
                    number=number,
                    seconds=seconds,
                ),
            )
        return min(seconds, MAX_AGE_S)

    def mx(self, mode: Mode | None, *, any_given: bool, any_usable: bool) -> None:
        """RFC 8461 3.2: at least one mx, except when mode is none."""
        if any_usable or mode is Mode.NONE:
            return
        if any_given:
            self._note(
                PolicyFault.MX_NONE_USABLE,
                Weight.BREAKS,
                0,
                "",
                say("no mx of the policy is usable"),
            )
        else:
            self._note(
                PolicyFault.MX_MISSING,
                Weight.BREAKS,
                0,
                "",
                say('the policy has no "mx"; without one only mode none is possible'),
            )
