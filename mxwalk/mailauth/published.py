"""A domain survey in its places: what a domain publishes about the mail in its name.

A pure value, computed from the evidence (``mxwalk.delivery.survey``).  What was not looked up is
``None``; an answer that failed is not "nothing published".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.mailauth import SurveyInput
from mxwalk.mailauth.dkim.model import KeyRecord
from mxwalk.mailauth.dmarc.discovery import LookedUp
from mxwalk.mailauth.dmarc.model import Authorisation, PolicyFound
from mxwalk.mailauth.rollout.model import Plan
from mxwalk.mailauth.spf.survey_model import Survey as SpfSurvey


@dataclass(frozen=True, kw_only=True)
class NamePublished:
    """SPF and DMARC of one name: the domain, or a subdomain of it with its MX answer."""

    domain: str
    spf: SpfSurvey | None = None
    spf_step: int | None = None
    spf_answers: tuple[DnsAnswer, ...] = ()
    dmarc: LookedUp | None = None
    policy: PolicyFound | None = None
    policy_7489: PolicyFound | None = None
    dmarc_step: int | None = None
    mx: DnsAnswer | None = None


@dataclass(frozen=True, kw_only=True)
class Survey:
    """Everything a survey has shown so far; ``plan`` is the roll-out advice once all is known."""

    asked: SurveyInput
    main: NamePublished
    subdomains: tuple[NamePublished, ...] = ()
    discoveries: Mapping[str, LookedUp] = field(default_factory=dict)
    keys: tuple[KeyRecord, ...] | None = None
    keys_step: int | None = None
    reporters: tuple[Authorisation, ...] = ()
    has_outside_reporters: bool = False
    reporters_step: int | None = None
    plan: Plan | None = None
