"""One command line as one value: what to walk, with which options, and what to write where."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from mxwalk.commands.settings import Given, apply, check_unicode
from mxwalk.evidence.mailauth import MessageInput, SurveyInput
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Purpose, purpose_of
from mxwalk.files import named
from mxwalk.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to walk, the given options, and the output.

    A target, a scenario, a message, a target with a survey, or none of them for a trace.
    """

    target: str | None
    scenario: str | None
    given: Given
    fmt: str | None
    output: Path | None
    save: Path | None
    force: bool
    redact: bool
    ascii_only: bool
    with_notes: bool = False
    message: MessageInput | None = None
    survey: SurveyInput | None = None

    @property
    def purpose(self) -> Purpose:
        """What is walked; a scenario's file says so.  Raises ``ScenarioError``."""
        if self.scenario is not None:
            from mxwalk.lab.scenario import load_scenario

            return load_scenario(self.scenario).purpose
        return purpose_of(self.message, self.survey)

    def wants_screen(self, *, reads_input: bool = False) -> bool:
        """Whether the terminal UI is what was asked for and can be had."""
        writes = self.fmt is not None or self.output is not None or self.save is not None
        if writes or self.redact or not sys.stdout.isatty():
            return False
        return sys.stdin.isatty() or (reads_input and attach_terminal())


def attach_terminal() -> bool:
    """Make the terminal standard input again after a trace was read from a pipe."""
    try:
        os.dup2(os.open("/dev/tty", os.O_RDWR), sys.stdin.fileno())
    except (OSError, ValueError):
        return False
    return sys.stdin.isatty()


def from_values(target: str | None, scenario: str | None, values: Mapping[str, Any]) -> Request:
    """Return the request for click's values."""
    names = {field.name for field in fields(Given)}
    output, save = values.get("output"), values.get("save")
    return Request(
        target=check_unicode(target, say("the target")) if target is not None else None,
        scenario=scenario,
        given=Given(**{name: value for name, value in values.items() if name in names}),
        fmt=values["fmt"],
        output=named(output) if output else None,
        save=named(save) if save else None,
        force=values["force"],
        redact=values["redact"],
        ascii_only=values["ascii_only"],
        with_notes=bool(values.get("with_notes")),
    )


def options_of(asked: Request) -> Options:
    """Return the options of the walk.  Raises ``UsageError`` for one that cannot be used."""
    import msgspec

    from mxwalk.errors import UsageError
    from mxwalk.receivers.registry import judge_or_first
    from mxwalk.session import default_options, lab_options

    if asked.scenario is not None:
        if asked.given.resolver is not None:
            raise UsageError(say("--resolver: a lab scenario answers DNS itself"))
        return apply(asked.given, lab_options(asked.scenario), asked.purpose)
    base = default_options()
    if asked.purpose is not Purpose.DELIVERY:  # its judges are others
        base = msgspec.structs.replace(base, sender=judge_or_first(asked.purpose, "").id)
    return apply(asked.given, base, asked.purpose)
