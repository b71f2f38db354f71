"""Texts that tables of ours hold, and which are given to ``say`` where they are shown."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator

import click
from textual.binding import Binding

import tui.screens
import widgets
from mxwalk.cli import cli
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.registry import catalogue
from mxwalk.revocation.model import Standing as RevocationStanding
from tui.actions import all_actions, walk_actions
from tui.views import DOMAIN_VIEWS, MESSAGE_VIEWS, VIEWS

# What click says itself of a command line; it passes through ``mxwalk.commands.spoken``.
_CLICK = (
    "Usage:",
    "Options",
    "Commands",
    "Show the version and exit.",
    "%(prog)s, version %(version)s",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "Missing argument",
    "Missing option",
    "No such option {name!r}.",
    "Did you mean {possibility}?",
    "(Did you mean one of: {possibilities}?)",
    "Got unexpected extra argument ({args})",
    "Got unexpected extra arguments ({args})",
    "Option {name!r} requires an argument.",
    "Option {name!r} does not take a value.",
    "Option {name!r} requires {nargs} arguments.",
    "Argument {name!r} takes {nargs} values.",
    "{value!r} is not {choice}.",
    "{value!r} is not one of {choices}.",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "default: {default}",
    "required",
)


def click_words() -> Iterator[str]:
    """Yield click's own words."""
    yield from _CLICK


def titles() -> Iterator[str]:
    """Yield the titles of the findings."""
    for entry in catalogue().values():
        yield entry.title


def keys() -> Iterator[str]:
    """Yield hints and sentences of keys and views."""
    own = (one for purpose in Purpose for one in walk_actions(purpose))
    for action in (*all_actions(), *own):
        yield action.words
        yield action.tooltip
    for view in (*VIEWS, *MESSAGE_VIEWS, *DOMAIN_VIEWS):
        yield view.name
        yield view.tooltip


def bindings() -> Iterator[str]:
    """Yield what the keys of panes and dialogs do, as their modules declare it."""
    for package in (tui.screens, widgets):
        for found in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{found.name}")
            for one in vars(module).values():
                if isinstance(one, type) and one.__module__ == module.__name__:
                    for binding in vars(one).get("BINDINGS", ()):
                        if isinstance(binding, Binding) and binding.id:
                            yield binding.tooltip or binding.description


def helps() -> Iterator[str]:
    """Yield the command line's help."""
    yield from _help_of(cli)


def _help_of(command: click.Command) -> Iterator[str]:
    yield command.help or ""
    yield command.epilog or ""
    for param in command.params:
        if isinstance(param, click.Option):
            yield param.help or ""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from _help_of(each)


def states() -> Iterator[str]:
    """Yield the values of enumerations that are shown as they are."""
    for step in StepKind:
        if step not in {StepKind.DECISION, StepKind.NOTE}:
            yield step.value
    for standing in RevocationStanding:
        yield standing.value.replace("-", " ")


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "mxwalk/findings (titles)": titles,
    "tui/actions.py": keys,
    "tui/screens (keys)": bindings,
    "mxwalk/commands/spoken.py": click_words,
    "mxwalk/cli.py": helps,
    "mxwalk/evidence/step.py": states,
}
