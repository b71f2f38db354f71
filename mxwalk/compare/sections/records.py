"""The records of SPF, DKIM and DMARC that a walk asked for, question by question."""

from collections.abc import Iterator

from mxwalk.compare.model import Part
from mxwalk.compare.sections.common import looked_up, of_answer, unanswered
from mxwalk.compare.side import Look
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.mailauth import (
    ArcChecked,
    DkimChecked,
    DkimKeysLookedUp,
    DmarcDiscovered,
    ReportersChecked,
    SpfChecked,
    SpfRecordLookedUp,
)
from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Purpose
from mxwalk.language import noted
from mxwalk.text import visible

ID = "records"
TITLE = noted("records of SPF, DKIM and DMARC")
UNIT = "records"
_UNITS = {
    SpfChecked: "spf",
    SpfRecordLookedUp: "spf",
    DkimChecked: "dkim",
    DkimKeysLookedUp: "dkim",
    DmarcDiscovered: "dmarc",
    ReportersChecked: "reporters",
    ArcChecked: "arc",
}


def parts(look: Look) -> Iterator[Part]:
    """Yield a part for each question; one that a walk had no reason to ask is not missed."""
    if look.purpose is Purpose.DELIVERY:
        return
    found: dict[tuple[str, str], Part] = {}
    for step in look.side.trace.steps:
        unit = _UNITS.get(type(step.evidence))
        if unit is None:
            continue
        for answer in _answers(step):
            key = (answer.qname.lower(), answer.rtype)
            if key in found or not looked_up((answer,)):
                continue
            question = f"{answer.qname} {answer.rtype}"
            found[key] = Part(
                key=key,
                place=visible(question, 300),
                facts=tuple(of_answer(answer, step.seq, rival=question)),
                step=step.seq,
                unit=unit,
                optional=True,
                blind=unanswered((answer,)),
            )
    yield from found.values()


def _answers(step: Step) -> tuple[DnsAnswer, ...]:
    evidence = step.evidence
    if isinstance(evidence, DkimChecked):
        return (evidence.key,) if evidence.key else ()
    found: tuple[DnsAnswer, ...] = getattr(evidence, "answers", ())
    return found
