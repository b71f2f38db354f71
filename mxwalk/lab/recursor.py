"""What a validating recursor for the lab's root answers, without any socket.

Names are resolved by RFC 1034 4.3.2 (with wildcards by RFC 4592 and DNAME by RFC 6672), CNAME
chains to their end, negative answers with their proofs (RFC 4035 3.1.3).  Whether a zone is secure
follows from the data of the zone tree; signatures are not verified here, the tests do that.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.edns import EDECode
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.DNAME import DNAME

from mxwalk.lab.denial import wildcard_below
from mxwalk.lab.resolution import Resolution, Security
from mxwalk.lab.signed_zone import SignedZone
from mxwalk.lab.zone_signer import Name, RRset
from mxwalk.lab.zones import ZoneFault, ZoneSpec, complete_zones

_IN = dns.rdataclass.IN
_MAX_HOPS = 16
_MAX_NSEC3_ITERATIONS = 50  # what today's validators still accept


_BOGUS = {
    ZoneFault.EXPIRED: EDECode.SIGNATURE_EXPIRED,
    ZoneFault.NOT_YET: EDECode.SIGNATURE_NOT_YET_VALID,
    ZoneFault.STALE_DS: EDECode.DNSKEY_MISSING,
    ZoneFault.WRONG_KEY: EDECode.DNSKEY_MISSING,
    ZoneFault.BAD_SIGNATURE: EDECode.DNSSEC_BOGUS,
    ZoneFault.MISSING_RRSIG: EDECode.RRSIGS_MISSING,
}
_BOGUS_DENIAL = {
    ZoneFault.MISSING_DENIAL: EDECode.NSEC_MISSING,
    ZoneFault.WRONG_DENIAL: EDECode.DNSSEC_BOGUS,
}


class Recursor:
    """The zones below one root, made from ``specs`` with signatures around ``now``."""

    def __init__(self, specs: Sequence[ZoneSpec], now: datetime) -> None:
        self._zones = {
            zone.origin: zone for zone in (SignedZone(s, now) for s in complete_zones(specs))
        }
        for origin, zone in self._zones.items():
            if origin != dns.name.root:
                self._zone_of(origin.parent()).delegate(zone)
        self._security = {origin: self._judge(zone) for origin, zone in self._zones.items()}

    @property
    def trust_anchor(self) -> str:
        """The DS record of the root as a zone-file line; empty when the root is not signed."""
        ds = self._zones[dns.name.root].ds()
        return f". IN DS {ds}" if ds is not None else ""

    def resolve(self, qname: Name, rdtype: RdataType) -> Resolution:
        """Return the final answer to a question, CNAMEs chased."""
        result = Resolution()
        seen: set[Name] = set()
        name: Name | None = qname
        while name is not None and name not in seen and len(seen) < _MAX_HOPS:
            seen.add(name)
            zone = self._zone_of(name, rdtype)
            security, ede = self._security[zone.origin]
            result.weaken(security, ede)
            name = self._look_up(zone, name, rdtype, result)
        return result

    def _zone_of(self, name: Name, rdtype: RdataType = dns.rdatatype.A) -> SignedZone:
        """Return the closest zone; a DS set belongs to the parent (RFC 4035 3.1.4.1)."""
        if rdtype == dns.rdatatype.DS and name in self._zones and name != dns.name.root:
            name = name.parent()
        while name not in self._zones:
            name = name.parent()
        return self._zones[name]

    def _judge(self, zone: SignedZone) -> tuple[Security, EDECode | None]:
        if zone.origin != dns.name.root:
            above = self._judge(self._zone_of(zone.origin.parent()))
            if above[0] is not Security.SECURE:
                return above
        if not zone.spec.signed or ZoneFault.UNKNOWN_ALGORITHM in zone.spec.faults:
            return Security.INSECURE, None
        for fault, ede in _BOGUS.items():
            if fault in zone.spec.faults:
                return Security.BOGUS, ede
        return Security.SECURE, None

    def _look_up(
        self, zone: SignedZone, name: Name, rdtype: RdataType, result: Resolution
    ) -> Name | None:
        """Add what ``zone`` says of ``name`` to ``result``; return the name to go on with."""
        for above in _ancestors(name, zone.origin):
            at_parent = above == name and rdtype == dns.rdatatype.DS
            if zone.is_cut(above) and not at_parent:
                result.rcode = dns.rcode.SERVFAIL  # delegated to a zone that nobody serves
                result.ede = EDECode.NO_REACHABLE_AUTHORITY
                return None
            if above != name and (dname := zone.find(above, dns.rdatatype.DNAME)) is not None:
                return _redirect(zone, name, dname, result)
        if name in zone.existing:
            return _answer(zone, name, rdtype, result)
        encloser = next(a for a in _ancestors(name, zone.origin) if a in zone.existing)
        if zone.has_node(wildcard_below(encloser)):
            return _answer(zone, name, rdtype, result, encloser)
        result.rcode = dns.rcode.NXDOMAIN
        _deny(zone, zone.denials.no_name(name, encloser), result)
        return None


def _ancestors(name: Name, origin: Name) -> Iterator[Name]:
    """Yield ``name`` and what is above it, up to and with ``origin``."""
    while name != origin:
        yield name
        name = name.parent()
    yield origin


def _answer(
    zone: SignedZone,
    name: Name,
    rdtype: RdataType,
    result: Resolution,
    encloser: Name | None = None,
) -> Name | None:
    """Answer from the records at ``name``, or at the wildcard below ``encloser`` that matches it."""
    owner = name if encloser is None else wildcard_below(encloser)
    for wanted in (rdtype, dns.rdatatype.CNAME):
        rrset = zone.find(owner, wanted)
        if rrset is None:
            continue
        _put(zone, rrset, result.answer, name)
        if encloser is not None:
            _prove(zone, zone.denials.no_exact_match(name, encloser), result)
        first = rrset[0]
        return first.target if wanted != rdtype and isinstance(first, CNAME) else None
    if encloser is None:
        _deny(zone, zone.denials.no_data(name), result)
    else:
        _deny(zone, zone.denials.no_wildcard_data(name, encloser), result)
    return None


def _redirect(zone: SignedZone, name: Name, dname: RRset, result: Resolution) -> Name | None:
    """Add a DNAME and the CNAME made from it (RFC 6672 3.1); the CNAME is not signed."""
    first = dname[0]
    assert isinstance(first, DNAME)
    _put(zone, dname, result.answer)
    try:
        target = name.relativize(dname.name).concatenate(first.target)
    except dns.name.NameTooLong:
        result.rcode = dns.rcode.YXDOMAIN  # RFC 6672 2.2
        return None
    cname = dns.rrset.from_text(name, dname.ttl, _IN, dns.rdatatype.CNAME, target.to_text())
    result.answer.append(cname)
    return target


def _put(zone: SignedZone, rrset: RRset, section: list[RRset], name: Name | None = None) -> None:
    """Append the RRset and its signature, under ``name`` when a wildcard gave it."""
    for each in (rrset, zone.signature(rrset)):
        if each is not None and each not in section:
            section.append(dns.rrset.from_rdata_list(name or each.name, each.ttl, list(each)))


def _deny(zone: SignedZone, proofs: Sequence[RRset], result: Resolution) -> None:
    soa = zone.find(zone.origin, dns.rdatatype.SOA)
    assert soa is not None
    _put(zone, soa, result.authority)
    _prove(zone, proofs, result)


def _prove(zone: SignedZone, proofs: Sequence[RRset], result: Resolution) -> None:
    """Add proofs of non-existence, and what a validator thinks of them."""
    for proof in proofs:
        _put(zone, proof, result.authority)
    if (zone.spec.nsec3_iterations or 0) > _MAX_NSEC3_ITERATIONS:  # RFC 9276 3.2
        result.weaken(Security.INSECURE, EDECode.UNSUPPORTED_NSEC3_ITERATIONS_VALUE)
    for fault, ede in _BOGUS_DENIAL.items():
        if fault in zone.spec.faults and result.security is Security.SECURE:
            result.weaken(Security.BOGUS, ede)
