"""Write a report to a file: never over another unasked, whole or not at all, for its owner alone."""

from pathlib import Path

from mxwalk.files import write_whole


def write_report(path: Path, text: str, *, replace: bool, private: bool) -> None:
    """Write ``text`` as UTF-8 into a file of mode 0600, as reports name people and addresses.

    A report in place of another has that one's mode; ``private`` (a trace) has 0600 all the same.
    Raises ``FileExistsError`` for a file that is there unless ``replace`` is set, ``OSError`` for
    what the system refuses.
    """
    data = text.encode("utf-8", "backslashreplace")
    write_whole(path, data, replace=replace, keep_mode=not private)
