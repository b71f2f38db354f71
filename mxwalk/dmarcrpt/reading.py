"""From a file to reports: XML, gzip or ZIP of XML, or an e-mail with one of them.

What it is shows in its first octets, not in its name.  A document is read as a stream and never held
whole.  Everything is bounded (``mxwalk.limits``); what cannot be read becomes a ``Problem`` with one
sentence, and nothing is raised.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO

from mxwalk.dmarcrpt.document import RowBudget, read_document
from mxwalk.dmarcrpt.mail import DMARC_REPORT
from mxwalk.dmarcrpt.model import Reading, Report
from mxwalk.dmarcrpt.octets import Octets
from mxwalk.dmarcrpt.sniffing import looks_like_document, looks_like_xml
from mxwalk.dmarcrpt.zipped import entries
from mxwalk.language import say
from mxwalk.limits import (
    DMARC_PACKED_BYTES,
    DMARC_RATIO,
    DMARC_TOTAL_BYTES,
    DMARC_XML_BYTES,
    REPORT_MAIL_BYTES,
)
from mxwalk.reportfiles.errors import NoReportError
from mxwalk.reportfiles.mail import attachments
from mxwalk.reportfiles.model import Kind, Problem
from mxwalk.reportfiles.sniffing import GZIP, SNIFFED, SPACE, ZIP, looks_like_mail
from mxwalk.reportfiles.unpacking import Bound, Gunzip
from mxwalk.text import visible

_PIECE = 256 * 1024
_MIB = 1024 * 1024


@dataclass(slots=True)
class Allowance:
    """What may still be read and kept, over all files that are opened together."""

    rows: RowBudget = field(default_factory=RowBudget)
    octets: int = DMARC_TOTAL_BYTES
    stopped: Callable[[], bool] | None = None


@dataclass(slots=True)
class _Document:
    """One document, still packed: what to call it, its octets, and what was noted of it."""

    source: str
    pieces: Iterable[bytes]
    bound: Bound
    noted: list[tuple[Kind, str]] = field(default_factory=list)
    packed: list[Gunzip] = field(default_factory=list)

    def around(self) -> list[tuple[Kind, str]]:
        """Return what was noted of the wrapping, once all of it was read."""
        behind = sum(unpacker.behind for unpacker in self.packed)
        more = (
            [(Kind.ENCODING, say("{behind:,} octets follow the gzip data", behind=behind))]
            if behind
            else []
        )
        return [*self.noted, *more]


def read_reports(file: BinaryIO, name: str, allowance: Allowance | None = None) -> Reading:
    """Return the reports in a file, and what in it could not be read.  Total but for ``OSError``.

    ``allowance`` is shared by what is opened together; after each call it has less left.
    """
    allowance = allowance or Allowance()
    reports: list[Report] = []
    problems: list[Problem] = []
    try:
        documents = list(_documents(file, name))
    except NoReportError as error:
        return Reading(problems=(_problem(name, error),))
    for document in documents:
        try:
            reports.append(_read(document, allowance))
        except NoReportError as error:
            problems.append(_problem(document.source, error))
    return Reading(reports=tuple(reports), problems=tuple(problems))


def read_octets(data: bytes, name: str, allowance: Allowance | None = None) -> Reading:
    """Return the reports in the octets of one file."""
    return read_reports(io.BytesIO(data), name, allowance)


def _problem(name: str, error: NoReportError) -> Problem:
    return Problem(name=name, sentence=visible(str(error), 500))


def _documents(file: BinaryIO, name: str) -> Iterator[_Document]:
    """Yield the documents in a file: the file itself, those of an archive, or attachments."""
    begins = file.read(SNIFFED)
    if not begins.strip(SPACE):
        raise NoReportError(say("it is empty"))
    if begins.startswith(ZIP):
        yield from _archived(_seekable(begins, file), name)
    elif looks_like_document(begins):
        yield _Document(name, chain((begins,), _pieces(file)), Bound(DMARC_XML_BYTES, DMARC_RATIO))
    elif looks_like_mail(begins):
        data = begins + file.read(REPORT_MAIL_BYTES + 1)
        for number, part in enumerate(attachments(data, DMARC_REPORT), start=1):
            where = ": ".join((name, part.name or say("part {number}", number=number)))
            if part.data.startswith(ZIP):
                for document in _archived(io.BytesIO(part.data), where):
                    document.noted.extend(part.noted)
                    yield document
            else:
                bound = Bound(DMARC_XML_BYTES, DMARC_RATIO)
                yield _Document(where, (part.data,), bound, list(part.noted))
    else:
        raise NoReportError(
            say("it is neither XML nor packed nor an e-mail: {begins}", begins=_begins(begins))
        )


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _seekable(begins: bytes, file: BinaryIO) -> BinaryIO:
    """Return the file from its beginning, in memory if it is a stream."""
    if file.seekable():
        file.seek(0)
        return file
    data = begins + file.read(DMARC_PACKED_BYTES)
    if len(data) > DMARC_PACKED_BYTES:
        raise NoReportError(
            say(
                "it is a ZIP archive of more than {dmarc_packed_bytes} MiB",
                dmarc_packed_bytes=DMARC_PACKED_BYTES // _MIB,
            )
        )
    return io.BytesIO(data)


def _archived(file: BinaryIO, name: str) -> Iterator[_Document]:
    noted = (Kind.ENCODING, say("it is a ZIP archive; RFC 9990 3.5.2 has gzip alone"))
    for entry in entries(file):
        bound = Bound(DMARC_XML_BYTES, DMARC_RATIO)
        where = f"{name}: {entry.name}"
        yield _Document(where, entry.pieces(bound), bound, [noted])


def _begins(begins: bytes) -> str:
    if begins.lstrip(SPACE)[:1] in (b"{", b"["):
        return say("it is JSON; TLS reports are opened by mxwalk tlsrpt")
    return say("it begins with {begins!r}", begins=visible(begins[:24]))


def _read(document: _Document, allowance: Allowance) -> Report:
    pieces = iter(document.pieces)
    begins = next(pieces, b"")
    for times in (1, 2):  # some pack twice, or put gzip into an archive
        if not begins.startswith(GZIP):
            break
        unpacker = Gunzip(document.bound if times == 1 else Bound(DMARC_XML_BYTES, DMARC_RATIO))
        document.packed.append(unpacker)
        pieces = unpacker.pieces(chain((begins,), pieces))
        begins = next(pieces, b"")
        if times == 2:
            document.noted.append((Kind.ENCODING, say("it is packed by gzip twice")))
    if begins.startswith((GZIP, ZIP)):
        raise NoReportError(say("it is packed within what is packed already"))
    begins += b"" if len(begins) > len(ZIP) else next(pieces, b"")
    if not looks_like_xml(begins):
        if not begins.strip(SPACE):
            begins = next((piece for piece in pieces if piece.strip(SPACE)), b"")
        if not looks_like_xml(begins):
            words = (
                say("it is no XML: {begins}", begins=_begins(begins))
                if begins.strip(SPACE)
                else say("it is empty")
            )
            raise NoReportError(words)
    octets = Octets(_counted(chain((begins,), pieces), allowance))
    return read_document(
        octets,
        document.source,
        lambda: [*document.around(), *octets.noted()],
        allowance.rows,
        allowance.stopped,
    )


def _counted(pieces: Iterator[bytes], allowance: Allowance) -> Iterator[bytes]:
    """Yield the pieces as long as they are within both bounds: that of one document, and of all."""
    one = 0
    for piece in pieces:
        one += len(piece)
        allowance.octets -= len(piece)
        if one > DMARC_XML_BYTES:
            raise NoReportError(
                say(
                    "it has more than {dmarc_xml_bytes:,} MiB of XML",
                    dmarc_xml_bytes=DMARC_XML_BYTES // _MIB,
                )
            )
        if allowance.octets < 0:
            raise NoReportError(say("there is too much XML for one look; it was not read"))
        yield piece
