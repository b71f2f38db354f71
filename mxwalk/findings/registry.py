"""The catalogue and the run of all rules: a new rule is a new module and one line in ``RULES``.

Modules are imported when they are first needed.  Two modules that claim one code are our own
mistake and refused at once.
"""

import importlib
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.concern import OWN_RESOLVER, causes_first
from mxwalk.findings.decided import connected
from mxwalk.findings.model import Entry, Finding, RuleModule
from mxwalk.findings.own_resolver import looked_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LOOKUPS = (
    "mxwalk.findings.rules.resolver",
    "mxwalk.findings.rules.dnssec",
)
_MESSAGE = (
    "mxwalk.findings.rules.message",
    "mxwalk.findings.rules.spf_result",
    "mxwalk.findings.rules.dkim",
    "mxwalk.findings.rules.dmarc_result",
    "mxwalk.findings.rules.passage",
)
_DOMAIN = (
    "mxwalk.findings.rules.spf_record",
    "mxwalk.findings.rules.dkim_keys",
    "mxwalk.findings.rules.dmarc_record",
    "mxwalk.findings.rules.roll_out",
)
_DELIVERY = (
    "mxwalk.findings.rules.resolver",
    "mxwalk.findings.rules.dnssec",
    "mxwalk.findings.rules.routing",
    "mxwalk.findings.rules.addresses",
    "mxwalk.findings.rules.reach",
    "mxwalk.findings.rules.reverse",
    "mxwalk.findings.rules.connection",
    "mxwalk.findings.rules.waits",
    "mxwalk.findings.rules.replies",
    "mxwalk.findings.rules.lockstep",
    "mxwalk.findings.rules.ehlo",
    "mxwalk.findings.rules.session",
    "mxwalk.findings.rules.starttls",
    "mxwalk.findings.rules.tls",
    "mxwalk.findings.rules.looks",
    "mxwalk.findings.rules.server_name",
    "mxwalk.findings.rules.features",
    "mxwalk.findings.rules.certificate",
    "mxwalk.findings.rules.fitness",
    "mxwalk.findings.rules.chain",
    "mxwalk.findings.rules.missing",
    "mxwalk.findings.rules.issuers",
    "mxwalk.findings.rules.stores",
    "mxwalk.findings.rules.profile",
    "mxwalk.findings.rules.revocation",
    "mxwalk.findings.rules.stapling",
    "mxwalk.findings.rules.identity",
    "mxwalk.findings.rules.names",
    "mxwalk.findings.rules.tlsa",
    "mxwalk.findings.rules.dane",
    "mxwalk.findings.rules.sts_record",
    "mxwalk.findings.rules.sts_policy",
    "mxwalk.findings.rules.sts_hosts",
    "mxwalk.findings.rules.tls_rpt",
    "mxwalk.findings.rules.leaves",
    "mxwalk.findings.rules.envelope",
)


# What a survey shares with a delivery: the look-ups before the first connection.
_SURVEYED = (
    "mxwalk.findings.rules.routing",
    "mxwalk.findings.rules.addresses",
    "mxwalk.findings.rules.tlsa",
    "mxwalk.findings.rules.sts_record",
    "mxwalk.findings.rules.sts_policy",
    "mxwalk.findings.rules.tls_rpt",
)
RULES = {
    Purpose.DELIVERY: _DELIVERY,
    Purpose.MESSAGE: (*_LOOKUPS, *_MESSAGE, *_DOMAIN[:3]),
    Purpose.DOMAIN: (*_LOOKUPS, *_SURVEYED, *_DOMAIN),
}


@lru_cache(maxsize=3)
def _modules(purpose: Purpose) -> tuple[RuleModule, ...]:
    return tuple(cast("RuleModule", importlib.import_module(name)) for name in RULES[purpose])


def collect(modules: "Iterable[RuleModule]") -> "dict[str, Entry]":
    """Return code to entry, sorted by code.  Raises ``ValueError`` on a code claimed twice."""
    entries: dict[str, Entry] = {}
    for module in modules:
        for item in module.ENTRIES:
            if item.code in entries:
                raise ValueError(f"the code {item.code} is claimed twice")
            entries[item.code] = item
    return dict(sorted(entries.items()))


@lru_cache(maxsize=1)
def catalogue() -> "Mapping[str, Entry]":
    """Return every code with its entry, sorted by code."""
    modules = dict.fromkeys(module for purpose in Purpose for module in _modules(purpose))
    return MappingProxyType(collect(modules))


def check(delivery: Delivery) -> tuple[Finding, ...]:
    """Return the findings on a whole or growing delivery: worst first, then by step and code.

    A cause stands before what follows from it.
    """
    modules = _modules(delivery.trace.header.purpose)
    raised = [finding for module in modules for finding in module.check(delivery)]
    raised = list(looked_up(raised, delivery))
    reached = connected(delivery)
    raised.sort(key=lambda one: _order(one, reached=reached))
    return causes_first(tuple(dict.fromkeys(raised)))


def _order(finding: Finding, *, reached: bool) -> tuple[int, bool, int, str, int]:
    """Where a connection was made, our own resolver has no part in what it showed."""
    step = -1 if finding.step is None else finding.step
    aside = reached and finding.code in OWN_RESOLVER
    return finding.level.rank, aside, step, finding.code, finding.line
