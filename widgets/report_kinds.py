"""What the panes need to know of any kind of report, of TLS or of DMARC."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from mxwalk.reportfiles.days import Day
from mxwalk.reportfiles.model import Deviation, Problem


class AnyReport(Protocol):
    """One report."""

    @property
    def source(self) -> str:
        """The file."""

    @property
    def organisation(self) -> str:
        """Who reports."""

    @property
    def report_id(self) -> str:
        """Its name."""

    @property
    def begins(self) -> datetime | None:
        """The beginning of its period."""

    @property
    def ends(self) -> datetime | None:
        """The end of its period."""

    @property
    def successes(self) -> int:
        """What succeeded."""

    @property
    def failures(self) -> int:
        """What failed."""

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """What is not as its RFC has it."""


class AnyReading(Protocol):
    """Some reports, and what could not be read."""

    @property
    def reports(self) -> Sequence[AnyReport]:
        """The reports."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is none."""


class AnySummary(Protocol):
    """What some reports come to."""

    @property
    def reports(self) -> int:
        """How many."""

    @property
    def days(self) -> tuple[Day, ...]:
        """The series by day."""

    @property
    def undated(self) -> int:
        """How many have no date."""
