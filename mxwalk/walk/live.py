"""What a running walk holds besides its evidence: its tools, and the one open connection."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mxwalk.clock import Clock
from mxwalk.delivery.model import Delivery
from mxwalk.dns.resolver import Resolver
from mxwalk.dnssec.anchors import TrustAnchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.step import Evidence, Scope
from mxwalk.evidence.wire import WireChunk
from mxwalk.http.client import Fetcher
from mxwalk.net.connection import Connection
from mxwalk.net.dialer import Dialer
from mxwalk.smtp.dialogue import Dialogue
from mxwalk.tls.store import LoadedStore
from mxwalk.walk.model import Pending

if TYPE_CHECKING:
    from mxwalk.tls.handshake import ClientEngine


@dataclass(frozen=True, slots=True)
class ValidationTools:
    """What DNSSEC validation needs: a resolver that sets CD, and the trust anchors."""

    resolver: Resolver
    anchors: TrustAnchors


@dataclass(slots=True)
class Tools:
    """What performs I/O for a walk; tests and the lab pass their own."""

    dialer: Dialer
    resolver: Resolver
    store: LoadedStore
    clock: Clock
    validation: "ValidationTools"
    fetcher: Fetcher
    policies: Fetcher  # with the patience of RFC 8461 3.3
    beside: tuple[LoadedStore, ...] = ()  # trust stores to compare the walk's own with


@dataclass(slots=True)
class Live:
    """The state behind the steps; at most one connection is open at a time.

    ``partial`` returns the evidence of the step being performed as far as it came; it is what a
    cancelled step leaves in the trace.
    """

    tools: Tools
    connection: Connection | None = None
    scope: Scope = field(default_factory=Scope)
    dialogue: Dialogue = field(default_factory=Dialogue)
    book: AnswerBook = field(default_factory=AnswerBook)
    engine: "ClientEngine | None" = None
    in_trace: dict[int, DnsAnswer] = field(default_factory=dict)  # answers the trace holds, by id
    partial: Callable[[], Evidence] | None = None
    last_activity: float = 0.0

    def take_wire(self) -> tuple[WireChunk, ...]:
        """Return the bytes that moved since the last call."""
        return self.connection.take_wire() if self.connection else ()

    def forget(self) -> None:
        """Drop what is remembered of DNS answers, so that the next look-up asks anew."""
        self.tools.resolver.forget()
        self.tools.validation.resolver.forget()
        self.tools.fetcher.forget()
        self.tools.policies.forget()
        self.book = AnswerBook()

    async def hang_up(self) -> None:
        """Close the connection if one is open."""
        connection, self.connection = self.connection, None
        if connection is not None:
            await connection.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step to perform: what was pending (edited or not), what was proposed, and the delivery."""

    pending: Pending
    proposed: Pending
    delivery: Delivery
