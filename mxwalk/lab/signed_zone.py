"""One zone in memory, signed RRset by RRset when somebody asks (RFC 4034, RFC 4035 section 2).

A zone has one key for everything (a CSK, ECDSA P-256) and an NSEC chain.  Signing on demand makes
a lab of many zones start in no time.  The zone faults of ``ZoneFault`` are made here; who answers
what is the recursor's affair.
"""

from bisect import bisect_right
from datetime import datetime, timedelta
from functools import cached_property

import dns.dnssec
import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.DS
import dns.rdtypes.ANY.NSEC
import dns.rrset
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec
from dns.dnssectypes import Algorithm
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS

from mxwalk.errors import ScenarioError
from mxwalk.lab.zones import NAME_SERVER, ZoneFault, ZoneSpec

TTL_S = 300
_IN = dns.rdataclass.IN
_SECURE_ENTRY_POINT = 257  # zone key and SEP bit, RFC 4034 2.1.1
_PRIVATE_ALGORITHM = 253  # PRIVATEDNS: no validator supports it
_SOA = f"@ SOA {NAME_SERVER} hostmaster.lab.test. 1 3600 900 86400 {TTL_S}"
_UNSIGNED_AT_CUT = {dns.rdatatype.NS, dns.rdatatype.A, dns.rdatatype.AAAA}

_GENERIC = " \\# "

Name = dns.name.Name
RRset = dns.rrset.RRset


