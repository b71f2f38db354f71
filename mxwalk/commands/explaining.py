"""``mxwalk explain``: the long text of a code or of an enhanced status code, or the list of all."""

import textwrap

from mxwalk.clues.status_codes import explain_status, parse_status
from mxwalk.commands.output import print_lines
from mxwalk.findings.explain import explain
from mxwalk.findings.registry import catalogue


def show(code: str | None) -> None:
    """Print the explanation of a code, also an enhanced status code, or one line for each code."""
    if code is not None and (status := parse_status(code)) is not None:
        print_lines(
            text
            for number, part in enumerate(explain_status(status))
            for text in (*([""] if number else []), *textwrap.wrap(part, 78))
        )
        return
    if code is not None:
        print_lines(explain(code).splitlines())
        return
    entries = catalogue().values()
    severity = max((len(entry.severity.value) for entry in entries), default=0)
    owner = max((len(entry.owner.value) for entry in entries), default=0)
    print_lines(
        f"{entry.code:<8}  {entry.severity.value:<{severity}}  {entry.owner.value:<{owner}}  "
        f"{entry.title}"
        for entry in entries
    )
