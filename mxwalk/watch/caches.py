"""Until when an old answer may live on in a cache, and what a round can learn at all.

A resolver that took the old record a moment before it was changed may hand it out for the whole TTL of
the zone (RFC 1034 3.6, RFC 2181 8), so that an old record is gone everywhere only that long after the
first round that saw the new one.  A sender may go on with an MTA-STS policy for its ``max_age`` (RFC
8461 3.2).  Our own resolver answers from its cache until what was left of the TTL is over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mxwalk.language import say
from mxwalk.watch.changes import kinds_changed
from mxwalk.watch.durations import duration_text
from mxwalk.watch.facts import Facts, Lifetime

_ADDRESS_TYPES = ("A", "AAAA")
_SOON = timedelta(days=21)


@dataclass(frozen=True, slots=True, kw_only=True)
class OldRecord:
    """A record that was replaced and may be in use until ``until``; seen new at ``changed``.

    ``at_least``: the TTL is what a cache had left, so that it may be longer; ``denied``: what was
    replaced is that there was no such record.
    """

    what: str
    name: str
    ttl_s: int
    changed: datetime
    at_least: bool = False
    denied: bool = False

    @property
    def until(self) -> datetime:
        """When the last cache lets go of it, at the latest."""
        return self.changed + timedelta(seconds=self.ttl_s)

    @property
    def words(self) -> str:
        """The sentence."""
        values = {"name": self.name, "until": clock(self.until, self.changed)}
        if self.what == "MTA-STS":
            return say(
                "senders may use the old MTA-STS policy of {name} until {until} (max_age {age})",
                age=duration_text(self.ttl_s),
                **values,
            )
        more = {"what": self.what, "ttl": self.ttl_s, "seen": clock(self.changed, self.changed)}
        if self.denied:
            return say(
                "that {name} has no {what} record may be cached until {until} at least"
                " (TTL {ttl} s, the new one seen {seen})",
                **values,
                **more,
            )
        if self.at_least:
            return say(
                "the old {what} record of {name} may be cached until {until} at least"
                " (a cache had {ttl} s left, the new one seen {seen})",
                **values,
                **more,
            )
        return say(
            "the old {what} record of {name} may be cached until {until}"
            " (TTL {ttl} s, the new one seen {seen})",
            **values,
            **more,
        )


def clock(moment: datetime, beside: datetime) -> str:
    """Return a time in UTC, with its date where it is on another day than ``beside``."""
    same_day = moment.date() == beside.date()
    return f"{moment:%H:%M} UTC" if same_day else f"{moment:%Y-%m-%d %H:%M} UTC"


def replaced(before: Facts, after: Facts) -> tuple[OldRecord, ...]:
    """Return the records that the later round saw replaced, as the earlier one had them."""
    old = []
    kinds = kinds_changed(before, after)
    for life in before.lifetimes:
        if _kind(life) in kinds and _is_replaced(life, before, after):
            seen = next((one.seen for one in after.lifetimes if _same(one, life)), after.ended)
            old.append(
                OldRecord(
                    what=life.what,
                    name=life.name,
                    ttl_s=life.ttl_s,
                    changed=seen,
                    at_least=life.aged,
                    denied=life.denied,
                )
            )
    return tuple(dict.fromkeys(old))


def _kind(life: Lifetime) -> str:
    return "A" if life.what in _ADDRESS_TYPES else life.what


def _same(one: Lifetime, other: Lifetime) -> bool:
    return (one.what, one.name) == (other.what, other.name)


def _is_replaced(life: Lifetime, before: Facts, after: Facts) -> bool:
    """Of several hosts only those whose records differ; a TLSA name ends in its host's."""
    match life.what:
        case "A" | "AAAA":
            was, now = (
                _of_family(_records(one.addresses, life.name), life.what) for one in (before, after)
            )
            return was is not None and now is not None and was != now
        case "TLSA":
            host = life.name.split(".", 2)[-1]  # RFC 6698 3: _25._tcp.HOST
            known = dict(before.tlsa)
            return host not in known or known[host] != dict(after.tlsa).get(host)
        case _:
            return True


def _of_family(records: tuple[str, ...] | None, what: str) -> tuple[str, ...] | None:
    if records is None:
        return None
    return tuple(one for one in records if (":" in one) is (what == "AAAA"))


def _records(sets: Iterable[tuple[str, tuple[str, ...]]], name: str) -> tuple[str, ...] | None:
    return dict(sets).get(name)


def still_cached(now: Facts, at: datetime, rests_on: Sequence[str] = ()) -> datetime | None:
    """Return until when our resolver answers from its cache all that the next round would ask.

    ``None`` when at ``at`` any of the answers is asked anew, or comes from the zone's own server
    anyway.  ``rests_on`` names the kinds of answers that matter; all of them when empty.
    """
    lives = [
        one
        for one in now.lifetimes
        if one.what != "MTA-STS" and (not rests_on or one.what in rests_on)
    ]
    if not lives or any(one.asked_zone for one in lives):
        return None
    first = min(one.seen + timedelta(seconds=one.left_s) for one in lives)
    return first if first > at else None


def suggested_s(now: Facts, rests_on: Sequence[str], interval_s: float) -> int | None:
    """Return a longer interval in seconds where the condition cannot change faster, or ``None``."""
    ttls = [one.ttl_s for one in now.lifetimes if one.what in rests_on and not one.asked_zone]
    shortest = min(ttls, default=0)
    return shortest if rests_on and shortest > interval_s else None


def sentences(now: Facts, old: Iterable[OldRecord], at: datetime) -> tuple[str, ...]:
    """Return what is to be known about caches, policies and certificates at ``at``."""
    found = [one.words for one in old if one.until > at]
    for life in now.lifetimes:
        if life.what == "MTA-STS":
            until = clock(life.seen + timedelta(seconds=life.ttl_s), at)
            found.append(
                say(
                    "senders may use the MTA-STS policy fetched now until {until} (max_age {age})",
                    until=until,
                    age=duration_text(life.ttl_s),
                )
            )
    for leaf in now.leaves:
        if leaf.expires is None or leaf.expires - at > _SOON:
            continue
        left = (leaf.expires - at).total_seconds()
        if left > 0:
            found.append(
                say(
                    "the certificate at {place} expires in {left} ({until})",
                    place=leaf.place,
                    left=duration_text(left),
                    until=f"{leaf.expires:%Y-%m-%d %H:%M} UTC",
                )
            )
        else:
            found.append(
                say(
                    "the certificate at {place} expired {ago} ago",
                    place=leaf.place,
                    ago=duration_text(-left),
                )
            )
    return tuple(dict.fromkeys(found))
