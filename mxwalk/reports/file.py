"""Write a report to a file: never over another unasked, and a trace for its owner alone."""

import os
from pathlib import Path


def write_report(path: Path, text: str, *, replace: bool, private: bool) -> None:
    """Write ``text`` as UTF-8; ``private`` makes a file of mode 0600, as traces hold addresses.

    Raises ``FileExistsError`` for a file that is there unless ``replace`` is set, ``OSError`` for
    what the system refuses.
    """
    if private and replace:
        path.unlink(missing_ok=True)  # else it would keep the mode of the file before
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if replace and not private else os.O_EXCL)
    descriptor = os.open(path, flags, 0o600 if private else 0o666)
    with os.fdopen(
        descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n"
    ) as out:
        out.write(text)
