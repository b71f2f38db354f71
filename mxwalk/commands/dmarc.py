"""``mxwalk dmarc``: DMARC aggregate reports opened, added up and explained, as text or JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mxwalk.commands.dmarc_text import report_lines
from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.reports_asked import json_of, paths_of, wants_screen
from mxwalk.commands.source_names import look_up_names, system_resolver
from mxwalk.commands.streams import print_document, print_lines, standard_input
from mxwalk.dmarcrpt.files import joined, open_reports
from mxwalk.dmarcrpt.known import read_known
from mxwalk.dmarcrpt.look import Look
from mxwalk.dmarcrpt.model import PolicyPublished, Reading, Report, Schema
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.reading import Allowance, read_reports
from mxwalk.dmarcrpt.summary import Summary, summarise
from mxwalk.language import say
from mxwalk.reportfiles.model import Deviation, Problem

SCHEMA = "mxwalk-dmarc-1"
ALL_ALIGNED, SOME_UNREAD, NOTHING_READ, FAILURES = 0, 1, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for."""

    files: tuple[str, ...]
    fmt: str | None = None
    text: bool = False
    ascii_only: bool = False
    ptr: bool = False
    resolver: str = ""
    known: tuple[str, ...] = ()

    def wants_screen(self) -> bool:
        """Whether the terminal UI is what was asked for and can be had."""
        return wants_screen(self.files, self.fmt, text=self.text)


class ReportRead(msgspec.Struct, frozen=True, kw_only=True):
    """A report without its rows, which may be hundreds of thousands."""

    source: str
    schema: Schema
    version: str
    organisation: str
    email: str
    contact: str
    report_id: str
    begins: str | None
    ends: str | None
    generator: str
    errors: tuple[str, ...]
    policy: PolicyPublished
    rows: int
    messages: int
    failures: int
    extensions: tuple[str, ...]
    deviations: tuple[Deviation, ...]
    cut_off: str
    unreadable: int


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON document: what the reports come to, the reports, and what could not be read.

    ``names`` holds what reverse DNS said of the sources, with ``--ptr`` only.
    """

    schema: str
    exit_code: int
    summary: Summary
    names: tuple[SourceName, ...]
    reports: tuple[ReportRead, ...]
    problems: tuple[Problem, ...]


def asked_from(values: Mapping[str, object]) -> Asked:
    """Return the request that click's values make."""
    return msgspec.convert(dict(values), Asked)


def look(asked: Asked, paths: Sequence[Path]) -> Look:
    """Return what the screen is opened with.  Raises ``UsageError``."""
    return Look(paths=tuple(paths), known=read_known(asked.known), resolver=asked.resolver)


def run(asked: Asked) -> int:
    """Print what the reports say and return the exit code.  Raises ``UsageError``."""
    known = read_known(asked.known)
    resolver = system_resolver(asked.resolver) if asked.ptr else None
    reading = _open(asked.files)
    code = exit_code(reading)
    summary = summarise(reading.reports, known)
    names: dict[str, SourceName] = {}
    if resolver is not None:
        addresses = [source.ip for source in summary.sources.listed]
        names = run_to_end(look_up_names(addresses, resolver))
    if asked.fmt == "json":
        print_document(json_document(reading, summary, names, code))
    else:
        print_lines(report_lines(reading, summary, names), ascii_only=asked.ascii_only)
    return code


def exit_code(reading: Reading) -> int:
    """Return the exit code: what was reported counts for more than what could not be read."""
    if not reading.reports:
        return NOTHING_READ
    if any(report.failures for report in reading.reports):
        return FAILURES
    unread = any(not problem.repeated for problem in reading.problems)
    unread = unread or not all(report.whole for report in reading.reports)
    return SOME_UNREAD if unread else ALL_ALIGNED


def _open(files: Sequence[str]) -> Reading:
    if "-" not in files:
        return open_reports(paths_of(files))
    with standard_input() as stream:
        piped = read_reports(stream, say("standard input"), Allowance())
    rest = open_reports(paths_of([name for name in files if name != "-"]))
    return joined([*piped.reports, *rest.reports], [*piped.problems, *rest.problems])


def json_document(
    reading: Reading, summary: Summary, names: Mapping[str, SourceName], code: int
) -> str:
    """Return the document of ``--format json``."""
    return json_of(
        Document(
            schema=SCHEMA,
            exit_code=code,
            summary=summary,
            names=tuple(names.values()),
            reports=tuple(_read(report) for report in reading.reports),
            problems=reading.problems,
        )
    )


def _read(report: Report) -> ReportRead:
    return ReportRead(
        source=report.source,
        schema=report.schema,
        version=report.version,
        organisation=report.organisation,
        email=report.email,
        contact=report.contact,
        report_id=report.report_id,
        begins=report.begins.isoformat() if report.begins else None,
        ends=report.ends.isoformat() if report.ends else None,
        generator=report.generator,
        errors=report.errors,
        policy=report.policy,
        rows=sum(row.rows for row in report.rows),
        messages=report.messages,
        failures=report.failures,
        extensions=report.extensions,
        deviations=report.deviations,
        cut_off=report.cut_off,
        unreadable=report.unreadable,
    )
