"""The DMARC reports that were opened: all, each domain where there are several, then each report."""

from collections.abc import Iterator, Sequence

from mxwalk.dmarcrpt.model import Report
from mxwalk.language import say
from widgets.report_kinds import AnyReport
from widgets.report_list import ReportList, count_line
from widgets.row import Row

DOMAIN = "domain"


class DmarcList(ReportList):
    """A row of a domain has the key ``(DOMAIN, name)``."""

    def is_whole(self, report: AnyReport) -> bool:
        """Say whether all of a report was read."""
        return not isinstance(report, Report) or report.whole

    def group_rows(self, reports: Sequence[AnyReport], width: int) -> Iterator[Row]:
        """Yield a row a domain whose policy the reports are about, most messages first."""
        sums: dict[str, list[int]] = {}
        parts: set[str] = set()
        for report in reports:
            if isinstance(report, Report):
                found = sums.setdefault(report.policy.domain, [0, 0])
                found[0] += report.successes
                found[1] += report.failures
                if not report.whole:
                    parts.add(report.policy.domain)
        if len(sums) < 2:
            return
        for name, (good, bad) in sorted(sums.items(), key=lambda one: (-sum(one[1]), one[0])):
            whole = name not in parts
            shown = count_line(name or say("(no domain)"), "", good, bad, width, whole=whole)
            yield Row(key=(DOMAIN, name), lines=(shown,), copy=name, what=say("domain"))
