"""A survey: how far the roll-out of SPF, DKIM and DMARC is, and which keys there are."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.side import Look
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from mxwalk.text import visible

ID = "roll-out"
TITLE = noted("roll-out")
UNIT = "roll-out"


def parts(look: Look) -> Iterator[Part]:
    """Yield the stages of the plan, and the checks of names that send nothing."""
    survey = look.delivery.survey
    if survey is None:
        return
    if survey.main.spf is not None:
        found, step = survey.main.spf, survey.main.spf_step
        pairs = (
            (say("look-ups that count"), found.lookups),
            (say("IPv4 addresses that pass"), found.addresses4),
            (say("IPv6 networks that pass"), found.networks6),
        )
        facts = tuple(Fact(key=name, subject=name, value=str(n), step=step) for name, n in pairs)
        yield Part(key=("spf",), place="SPF", facts=facts, step=step, unit="spf")
    plan = survey.plan
    if plan is None:
        return
    steps = look.side.trace.steps
    seq = next((s.seq for s in reversed(steps) if s.kind is StepKind.ROLL_OUT), None)
    stages = [
        Fact(
            key=f"stage {stage.number}",
            subject=visible(stage.title, 200),
            value=f"{stage.state.words}: {visible(stage.shows, 400)}",
            same=stage.state.value,
            step=seq,
        )
        for stage in plan.stages
    ]
    checks = [
        Fact(
            key=f"check {check.domain} {check.about.name}",
            subject=visible(f"{check.what} {check.domain}", 300),
            value=f"{check.state.words}: {visible(check.shows, 400)}",
            same=check.state.value,
            step=seq,
        )
        for check in plan.deny_all
    ]
    yield Part(key=("plan",), place="", facts=(*stages, *checks), step=seq)
