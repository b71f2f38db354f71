"""A plugin of pytest that lets nothing be skipped: ``pytest -p tests.peers.required -m peers``.

On a developer's machine a test against a server that is not installed is skipped.  Where every server
must be met, as in ``.ci/run``, that is a failure, whether a test skips itself or its whole module.
"""

from collections.abc import Generator

import pytest

SENTENCE = "Nothing may be skipped here, and this was: "


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    match report.longrepr:
        case (_, _, str() as reason):
            return reason
        case other:
            return str(other)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a test's skip into its failure."""
    report = yield
    if report.skipped:
        report.longrepr = SENTENCE + (getattr(report, "wasxfail", "") or _why(report))
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)  # a failure that was expected is a skip to pytest
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module's skip into an error of its collection."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = SENTENCE + _why(report)
    return report
