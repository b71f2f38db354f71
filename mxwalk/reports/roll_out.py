"""The roll-out plan in the report: from the advice to the report's data, and its lines."""

from collections.abc import Iterable, Iterator

from mxwalk.language import say
from mxwalk.mailauth.rollout.model import Line, Plan, State
from mxwalk.reports import model_survey as model
from mxwalk.reports.labels import FAIL_SIGN, OK_SIGN, UNKNOWN_SIGN, WARN_SIGN

SIGNS = {
    State.DONE.value: OK_SIGN,
    State.CURRENT.value: ">",
    State.BLOCKED.value: FAIL_SIGN,
    State.TO_COME.value: " ",
    State.UNKNOWN.value: UNKNOWN_SIGN,
}
_OPEN = (State.CURRENT.value, State.BLOCKED.value, State.UNKNOWN.value)


def roll_out(plan: Plan) -> model.RollOut:
    """Return the plan as the report has it."""
    return model.RollOut(
        current=plan.current,
        next_step=plan.next_step,
        stages=tuple(
            model.PlanStage(
                number=stage.number,
                title=stage.title,
                weeks=stage.weeks,
                state=stage.state.value,
                shows=stage.shows,
                blocked_by=stage.blocked_by,
                publish=_records(stage.publish),
                advice=stage.advice,
            )
            for stage in plan.stages
        ),
        deny_all=tuple(
            model.DenyCheck(
                domain=check.domain,
                what=check.what,
                state=check.state.value,
                shows=check.shows,
                publish=_records(check.publish),
            )
            for check in plan.deny_all
        ),
        third_parties=tuple(
            model.ThirdParty(name=name, publish=_records(lines))
            for name, lines in plan.third_parties
        ),
    )


def _records(lines: Iterable[Line]) -> tuple[model.PlanRecord, ...]:
    return tuple(
        model.PlanRecord(
            line=line.text,
            purpose=line.purpose,
            template=line.template,
            replaces=line.replaces,
        )
        for line in lines
    )


def plan_lines(plan: model.RollOut) -> Iterator[str]:
    """Yield the stages and checks as lines; the open ones and the next with their records."""
    ahead = next((one.number for one in plan.stages if one.state == State.TO_COME.value), 0)
    for stage in plan.stages:
        weeks = f" ({stage.weeks})" if stage.weeks else ""
        head = f"{SIGNS[stage.state]} {stage.number}. {stage.title}{weeks}"
        yield f"{head}: {say(stage.state)}. {stage.shows}"
        for reason in stage.blocked_by:
            yield f"     {WARN_SIGN} {reason}"
        if stage.state in _OPEN:
            yield from (f"     {one}" for one in stage.advice)
        if stage.state in _OPEN or stage.number == ahead:
            yield from _record_lines(stage.publish)
    for check in plan.deny_all:
        yield say(
            "{signs} {domain} sends nothing, {what}: {shows}",
            signs=SIGNS[check.state],
            domain=check.domain,
            what=check.what,
            shows=check.shows,
        )
        if check.state != State.DONE.value:
            yield from _record_lines(check.publish)
    for party in plan.third_parties:
        yield say("for {party}:", party=party.name)
        yield from _record_lines(party.publish)
    if plan.next_step:
        yield say("next: {next_step}", next_step=plan.next_step)


def _record_lines(records: Iterable[model.PlanRecord]) -> Iterator[str]:
    for record in records:
        doing = say("fill in and publish") if record.template else say("publish")
        doing = say("replace with") if record.replaces else doing
        yield f"     {doing}: {record.line}"
        if record.purpose:
            yield f"       {record.purpose}"