class SigningKey:
    """A private key and its DNSKEY record."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.dnskey: DNSKEY = dns.dnssec.make_dnskey(
            self.private.public_key(), Algorithm.ECDSAP256SHA256, flags=_SECURE_ENTRY_POINT
        )


class SignedZone:
    """A zone that gives out RRsets, their signatures and its denials of existence.

    Raises ``ScenarioError`` when the specification's lines cannot be read.
    """

    def __init__(self, spec: ZoneSpec, now: datetime) -> None:
        self.spec = spec
        self.origin = dns.name.from_text(f"{spec.name}.")
        self._now = now
        self._signatures: dict[tuple[Name, dns.rdatatype.RdataType], RRset] = {}
        self._denials: dict[Name, RRset] = {}
        try:
            self._zone = dns.zone.from_text(
                _zone_text(spec), self.origin, relativize=False, check_origin=False
            )
            for line in filter(_is_generic, spec.records):
                self._add_generic(line)
        except (dns.exception.DNSException, ValueError) as error:
            raise ScenarioError(f"zone {spec.name or '.'}: {error}") from error
        self._key = SigningKey() if spec.signed else None
        if self._key is not None:
            self._add(self.origin, self._key.dnskey)

    def _add(self, owner: Name, rdata: dns.rdata.Rdata) -> None:
        self._zone.find_rdataset(owner, rdata.rdtype, create=True).add(rdata, TTL_S)

    def _add_generic(self, line: str) -> None:
        r"""Add ``OWNER TYPE \# LENGTH HEX`` (RFC 3597 5) as it is, well formed or not."""
        head, _, tail = line.partition(_GENERIC)
        owner, *_, rtype = head.split()
        length, *octets = tail.split()
        data = bytes.fromhex("".join(octets))
        if len(data) != int(length):
            raise ValueError(f"{line!r}: {len(data)} octets, not {length}")
        rdtype = dns.rdatatype.from_text(rtype)
        self._add(
            dns.name.from_text(owner, self.origin) if owner != "@" else self.origin,
            dns.rdata.GenericRdata(_IN, rdtype, data),
        )

    # -- the tree ---------------------------------------------------------------------------------

    def delegate(self, child: "SignedZone") -> None:
        """Add the child's NS set and, when both zones are signed, its DS record."""
        for rdata in child.find(child.origin, dns.rdatatype.NS) or ():
            self._add(child.origin, rdata)
        if self._key is not None and child.spec.signed:
            self._add(child.origin, child.ds())

    def ds(self) -> DS:
        """Return the DS record the parent publishes for this signed zone."""
        assert self._key is not None
        stale = ZoneFault.STALE_DS in self.spec.faults
        key = SigningKey() if stale else self._key
        ds = dns.dnssec.make_ds(self.origin, key.dnskey, "SHA256")
        if ZoneFault.UNKNOWN_ALGORITHM in self.spec.faults:
            changed = ds.replace(algorithm=_PRIVATE_ALGORITHM)
            assert isinstance(changed, DS)
            return changed
        return ds

    # -- the data ---------------------------------------------------------------------------------

    def find(self, name: Name, rdtype: dns.rdatatype.RdataType) -> RRset | None:
        """Return the RRset, or ``None``."""
        return self._zone.get_rrset(name, rdtype)

    def has_node(self, name: Name) -> bool:
        """Say whether records exist at the name."""
        return name in self._zone.nodes

    @cached_property
    def existing(self) -> frozenset[Name]:
        """All names that exist, empty non-terminals included (RFC 8020)."""
        names = set()
        for owner in self._zone.nodes:
            name = owner
            while name not in names:
                names.add(name)
                if name == self.origin:
                    break
                name = name.parent()
        return frozenset(names)

    def is_cut(self, name: Name) -> bool:
        """Say whether the name is delegated away."""
        return name != self.origin and self.find(name, dns.rdatatype.NS) is not None

    # -- DNSSEC -----------------------------------------------------------------------------------

    def signature(self, rrset: RRset) -> RRset | None:
        """Return the RRSIG set over ``rrset``, or ``None`` where there is none to give."""
        if self._key is None or (
            self.is_cut(rrset.name) and rrset.rdtype in _UNSIGNED_AT_CUT  # RFC 4035 2.2
        ):
            return None
        is_keys = rrset.rdtype == dns.rdatatype.DNSKEY
        if ZoneFault.MISSING_RRSIG in self.spec.faults and not is_keys:
            return None
        cache_key = (rrset.name, rrset.rdtype)
        if cache_key not in self._signatures:
            self._signatures[cache_key] = self._sign(rrset, is_keys=is_keys)
        return self._signatures[cache_key]

    def _sign(self, rrset: RRset, *, is_keys: bool) -> RRset:
        faults = self.spec.faults
        foreign = ZoneFault.WRONG_KEY in faults and not is_keys
        key = SigningKey() if foreign else self._key
        assert key is not None
        inception, expiration = self._validity()
        rrsig = dns.dnssec.sign(
            rrset, key.private, self.origin, key.dnskey, inception=inception, expiration=expiration
        )
        if ZoneFault.BAD_SIGNATURE in faults and not is_keys:
            octets = bytes(rrsig.signature)
            spoilt = rrsig.replace(signature=octets[:-1] + bytes([octets[-1] ^ 1]))
            return dns.rrset.from_rdata(rrset.name, rrset.ttl, spoilt)
        return dns.rrset.from_rdata(rrset.name, rrset.ttl, rrsig)

    def _validity(self) -> tuple[datetime, datetime]:
        day = timedelta(days=1)
        if ZoneFault.EXPIRED in self.spec.faults:
            return self._now - 30 * day, self._now - 3 * day
        if ZoneFault.NOT_YET in self.spec.faults:
            return self._now + 3 * day, self._now + 30 * day
        return self._now - day, self._now + 14 * day

    @cached_property
    def _chain(self) -> list[Name]:
        """The owners of NSEC records in canonical order; glue below a cut has none."""
        owners = self._zone.nodes
        return sorted(owner for owner in owners if not self._is_glue(owner))

    def _is_glue(self, name: Name) -> bool:
        while name != self.origin:
            name = name.parent()
            if self.is_cut(name):
                return True
        return False

    def denial(self, name: Name) -> RRset | None:
        """Return the NSEC set that matches or covers ``name`` (RFC 4034 4), or ``None``."""
        if self._key is None or ZoneFault.MISSING_DENIAL in self.spec.faults:
            return None
        position = bisect_right(self._chain, name) - 1
        owner = self._chain[position]
        if owner not in self._denials:
            following = self._chain[(position + 1) % len(self._chain)]
            self._denials[owner] = self._nsec(owner, following)
        return self._denials[owner]

    def _nsec(self, owner: Name, following: Name) -> RRset:
        present = {rdataset.rdtype for rdataset in self._zone.nodes[owner]}
        if self.is_cut(owner):  # RFC 4035 2.3: only what the parent is authoritative for
            present &= {dns.rdatatype.NS, dns.rdatatype.DS}
        present |= {dns.rdatatype.RRSIG, dns.rdatatype.NSEC}
        types = " ".join(dns.rdatatype.to_text(rdtype) for rdtype in sorted(present))
        return dns.rrset.from_text(owner, TTL_S, _IN, dns.rdatatype.NSEC, f"{following} {types}")


def _is_generic(line: str) -> bool:
    return _GENERIC in line


def _zone_text(spec: ZoneSpec) -> str:
    lines = [f"$TTL {TTL_S}", *(line for line in spec.records if not _is_generic(line))]
    at_apex = [line.split()[1:4] for line in spec.records if line.startswith("@ ")]
    for rtype, line in (("SOA", _SOA), ("NS", f"@ NS {NAME_SERVER}")):
        if not any(rtype in words for words in at_apex):
            lines.append(line)
    return "\n".join(lines) + "\n"
