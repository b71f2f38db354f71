"""From a trace to a report: everything is computed, nothing is looked up.

The same trace and the same chosen sender always give the same report.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.notes import note_line
from mxwalk.delivery.status import status
from mxwalk.delivery.validated import validated_in
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.lookups import AddressesLookedUp, TlsaLookedUp
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.target import Options, Target
from mxwalk.evidence.trace import Trace
from mxwalk.findings.model import Finding
from mxwalk.findings.registry import check
from mxwalk.language import say
from mxwalk.receivers.registry import judge_or_first, judges
from mxwalk.reports import model
from mxwalk.reports.commands import commands
from mxwalk.reports.connection import connection
from mxwalk.reports.dane import dane
from mxwalk.reports.dnssec import dnssec
from mxwalk.reports.exitcode import ExitCode, exit_code
from mxwalk.reports.mailauth import message
from mxwalk.reports.policy import sts, tls_rpt
from mxwalk.reports.summary import summary
from mxwalk.reports.survey import survey
from mxwalk.reports.unchecked import unchecked
from mxwalk.reports.visibly import TEXT_CHARS, visibly
from mxwalk.senders.model import Verdict
from mxwalk.walk.ending import reason_words, then_words
from mxwalk.walk.plan import label_of


@dataclass(frozen=True, slots=True)
class View:
    """A report, and the exit code for the chosen sender."""

    report: model.Report
    exit_code: ExitCode


def build_view(trace: Trace, sender: str) -> View:
    """Return the report on ``trace`` as the chosen ``sender`` sees it.

    Raises ``UsageError`` for an unknown sender.
    """
    purpose = trace.header.purpose
    chosen = judge_or_first(purpose, sender)
    delivery = build_delivery(trace)
    findings = check(delivery)
    verdicts = [(item, item.judge(delivery)) for item in judges(purpose, sender)]
    verdict = next(result for item, result in verdicts if item.id == chosen.id)
    code = exit_code(verdict, findings, damaged=bool(trace.damage))
    header = trace.header
    report = model.Report(
        tool=header.tool,
        started_at=header.started_at,
        scenario=header.scenario,
        pasted=header.pasted.value if header.pasted else "",
        redacted=header.redacted,
        damage=trace.damage,
        purpose=purpose.value,
        summary=summary(delivery, verdict, findings),
        target=_target(header.target),
        settings=_settings(header.options),
        sender=chosen.id,
        exit_code=int(code),
        verdicts=tuple(_verdict(delivery, result, chosen.id) for _, result in verdicts),
        findings=tuple(_finding(finding) for finding in findings),
        unchecked=unchecked(delivery),
        route=delivery.route.kind.value,
        route_problem=delivery.route.problem,
        lookups=tuple(_top_lookups(delivery)),
        dnssec=dnssec(delivery),
        sts=sts(delivery),
        tls_rpt=tls_rpt(delivery),
        message=message(delivery.message),
        survey=survey(delivery),
        hosts=tuple(_host(delivery, host, chosen.id) for host in delivery.hosts),
        steps=tuple(
            _step(step, delivery) for step in trace.steps if step.kind is not StepKind.NOTE
        ),
        commands=commands(delivery),
    )
    return View(report=visibly(report), exit_code=code)


def _target(target: Target) -> model.Target:
    return model.Target(
        text=target.text,
        kind=target.kind.value,
        domain=target.domain.ascii if target.domain else "",
        local_part=target.local_part,
        address=target.address,
        port=target.port,
    )


def _settings(options: Options) -> model.Settings:
    return model.Settings(
        helo=options.helo,
        mail_from=options.mail_from,
        rcpt_to=options.rcpt_to,
        routes=tuple(
            model.Route(destination=route.destination, port=route.port, priority=route.priority)
            for route in options.routes
        ),
        port=options.port,
        resolver=options.resolver,
        trust=options.trust,
        trust_anchor=options.trust_anchor,
        at=options.at,
        family=options.family.value,
        first_host=options.first_host,
        both_leaves=options.both_leaves,
        without_sni=options.without_sni,
        offline=options.offline,
        private_urls=options.private_urls,
        timeouts=model.Timeouts(**msgspec.structs.asdict(options.timeouts)),
    )


def _verdict(delivery: Delivery, verdict: Verdict, chosen: str) -> model.Verdict:
    return model.Verdict(
        sender=verdict.sender,
        label=verdict.label,
        outcome=verdict.outcome.value,
        code=verdict.code,
        log=verdict.log,
        reason=reason_words(delivery, verdict),
        step=verdict.step,
        next_action=then_words(delivery, verdict),
        host=verdict.host,
        chosen=verdict.sender == chosen,
    )


def _finding(finding: Finding) -> model.Finding:
    return model.Finding(
        code=finding.code,
        title=say(finding.entry.title),
        severity=finding.level.value,
        owner=finding.actor.value,
        sentence=finding.sentence,
        fix=finding.fix,
        rfc=finding.entry.rfc,
        command=finding.command,
        host=finding.host,
        address=finding.address,
        step=finding.step,
        line=finding.line,
        tls_rpt=finding.entry.tls_rpt,
    )


def _top_lookups(delivery: Delivery) -> Iterator[model.Lookup]:
    if delivery.resolver_step and delivery.resolver:
        yield _lookup(delivery, delivery.resolver_step, delivery.resolver.answer)
    if delivery.mx_step and delivery.mx:
        yield _lookup(delivery, delivery.mx_step, delivery.mx.answer)
    if delivery.records_step and delivery.policy_records:
        yield _lookup(delivery, delivery.records_step, delivery.policy_records.sts)
        yield _lookup(delivery, delivery.records_step, delivery.policy_records.tls_rpt)


def _lookup(delivery: Delivery, step: Step, answer: DnsAnswer) -> model.Lookup:
    status_of = next(
        (
            item.validation.status.value
            for item in validated_in(delivery, step)
            if (item.answer.qname, item.answer.rtype) == (answer.qname, answer.rtype)
        ),
        "",
    )
    ttls = [rrset.ttl_s for rrset in answer.answer if rrset.rtype == answer.rtype]
    return model.Lookup(
        step=step.seq,
        qname=answer.qname,
        rtype=answer.rtype,
        status=answer.status.value,
        rcode=answer.rcode,
        server=answer.server,
        transport=answer.transport,
        flags=answer.flags,
        records=answer.records(),
        ttl_s=min(ttls) if ttls else None,
        cname_hops=answer.cname_hops,
        extended_errors=tuple(
            f"{error.code} {error.text}".strip() for error in answer.extended_errors
        ),
        authority=tuple(
            model.RRset(
                name=rrset.name, rtype=rrset.rtype, ttl_s=rrset.ttl_s, records=rrset.records
            )
            for rrset in answer.authority
        ),
        message=answer.wire,
        elapsed_s=answer.elapsed_s,
        error=answer.error,
        dnssec=status_of,
    )


def _host(delivery: Delivery, host: Host, sender: str) -> model.Host:
    planned = host.planned
    return model.Host(
        name=planned.name,
        display=planned.display,
        port=planned.port,
        preference=planned.preference,
        origin=planned.origin.value,
        skipped=host.skipped,
        lookups=tuple(_host_lookups(delivery, host)),
        dane=dane(host),
        addresses=tuple(_address(delivery, host, address, sender) for address in _addresses(host)),
    )


def _host_lookups(delivery: Delivery, host: Host) -> Iterator[model.Lookup]:
    """Yield the look-ups of the host's addresses and TLSA records."""
    for step in (host.address_step, host.tlsa_step):
        if step is not None and isinstance(step.evidence, AddressesLookedUp | TlsaLookedUp):
            for answer in step.evidence.answers:
                yield _lookup(delivery, step, answer)


