"""The delivery as one structure: ``Delivery`` > ``Host`` > ``Attempt`` > steps.

Everything here is computed from a trace and can be computed again at any time; nothing is stored.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mxwalk.dane.model import DaneState
from mxwalk.delivery.notes import notes_of
from mxwalk.dnssec.model import Validation
from mxwalk.evidence.connection import (
    ChainChecked,
    Connected,
    Exchanged,
    Handshaken,
    IdentityGathered,
    IssuersFetched,
    LookedAgain,
    RevocationChecked,
)
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.lookups import AddressesLookedUp, MxLookedUp, PtrLookedUp, ResolverChecked
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Decided, Scope, Step, StepKind
from mxwalk.evidence.target import Options, Target
from mxwalk.evidence.trace import Trace
from mxwalk.mtasts.state import NO_POLICY_DOMAIN, StsState
from mxwalk.smtp.ehlo import read_ehlo
from mxwalk.smtp.model import EhloResponse, Reply
from mxwalk.smtp.replies import parse_reply

if TYPE_CHECKING:  # a delivery to a mail server does without them, and they take long to load
    from mxwalk.mailauth.case import MessageCase
    from mxwalk.mailauth.dmarc.model import Authorisation, Discovery
    from mxwalk.mailauth.published import Survey


DENIED = (DnsStatus.NXDOMAIN, DnsStatus.NODATA)


def denies_root(checked: ResolverChecked | None) -> bool:
    """Say whether the resolver says that the DNS root has no keys."""
    return checked is not None and checked.answer.status in DENIED


class RouteKind(enum.Enum):
    """Where the delivery hosts come from, or why there are none."""

    PENDING = "not looked up yet"
    MX = "MX records"
    IMPLICIT = "no MX record: the domain itself"
    ROUTES = "configured SMTP routes"
    TARGET = "the host named as target"
    NULL_MX = "null MX: the domain accepts no mail"
    NO_DOMAIN = "the domain does not exist"
    LOOKUP_FAILED = "the MX lookup failed"


class HostOrigin(enum.Enum):
    """How a delivery host came into the list."""

    MX = "MX"
    ROUTE = "route"
    IMPLICIT = "implicit MX"
    TARGET = "target"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHost:
    """A host the sender would connect to: ``name`` in A-labels, or an address when ``is_literal``.

    ``display`` is the U-label form; ``preference`` the MX preference or the route's priority.
    """

    name: str
    display: str
    port: int
    preference: int
    origin: HostOrigin
    is_literal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePlan:
    """The delivery hosts in the sender's order.  ``problem`` says why there are none."""

    kind: RouteKind
    hosts: tuple[PlannedHost, ...] = ()
    mx_hosts: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One connection (or the attempt at one) and the steps made over it, in order."""

    host: PlannedHost
    address: str
    port: int
    number: int
    steps: tuple[Step, ...]
    ptr_step: Step | None = None

    @property
    def scope(self) -> Scope:
        """The scope of its steps."""
        return Scope(host=self.host.name, address=self.address, port=self.port, attempt=self.number)

    def step(self, kind: StepKind) -> Step | None:
        """Return the last step of this kind, or ``None``."""
        return next((step for step in reversed(self.steps) if step.kind is kind), None)

    def exchange(self, kind: StepKind) -> Exchanged | None:
        """Return the evidence of a command step, or ``None``."""
        step = self.step(kind)
        return step.evidence if step and isinstance(step.evidence, Exchanged) else None

    def reply(self, kind: StepKind) -> Reply | None:
        """Return the parsed reply of a command step; ``None`` if the step or any byte is missing."""
        exchange = self.exchange(kind)
        return parse_reply(exchange.reply) if exchange and exchange.reply else None

    @property
    def place(self) -> str:
        """Where to connect to again: the address, or the name where a pasted text gives none."""
        return self.address or self.host.name

    @property
    def connected(self) -> Connected | None:
        """The TCP connection's evidence."""
        step = self.step(StepKind.CONNECT)
        return step.evidence if step and isinstance(step.evidence, Connected) else None

    @property
    def greeting(self) -> Reply | None:
        """The greeting, as far as it came."""
        return self.reply(StepKind.GREETING)

    @cached_property
    def ehlo(self) -> EhloResponse | None:
        """The EHLO response before TLS when it was accepted (code 250, complete)."""
        return self._ehlo(StepKind.EHLO)

    @cached_property
    def ehlo_tls(self) -> EhloResponse | None:
        """The EHLO response inside TLS when it was accepted."""
        return self._ehlo(StepKind.EHLO_TLS)

    def _ehlo(self, kind: StepKind) -> EhloResponse | None:
        reply = self.reply(kind)
        if reply is None or reply.code != 250 or not reply.complete:
            return None
        return read_ehlo(reply.raw)

    @property
    def dead(self) -> bool:
        """Whether the connection ended before its time, or never stood.

        A command that was not sent for a reason of ours leaves the connection as it was; one more
        look is another connection.
        """
        return any(
            getattr(step.evidence, "ending", None) is not None
            and not isinstance(step.evidence, LookedAgain)
            and not (
                isinstance(step.evidence, Exchanged)
                and step.evidence.unsent
                and step.kind is not StepKind.GREETING
            )
            for step in self.steps
        )

    @property
    def throttled(self) -> bool:
        """Whether the server answered 421: it closes, and we stop (RFC 5321 3.8)."""
        return any(
            parse_reply(step.evidence.reply).code == 421
            for step in self.steps
            if isinstance(step.evidence, Exchanged) and step.evidence.reply
        )

    @property
    def starttls(self) -> Reply | None:
        """The reply to STARTTLS."""
        return self.reply(StepKind.STARTTLS)

    @property
    def handshake(self) -> Handshaken | None:
        """The handshake's evidence, whether it succeeded or not."""
        step = self.step(StepKind.HANDSHAKE)
        return step.evidence if step and isinstance(step.evidence, Handshaken) else None

    @property
    def tls_is_up(self) -> bool:
        """Whether the handshake was completed."""
        return self.handshake is not None and self.handshake.ending is None

    @property
    def chain(self) -> ChainChecked | None:
        """OpenSSL's verdict on the chain."""
        step = self.step(StepKind.CHAIN)
        return step.evidence if step and isinstance(step.evidence, ChainChecked) else None

    @property
    def identity(self) -> IdentityGathered | None:
        """The names gathered for the identity check."""
        step = self.step(StepKind.IDENTITY)
        return step.evidence if step and isinstance(step.evidence, IdentityGathered) else None

    @property
    def other_leaf(self) -> LookedAgain | None:
        """What a second connection for the other key type showed; no sender looks at it."""
        return self.look(StepKind.OTHER_LEAF)

    def look(self, kind: StepKind) -> LookedAgain | None:
        """Return what one more connection with another ClientHello showed."""
        step = self.step(kind)
        return step.evidence if step and isinstance(step.evidence, LookedAgain) else None

    @property
    def issuers(self) -> IssuersFetched | None:
        """The issuers that were fetched because the server had not sent them."""
        step = self.step(StepKind.ISSUERS)
        return step.evidence if step and isinstance(step.evidence, IssuersFetched) else None

    @property
    def revocation(self) -> RevocationChecked | None:
        """What CRLs and OCSP responders said."""
        step = self.step(StepKind.REVOCATION)
        return step.evidence if step and isinstance(step.evidence, RevocationChecked) else None

    @property
    def ptr(self) -> PtrLookedUp | None:
        """The reverse lookup of the address."""
        step = self.ptr_step
        return step.evidence if step and isinstance(step.evidence, PtrLookedUp) else None


