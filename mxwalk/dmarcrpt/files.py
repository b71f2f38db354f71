"""Opening reports: files and folders, in any number; a report that came twice is counted once."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from mxwalk.dmarcrpt.model import Reading, Report
from mxwalk.dmarcrpt.reading import Allowance, read_reports
from mxwalk.language import say
from mxwalk.limits import DMARC_REPORTS
from mxwalk.reportfiles.model import Deviation, Kind, Problem
from mxwalk.reportfiles.searching import files_of, opened, unreadable

Progress = Callable[[int, str], None]


def open_reports(
    paths: Sequence[Path],
    on_file: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Reading:
    """Return the reports at these paths by time, and what could not be read.

    ``on_file`` is told the number and name of each file before it is opened; when ``stopped`` says
    so, the rest is left out.  Nothing is raised for what a file holds or the system refuses.
    """
    reports: list[Report] = []
    problems: list[Problem] = []
    allowance = Allowance(stopped=stopped)
    number = 0
    for path in files_of(paths, problems):
        number += 1
        if stopped is not None and stopped():
            problems.append(
                Problem(name=str(path), sentence=say("stopped here; the rest was not read"))
            )
            break
        if allowance.octets <= 0 or len(reports) >= DMARC_REPORTS:
            words = say("from here on nothing was read: there are too many reports for one look")
            problems.append(Problem(name=str(path), sentence=words))
            break
        if on_file is not None:
            on_file(number, str(path))
        file = opened(path, problems)
        if file is None:
            continue
        try:
            with file:
                reading = read_reports(file, str(path), allowance)
        except OSError as error:
            problems.append(unreadable(path, error))
            continue
        reports.extend(reading.reports)
        problems.extend(reading.problems)
    return joined(reports, problems)


def joined(reports: Sequence[Report], problems: Sequence[Problem]) -> Reading:
    """Return the reports by time, each once, and the problems.

    Two of one reporter, report_id, domain and beginning are the same report (RFC 9990 3.5.4) if they
    count the same; if they do not, both are kept, and the second one says so.  Of one that is cut off
    and one that is whole, the whole one counts.
    """
    reports = sorted(reports, key=lambda report: bool(report.cut_off))
    kept: list[Report] = []
    first: dict[object, Report] = {}
    more = list(problems)
    for report in reports:
        identity = _identity(report)
        before = first.setdefault(identity, report) if identity is not None else report
        if before is report:
            kept.append(report)
        elif _counts(before) == _counts(report) or (report.cut_off and not before.cut_off):
            cut = say("cut off ({cut_off}): ", cut_off=report.cut_off) if report.cut_off else ""
            words = say(
                "{cut}the same report as in {source}; it is counted once",
                cut=cut,
                source=before.source,
            )
            more.append(Problem(name=report.source, sentence=words, repeated=True))
        else:
            kept.append(_twice(report))
    ordered = sorted(kept, key=lambda r: (r.begins is None, r.begins or 0, r.organisation))
    return Reading(reports=tuple(ordered), problems=tuple(more))


def _identity(report: Report) -> object:
    """Return what two copies of one report have in common; nothing without a report_id."""
    if not report.report_id:
        return None
    return report.organisation, report.report_id, report.policy.domain, report.begins


def _counts(report: Report) -> tuple[int, int, int]:
    return len(report.rows), report.messages, report.failures


def _twice(report: Report) -> Report:
    words = say("is that of another report of the same reporter, which counts other numbers")
    repeated = Deviation(
        kind=Kind.REPEATED,
        sentence=say("{name} {words}", name="report_id", words=words),
        places=("report_metadata.report_id",),
    )
    return msgspec.structs.replace(report, deviations=(repeated, *report.deviations))
