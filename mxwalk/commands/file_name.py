"""Names of files as they are typed: an empty one names none.

A shell makes one of a variable that is not set (``--output "$REPORT"``).  As a path it would be the
current folder, and as a value it would count as not given, which is not what was asked for.
"""

from collections.abc import Callable
from typing import Any

import click
from click.types import StringParamType

from mxwalk.commands.spoken import option
from mxwalk.language import say


class FileName(StringParamType):
    """The name of a file or a folder; whether there is one is found out where it is opened."""

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 - click's own
        """Return the name, or fail where it is empty."""
        if not value:
            self.fail(say("the name is empty"), param, ctx)
        return super().convert(value, param, ctx)


FILE_NAME = FileName()


def file_option(*names: str, metavar: str = "FILE", **values: Any) -> Callable[..., Any]:  # noqa: ANN401
    """Declare an option whose value is the name of a file."""
    return option(*names, type=FILE_NAME, metavar=metavar, **values)
