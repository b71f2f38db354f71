"""What is said of a broken signature: what happened to the message on its way, and how sure that is.

A diagnosis is certain when a signature or a hash agrees again once the change is undone; otherwise
it is likely, from what the message shows.
"""

import enum
from dataclasses import dataclass

from mxwalk.text import visible


class Change(enum.Enum):
    """What was done to a message between its signer and here."""

    FOOTER = "a footer was appended"
    BANNER = "lines were put before the text"
    PART_ADDED = "a MIME part was added"
    LINES_ADDED = "lines were added"
    WRAPPED = "the body became one part of another"
    WHITE_SPACE = "white space was changed"
    LINE_ENDS = "line ends were changed"
    REWRAPPED = "long lines were broken"
    ENCODING = "the transfer encoding was changed"
    CHARSET = "the character set was changed"
    FROM_QUOTED = "lines that begin with From were quoted"
    DOTS = "leading dots were doubled"
    TRUNCATED = "the body was cut short"
    EMPTY = "an empty body was signed"
    CANONICAL = "the signer used another canonicalization than it says"
    APPENDED = "text follows what was signed"
    SUBJECT = "the subject was changed"
    FROM_ADDED = "a From field was added"
    FIELD_ADDED = "a header field was added"
    FIELD_CHANGED = "a header field was changed"
    FIELD_MISSING = "a signed header field is missing"
    REORDERED = "header fields were re-ordered"
    FORM = "the form of header fields was changed"
    WRONG_KEY = "the key is another one"
    LIST = "a mailing list passed it on"
    PASSED_BEFORE = "it was intact at an earlier hop"
    UNKNOWN = "what was changed cannot be told"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One change, whether it is certain, and the sentence for people."""

    change: Change
    certain: bool
    sentence: str


class Budget:
    """How many octets may still be hashed, so that a hostile message costs no more than others."""

    def __init__(self, octets: int) -> None:
        """Begin with ``octets`` to spend."""
        self.left = octets

    def spend(self, octets: int) -> bool:
        """Take ``octets``; say whether there was enough left."""
        self.left -= octets + 64
        return self.left >= 0


def quoted(lines: list[bytes], limit: int = 60) -> str:
    """Return the first line with text in it, for show."""
    text = next((line.strip() for line in lines if line.strip()), b"")
    return f"'{visible(text, limit)}'"
