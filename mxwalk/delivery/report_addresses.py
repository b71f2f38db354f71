"""Where a domain's DMARC reports go, and the question whether outside addresses have agreed."""

from dataclasses import dataclass

from mxwalk.mailauth.asking import Asking
from mxwalk.mailauth.dmarc.model import (
    Assessment,
    Authorisation,
    Discovery,
    PolicyFound,
    ReportUri,
)
from mxwalk.mailauth.dmarc.reporting import authorise


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsTo:
    """The addresses of a policy record; ``domain`` is where the record stands."""

    domain: str
    organizational: str
    uris: tuple[ReportUri, ...]

    @property
    def has_outside(self) -> bool:
        """Whether an address may lie outside the domain, so that it has to agree."""
        own = (self.domain, self.organizational)
        return any(uri.host and not uri.problem and uri.host not in own for uri in self.uris)

    def asking(self) -> Asking[tuple[Authorisation, ...]]:
        """Ask for the consent of each (RFC 9990 4)."""
        return authorise(self.domain, self.organizational, self.uris)


def reports_to(assessment: Assessment | None) -> ReportsTo | None:
    """Return where reports on a message go; ``None`` before discovery or without a record."""
    if assessment is None:
        return None
    return reports_of(assessment.policy, assessment.discovery)


def reports_of(policy: PolicyFound, discovery: Discovery) -> ReportsTo | None:
    """Return where the reports of a policy go; ``None`` without a record."""
    record = policy.record
    if record is None:
        return None
    return ReportsTo(
        domain=record.name.removeprefix("_dmarc."),
        organizational=discovery.organizational,
        uris=(*record.aggregate, *record.failure),
    )
