"""Faults of ours, wherever they happen: one sentence, an exit code, and where the walk is kept.

A fault while the screen is drawn or a key is handled ends the interface; ``run_app`` hands it to
whoever called, which tells it below the prompt.  A fault in what runs beside the interface is told on
the screen, and everything else goes on.  ``MXWALK_DEBUG`` shows the code with all its variables.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from textual.app import App
from textual.css.query import NoMatches
from textual.widget import MountError
from textual.worker import Worker, WorkerFailed, WorkerState
from textual.worker_manager import WorkerManager

from mxwalk.language import say
from mxwalk.text import visible

_WORDS = 300  # characters of an error's own words
_TAKEN_AWAY = (NoMatches, MountError)


class ToldWorkers(WorkerManager):
    """Textual's workers; ``tell`` is called with the error of each that fails."""

    def __init__(self, app: App[Any], tell: Callable[[BaseException], None]) -> None:
        super().__init__(app)
        self._tell = tell

    def _remove_worker(self, worker: Worker[Any]) -> None:
        """Take a worker that has ended out of the list."""
        super()._remove_worker(worker)
        if worker.state is not WorkerState.ERROR or worker.error is None:
            return
        if isinstance(worker.error, _TAKEN_AWAY) and not worker.node.is_running:
            return  # its screen is being left: what it draws on goes first, and it is cancelled last
        self._tell(worker.error)


class FaultsTold(App[None]):
    """An application that says what failed."""

    def __init__(self) -> None:
        super().__init__()
        self._workers = ToldWorkers(self, self.tell_failed)
        self.kept_in: Path | None = None  # the file of the walk, once there is one

    def _handle_exception(self, error: Exception) -> None:
        """End the interface; Textual would print the code with all that its variables hold."""
        if self._exit and isinstance(error, _TAKEN_AWAY):
            return  # it is being left: what came just before finds a screen that is half gone
        if os.environ.get("MXWALK_DEBUG"):
            super()._handle_exception(error)
            return
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """End the interface by a fault in a thread of the terminal."""
        self._return_code = 1
        super().panic(*(renderables if os.environ.get("MXWALK_DEBUG") else ()))

    def fault(self) -> Exception:
        """Return what ended the interface, with a note on where the walk is kept."""
        error: BaseException | None = self._exception
        if isinstance(error, WorkerFailed):
            error = error.error
        fault = error if isinstance(error, Exception) else RuntimeError(say("the terminal failed"))
        if self.kept_in is not None:
            fault.add_note(self._where())
        return fault

    def tell_failed(self, error: BaseException) -> None:
        """Say that something beside the interface failed."""
        name, why = type(error).__name__, visible(str(error), _WORDS)
        words = say("A fault of mxwalk itself: {name}: {error}", name=name, error=why)
        if self.kept_in is not None:
            words = f"{words}\n{self._where()}"
        self.notify(words, severity="error", markup=False, timeout=20)

    def _where(self) -> str:
        return say("The walk so far is kept in {path}", path=visible(str(self.kept_in), 500))
