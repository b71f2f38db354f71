"""Findings that are new, and those that are gone."""

from collections.abc import Iterator

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
    facts: dict[str, Fact] = {}
    for one in found:
        place = at.get((one.host, one.address)) or at.get((one.host, ""))
        if not look.whole and place is None:
            continue
        where = place or f"{one.host} {one.address}"
        facts.setdefault(f"{one.code} {where}", _fact(one, f"{one.code} {where}"))
    yield Part(key=("findings",), place="", facts=tuple(facts.values()))


def _fact(one: Finding, key: str) -> Fact:
    bad = one.level in (Severity.ERROR, Severity.WARNING)
    return Fact(
        key=key,
        subject=f"{one.code} {say(one.entry.title)}",
        value=visible(one.sentence, 600),
        same=one.level.value,
        step=one.step,
        weight=Weight.FULL if bad else Weight.NOTICE,
        harm=1 if bad else 0,
    )
