"""A side of a comparison: a walk, or one host or address of it, and the places to look at.

A host alone is judged as if it were the only one that the domain has.
"""

from dataclasses import dataclass, replace

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery, Host
from mxwalk.errors import UsageError
from mxwalk.evidence.trace import Purpose, Trace
from mxwalk.language import say
from mxwalk.receivers.registry import judges
from mxwalk.senders.model import SenderProfile, Verdict
from mxwalk.text import visible


@dataclass(frozen=True, kw_only=True)
class Side:
    """A trace as a whole, or with a host (its name in A-labels), or with one of its addresses."""

    trace: Trace
    host: str = ""
    address: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is the whole walk."""
        return not (self.host or self.address)


@dataclass(frozen=True, kw_only=True)
class AddressPlace:
    """An address with the last connection to it; ``key`` is the same on both sides."""

    key: str
    address: str
    place: str
    attempt: Attempt | None


@dataclass(frozen=True, kw_only=True)
class HostPlace:
    """A host that has its counterpart on the other side, under the same ``key``."""

    key: str
    host: Host
    name: str
    addresses: tuple[AddressPlace, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Look:
    """A side made ready: the delivery, the judges, and the hosts with their counterparts."""

    side: Side
    delivery: Delivery
    judge: SenderProfile
    verdict: Verdict
    everyone: tuple[SenderProfile, ...]
    hosts: tuple[HostPlace, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is the whole walk."""
        return self.side.whole

    @property
    def purpose(self) -> Purpose:
        """What was walked."""
        return self.side.trace.header.purpose

    @property
    def label(self) -> str:
        """What is looked at."""
        target = visible(self.delivery.target.text, 300)
        if self.side.address:
            return f"{visible(self.side.host, 300)} [{self.side.address}]".strip()
        return visible(self.side.host, 300) or target


def restricted(side: Side, trace: Trace) -> Delivery:
    """Return the delivery of a trace as this side sees it: whole, or of one host or address."""
    delivery = build_delivery(trace)
    if side.whole:
        return delivery
    hosts = tuple(
        _at_address(host, side.address) for host in delivery.hosts if _is_meant(host, side)
    )
    plans = tuple(host.planned for host in hosts)
    return replace(delivery, hosts=hosts, route=replace(delivery.route, hosts=plans))


def _is_meant(host: Host, side: Side) -> bool:
    if side.host and host.planned.name != side.host:
        return False
    return not side.address or side.address in _addresses(host)


def _addresses(host: Host) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*host.addresses, *(one.address for one in host.attempts))))


def _at_address(host: Host, address: str) -> Host:
    if not address:
        return host
    attempts = tuple(one for one in host.attempts if one.address == address)
    return replace(host, addresses=(address,), attempts=attempts)


def look_at(side: Side, judge: SenderProfile) -> Look:
    """Return the side made ready, without counterparts yet.

    Raises ``UsageError`` for a host or an address that the walk does not have.
    """
    delivery = restricted(side, side.trace)
    if not side.whole and not delivery.hosts:
        asked = visible(side.address or side.host, 200)
        known = ", ".join(host.planned.name for host in build_delivery(side.trace).hosts[:20])
        raise UsageError(
            say("the walk has no host {host}; it has {known}", host=asked, known=visible(known))
            if known
            else say("the walk has no host {host}; it has none at all", host=asked)
        )
    return Look(
        side=side,
        delivery=delivery,
        judge=judge,
        verdict=judge.judge(delivery),
        everyone=judges(side.trace.header.purpose, judge.id),
    )


def addresses_of(host: Host) -> tuple[str, ...]:
    """Return the addresses of a host in the order of connection."""
    return _addresses(host)
