"""Commands, a file each: what can be typed.  What a command does is imported when it runs."""

import click

VERBS: tuple[click.Command, ...] = ()
