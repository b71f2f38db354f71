"""What the reverse DNS says of a source, once somebody has asked it."""

from dataclasses import dataclass

from mxwalk.dmarcrpt.judge import organization_of
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.lookups import PtrLookedUp
from mxwalk.language import noted, say

_WORDS = {
    DnsStatus.NXDOMAIN: noted("there is no name for this address"),
    DnsStatus.NODATA: noted("there is no name for this address"),
    DnsStatus.TIMEOUT: noted("the DNS did not answer in time"),
    DnsStatus.SERVFAIL: noted("the DNS answered SERVFAIL"),
    DnsStatus.REFUSED: noted("the DNS server refused to answer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceName:
    """The name of an address; ``confirmed`` if the name leads back to it (RFC 8601 3, iprev).

    ``problem`` says why there is none.  ``organisation`` is the name's Organizational Domain.
    """

    ip: str
    name: str = ""
    confirmed: bool = False
    problem: str = ""

    @property
    def organisation(self) -> str:
        """The Organizational Domain of a confirmed name; anybody can write any other."""
        return organization_of(self.name) if self.confirmed else ""


def source_name(looked_up: PtrLookedUp) -> SourceName:
    """Return the first name that is confirmed, else the first one, else why there is none."""
    names = sorted(looked_up.names, key=lambda one: not one.confirmed)
    if names:
        first = names[0]
        return SourceName(ip=looked_up.address, name=first.name, confirmed=first.confirmed)
    status = looked_up.answer.status
    words = (
        say(_WORDS.get(status, ""))
        or looked_up.answer.error
        or say("the DNS did not tell: {status}", status=status.value)
    )
    return SourceName(ip=looked_up.address, problem=words)
