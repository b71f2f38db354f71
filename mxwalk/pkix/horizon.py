"""When a path is valid: from the latest beginning to the earliest end of its certificates.

The root counts, because OpenSSL looks at its time, too.  Times are those in the certificates; what
revocation, a renewed chain or a store without the root will change is not foreseen.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from mxwalk.language import say, say_many
from mxwalk.pkix.model import Horizon
from mxwalk.pkix.naming import instant, placed
from mxwalk.pkix.traits import likely_issued
from mxwalk.tls.certificate import read_certificate


def chain_horizon(path: tuple[bytes, ...], at: datetime, *, whole: bool = True) -> Horizon:
    """Say from when until when all certificates of a path are valid, seen from ``at``.

    ``whole`` is false for a path that is not trusted; then dates are not all that matters, and their
    end is not when it begins to fail.
    """
    facts = [read_certificate(der) for der in path]
    if len(facts) > 1 and not likely_issued(facts[-1], facts[-1]):
        facts = facts[:-1]  # OpenSSL does not look at the time of a top that is no root
    begins = [(one.not_before, depth) for depth, one in enumerate(facts)]
    ends = [(one.not_after, depth) for depth, one in enumerate(facts)]
    starts = [(when, depth) for when, depth in begins if when is not None]
    stops = [(when, depth) for when, depth in ends if when is not None]
    if not facts or len(starts) < len(facts) or len(stops) < len(facts):
        return Horizon(
            valid_from=None,
            valid_until=None,
            sentence=say("the validity of the chain cannot be read"),
        )
    valid_from, from_depth = max(starts, key=lambda item: (item[0], -item[1]))
    valid_until, until_depth = min(stops)
    last = len(path) - 1
    found = Horizon(
        valid_from=valid_from,
        valid_until=valid_until,
        from_depth=from_depth,
        until_depth=until_depth,
        empty=valid_from > valid_until,
    )
    first = placed(from_depth, facts[from_depth], last=last)
    final = placed(until_depth, facts[until_depth], last=last)
    sentence = _sentence(found, first, final, at.replace(microsecond=0), whole=whole)
    return replace(found, sentence=sentence)


def _sentence(horizon: Horizon, first: str, final: str, at: datetime, *, whole: bool) -> str:
    begins, ends = horizon.valid_from, horizon.valid_until
    assert begins is not None
    assert ends is not None
    if horizon.empty:
        return say(
            "there is no time at which the whole chain is valid: {final} ends on"
            " {instant}, {first} begins on {instant_2}",
            final=final,
            instant=instant(ends),
            first=first,
            instant_2=instant(begins),
        )
    if at > ends:
        return say(
            "expired {span} ago, on {instant} ({final})",
            span=span(at - ends),
            instant=instant(ends),
            final=final,
        )
    if at < begins:
        return say(
            "not valid for another {span}, until {instant} ({first})",
            span=span(begins - at),
            instant=instant(begins),
            first=first,
        )
    left = say("valid for {span}", span=span(ends - at, "more"))
    if not whole:
        return say(
            "by its dates alone {left}, until {instant} ({final})",
            left=left,
            instant=instant(ends),
            final=final,
        )
    return say(
        "{left}; will fail after {instant} ({final})", left=left, instant=instant(ends), final=final
    )


def span(length: timedelta, more: str = "") -> str:
    """Write a span of time in its largest sensible unit; with ``more``, as what is left."""
    hours, seconds = divmod(length.seconds, 3_600)
    if length.days > 0:
        return _days(length.days, more=bool(more))
    if hours > 0:
        return _hours(hours, more=bool(more))
    if seconds >= 60:
        return _minutes(seconds // 60, more=bool(more))
    if more:
        return say_many("{n} more second", "{n} more seconds", seconds)
    return say_many("{n} second", "{n} seconds", seconds)


def _days(number: int, *, more: bool) -> str:
    if more:
        return say_many("{n} more day", "{n} more days", number)
    return say_many("{n} day", "{n} days", number)


def _hours(number: int, *, more: bool) -> str:
    if more:
        return say_many("{n} more hour", "{n} more hours", number)
    return say_many("{n} hour", "{n} hours", number)


def _minutes(number: int, *, more: bool) -> str:
    if more:
        return say_many("{n} more minute", "{n} more minutes", number)
    return say_many("{n} minute", "{n} minutes", number)
