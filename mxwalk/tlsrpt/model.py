"""A TLS report as it was read (RFC 8460 4.4), with what deviates from the RFC.

Text is kept as it came; whoever shows it makes it visible.  Counts are never negative, and what could
not be read is empty or zero with a deviation that says so.
"""

from datetime import datetime

import msgspec

from mxwalk.reportfiles.model import Deviation, Problem

POLICY_TYPES = ("tlsa", "sts", "no-policy-found")


class Failure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of failure-details; ``rows`` is more than one where rows beyond our limit are added up."""

    result_type: str
    sessions: int
    sending_ip: str = ""
    receiving_mx: str = ""
    receiving_helo: str = ""
    receiving_ip: str = ""
    information: str = ""
    reason: str = ""
    rows: int = 1


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What was applied to a policy domain, the sessions counted, and the failures.

    ``lines`` are those of the policy file or the TLSA records (RFC 8460 4.5).
    """

    type: str
    domain: str
    lines: tuple[str, ...] = ()
    mx_hosts: tuple[str, ...] = ()
    successes: int = 0
    failures: int = 0
    details: tuple[Failure, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report; ``source`` is the file, and the part of it, that it was read from."""

    source: str
    organisation: str
    begins: datetime | None
    ends: datetime | None
    contact: str
    report_id: str
    policies: tuple[Policy, ...]
    deviations: tuple[Deviation, ...] = ()

    @property
    def successes(self) -> int:
        """The sessions that succeeded."""
        return sum(policy.successes for policy in self.policies)

    @property
    def failures(self) -> int:
        """The sessions that failed."""
        return sum(policy.failures for policy in self.policies)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in some files: reports in the order of their time, and what is none."""

    reports: tuple[Report, ...] = ()
    problems: tuple[Problem, ...] = ()
