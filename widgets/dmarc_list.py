"""The DMARC reports that were opened: all, each domain where there are several, then each report."""

from collections.abc import Iterator, Sequence

from mxwalk.dmarcrpt.model import Report
from widgets.report_kinds import AnyReport
from widgets.report_list import ReportList, count_line
from widgets.row import Row

DOMAIN = "domain"


class DmarcList(ReportList):
    """A row of a domain has the key ``(DOMAIN, name)``."""

    def group_rows(self, reports: Sequence[AnyReport], width: int) -> Iterator[Row]:
        """Yield a row a domain whose policy the reports are about, most messages first."""
        sums: dict[str, list[int]] = {}
        for report in reports:
            if isinstance(report, Report):
                found = sums.setdefault(report.policy.domain, [0, 0])
                found[0] += report.successes
                found[1] += report.failures
        if len(sums) < 2:
            return
        for name, (good, bad) in sorted(sums.items(), key=lambda one: (-sum(one[1]), one[0])):
            shown = count_line(name or "(no domain)", "", good, bad, width)
            yield Row(key=(DOMAIN, name), lines=(shown,), copy=name, what="domain")
