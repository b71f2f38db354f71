"""Whether the client is in a network, or among the addresses of hosts (RFC 7208 5, 5.3, 5.4, 5.6)."""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from mxwalk.language import noted, say
from mxwalk.mailauth.spf.checking import Check, Found, match, no_match, settle, void_words
from mxwalk.mailauth.spf.model import Lookup, Term
from mxwalk.mailauth.spf.names import Address
from mxwalk.text import visible

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SHOWN = 4


@lru_cache(maxsize=4_096)
def network_of(address: str, length: int) -> Network | None:
    """Return the network of an address in text, ``None`` if it is no address of that length."""
    try:
        return ipaddress.ip_network(f"{address}/{length}", strict=False)
    except ValueError:
        return None


def prefix(term: Term, version: int) -> int:
    """Return the prefix length that counts for the address family (RFC 7208 5.6)."""
    if version == 4:
        return 32 if term.cidr4 is None else term.cidr4
    return 128 if term.cidr6 is None else term.cidr6


def holds(network: Network, client: Address) -> bool:
    """Say whether the client is in the network; the families never mix (RFC 7208 5)."""
    return network.version == client.version and client in network


def in_network(client: Address, term: Term) -> Found:
    """Evaluate ``ip4`` or ``ip6``."""
    version = 4 if term.name == "ip4" else 6
    network = network_of(term.spec, prefix(term, version))
    if network is None or network.version != client.version:
        return no_match(
            say(
                "{client} is an IPv{version} address, and this is for IPv{other}",
                client=client,
                version=client.version,
                other=version,
            )
        )
    shown = network_text(network)
    if client in network:
        return match(is_in(client, shown), shown)
    return no_match(is_not_in(client, network))


@lru_cache(maxsize=4_096)
def network_text(network: Network) -> str:
    """Return a network, or a single address without its prefix length."""
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def is_in(client: Address, shown: str) -> str:
    """Return the sentence on a match."""
    return (
        say("{client} is in {shown}", client=client, shown=shown)
        if "/" in shown
        else say("{client} is this address", client=client)
    )


def is_not_in(client: Address, network: Network) -> str:
    """Return the sentence on a network without the client."""
    if network.num_addresses == 1:
        return say("{client} is not {address}", client=client, address=network.network_address)
    return say("{client} is not in {shown}", client=client, shown=network)


def among_hosts(check: Check, term: Term, looked_up: Iterable[Lookup]) -> Found:
    """Hold the client against the hosts' addresses in order, counting look-ups without records.

    What was asked together counts only as far as a look-up in order would have come.
    """
    length = prefix(term, check.client.version)
    seen: list[str] = []
    nothing: list[str] = []
    for host in looked_up:
        ended = settle(check, host)
        if ended is not None:
            return ended
        if host.is_void:
            nothing.append(void_words(host))
        for address in host.answer:
            network = network_of(address, length)
            if network is None:
                continue
            shown = network_text(network)
            if holds(network, check.client):
                by = say("{address} of {qname}", address=address, qname=visible(host.qname, 80))
                return match(_matches(check.client, by, shown, length), by)
            seen.append(shown)
    return no_match(_unmatched(check.client, seen, nothing))


def _matches(client: Address, by: str, shown: str, length: int) -> str:
    if "/" not in shown:
        return say("{client} matches {by}", client=client, by=by)
    text = noted("{client} matches {by}, which with /{length} is {shown}")
    return say(text, client=client, by=by, length=length, shown=shown)


def _unmatched(client: Address, seen: list[str], nothing: list[str]) -> str:
    if not seen:
        return "; ".join(nothing[:_SHOWN]) or say("there are no addresses to compare with")
    distinct = list(dict.fromkeys(seen))
    shown = ", ".join(distinct[:_SHOWN])
    rest = len(distinct) - _SHOWN
    if rest > 0:
        text = (
            noted("{client} is not in {shown} and {rest} more")
            if "/" in shown
            else noted("{client} is not among {shown} and {rest} more")
        )
        return say(text, client=client, shown=shown, rest=rest)
    text = (
        noted("{client} is not in {shown}")
        if "/" in shown
        else noted("{client} is not among {shown}")
    )
    return say(text, client=client, shown=shown)
