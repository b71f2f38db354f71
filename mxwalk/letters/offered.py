"""What letters could be about, for somebody who chooses: each party with its findings."""

from dataclasses import dataclass

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.trace import Trace
from mxwalk.findings.model import Severity
from mxwalk.findings.registry import check
from mxwalk.language import say
from mxwalk.letters.model import Party
from mxwalk.letters.parties import by_party, chosen, for_others
from mxwalk.receivers.registry import judge_or_first


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A code that a letter to a party can be about, with its worst severity there.

    ``chosen`` tells that a letter is about it unless somebody says otherwise.
    """

    code: str
    title: str
    severity: Severity
    chosen: bool


def offered(trace: Trace, sender: str) -> dict[Party, tuple[Offered, ...]]:
    """Return the parties with what can be written to each, those that a letter is for first.

    Where a pasted text names no host there is nobody to write to.
    """
    if trace.header.is_nowhere:
        return {}
    delivery = build_delivery(trace)
    others = for_others(delivery, check(delivery))
    verdict = judge_or_first(trace.header.purpose, sender).judge(delivery)
    default = set(chosen(others, verdict, delivery))
    found: dict[Party, tuple[Offered, ...]] = {}
    for party, members in by_party(delivery, others).items():
        codes = dict.fromkeys(one.code for one in members)
        found[party] = tuple(
            Offered(
                code=code,
                title=say(first.entry.title),
                severity=min((one.level for one in same), key=lambda level: level.rank),
                chosen=any(one in default for one in same),
            )
            for code in codes
            if (same := [one for one in members if one.code == code]) and (first := same[0])
        )
    return dict(sorted(found.items(), key=lambda item: not any(one.chosen for one in item[1])))
