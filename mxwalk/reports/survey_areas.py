"""The overview of a survey: each thing a domain can publish, in one of four states.

``published`` and ``not published`` need an answer; one that failed is ``unknown``.  What is there and
cannot be used is ``faulty``.
"""

from collections.abc import Iterator

from mxwalk.dane.model import Standing
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.route import RouteKind
from mxwalk.delivery.validated import validated
from mxwalk.dnssec.model import Status
from mxwalk.evidence.dns import DnsStatus
from mxwalk.language import noted, say
from mxwalk.mailauth.published import NamePublished, Survey
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.mtasts.state import StsStanding
from mxwalk.reports.model_survey import Area
from mxwalk.reports.policy import tls_rpt

PUBLISHED = noted("published")
FAULTY = noted("faulty")
NOT_PUBLISHED = noted("not published")
UNKNOWN = noted("unknown")
NOT_LOOKED_UP = noted("not looked up")

_ROUTES = {
    RouteKind.PENDING: NOT_LOOKED_UP,
    RouteKind.MX: PUBLISHED,
    RouteKind.NULL_MX: PUBLISHED,
    RouteKind.LOOKUP_FAILED: UNKNOWN,
}
_STS = {
    StsStanding.ACTIVE: PUBLISHED,
    StsStanding.NO_RECORD: NOT_PUBLISHED,
    StsStanding.NO_DOMAIN: NOT_LOOKED_UP,
    StsStanding.NOT_LOOKED_UP: NOT_LOOKED_UP,
    StsStanding.PENDING: NOT_LOOKED_UP,
    StsStanding.FETCH_PENDING: NOT_LOOKED_UP,
    StsStanding.UNDECIDED: UNKNOWN,
    StsStanding.LOOKUP_FAILED: UNKNOWN,
}
_DANE = {
    Standing.USABLE: PUBLISHED,
    Standing.NO_RECORDS: NOT_PUBLISHED,
    Standing.LITERAL: NOT_PUBLISHED,
    Standing.PENDING: NOT_LOOKED_UP,
    Standing.UNDECIDED: UNKNOWN,
}
_DNSSEC = {
    Status.SECURE: PUBLISHED,
    Status.INSECURE: NOT_PUBLISHED,
    Status.BOGUS: FAULTY,
    Status.INDETERMINATE: UNKNOWN,
}


def areas(delivery: Delivery, survey: Survey) -> tuple[Area, ...]:
    """Return the overview of a survey, in the order in which mail meets what is published."""
    return tuple(_areas(delivery, survey))


def _areas(delivery: Delivery, survey: Survey) -> Iterator[Area]:
    route = delivery.route
    said = route.words or route.problem
    if route.kind is RouteKind.MX:
        said = ", ".join(host.planned.display for host in delivery.hosts[:10]) or said
    step = delivery.mx_step.seq if delivery.mx_step else None
    yield _area("MX", _ROUTES.get(route.kind, NOT_PUBLISHED), said, step)
    yield _spf("SPF", survey.main)
    yield _keys(survey)
    yield _dmarc("DMARC", survey.main)
    if survey.has_outside_reporters or survey.reporters:
        yield _reporters(survey)
    for name in survey.subdomains:
        yield _spf(say("SPF of {domain}", domain=name.domain), name)
        yield _dmarc(say("DMARC of {domain}", domain=name.domain), name)
    yield _zone(delivery)
    yield from _tlsa(delivery)
    sts = delivery.sts
    reason = sts.effective if sts.standing is StsStanding.ACTIVE else sts.reason
    yield _area("MTA-STS", _STS.get(sts.standing, FAULTY), reason, sts.step)
    yield _reports(delivery)


def _area(name: str, state: str, sentence: str, step: int | None) -> Area:
    return Area(name=name, state=state, sentence=sentence, step=step)


def _spf(label: str, name: NamePublished) -> Area:
    if name.spf is None:
        return _area(label, NOT_LOOKED_UP, say("the record was not looked up"), None)
    root = name.spf.root
    if root.record is not None:
        state = FAULTY if root.record.faults or root.problem is SpfResult.PERMERROR else PUBLISHED
        return _area(label, state, root.why or root.record.text, name.spf_step)
    states = {SpfResult.NONE: NOT_PUBLISHED, SpfResult.TEMPERROR: UNKNOWN}
    state = states.get(root.problem, FAULTY) if root.problem else NOT_PUBLISHED
    return _area(label, state, root.why, name.spf_step)


