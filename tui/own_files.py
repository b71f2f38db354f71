"""Reading the files of ours that anybody may edit: settings, and what is remembered between starts.

They are read as far as such a file can be long, and never waited for.  Whatever one of them holds costs
no more than what it says.
"""

from pathlib import Path

from mxwalk.language import say
from mxwalk.limits import SETTINGS_BYTES
from mxwalk.reading import open_file

# What is raised for a file that is not there, not to be read, no UTF-8, and no TOML or JSON: a number
# of thousands of digits is a ValueError, brackets within brackets end in a RecursionError.
UNREADABLE = (OSError, ValueError, RecursionError)


def read_own(path: Path) -> str:
    """Return the text of a file.  Raises what ``UNREADABLE`` names."""
    with open_file(path) as file:
        content = file.read(SETTINGS_BYTES + 1)
    if len(content) > SETTINGS_BYTES:
        raise ValueError(say("it is longer than {limit:,} octets", limit=SETTINGS_BYTES))
    return content.decode("utf-8-sig")
