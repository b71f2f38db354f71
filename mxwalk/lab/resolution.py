"""The answer to a question before it is put into a message, and what validation would say of it."""

import enum
from dataclasses import dataclass, field

import dns.rcode
from dns.edns import EDECode

from mxwalk.lab.zone_signer import RRset


class Security(enum.Enum):
    """What validation would say (RFC 4035 4.3); a higher value is weaker."""

    SECURE = 0
    INSECURE = 1
    BOGUS = 2


@dataclass(slots=True)
class Resolution:
    """Grows hop by hop, with all DNSSEC records; only as secure as the weakest hop."""

    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    answer: list[RRset] = field(default_factory=list)
    authority: list[RRset] = field(default_factory=list)
    security: Security = Security.SECURE
    ede: EDECode | None = None

    def weaken(self, security: Security, ede: EDECode | None = None) -> None:
        """Lower the security to that of a further hop."""
        if security.value > self.security.value:
            self.security, self.ede = security, ede
