"""Durations as people type them: ``90s``, ``5m``, ``2h``, ``1d``, ``1h30m``; and back into words."""

import re

from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.text import visible

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_PARTS = re.compile(r"(?:([0-9]{1,6})([smhd]))", re.ASCII)
_WHOLE = re.compile(r"(?:[0-9]{1,6}[smhd]){1,4}", re.ASCII)
LONGEST_S = 366 * 86_400


def parse_duration(text: str, option: str) -> int:
    """Return the seconds that ``text`` means.

    Raises ``UsageError``, naming ``option``, for what is no duration, for none at all and for more
    than a year; a number without a unit could mean seconds or minutes and is refused.
    """
    plain = text.strip().lower()
    if not _WHOLE.fullmatch(plain):
        shown = visible(text, 40)
        raise UsageError(
            say("{option} {given}: write 90s, 5m, 2h, 1d or 1h30m", option=option, given=shown)
        )
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in _PARTS.findall(plain))
    if not 1 <= seconds <= LONGEST_S:
        shown = visible(text, 40)
        raise UsageError(
            say("{option} {given}: from one second to a year", option=option, given=shown)
        )
    return seconds


def duration_text(seconds: float) -> str:
    """Return whole seconds as ``45s``, ``5m``, ``1h 30m``, ``2d 4h``: the two largest units."""
    return " ".join(_spoken(count, unit) for count, unit in _largest(seconds))


def duration_typed(seconds: float) -> str:
    """Return the same as it is typed, in whatever language: ``1h30m``."""
    return "".join(f"{count}{unit}" for count, unit in _largest(seconds))


def _spoken(count: int, unit: str) -> str:
    return {
        "d": say("{n}d", n=count),
        "h": say("{n}h", n=count),
        "m": say("{n}m", n=count),
        "s": say("{n}s", n=count),
    }[unit]


def _largest(seconds: float) -> list[tuple[int, str]]:
    """Return the two largest units that ``seconds`` have."""
    left = max(0, round(seconds))
    parts = []
    for unit in ("d", "h", "m", "s"):
        count, left = divmod(left, _SECONDS[unit])
        if count:
            parts.append((count, unit))
    return parts[:2] or [(0, "s")]
