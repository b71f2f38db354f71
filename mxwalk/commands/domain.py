"""``mxwalk domain``: what a domain publishes about the mail in its name, and what is next."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mxwalk.commands.request import Request, from_values
from mxwalk.errors import UsageError
from mxwalk.evidence.mailauth import SurveyInput
from mxwalk.evidence.target import TargetKind
from mxwalk.language import say
from mxwalk.limits import SURVEY_SELECTORS, SURVEY_SUBDOMAINS
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible
from mxwalk.walk.target import parse_target


def asked_from(name: str, values: Mapping[str, Any]) -> Request:
    """Return the request for click's values.  Raises ``UsageError`` for what is no domain."""
    domain = survey_domain(name)
    survey = survey_input(
        domain,
        selectors=values["selectors"],
        subdomains=values["subdomains"],
        probe=values["probe"],
        sends=not values["sends_nothing"],
    )
    return replace(from_values(domain, None, values), survey=survey)


def survey_domain(text: str) -> str:
    """Return the domain in A-labels; of a mailbox its domain.  Raises ``UsageError``."""
    target = parse_target(text)
    if target.kind not in (TargetKind.DOMAIN, TargetKind.MAILBOX) or target.domain is None:
        raise UsageError(
            say("{text} is no domain; give a name like example.com", text=visible(text, 200))
        )
    return target.domain.ascii


def survey_input(
    domain: str,
    *,
    selectors: Iterable[str] = (),
    subdomains: Iterable[str] = (),
    probe: bool = False,
    sends: bool = True,
) -> SurveyInput:
    """Return the input of a survey.

    A subdomain is given as a whole or without the domain behind it.  Raises ``UsageError``.
    """
    return SurveyInput(
        selectors=_names(selectors, "--selector", SURVEY_SELECTORS, _selector),
        subdomains=_names(
            subdomains, "--subdomain", SURVEY_SUBDOMAINS, lambda name: _below(name, domain)
        ),
        probe=probe,
        sends=sends,
    )


def _names(texts: Iterable[str], option: str, limit: int, read: Any) -> tuple[str, ...]:  # noqa: ANN401
    found: dict[str, None] = {}
    for text in texts:
        try:
            found[read(parse_name(text).ascii)] = None
        except InvalidNameError as error:
            raise UsageError(f"{option} {visible(text, 100)}: {error}") from error
    if len(found) > limit:
        raise UsageError(say("{option}: at most {limit} are looked up", option=option, limit=limit))
    return tuple(found)


def _selector(name: str) -> str:
    """Return the selector alone where the whole name of a key was pasted."""
    return name.partition("._domainkey")[0]


def _below(name: str, domain: str) -> str:
    return name if name.endswith(f".{domain}") else f"{name}.{domain}"
