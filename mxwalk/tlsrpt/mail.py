"""A report in an e-mail (RFC 8460 5.3): ``multipart/report`` with ``application/tlsrpt+gzip``.

Only the structure is taken apart.  Attachments of other types are tried when their name says so, and
an e-mail forwarded as an attachment is looked into.  The DKIM signature is not verified; a missing one
is noted, because receivers must ignore such a report.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from mxwalk.limits import (
    TLSRPT_MAIL_BYTES,
    TLSRPT_MAIL_DASHES,
    TLSRPT_MAIL_FIELD_BYTES,
    TLSRPT_MAIL_LINES,
    TLSRPT_MAIL_PARTS,
)
from mxwalk.text import visible
from mxwalk.tlsrpt.errors import NoReportError
from mxwalk.tlsrpt.model import Kind

_OWN_TYPES = ("application/tlsrpt+gzip", "application/tlsrpt+json")
_OTHER_TYPES = ("application/gzip", "application/x-gzip", "application/json", "text/json")
_SUFFIXES = (".json", ".json.gz", ".gz", ".gzip")
# The fields with parameters, folded or not; the time to read those grows with the square of their size.
_PARAMETERS = re.compile(
    rb"(?:\A|[\r\n])content-(?:type|disposition)[ \t]*:[^\r\n]*(?:[\r\n]+[ \t][^\r\n]*)*"
)
_NOTED = tuple[tuple[Kind, str], ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that may be a report: its name, its octets, and what was noted."""

    name: str
    data: bytes
    noted: _NOTED


def attachments(data: bytes) -> tuple[Attachment, ...]:
    """Return the parts of an e-mail that may be reports.  Raises ``NoReportError``."""
    _check_size(data)
    try:
        message = email.message_from_bytes(data)
        parts = list(message.walk())
    except (RecursionError, ValueError, LookupError) as error:
        raise NoReportError("it is an e-mail whose structure cannot be read") from error
    noted = tuple(_around(parts))
    found = tuple(_attachments(parts, noted))
    if not found:
        raise NoReportError("it is an e-mail without a TLS report (application/tlsrpt+gzip)")
    return found


def _check_size(data: bytes) -> None:
    """Refuse what would make the parser of structures slow or large."""
    if len(data) > TLSRPT_MAIL_BYTES:
        raise NoReportError(f"it is an e-mail of more than {TLSRPT_MAIL_BYTES // 1024 // 1024} MiB")
    lower = data.lower()
    nested = lower.count(b"boundary") + lower.count(b"message/")
    if (
        nested > TLSRPT_MAIL_PARTS
        or data.count(b"\n--") + data.count(b"\r--") > TLSRPT_MAIL_DASHES
        or max(data.count(b"\n"), data.count(b"\r")) > TLSRPT_MAIL_LINES
    ):
        raise NoReportError("it is an e-mail of too many parts or lines")
    fields = _PARAMETERS.finditer(lower)
    if any(one.end() - one.start() > TLSRPT_MAIL_FIELD_BYTES for one in fields):
        raise NoReportError("it is an e-mail with a header field that is far too long")


def _around(parts: list[Message]) -> Iterator[tuple[Kind, str]]:
    """Note how the e-mail differs from RFC 8460 5.3."""
    messages = [part for part in parts if part.get("From") is not None] or parts[:1]
    if not any(
        part.get_content_type() == "multipart/report"
        and _parameter(part, "report-type") == "tlsrpt"
        for part in parts
    ):
        yield Kind.MAIL, 'it is not multipart/report with report-type="tlsrpt" (RFC 8460 5.3)'
    for name in ("TLS-Report-Domain", "TLS-Report-Submitter"):
        if not any(part.get(name) for part in messages):
            yield Kind.MAIL, f"it has no {name} field (RFC 8460 5.3)"
    signatures = [str(value) for part in messages for value in part.get_all("DKIM-Signature", [])]
    if not signatures:
        yield (
            Kind.MAIL,
            "it has no DKIM signature; receivers must ignore such a report (RFC 8460 3)",
        )
    elif any(re.search(r"(?:^|;)\s*l\s*=", value) for value in signatures):
        yield Kind.MAIL, "its DKIM signature has an l= tag, which is not allowed (RFC 8460 3)"


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
    except (ValueError, LookupError):
        return ""
    return value.lower() if isinstance(value, str) else ""


def _attachments(parts: list[Message], noted: _NOTED) -> Iterator[Attachment]:
    for part in parts:
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        name = _filename(part)
        if kind not in _OWN_TYPES and not (
            kind in _OTHER_TYPES or name.lower().endswith(_SUFFIXES)
        ):
            continue
        more: _NOTED = ()
        if kind not in _OWN_TYPES:
            words = f"the media type is {visible(kind, 60)}, not application/tlsrpt+gzip"
            more = ((Kind.MAIL, words),)
        try:
            data = part.get_payload(decode=True)
        except (ValueError, LookupError):
            continue
        if isinstance(data, bytes):
            yield Attachment(name, data, noted + more)


def _filename(part: Message) -> str:
    try:
        return str(part.get_filename() or "")[:255]
    except (ValueError, LookupError, TypeError):
        return ""
