"""The records at one name of a survey, each read, and the targets that need no message."""

from mxwalk import limits
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.language import say
from mxwalk.mailauth.spf.checking import failed, failure_words, lookup_of, void_words
from mxwalk.mailauth.spf.macrosyntax import Escape, Literal, read_macros
from mxwalk.mailauth.spf.model import Lookup, Record, SpfResult
from mxwalk.mailauth.spf.names import truncated
from mxwalk.mailauth.spf.record import is_record, read_record, strings_of
from mxwalk.mailauth.spf.retrieval import ttl_of
from mxwalk.mailauth.spf.survey_model import Surveyed
from mxwalk.text import visible


def read_all(domain: str, answer: DnsAnswer) -> Surveyed:
    """Return every SPF record of a TXT answer, and what stands beside them."""
    lookup = lookup_of(domain, answer)
    if failed(lookup):
        return Surveyed(
            domain=domain, asked=(lookup,), problem=SpfResult.TEMPERROR, why=failure_words(lookup)
        )
    every = strings_of(lookup.answer)
    ttl = ttl_of(answer)
    records = tuple(
        read_record(domain, b"".join(strings), tuple(map(len, strings)), ttl)
        for strings in every
        if is_record(b"".join(strings))
    )[: limits.SPF_SURVEY_RECORDS]
    others = tuple(
        octets for octets in (b"".join(strings) for strings in every) if not is_record(octets)
    )[: limits.SPF_SURVEY_RECORDS]
    problem, why = _standing(domain, lookup, records)
    return Surveyed(
        domain=domain,
        record=records[0] if len(records) == 1 else None,
        records=records,
        others=others,
        asked=(lookup,),
        problem=problem,
        why=why,
    )


def _standing(
    domain: str, lookup: Lookup, records: tuple[Record, ...]
) -> tuple[SpfResult | None, str]:
    if not records:
        why = (
            void_words(lookup)
            if lookup.is_void
            else say("{domain} has no SPF record", domain=visible(domain, 80))
        )
        return SpfResult.NONE, why
    if len(records) > 1:
        why = say(
            "{domain} has {records} SPF records; one is allowed",
            domain=visible(domain, 80),
            records=len(records),
        )
        return SpfResult.PERMERROR, why
    if records[0].faults:
        first = records[0].faults[0]
        return SpfResult.PERMERROR, say(
            "octet {start} of the record: {what}", start=first.start, what=first.what
        )
    return None, ""


def static_target(domain: str, spec: str) -> str | None:
    """Return the target of a domain-spec that needs no message: ``%{d}`` alone may be in it."""
    if not spec:
        return domain
    out: list[str] = []
    for part in read_macros(spec).parts:
        if isinstance(part, Literal):
            out.append(part.text)
        elif isinstance(part, Escape):
            out.append(part.value)
        elif part.letter == "d":
            from_left = domain.split(".") if part.delimiters == "." else [domain]
            labels = from_left[::-1] if part.reverse else from_left
            out.append(".".join(labels[-part.keep :] if part.keep else labels))
        else:
            return None
    return truncated("".join(out))
