"""Everything that is made of a trace, made: delivery, verdicts, findings, a report.

Equal evidence is judged once: what differs between two walks by times, ports and random octets only is
the same to everything that judges.
"""

import traceback
from dataclasses import dataclass, field
from typing import Any

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.trace import Trace
from mxwalk.findings.registry import check
from mxwalk.reports.render import render
from mxwalk.senders.model import Verdict
from mxwalk.senders.registry import profiles
from tests.torture.truth import seen

_REPORT_CHARS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was made of a trace; ``faults`` tells what could not be."""

    evidence: tuple[Any, ...]
    verdicts: dict[str, Verdict]
    codes: frozenset[str]
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class Judges:
    """Judges traces, each evidence once; ``made`` counts those that were new."""

    made: int = 0
    _known: dict[int, Judged] = field(default_factory=dict)

    def judge(self, trace: Trace) -> Judged:
        """Return what is made of a trace."""
        evidence = tuple(seen(step) for step in trace.steps)
        key = hash(evidence)
        if key not in self._known:
            self.made += 1
            self._known[key] = _judge(trace, evidence)
        return self._known[key]


def _judge(trace: Trace, evidence: tuple[Any, ...]) -> Judged:
    verdicts: dict[str, Verdict] = {}
    codes: frozenset[str] = frozenset()
    faults: list[str] = []
    try:
        delivery = build_delivery(trace)
        for profile in profiles():
            verdicts[profile.id] = profile.judge(delivery)
        findings = check(delivery)
        codes = frozenset(finding.code for finding in findings)
        text = render(trace, "text", sender="esa:5")
        faults += _unsound(text)
    except Exception as error:  # noqa: BLE001 - that none escapes is what is tested
        where = traceback.extract_tb(error.__traceback__)[-1]
        faults.append(f"judging raised {error!r} at {where.filename}:{where.lineno}")
    return Judged(evidence=evidence, verdicts=verdicts, codes=codes, faults=tuple(faults))


def _unsound(text: str) -> list[str]:
    if len(text) < _REPORT_CHARS:
        return [f"the report has {len(text)} characters"]
    odd = {char for char in text if not char.isprintable() and char != "\n"}
    return [f"the report has the characters {sorted(odd)!r}"] if odd else []
