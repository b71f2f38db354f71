"""What the lab's DNS server does wrong on purpose, for one name and type."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class DnsFaultKind(enum.Enum):
    """The ways in which a question can fail."""

    SERVFAIL = "servfail"
    REFUSED = "refused"
    TIMEOUT = "timeout"  # never answered
    STRIP = "strip"  # answered without any DNSSEC record, AD clear
    IGNORE_DO = "ignore-do"  # the same, and without EDNS: a server from before RFC 2671
    LIE = "lie-about-ad"  # AD set on everything, bogus data included
    TRUNCATE = "truncate"  # TC over UDP, whole over TCP
    GARBAGE = "garbage"  # bytes that are no DNS message


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault, and the Extended DNS Error (RFC 8914) that goes with it (code -1: none)."""

    kind: DnsFaultKind
    ede_code: int = -1
    ede_text: str = ""


Faults = Mapping[tuple[str, str], Fault]


def fault_for(faults: Faults, qname: str, rtype: str) -> Fault | None:
    """Return the fault for a question; keys are (name without trailing dot, type), ``*`` is any."""
    for key in ((qname, rtype), (qname, "*"), ("*", rtype), ("*", "*")):
        if key in faults:
            return faults[key]
    return None
