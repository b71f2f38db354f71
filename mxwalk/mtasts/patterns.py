"""The policy's ``mx`` patterns against the MX hosts, both ways (RFC 8461 4.1).

A host matches when its name in the MX record equals a pattern, or when ``*`` stands for its whole
left-most label.  Names of aliases behind the MX record play no part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mxwalk.language import say
from mxwalk.mtasts.model import MxPattern
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class HostMatch:
    """One MX host: the first pattern that matches it, or ``None``, and a sentence."""

    host: str
    pattern: MxPattern | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """All hosts against all patterns.

    ``hosts`` are in the order given; ``unused`` are the patterns no host matches.
    """

    hosts: tuple[HostMatch, ...]
    unused: tuple[MxPattern, ...]

    @property
    def missing(self) -> tuple[HostMatch, ...]:
        """The hosts that are not in the policy."""
        return tuple(one for one in self.hosts if one.pattern is None)


def matches(pattern: MxPattern, host: str) -> bool:
    """Say whether ``host`` (in A-labels) matches the pattern."""
    return _Name.of(host).matches(pattern)


def match_host(patterns: Sequence[MxPattern], host: str) -> HostMatch:
    """Return the first pattern that matches, with the reason or the nearest miss."""
    shown, name = visible(host, 300), _Name.of(host)
    found = next((one for one in patterns if name.matches(one)), None)
    if found is not None:
        how = say("{found} (line {line})", found=found, line=found.line)
        return HostMatch(
            host=host, pattern=found, sentence=say("{shown} matches {how}", shown=shown, how=how)
        )
    return HostMatch(
        host=host,
        pattern=None,
        sentence=say(
            "{shown} matches no mx of the policy{nearest}",
            shown=shown,
            nearest=_nearest(patterns, name.whole),
        ),
    )


def coverage(patterns: Sequence[MxPattern], hosts: Sequence[str]) -> Coverage:
    """Hold every host against every pattern."""
    names = [_Name.of(host) for host in hosts]
    exact, parents = {one.whole for one in names}, {one.parent for one in names if one.parent}
    return Coverage(
        hosts=tuple(match_host(patterns, host) for host in hosts),
        unused=tuple(
            one for one in patterns if one.name not in (parents if one.wildcard else exact)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Name:
    """A host's name, and what is behind its left-most label, taken apart once for all patterns."""

    whole: str
    parent: str

    @classmethod
    @lru_cache(maxsize=1_024)
    def of(cls, host: str) -> "_Name":
        whole = _plain(host)
        first, _, rest = whole.partition(".")
        return cls(whole, rest if first else "")

    def matches(self, pattern: MxPattern) -> bool:
        """RFC 8461 4.1: the same name, or "*" for the whole left-most label."""
        return pattern.name == (self.parent if pattern.wildcard else self.whole)


def _nearest(patterns: Sequence[MxPattern], name: str) -> str:
    for one in patterns:
        if one.wildcard and name == one.name:
            return say(
                ": {one} wants one label before {name}", one=one, name=visible(one.name, 100)
            )
        if one.wildcard and name.endswith(f".{one.name}"):
            return say(': the "*" of {one} stands for one label only', one=one)
    return ""


def _plain(host: str) -> str:
    try:
        return parse_name(host).ascii
    except InvalidNameError:
        return host.rstrip(".").lower()
