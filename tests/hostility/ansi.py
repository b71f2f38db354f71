"""Every octet a program writes to its terminal, as text and sequences; only those Textual needs may stand.

ECMA-48: a sequence begins with ESC (or one C1 octet, which UTF-8 has no room for) and says itself where it
ends.  What is text must be UTF-8 and seen (``seen``), a sequence must be on the list below, and the one
that carries something, OSC 52, may carry seen text alone.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.hostility.seen import unseen

_SEQUENCE = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # CSI
    rb"|\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    rb"|[PX^_][^\x1b]*\x1b\\"  # DCS, SOS, PM, APC
    rb"|[ -/]*[0-~])"  # the others
)
_ALLOWED = (
    re.compile(rb"\x1b\[[0-9;]*m"),  # SGR: colours
    re.compile(rb"\x1b\[(?:\d+;\d+)?H"),  # CUP: the place
    re.compile(rb"\x1b\[\?(?:7|25|100[0-6]|101[56]|1049|2004|2026|2031|2048)[hl]"),  # modes
    re.compile(rb"\x1b\[\?(?:2026|2048)\$p"),  # DECRQM: which modes there are
    re.compile(rb"\x1b\[(?:>\d+|<)u"),  # the keyboard protocol of Kitty
    re.compile(rb"\x1b\]22;[a-z-]*\x07"),  # the pointer's shape
)
_FOREIGN = frozenset({"rm -rf ~", "\0\0\0", "A", ""})  # what the corpus would copy
_COPY = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/]*=*)\x07")


@dataclass(frozen=True, slots=True)
class Read:
    """What was written: its text, what was copied, its sequences by kind, and what is wrong."""

    text: str
    copied: tuple[str, ...]
    sequences: int
    wrong: tuple[str, ...]


def read(stream: bytes) -> Read:
    """Read all that was written to a terminal."""
    text, copied, wrong, sequences, at = [], [], [], 0, 0
    for found in _SEQUENCE.finditer(stream):
        text.append(stream[at : found.start()])
        at = found.end()
        sequences += 1
        if (copy := _COPY.fullmatch(found[0])) is not None:
            said, faults = _copied(copy[1])
            copied.append(said)
            wrong += faults
        elif not any(one.fullmatch(found[0]) for one in _ALLOWED):
            wrong.append(f"a sequence {found[0][:120]!r} after {stream[: found.start()][-60:]!r}")
    text.append(stream[at:])
    plain = [part for part in text if part]
    for part in plain:
        wrong += _of_text(part)
    words = b"\n".join(plain).decode("utf-8", "replace")
    return Read(words, tuple(copied), sequences, tuple(wrong))


def _of_text(part: bytes) -> Iterator[str]:
    try:
        words = part.decode()
    except UnicodeDecodeError as error:
        yield f"no UTF-8: {error.object[max(0, error.start - 40) : error.end + 40]!r}"
        return
    # A new segment may begin with a mark of the letter before it only where a colour changes.
    yield from unseen(words.replace("\r\n", "\n"))


def _copied(encoded: bytes) -> tuple[str, list[str]]:
    try:
        said = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        return "", [f"copied what is no text: {error}"]
    if said in _FOREIGN:
        return said, [f"copied by a peer: {said!a}"]
    return said, [f"copied: {one}" for one in unseen(said)]
