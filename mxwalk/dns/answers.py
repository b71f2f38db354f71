"""From what a response says to the evidence of a question: status, words, hops.  Pure.

The status is the answer's meaning at the end of its CNAME chain (RFC 1034 4.3.2, RFC 2308 2); an
answer that stops at a CNAME without saying more is left open and can be joined with a further one.
"""

from dataclasses import dataclass

import msgspec

from mxwalk.dns.chain import Chain
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, ExtendedError, RRset
from mxwalk.text import visible

_BY_RCODE = {
    "NOERROR": DnsStatus.NODATA,
    "NXDOMAIN": DnsStatus.NXDOMAIN,
    "SERVFAIL": DnsStatus.SERVFAIL,
    "REFUSED": DnsStatus.REFUSED,
    "": DnsStatus.MALFORMED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a response says.

    ``problem`` tells in words what could not be read of it; ``broken`` is one that is not whole.
    """

    rcode: str = ""
    flags: tuple[str, ...] = ()
    answer: tuple[RRset, ...] = ()
    authority: tuple[RRset, ...] = ()
    extended_errors: tuple[ExtendedError, ...] = ()
    edns_payload: int = 0
    problem: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """A response's bytes, the question they answer, who sent them and over what."""

    qname: str
    rtype: str
    server: str
    transport: str
    wire: bytes


def to_answer(reading: Reading, received: Received) -> DnsAnswer:
    """Return the evidence of one response; CNAME chains are not looked at yet."""
    status = _BY_RCODE.get(reading.rcode, DnsStatus.OTHER_RCODE)
    if status is DnsStatus.NODATA and reading.problem:
        status = DnsStatus.MALFORMED  # what is missing may be what could not be read
    return DnsAnswer(
        qname=received.qname,
        rtype=received.rtype,
        status=status,
        server=received.server,
        transport=received.transport,
        rcode=reading.rcode,
        flags=reading.flags,
        answer=reading.answer,
        authority=reading.authority,
        extended_errors=reading.extended_errors,
        edns_payload=reading.edns_payload,
        error=_words(status, reading, received.server),
        wire=received.wire,
    )


def unreadable(reading: Reading, server: str) -> str:
    """Return one sentence about a response that cannot be read."""
    return f"the answer from {server} cannot be read: {reading.problem}"


def _words(status: DnsStatus, reading: Reading, server: str) -> str:
    match status:
        case DnsStatus.MALFORMED:
            return unreadable(reading, server)
        case DnsStatus.SERVFAIL | DnsStatus.REFUSED | DnsStatus.OTHER_RCODE:
            notes = [
                f"extended error {error.code}"
                + (f": {visible(error.text, 200)}" if error.text else "")
                for error in reading.extended_errors[:3]
            ]
            return f"{server} answered {'; '.join([reading.rcode, *notes])}"
        case _:
            return ""


def is_left_open(answer: DnsAnswer, chain: Chain) -> bool:
    """Say whether the answer ends at a CNAME without records or a denial for its target."""
    return (
        answer.status is DnsStatus.NODATA
        and bool(chain.hops)
        and not chain.problem
        and not any(
            rrset.name == chain.end and rrset.rtype == answer.rtype for rrset in answer.answer
        )
        and not any(rrset.rtype == "SOA" for rrset in answer.authority)  # RFC 2308 2.2
    )


def joined(first: DnsAnswer, more: DnsAnswer) -> DnsAnswer:
    """Return the answer for the first question with what was asked for a CNAME's target."""
    known = set(first.answer)
    flags = tuple(flag for flag in more.flags if flag != "AD" or first.authentic)
    return msgspec.structs.replace(
        more,
        qname=first.qname,
        answer=first.answer + tuple(rrset for rrset in more.answer if rrset not in known),
        flags=flags,
    )


def with_chain(answer: DnsAnswer, chain: Chain) -> DnsAnswer:
    """Return the answer with its hops and the status that holds at their end."""
    status, error = answer.status, answer.error
    if chain.problem:
        status, error = DnsStatus.LOOP, chain.problem
    elif answer.rcode == "NOERROR" and any(
        rrset.name == chain.end and rrset.rtype == answer.rtype for rrset in answer.answer
    ):
        status = DnsStatus.OK
    return msgspec.structs.replace(answer, status=status, error=error, cname_hops=chain.hops)
