"""A report in an e-mail (RFC 8460 5.3): ``multipart/report`` with ``application/tlsrpt+gzip``.

Attachments of other types are tried when their name says so.  The DKIM signature is not verified; a
missing one is noted, because receivers must ignore such a report.
"""

import re
from collections.abc import Iterator, Sequence
from email.message import Message

from mxwalk.language import say
from mxwalk.reportfiles.mail import MailForm, parameter
from mxwalk.reportfiles.model import Kind


def _around(parts: Sequence[Message]) -> Iterator[tuple[Kind, str]]:
    """Note how the e-mail differs from RFC 8460 5.3."""
    messages = [part for part in parts if part.get("From") is not None] or parts[:1]
    if not any(
        part.get_content_type() == "multipart/report" and parameter(part, "report-type") == "tlsrpt"
        for part in parts
    ):
        yield Kind.MAIL, say('it is not multipart/report with report-type="tlsrpt" (RFC 8460 5.3)')
    for name in ("TLS-Report-Domain", "TLS-Report-Submitter"):
        if not any(part.get(name) for part in messages):
            yield Kind.MAIL, say("it has no {name} field (RFC 8460 5.3)", name=name)
    signatures = [str(value) for part in messages for value in part.get_all("DKIM-Signature", [])]
    if not signatures:
        yield (
            Kind.MAIL,
            say("it has no DKIM signature; receivers must ignore such a report (RFC 8460 3)"),
        )
    elif any(re.search(r"(?:^|;)\s*l\s*=", value) for value in signatures):
        yield Kind.MAIL, say("its DKIM signature has an l= tag, which is not allowed (RFC 8460 3)")


TLS_REPORT = MailForm(
    own_types=("application/tlsrpt+gzip", "application/tlsrpt+json"),
    other_types=("application/gzip", "application/x-gzip", "application/json", "text/json"),
    suffixes=(".json", ".json.gz", ".gz", ".gzip"),
    what="TLS report",
    around=_around,
)
