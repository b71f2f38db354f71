"""Findings that are new, and those that are gone."""

from collections.abc import Iterator

from mxwalk.compare.common import looks_of
from mxwalk.compare.model import Fact, Part, Weight
from mxwalk.compare.side import Look
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.registry import check
from mxwalk.language import noted, say
from mxwalk.text import visible

ID = "findings"
TITLE = noted("findings")
UNIT = "findings"


def parts(look: Look) -> Iterator[Part]:
    """Yield what is found at each place with a counterpart, and in the walk as a whole."""
    found = tuple(one for one in check(look.delivery) if one.level is not Severity.OK)
    at: dict[tuple[str, str], str] = {}
    for host in look.hosts:
        at[host.host.planned.name, ""] = host.key
        at.update({(host.host.planned.name, one.address): one.key for one in host.addresses})
    looks = [(kind, where) for kind, where, _ in looks_of(look)]
    rests = dict(zip((step.seq for step in look.side.trace.steps), looks, strict=True))
    facts: dict[str, Fact] = {}
    for one in found:
        place = at.get((one.host, one.address)) or at.get((one.host, ""))
        if not look.whole and place is None:
            continue
        where = place or f"{one.host} {one.address}"
        key = f"{one.code} {where}"
        rest = rests.get(one.step) if one.step is not None else None
        facts.setdefault(key, _fact(one, key, rest))
    yield Part(key=("findings",), place="", facts=tuple(facts.values()), looked=frozenset(looks))


def _fact(one: Finding, key: str, rests: tuple[str, str] | None) -> Fact:
    bad = one.level in (Severity.ERROR, Severity.WARNING)
    return Fact(
        key=key,
        subject=f"{one.code} {say(one.entry.title)}",
        value=visible(one.sentence, 600),
        same=one.level.value,
        step=one.step,
        weight=Weight.FULL if bad else Weight.NOTICE,
        harm=1 if bad else 0,
        rests=rests,
    )
