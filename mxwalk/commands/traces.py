"""Saved traces: reading one, and writing a report on it."""

import sys
from pathlib import Path

from mxwalk.commands.output import check_output, note, write_result
from mxwalk.commands.request import Request
from mxwalk.commands.settings import check_sender
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.trace import Trace
from mxwalk.receivers.registry import judge_or_first
from mxwalk.reports.render import render
from mxwalk.reports.view import build_view


def load(name: str) -> Trace:
    """Read the trace from a file, or from standard input for ``-``.  Raises ``TraceError``."""
    return read_trace(sys.stdin.buffer if name == "-" else Path(name).expanduser())


def sender_of(trace: Trace, asked: Request) -> str:
    """Return the id of the chosen sender or receiver, the trace's own unless one was asked for."""
    purpose, own = trace.header.purpose, trace.header.options.sender
    if asked.given.sender:
        return check_sender(asked.given.sender, purpose)
    return judge_or_first(purpose, own).id


def report(trace: Trace, asked: Request) -> int:
    """Write the report and return the exit code for the chosen sender."""
    check_output(asked)
    sender = sender_of(trace, asked)
    if trace.damage:
        note(trace.damage)
    write_result(asked, render(trace, asked.fmt or "text", sender=sender, redacted=asked.redact))
    return int(build_view(trace, sender).exit_code)
