"""What happens to each step of a walk: it is saved, then passed on to whoever listens.

A journal grows step by step.  A redacted one cannot: what is to be replaced is known only when the
walk is over (a server may name our address in its last reply), so the file holds the header alone
until then, and nothing unredacted is ever written.
"""

from collections.abc import Callable
from pathlib import Path

from mxwalk.delivery.redaction import redact
from mxwalk.errors import TraceError
from mxwalk.evidence.journal_writer import JournalWriter
from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Header, Trace


class Recorder:
    """Passes each step to the journal, then to ``on_step``; failures to save go to ``on_notice``."""

    def __init__(
        self,
        on_step: Callable[[Step], None] | None,
        on_notice: Callable[[str], None] | None,
        *,
        redacted: bool,
    ) -> None:
        self._on_step = on_step
        self._on_notice = on_notice
        self._redacted = redacted
        self._journal: JournalWriter | None = None
        self._trace: Trace | None = None  # what is to be saved redacted at the end

    @property
    def path(self) -> Path | None:
        """The file, once it is made."""
        return self._journal.path if self._journal is not None else None

    def open(self, header: Header, path: Path, *, overwrite: bool) -> None:
        """Make the file.  Raises ``TraceError`` when that is not possible."""
        if not self._redacted:
            self._journal = JournalWriter(path, header, overwrite=overwrite)
            return
        trace = Trace(header=header, steps=())
        self._journal = JournalWriter(path, redact(trace).header, overwrite=overwrite)
        self._trace = trace

    def record(self, step: Step) -> None:
        """Save the step, then pass it on."""
        if self._trace is not None:
            self._trace = self._trace.with_step(step)
        elif self._journal is not None:
            try:
                self._journal.write(step)
            except TraceError as error:
                self.notify(str(error))
        if self._on_step is not None:
            self._on_step(step)

    def close(self) -> None:
        """Write the redacted copy, if that is what was asked for, and close the journal."""
        if self._journal is None:
            return
        self._journal.close()
        if self._trace is not None:
            trace, self._trace = redact(self._trace), None
            try:
                with JournalWriter(self._journal.path, trace.header, overwrite=True) as journal:
                    for step in trace.steps:
                        journal.write(step)
            except TraceError as error:
                self.notify(str(error))

    def notify(self, notice: str) -> None:
        """Tell whoever listens that something is not saved."""
        if self._on_notice is not None:
            self._on_notice(notice)
