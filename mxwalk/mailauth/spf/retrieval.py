"""The one SPF record at a name, or how a check without one ends (RFC 7208 4.4, 4.5)."""

from mxwalk.evidence.dns import DnsAnswer
from mxwalk.language import say
from mxwalk.mailauth.spf.checking import failed, failure_words, void_words
from mxwalk.mailauth.spf.model import Branch, Lookup, Record, SpfResult
from mxwalk.mailauth.spf.record import read_record, select_records, strings_of
from mxwalk.text import visible


def read_answer(domain: str, answer: DnsAnswer, lookup: Lookup) -> Record | Branch:
    """Return the one record of the answer, or how a check without one ends (RFC 7208 4.4, 4.5)."""
    if failed(lookup):
        return _without(domain, SpfResult.TEMPERROR, failure_words(lookup), lookup)
    if lookup.is_void:
        return _without(domain, SpfResult.NONE, void_words(lookup), lookup)
    records = select_records(strings_of(lookup.answer))
    if not records:
        why = say(
            "{domain} has no SPF record among its {answer} TXT records",
            domain=visible(domain, 80),
            answer=len(lookup.answer),
        )
        return _without(domain, SpfResult.NONE, why, lookup)
    if len(records) > 1:
        why = say(
            "{domain} has {records} SPF records; one is allowed",
            domain=visible(domain, 80),
            records=len(records),
        )
        return _without(domain, SpfResult.PERMERROR, why, lookup)
    (strings,) = records
    return read_record(domain, b"".join(strings), tuple(map(len, strings)), ttl_of(answer))


def ttl_of(answer: DnsAnswer) -> int | None:
    """Return the TTL of the answer's records, ``None`` if it has none."""
    return min(
        (rrset.ttl_s for rrset in answer.answer if rrset.rtype == answer.rtype), default=None
    )


def _without(domain: str, result: SpfResult, why: str, lookup: Lookup) -> Branch:
    return Branch(domain=domain, result=result, why=why, asked=(lookup,))
