"""Which of a server's handshakes a sender would have had: its ClientHello differs from the walk's.

The walk offers what a modern client offers and looks again where that fails.  None of the senders
here is known to send hybrid post-quantum groups, so what a small ClientHello showed counts for all;
what the legacy one showed counts for a sender as far as its own would have led there, and the
handshake without server_name, where the walk made it, for those that send no name.
"""

from dataclasses import dataclass

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import as_seen_by, completed, retried_as
from mxwalk.evidence.connection import Handshaken, LookedAgain
from mxwalk.evidence.handshake import Support, TempKey
from mxwalk.evidence.step import StepKind

_TLS_1_2 = "TLSv1.2"
_OLDER = ("TLSv1", "TLSv1.1")  # before it, oldest first
_SHA1 = ("sha1", "md5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Legacy:
    """What a sender still takes from a server that the walk's legacy ClientHello alone reached.

    ``lowest`` is the oldest version it offers, as OpenSSL writes it.  ``dh_bits`` is the shortest prime
    it takes (0: any); with ``names_dh_groups`` it asks for a prime of RFC 7919 by name, as the modern
    ClientHello does and the legacy one does not.  ``sha1`` lets the server sign its handshake with
    SHA-1, ``unsafe_renegotiation`` lets it do without RFC 5746.  ``lacks`` are parts of OpenSSL's names
    of the ciphers it does not offer; without ``tls_1_2`` nothing is known of it but the versions, and
    at TLS 1.2 it counts as a modern client.
    """

    lowest: str = "TLSv1"
    tls_1_2: bool = True
    dh_bits: int = 0
    names_dh_groups: bool = False
    sha1: bool = True
    unsafe_renegotiation: bool = True
    lacks: tuple[str, ...] = ()

    def takes(self, first: Handshaken, seen: Handshaken) -> bool:
        """Say whether the sender would have had ``seen``; ``first`` is the modern one that failed."""
        if _is_no_legacy(first, seen):
            return False
        prime = _prime(seen)
        if prime is not None and prime.bits < self.dh_bits:
            return False
        if seen.facts.secure_renegotiation is Support.NO and not self.unsafe_renegotiation:
            return False  # RFC 5746 4.1: the client may insist
        if seen.protocol in _OLDER:
            # The version is what the modern one lacked; the rest may be what everybody has.
            return seen.protocol >= self.lowest
        if not self.tls_1_2:
            return False
        if prime is not None and self.names_dh_groups and first.protocol != _TLS_1_2:
            return False  # RFC 7919 4: no answer, for want of a prime it was asked for by name
        if not self.sha1 and seen.signature.endswith(_SHA1):
            return False
        return not any(part in seen.cipher for part in self.lacks)


def _prime(seen: Handshaken) -> TempKey | None:
    """Return the Diffie-Hellman parameters of a handshake, where it had some."""
    key = seen.facts.temp_key
    return key if key is not None and key.method == "DHE" else None


def _is_no_legacy(first: Handshaken, seen: Handshaken) -> bool:
    """Say whether ``first`` was answered with all that ``seen`` has: it failed for another reason."""
    return (
        first.protocol == seen.protocol
        and first.cipher in ("", seen.cipher)
        and _prime(seen) is None
        and not seen.signature.endswith(_SHA1)
        and seen.facts.secure_renegotiation is not Support.NO
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """What a sender offers: ``legacy`` beyond a modern client, ``names_server`` sends server_name."""

    legacy: Legacy | None = None
    names_server: bool = True

    def of(self, attempt: Attempt) -> Attempt:
        """Return the connection as this sender would have had it."""
        first = attempt.handshake
        if first is None:
            return attempt
        nameless = None if self.names_server else attempt.look(StepKind.WITHOUT_SNI)
        if nameless is not None and _tells(attempt, nameless):
            return as_seen_by(attempt, StepKind.WITHOUT_SNI)
        if attempt.tls_is_up:
            return attempt
        for kind in self._retries:
            look = completed(attempt, kind)
            if look is not None and self._would_have(kind, first, look):
                return as_seen_by(attempt, kind)
        return attempt

    def awaits(self, attempt: Attempt) -> StepKind | None:
        """Return a look still to come that may show this sender a handshake; ``None`` without one."""
        handshake = attempt.handshake
        if handshake is None:
            return None
        wanted = [kind for kind in retried_as(handshake) if kind in self._retries]
        return next((kind for kind in wanted if attempt.step(kind) is None), None)

    def lacks(self, attempt: Attempt) -> StepKind | None:
        """Return the look without server_name where this sender needs it and it was not made."""
        first = attempt.handshake
        if self.names_server or first is None or not first.sni:
            return None
        look = attempt.look(StepKind.WITHOUT_SNI)
        return StepKind.WITHOUT_SNI if look is None or look.handshake is None else None

    def _would_have(self, kind: StepKind, first: Handshaken, look: LookedAgain) -> bool:
        if kind is StepKind.CLASSIC_GROUPS or look.handshake is None:
            return True
        return self.legacy is not None and self.legacy.takes(first, look.handshake)

    @property
    def _retries(self) -> tuple[StepKind, ...]:
        legacy = (StepKind.LEGACY_TLS,) if self.legacy else ()
        return (StepKind.CLASSIC_GROUPS, *legacy)


def _tells(attempt: Attempt, nameless: LookedAgain) -> bool:
    """Say whether the missing name makes the difference: it does not where both handshakes fail."""
    if nameless.handshake is None:
        return False
    return attempt.tls_is_up or nameless.ending is None


MODERN = Hello()