def _addresses(host: Host) -> Iterable[str]:
    return dict.fromkeys((*host.addresses, *(attempt.address for attempt in host.attempts)))


def _address(delivery: Delivery, host: Host, address: str, sender: str) -> model.Address:
    attempts = [attempt for attempt in host.attempts if attempt.address == address]
    last = attempts[-1] if attempts else None
    ptr, ptr_step = (last.ptr, last.ptr_step) if last else (None, None)
    return model.Address(
        address=address,
        port=last.port if last else host.planned.port,
        examined_with=dict(host.merged).get(address, ""),
        ptr=_lookup(delivery, ptr_step, ptr.answer) if ptr and ptr_step else None,
        ptr_names=tuple(
            model.PtrName(name=name.name, confirmed=name.confirmed)
            for name in (ptr.names if ptr else ())
        ),
        connections=tuple(connection(delivery, host, attempt, sender) for attempt in attempts),
    )


def _step(step: Step, delivery: Delivery) -> model.Step:
    state = status(step, delivery)
    looked = [item.validation.status for item in validated_in(delivery, step)]
    weakest = max(looked, key=lambda found: found.weakness, default=None)
    return model.Step(
        seq=step.seq,
        kind=step.kind.value,
        label=label_of(step.kind),
        host=step.scope.host,
        address=step.scope.address,
        port=step.scope.port,
        attempt=step.scope.attempt,
        started_s=step.started_s,
        elapsed_s=step.elapsed_s,
        mark=state.mark.value,
        summary=state.summary,
        cancelled=step.cancelled,
        dnssec=weakest.value if weakest else "",
        note=note_line(delivery.notes.get(step.seq, ""), TEXT_CHARS),
    )
