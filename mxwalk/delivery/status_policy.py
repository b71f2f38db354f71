"""The statuses of the steps of MTA-STS and TLS-RPT: the records, and the policy."""

from collections.abc import Callable, Mapping

from mxwalk.delivery.mark import Mark, StepStatus
from mxwalk.delivery.model import Delivery
from mxwalk.dns.txt import txt_records
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import PolicyFetched, Step
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
    RecordStanding.ABSENT: "no MTA-STS",
    RecordStanding.SEVERAL: "several MTA-STS records: none counts",
    RecordStanding.INVALID: "an MTA-STS record that breaks the grammar",
    RecordStanding.FAILED: "the MTA-STS look-up failed",
    RecordStanding.OURS: "our resolver does not tell",
}
_REPORTS = b"v=TLSRPTv1"


def _records(step: Step, delivery: Delivery) -> StepStatus:
    evidence = step.evidence
    assert isinstance(evidence, PolicyRecordsLookedUp)
    if step is not delivery.records_step:
        return StepStatus(Mark.INFO, "asked again later")
    looked = read_lookup(evidence.sts)
    record = looked.record
    shown = _WORDS[looked.standing] + (f" id {visible(record.id, 40)}" if record else "")
    return StepStatus(_RECORD[looked.standing], f"{shown}; {_report_words(evidence.tls_rpt)}")


def _report_words(answer: DnsAnswer) -> str:
    if answer.status not in (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN):
        return "the TLS-RPT look-up failed"
    count = sum(b"".join(one).startswith(_REPORTS) for one in txt_records(answer))
    return "no TLS-RPT" if not count else "TLS-RPT" if count == 1 else f"{count} TLS-RPT records"


def _policy(step: Step, delivery: Delivery) -> StepStatus:
    evidence = step.evidence
    assert isinstance(evidence, PolicyFetched)
    if step is not delivery.policy_step:
        return StepStatus(Mark.INFO, "fetched again later")
    return _of_state(delivery.sts, delivery)


def _of_state(state: StsState, delivery: Delivery) -> StepStatus:
    if state.standing is StsStanding.RECORD_UNUSABLE:
        said = f"fetched to explain: {state.fetch_words}; senders do not fetch it"
        return StepStatus(Mark.INFO, visible(said, 300))
    if state.standing is not StsStanding.ACTIVE or state.policy is None or state.mode is None:
        mark = Mark.UNKNOWN if state.standing is StsStanding.UNDECIDED else Mark.FAIL
        return StepStatus(mark, visible(state.reason, 300))
    found = coverage(state.policy.patterns, [host.planned.name for host in delivery.hosts])
    words = f"{state.mode.value}, {len(state.policy.patterns)} mx, kept for {state.kept_words}"
    if found.missing and state.mode.demands:
        names = ", ".join(visible(one.host, 100) for one in found.missing[:3])
        return StepStatus(Mark.WARN, visible(f"{words}; not listed: {names}", 300))
    return StepStatus(Mark.WARN if state.policy.deviations else Mark.OK, words)


READERS: Mapping[type, Callable[[Step, Delivery], StepStatus]] = {
    PolicyRecordsLookedUp: _records,
    PolicyFetched: _policy,
}
