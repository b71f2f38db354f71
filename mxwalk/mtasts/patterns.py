"""The policy's ``mx`` patterns against the MX hosts, both ways (RFC 8461 4.1).

A host matches when its name in the MX record equals a pattern, or when ``*`` stands for its whole
left-most label.  Names of aliases behind the MX record play no part.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
    name = _plain(host)
    if not pattern.wildcard:
        return name == pattern.name
    first, dot, rest = name.partition(".")
    return bool(first) and bool(dot) and rest == pattern.name


def match_host(patterns: Sequence[MxPattern], host: str) -> HostMatch:
    """Return the first pattern that matches, with the reason or the nearest miss."""
    shown = visible(host, 300)
    found = next((one for one in patterns if matches(one, host)), None)
    if found is not None:
        how = f"{found} (line {found.line})"
        return HostMatch(host=host, pattern=found, sentence=f"{shown} matches {how}")
    return HostMatch(
        host=host,
        pattern=None,
        sentence=f"{shown} matches no mx of the policy{_nearest(patterns, host)}",
    )


def coverage(patterns: Sequence[MxPattern], hosts: Sequence[str]) -> Coverage:
    """Hold every host against every pattern."""
    return Coverage(
        hosts=tuple(match_host(patterns, host) for host in hosts),
        unused=tuple(one for one in patterns if not any(matches(one, host) for host in hosts)),
    )


def _nearest(patterns: Sequence[MxPattern], host: str) -> str:
    name = _plain(host)
    for one in patterns:
        if one.wildcard and name == one.name:
            return f": {one} wants one label before {visible(one.name, 100)}"
        if one.wildcard and name.endswith(f".{one.name}"):
            return f': the "*" of {one} stands for one label only'
    return ""


def _plain(host: str) -> str:
    try:
        return parse_name(host).ascii
    except InvalidNameError:
        return host.rstrip(".").lower()
