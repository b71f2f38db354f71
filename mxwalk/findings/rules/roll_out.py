"""The roll-out advisor's word as findings: the stage, what blocks it, names that are not closed."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.delivery.status_mailauth import is_complete
from mxwalk.evidence.step import StepKind
from mxwalk.findings.authenticated import at_seq, is_sentence
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.language import say
from mxwalk.mailauth.rollout.model import Line, Plan, Stage, State, Subject
from mxwalk.receivers.roll_out import current_stage, open_checks

_SENDER, _DNS = Owner.SENDER, Owner.SENDER_DNS
BLOCKED = entry("ROLL001", Severity.WARNING, _SENDER, "a blocked roll-out", "RFC 9989 5.1")
NEXT = entry("ROLL002", Severity.NOTICE, _SENDER, "the next stage", "RFC 9989 5.1")
COMPLETE = entry("ROLL003", Severity.OK, Owner.NOBODY, "the roll-out is complete", "RFC 9989 5.1")
OPEN_NAME = entry("ROLL004", Severity.WARNING, _DNS, "a name that is not closed", "RFC 9989 5.1")
THIRD = entry("ROLL005", Severity.NOTICE, _SENDER, "a third-party sender", "RFC 9989 5.1")
UNSEEN = entry("ROLL006", Severity.NOTICE, Owner.YOU, "a stage nobody can see", "RFC 9989 5.1")

ENTRIES = (BLOCKED, NEXT, COMPLETE, OPEN_NAME, THIRD, UNSEEN)
_BY_MESSAGES = (1, 2)  # the stages of DKIM, whose keys no look-up can list
_SHOWN = 6


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the plan says, once it is made."""
    plan = delivery.survey.plan if delivery.survey else None
    if plan is None:
        return
    seq = next((s.seq for s in reversed(delivery.trace.steps) if s.kind is StepKind.ROLL_OUT), None)
    where = at_seq(seq, plan.domain)
    if is_complete(plan):
        yield found(
            COMPLETE,
            where,
            f"{show(plan.domain, 120)}: {is_sentence(plan.next_step)}",
            say("nothing to do but to read the reports"),
        )
    else:
        yield from _stage(plan, where)
    said = delivery.survey is not None and not delivery.survey.asked.sends
    yield from _names(plan, where, said=said)
    for name, lines in plan.third_parties[:_SHOWN]:
        yield found(
            THIRD,
            where,
            say(
                "{name} may send for {domain}, whose SPF record includes it: a third party is"
                " better given a subdomain and a key of its own, to be withdrawn alone",
                name=show(name, 120),
                domain=show(plan.domain, 120),
            ),
            say(
                "if it is another company: {published}; if it is your own, leave it as it is",
                published=_published(lines),
            ),
            dig(name, "TXT"),
        )
    yield from _unseen(plan, where)


def _stage(plan: Plan, where: Where) -> Iterator[Finding]:
    stage = current_stage(plan)
    if stage is None or stage.state not in (State.BLOCKED, State.CURRENT):
        return
    lines = _published(stage.publish)
    if stage.state is State.CURRENT:
        yield found(
            NEXT, where, f"{_title(stage)}: {is_sentence(stage.shows)}", lines or _advice(stage)
        )
    for reason in stage.blocked_by[:_SHOWN]:
        then = f"; {lines}" if lines else ""
        fix = say("first put right what is named{then}", then=then)
        yield found(BLOCKED, where, f"{_title(stage)}: {is_sentence(reason)}", fix)


def _names(plan: Plan, where: Where, *, said: bool) -> Iterator[Finding]:
    """Yield the names that send nothing: as was given, or as their SPF record says."""
    why = say("as you said") if said else say("by v=spf1 -all")
    for one in open_checks(plan):
        if one.about is not Subject.SPF:  # SPF040 tells of that
            yield found(
                OPEN_NAME,
                where,
                say(
                    "{domain} sends nothing, {why}, and is not closed: {is_sentence}",
                    domain=show(one.domain, 120),
                    why=why,
                    is_sentence=is_sentence(one.shows),
                ),
                _published(one.publish) or say("close it"),
                dig(one.domain, "ANY") if not one.publish else dig(_owner_name(one.publish), "TXT"),
            )


def _unseen(plan: Plan, where: Where) -> Iterator[Finding]:
    """Yield the stages that no record shows; a look-up that failed has a finding of its own."""
    for stage in plan.stages if plan.current else ():
        if stage.state is State.UNKNOWN and stage.number in _BY_MESSAGES:
            yield found(
                UNSEEN,
                where,
                f"{_title(stage)}: {is_sentence(stage.shows)}",
                _advice(stage),
            )


def _owner_name(lines: tuple[Line, ...]) -> str:
    return lines[0].text.partition(" ")[0].removesuffix(".")


def _title(stage: Stage) -> str:
    return say(
        "stage {number}, {stage} ({weeks})",
        number=stage.number,
        stage=stage.title,
        weeks=stage.weeks,
    )


def _advice(stage: Stage) -> str:
    if stage.advice:
        first = is_sentence(stage.advice[0])
        return f"{first[:1].lower()}{first[1:]}"
    return say("open a message that the domain sent, or its aggregate reports: they show it")


def _published(lines: tuple[Line, ...]) -> str:
    """Return the zone lines, in the order of publishing."""
    return say("; then ").join(
        say("publish {line} ({purpose})", line=line.text, purpose=line.purpose)
        for line in lines[:3]
    )
