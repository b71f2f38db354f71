"""The catalogue and the run of all rules: a new rule is a new module and one line in ``RULES``.

Modules are imported when they are first needed.  Two modules that claim one code are our own
mistake and refused at once.
"""

import importlib
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from mxwalk.delivery.model import Delivery
from mxwalk.findings.model import Entry, Finding, RuleModule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RULES = (
    "mxwalk.findings.rules.resolver",
    "mxwalk.findings.rules.dnssec",
    "mxwalk.findings.rules.routing",
    "mxwalk.findings.rules.addresses",
    "mxwalk.findings.rules.reach",
    "mxwalk.findings.rules.reverse",
    "mxwalk.findings.rules.connection",
    "mxwalk.findings.rules.waits",
    "mxwalk.findings.rules.replies",
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


@lru_cache(maxsize=1)
def _modules() -> tuple[RuleModule, ...]:
    return tuple(cast("RuleModule", importlib.import_module(name)) for name in RULES)


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
    return MappingProxyType(collect(_modules()))


def check(delivery: Delivery) -> tuple[Finding, ...]:
    """Return the findings on a whole or growing delivery: worst first, then by step and code."""
    raised = [finding for module in _modules() for finding in module.check(delivery)]
    raised.sort(key=_order)
    return tuple(dict.fromkeys(raised))


def _order(finding: Finding) -> tuple[int, int, str, int]:
    step = -1 if finding.step is None else finding.step
    return finding.level.rank, step, finding.code, finding.line
