"""Queries through dnspython: names in and out, the message, and which response belongs to it.

With ``wire`` this is the part of the package that loads dnspython; both are loaded with the first
resolver.
"""

from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdatatype

from mxwalk.errors import UsageError
from mxwalk.language import ENGLISH, say, speaking
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

EDNS_PAYLOAD = 1232  # fits every path without fragments, DNS flag day 2020


class UnaskableNameError(ValueError):
    """A text that cannot be a DNS name; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query: the message, and its bytes."""

    message: dns.message.Message
    wire: bytes


def canonical_name(qname: str) -> str:
    r"""Return the name in A-labels and lower case, without trailing dot (``.`` for the root).

    Presentation escapes (``\032``) are understood.  Raises ``UnaskableNameError``.
    """
    if not qname:
        raise UnaskableNameError("an empty name cannot be asked; the root is written '.'")
    try:
        with speaking(ENGLISH):  # what is raised is recorded
            ascii_form = qname if qname.isascii() else parse_name(qname).ascii
        name = dns.name.from_text(r"\@" if ascii_form == "@" else ascii_form)
    except (dns.exception.DNSException, InvalidNameError, ValueError) as error:
        raise UnaskableNameError(f"{visible(qname, 80)!r} cannot be asked: {error}") from error
    return name.canonicalize().to_text(omit_final_dot=True)


def make_query(qname: str, rtype: str, *, edns: bool, checking_disabled: bool) -> Query:
    """Build a query for a canonical name: RD and AD set (RFC 6840 5.7), with EDNS also DO.

    Raises ``UsageError`` for a record type that does not exist.
    """
    try:
        rdtype = dns.rdatatype.from_text(rtype)
    except (dns.exception.DNSException, ValueError) as error:
        raise UsageError(
            say("there is no DNS record type {name!r}", name=visible(rtype, 20))
        ) from error
    flags = dns.flags.RD | dns.flags.AD | (dns.flags.CD if checking_disabled else 0)
    message = dns.message.make_query(
        dns.name.from_text(qname),
        rdtype,
        use_edns=0 if edns else False,
        want_dnssec=edns,
        payload=EDNS_PAYLOAD if edns else None,
        flags=flags,
    )
    return Query(message=message, wire=message.to_wire())


def is_answer_to(query: Query, wire: bytes) -> bool:
    """Say whether the bytes are a response with the query's id and question (RFC 5452 9.1)."""
    try:
        response = dns.message.from_wire(wire, question_only=True)
    except (dns.exception.DNSException, ValueError):
        return False
    return query.message.is_response(response)


def is_truncated(wire: bytes) -> bool:
    """Say whether the TC bit is set."""
    return len(wire) >= 4 and bool(int.from_bytes(wire[2:4], "big") & dns.flags.TC)
