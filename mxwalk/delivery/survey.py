"""Put the steps of a domain survey into their places: from a trace to a ``Survey``."""

from dataclasses import replace

from mxwalk.delivery.report_addresses import ReportsTo, reports_of
from mxwalk.delivery.roll_out import facts
from mxwalk.delivery.route import RoutePlan
from mxwalk.delivery.standing import standing
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.lookups import MxLookedUp
from mxwalk.evidence.mailauth import (
    DkimKeysLookedUp,
    DmarcDiscovered,
    ReportersChecked,
    SpfRecordLookedUp,
)
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.language import per_language
from mxwalk.mailauth.asking import replay
from mxwalk.mailauth.dkim.key import read_key
from mxwalk.mailauth.dkim.model import KeyRecord
from mxwalk.mailauth.dmarc.discovery import LookedUp, look_up
from mxwalk.mailauth.dmarc.model import Authorisation, Reading
from mxwalk.mailauth.dmarc.policy import find_policy
from mxwalk.mailauth.published import NamePublished, Survey
from mxwalk.mailauth.rollout.advise import advise
from mxwalk.mailauth.spf.survey import expand
from mxwalk.mailauth.spf.survey_model import Survey as SpfSurvey


def survey_of(trace: Trace, route: RoutePlan) -> Survey | None:
    """Return what a domain survey shows; ``None`` for a walk of another purpose.

    The plan is there once the step that weighs everything has been made.
    """
    asked, domain = trace.header.survey, trace.header.target.domain
    if asked is None or domain is None:
        return None
    trace = standing(trace)
    main = _name(trace, domain.ascii)
    others = tuple(_name(trace, name) for name in asked.subdomains)
    reports = reports_of(main.policy, main.dmarc.walk) if main.policy and main.dmarc else None
    survey = Survey(
        asked=asked,
        main=main,
        subdomains=others,
        discoveries={one.domain: one.dmarc for one in (main, *others) if one.dmarc is not None},
        has_outside_reporters=reports is not None and reports.has_outside,
        reporters_step=_seq(_last(trace, StepKind.REPORTERS)),
        reporters=_reporters(trace, reports),
        keys=_keys(trace, domain.ascii),
        keys_step=_seq(_last(trace, StepKind.DKIM_KEYS)),
    )
    if _last(trace, StepKind.ROLL_OUT) is None:
        return survey
    return replace(survey, plan=advise(facts(survey, route)))


def _last(trace: Trace, kind: StepKind, host: str = "") -> Step | None:
    found = (s for s in reversed(trace.steps) if s.kind is kind and s.scope.host == host)
    return next(found, None)


def _seq(step: Step | None) -> int | None:
    return step.seq if step else None


def _name(trace: Trace, domain: str) -> NamePublished:
    spf, dmarc = _last(trace, StepKind.SPF_RECORD, domain), _last(trace, StepKind.DMARC, domain)
    mx = _last(trace, StepKind.MX, domain)
    branch, found = None, None
    answers: tuple[DnsAnswer, ...] = ()
    if spf is not None and isinstance(spf.evidence, SpfRecordLookedUp):
        answers = spf.evidence.answers
        branch = _expanded(domain, answers)
    if dmarc is not None and isinstance(dmarc.evidence, DmarcDiscovered):
        found = _looked_up(domain, dmarc.evidence.answers)
    return NamePublished(
        domain=domain,
        spf=branch,
        spf_step=_seq(spf),
        spf_answers=answers,
        dmarc=found,
        policy=find_policy(Reading.RFC9989, found) if found else None,
        policy_7489=find_policy(Reading.RFC7489, found) if found else None,
        dmarc_step=_seq(dmarc),
        mx=mx.evidence.answer if mx is not None and isinstance(mx.evidence, MxLookedUp) else None,
    )


@per_language(maxsize=64)
def _expanded(domain: str, answers: tuple[DnsAnswer, ...]) -> SpfSurvey:
    return replay(expand(domain), answers)


@per_language(maxsize=64)
def _looked_up(domain: str, answers: tuple[DnsAnswer, ...]) -> LookedUp:
    return replay(look_up(domain, author=True), answers)


def _keys(trace: Trace, domain: str) -> tuple[KeyRecord, ...] | None:
    """Return the keys at selectors of the domain; what stands elsewhere is not its own."""
    step = _last(trace, StepKind.DKIM_KEYS)
    if step is None or not isinstance(step.evidence, DkimKeysLookedUp):
        return None
    return tuple(
        read_key(answer.qname, answer)
        for answer in step.evidence.answers
        if answer.rtype == "TXT" and answer.qname.lower().endswith(f"._domainkey.{domain}")
    )


def _reporters(trace: Trace, reports: ReportsTo | None) -> tuple[Authorisation, ...]:
    step = _last(trace, StepKind.REPORTERS)
    if step is None or reports is None or not isinstance(step.evidence, ReportersChecked):
        return ()
    return replay(reports.asking(), step.evidence.answers)
