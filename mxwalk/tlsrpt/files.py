"""Opening reports: files and folders, in any number, within bounds.

A report that was delivered twice is counted once, as RFC 8460 5.3 has its Report-ID for.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from mxwalk.language import say
from mxwalk.limits import TLSRPT_BYTES, TLSRPT_JSON_BYTES, TLSRPT_REPORTS
from mxwalk.reportfiles.model import Problem
from mxwalk.reportfiles.searching import files_of, opened, unreadable
from mxwalk.tlsrpt.model import Reading, Report
from mxwalk.tlsrpt.reading import read_reports
from mxwalk.tlsrpt.rows import RowBudget

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
    budget = RowBudget()
    octets = 0
    number = 0
    for path in files_of(paths, problems):
        number += 1
        if stopped is not None and stopped():
            problems.append(
                Problem(name=str(path), sentence=say("stopped here; the rest was not read"))
            )
            break
        if octets > TLSRPT_BYTES or len(reports) >= TLSRPT_REPORTS:
            words = say("from here on nothing was read: there are too many reports for one look")
            problems.append(Problem(name=str(path), sentence=words))
            break
        if on_file is not None:
            on_file(number, str(path))
        data = _read(path, problems)
        if data is None:
            continue
        octets += len(data)
        reading = read_reports(data, str(path), budget)
        reports.extend(reading.reports)
        problems.extend(reading.problems)
    return joined(reports, problems)


def joined(reports: Sequence[Report], problems: Sequence[Problem]) -> Reading:
    """Return the reports by time, each once, and the problems."""
    kept: dict[object, Report] = {}
    more = list(problems)
    for number, report in enumerate(reports):
        first = kept.setdefault(_identity(report) or number, report)
        if first is not report:
            words = say("the same report as in {source}; it is counted once", source=first.source)
            more.append(Problem(name=report.source, sentence=words, repeated=True))
    ordered = sorted(kept.values(), key=lambda r: (r.begins is None, r.begins or 0, r.organisation))
    return Reading(reports=tuple(ordered), problems=tuple(more))


def _identity(report: Report) -> object:
    """Return what two copies of one report have in common; nothing without a report-id."""
    if not report.report_id:
        return None
    domains = tuple((policy.type, policy.domain) for policy in report.policies)
    counts = (report.successes, report.failures)
    return report.organisation, report.report_id, report.begins, domains, counts


def _read(path: Path, problems: list[Problem]) -> bytes | None:
    """Return a file's octets, or note why not."""
    file = opened(path, problems)
    if file is None:
        return None
    try:
        with file:
            data = file.read(TLSRPT_JSON_BYTES + 1)
    except OSError as error:
        problems.append(unreadable(path, error))
        return None
    if len(data) > TLSRPT_JSON_BYTES:
        words = say(
            "it is larger than {tlsrpt_json_bytes} MiB",
            tlsrpt_json_bytes=TLSRPT_JSON_BYTES // 1024 // 1024,
        )
        problems.append(Problem(name=str(path), sentence=words))
        return None
    return data
