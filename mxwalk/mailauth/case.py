"""A message walk in its places: what the message says of itself, and what each check found.

A pure value, computed from the evidence (``mxwalk.delivery.authentication``).  Where a step has not
been made, its part is ``None``; nothing here says "passed" for "not looked at".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mxwalk.evidence.mailauth import ArcChecked, MessageInput, SpfIdentity
from mxwalk.mailauth.dkim.model import Signature, SignatureVerdict
from mxwalk.mailauth.dmarc.discovery import LookedUp
from mxwalk.mailauth.dmarc.model import Assessment, Authorisation, Reading
from mxwalk.mailauth.envelope import Arrival
from mxwalk.mailauth.message import Message
from mxwalk.mailauth.results.comparing import Difference
from mxwalk.mailauth.results.model import AuthResults
from mxwalk.mailauth.spf.model import Evaluation, SpfResult


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfCheck:
    """One ``check_host()`` with the seq of its step.

    ``open`` says that an answer it needs was never had, so that its result is none.
    """

    identity: SpfIdentity
    evaluation: Evaluation
    step: int
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcCheck:
    """The ARC chain as verified, with the seq of its step; ``detail`` is the evidence's for show."""

    evidence: ArcChecked
    step: int
    detail: str = ""

    @property
    def open(self) -> bool:
        """Whether it was not verified to its end; the step is made only where there is a chain."""
        return self.evidence.result not in ("pass", "fail")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenHeader:
    """A field a receiver would write: its name and its value, folded, made of visible text."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class MessageCase:
    """Everything a message walk has shown so far.

    ``mailfrom_domain`` is the domain that SPF checks first (that of HELO for a null reverse-path, RFC
    7208 2.4; empty where MAIL FROM is not known), ``helo_domain`` the HELO name where it is a domain.
    ``author_domain`` is that of From, the first of ``authors``; ``identifiers`` are the domains whose
    discovery is needed: the authors' first, then those that SPF and DKIM could authenticate.  ``steps``
    maps a kind of step to the seq of its last one.
    """

    given: MessageInput
    message: Message
    arrival: Arrival
    mailfrom_domain: str = ""
    helo_domain: str = ""
    author_domain: str = ""
    authors: tuple[str, ...] = ()
    author_problem: str = ""
    identifiers: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    has_arc: bool = False
    has_outside_reporters: bool = False
    spf: Mapping[SpfIdentity, SpfCheck] = field(default_factory=dict)
    verdicts: tuple[SignatureVerdict, ...] = ()
    arc: ArcCheck | None = None
    discoveries: Mapping[str, LookedUp] = field(default_factory=dict)
    assessments: Mapping[Reading, Assessment] = field(default_factory=dict)
    reporters: tuple[Authorisation, ...] = ()
    claims: tuple[AuthResults, ...] = ()
    written: tuple[WrittenHeader, ...] = ()
    differences: tuple[Difference, ...] = ()
    steps: Mapping[str, int] = field(default_factory=dict)

    @property
    def mailfrom(self) -> SpfCheck | None:
        """The check of MAIL FROM."""
        return self.spf.get(SpfIdentity.MAILFROM)

    @property
    def helo(self) -> SpfCheck | None:
        """The check of HELO."""
        return self.spf.get(SpfIdentity.HELO)

    @property
    def spf_result(self) -> SpfResult | None:
        """The result for MAIL FROM, which is the one DMARC uses; ``None`` before its step."""
        return self.mailfrom.evaluation.result if self.mailfrom else None

    def assessment(self, reading: Reading = Reading.RFC9989) -> Assessment | None:
        """Return DMARC by one reading; ``None`` before discovery."""
        return self.assessments.get(reading)
