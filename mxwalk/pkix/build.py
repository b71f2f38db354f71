"""The path OpenSSL builds from what was sent and what a store holds (crypto/x509/x509_vfy.c).

It looks in the store first, then among the certificates sent, and never goes back: of several
issuers it takes the first that is valid now, and signatures are verified only when the path stands.
So a chain can fail although another path through the same certificates would hold.
"""

from dataclasses import dataclass
from datetime import datetime

from mxwalk.limits import CHAIN_CERTIFICATES, PATH_CERTIFICATES
from mxwalk.pkix.traits import in_time, key_usable, likely_issued, looks_self_signed
from mxwalk.tls.certificate import CertificateFacts, read_certificate


@dataclass(frozen=True, slots=True)
class BuiltPath:
    """The path, how many of its certificates came from the peer, whether it ends in an anchor."""

    ders: tuple[bytes, ...]
    untrusted: int
    trusted: bool


def build_path(presented: tuple[bytes, ...], anchors: tuple[bytes, ...], at: datetime) -> BuiltPath:
    """Build the path from ``presented[0]``; total."""
    if not presented:
        return BuiltPath((), 0, trusted=False)
    builder = _Builder(presented[:CHAIN_CERTIFICATES], anchors, at)
    builder.run()
    return BuiltPath(tuple(builder.chain), builder.untrusted, builder.trusted)


class _Builder:
    def __init__(
        self, presented: tuple[bytes, ...], anchors: tuple[bytes, ...], at: datetime
    ) -> None:
        self.chain = [presented[0]]
        self.untrusted = 1
        self.trusted = False
        self.stuck = False
        self._at = at
        self._sent = _by_subject(presented)
        self._store = _by_subject(anchors)
        self._used: set[int] = set()

    def run(self) -> None:
        look_at_sent = True
        while True:
            grown = len(self.chain) <= PATH_CERTIFICATES and self._from_store()
            if self.trusted or self.stuck:
                return
            if grown:
                look_at_sent = False  # once in the store, never back to what was sent
                if not looks_self_signed(self._top):
                    continue
            if not look_at_sent:
                return
            look_at_sent = self._from_sent()

    @property
    def _top(self) -> CertificateFacts:
        return read_certificate(self.chain[-1])

    def _from_store(self) -> bool:
        """Grow the chain by an issuer of the store, or find its self-signed top there."""
        found = self._best(self._store, repeat=True)
        if found is None:
            return False
        if not key_usable(self._top):
            self.stuck = True  # OpenSSL gives up at once on a key it cannot read
            return False
        der = found[1]
        if looks_self_signed(self._top):
            if der != self.chain[-1]:
                return False  # another root of the same name
            self.untrusted -= 1
        else:
            self.chain.append(der)
        self.trusted = looks_self_signed(self._top)
        return True

    def _from_sent(self) -> bool:
        if looks_self_signed(self._top) or len(self.chain) > PATH_CERTIFICATES:
            return False
        found = self._best(self._sent, repeat=False)
        if found is None:
            return False
        self._used.add(found[0])
        self.chain.append(found[1])
        self.untrusted += 1
        return True

    def _best(
        self, pool: dict[tuple[bytes, ...], list[tuple[int, bytes]]], *, repeat: bool
    ) -> tuple[int, bytes] | None:
        """Return the first issuer that is valid now, else the one that expires last."""
        child = self._top
        best: tuple[int, bytes] | None = None
        for number, der in pool.get(child.issuer_canonical, ()):
            if not repeat and (number in self._used or der in self.chain):
                continue
            facts = read_certificate(der)
            if not likely_issued(facts, child):
                continue
            if in_time(facts, self._at):
                return number, der
            if best is None or _later(facts, read_certificate(best[1])):
                best = number, der
        return best


def _later(one: CertificateFacts, other: CertificateFacts) -> bool:
    return bool(one.not_after and other.not_after and one.not_after > other.not_after)


def _by_subject(ders: tuple[bytes, ...]) -> dict[tuple[bytes, ...], list[tuple[int, bytes]]]:
    found: dict[tuple[bytes, ...], list[tuple[int, bytes]]] = {}
    for number, der in enumerate(ders):
        facts = read_certificate(der)
        if facts.readable:
            found.setdefault(facts.subject_canonical, []).append((number, der))
    return found
