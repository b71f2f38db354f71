"""All paths from a certificate to anchors through what was sent, fetched and stored.

OpenSSL takes one path; others may exist, and another client may take them (RFC 4158).  The search is
bounded in steps, in signatures and in paths, so that a mesh of cross-signed certificates ends it
instead of it ending the program.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mxwalk.limits import (
    PATH_CANDIDATES,
    PATH_CERTIFICATES,
    PATH_ISSUERS_TRIED,
    PATH_SIGNATURES,
    PATH_STEPS,
)
from mxwalk.pkix.model import Member, Source
from mxwalk.pkix.signatures import check_signature
from mxwalk.pkix.traits import likely_issued, looks_self_signed
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.keys import SignatureCheck


@dataclass(frozen=True, slots=True)
class Pool:
    """The certificates at hand by subject, each with where it came from; sent ones first."""

    sources: dict[bytes, Source]
    by_subject: dict[tuple[bytes, ...], list[bytes]]

    @classmethod
    def of(
        cls, sent: tuple[bytes, ...], fetched: tuple[bytes, ...], store: tuple[bytes, ...]
    ) -> "Pool":
        """Put certificates together; one that is in several places counts for the first."""
        sources: dict[bytes, Source] = {}
        for source, ders in (
            (Source.SENT, sent),
            (Source.STORE, store),
            (Source.FETCHED, fetched),
        ):
            for der in ders:
                sources.setdefault(der, source)
        by_subject: dict[tuple[bytes, ...], list[bytes]] = {}
        for der in sources:
            facts = read_certificate(der)
            if facts.readable:
                by_subject.setdefault(facts.subject_canonical, []).append(der)
        return cls(sources, by_subject)


@dataclass(frozen=True, slots=True)
class FoundPaths:
    """The paths found; ``complete`` tells that no limit ended the search."""

    paths: tuple[tuple[Member, ...], ...]
    complete: bool


@dataclass(slots=True)
class _Budget:
    steps: int = PATH_STEPS
    signatures: int = PATH_SIGNATURES
    exhausted: bool = False
    checked: dict[tuple[bytes, bytes], bool] = field(default_factory=dict)

    def step(self) -> bool:
        self.steps -= 1
        self.exhausted |= self.steps < 0
        return self.steps >= 0

    def signed(self, child: bytes, issuer: bytes) -> bool:
        """Say whether the signature is not wrong; without budget it counts as not wrong."""
        known = self.checked.get((child, issuer))
        if known is not None:
            return known
        if self.signatures <= 0:
            self.exhausted = True
            return True
        self.signatures -= 1
        answer = check_signature(child, issuer) is not SignatureCheck.WRONG
        self.checked[child, issuer] = answer
        return answer


def find_paths(leaf: bytes, pool: Pool) -> FoundPaths:
    """Return the paths from ``leaf``, depth first, the shortest detours first; total.

    A path ends in a self-signed certificate or where no issuer is at hand.  Signatures that are wrong
    lead nowhere; no certificate occurs twice, nor two for one name and key (RFC 4158 2.4.1).
    """
    budget = _Budget()
    found: list[tuple[Member, ...]] = []
    for path in _walk(leaf, pool, budget):
        found.append(tuple(Member(der, pool.sources.get(der, Source.SENT)) for der in path))
        if len(found) >= PATH_CANDIDATES:
            budget.exhausted = True
            break
    return FoundPaths(tuple(found), not budget.exhausted)


def _walk(leaf: bytes, pool: Pool, budget: _Budget) -> Iterator[tuple[bytes, ...]]:
    stack: list[tuple[bytes, ...]] = [(leaf,)]
    while stack and budget.step():
        path = stack.pop()
        above = () if len(path) >= PATH_CERTIFICATES else tuple(_issuers(path, pool, budget))
        if not above:
            yield path
            continue
        stack.extend((*path, issuer) for issuer in reversed(above))


def _issuers(path: tuple[bytes, ...], pool: Pool, budget: _Budget) -> Iterator[bytes]:
    child = read_certificate(path[-1])
    if not child.readable or looks_self_signed(child):
        return
    seen = {(facts.subject_canonical, facts.spki_sha256) for facts in map(read_certificate, path)}
    named = pool.by_subject.get(child.issuer_canonical, [])
    if len(named) > PATH_ISSUERS_TRIED:
        budget.exhausted = True
    for der in named[:PATH_ISSUERS_TRIED]:
        facts = read_certificate(der)
        if (
            (facts.subject_canonical, facts.spki_sha256) not in seen
            and likely_issued(facts, child)
            and budget.signed(path[-1], der)
        ):
            yield der
