"""Texts that tables of ours hold, and which are given to ``say`` where they are shown."""

from collections.abc import Callable, Iterator

import click

from mxwalk.cli import cli
from mxwalk.dane.model import Standing as DaneStanding
from mxwalk.delivery.model import HostOrigin, RouteKind
from mxwalk.findings.model import Owner, Severity
from mxwalk.findings.registry import catalogue
from mxwalk.revocation.model import Standing as RevocationStanding
from tui.actions import all_actions
from tui.views import DOMAIN_VIEWS, MESSAGE_VIEWS, VIEWS


def titles() -> Iterator[str]:
    """Yield the titles of the findings."""
    for entry in catalogue().values():
        yield entry.title


def keys() -> Iterator[str]:
    """Yield hints and sentences of keys and views."""
    for action in all_actions():
        yield action.words
        yield action.tooltip
    for view in (*VIEWS, *MESSAGE_VIEWS, *DOMAIN_VIEWS):
        yield view.name
        yield view.tooltip


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
    for kind in (RouteKind, HostOrigin, DaneStanding, Severity, Owner):
        for one in kind:
            yield one.value
    for standing in RevocationStanding:
        yield standing.value.replace("-", " ")


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "mxwalk/findings (titles)": titles,
    "tui/actions.py": keys,
    "mxwalk/cli.py": helps,
    "mxwalk/delivery/model.py": states,
}
