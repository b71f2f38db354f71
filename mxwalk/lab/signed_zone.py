"""One zone in memory: its data, its cuts, its signatures and its proofs (RFC 4035 section 2).

RRsets are signed when somebody asks, so that a lab of many zones starts in no time.  Who answers
what is the recursor's affair.
"""

from datetime import datetime
from functools import cached_property

import dns.dnssec
import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zone
from dns.rdtypes.ANY.DS import DS

from mxwalk.errors import ScenarioError
from mxwalk.lab.denial import Denials, NoDenials, Nsec3Chain, NsecChain, WrongDenials
from mxwalk.lab.zone_signer import Name, RRset, ZoneSigner
from mxwalk.lab.zones import NAME_SERVER, ZoneFault, ZoneSpec

TTL_S = 300
_IN = dns.rdataclass.IN
_SOA = f"@ SOA {NAME_SERVER} hostmaster.lab.test. 1 3600 900 86400 {TTL_S}"
_AT_CUT = {dns.rdatatype.NS, dns.rdatatype.DS}  # what a parent holds of a child
_GENERIC = " \\# "


class SignedZone:
    """A zone that gives out RRsets, their signatures and its denials of existence.

    Raises ``ScenarioError`` when the specification's lines cannot be read.
    """

    def __init__(self, spec: ZoneSpec, now: datetime) -> None:
        self.spec = spec
        self.origin = dns.name.from_text(f"{spec.name}.")
        try:
            self._zone = dns.zone.from_text(
                _zone_text(spec), self.origin, relativize=False, check_origin=False
            )
            for line in filter(_is_generic, spec.records):
                self._add_generic(line)
        except (dns.exception.DNSException, ValueError) as error:
            raise ScenarioError(f"zone {spec.name or '.'}: {error}") from error
        self._signer = ZoneSigner(self.origin, spec, now) if spec.signed else None
        if self._signer is not None:
            self._add(self.origin, self._signer.dnskey)
            if spec.nsec3_iterations is not None:
                text = f"1 0 {spec.nsec3_iterations} -"
                parameters = dns.rdata.from_text(_IN, dns.rdatatype.NSEC3PARAM, text)
                self._add(self.origin, parameters)

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
        name = self.origin if owner == "@" else dns.name.from_text(owner, self.origin)
        self._add(name, dns.rdata.GenericRdata(_IN, dns.rdatatype.from_text(rtype), data))

    # -- the tree ---------------------------------------------------------------------------------

    def delegate(self, child: "SignedZone") -> None:
        """Add the child's NS set and, when both zones are signed, its DS record."""
        for rdata in child.find(child.origin, dns.rdatatype.NS) or ():
            self._add(child.origin, rdata)
        if self._signer is not None and (ds := child.ds()) is not None:
            self._add(child.origin, ds)

    def ds(self) -> DS | None:
        """Return the DS record the parent publishes; ``None`` for an unsigned zone."""
        return self._signer.ds() if self._signer is not None else None

    def is_cut(self, name: Name) -> bool:
        """Say whether the name is delegated away."""
        return name != self.origin and self.find(name, dns.rdatatype.NS) is not None

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

    # -- DNSSEC -----------------------------------------------------------------------------------

    def signature(self, rrset: RRset) -> RRset | None:
        """Return the RRSIG set over ``rrset``, or ``None`` where there is none to give."""
        at_cut = self.is_cut(rrset.name)
        if self._signer is None or (at_cut and rrset.rdtype == dns.rdatatype.NS):
            return None  # RFC 4035 2.2: the NS set of a delegation is not signed
        return self._signer.signature(rrset)

    @cached_property
    def denials(self) -> Denials:
        """The proofs this zone gives of what does not exist."""
        if self._signer is None or ZoneFault.MISSING_DENIAL in self.spec.faults:
            return NoDenials()
        if ZoneFault.WRONG_DENIAL in self.spec.faults:
            return WrongDenials(self.origin, TTL_S)
        if self.spec.nsec3_iterations is not None:
            names = [name for name in self.existing if not self._is_glue(name)]
            iterations = self.spec.nsec3_iterations
            return Nsec3Chain(self.origin, names, self._types_at, iterations, TTL_S)
        owners = [name for name in self._zone.nodes if not self._is_glue(name)]
        return NsecChain(owners, self._types_at, TTL_S)

    def _types_at(self, name: Name) -> set[dns.rdatatype.RdataType]:
        if not self.has_node(name):
            return set()
        types = {rdataset.rdtype for rdataset in self._zone.nodes[name]}
        return types & _AT_CUT if self.is_cut(name) else types  # RFC 4035 2.3

    def _is_glue(self, name: Name) -> bool:
        while name != self.origin:
            name = name.parent()
            if self.is_cut(name):
                return True
        return False


def _is_generic(line: str) -> bool:
    return _GENERIC in line


def _zone_text(spec: ZoneSpec) -> str:
    lines = [f"$TTL {TTL_S}", *(line for line in spec.records if not _is_generic(line))]
    at_apex = [line.split()[1:4] for line in spec.records if line.startswith("@ ")]
    for rtype, line in (("SOA", _SOA), ("NS", f"@ NS {NAME_SERVER}")):
        if not any(rtype in words for words in at_apex):
            lines.append(line)
    return "\n".join(lines) + "\n"