def _keys(survey: Survey) -> Area:
    label, step = say("DKIM keys"), survey.keys_step
    if survey.keys is None:
        return _wildcard(survey, None)
    named = [key for key in survey.keys if not key.name.startswith("*.")]
    if not named:
        return _wildcard(survey, step)
    there = [key for key in named if key.tags is not None]
    bad = next((key for key in there if key.problem and not key.revoked), None)
    if bad is not None:
        return _area(label, FAULTY, f"{bad.name}: {bad.problem}", step)
    if there:
        listed = ", ".join(key.name.partition("._domainkey.")[0] for key in there[:10])
        return _area(label, PUBLISHED, say("selectors {listed}", listed=listed), step)
    missing = (DnsStatus.NODATA, DnsStatus.NXDOMAIN, DnsStatus.OK)
    failed = next((key for key in named if key.status not in missing), None)
    if failed is not None:
        return _area(label, UNKNOWN, failed.problem, step)
    why = say("none at the {named} selectors looked up; there may be others", named=len(named))
    return _area(label, NOT_PUBLISHED if survey.asked.selectors else UNKNOWN, why, step)


def _wildcard(survey: Survey, step: int | None) -> Area:
    """Judge the one name that a domain without signatures publishes: every selector revoked."""
    label = say("DKIM keys")
    if any(key.revoked for key in survey.keys or ()):
        return _area(label, PUBLISHED, say("every selector is revoked (*._domainkey)"), step)
    why = say("no selector was named, and keys cannot be listed: name those you sign with")
    return _area(label, NOT_LOOKED_UP, why, step)


def _dmarc(label: str, name: NamePublished) -> Area:
    if name.policy is None or name.dmarc is None:
        return _area(label, NOT_LOOKED_UP, say("discovery was not made"), None)
    policy, step = name.policy, name.dmarc_step
    if policy.record is not None:
        good = policy.record.usable and not policy.record.problems and policy.asked is not None
        shown = f"{policy.record.name}: {policy.record.text}"
        words = policy.record.problems[0] if policy.record.problems else shown
        return _area(label, PUBLISHED if good else FAULTY, words, step)
    if name.dmarc.walk.failed:
        return _area(label, UNKNOWN, policy.why, step)
    several = any(query.records > 1 for query in name.dmarc.walk.queries)
    return _area(label, FAULTY if several else NOT_PUBLISHED, policy.why, step)


def _reporters(survey: Survey) -> Area:
    label, step = say("report addresses"), survey.reporters_step
    if step is None:
        return _area(label, NOT_LOOKED_UP, say("whether they agreed was not asked"), None)
    outside = [one for one in survey.reporters if one.needed]
    refused = next((one for one in outside if one.agreed is False), None)
    if refused is not None:
        return _area(label, FAULTY, refused.why, step)
    open_ = next((one for one in outside if one.agreed is None), None)
    if open_ is not None:
        return _area(label, UNKNOWN, open_.why, step)
    return _area(label, PUBLISHED, say("every outside address agreed"), step)


def _zone(delivery: Delivery) -> Area:
    looked = validated(delivery)
    below = f".{delivery.domain}"
    own = [item for item in looked if f".{item.validation.question.qname.lower()}".endswith(below)]
    if not own:
        return _area("DNSSEC", NOT_LOOKED_UP, say("nothing of the domain was validated"), None)
    worst = max(own, key=lambda item: item.validation.status.weakness)
    status = worst.validation.status
    said = worst.validation.sentence or say(
        "{own} look-ups are {status}", own=len(own), status=say(status.value)
    )
    return _area("DNSSEC", _DNSSEC[status], said, worst.step.seq)


def _tlsa(delivery: Delivery) -> Iterator[Area]:
    for host in delivery.hosts:
        label = say("TLSA of {host}", host=host.planned.display)
        state = host.dane
        if state is None or (state.step is None and state.standing is Standing.PENDING):
            yield _area(label, NOT_LOOKED_UP, say("the records were not looked up"), None)
            continue
        found = _DANE.get(state.standing)
        if found is None:  # insecure answers count as no records when there are none
            there = any(answer.records for answer in state.tlsa)
            found = FAULTY if there or state.standing.forbids else NOT_PUBLISHED
        yield _area(label, found, state.reason or say(state.standing.value), state.step)


def _reports(delivery: Delivery) -> Area:
    looked, report = delivery.policy_records, tls_rpt(delivery)
    if looked is None or report is None:
        return _area("TLS-RPT", NOT_LOOKED_UP, say("the record was not looked up"), None)
    answered = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)
    if looked.tls_rpt.status not in answered:
        return _area("TLS-RPT", UNKNOWN, report.sentence, report.step)
    if not report.records:
        return _area("TLS-RPT", NOT_PUBLISHED, report.sentence, report.step)
    return _area(
        "TLS-RPT", PUBLISHED if report.destinations else FAULTY, report.sentence, report.step
    )
