"""The delivery as one structure: ``Delivery`` > ``Host`` > ``Attempt`` > steps.

Everything here is computed from a trace and can be computed again at any time; nothing is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mxwalk.dane.model import DaneState
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.denials import believed, denies_root
from mxwalk.delivery.notes import notes_of
from mxwalk.delivery.route import PlannedHost, RoutePlan
from mxwalk.dnssec.model import Validation
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    ResolverChecked,
    TlsaLookedUp,
)
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Decided, DecisionKind, Evidence, Scope, Step, StepKind
from mxwalk.evidence.target import Options, Target
from mxwalk.evidence.trace import Trace
from mxwalk.mtasts.state import NO_POLICY_DOMAIN, StsState

if TYPE_CHECKING:  # a delivery to a mail server does without them, and they take long to load
    from mxwalk.mailauth.case import MessageCase
    from mxwalk.mailauth.dmarc.model import Authorisation, Discovery
    from mxwalk.mailauth.published import Survey


def _evidence(step: Step | None, *, doubts: bool) -> Evidence | None:
    if step is None:
        return None
    return believed(step.evidence) if doubts else step.evidence


def _is_made(made: Step, step: Step) -> bool:
    """Say whether this is that step, of this very walk; what of its evidence is believed may differ."""
    return (made.seq, made.kind, made.scope, made.started_s, made.elapsed_s) == (
        step.seq, step.kind, step.scope, step.started_s, step.elapsed_s,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Host:
    """A delivery host: its address lookup and the connections to its addresses.

    ``addresses`` are in the order of connection.  ``merged`` maps an address to the name of the host
    over whose connection it was examined (routes with one address share a connection).
    ``left_out`` counts the addresses beyond ``limits``, which are not connected to.  ``dane`` is the
    host's standing with regard to DANE.  ``doubts`` tells that no denial of our resolver counts.
    """

    planned: PlannedHost
    address_step: Step | None = None
    addresses: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()
    left_out: int = 0
    skipped: bool = False
    tlsa_step: Step | None = None
    dane: DaneState | None = None  # None: this walk did not look
    doubts: bool = False

    @cached_property
    def lookup(self) -> AddressesLookedUp | None:
        """The address lookup's evidence, denials as far as they can be believed."""
        found = _evidence(self.address_step, doubts=self.doubts)
        return found if isinstance(found, AddressesLookedUp) else None

    @cached_property
    def tlsa_answers(self) -> tuple[DnsAnswer, ...]:
        """The answers of the TLSA look-up, likewise; none where there was no such step."""
        found = _evidence(self.tlsa_step, doubts=self.doubts)
        return found.answers if isinstance(found, TlsaLookedUp) else ()

    def latest(self, address: str) -> Attempt | None:
        """Return the last attempt at ``address``."""
        return next((a for a in reversed(self.attempts) if a.address == address), None)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A whole trace in its places.  ``stopped`` tells that the administrator ended the walk.

    ``mx_validation`` is the DNSSEC validation of the MX answer, where the walk made one.  ``sts`` is
    the recipient domain's standing with MTA-STS; ``records_step`` and ``policy_step`` hold its record
    (with that of TLS-RPT) and its policy.
    """

    trace: Trace
    route: RoutePlan
    hosts: tuple[Host, ...]
    resolver_step: Step | None = None
    mx_step: Step | None = None
    stopped: bool = False
    mx_validation: Validation | None = None
    sts: StsState = NO_POLICY_DOMAIN
    records_step: Step | None = None
    policy_step: Step | None = None
    message: "MessageCase | None" = None
    survey: "Survey | None" = None

    @property
    def target(self) -> Target:
        """What was asked for."""
        return self.trace.header.target

    @property
    def options(self) -> Options:
        """How it was asked for."""
        return self.trace.header.options

    @property
    def domain(self) -> str:
        """The recipient domain in A-labels; empty for an address target."""
        return self.target.domain.ascii if self.target.domain else ""

    @cached_property
    def mx(self) -> MxLookedUp | None:
        """The MX lookup's evidence, a denial as far as it can be believed."""
        found = _evidence(self.mx_step, doubts=self.resolver_denies_root)
        return found if isinstance(found, MxLookedUp) else None

    @cached_property
    def policy_records(self) -> PolicyRecordsLookedUp | None:
        """The records of MTA-STS and TLS-RPT, likewise."""
        found = _evidence(self.records_step, doubts=self.resolver_denies_root)
        return found if isinstance(found, PolicyRecordsLookedUp) else None

    @property
    def resolver(self) -> ResolverChecked | None:
        """The resolver check's evidence."""
        step = self.resolver_step
        return step.evidence if step and isinstance(step.evidence, ResolverChecked) else None

    @property
    def resolver_denies_root(self) -> bool:
        """Whether the resolver says that the DNS root has no keys: no "does not exist" of it counts."""
        return denies_root(self.resolver)

    @cached_property
    def attempts(self) -> tuple[Attempt, ...]:
        """All connections, in order."""
        return tuple(attempt for host in self.hosts for attempt in host.attempts)

    @cached_property
    def decisions(self) -> tuple[Step, ...]:
        """The steps that are decisions, in order."""
        return tuple(step for step in self.trace.steps if isinstance(step.evidence, Decided))

    @cached_property
    def standing_steps(self) -> Mapping[tuple[StepKind, Scope], Step]:
        """The last step of each kind at each place, unless it was to be repeated since."""
        found: dict[tuple[StepKind, Scope], Step] = {}
        for step in self.trace.steps:
            if not isinstance(step.evidence, Decided):
                found[step.kind, step.scope] = step
            elif step.evidence.step_kind is not None and step.evidence.repeats(
                step.evidence.step_kind
            ):
                found.pop((step.evidence.step_kind, step.scope), None)
        return found

    @cached_property
    def last_made(self) -> Mapping[tuple[StepKind, str, str], int]:
        """The number of the last step of each kind at each address of each host."""
        return {(s.kind, s.scope.host, s.scope.address): s.seq for s in self.trace.steps}

    @cached_property
    def left_out(self) -> Mapping[Scope, frozenset[StepKind]]:
        """The kinds of steps that the administrator left out, by where."""
        found: dict[Scope, frozenset[StepKind]] = {}
        for step in self.decisions:
            decided = step.evidence
            assert isinstance(decided, Decided)
            if decided.decision is DecisionKind.SKIP_STEP and decided.step_kind is not None:
                found[step.scope] = found.get(step.scope, frozenset()) | {decided.step_kind}
        return found

    @cached_property
    def notes(self) -> Mapping[int, str]:
        """The administrator's notes by the number of the step they are on."""
        return notes_of(self.trace)

    @cached_property
    def ptr_steps(self) -> Mapping[str, Step]:
        """The last reverse look-up of each address."""
        return {s.scope.address: s for s in self.trace.steps if s.kind is StepKind.PTR}

    @cached_property
    def ptr_again(self) -> frozenset[str]:
        """The addresses whose reverse look-up was to be repeated and has not been yet."""
        waiting: set[str] = set()
        for step in self.trace.steps:
            if step.kind is StepKind.PTR:
                waiting.discard(step.scope.address)
            elif isinstance(step.evidence, Decided) and step.evidence.repeats(StepKind.PTR):
                waiting.add(step.scope.address)
        return frozenset(waiting)

    @property
    def reporters(self) -> "tuple[Authorisation, ...]":
        """The addresses that DMARC reports go to, and whether outside ones agreed."""
        part = self.message or self.survey
        return part.reporters if part else ()

    def discovery(self, domain: str) -> "Discovery | None":
        """Return the DMARC discovery of an identifier by RFC 9989, if it was made."""
        part = self.message or self.survey
        found = part.discoveries.get(domain) if part else None
        return found.walk if found else None

    def attempt_of(self, step: Step) -> Attempt | None:
        """Return the connection a step belongs to."""
        found = self._attempts_by_step.get(step.seq)
        return found[1] if found is not None and _is_made(found[0], step) else None

    def host_of(self, step: Step) -> Host | None:
        """Return the delivery host over whose connection a step was made."""
        attempt = self.attempt_of(step)
        return self._hosts_by_plan.get(attempt.host) if attempt is not None else None

    @cached_property
    def _hosts_by_plan(self) -> Mapping[PlannedHost, Host]:
        return {host.planned: host for host in reversed(self.hosts)}

    @cached_property
    def _attempts_by_step(self) -> Mapping[int, tuple[Step, Attempt]]:
        return {step.seq: (step, one) for one in reversed(self.attempts) for step in one.steps}
