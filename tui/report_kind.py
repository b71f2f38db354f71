"""Which kind of report a file is, by its first octets: of TLS (RFC 8460) or of DMARC (RFC 9990).

Quick enough for every key in the start field: little of a file is read, and few files of a folder.
"""

import enum
import os
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from mxwalk.dmarcrpt.sniffing import looks_like_xml
from mxwalk.limits import FOLDER_FILES_LOOKED, SNIFFED_BYTES
from mxwalk.reading import open_file
from mxwalk.reportfiles.sniffing import BOMS, GZIP, SPACE, ZIP, looks_like_mail
from mxwalk.tlsrpt.sniffing import looks_like_report as looks_like_tls_report

_PLAIN = 400
_TRACES = (".mxtrace", ".jsonl")
_TRACE = b'"mxwalk-trace"'
_TLS_MAIL = re.compile(rb"application/tlsrpt|TLS-Report-(?:Domain|Submitter)\s*:", re.IGNORECASE)
_DMARC_MAIL = re.compile(
    rb"text/xml|application/xml|\.xml\b|application/(?:x-)?zip|dmarc.{0,40}report"
    rb"|Subject:[^\n]*Report\s+Domain:|application/gzip",
    re.IGNORECASE,
)


def is_message(begins: bytes) -> bool:
    """Say whether a file with these first octets is an e-mail that carries no report."""
    marked = _TLS_MAIL.search(begins) or _DMARC_MAIL.search(begins)
    return looks_like_mail(begins) and not marked and _TRACE not in begins


class ReportKind(enum.Enum):
    """The two kinds, in the words of the start screen."""

    TLS = "TLS"
    DMARC = "DMARC"


def kind_of(begins: bytes) -> ReportKind | None:
    """Return the kind of report that a file with these first octets may be."""
    if begins.startswith(GZIP):
        begins = _unpacked(begins)
    if begins.startswith(ZIP) or looks_like_xml(begins):
        return ReportKind.DMARC  # RFC 8460 5.2 knows gzip alone
    plain = begins.lstrip(SPACE).removeprefix(BOMS[0])
    if plain[:1] not in (b"{", b"[") and looks_like_mail(begins):
        if not _TLS_MAIL.search(begins) and _DMARC_MAIL.search(begins):
            return ReportKind.DMARC
        return ReportKind.TLS
    if looks_like_tls_report(begins) and _TRACE not in begins:
        return ReportKind.TLS
    return None


def is_message_file(path: Path) -> bool:
    """Say whether a file is an e-mail that carries no report.  Raises ``OSError``.

    What has no size is not opened, as below.
    """
    if path.stat().st_size == 0:
        return False
    with open_file(path) as file:
        return is_message(file.read(SNIFFED_BYTES))


def is_trace_file(path: Path) -> bool:
    """Say whether a file is or may be a saved walk.  Raises ``OSError``."""
    if path.name.endswith(_TRACES):
        return True
    if path.stat().st_size == 0:
        return False
    with open_file(path) as file:
        return _TRACE in file.read(SNIFFED_BYTES)


def kind_of_file(path: Path) -> ReportKind | None:
    """Return the kind of report a file may be.  Raises ``OSError``.

    What has no size is not opened: such files of the system may wait for somebody to write.
    """
    if path.stat().st_size == 0:
        return None
    with open_file(path) as file:
        return kind_of(file.read(SNIFFED_BYTES))


def kinds_in(folder: Path) -> Counter[ReportKind]:
    """Return how many of each kind are among the first files in a folder and those in it."""
    found: Counter[ReportKind] = Counter()
    if folder.resolve().is_relative_to("/sys") or folder.resolve().is_relative_to("/proc"):
        return found
    for path in islice(_files(folder), FOLDER_FILES_LOOKED):
        try:
            kind = kind_of_file(path) if path.is_file() else None
        except OSError:
            continue
        if kind is not None:
            found[kind] += 1
    return found


def _files(folder: Path) -> Iterator[Path]:
    """Yield files of a folder and of the folders in it, on the same file system."""
    system = folder.stat().st_dev
    for where, folders, names in islice(os.walk(folder), FOLDER_FILES_LOOKED):
        inside = Path(where)
        if inside.stat().st_dev != system:
            folders.clear()
            continue
        deep = inside != folder
        folders[:] = (
            []
            if deep
            else [n for n in sorted(folders) if not n.startswith(".")][:FOLDER_FILES_LOOKED]
        )
        for name in sorted(names)[: 2 * FOLDER_FILES_LOOKED]:
            if not name.startswith("."):
                yield inside / name


def _unpacked(begins: bytes) -> bytes:
    """Return the first octets of what is packed by gzip, once or twice."""
    for _ in range(2):
        if not begins.startswith(GZIP):
            break
        try:
            begins = zlib.decompressobj(31).decompress(begins, _PLAIN)
        except zlib.error:
            return b"{"  # damaged: whoever opens it says so
    return begins
