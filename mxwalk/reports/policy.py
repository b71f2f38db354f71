"""MTA-STS and TLS-RPT in the report: from the delivery's standing to the report's data."""

from collections.abc import Iterator

from mxwalk.clock import to_rfc3339
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.security import judged_at
from mxwalk.delivery.sts import sts_check, sts_host
from mxwalk.dns.txt import txt_records
from mxwalk.evidence.connection import PolicyFetched
from mxwalk.language import say
from mxwalk.mtasts.advice import advise_on
from mxwalk.mtasts.fetch import FetchFault
from mxwalk.mtasts.model import RecordLookup, StsRecord
from mxwalk.mtasts.patterns import coverage
from mxwalk.mtasts.state import StsStanding, StsState, cached_policy, older_policy
from mxwalk.reports import model_policy as model
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate
from mxwalk.tlsrpt.record import RecordReading, read_records

_NOTHING = (StsStanding.NO_DOMAIN, StsStanding.NOT_LOOKED_UP, StsStanding.PENDING)
_NAMES_SHOWN = 50
_TEXT_CHARS = 1_000


def sts(delivery: Delivery) -> model.Sts | None:
    """Return the domain's MTA-STS; ``None`` where the walk did not look."""
    state = delivery.sts
    if state.standing in _NOTHING or state.records is None:
        return None
    policy = state.policy
    names = [host.planned.name for host in delivery.hosts if not host.planned.is_literal]
    unused = set(coverage(policy.patterns, names).unused) if policy else set()
    advised = advise_on(state, names, judged_at(delivery.trace.header))
    return model.Sts(
        domain=state.domain,
        standing=state.standing.value,
        reason=state.reason,
        effective=state.effective,
        older=older_policy(state),
        cached=cached_policy(state),
        mode=state.mode.value if state.mode else "",
        id=state.id,
        max_age_s=policy.max_age_s if policy else None,
        record_step=state.record_step,
        record_name=state.records.name,
        aliases=state.records.hops,
        records=tuple(_records(state.records)),
        fetch=_fetch(state) if state.fetch else None,
        lines=tuple(
            model.PolicyLine(
                number=line.number,
                text=visible(line.raw, _TEXT_CHARS),
                field=line.field,
                value=line.value,
                used=line.used,
            )
            for line in (policy.lines if policy else ())
        ),
        remarks=tuple(
            model.Remark(
                fault=one.fault.value,
                weight=one.weight.value,
                place=one.line,
                value=one.value,
                sentence=one.sentence,
            )
            for one in (policy.deviations if policy else ())
        ),
        patterns=tuple(
            model.StsPattern(pattern=str(one), line=one.line, used=one not in unused)
            for one in (policy.patterns if policy else ())
        ),
        hosts=tuple(_host(delivery, host) for host in delivery.hosts),
        advice=tuple(
            model.Publication(
                mode=one.mode.value,
                lines=tuple(one.text.splitlines()),
                url=one.url,
                record=one.record,
            )
            for one in advised.publications
        ),
        new_id=advised.why,
    )


def _records(looked: RecordLookup) -> Iterator[model.PolicyRecord]:
    for one in (*looked.records, *looked.others):
        yield model.PolicyRecord(
            text=visible(one.raw, _TEXT_CHARS),
            counts=one.counts,
            valid=one.valid,
            remarks=tuple(_remarks(one)),
        )


def _remarks(record: StsRecord) -> Iterator[model.Remark]:
    for one in record.deviations:
        yield model.Remark(
            fault=one.fault.value,
            weight=one.weight.value,
            place=one.at + 1,
            value=one.value,
            sentence=one.sentence,
        )


def _fetch(state: StsState) -> model.PolicyFetch:
    fetch = state.fetch
    assert fetch is not None
    fetched = fetch.fetched
    return model.PolicyFetch(
        step=state.fetch_step,
        url=fetched.url,
        address=fetched.address,
        status=fetched.status,
        media_type=fetched.media_type,
        size=fetched.size,
        elapsed_s=fetched.elapsed_s,
        fault="" if state.fault is FetchFault.NONE else state.fault.value,
        problem=fetched.problem,
        tls=_tls(fetch),
        objection=fetch.objection,
        certificates=tuple(_certificates(fetch)),
        chain_errors=tuple(
            say("depth {depth}: {error}", depth=error.depth, error=error.text)
            for error in (fetch.chain.errors if fetch.chain else ())
        ),
    )


def _tls(fetch: PolicyFetched) -> str:
    shake = fetch.handshake
    return f"{shake.protocol} {shake.cipher}".strip() if shake else ""


def _certificates(fetch: PolicyFetched) -> Iterator[model.PolicyCertificate]:
    for der in fetch.handshake.presented if fetch.handshake else ():
        facts = read_certificate(der)
        yield model.PolicyCertificate(
            subject=facts.subject,
            names=facts.dns_names[:_NAMES_SHOWN],
            not_after=to_rfc3339(facts.not_after) if facts.not_after else "",
        )


def _host(delivery: Delivery, host: Host) -> model.StsHost:
    at_host = sts_host(delivery, host)
    match = at_host.match
    pattern = match.pattern if match else None
    return model.StsHost(
        name=host.planned.name,
        pattern=str(pattern) if pattern else "",
        line=pattern.line if pattern else 0,
        listed=at_host.listed,
        applies=at_host.applies,
        dane=at_host.dane.value,
        sentence=match.sentence if match else say("there is no policy in force to match"),
        connections=tuple(_connections(host)),
    )


def _connections(host: Host) -> Iterator[model.StsConnection]:
    for attempt in host.attempts:
        found = sts_check(attempt)
        if found is not None:
            yield model.StsConnection(
                address=attempt.address,
                number=attempt.number,
                passed=found.passed,
                reason=found.reason,
                tls_rpt=found.fault.value if found.fault else "",
            )


def tls_rpt(delivery: Delivery) -> model.TlsRpt | None:
    """Return what the TLS-RPT record asks for; ``None`` where the walk did not look."""
    looked = delivery.policy_records
    if looked is None:
        return None
    read = read_records([b"".join(strings) for strings in txt_records(looked.tls_rpt)])
    record = read.record
    return model.TlsRpt(
        step=delivery.records_step.seq if delivery.records_step else None,
        name=looked.tls_rpt.qname,
        standing=read.standing.value,
        sentence=looked.tls_rpt.error or read.sentence,
        destinations=tuple(one.uri for one in record.destinations if one.usable) if record else (),
        records=tuple(_report_record(one) for one in read.records),
    )


def _report_record(one: RecordReading) -> model.PolicyRecord:
    return model.PolicyRecord(
        text=visible(one.text, _TEXT_CHARS),
        counts=one.counts,
        valid=one.usable,
        remarks=tuple(
            model.Remark(
                fault=remark.fault.value,
                weight=remark.cost.value,
                place=remark.at,
                value="",
                sentence=remark.sentence,
            )
            for remark in one.remarks
        ),
    )
