"""Finding the files of reports: files and folders, in any number, within bounds.

A folder is searched with the folders in it (a Maildir has its messages two levels down); hidden files
are passed over, symbolic links to folders not followed.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from mxwalk.language import say
from mxwalk.limits import REPORT_FILES, REPORT_FOLDER_DEPTH
from mxwalk.reading import NoFileError, open_file, why_no_file
from mxwalk.reportfiles.model import Problem
from mxwalk.text import visible
from mxwalk.wordings import system_words


def files_of(paths: Sequence[Path], problems: list[Problem]) -> Iterator[Path]:
    """Yield the files at these paths; what is none, or one too many, becomes a problem."""
    seen = 0
    for path in paths:
        for file in _within(path, problems):
            seen += 1
            if seen > REPORT_FILES:
                words = say(
                    "more than {report_files:,} files; the rest was not read",
                    report_files=REPORT_FILES,
                )
                problems.append(Problem(name=str(path), sentence=words))
                return
            yield file


def _within(path: Path, problems: list[Problem]) -> Iterator[Path]:
    try:
        folder = path.is_dir()
    except (OSError, ValueError):
        folder = False
    if not folder:
        yield path
        return
    top = len(path.parts)
    found = False
    for where, folders, names in os.walk(path):
        inside = Path(where)
        deep = len(inside.parts) - top >= REPORT_FOLDER_DEPTH
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                found = True
                yield inside / name
    if not found:
        problems.append(Problem(name=str(path), sentence=say("the folder has no files")))


def opened(path: Path, problems: list[Problem]) -> BinaryIO | None:
    """Return the file, open for reading, or note why it cannot be."""
    try:
        return open_file(path)
    except (OSError, ValueError) as error:
        problems.append(unreadable(path, error))
        return None


def unreadable(path: Path, error: OSError | ValueError) -> Problem:
    """Return what the system says of a file, as a problem."""
    if isinstance(error, NoFileError | FileNotFoundError | NotADirectoryError):
        words = why_no_file(path) or str(error)
        return Problem(name=str(path), sentence=words)
    words = system_words(error).lower() if isinstance(error, OSError) else str(error)
    why = visible(words, 200)
    return Problem(name=str(path), sentence=say("it cannot be read: {why}", why=why))
