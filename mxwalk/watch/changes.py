"""What is different between two rounds, in lines: only what both of them know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from mxwalk.language import say
from mxwalk.limits import WATCH_CHANGES
from mxwalk.senders.outcomes import words_of
from mxwalk.watch.facts import Facts

_DIGITS = 12  # of a digest, as git shows them


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what it concerns (``verdict``, ``MX``, ``A``, ``TLSA`` ...), and a line."""

    what: str
    words: str


def changes(before: Facts, after: Facts) -> tuple[Change, ...]:
    """Return what is different, the verdict first; bounded."""
    return tuple(islice(_all(before, after), WATCH_CHANGES))


def kinds_changed(before: Facts, after: Facts) -> frozenset[str]:
    """Return the kinds of all that is different, however much it is."""
    return frozenset(one.what for one in _all(before, after))


def _all(before: Facts, after: Facts) -> Iterator[Change]:
    yield from _verdicts(before, after)
    if before.mx is not None and after.mx is not None and before.mx != after.mx:
        yield Change("MX", f"MX: {_difference(before.mx, after.mx)}")
    for name, old, new in _common(before.addresses, after.addresses):
        yield Change("A", say("addresses of {host}: {what}", host=name, what=_difference(old, new)))
    yield from _leaves(before, after)
    for name, old, new in _common(before.tlsa, after.tlsa):
        yield Change(
            "TLSA", say("TLSA records of {host}: {what}", host=name, what=_difference(old, new))
        )
    if before.policy is not None and after.policy is not None and before.policy != after.policy:
        was, now = before.policy or say("none"), after.policy or say("none")
        yield Change("MTA-STS", say("MTA-STS policy: {was} -> {now}", was=was, now=now))
    gone = sorted(before.findings - after.findings)
    come = sorted(after.findings - before.findings)
    if gone or come:
        words = " ".join((*(f"+{code}" for code in come), *(f"-{code}" for code in gone)))
        yield Change("findings", say("findings: {what}", what=words))


def _verdicts(before: Facts, after: Facts) -> Iterator[Change]:
    old = dict(before.outcomes)
    for sender, outcome in after.outcomes:
        if sender in old and old[sender] is not outcome:
            was, now = words_of(old[sender]), words_of(outcome)
            yield Change(
                "verdict",
                say("verdict of {sender}: {was} -> {now}", sender=sender, was=was, now=now),
            )


def _leaves(before: Facts, after: Facts) -> Iterator[Change]:
    old = {leaf.address: leaf for leaf in before.leaves}
    for leaf in after.leaves:
        was = old.get(leaf.address)
        if was is None or was.digest == leaf.digest:
            continue
        until = f"{leaf.expires:%Y-%m-%d}" if leaf.expires else "?"
        yield Change(
            "certificate",
            say(
                "certificate at {place}: {old} -> {new}, valid until {until}",
                place=leaf.place,
                old=was.digest[:_DIGITS],
                new=leaf.digest[:_DIGITS],
                until=until,
            ),
        )


def _common(
    before: Sequence[tuple[str, tuple[str, ...]]], after: Sequence[tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield each name with its records where both know them and they differ."""
    old = dict(before)
    for name, records in after:
        if name in old and old[name] != records:
            yield name, old[name], records


def _difference(before: Sequence[str], after: Sequence[str]) -> str:
    """Return ``+new -old``; long records are shortened in the middle of their data."""
    come = [f"+{_short(one)}" for one in after if one not in before]
    gone = [f"-{_short(one)}" for one in before if one not in after]
    return ", ".join((*come, *gone))


def _short(record: str) -> str:
    return record if len(record) <= 40 else f"{record[:24]}...{record[-8:]}"
