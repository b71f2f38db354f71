"""A walk without a screen: text lines as the steps happen, or one document at the end."""

import sys
from collections.abc import Iterable

from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.output import check_output, write_result
from mxwalk.commands.request import Request, options_of
from mxwalk.commands.streams import OutputLost, note, print_lines
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.redaction import redact
from mxwalk.evidence.step import Step
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Trace
from mxwalk.reports.render import check_format, render
from mxwalk.reports.text import format_heading, format_step, format_summary
from mxwalk.reports.view import build_view
from mxwalk.session import Saving, open_walk


def run(asked: Request) -> int:
    """Walk to the end, write what was asked for, and return the exit code."""
    check_output(asked)
    options = options_of(asked)
    check_format(asked.fmt or "text", asked.purpose)
    # Lines that were printed cannot be redacted afterwards, nor written to a file.
    is_live = asked.fmt in (None, "text") and asked.output is None and not asked.redact
    lost: list[OutputLost] = []
    trace = run_to_end(_walk(asked, options, lost, is_live=is_live))
    if lost:
        raise lost[0]
    sender = trace.header.options.sender
    view = build_view(trace, sender)
    if is_live:
        print_lines(format_summary(view.report), ascii_only=asked.ascii_only)
    else:
        write_result(
            asked,
            render(trace, asked.fmt or "text", sender=sender, redacted=asked.redact),
        )
    return int(view.exit_code)


async def _walk(
    asked: Request, options: Options, lost: list[OutputLost], *, is_live: bool
) -> Trace:
    """Walk to the end; one that is saved goes on where its lines can no longer be printed."""
    trace: Trace | None = None
    shows_progress = not is_live and sys.stderr.isatty()

    def show_lines(lines: Iterable[str]) -> None:
        try:
            print_lines(lines, ascii_only=asked.ascii_only)
        except OutputLost as error:
            if asked.save is None:
                raise
            lost.append(error)

    def show(step: Step) -> None:
        nonlocal trace
        if trace is None:
            return
        trace = trace.with_step(step)
        if is_live:
            show_lines(format_step(step, build_delivery(trace), trace.header.options.sender))
        elif shows_progress:
            so_far = redact(trace) if asked.redact else trace
            lines = format_step(step, build_delivery(so_far), trace.header.options.sender)
            note(lines[0])

    async with open_walk(
        asked.target,
        options,
        scenario=asked.scenario,
        message=asked.message,
        survey=asked.survey,
        on_step=show,
        on_notice=note,
        save=asked.save or Saving.NOWHERE,
        overwrite=asked.force,
        redacted=asked.redact,
    ) as walk:
        trace = walk.trace
        if is_live:
            show_lines(format_heading(trace.header, trace.header.options.sender))
        while await walk.step() is not None:
            pass
    return walk.trace
