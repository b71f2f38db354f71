"""A dialog that writes a file: its path is proposed until one is typed; never over a file unasked."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from textual.widgets import Input

from mxwalk.errors import MxwalkError
from mxwalk.files import named, takes_bytes
from mxwalk.language import say
from mxwalk.reports.file import write_report
from mxwalk.text import visible
from mxwalk.wordings import system_words
from tui.screens.confirm import ConfirmScreen
from tui.screens.dialog import Dialog


@dataclass(frozen=True, slots=True)
class Place:
    """A file to write; ``exists`` when it may be replaced."""

    path: Path
    exists: bool


class FileDialog(Dialog[None]):
    """A dialog with an ``Input`` whose id is ``path``."""

    DEFAULT_CSS = """
    FileDialog #path { height: 3; border: round $foreground 35%; }
    FileDialog #path:focus { border: round $border; }
    """
    _path_typed = False

    def propose(self, path: str) -> None:
        """Show a path, unless one was typed."""
        if not self._path_typed:
            with self.prevent(Input.Changed):
                self.query_one("#path", Input).value = path

    def follow(self, before: str, after: str) -> None:
        """Let the ending of a path that was typed follow the format: ``before`` becomes ``after``."""
        path = self.query_one("#path", Input)
        if self._path_typed and path.value.endswith(before):
            with self.prevent(Input.Changed):
                path.value = path.value.removesuffix(before) + after

    def on_input_changed(self, event: Input.Changed) -> None:
        """A path that was typed stays."""
        if event.input.id == "path":
            self._path_typed = True

    async def place(self) -> Place | None:
        """Return where to write; ``None`` when an existing file is to be kept, or it is none."""
        text = self.query_one("#path", Input).value.strip()
        if not text:  # as a path it would be the current folder
            words = say("Nothing was written: the name is empty.")
            self.notify(words, severity="error", markup=False)
            return None
        path = named(text)
        if await asyncio.to_thread(takes_bytes, path):  # a pipe would hold up the interface
            why = say("neither a file nor a new name")
            self._not_written(path, why)
            return None
        exists = await asyncio.to_thread(_exists, path)
        if exists:
            question = say("{path} exists already.", path=visible(str(path)))
            dialog = ConfirmScreen(question, say("Overwrite"), say("Keep it"))
            if not await self.app.push_screen_wait(dialog):
                return None
        return Place(path, exists)

    async def write(
        self, place: Place, document: Callable[[], str], *, private: bool = False
    ) -> bool:
        """Make the document beside the interface and write it; say how that went."""
        path = place.path
        try:
            text = await asyncio.to_thread(document)
            write_report(path, text, replace=place.exists, private=private)
        except MxwalkError as error:
            self.notify(str(error), severity="error", markup=False)
            return False
        except (OSError, ValueError) as error:  # what the system refuses, and what is no path
            known = system_words(error) if isinstance(error, OSError) else ""
            self._not_written(path, visible(known or str(error), 200))
            return False
        self.app.notify(say("Written: {path}", path=visible(str(path.absolute()))), markup=False)
        return True

    def _not_written(self, path: Path, why: str) -> None:
        words = say("{path} was not written: {why}", path=visible(str(path)), why=why)
        self.notify(words, severity="error", markup=False)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # in a folder that may not be searched; writing says so
        return False


def file_name(text: str, most: int = 80) -> str:
    """Return a name from outside as part of a file's name; fillers are letters, and not seen."""
    kept = (char if char.isalnum() or char in ".-" else "-" for char in visible(text))
    return "".join(kept)[:most]
