"""What the TLSA records of a host say of one connection to it: the join of lookup and handshake."""

from datetime import UTC, datetime

from mxwalk.clock import from_rfc3339
from mxwalk.dane.authenticate import authenticate
from mxwalk.dane.names import reference_names
from mxwalk.dane.result import DaneResult
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host


def dane_result(delivery: Delivery, host: Host, attempt: Attempt) -> DaneResult | None:
    """Return every record against every certificate presented, and the verdict.

    ``None`` before the handshake, or where no authentic TLSA records are known.  The MX answer plays
    no part here: records below an insecure one are judged as well.
    """
    handshake = attempt.handshake
    if host.dane is None or not host.dane.records or handshake is None:
        return None
    return authenticate(
        host.dane.records,
        handshake.presented,
        reference_names(host.dane, next_hop(delivery)),
        evaluated_at(delivery, attempt),
        supplied=_supplied(attempt),
    )


def other_dane_result(delivery: Delivery, host: Host, attempt: Attempt) -> DaneResult | None:
    """Return the same for the other leaf's chain; ``None`` where no leaf of that type was shown."""
    other = attempt.other_leaf
    if host.dane is None or not host.dane.records or other is None or other.ending is not None:
        return None
    return authenticate(
        host.dane.records,
        other.presented,
        reference_names(host.dane, next_hop(delivery)),
        evaluated_at(delivery, attempt),
        supplied=_supplied(attempt),
    )


def _supplied(attempt: Attempt) -> tuple[bytes, ...]:
    """Return what the trust store added to the path."""
    return tuple(one.der for one in attempt.chain.path if not one.sent) if attempt.chain else ()


def next_hop(delivery: Delivery) -> str:
    """Return the next-hop domain (RFC 7672 3.2.2): the recipient domain; none for routes."""
    return "" if delivery.options.routes else delivery.domain


def evaluated_at(delivery: Delivery, attempt: Attempt) -> datetime:
    """Return the time certificates are judged at: that of the chain step, or the walk's start."""
    for text in (
        attempt.chain.evaluated_at if attempt.chain else "",
        delivery.options.at,
        delivery.trace.header.started_at,
    ):
        try:
            return from_rfc3339(text)
        except ValueError:
            continue
    return datetime(1970, 1, 1, tzinfo=UTC)
