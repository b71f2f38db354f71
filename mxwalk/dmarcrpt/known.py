"""Senders that a person has named: networks, and domains that pass or that a source's name is of."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was named."""

    networks: tuple[Network, ...] = ()
    domains: tuple[str, ...] = ()

    def names(self, address: str, domains: Iterable[str]) -> str:
        """Return by what an address is known, or one of the domains it passed for; else nothing."""
        if self.networks:
            try:
                plain = ipaddress.ip_address(address)
            except ValueError:
                pass
            else:
                for network in self.networks:
                    if plain.version == network.version and plain in network:
                        return str(network)
        for domain in domains if self.domains else ():
            for known in self.domains:
                if domain == known or domain.endswith(f".{known}"):
                    return known
        return ""


NOBODY = Known()


def read_known(texts: Sequence[str]) -> Known:
    """Return what these texts name.  Raises ``UsageError`` for one that is neither."""
    networks: list[Network] = []
    domains: list[str] = []
    for text in texts:
        plain = text.strip()
        try:
            networks.append(ipaddress.ip_network(plain, strict=False))
            continue
        except ValueError:
            pass
        try:
            domains.append(parse_name(plain).ascii)
        except InvalidNameError as error:
            words = say("give a network like 192.0.2.0/24 or a domain like mail.example.net")
            raise UsageError(f"--known {visible(plain, 80)}: {words}") from error
    return Known(networks=tuple(networks), domains=tuple(domains))
