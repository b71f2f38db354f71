"""Reports in a ZIP archive, as many reporters send them though the RFCs have gzip alone.

The directory and the number of entries are bounded before the archive is opened, and each entry while
it unpacks; archives within archives, encrypted entries and rare methods of packing are not read.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from mxwalk.language import say
from mxwalk.limits import DMARC_ZIP_DIRECTORY_BYTES, DMARC_ZIP_ENTRIES
from mxwalk.reportfiles.errors import DamagedError, NoReportError
from mxwalk.reportfiles.unpacking import Bound
from mxwalk.text import visible

_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_END_BYTES = 22
_LOCATOR_BYTES = 20  # of the 64-bit form; it stands right before the end record
_COMMENT_BYTES = 65_535
_PIECE = 256 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PASSED_OVER = ("__MACOSX/",)
# What the standard library raises for archives that are none, in whole or in part.
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive that may be a report."""

    name: str
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    def pieces(self, bound: Bound) -> Iterator[bytes]:
        """Yield the octets.  Raises ``DamagedError`` and ``NoReportError``."""
        if self.info.flag_bits & 0x1:
            raise NoReportError(say("it is encrypted"))
        if self.info.compress_type not in _METHODS:
            raise NoReportError(say("it is packed by a method that is not read (only Deflate is)"))
        bound.count(self.info.compress_size, 0)
        try:
            with self.archive.open(self.info) as file:
                while piece := file.read(_PIECE):
                    bound.count(0, len(piece))
                    yield piece
        except _FAULTS as error:
            raise DamagedError(
                say("the ZIP archive is damaged: {error}", error=visible(str(error), 200))
            ) from error


def entries(file: BinaryIO) -> list[Entry]:
    """Return the files in an archive.  Raises ``NoReportError``."""
    _check_directory(file)
    try:
        archive = zipfile.ZipFile(file)
        infos = archive.infolist()
    except _FAULTS as error:
        raise NoReportError(
            say("the ZIP archive is damaged: {error}", error=visible(str(error), 200))
        ) from error
    found = [Entry(info.filename, archive, info) for info in infos if _is_wanted(info)]
    if not found:
        raise NoReportError(say("it is a ZIP archive without a file"))
    if len(found) > DMARC_ZIP_ENTRIES:
        raise NoReportError(
            say(
                "it is a ZIP archive of more than {dmarc_zip_entries:,} files",
                dmarc_zip_entries=DMARC_ZIP_ENTRIES,
            )
        )
    return found


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(info.filename).name
    hidden = name.startswith(".") or info.filename.startswith(_PASSED_OVER)
    return not info.filename.endswith("/") and not hidden  # is_dir() fails on an empty name


def _check_directory(file: BinaryIO) -> None:
    """Refuse an archive whose directory is large: it would be read whole."""
    size = file.seek(0, 2)
    at = max(0, size - _END_BYTES - _COMMENT_BYTES - len(_END_64) * 8)
    file.seek(at)
    tail = file.read()
    file.seek(0)
    where = tail.rfind(_END)
    if where < 0 or len(tail) - where < _END_BYTES:
        raise NoReportError(say("the ZIP archive ends in the middle"))
    if tail[: max(0, where - _LOCATOR_BYTES + len(_END_64))].endswith(_END_64):
        raise NoReportError(say("it is a ZIP archive of the 64-bit form, which no report needs"))
    directory = int.from_bytes(tail[where + 12 : where + 16], "little")
    if directory > DMARC_ZIP_DIRECTORY_BYTES:
        raise NoReportError(say("it is a ZIP archive with far too many files"))
