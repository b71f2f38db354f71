"""A letter: who it is for, where it could go, and what it says.

The addresses are suggestions; nothing is sent.  The text of a letter is in the letter's own language,
the reasons beside the addresses in that of the interface.
"""

import enum
from dataclasses import dataclass

from mxwalk.findings.model import Finding, Owner
from mxwalk.language import say
from mxwalk.text import visible

_KEYS = {
    Owner.RECEIVER: "receiver",
    Owner.RECEIVER_DNS: "dns",
    Owner.RECEIVER_CA: "ca",
    Owner.SENDER: "domain",
    Owner.SENDER_DNS: "domain-dns",
    Owner.SERVICE: "service",
    Owner.FORWARDER: "forwarder",
}
KEYS = tuple(_KEYS.values())


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """Somebody a letter is for: in what role, and for which domain, zone or authority."""

    key: str
    name: str

    @property
    def role(self) -> str:
        """The role in the words of the language spoken."""
        match self.key:
            case "receiver":
                return say("the receiver's mail administrators")
            case "dns":
                return say("the DNS operator of the receiver")
            case "ca":
                return say("the authority that issued the certificate")
            case "domain":
                return say("the sending domain's mail administrators")
            case "domain-dns":
                return say("the DNS operator of the sending domain")
            case "service":
                return say("the sending service")
            case _:
                return say("the forwarder or mailing list")

    def __str__(self) -> str:
        """Return role and name in the language spoken."""
        return f"{self.role}: {visible(self.name, 200)}" if self.name else self.role


def key_of(owner: Owner) -> str:
    """Return the key of an owner's party; empty where the owner is "you" or nobody."""
    return _KEYS.get(owner, "")


class Source(enum.Enum):
    """What an address was taken from."""

    POSTMASTER = "RFC 5321 4.5.1, RFC 2142 5"
    HOST_POSTMASTER = "RFC 5321 4.5.1"
    HOSTMASTER = "RFC 2142 7"
    SOA = "SOA RNAME, RFC 1035 3.3.13"
    SECURITY = "RFC 2142 4"
    TLS_RPT = "TLS-RPT rua, RFC 8460 3"
    DMARC = "DMARC rua, RFC 9989 4.7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A mailbox a letter could go to, what it was taken from, and the name it stands at."""

    mailbox: str
    source: Source
    at: str

    @property
    def reason(self) -> str:
        """Why this address, in the language spoken."""
        at = visible(self.at, 200)
        match self.source:
            case Source.POSTMASTER:
                return say("every domain that takes mail has it: {at}", at=at)
            case Source.HOST_POSTMASTER:
                return say("whoever runs the mail host {at}", at=at)
            case Source.HOSTMASTER:
                return say("the usual name for those who keep the zone {at}", at=at)
            case Source.SOA:
                return say("the zone {at} names it as its own", at=at)
            case Source.SECURITY:
                return say("for matters of security at {at}", at=at)
            case Source.TLS_RPT:
                return say("{at} wants TLS reports there; perhaps only a program reads them", at=at)
            case Source.DMARC:
                return say(
                    "{at} wants DMARC reports there; perhaps only a program reads them", at=at
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A piece of evidence: its name, by which the templates label it, and its literal lines."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who writes; what is empty becomes a place to fill in.

    ``since`` is when it was first seen in real mail, in the sender's own words.
    """

    name: str = ""
    phone: str = ""
    mailbox: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter: plain text in 72 columns; literal words that are longer stand on lines alone.

    ``findings`` are those it is about, ``left_out`` counts those beyond the bound.
    """

    language: str
    party: Party
    to: tuple[Suggestion, ...]
    subject: str
    body: str
    findings: tuple[Finding, ...]
    left_out: int = 0
    redacted: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the findings it is about, each once."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The letters a walk gives rise to; ``nothing`` says why there are none.

    ``own`` are the codes of errors that the own side must mend, which is better done first.
    """

    letters: tuple[Letter, ...] = ()
    nothing: str = ""
    own: tuple[str, ...] = ()
