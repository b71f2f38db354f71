"""Facts made by hand, for conditions, changes and caches."""

from datetime import UTC, datetime, timedelta

from mxwalk.senders.model import Outcome
from mxwalk.watch.facts import Facts, Leaf, Lifetime, TlsaMatch

NOON = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def facts(outcome: Outcome = Outcome.DEFERRED, minutes: float = 0, **more) -> Facts:
    given = {"started": at(minutes), "ended": at(minutes), "outcomes": (("esa:5", outcome),)}
    return Facts(**{**given, **more})


def leaf(digest: str, address: str = "192.0.2.1", expires: datetime | None = None) -> Leaf:
    return Leaf(host="mx.example.com", address=address, digest=digest * 64, expires=expires)


def life(
    what: str, name: str, ttl_s: int, *, left_s: int | None = None, minutes: float = 0, zone=False
):
    return Lifetime(
        what=what,
        name=name,
        ttl_s=ttl_s,
        left_s=ttl_s if left_s is None else left_s,
        seen=at(minutes),
        asked_zone=zone,
    )


__all__ = ["NOON", "TlsaMatch", "at", "facts", "leaf", "life"]
