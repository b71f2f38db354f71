"""The statuses of the steps of a message walk and of a survey: one mark and one sentence each."""

from collections.abc import Callable, Mapping

from mxwalk.delivery.mark import Mark, StepStatus
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.mailauth import (
    ArcChecked,
    Concluded,
    DkimChecked,
    DkimKeysLookedUp,
    DmarcDiscovered,
    MessageRead,
    ReportersChecked,
    SpfChecked,
    SpfRecordLookedUp,
    Verified,
)
from mxwalk.evidence.step import Step, StepKind
from mxwalk.language import say, say_many
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import DkimResult
from mxwalk.mailauth.dmarc.model import Assessment, Discovery, DmarcResult
from mxwalk.mailauth.open_points import open_points
from mxwalk.mailauth.rollout.model import Plan, State
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.text import visible

SPF_MARKS = {
    SpfResult.PASS: Mark.OK,
    SpfResult.FAIL: Mark.FAIL,
    SpfResult.SOFTFAIL: Mark.WARN,
    SpfResult.NEUTRAL: Mark.INFO,
    SpfResult.NONE: Mark.INFO,
    SpfResult.TEMPERROR: Mark.UNKNOWN,
    SpfResult.PERMERROR: Mark.FAIL,
}
DKIM_MARKS = {
    DkimResult.PASS: Mark.OK,
    DkimResult.FAIL: Mark.FAIL,
    DkimResult.POLICY: Mark.FAIL,
    DkimResult.NEUTRAL: Mark.WARN,
    DkimResult.NONE: Mark.INFO,
    DkimResult.TEMPERROR: Mark.UNKNOWN,
    DkimResult.PERMERROR: Mark.FAIL,
}
DMARC_MARKS = {
    DmarcResult.PASS: Mark.OK,
    DmarcResult.FAIL: Mark.FAIL,
    DmarcResult.NONE: Mark.INFO,
    DmarcResult.TEMPERROR: Mark.UNKNOWN,
    DmarcResult.PERMERROR: Mark.FAIL,
}
_LENGTH = 300
_ENFORCED = 7  # the stage of quarantine and reject


def _said(mark: Mark, text: str) -> StepStatus:
    return StepStatus(mark, visible(text, _LENGTH))


def _case(delivery: Delivery) -> MessageCase:
    assert delivery.message is not None
    return delivery.message


def _message(step: Step, delivery: Delivery) -> StepStatus:
    del step
    case = _case(delivery)
    if not case.author_domain:
        return _said(Mark.FAIL, case.author_problem or say("no domain in From"))
    assumed = [
        word
        for word, known in (
            (say("address"), case.arrival.client_ip),
            ("HELO", case.arrival.helo),
            ("MAIL FROM", case.arrival.mail_from),
        )
        if known.assumed
    ]
    missing = "" if case.arrival.client_ip.value else say("; the client's address is not known")
    told = say("; assumed: {assumed}", assumed=", ".join(assumed)) if assumed else ""
    mark = Mark.WARN if assumed or missing else Mark.OK
    return _said(
        mark,
        say(
            "from {author_domain}{missing}{told}",
            author_domain=case.author_domain,
            missing=missing,
            told=told,
        ),
    )


def _spf(step: Step, delivery: Delivery) -> StepStatus:
    assert isinstance(step.evidence, SpfChecked)
    check = _case(delivery).spf.get(step.evidence.identity)
    if check is None or check.step != step.seq:
        return _said(Mark.INFO, say("asked again later"))
    evaluation = check.evaluation
    return _said(SPF_MARKS[evaluation.result], f"{evaluation.result.value}: {evaluation.why}")


def _dkim(step: Step, delivery: Delivery) -> StepStatus:
    assert isinstance(step.evidence, DkimChecked)
    for verdict in _case(delivery).verdicts:
        if verdict.signature.number == step.evidence.number and verdict.step == step.seq:
            mark = DKIM_MARKS[verdict.result]
            return _said(mark, f"{verdict.result.value}: {verdict.sentence}")
    return _said(Mark.INFO, say("asked again later"))


def _arc(step: Step, delivery: Delivery) -> StepStatus:
    assert isinstance(step.evidence, ArcChecked)
    found = step.evidence
    arc = _case(delivery).arc
    said = arc.detail if arc is not None and arc.step == step.seq else found.detail
    marks = {"pass": Mark.OK, "fail": Mark.FAIL}
    count = len(found.sets)
    sets = say_many(", {n} set", ", {n} sets", count) if count else ""
    detail = f": {said}" if said else ""
    open_ = any(Verified.NOT_VERIFIED in one[1:] for one in found.sets)  # RFC 8617 has no temperror
    mark = Mark.UNKNOWN if open_ and found.result == "fail" else marks.get(found.result)
    return _said(mark or Mark.UNKNOWN, f"{found.result}{sets}{detail}")


def _dmarc(step: Step, delivery: Delivery) -> StepStatus:
    assert isinstance(step.evidence, DmarcDiscovered)
    found = delivery.discovery(step.evidence.domain)
    if found is None:
        return _said(Mark.INFO, say("asked again later"))
    return _discovery(found)


def _discovery(found: Discovery) -> StepStatus:
    if found.failed:
        return _said(Mark.UNKNOWN, found.why)
    records = [query for query in found.queries if query.record is not None]
    if not records:
        told = say(
            "no record; organizational domain {organizational}", organizational=found.organizational
        )
        return _said(Mark.INFO, told)
    name = records[0].qname
    return _said(
        Mark.OK,
        say(
            "record at {name}; organizational domain {organizational}",
            name=name,
            organizational=found.organizational,
        ),
    )


