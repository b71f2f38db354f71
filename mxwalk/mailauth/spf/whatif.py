"""What if: the same evaluation over another record, without publishing it.

A trace's answers with one record exchanged are run by ``replay``; a live resolver with one exchanged
asks for what the new record leads to and nobody asked before.
"""

from collections.abc import Iterable

import msgspec

from mxwalk.dns.txt import txt_line, txt_strings
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.mailauth.asking import Asked
from mxwalk.mailauth.spf.names import asked_as, to_a_labels
from mxwalk.mailauth.spf.record import is_record

DEFAULT_TTL_S = 3_600


def with_record(answers: Iterable[DnsAnswer], domain: str, text: str) -> tuple[DnsAnswer, ...]:
    """Return the answers as if ``domain`` published ``text`` as its SPF record.

    Other TXT records at the name stay; an empty text takes the record away.  If the name was not
    asked, an answer is added.
    """
    name = _name(domain)
    out = [
        exchanged(answer, name, text)
        if answer.rtype == "TXT" and answer.qname.lower() == name
        else answer
        for answer in answers
    ]
    if not any(answer.rtype == "TXT" and answer.qname.lower() == name for answer in out):
        nothing = DnsAnswer(qname=name, rtype="TXT", status=DnsStatus.NODATA)
        out.append(exchanged(nothing, name, text))
    return tuple(out)


def exchanged(answer: DnsAnswer, name: str, text: str) -> DnsAnswer:
    """Return a TXT answer with its SPF records replaced by one of this text."""
    others = tuple(
        record for record in answer.records() if not is_record(b"".join(txt_strings(record)))
    )
    records = (*others, _presentation(text)) if text.strip() else others
    rrset = RRset(name=name, rtype="TXT", ttl_s=DEFAULT_TTL_S, records=records)
    return msgspec.structs.replace(
        answer,
        status=DnsStatus.OK if records else DnsStatus.NODATA,
        rcode="NOERROR",
        flags=(),
        answer=(rrset,) if records else (),
        authority=(),
        cname_hops=(),
        error="",
        wire=b"",
    )


class WhatIfResolver:
    """A resolver that answers as if ``domain`` published ``text``, and asks for all the rest."""

    def __init__(self, resolver: Asked, domain: str, text: str) -> None:
        self._resolver = resolver
        self._name = _name(domain)
        self._text = text

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        """Ask, and exchange the record if it is the one."""
        answer = await self._resolver.query(qname, rtype)
        if rtype == "TXT" and qname.lower() == self._name:
            return exchanged(answer, self._name, self._text)
        return answer


class RememberingResolver:
    """A resolver that has the answers of a trace and asks a live one for what is not in it."""

    def __init__(self, answers: Iterable[DnsAnswer], resolver: Asked) -> None:
        self._known = {(answer.qname.lower(), answer.rtype): answer for answer in answers}
        self._resolver = resolver

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        """Answer from the trace, else ask."""
        known = self._known.get((qname.lower(), rtype))
        return known if known is not None else await self._resolver.query(qname, rtype)


def _name(domain: str) -> str:
    return asked_as(to_a_labels(domain.strip()).removesuffix("."))


def _presentation(text: str) -> str:
    """Return the text as a TXT record in presentation form, in strings of 255 octets."""
    octets = text.strip().encode("utf-8", "surrogateescape")
    return txt_line("x", octets).removeprefix("x. IN TXT ")
