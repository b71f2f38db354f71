"""When a path is valid: from the latest beginning to the earliest end of its certificates.

The root counts, because OpenSSL looks at its time, too.  Times are those in the certificates; what
revocation, a renewed chain or a store without the root will change is not foreseen.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from mxwalk.pkix.model import Horizon
from mxwalk.pkix.naming import instant, many, placed
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
            valid_from=None, valid_until=None, sentence="the validity of the chain cannot be read"
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
        return (
            f"there is no time at which the whole chain is valid: {final} ends on {instant(ends)},"
            f" {first} begins on {instant(begins)}"
        )
    if at > ends:
        return f"expired {span(at - ends)} ago, on {instant(ends)} ({final})"
    if at < begins:
        return f"not valid for another {span(begins - at)}, until {instant(begins)} ({first})"
    left = f"valid for {span(ends - at, 'more ')}"
    if not whole:
        return f"by its dates alone {left}, until {instant(ends)} ({final})"
    return f"{left}; will fail after {instant(ends)} ({final})"


def span(length: timedelta, more: str = "") -> str:
    """Write a span of time in its largest sensible unit, with a word before the unit."""
    hours, seconds = divmod(length.seconds, 3_600)
    for number, unit in ((length.days, "day"), (hours, "hour"), (seconds // 60, "minute")):
        if number > 0:
            return many(number, f"{more}{unit}")
    return many(seconds % 60, f"{more}second")
