"""Everything that is made of a trace, made: delivery, verdicts, findings, a report.

Equal evidence is judged once: what differs between two walks by times, ports and random octets only is
the same to everything that judges.  One in some has a report; its format and whose view
it has come by turns, so that over a sweep there are all of them.
"""

import io
import json
import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from mxwalk.delivery.build import build_delivery
from mxwalk.errors import TraceError
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.trace import Trace
from mxwalk.findings.registry import check
from mxwalk.reports.render import FORMATS, render
from mxwalk.senders.model import Verdict
from mxwalk.senders.registry import profiles
from tests.torture.truth import seen

_REPORT_CHARS = 100
_REPORT_EVERY = 4  # a report costs more than a walk
_JSON = ("json", "tlsrpt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was made of a trace; ``faults`` tells what could not be."""

    evidence: tuple[Any, ...]
    verdicts: dict[str, Verdict]
    codes: frozenset[str]
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class Judges:
    """Judges traces, each evidence once; ``made`` counts those that were new, ``rendered`` by format."""

    made: int = 0
    rendered: Counter[str] = field(default_factory=Counter)
    _known: dict[int, Judged] = field(default_factory=dict)

    def judge(self, trace: Trace, turn: int = 0) -> Judged:
        """Return what is made of a trace; ``turn`` chooses the report that is made of a new one."""
        evidence = tuple(seen(step) for step in trace.steps)
        key = hash(evidence)
        if key not in self._known:
            self.made += 1
            turn, place = divmod(turn, _REPORT_EVERY * len(FORMATS))
            fmt = FORMATS[place] if place < len(FORMATS) else ""
            if fmt:
                self.rendered[fmt] += 1
            self._known[key] = _judge(trace, evidence, fmt, turn)
        return self._known[key]


def _judge(trace: Trace, evidence: tuple[Any, ...], fmt: str, turn: int) -> Judged:
    verdicts: dict[str, Verdict] = {}
    codes: frozenset[str] = frozenset()
    faults: list[str] = []
    try:
        delivery = build_delivery(trace)
        for profile in profiles():
            verdicts[profile.id] = profile.judge(delivery)
        findings = check(delivery)
        codes = frozenset(finding.code for finding in findings)
        if fmt:
            sender = profiles()[turn % len(profiles())].id
            document = render(trace, fmt, sender=sender)
            faults += [f"the report as {fmt} for {sender} {why}" for why in unsound(document, fmt)]
    except Exception as error:  # noqa: BLE001 - that none escapes is what is tested
        where = traceback.extract_tb(error.__traceback__)[-1]
        faults.append(f"judging raised {error!r} at {where.filename}:{where.lineno}")
    return Judged(evidence=evidence, verdicts=verdicts, codes=codes, faults=tuple(faults))


def unsound(document: str, fmt: str) -> list[str]:
    """Return what is wrong with a report whatever it says: too short, odd characters, not of its format."""
    if len(document) < _REPORT_CHARS:
        return [f"has {len(document)} characters"]
    plain = document.replace("\n", " ").isprintable()
    odd = set() if plain else {char for char in document if not char.isprintable()} - {"\n"}
    wrong = [f"has the characters {sorted(odd)!r}"] if odd else []
    try:
        if fmt in _JSON:
            json.loads(document)
        elif fmt == "trace" and (damage := read_trace(io.BytesIO(document.encode())).damage):
            wrong.append(f"is damaged: {damage}")
        elif fmt == "html" and not document.rstrip().endswith("</html>"):
            wrong.append("has no end")
    except (ValueError, TraceError) as error:
        wrong.append(f"cannot be read: {error}")
    return wrong
