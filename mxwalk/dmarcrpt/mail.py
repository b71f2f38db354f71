"""A report in an e-mail (RFC 9990 3.5.2, RFC 7489 7.2.1.1): an attachment of XML, packed or not."""

import re
from collections.abc import Iterator, Sequence
from email.message import Message

from mxwalk.language import noted, say
from mxwalk.reportfiles.mail import MailForm
from mxwalk.reportfiles.model import Kind

_SUBJECT = re.compile(r"Report\s+Domain:\s*\S+\s+Submitter:\s*\S+", re.IGNORECASE)


def _around(parts: Sequence[Message]) -> Iterator[tuple[Kind, str]]:
    """Note how the e-mail differs from RFC 9990 3.5.2."""
    messages = [part for part in parts if part.get("From") is not None] or list(parts[:1])
    if not any(_SUBJECT.search(str(part.get("Subject", ""))[:2_000]) for part in messages):
        yield Kind.MAIL, say("its Subject is not that of a report (RFC 9990 3.5.2)")
    if not any(part.get("DKIM-Signature") for part in messages):
        # The mail itself must pass DMARC; by SPF it may, which cannot be seen here.
        yield Kind.MAIL, say("it has no DKIM signature; a report's mail must itself pass DMARC")


DMARC_REPORT = MailForm(
    own_types=("application/gzip", "text/xml"),
    other_types=(
        "application/xml",
        "application/zip",
        "application/x-zip",
        "application/x-zip-compressed",
        "application/x-gzip",
        "application/gzip-compressed",
        "application/dmarc+xml",
    ),
    suffixes=(".xml", ".xml.gz", ".zip", ".gz", ".gzip"),
    what=noted("DMARC report"),
    around=_around,
)
