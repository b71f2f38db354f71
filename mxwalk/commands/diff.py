"""``mxwalk diff``: two saved walks, two lab scenarios, or two hosts of one walk, and what differs."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.output import check_output, write_result
from mxwalk.commands.request import Request, attach_terminal, from_values
from mxwalk.commands.settings import check_sender
from mxwalk.commands.streams import note
from mxwalk.commands.traces import load
from mxwalk.compare.comparing import compare
from mxwalk.compare.model import Comparison
from mxwalk.compare.side import Side
from mxwalk.delivery.redaction import redact
from mxwalk.errors import UsageError
from mxwalk.evidence.trace import Trace
from mxwalk.language import say
from mxwalk.names import InvalidNameError, is_address, parse_name
from mxwalk.reports.comparison import render_comparison
from mxwalk.saved import earlier_walk
from mxwalk.text import visible

SAME, DIFFERS, INCONCLUSIVE = 0, 1, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for; ``output`` is where the result goes."""

    names: tuple[str, ...]
    hosts: tuple[str, str] | None
    labs: tuple[str, str] | None
    sender: str
    output: Request

    @property
    def wants_screen(self) -> bool:
        """Whether the terminal UI is what was asked for and can be had."""
        piped = "-" in self.names
        asked = self.output
        if asked.fmt or asked.output or asked.redact or not sys.stdout.isatty():
            return False
        return sys.stdin.isatty() or (piped and attach_terminal())


def asked_from(values: Mapping[str, object]) -> Asked:
    """Return the request that click's values make.  Raises ``UsageError``."""
    names, labs, hosts = values["traces"], values["labs"], values["hosts"]
    assert isinstance(names, tuple)
    wanted = 1 if hosts else 2
    if labs and names:
        raise UsageError(say("give traces or --lab, not both"))
    if not labs and not 1 <= len(names) <= wanted:
        raise UsageError(
            say("--host compares two hosts of one trace")
            if hosts
            else say("give two traces, or one to compare with the earlier walk of its target")
        )
    if names.count("-") > 1:
        raise UsageError(say("standard input holds one trace"))
    return Asked(
        names=names,
        hosts=hosts if isinstance(hosts, tuple) and hosts else None,
        labs=labs if isinstance(labs, tuple) and labs else None,
        sender=str(values.get("sender") or ""),
        output=from_values(None, None, {**values, "save": None}),
    )


def sides(asked: Asked) -> tuple[Side, Side]:
    """Return both sides: read, looked for among the saved walks, or walked on the lab."""
    before, after = _traces(asked)
    if asked.output.redact:
        before, after = redact(before), redact(after)
    if asked.hosts is None:
        return Side(trace=before), Side(trace=after)
    return _side(before, asked.hosts[0]), _side(after, asked.hosts[1])


def _side(trace: Trace, text: str) -> Side:
    """Return a host or an address of a walk by what the person calls it."""
    bare = text.strip().strip("[]")
    if is_address(bare):
        return Side(trace=trace, address=bare)
    try:
        return Side(trace=trace, host=parse_name(bare).ascii)
    except InvalidNameError as error:
        raise UsageError(f"--host {visible(text, 100)}: {error}") from error


def _traces(asked: Asked) -> tuple[Trace, Trace]:
    if asked.labs is not None:
        if asked.hosts is not None:
            raise UsageError(say("--host compares two hosts of one trace"))
        return _walked(asked.labs[0]), _walked(asked.labs[1])
    traces = [load(name) for name in asked.names]
    for trace in traces:
        if trace.damage:
            note(trace.damage)
    if asked.hosts is not None:
        return traces[0], traces[0]
    if len(traces) == 2:
        return traces[0], traces[1]
    path = earlier_walk(traces[0])
    if path is None:
        target = visible(traces[0].header.target.text, 200)
        raise UsageError(
            say("no earlier walk of {target} is saved; name two traces", target=target)
        )
    note(say("compared with {path}", path=visible(str(path), 300)))
    return load(str(path)), traces[0]


def _walked(scenario: str) -> Trace:
    """Return the walk of a lab scenario."""
    from mxwalk.session import walk_scenario

    return run_to_end(walk_scenario(scenario))


def run(asked: Asked, before: Side, after: Side) -> int:
    """Write the comparison and return the exit code."""
    check_output(asked.output)
    if asked.sender:
        check_sender(asked.sender, after.trace.header.purpose)
    found = compare(before, after, asked.sender)
    fmt = asked.output.fmt or "text"
    write_result(asked.output, render_comparison(found, fmt, redacted=asked.output.redact))
    return exit_code(found)


def exit_code(found: Comparison) -> int:
    """Return the exit code: notices count for nothing, and what is unknown is not called equal."""
    if found.differences:
        return DIFFERS
    return INCONCLUSIVE if found.unknown else SAME
