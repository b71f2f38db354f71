"""A DMARC aggregate report as it was read, with what deviates from its schema.

Text is kept as it came, without the spaces around it; whoever shows it makes it visible.  Counts are
never negative; what could not be read is empty or zero, with a deviation that says so.
"""

import enum
from datetime import datetime

import msgspec

from mxwalk.reportfiles.model import Deviation, Problem

PASS, FAIL = "pass", "fail"


class Schema(enum.Enum):
    """Which of the two schemas a report follows."""

    RFC7489 = "RFC 7489"
    RFC9990 = "RFC 9990"


class Signature(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What DKIM said of one signature, uninterpreted by DMARC (RFC 9990 3.1.1.12)."""

    domain: str
    selector: str = ""
    result: str = ""
    explanation: str = ""


class SpfCheck(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What SPF said of one identity (RFC 9990 3.1.1.13); by RFC 7489 ``scope`` may be ``helo``."""

    domain: str
    scope: str = ""
    result: str = ""
    explanation: str = ""


class Reason(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Why the receiver did something else than the policy asks for (RFC 9990 3.1.6)."""

    type: str
    comment: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One record: messages of one source that were judged alike.

    ``dkim`` and ``spf`` tell whether an aligned identifier passed.  ``rows`` is more than one where
    records beyond our limit are added up; they have no address.  ``unreadable`` says what of the row
    makes it none that counts: its address, or its number of messages.
    """

    source_ip: str
    messages: int
    disposition: str = ""
    dkim: str = ""
    spf: str = ""
    reasons: tuple[Reason, ...] = ()
    header_from: str = ""
    envelope_from: str = ""
    envelope_to: str = ""
    signatures: tuple[Signature, ...] = ()
    checks: tuple[SpfCheck, ...] = ()
    rows: int = 1
    unreadable: str = ""

    @property
    def aligned(self) -> bool:
        """Whether DMARC passed: one aligned identifier is enough (RFC 9989 4.4)."""
        return PASS in (self.dkim, self.spf)


class PolicyPublished(msgspec.Struct, frozen=True, kw_only=True):
    """The policy the reporter found; ``pct`` is of RFC 7489 only, the last three of RFC 9990."""

    domain: str = ""
    p: str = ""
    sp: str = ""
    adkim: str = ""
    aspf: str = ""
    fo: str = ""
    pct: int | None = None
    np: str = ""
    testing: str = ""
    discovery: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report; ``source`` is the file, and the part of it, that it was read from.

    ``cut_off`` says why the rest of it is missing; what is counted is then a lower bound.
    """

    source: str
    schema: Schema
    version: str
    organisation: str
    email: str
    contact: str
    report_id: str
    begins: datetime | None
    ends: datetime | None
    generator: str
    errors: tuple[str, ...]
    policy: PolicyPublished
    rows: tuple[Row, ...]
    extensions: tuple[str, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    cut_off: str = ""

    @property
    def unreadable(self) -> int:
        """How many rows have no address or no number of messages that can be read."""
        return sum(bool(row.unreadable) for row in self.rows)

    @property
    def whole(self) -> bool:
        """Whether all of it was read."""
        return not self.cut_off and not self.unreadable

    @property
    def messages(self) -> int:
        """All messages."""
        return sum(row.messages for row in self.rows)

    @property
    def failures(self) -> int:
        """The messages for which DMARC did not pass."""
        return sum(row.messages for row in self.rows if not row.aligned)

    @property
    def successes(self) -> int:
        """The messages for which DMARC passed."""
        return self.messages - self.failures


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in some files: reports in the order of their time, and what is none."""

    reports: tuple[Report, ...] = ()
    problems: tuple[Problem, ...] = ()
