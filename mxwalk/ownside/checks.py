"""The checks in their order: a new one is a function and a line here."""

from collections.abc import AsyncIterator, Iterable

from mxwalk.ownside import dns_checks, egress, machine, network
from mxwalk.ownside.model import Check, Side
from mxwalk.ownside.result import Result

CHECKS = (
    Check("resolver", dns_checks.resolver),
    Check("clock", dns_checks.clock),
    Check("dnssec", dns_checks.dnssec),
    Check("edns", dns_checks.edns),
    Check("ipv4", network.ipv4),
    Check("ipv6", network.ipv6),
    Check("helo", network.helo),
    Check("ptr", network.ptr),
    Check("trust", machine.trust),
    Check("openssl", machine.openssl),
    Check("descriptors", machine.descriptors),
    Check("state", machine.state),
    Check("saved-clock", machine.saved_clock),
    Check("bogus", dns_checks.bogus, outside=True),
    Check("egress", egress.egress, outside=True),
)
_WITH_A_WALK = "saved-clock"


def chosen(side: Side, outside: Iterable[str] = ()) -> tuple[Check, ...]:
    """Return the checks that ask nobody else, and those of the others that were asked for."""
    wanted = frozenset(outside)
    return tuple(
        one
        for one in CHECKS
        if (not one.outside or one.id in wanted)
        and (one.id != _WITH_A_WALK or side.walk is not None)
    )


async def examine(side: Side, outside: Iterable[str] = ()) -> AsyncIterator[Result]:
    """Yield each check's result as soon as it is known."""
    for check in chosen(side, outside):
        yield await check.examine(side)
