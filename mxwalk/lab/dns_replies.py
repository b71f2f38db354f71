"""From a query's bytes to the reply's bytes: header flags, EDNS, truncation and the faults.

RFC 1035 4.1, RFC 6891 (EDNS), RFC 6840 5.7 to 5.9 (AD, CD), RFC 8914 (extended errors).
"""

import struct
from collections.abc import Mapping

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
from dns.edns import EDECode, EDEOption

from mxwalk.lab.dns_faults import DnsFaultKind, Fault, fault_for
from mxwalk.lab.recursor import Recursor
from mxwalk.lab.resolution import Resolution, Security
from mxwalk.lab.zone_signer import RRset
from mxwalk.limits import DNS_MESSAGE_BYTES

_PAYLOAD = 1232
_CLASSIC_PAYLOAD = 512  # RFC 1035 4.2.1
_DNSSEC_TYPES = {dns.rdatatype.RRSIG, dns.rdatatype.NSEC, dns.rdatatype.NSEC3}
_NOT_OFFERED = {dns.rdatatype.AXFR, dns.rdatatype.IXFR, dns.rdatatype.ANY}


class Replies:
    """Answers queries from a recursor, with faults."""

    def __init__(self, recursor: Recursor, faults: Mapping[tuple[str, str], Fault]) -> None:
        self._recursor = recursor
        self._faults = {_key(name, rtype): fault for (name, rtype), fault in faults.items()}
        self.questions: list[tuple[str, str, str]] = []

    def respond(self, wire: bytes, over_tcp: bool) -> bytes | None:
        """Return the reply to a query, ``None`` for silence.  Never raises."""
        try:
            query = dns.message.from_wire(wire)
        except (dns.exception.DNSException, ValueError):
            return _format_error(wire)
        if query.flags & dns.flags.QR:
            return None
        if query.opcode() != dns.opcode.QUERY:
            return _error(query, dns.rcode.NOTIMP)
        if query.edns > 0:
            return _error(query, dns.rcode.BADVERS)  # RFC 6891 6.1.3
        if len(query.question) != 1:
            return _error(query, dns.rcode.FORMERR)
        return self._reply(query, over_tcp=over_tcp)

    def _reply(self, query: dns.message.Message, *, over_tcp: bool) -> bytes | None:
        question = query.question[0]
        qname = question.name.canonicalize().to_text(omit_final_dot=True)
        rtype = dns.rdatatype.to_text(question.rdtype)
        self.questions.append(("tcp" if over_tcp else "udp", qname, rtype))
        fault = fault_for(self._faults, qname, rtype)
        kind = fault.kind if fault else None
        if kind is DnsFaultKind.TIMEOUT:
            return None
        if kind is DnsFaultKind.GARBAGE:
            return query.to_wire()[:2] + b"\xff" * 9
        if fault and kind in {DnsFaultKind.SERVFAIL, DnsFaultKind.REFUSED}:
            rcode = dns.rcode.SERVFAIL if kind is DnsFaultKind.SERVFAIL else dns.rcode.REFUSED
            return _error(query, rcode, fault.ede_code, fault.ede_text)
        if question.rdclass != dns.rdataclass.IN or question.rdtype in _NOT_OFFERED:
            return _error(query, dns.rcode.REFUSED)
        resolution = self._recursor.resolve(question.name, question.rdtype)
        refused = kind is not DnsFaultKind.LIE and not query.flags & dns.flags.CD
        if resolution.security is Security.BOGUS and refused:
            code = resolution.ede
            return _error(query, dns.rcode.SERVFAIL, EDECode.DNSSEC_BOGUS if code is None else code)
        response = _response(query, resolution, kind)
        return _to_wire(query, response, over_tcp, kind is DnsFaultKind.TRUNCATE)


def _key(name: str, rtype: str) -> tuple[str, str]:
    return name.lower().rstrip(".") or ".", rtype.upper()


def _response(
    query: dns.message.Message, resolution: Resolution, kind: DnsFaultKind | None
) -> dns.message.Message:
    stripped = kind in {DnsFaultKind.STRIP, DnsFaultKind.IGNORE_DO}
    response = dns.message.make_response(query, recursion_available=True, our_payload=_PAYLOAD)
    response.set_rcode(resolution.rcode)
    wants_dnssec = bool(query.ednsflags & dns.flags.DO) and not stripped
    asked = query.question[0].rdtype
    for source, section in (
        (resolution.answer, response.answer),
        (resolution.authority, response.authority),
    ):
        section.extend(rrset for rrset in source if wants_dnssec or _is_plain(rrset, asked))
    secure = resolution.security is Security.SECURE and resolution.rcode != dns.rcode.SERVFAIL
    if secure and not stripped and (wants_dnssec or query.flags & dns.flags.AD):
        response.flags |= dns.flags.AD  # RFC 6840 5.7, 5.8
    if kind is DnsFaultKind.LIE:
        response.flags |= dns.flags.AD
    if kind is DnsFaultKind.IGNORE_DO:
        response.use_edns(False)
    elif query.edns >= 0:
        _set_edns(
            response, query, [EDEOption(resolution.ede)] if resolution.ede is not None else []
        )
    return response


def _is_plain(rrset: RRset, asked: dns.rdatatype.RdataType) -> bool:
    return rrset.rdtype not in _DNSSEC_TYPES or rrset.rdtype == asked


def _set_edns(
    response: dns.message.Message, query: dns.message.Message, options: list[EDEOption]
) -> None:
    do_bit = query.ednsflags & dns.flags.DO  # RFC 3225 3: copied
    response.use_edns(0, do_bit, _PAYLOAD, request_payload=query.payload, options=list(options))


def _to_wire(
    query: dns.message.Message,
    response: dns.message.Message,
    over_tcp: bool,
    cut: bool,
) -> bytes:
    if over_tcp:
        limit = DNS_MESSAGE_BYTES
    else:
        limit = max(query.payload, _CLASSIC_PAYLOAD) if query.edns >= 0 else _CLASSIC_PAYLOAD
    if over_tcp or not cut:
        try:
            return response.to_wire(max_size=limit, want_shuffle=False)
        except dns.exception.TooBig:
            pass
    response.answer, response.authority = [], []  # RFC 2181 9
    response.flags |= dns.flags.TC
    return response.to_wire(max_size=limit, want_shuffle=False)


def _error(
    query: dns.message.Message, rcode: dns.rcode.Rcode, ede_code: int = -1, ede_text: str = ""
) -> bytes:
    response = dns.message.make_response(query, recursion_available=True, our_payload=_PAYLOAD)
    options = [EDEOption(EDECode.make(ede_code), ede_text or None)] if ede_code >= 0 else []
    if query.edns >= 0:
        _set_edns(response, query, options)
    response.set_rcode(rcode)
    return response.to_wire()


def _format_error(wire: bytes) -> bytes | None:
    """Return a bare FORMERR header when the bytes have at least a query's header."""
    if len(wire) < 12:
        return None
    ident, flags = struct.unpack_from("!HH", wire)
    if flags & dns.flags.QR:
        return None
    kept = flags & (0x7800 | dns.flags.RD)  # the opcode and RD are copied
    return struct.pack("!HHHHHH", ident, dns.flags.QR | kept | dns.rcode.FORMERR, 0, 0, 0, 0)