def _reporters(step: Step, delivery: Delivery) -> StepStatus:
    del step
    found = [one for one in delivery.reporters if one.needed]
    if not found:
        return _said(Mark.INFO, say("no outside address"))
    open_ = [one for one in found if one.agreed is None]
    refused = [one for one in found if one.agreed is False]
    if refused:
        return _said(Mark.WARN, refused[0].why)
    if open_:
        return _said(Mark.UNKNOWN, open_[0].why)
    told = say_many("{n} outside address agreed", "{n} outside addresses agreed", len(found))
    return _said(Mark.OK, told)


def _concluded(step: Step, delivery: Delivery) -> StepStatus:
    if step.kind is StepKind.ROLL_OUT:
        return _roll_out(delivery)
    case = _case(delivery)
    assessment = case.assessment()
    if step.kind is StepKind.RESULT_HEADERS:
        count = len(case.differences)
        if not count:
            return _said(Mark.INFO, say("{written} fields", written=len(case.written)))
        told = say_many(
            "{n} difference to what it claims", "{n} differences to what it claims", count
        )
        return _said(Mark.WARN, told)
    if assessment is None:
        return _said(Mark.UNKNOWN, say("discovery was left out or broken off"))
    if assessment.result is DmarcResult.FAIL and (waiting := open_points(case, assessment)):
        return _said(
            Mark.UNKNOWN, say("DMARC fails so far, but {waiting}", waiting="; ".join(waiting[:3]))
        )
    if step.kind is StepKind.ALIGNMENT:
        return _alignment(assessment)
    return _disposition(assessment)


def _alignment(assessment: Assessment) -> StepStatus:
    mark = DMARC_MARKS[assessment.result]
    return _said(mark, f"DMARC {assessment.result.value}: {assessment.why}")


def _disposition(assessment: Assessment) -> StepStatus:
    if assessment.result is DmarcResult.PASS:
        return _said(Mark.OK, say("nothing is asked for: the message passes"))
    if assessment.disposition is None:
        mark = Mark.UNKNOWN if assessment.result is DmarcResult.TEMPERROR else Mark.INFO
        return _said(mark, assessment.policy.why or assessment.why)
    mark = Mark.INFO if assessment.disposition.value == "none" else Mark.FAIL
    return _said(
        mark,
        say(
            "the domain asks for {disposition}: {why}",
            disposition=assessment.disposition.value,
            why=assessment.policy.why,
        ),
    )


def is_complete(plan: Plan) -> bool:
    """Say whether nothing is left to do but to go on watching (stage 8).

    Whether mail is signed no record tells; a policy that is enforced and watched stands for it.
    """
    closed = all(one.state is State.DONE for one in plan.deny_all)
    if not plan.stages:
        return closed
    enforced = plan.stages[_ENFORCED - 1].state is State.DONE
    return closed and enforced and plan.current == len(plan.stages)


def _roll_out(delivery: Delivery) -> StepStatus:
    plan = delivery.survey.plan if delivery.survey else None
    if plan is None:
        return _said(Mark.UNKNOWN, say("not everything was looked up"))
    return _said(Mark.OK if is_complete(plan) else Mark.WARN, plan.next_step)


def _spf_record(step: Step, delivery: Delivery) -> StepStatus:
    assert isinstance(step.evidence, SpfRecordLookedUp)
    survey = delivery.survey
    names = (survey.main, *survey.subdomains) if survey else ()
    for name in names:
        if name.spf_step == step.seq and name.spf is not None:
            root = name.spf.root
            if root.record is not None and root.problem is None:
                return _said(Mark.OK, root.record.text)
            mark = SPF_MARKS[root.problem] if root.problem else Mark.INFO
            return _said(mark, root.why or say("no SPF record"))
    return _said(Mark.INFO, say("asked again later"))


def _keys(step: Step, delivery: Delivery) -> StepStatus:
    assert isinstance(step.evidence, DkimKeysLookedUp)
    survey = delivery.survey
    if survey is None or survey.keys is None or survey.keys_step != step.seq:
        return _said(Mark.INFO, say("asked again later"))
    there = [key for key in survey.keys if key.tags is not None]
    bad = [key for key in there if key.problem and not key.revoked]
    open_ = [key for key in survey.keys if key.tags is None and key.problem and not key.records]
    if not there and open_:
        return _said(Mark.UNKNOWN, open_[0].problem)
    if not there:
        return _said(Mark.INFO, say("no key at these selectors"))
    told = say_many("{n} key", "{n} keys", len(there))
    return _said(Mark.WARN if bad else Mark.OK, f"{told}; {bad[0].problem}" if bad else told)


def _of_message(reader: Callable[[Step, Delivery], StepStatus]) -> Callable[..., StepStatus]:
    """Return a reader for a trace from elsewhere, too, whose steps need not fit its purpose."""

    def read(step: Step, delivery: Delivery) -> StepStatus:
        if delivery.message is None and step.kind is not StepKind.ROLL_OUT:
            return _said(Mark.INFO, say("a step of a message walk, in a walk of something else"))
        return reader(step, delivery)

    return read


READERS: Mapping[type, Callable[[Step, Delivery], StepStatus]] = {
    MessageRead: _of_message(_message),
    SpfChecked: _of_message(_spf),
    DkimChecked: _of_message(_dkim),
    ArcChecked: _of_message(_arc),
    DmarcDiscovered: _dmarc,
    ReportersChecked: _reporters,
    SpfRecordLookedUp: _spf_record,
    DkimKeysLookedUp: _keys,
    Concluded: _of_message(_concluded),
}
