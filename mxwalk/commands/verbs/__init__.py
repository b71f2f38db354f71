"""Commands, a file each: what can be typed.  What a command does is imported when it runs."""

import click

from mxwalk.commands.verbs.watch import COMMAND as WATCH

VERBS: tuple[click.Command, ...] = (WATCH,)
