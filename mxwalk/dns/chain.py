"""CNAME chains within an answer (RFC 1034 3.6.2), bounded and safe against loops.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from mxwalk.evidence.dns import RRset
from mxwalk.limits import CNAME_HOPS

_OCTETS = "\\# "  # a record that could not be read (RFC 3597 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Where the CNAMEs lead: the targets in order, the last name, and why it ends badly if so."""

    hops: tuple[str, ...] = ()
    end: str
    problem: str = ""


def follow(qname: str, rtype: str, rrsets: Sequence[RRset]) -> Chain:
    """Follow the CNAME records among ``rrsets`` from ``qname``.

    A question for CNAME itself is not followed.  ``problem`` is set for a loop and for more than
    ``limits.CNAME_HOPS`` targets.
    """
    targets = {
        rrset.name: rrset.records[0].removesuffix(".").lower() or "."
        for rrset in rrsets
        if rrset.rtype == "CNAME" and rrset.records and not rrset.records[0].startswith(_OCTETS)
    }
    hops: list[str] = []
    name = qname
    while rtype != "CNAME" and name in targets:
        name = targets[name]
        if name == qname or name in hops:
            return Chain(
                hops=(*hops, name), end=name, problem=f"the CNAME records lead back to {name}"
            )
        hops.append(name)
        if len(hops) > CNAME_HOPS:
            problem = f"more than {CNAME_HOPS} CNAME records in a row"
            return Chain(hops=tuple(hops), end=name, problem=problem)
    return Chain(hops=tuple(hops), end=name)
