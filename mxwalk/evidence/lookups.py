"""The DNS look-ups of a delivery: what was asked, and the answers as they came."""

import msgspec

from mxwalk.evidence.dns import DnsAnswer


class ResolverChecked(msgspec.Struct, frozen=True, kw_only=True, tag="resolver"):
    """The resolver asked for the root's DNSKEY set with DO: does it answer, and pass signatures?"""

    answer: DnsAnswer


class MxLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="mx"):
    """The MX question for the recipient domain.

    Here and in the other look-ups ``support`` holds the answers (DS, DNSKEY, bogus data asked for
    with CD) that this step's DNSSEC validation needed besides what was known already.
    """

    domain: str
    answer: DnsAnswer
    support: tuple[DnsAnswer, ...] = ()


class AddressesLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="address"):
    """The A and AAAA questions for one delivery host (one of them with ``--ipv4``/``--ipv6``)."""

    host: str
    answers: tuple[DnsAnswer, ...]
    support: tuple[DnsAnswer, ...] = ()


class TlsaLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="tlsa"):
    """The TLSA questions for one delivery host and port (RFC 7672 2.2).

    ``base_domains`` are the TLSA base domains in the order in which they count; there are no answers
    where the rules ask for none.
    """

    host: str
    port: int
    base_domains: tuple[str, ...] = ()
    answers: tuple[DnsAnswer, ...] = ()
    support: tuple[DnsAnswer, ...] = ()


class PtrName(msgspec.Struct, frozen=True, kw_only=True):
    """A name the address's PTR record gives, and the addresses that name has in turn."""

    name: str
    answers: tuple[DnsAnswer, ...]
    confirmed: bool  # the connected address is among them: A(PTR(IP)) = IP


class PtrLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="ptr"):
    """The PTR question for the address, and the forward questions for each name it gave."""

    address: str
    answer: DnsAnswer
    names: tuple[PtrName, ...]
