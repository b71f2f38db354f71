"""What the two kinds of denial have in common: the case to prove, the outcome, the record's types.

RFC 4035 5.4, RFC 5155 8 and RFC 6840 4.
"""

from base64 import b32hexencode
from collections.abc import Sequence
from dataclasses import dataclass

from dns.rdtypes.ANY.NSEC import NSEC
from dns.rdtypes.ANY.NSEC3 import NSEC3

from mxwalk.dnssec.message import SignedSet
from mxwalk.dnssec.model import Denial, DenialKind, DenialRecord, SignatureCheck
from mxwalk.dnssec.names import Name, show, type_text
from mxwalk.dnssec.reasons import Reason

NS, SOA, CNAME, DNAME, DS = 2, 6, 5, 39, 43
_TYPES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be proved: that ``name`` has no ``rtype`` in ``zone``."""

    name: Name
    rtype: int
    zone: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The proof, and why it is not enough; ``opt_out`` makes what it proves insecure."""

    denial: Denial
    reason: Reason | None = None
    detail: str = ""
    opt_out: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A verified NSEC or NSEC3 record."""

    source: SignedSet
    rdata: NSEC | NSEC3
    types: frozenset[int]
    checks: tuple[SignatureCheck, ...]

    @property
    def is_delegation(self) -> bool:
        """The parent's record of a zone cut: it speaks of DS only (RFC 6840 4.1)."""
        return NS in self.types and SOA not in self.types

    def lacks(self, rtype: int) -> bool:
        """Whether neither the type nor an alias is at the name."""
        return rtype not in self.types and CNAME not in self.types

    def is_wrong_side(self, case: Case) -> bool:
        """RFC 6840 4.1, 4.4: the parent's record for the child's data, or the reverse."""
        if case.rtype == DS:
            return SOA in self.types and len(case.name.labels) > 1
        return self.is_delegation

    @property
    def following(self) -> str:
        """The next name, or the next hash as text."""
        if isinstance(self.rdata, NSEC3):
            return b32hexencode(self.rdata.next).decode().rstrip("=").lower()
        return show(self.rdata.next)

    def record(self, role: str) -> DenialRecord:
        """Return the record for people, with what it does in the proof."""
        return DenialRecord(
            owner=show(self.source.name),
            following=self.following,
            types=tuple(type_text(each) for each in sorted(self.types)[:_TYPES_SHOWN]),
            role=role,
            signatures=self.checks,
            opt_out=isinstance(self.rdata, NSEC3) and bool(self.rdata.flags & 1),
        )


def types_in(rdata: NSEC | NSEC3) -> frozenset[int]:
    """Return the types of the bit map (RFC 4034 4.1.2)."""
    return frozenset(
        window * 256 + byte * 8 + bit
        for window, bitmap in rdata.windows
        for byte, value in enumerate(bitmap)
        for bit in range(8)
        if value & (0x80 >> bit)
    )


def wildcard_of(encloser: Name) -> Name:
    """Return the source of synthesis (RFC 4592 3.3.1)."""
    return Name((b"*", *encloser.labels))


def nothing(case: Case, rtype: str, records: Sequence[DenialRecord] = ()) -> Denial:
    """Return a denial that proves nothing."""
    return Denial(name=show(case.name), kind=None, rtype=rtype, records=tuple(records))


def kind_at(span: Span, case: Case) -> DenialKind:
    """Return what a record at the very name says when the type is not there."""
    if case.rtype == DS and span.is_delegation:
        return DenialKind.NO_DS
    return DenialKind.NO_DATA if span.types else DenialKind.EMPTY_NON_TERMINAL
