"""The statuses of the steps of MTA-STS and TLS-RPT: the records, and the policy."""

from collections.abc import Callable, Mapping

from mxwalk.delivery.mark import Mark, StepStatus
from mxwalk.delivery.model import Delivery
from mxwalk.dns.txt import txt_records
from mxwalk.evidence.connection import PolicyFetched
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Step
from mxwalk.language import noted, say
from mxwalk.mtasts.model import RecordStanding
from mxwalk.mtasts.patterns import coverage
from mxwalk.mtasts.record import read_lookup
from mxwalk.mtasts.state import StsStanding, StsState
from mxwalk.text import visible

_RECORD = {
    RecordStanding.VALID: Mark.OK,
    RecordStanding.ABSENT: Mark.INFO,
    RecordStanding.SEVERAL: Mark.FAIL,
    RecordStanding.INVALID: Mark.FAIL,
    RecordStanding.FAILED: Mark.WARN,
    RecordStanding.OURS: Mark.UNKNOWN,
}
_WORDS = {
    RecordStanding.VALID: "MTA-STS",
    RecordStanding.ABSENT: noted("no MTA-STS"),
    RecordStanding.SEVERAL: noted("several MTA-STS records: none counts"),
    RecordStanding.INVALID: noted("an MTA-STS record that breaks the grammar"),
    RecordStanding.FAILED: noted("the MTA-STS look-up failed"),
    RecordStanding.OURS: noted("our resolver does not tell"),
}
_REPORTS = b"v=TLSRPTv1"


def _records(step: Step, delivery: Delivery) -> StepStatus:
    evidence = step.evidence
    assert isinstance(evidence, PolicyRecordsLookedUp)
    if delivery.records_step is None or step.seq != delivery.records_step.seq:
        return StepStatus(Mark.INFO, say("asked again later"))
    looked = read_lookup(evidence.sts)
    record = looked.record
    shown = say(_WORDS[looked.standing]) + (f" id {visible(record.id, 40)}" if record else "")
    return StepStatus(_RECORD[looked.standing], f"{shown}; {_report_words(evidence.tls_rpt)}")


def _report_words(answer: DnsAnswer) -> str:
    if answer.status not in (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN):
        return say("the TLS-RPT look-up failed")
    count = sum(b"".join(one).startswith(_REPORTS) for one in txt_records(answer))
    if not count:
        return say("no TLS-RPT")
    return "TLS-RPT" if count == 1 else say("{n} TLS-RPT records", n=count)


def _policy(step: Step, delivery: Delivery) -> StepStatus:
    evidence = step.evidence
    assert isinstance(evidence, PolicyFetched)
    if delivery.policy_step is None or step.seq != delivery.policy_step.seq:
        return StepStatus(Mark.INFO, say("fetched again later"))
    return _of_state(delivery.sts, delivery)


def _of_state(state: StsState, delivery: Delivery) -> StepStatus:
    if state.standing is StsStanding.RECORD_UNUSABLE:
        said = say(
            "fetched to explain: {outcome}; senders do not fetch it", outcome=state.fetch_words
        )
        return StepStatus(Mark.INFO, visible(said, 300))
    if state.standing is not StsStanding.ACTIVE or state.policy is None or state.mode is None:
        mark = Mark.UNKNOWN if state.standing is StsStanding.UNDECIDED else Mark.FAIL
        return StepStatus(mark, visible(state.reason, 300))
    found = coverage(state.policy.patterns, [host.planned.name for host in delivery.hosts])
    words = say(
        "{mode}, {n} mx, kept for {period}",
        mode=state.mode.value,
        n=len(state.policy.patterns),
        period=state.kept_words,
    )
    if found.missing and state.mode.demands:
        names = ", ".join(visible(one.host, 100) for one in found.missing[:3])
        return StepStatus(
            Mark.WARN, visible(say("{policy}; not listed: {names}", policy=words, names=names), 300)
        )
    return StepStatus(Mark.WARN if state.policy.deviations else Mark.OK, words)


READERS: Mapping[type, Callable[[Step, Delivery], StepStatus]] = {
    PolicyRecordsLookedUp: _records,
    PolicyFetched: _policy,
}
