"""``mxwalk tlsrpt``: TLS reports (RFC 8460) opened, added up and explained, as text or JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from mxwalk.commands.reports_asked import json_of, paths_of, wants_screen
from mxwalk.commands.streams import print_document, print_lines, standard_input
from mxwalk.commands.tlsrpt_text import report_lines
from mxwalk.language import say
from mxwalk.limits import TLSRPT_JSON_BYTES
from mxwalk.reportfiles.model import Problem
from mxwalk.tlsrpt.files import joined, open_reports
from mxwalk.tlsrpt.model import Reading, Report
from mxwalk.tlsrpt.reading import read_reports
from mxwalk.tlsrpt.summary import Summary, summarise

SCHEMA = "mxwalk-tlsrpt-1"
NO_FAILURES, SOME_UNREAD, NOTHING_READ, FAILURES = 0, 1, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for."""

    files: tuple[str, ...]
    fmt: str | None = None
    text: bool = False
    ascii_only: bool = False

    def wants_screen(self) -> bool:
        """Whether the terminal UI is what was asked for and can be had."""
        return wants_screen(self.files, self.fmt, text=self.text)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON document: what the reports come to, the reports, and what could not be read."""

    schema: str
    exit_code: int
    summary: Summary
    reports: tuple[Report, ...]
    problems: tuple[Problem, ...]


def asked_from(values: Mapping[str, object]) -> Asked:
    """Return the request that click's values make."""
    return msgspec.convert(dict(values), Asked)


def run(asked: Asked) -> int:
    """Print what the reports say and return the exit code.  Raises ``UsageError``."""
    reading = _open(asked.files)
    code = exit_code(reading)
    summary = summarise(reading.reports)
    if asked.fmt == "json":
        print_document(_json(reading, summary, code))
    else:
        print_lines(report_lines(reading, summary), ascii_only=asked.ascii_only)
    return code


def exit_code(reading: Reading) -> int:
    """Return the exit code: what was reported counts for more than what could not be read."""
    if not reading.reports:
        return NOTHING_READ
    if any(report.failures or _has_rows(report) for report in reading.reports):
        return FAILURES
    unread = any(not problem.repeated for problem in reading.problems)
    return SOME_UNREAD if unread else NO_FAILURES


def _has_rows(report: Report) -> bool:
    return any(row.sessions for policy in report.policies for row in policy.details)


def _open(files: Sequence[str]) -> Reading:
    if "-" not in files:
        return open_reports(paths_of(files))
    with standard_input() as stream:
        data = stream.read(TLSRPT_JSON_BYTES + 1)
    piped = read_reports(data, say("standard input"))
    rest = open_reports(paths_of([name for name in files if name != "-"]))
    return joined([*piped.reports, *rest.reports], [*piped.problems, *rest.problems])


def _json(reading: Reading, summary: Summary, code: int) -> str:
    document = Document(
        schema=SCHEMA,
        exit_code=code,
        summary=summary,
        reports=reading.reports,
        problems=reading.problems,
    )
    return json_of(document)
