"""One connection of a delivery: what each of its steps showed, and how far it came."""

from dataclasses import dataclass
from functools import cached_property

from mxwalk.delivery.denials import believed
from mxwalk.delivery.route import PlannedHost
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
from mxwalk.evidence.lookups import PtrLookedUp
from mxwalk.evidence.step import Scope, Step, StepKind
from mxwalk.smtp.ehlo import read_ehlo
from mxwalk.smtp.model import EhloResponse, Reply
from mxwalk.smtp.replies import parse_reply


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One connection (or the attempt at one) and the steps made over it, in order.

    ``doubts`` tells that no denial of our resolver counts.
    """

    host: PlannedHost
    address: str
    port: int
    number: int
    steps: tuple[Step, ...]
    ptr_step: Step | None = None
    doubts: bool = False

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

    @cached_property
    def revocation(self) -> RevocationChecked | None:
        """What CRLs and OCSP responders said; whose address is denied, as far as that is believed."""
        step = self.step(StepKind.REVOCATION)
        found = believed(step.evidence) if step and self.doubts else step and step.evidence
        return found if isinstance(found, RevocationChecked) else None

    @cached_property
    def ptr(self) -> PtrLookedUp | None:
        """The reverse lookup of the address, denials as far as they can be believed."""
        evidence = self.ptr_step.evidence if self.ptr_step else None
        found = believed(evidence) if evidence and self.doubts else evidence
        return found if isinstance(found, PtrLookedUp) else None
