"""The lines below the steps of MTA-STS and TLS-RPT in plain text."""

from collections.abc import Iterator

from mxwalk.delivery.denials import believed
from mxwalk.delivery.model import Delivery
from mxwalk.dns.txt import txt_records
from mxwalk.evidence.connection import PolicyFetched
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Step
from mxwalk.language import say
from mxwalk.mtasts.model import Policy, Weight
from mxwalk.mtasts.patterns import coverage
from mxwalk.mtasts.record import read_lookup
from mxwalk.mtasts.state import cached_policy, judge_sts, older_policy
from mxwalk.text import visible
from mxwalk.tlsrpt.record import read_records

_MARKS = {Weight.BREAKS: "✗", Weight.DIFFERS: "!", Weight.ODD: "·"}
_LINES_SHOWN = 20


def policy_details(step: Step, delivery: Delivery) -> Iterator[str]:
    """Yield what was learned in the look-up of the records or in the fetch of the policy."""
    match believed(step.evidence) if delivery.resolver_denies_root else step.evidence:
        case PolicyRecordsLookedUp() as looked:
            yield from _records(looked)
        case PolicyFetched() as fetched:
            stands = delivery.policy_step
            current = stands is not None and stands.seq == step.seq
            yield from _fetched(fetched, delivery, current=current)
        case _:
            pass


def _records(looked: PolicyRecordsLookedUp) -> Iterator[str]:
    read = read_lookup(looked.sts)
    for hop in read.hops:
        yield f"{looked.sts.qname} CNAME {hop}"
    for record in (*read.records, *read.others):
        yield f'{looked.sts.qname} TXT "{visible(record.raw, 200)}"'
        for one in record.deviations:
            yield say(
                "  {marks} character {at}: {sentence}",
                marks=_MARKS[one.weight],
                at=one.at + 1,
                sentence=one.sentence,
            )
    yield read.reason
    reports = read_records([b"".join(one) for one in txt_records(looked.tls_rpt)])
    for reading in reports.records:
        yield f'{looked.tls_rpt.qname} TXT "{visible(reading.text, 200)}"'
        for remark in reading.remarks:
            yield say("  ! character {at}: {sentence}", at=remark.at, sentence=remark.sentence)
    yield looked.tls_rpt.error or reports.sentence


def _fetched(fetched: PolicyFetched, delivery: Delivery, *, current: bool) -> Iterator[str]:
    fetch = fetched.fetched
    shown = [say("status {status}", status=fetch.status) if fetch.status else "", fetch.media_type]
    where = say(" from {address}", address=fetch.address) if fetch.address else ""
    yield f"GET {fetch.url}{where}  {', '.join(one for one in shown if one)}".rstrip()
    shake = fetched.handshake
    if shake is not None and shake.protocol:
        trust = fetched.objection or say("trusted, and for this host")
        yield say(
            "  {protocol}; the policy host's certificate: {trust}",
            protocol=shake.protocol,
            trust=trust,
        )
    if fetch.problem:
        yield fetch.problem
    state = judge_sts(fetched.domain, None, fetched)
    if state.policy is not None:
        yield from _file(state.policy)
    if current:
        yield delivery.sts.effective
        yield from filter(None, (older_policy(delivery.sts), cached_policy(delivery.sts)))
        yield from _hosts(delivery)


def _file(policy: Policy) -> Iterator[str]:
    for line in policy.lines[:_LINES_SHOWN]:
        yield f"{line.number:>3}  {visible(line.raw, 120)}"
        for one in policy.marks(line.number):
            yield f"     {_MARKS[one.weight]} {one.sentence}"
    for one in policy.marks(0):
        yield f"     {_MARKS[one.weight]} {one.sentence}"


def _hosts(delivery: Delivery) -> Iterator[str]:
    state = delivery.sts
    if state.mode is None or not state.mode.demands or state.policy is None:
        return
    found = coverage(state.policy.patterns, [host.planned.name for host in delivery.hosts])
    for host in found.hosts:
        yield f"{'✓' if host.pattern else '✗'} {host.sentence}"
    for pattern in found.unused:
        yield say("· line {line}: {pattern} matches no MX host", line=pattern.line, pattern=pattern)
