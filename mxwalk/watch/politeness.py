"""How often a server may be asked: not more than once a minute, unless it is our own.

A watch is nobody's emergency at the other side: a server that answers 421 (RFC 5321 3.8) is left alone
for longer, twice as long each time.  Only the lab and loopback may be asked faster.
"""

import ipaddress

from mxwalk.errors import UsageError
from mxwalk.evidence.target import Options, Target
from mxwalk.language import say
from mxwalk.watch.durations import duration_text

LEAST_S = 60
LEAST_LOCAL_S = 1
USUAL_S = 300
_BACK_OFF_S = 900
_BACK_OFF_MOST_S = 4 * 3_600


def is_local(target: Target | None, options: Options, *, in_lab: bool) -> bool:
    """Say whether every connection stays on this machine: the lab, or loopback as target or route."""
    if in_lab:
        return True
    if options.routes:
        return all(_is_loopback(route.destination) for route in options.routes)
    return target is not None and bool(target.address) and _is_loopback(target.address)


def _is_loopback(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def least_s(*, local: bool) -> int:
    """Return the shortest interval in seconds."""
    return LEAST_LOCAL_S if local else LEAST_S


def check_interval(seconds: float, *, local: bool) -> None:
    """Refuse an interval that is not polite.  Raises ``UsageError``."""
    least = least_s(local=local)
    if seconds < least:
        given, shortest = duration_text(seconds), duration_text(least)
        raise UsageError(
            say(
                "every {given} is more often than a mail server of others should be asked;"
                " from {least} on it is polite",
                given=given,
                least=shortest,
            )
        )


def back_off_s(interval_s: float, times: int, *, local: bool) -> float:
    """Return the pause after the ``times``-th 421 in a row."""
    if local:
        return interval_s * min(1 << times, 16)
    return max(interval_s, min(_BACK_OFF_S << min(times - 1, 10), _BACK_OFF_MOST_S))
