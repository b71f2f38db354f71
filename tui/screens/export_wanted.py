"""What is to be written of a walk, taken once: the switches of the dialog stay in use meanwhile."""

from dataclasses import dataclass

from mxwalk.evidence.trace import Trace
from mxwalk.reports.render import render


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A report, or the trace itself, as the dialog had it at one moment."""

    trace: Trace
    form: str
    sender: str
    redacted: bool
    with_notes: bool

    @property
    def is_evidence(self) -> bool:
        """Whether the file holds each of these steps as it was seen."""
        return self.form == "trace" and not self.redacted

    def rendered(self) -> str:
        """Return the text of the file.  Raises ``MxwalkError``."""
        return render(
            self.trace,
            self.form,
            sender=self.sender,
            redacted=self.redacted,
            with_notes=self.with_notes,
        )
