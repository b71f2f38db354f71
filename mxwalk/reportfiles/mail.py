"""A report in an e-mail: the parts that may be one, by media type and name.

Only the structure is taken apart, within bounds.  An e-mail forwarded as an attachment is looked into.
No signature is verified here.
"""

import email
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message

from mxwalk.language import say
from mxwalk.limits import (
    REPORT_MAIL_BYTES,
    REPORT_MAIL_DASHES,
    REPORT_MAIL_FIELD_BYTES,
    REPORT_MAIL_LINES,
    REPORT_MAIL_PARTS,
)
from mxwalk.reportfiles.errors import NoReportError
from mxwalk.reportfiles.model import Kind
from mxwalk.text import visible

# The fields with parameters, folded or not; the time to read those grows with the square of their size.
_PARAMETERS = re.compile(
    rb"(?:\A|[\r\n])content-(?:type|disposition)[ \t]*:[^\r\n]*(?:[\r\n]+[ \t][^\r\n]*)*"
)
Noted = tuple[tuple[Kind, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailForm:
    """How one kind of report is attached.

    Parts of ``own_types`` are reports; those of ``other_types``, or with a name of ``suffixes``, may
    be.  ``around`` notes what is odd about the e-mail; ``what`` names such a report.
    """

    own_types: tuple[str, ...]
    other_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    what: str
    around: Callable[[Sequence[Message]], Iterator[tuple[Kind, str]]]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that may be a report: its name, its octets, and what was noted."""

    name: str
    data: bytes
    noted: Noted


def attachments(data: bytes, form: MailForm) -> tuple[Attachment, ...]:
    """Return the parts of an e-mail that may be reports.  Raises ``NoReportError``."""
    _check_size(data)
    try:
        message = email.message_from_bytes(data)
        parts = list(message.walk())
    except (RecursionError, ValueError, LookupError) as error:
        raise NoReportError(say("it is an e-mail whose structure cannot be read")) from error
    noted = tuple(form.around(parts))
    found = tuple(_attachments(parts, noted, form))
    if not found:
        raise NoReportError(
            say(
                "it is an e-mail without a {what} ({type})",
                what=say(form.what),
                type=form.own_types[0],
            )
        )
    return found


def _check_size(data: bytes) -> None:
    """Refuse what would make the parser of structures slow or large."""
    if len(data) > REPORT_MAIL_BYTES:
        raise NoReportError(
            say(
                "it is an e-mail of more than {report_mail_bytes} MiB",
                report_mail_bytes=REPORT_MAIL_BYTES // 1024 // 1024,
            )
        )
    lower = data.lower()
    nested = lower.count(b"boundary") + lower.count(b"message/")
    if (
        nested > REPORT_MAIL_PARTS
        or data.count(b"\n--") + data.count(b"\r--") > REPORT_MAIL_DASHES
        or max(data.count(b"\n"), data.count(b"\r")) > REPORT_MAIL_LINES
    ):
        raise NoReportError(say("it is an e-mail of too many parts or lines"))
    fields = _PARAMETERS.finditer(lower)
    if any(one.end() - one.start() > REPORT_MAIL_FIELD_BYTES for one in fields):
        raise NoReportError(say("it is an e-mail with a header field that is far too long"))


def _attachments(parts: list[Message], noted: Noted, form: MailForm) -> Iterator[Attachment]:
    for part in parts:
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        name = _filename(part)
        if kind not in form.own_types and not (
            kind in form.other_types or name.lower().endswith(form.suffixes)
        ):
            continue
        more: Noted = ()
        if kind not in form.own_types:
            words = say(
                "the media type is {kind}, not {own_types}",
                kind=visible(kind, 60),
                own_types=form.own_types[0],
            )
            more = ((Kind.MAIL, words),)
        try:
            data = part.get_payload(decode=True)
        except (ValueError, LookupError):
            continue
        if isinstance(data, bytes):
            yield Attachment(name, data, noted + more)


def parameter(part: Message, name: str) -> str:
    """Return a parameter of Content-Type in lower case; empty where there is none."""
    try:
        value = part.get_param(name)
    except (ValueError, LookupError):
        return ""
    return value.lower() if isinstance(value, str) else ""


def _filename(part: Message) -> str:
    try:
        return str(part.get_filename() or "")[:255]
    except (ValueError, LookupError, TypeError):
        return ""
