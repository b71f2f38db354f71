"""What the person wants to look at: a walk of some purpose, a lab scenario, a trace, or reports."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mxwalk.evidence.mailauth import MessageInput, SurveyInput
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Purpose, Trace
from mxwalk.language import say
from mxwalk.text import visible

if TYPE_CHECKING:  # loaded when reports or clues are opened
    from mxwalk.clues.model import Understanding
    from mxwalk.compare.side import Side
    from mxwalk.dmarcrpt.look import Look


@dataclass(frozen=True, kw_only=True)
class Request:
    """One of ``target``, ``scenario``, ``trace``, ``message``, ``reports``, ``dmarc``, ``clues``.

    ``comparison`` are two sides to compare.  ``clues`` is what a text tells; ``message`` beside it is
    the same text as a message.
    With ``survey`` the target is a domain to survey.  ``sender`` is the judge chosen first; ``reports``
    are files and folders of TLS reports, ``dmarc`` of DMARC reports.  ``path`` is the file a trace came
    from, where notes on it are kept.  ``since`` is when and where the fault was seen before the walk,
    in the words of the clue that led to it.  ``tour`` is the number of the guided tour's stop, from 0.
    """

    target: str | None = None
    scenario: str | None = None
    trace: Trace | None = None
    path: Path | None = None
    message: MessageInput | None = None
    survey: SurveyInput | None = None
    options: Options | None = None
    sender: str = "esa:5"
    reports: tuple[Path, ...] = ()
    dmarc: "Look | None" = None
    clues: "Understanding | None" = None
    comparison: "tuple[Side, Side] | None" = None
    tour: int | None = None
    since: str = ""

    @property
    def is_for_reports(self) -> bool:
        """Whether reports shall be opened, and nothing walked."""
        return bool(self.reports) or self.dmarc is not None

    @property
    def is_anything(self) -> bool:
        """Whether there is anything to open."""
        single = (self.target, self.scenario, self.trace, self.message, self.clues, self.comparison)
        return self.is_for_reports or any(one is not None for one in single)

    @cached_property
    def purpose(self) -> Purpose:
        """What kind of walk it is; a scenario's file says so.  Raises ``ScenarioError``."""
        if self.trace is not None:
            return self.trace.header.purpose
        if self.comparison is not None:
            return self.comparison[1].trace.header.purpose
        if self.scenario is not None:
            from mxwalk.lab.scenario import load_scenario

            return load_scenario(self.scenario).purpose
        if self.message is not None:
            return Purpose.MESSAGE
        return Purpose.DOMAIN if self.survey is not None else Purpose.DELIVERY

    @property
    def words(self) -> str:
        """What to call it before anything is known."""
        if self.trace is not None:
            return self.trace.header.target.text
        if self.message is not None:
            return visible(self.message.file_name or say("a message"), 200)
        return self.target or say("lab: {scenario}", scenario=self.scenario)
