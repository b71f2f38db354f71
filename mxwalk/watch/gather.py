"""From a trace to the facts that are watched: pure, like everything that is read off a trace."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.dane import dane_result
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.security import judged_at
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Trace
from mxwalk.findings.decided import by_look_up, is_look_up
from mxwalk.findings.model import Finding
from mxwalk.findings.own_resolver import culprit
from mxwalk.findings.registry import check
from mxwalk.mtasts.state import StsStanding
from mxwalk.receivers.registry import judge_or_first
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate
from mxwalk.watch.facts import Facts, Ground, Leaf, Lifetime, TlsaMatch

_KNOWN = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)
_ALIASES = ("CNAME", "DNAME")
_NO_POLICY = (StsStanding.NO_RECORD, StsStanding.NO_DOMAIN)


def gather(trace: Trace, senders: Sequence[str]) -> Facts:
    """Return what a finished walk came to for these senders."""
    delivery = build_delivery(trace)
    purpose = trace.header.purpose
    verdicts = [judge_or_first(purpose, name).judge(delivery) for name in senders]
    began = judged_at(trace.header)
    last = trace.steps[-1] if trace.steps else None
    took_s = last.started_s + last.elapsed_s if last else 0.0
    findings = check(delivery)
    connected = [one.connected for one in delivery.attempts if one.connected is not None]
    return Facts(
        started=began,
        ended=began + timedelta(seconds=took_s),
        outcomes=tuple((one.sender, one.outcome) for one in verdicts),
        reason=verdicts[0].reason if verdicts else "",
        mx=_mx(delivery),
        addresses=tuple(_addresses(delivery)),
        leaves=tuple(_leaves(delivery)),
        tlsa=tuple(_tlsa(delivery)),
        tlsa_match=_match(delivery),
        policy=_policy(delivery),
        findings=frozenset(finding.code for finding in findings),
        grounds=tuple(dict.fromkeys(_grounds(findings, trace))),
        looked=frozenset(
            (step.kind, step.scope.address)
            for step in trace.steps
            if not (culprit(delivery) and is_look_up(step.kind))
        ),
        unreached=bool(connected) and all(one.ending is not None for one in connected),
        lifetimes=tuple(_lifetimes(delivery, began)),
        throttled=any(attempt.throttled for attempt in delivery.attempts),
        own_fault=culprit(delivery),
        by_connection=not all(by_look_up(delivery, one) for one in verdicts),
    )


def _known(answer: DnsAnswer, delivery: Delivery) -> bool:
    """An answer counts unless it failed, or denies what a resolver without a root cannot deny."""
    denied = answer.status in (DnsStatus.NODATA, DnsStatus.NXDOMAIN)
    return answer.status in _KNOWN and not (denied and delivery.resolver_denies_root)


def _grounds(findings: Iterable[Finding], trace: Trace) -> Iterator[Ground]:
    kinds = {step.seq: step.kind for step in trace.steps}
    for one in findings:
        if one.step in kinds:
            yield Ground(code=one.code, kind=kinds[one.step], address=one.address)


def _mx(delivery: Delivery) -> tuple[str, ...] | None:
    found = delivery.mx
    if found is None or not _known(found.answer, delivery):
        return None
    return tuple(sorted(visible(record, 300) for record in found.answer.records()))


def _addresses(delivery: Delivery) -> Iterator[tuple[str, tuple[str, ...]]]:
    for host in delivery.hosts:
        found = host.lookup
        if found is not None and all(_known(answer, delivery) for answer in found.answers):
            records = (one for answer in found.answers for one in answer.records())
            yield host.planned.name, tuple(sorted(visible(one, 60) for one in records))


def _tlsa(delivery: Delivery) -> Iterator[tuple[str, tuple[str, ...]]]:
    for host in delivery.hosts:
        answers = host.tlsa_answers
        if answers and all(_known(answer, delivery) for answer in answers):
            records = (one for answer in answers for one in answer.records("TLSA"))
            yield host.planned.name, tuple(sorted(visible(one, 300) for one in records))


def _latest(host: Host) -> Iterator[Attempt]:
    for address in host.addresses:
        attempt = host.latest(address)
        if attempt is not None:
            yield attempt


def _leaves(delivery: Delivery) -> Iterator[Leaf]:
    for host in delivery.hosts:
        for attempt in _latest(host):
            shake = attempt.handshake
            if shake is not None and shake.presented:
                der = shake.presented[0]
                yield Leaf(
                    host=host.planned.name,
                    address=attempt.address,
                    digest=hashlib.sha256(der).hexdigest(),
                    expires=read_certificate(der).not_after,
                )


def _match(delivery: Delivery) -> TlsaMatch:
    """What was connected to counts; an address that did not answer says nothing of TLSA."""
    matched: list[bool] = []
    looked = False
    for host in delivery.hosts:
        looked = looked or host.dane is not None
        has_records = host.dane is not None and bool(host.dane.records)
        for attempt in _latest(host):
            if attempt.connected is None or attempt.connected.ending is not None:
                continue
            result = dane_result(delivery, host, attempt) if has_records else None
            matched.append(result is not None and result.authenticated)
    if not matched or not looked:
        return TlsaMatch.UNKNOWN
    if not any(host.dane is not None and host.dane.records for host in delivery.hosts):
        return TlsaMatch.NO_RECORDS
    if all(matched):
        return TlsaMatch.ALL
    return TlsaMatch.SOME if any(matched) else TlsaMatch.NONE


def _policy(delivery: Delivery) -> str | None:
    """Return mode, id and patterns of the policy in a line; empty where there is none."""
    state = delivery.sts
    if state.standing in _NO_POLICY:
        return ""
    if state.standing is not StsStanding.ACTIVE or state.policy is None or state.mode is None:
        return None
    patterns = sorted(visible(str(one), 300) for one in state.policy.patterns)
    return " ".join((state.mode.value, f"id={state.id}", *(f"mx={one}" for one in patterns)))


# -- how long answers are kept --------------------------------------------------------------------


def _lifetimes(delivery: Delivery, began: datetime) -> Iterator[Lifetime]:
    if delivery.mx is not None:
        yield from _of_answers((delivery.mx.answer,), _seen(began, delivery.mx_step))
    for host in delivery.hosts:
        if host.lookup is not None:
            yield from _of_answers(host.lookup.answers, _seen(began, host.address_step))
        yield from _of_answers(host.tlsa_answers, _seen(began, host.tlsa_step))
    state = delivery.sts
    if state.standing is StsStanding.ACTIVE and state.policy and state.policy.max_age_s:
        age = state.policy.max_age_s
        fetched = next((s for s in delivery.trace.steps if s.seq == state.fetch_step), None)
        yield Lifetime(
            what="MTA-STS", name=state.domain, ttl_s=age, left_s=age, seen=_seen(began, fetched)
        )


def _seen(began: datetime, step: Step | None) -> datetime:
    return began + timedelta(seconds=step.started_s + step.elapsed_s if step else 0.0)


def _of_answers(answers: Iterable[DnsAnswer], seen: datetime) -> Iterator[Lifetime]:
    for answer in answers:
        asked_zone = "AA" in answer.flags
        if answer.status is not DnsStatus.OK:
            denied = answer.status in (DnsStatus.NODATA, DnsStatus.NXDOMAIN)
            left_s = negative_ttl_s(answer) if denied else 0
            yield Lifetime(
                what=answer.rtype,
                name=answer.qname,
                ttl_s=left_s,
                left_s=left_s,
                seen=seen,
                asked_zone=asked_zone,
                denied=True,
            )
            continue
        # An alias on the way is cached by itself: the first to go is asked anew, the last lets go last.
        sets = [one for one in answer.answer if one.rtype in (answer.rtype, *_ALIASES)]
        if not any(one.rtype == answer.rtype for one in sets):
            continue
        signed_s = original_ttl_s(answer)
        yield Lifetime(
            what=answer.rtype,
            name=answer.qname,
            ttl_s=max(signed_s, *(one.ttl_s for one in sets)),
            left_s=min(one.ttl_s for one in sets),
            seen=seen,
            asked_zone=asked_zone,
            aged=not (asked_zone or signed_s),
        )


def negative_ttl_s(answer: DnsAnswer) -> int:
    """Return how long a denial may be kept: the lesser of the SOA's TTL and MINIMUM (RFC 2308 5).

    0 where no SOA came along: such a denial is not to be cached.
    """
    for rrset in answer.authority:
        fields = rrset.records[0].split() if rrset.rtype == "SOA" and rrset.records else []
        if len(fields) == 7 and fields[6].isdecimal():
            return min(rrset.ttl_s, int(fields[6][:10]))
    return 0


def original_ttl_s(answer: DnsAnswer) -> int:
    """Return the TTL in the zone as the answer's signatures tell it (RFC 4034 3.1.4), or 0."""
    found = 0
    for rrset in answer.answer:
        if rrset.rtype != "RRSIG":
            continue
        for record in rrset.records:
            fields = record.split()
            covers = len(fields) > 3 and fields[0] in (answer.rtype, *_ALIASES)
            if covers and fields[3].isdecimal():
                found = max(found, min(int(fields[3][:10]), 2**31 - 1))  # RFC 2181 8
    return found
