"""Commands, a file each or a few of a kind: what can be typed.

What a command does is imported when it runs.
"""

import click

from mxwalk.commands.verbs import purposes, reports, single
from mxwalk.commands.verbs.clue import COMMAND as CLUE
from mxwalk.commands.verbs.diff import COMMAND as DIFF
from mxwalk.commands.verbs.letter import COMMAND as LETTER
from mxwalk.commands.verbs.own import COMMAND as SELF
from mxwalk.commands.verbs.watch import COMMAND as WATCH

VERBS: tuple[click.Command, ...] = (
    *single.COMMANDS,
    *purposes.COMMANDS,
    *reports.COMMANDS,
    CLUE,
    DIFF,
    LETTER,
    SELF,
    WATCH,
)
