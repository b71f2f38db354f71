"""The state of every part of the policy view, for its heading and the overview."""

from mxwalk.delivery.mark import Mark
from mxwalk.mtasts.model import RecordStanding
from mxwalk.mtasts.state import StsStanding, StsState
from mxwalk.tlsrpt.record import Standing
from widgets.policy_state import Picture, Section


def mark_of(found: Picture, section: Section) -> Mark:
    """Return the state of a part."""
    match section:
        case Section.RECORD:
            return _record_mark(found.state)
        case Section.POLICY:
            return _policy_mark(found.state)
        case Section.HOSTS:
            return _hosts_mark(found)
        case Section.REPORTS:
            return _reports_mark(found)
        case Section.PUBLISH:
            return Mark.INFO


_RECORD_MARKS = {
    RecordStanding.VALID: Mark.OK,
    RecordStanding.ABSENT: Mark.INFO,
    RecordStanding.SEVERAL: Mark.FAIL,
    RecordStanding.INVALID: Mark.FAIL,
    RecordStanding.FAILED: Mark.FAIL,
    RecordStanding.OURS: Mark.UNKNOWN,
}


def _record_mark(state: StsState) -> Mark:
    looked = state.records
    if looked is None:
        return Mark.UNKNOWN
    found = _RECORD_MARKS[looked.standing]
    near = any(one.raw.lower().find(b"stsv1") >= 0 for one in looked.others)
    return Mark.WARN if found in (Mark.OK, Mark.INFO) and near else found


def _policy_mark(state: StsState) -> Mark:
    if state.fetch is None:
        return Mark.INFO if state.standing is StsStanding.NO_RECORD else Mark.UNKNOWN
    if state.fetch.cancelled or state.standing is StsStanding.UNDECIDED:
        return Mark.UNKNOWN
    if state.policy is None or not state.policy.valid or state.fetch.fetched.problem:
        return Mark.FAIL
    if state.standing is StsStanding.FETCH_FAILED:
        return Mark.FAIL
    return Mark.WARN if state.policy.deviations else Mark.OK


def _hosts_mark(found: Picture) -> Mark:
    if not found.hosts:
        return Mark.UNKNOWN
    bad = bool(found.failing) or (bool(found.unlisted) and not found.assumed)
    if bad or found.not_used:
        return Mark.FAIL if found.state.enforced and bad else Mark.WARN
    return Mark.OK if all(one.check is not None for one in found.hosts) else Mark.UNKNOWN


_REPORT_MARKS = {
    Standing.NONE: Mark.INFO,
    Standing.SEVERAL: Mark.FAIL,
    Standing.VOID: Mark.FAIL,
    Standing.USABLE: Mark.OK,
}


def _reports_mark(found: Picture) -> Mark:
    if found.reports is None:
        return Mark.UNKNOWN
    state = _REPORT_MARKS[found.reports.standing]
    remarks = any(record.remarks for record in found.reports.records)
    return Mark.WARN if remarks and state is not Mark.FAIL else state