@dataclass(frozen=True, kw_only=True)
class Host:
    """A delivery host: its address lookup and the connections to its addresses.

    ``addresses`` are in the order of connection.  ``merged`` maps an address to the name of the host
    over whose connection it was examined (routes with one address share a connection).
    ``left_out`` counts the addresses beyond ``limits``, which are not connected to.  ``dane`` is the
    host's standing with regard to DANE.
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

    @property
    def lookup(self) -> AddressesLookedUp | None:
        """The address lookup's evidence."""
        step = self.address_step
        return step.evidence if step and isinstance(step.evidence, AddressesLookedUp) else None

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

    @property
    def mx(self) -> MxLookedUp | None:
        """The MX lookup's evidence."""
        step = self.mx_step
        return step.evidence if step and isinstance(step.evidence, MxLookedUp) else None

    @property
    def policy_records(self) -> PolicyRecordsLookedUp | None:
        """The records of MTA-STS and TLS-RPT."""
        step = self.records_step
        found = step.evidence if step else None
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

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """All connections, in order."""
        return tuple(attempt for host in self.hosts for attempt in host.attempts)

    @cached_property
    def decisions(self) -> tuple[Step, ...]:
        """The steps that are decisions, in order."""
        return tuple(step for step in self.trace.steps if isinstance(step.evidence, Decided))

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
        return next((a for a in self.attempts if step in a.steps), None)
