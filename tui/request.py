"""What the person wants to look at: a walk to a target, a lab scenario, a saved trace, or reports."""

from dataclasses import dataclass
from pathlib import Path

from mxwalk.dmarcrpt.look import Look
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One of ``target``, ``scenario``, ``trace``, ``reports`` and ``dmarc`` is set.

    ``sender`` is the profile chosen first; ``reports`` are files and folders of TLS reports, ``dmarc``
    of DMARC reports.
    """

    target: str | None = None
    scenario: str | None = None
    trace: Trace | None = None
    options: Options | None = None
    sender: str = "esa:5"
    reports: tuple[Path, ...] = ()
    dmarc: Look | None = None

    @property
    def is_for_reports(self) -> bool:
        """Whether reports shall be opened, and nothing walked."""
        return bool(self.reports) or self.dmarc is not None

    @property
    def words(self) -> str:
        """What to call it before anything is known."""
        if self.trace is not None:
            return self.trace.header.target.text
        return self.target or f"lab: {self.scenario}"
