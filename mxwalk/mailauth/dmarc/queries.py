"""One TXT query at ``_dmarc.<domain>`` and which of its records count (RFC 9989 4.10)."""

from mxwalk.dns.txt import txt_records
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.told import no_answer_words
from mxwalk.language import say
from mxwalk.limits import DMARC_RECORDS_SHOWN
from mxwalk.mailauth.asking import Asking, Question
from mxwalk.mailauth.dmarc.model import Query
from mxwalk.mailauth.dmarc.record import is_record, read_record
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

# What says for certain whether records are there.
ANSWERED = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)
_NAME_OCTETS = 253
SHOWN = 600


def ask_records(domain: str) -> Asking[Query]:
    """Ask for the records at one name (RFC 9989 4.10 steps 1, 2, 5 and 6)."""
    qname = f"_dmarc.{domain}"
    if not fits(domain):
        return Query(
            qname=qname,
            status=DnsStatus.NXDOMAIN,
            note=say(
                "The name would be longer than {name_octets} octets: it cannot exist.",
                name_octets=_NAME_OCTETS,
            ),
        )
    (answer,) = yield (Question(qname, "TXT"),)
    if answer.status not in ANSWERED:
        return Query(
            qname=qname,
            status=answer.status,
            error=no_answer_words(answer.error, SHOWN),
            note=say(
                "No usable answer ({status}): whether a record is here is not known.",
                status=answer.status.value,
            ),
        )
    texts = [b"".join(strings) for strings in txt_records(answer)]
    ours = [text for text in texts if is_record(text)]
    # RFC 9989 4.10 step 2: several records are all discarded
    record = read_record(qname, ours[0]) if len(ours) == 1 else None
    return Query(
        qname=qname,
        status=answer.status,
        records=len(ours),
        record=record,
        seen=tuple(visible(text, SHOWN) for text in texts[:DMARC_RECORDS_SHOWN]),
        note=_note(answer.status, len(texts), len(ours)),
    )


def _note(status: DnsStatus, texts: int, ours: int) -> str:
    if ours > 1:
        return say("{ours} records: all of them are discarded.", ours=ours)
    if ours == 1:
        return say("A record.")
    if texts:
        return say("TXT records, none of which begins with v=DMARC1.")
    return (
        say("The name does not exist.") if status is DnsStatus.NXDOMAIN else say("No TXT record.")
    )


def fits(domain: str) -> bool:
    """Say whether ``_dmarc.<domain>`` is short enough to be a name."""
    return len(f"_dmarc.{domain}") <= _NAME_OCTETS


def read_name(domain: str) -> str | None:
    """Return the name in lower-case A-labels, ``None`` if it is none."""
    try:
        return parse_name(domain).ascii
    except InvalidNameError:
        return None
