"""The first octets of a trace file: its format and its version, and what a file is that has neither.

Each kind of file that is taken for a trace by mistake gets a sentence of its own, with what to do next.
"""

import msgspec

from mxwalk.errors import TraceError
from mxwalk.evidence.trace import FORMAT, VERSION
from mxwalk.language import say
from mxwalk.text import visible

_BOM = b"\xef\xbb\xbf"
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"  # RFC 1952 2.3.1; PKWARE's APPNOTE 4.3.7
_NAMED_WITHIN = 64  # octets; a header begins with the name of the format
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Preamble(msgspec.Struct):
    """What must be known of the first line before the rest of it can be judged."""

    format: str = ""
    version: int = 0


def plain(line: bytes, label: str) -> bytes:
    """Return the first line without a byte order mark, which RFC 8259 8.1 lets a reader ignore.

    Raises ``TraceError`` for what is packed, or no UTF-8.
    """
    if line.startswith(_GZIP):
        raise TraceError(
            say(
                "{label} is no mxwalk trace: it is packed by gzip; unpack it:"
                " gunzip -c FILE | mxwalk report -",
                label=label,
            )
        )
    if line.startswith(_ZIP):
        raise TraceError(
            say("{label} is no mxwalk trace: it is a ZIP archive; unpack it", label=label)
        )
    if line.startswith(_UTF_16):
        raise TraceError(
            say("{label} is no mxwalk trace: it is UTF-16; a trace is UTF-8", label=label)
        )
    return line.removeprefix(_BOM)


def begins_a_trace(line: bytes) -> bool:
    """Say whether a first line that cannot be read names our format where a trace does."""
    return line.startswith(b"{") and FORMAT.encode() in line[:_NAMED_WITHIN]


def check_preamble(preamble: Preamble, label: str) -> None:
    """Raise ``TraceError`` for what is no trace, or one of a version that is not known here."""
    if preamble.format != FORMAT:
        raise TraceError(_of_another_format(preamble, label))
    if preamble.version > VERSION:
        raise TraceError(
            say(
                "{label} was written by a newer mxwalk: version {version}, this one reads up"
                " to {known}",
                label=label,
                version=str(preamble.version)[:12],
                known=VERSION,
            )
        )
    if preamble.version < 1:
        raise TraceError(say("{label} has no version this mxwalk could read", label=label))


def _of_another_format(preamble: Preamble, label: str) -> str:
    shown = visible(preamble.format, 60)
    if preamble.format.startswith("mxwalk") and preamble.version > VERSION:
        return say(
            "{label} was written by a newer mxwalk: its format is {format!r}, version {version};"
            " this one reads {known!r} up to {limit}",
            label=label,
            format=shown,
            version=str(preamble.version)[:12],
            known=FORMAT,
            limit=VERSION,
        )
    named = say("its format is {format!r}", format=shown) if preamble.format else say("no format")
    return say(
        "{label} is no mxwalk trace: {named}, where {format!r} must be",
        label=label,
        named=named,
        format=FORMAT,
    )
