"""Which addresses may be asked: those of the public Internet, unless somebody permits others.

A certificate that comes from a stranger names addresses that we then connect to, from inside our
own network: an old way to make servers talk to things they should not.  The very address about to
be dialled is judged, after resolution and again after each redirect, so that a name that resolves
differently the second time gains nothing.  An address of this machine is known by the connection's
own end, before anything is sent.  The ranges are those of the registries of
special-purpose addresses (RFC 6890) and addresses at which clouds tell their secrets.
"""

import ipaddress
from dataclasses import dataclass
from typing import Protocol

from mxwalk.text import visible

_WEB_PORTS = frozenset({80, 443})
_SYSTEM_PORTS = 1_024

_SPECIAL_4 = tuple(
    (ipaddress.IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "an address of this host (RFC 791)"),
        ("10.0.0.0/8", "private (RFC 1918)"),
        ("100.64.0.0/10", "behind a provider's NAT (RFC 6598)"),
        ("127.0.0.0/8", "loopback (RFC 1122)"),
        ("169.254.0.0/16", "link-local, where clouds keep their metadata (RFC 3927)"),
        ("172.16.0.0/12", "private (RFC 1918)"),
        ("192.0.0.0/24", "reserved for protocols (RFC 6890)"),
        ("192.0.2.0/24", "for documentation (RFC 5737)"),
        ("192.88.99.0/24", "a retired 6to4 relay (RFC 7526)"),
        ("192.168.0.0/16", "private (RFC 1918)"),
        ("198.18.0.0/15", "for benchmarks (RFC 2544)"),
        ("198.51.100.0/24", "for documentation (RFC 5737)"),
        ("203.0.113.0/24", "for documentation (RFC 5737)"),
        ("224.0.0.0/4", "multicast (RFC 5771)"),
        ("240.0.0.0/4", "reserved or broadcast (RFC 1112)"),
        ("168.63.129.16/32", "a cloud's own service to its machines"),
    )
)
_SPECIAL_6 = tuple(
    (ipaddress.IPv6Network(network), what)
    for network, what in (
        ("::/128", "the unspecified address (RFC 4291)"),
        ("::1/128", "loopback (RFC 4291)"),
        ("64:ff9b:1::/48", "for a network's own translators (RFC 8215)"),
        ("100::/64", "discarded (RFC 6666)"),
        ("2001::/32", "a Teredo tunnel's (RFC 4380)"),
        ("2001::/23", "reserved for protocols (RFC 2928)"),
        ("2001:db8::/32", "for documentation (RFC 3849)"),
        ("3fff::/20", "for documentation (RFC 9637)"),
        ("fc00::/7", "private (RFC 4193)"),
        ("fe80::/10", "link-local (RFC 4291)"),
        ("fec0::/10", "site-local (RFC 3879)"),
        ("ff00::/8", "multicast (RFC 4291)"),
    )
)
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")  # RFC 4291 2.5.5.2
_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291 2.5.5.1
_ISATAP = {0x0000_5EFE, 0x0200_5EFE}  # RFC 5214 6.1


class Permit(Protocol):
    """Who decides which addresses may be dialled."""

    def objection(self, address: str, port: int) -> str:
        """Return in words why the address is not asked; empty when it may be."""
        ...

    def objection_to_end(self, address: str, own_address: str) -> str:
        """Return in words why a connection to ``address`` is not used, once our end of it is known."""
        ...


@dataclass(frozen=True, slots=True)
class PublicOnly:
    """Public addresses, at the ports of the web or above those of other system services."""

    def objection(self, address: str, port: int) -> str:
        """Object to whatever is no address of the public Internet."""
        if port < _SYSTEM_PORTS and port not in _WEB_PORTS:
            return f"port {port} belongs to another service than the web"
        why = not_public(address)
        return f"{visible(address, 100)} is {why}" if why else ""

    def objection_to_end(self, address: str, own_address: str) -> str:
        """Object to this machine's own public address, at which no firewall stands before us."""
        try:
            is_own = ipaddress.ip_address(address) == ipaddress.ip_address(own_address)
        except ValueError:
            is_own = True  # a connection whose ends nobody knows
        return f"{visible(address, 100)} is an address of this very machine" if is_own else ""


@dataclass(frozen=True, slots=True)
class AnyAddress:
    """Every address: the user has allowed it."""

    def objection(self, address: str, port: int) -> str:
        """Object to nothing."""
        del address, port
        return ""

    def objection_to_end(self, address: str, own_address: str) -> str:
        """Object to nothing."""
        del address, own_address
        return ""


@dataclass(frozen=True, slots=True)
class Only:
    """These addresses and no other; they are in the form ``str(ipaddress.ip_address(...))``."""

    addresses: frozenset[str]

    def objection(self, address: str, port: int) -> str:
        """Object to every other address."""
        del port
        try:
            known = str(ipaddress.ip_address(address)) in self.addresses
        except ValueError:
            known = False
        return "" if known else f"{visible(address, 100)} is not among the addresses permitted"

    def objection_to_end(self, address: str, own_address: str) -> str:
        """Object to nothing: whoever named the addresses knows whose they are."""
        del address, own_address
        return ""


def not_public(address: str) -> str:
    """Return what the address is instead of a public one; empty for a public one.

    An IPv6 address that carries an IPv4 address is what that one is.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "no IP address"
    if isinstance(parsed, ipaddress.IPv4Address):
        return _special_4(parsed)
    if parsed.scope_id is not None:
        return "an address with a zone"
    return _special_6(parsed)


def _special_4(address: ipaddress.IPv4Address) -> str:
    return next((what for network, what in _SPECIAL_4 if address in network), "")


def _special_6(address: ipaddress.IPv6Address) -> str:
    for network, what in _SPECIAL_6:
        if address in network:
            return what
    for inner in _carried(address):
        if what := _special_4(inner):
            return f"another form of {inner}, which is {what}"
    translated = address in _TRANSLATED or address in _MAPPED
    if not translated and address not in _GLOBAL_UNICAST:
        return "outside the range of public addresses (RFC 4291)"
    return ""


def _carried(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """Return the IPv4 addresses inside: where packets to this address would come out."""
    low = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address in _TRANSLATED or address in _COMPATIBLE:
        return (low,)
    if int(address) >> 32 & 0xFFFF_FFFF in _ISATAP:
        return (low,)
    return ()
