"""A domain survey in the report: from what a domain publishes to the report's data."""

from mxwalk.delivery.model import Delivery
from mxwalk.mailauth.dmarc.model import Reading
from mxwalk.mailauth.published import NamePublished
from mxwalk.reports import model_survey as model
from mxwalk.reports.mailauth import key
from mxwalk.reports.mailauth_dmarc import discovery, policy, reporter
from mxwalk.reports.roll_out import roll_out
from mxwalk.reports.survey_areas import areas
from mxwalk.reports.survey_spf import spf_survey


def survey(delivery: Delivery) -> model.Survey | None:
    """Return everything a survey has shown; ``None`` for another walk."""
    found = delivery.survey
    if found is None:
        return None
    asked = found.asked
    return model.Survey(
        domain=delivery.domain,
        selectors=asked.selectors,
        probed=asked.probe,
        sends=asked.sends,
        areas=areas(delivery, found),
        names=tuple(_name(one) for one in (found.main, *found.subdomains)),
        keys=tuple(key(one) for one in found.keys) if found.keys is not None else None,
        reporters=tuple(reporter(one) for one in found.reporters),
        roll_out=roll_out(found.plan) if found.plan else None,
    )


def _name(one: NamePublished) -> model.Name:
    return model.Name(
        domain=one.domain,
        spf_step=one.spf_step,
        spf=spf_survey(one.spf) if one.spf else None,
        dmarc_step=one.dmarc_step,
        discovery=discovery(one.dmarc.discovery(Reading.RFC9989)) if one.dmarc else None,
        policy=policy(one.policy) if one.policy else None,
        policy_7489=policy(one.policy_7489) if one.policy_7489 else None,
    )
