"""Which of a server's handshakes a sender would have had: its ClientHello differs from the walk's.

The walk offers what a modern client offers and looks again where that fails.  None of the senders here
sends hybrid post-quantum groups by default, so what a small ClientHello showed counts for all; what a
legacy ClientHello showed counts for those that still speak TLS 1.0, and the handshake without
server_name, where the walk made it, for those that send no name.
"""

from dataclasses import dataclass

from mxwalk.delivery.looks import as_seen_by, completed, retried_as
from mxwalk.delivery.model import Attempt
from mxwalk.evidence.step import StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """What a sender offers: ``legacy`` goes down to TLS 1.0, ``names_server`` sends server_name."""

    legacy: bool = False
    names_server: bool = True

    def of(self, attempt: Attempt) -> Attempt:
        """Return the connection as this sender would have had it."""
        if not self.names_server:
            nameless = attempt.look(StepKind.WITHOUT_SNI)
            if nameless is not None and nameless.handshake is not None:
                return as_seen_by(attempt, StepKind.WITHOUT_SNI)
        if attempt.handshake is None or attempt.tls_is_up:
            return attempt
        for kind in self._retries:
            if completed(attempt, kind) is not None:
                return as_seen_by(attempt, kind)
        return attempt

    def awaits(self, attempt: Attempt) -> StepKind | None:
        """Return a look still to come that may show this sender a handshake; ``None`` without one."""
        handshake = attempt.handshake
        if handshake is None:
            return None
        wanted = [kind for kind in retried_as(handshake) if kind in self._retries]
        return next((kind for kind in wanted if attempt.step(kind) is None), None)

    @property
    def _retries(self) -> tuple[StepKind, ...]:
        legacy = (StepKind.LEGACY_TLS,) if self.legacy else ()
        return (StepKind.CLASSIC_GROUPS, *legacy)


MODERN = Hello()
