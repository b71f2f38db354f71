"""From the octets of a file to reports: JSON, gzip of JSON, or an e-mail with either.

What it is shows in its first octets, not in its name.  Everything is bounded (``mxwalk.limits``), and
what cannot be read becomes a ``Problem`` with one sentence; nothing is raised.
"""

from collections.abc import Iterator

from mxwalk.language import say
from mxwalk.limits import TLSRPT_JSON_BYTES
from mxwalk.reportfiles.errors import NoReportError
from mxwalk.reportfiles.mail import attachments
from mxwalk.reportfiles.model import Kind, Problem
from mxwalk.reportfiles.sniffing import GZIP, SPACE, ZIP, looks_like_mail
from mxwalk.text import visible
from mxwalk.tlsrpt.document import read_document
from mxwalk.tlsrpt.mail import TLS_REPORT
from mxwalk.tlsrpt.model import Reading, Report
from mxwalk.tlsrpt.rows import RowBudget
from mxwalk.tlsrpt.sniffing import looks_like_document
from mxwalk.tlsrpt.unpacking import gunzip

_Noted = tuple[tuple[Kind, str], ...]


def read_reports(data: bytes, name: str, budget: RowBudget | None = None) -> Reading:
    """Return the reports in the octets of one file, and what in it could not be read.  Total.

    ``budget`` is shared by what is opened together; after each call it has less left.
    """
    budget = budget or RowBudget()
    reports: list[Report] = []
    problems: list[Problem] = []
    try:
        pieces = list(_pieces(data, name))
    except NoReportError as error:
        return Reading(problems=(_problem(name, error),))
    for source, document, noted in pieces:
        try:
            plain, more = _unpacked(document)
            reports.extend(read_document(plain, source, noted + more, budget))
        except NoReportError as error:
            problems.append(_problem(source, error))
    return Reading(reports=tuple(reports), problems=tuple(problems))


def _problem(name: str, error: NoReportError) -> Problem:
    return Problem(name=name, sentence=visible(str(error), 500))


def _pieces(data: bytes, name: str) -> Iterator[tuple[str, bytes, _Noted]]:
    """Yield the documents in a file, still packed: the file itself, or attachments."""
    if not data.strip(SPACE):
        raise NoReportError(say("it is empty"))
    if looks_like_document(data):
        yield name, data, ()
        return
    if not looks_like_mail(data):
        raise NoReportError(
            say("it is neither JSON nor gzip nor an e-mail: {begins}", begins=_begins(data))
        )
    found = attachments(data, TLS_REPORT)
    for number, part in enumerate(found, start=1):
        where = part.name or say("part {number}", number=number)
        yield f"{name}: {where}", part.data, part.noted


def _begins(data: bytes) -> str:
    if data.startswith(ZIP):
        return say("it is a ZIP archive; RFC 8460 5.2 knows gzip alone")
    if data.lstrip(SPACE)[:1] == b"<":
        return say("it is XML; DMARC reports are opened by mxwalk dmarc")
    return say("it begins with {data!r}", data=visible(data[:24]))


def _unpacked(data: bytes) -> tuple[bytes, _Noted]:
    """Return JSON out of gzip, if it is packed; twice, as some do, and no further."""
    noted: list[tuple[Kind, str]] = []
    for times in (1, 2):
        if not data.startswith(GZIP):
            break
        data, behind = gunzip(data)
        if behind:
            noted.append(
                (Kind.ENCODING, say("{behind:,} octets follow the gzip data", behind=behind))
            )
        if times == 2:
            noted.append((Kind.ENCODING, say("it is packed by gzip twice")))
    if data.startswith(GZIP):
        raise NoReportError(say("it is packed by gzip more than twice"))
    if not data.strip(SPACE):
        raise NoReportError(say("it is empty"))
    if not looks_like_document(data):
        raise NoReportError(say("it is no JSON: {begins}", begins=_begins(data)))
    if len(data) > TLSRPT_JSON_BYTES:
        raise NoReportError(
            say("it has more than {most} MiB of JSON", most=TLSRPT_JSON_BYTES // 1024 // 1024)
        )
    return data, tuple(noted)
