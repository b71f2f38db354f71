"""What the chain view draws: the certificates of one connection in their places, at one time.

The walk's own time gives the handshake's verdict.  At another date OpenSSL is asked again, with the
trust anchors that this walk has shown; nothing is asked of the network.  Everything is computed from
evidence, and the costly part, the explanation, can be left out and added later.
"""

import enum
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.looks import examined
from mxwalk.delivery.model import Attempt
from mxwalk.delivery.revocation import products, standings
from mxwalk.evidence.step import ChainChecked, Handshaken
from mxwalk.evidence.tls import Offer, PathCertificate, StoreVerdict, VerifyError
from mxwalk.pkix.model import ChainExplained, Link, Objection, Oddity, Reason, Source
from mxwalk.pkix.openssl import verify_again
from mxwalk.pkix.reasons import reason_of
from mxwalk.pkix.validate import explain_chain
from mxwalk.revocation.model import CertificateStanding, Standing
from mxwalk.revocation.products import ProductReading
from mxwalk.tls.certificate import CertificateFacts, read_certificate

# A chain up to this size is explained at once; a larger one in a thread, while the rest is drawn.
AT_ONCE_CERTIFICATES = 8
AT_ONCE_BYTES = 32 * 1024
_NO_ANCHOR = frozenset(
    {Reason.ISSUER_MISSING, Reason.UNTRUSTED_ROOT, Reason.SELF_SIGNED_LEAF, Reason.TOO_LONG}
)


class Place(enum.Enum):
    """What part a certificate has in the chain."""

    PATH = "path"
    FETCHED = "fetched"
    EXTRA = "extra"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One certificate: ``depth`` in the path OpenSSL built, ``sent`` its place in the order sent.

    ``twin`` is the place of the certificate it repeats.
    """

    der: bytes
    facts: CertificateFacts
    place: Place
    source: Source
    depth: int | None = None
    sent: int | None = None
    twin: int | None = None
    last: bool = False  # the top of the path

    @property
    def name(self) -> str:
        """What to call it."""
        first = self.facts.dns_names[0] if self.facts.dns_names else ""
        return self.facts.common_name or first or self.facts.subject or "no name"

    @property
    def role(self) -> str:
        """Leaf, CA or root."""
        if self.depth == 0 or self.sent == 0:
            return "leaf"
        if self.facts.self_signed:
            return "root"
        return "CA" if self.facts.is_ca else "no CA"

    @property
    def came(self) -> str:
        """Where it came from, in a word or two."""
        if self.sent is not None:
            return f"sent {self.sent + 1}"
        return {Source.STORE: "store", Source.FETCHED: "fetched"}.get(self.source, "sent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict at a time: OpenSSL's objections and the path it built."""

    at: datetime
    errors: tuple[VerifyError, ...]
    path: tuple[PathCertificate, ...]
    stores: tuple[StoreVerdict, ...]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Everything the view draws; ``explained`` is ``None`` while it is being worked out.

    ``attempt`` is the connection itself, ``seen`` as the look shows it that came to certificates;
    ``moved`` tells that ``judged`` is not the walk's own verdict.
    """

    attempt: Attempt
    seen: Attempt
    entries: tuple[Entry, ...]
    chain: ChainChecked | None
    judged: Judged | None
    moved: bool = False
    now: datetime
    explained: ChainExplained | None = None

    @property
    def at(self) -> datetime:
        """The time the certificates are judged at."""
        return self.judged.at if self.judged else self.now

    @property
    def offer(self) -> Offer:
        """The ClientHello that brought the certificates."""
        return self.seen.handshake.offer if self.seen.handshake else Offer.MODERN

    @property
    def presented(self) -> tuple[bytes, ...]:
        """What was sent."""
        return self.seen.handshake.presented if self.seen.handshake else ()

    @property
    def fetched(self) -> tuple[bytes, ...]:
        """Issuers that were fetched to explain."""
        return self.attempt.issuers.certificates if self.attempt.issuers else ()

    @cached_property
    def standings(self) -> tuple[CertificateStanding, ...]:
        """How each certificate stands with regard to revocation."""
        return standings(self.attempt)

    @cached_property
    def revoked(self) -> tuple[CertificateStanding, ...]:
        """Those certificates that are revoked."""
        return tuple(one for one in self.standings if one.standing is Standing.REVOKED)

    def is_revoked(self, entry: Entry) -> bool:
        """Say whether a certificate is revoked."""
        return any(one.certificate == entry.der for one in self.revoked)

    @cached_property
    def products(self) -> tuple[ProductReading, ...]:
        """What products make of that."""
        return products(self.attempt)

    @property
    def trusted(self) -> bool:
        """Whether OpenSSL has nothing against it."""
        return self.judged is not None and not self.judged.errors

    def objections(self, entry: Entry) -> tuple[str, ...]:
        """Return what speaks against one certificate of the path, as sentences."""
        if entry.place is not Place.PATH or self.judged is None or self.trusted:
            return ()
        if self.explained is not None and self.explained.objections:
            return tuple(
                one.sentence for one in self.explained.objections if one.depth == entry.depth
            )
        return tuple(error.text for error in self.judged.errors if error.depth == entry.depth)

    @property
    def first(self) -> Objection | None:
        """The first objection in our words."""
        found = self.explained.objections if self.explained else ()
        return found[0] if found and not self.trusted else None

    def link(self, entry: Entry) -> Link | None:
        """Return the link from a certificate of the path to its issuer."""
        links = self.explained.links if self.explained and entry.place is Place.PATH else ()
        return next((link for link in links if link.depth == entry.depth), None)

    def oddities(self, entry: Entry) -> tuple[Oddity, ...]:
        """Return the remarks on one certificate."""
        return self.explained.oddities.get(entry.der, ()) if self.explained else ()

    @property
    def light(self) -> bool:
        """Whether explaining takes no noticeable time."""
        ders = (*self.presented, *self.fetched)
        return len(ders) <= AT_ONCE_CERTIFICATES and sum(map(len, ders)) <= AT_ONCE_BYTES


def picture(attempt: Attempt, now: datetime, at: datetime | None = None) -> Picture:
    """Return the picture of a connection, not yet explained; ``at`` moves it to another date."""
    seen = examined(attempt)
    judged = None
    if seen.chain is not None and seen.handshake is not None:
        judged = _judged(seen.handshake, seen.chain, at)
    fetched = attempt.issuers.certificates if attempt.issuers else ()
    return Picture(
        attempt=attempt,
        seen=seen,
        entries=_entries(seen.handshake, judged.path if judged else (), fetched),
        chain=seen.chain,
        judged=judged,
        moved=at is not None and judged is not None,
        now=now,
    )


def explain(state: Picture) -> ChainExplained | None:
    """Return the explanation of a picture; it may take a tenth of a second for a hostile chain."""
    if state.judged is None or state.chain is None or not state.presented:
        return None
    if state.moved:
        anchors = _anchors(state.chain.path, state.chain.errors)
        return _explain(
            state.presented, state.judged.path, state.judged.at, anchors, state.fetched, None
        )
    return _explain(
        state.presented,
        state.judged.path,
        state.judged.at,
        None,
        state.fetched,
        state.judged.errors,
    )


@lru_cache(maxsize=16)
def _explain(
    presented: tuple[bytes, ...],
    path: tuple[PathCertificate, ...],
    at: datetime,
    anchors: tuple[bytes, ...] | None,
    fetched: tuple[bytes, ...],
    errors: tuple[VerifyError, ...] | None,
) -> ChainExplained:
    return explain_chain(presented, path, at, anchors=anchors, fetched=fetched, errors=errors)


def _judged(handshake: Handshaken, chain: ChainChecked, at: datetime | None) -> Judged:
    if at is None:
        own = _moment(chain)
        return Judged(at=own, errors=chain.errors, path=chain.path, stores=chain.beside)
    errors, path = _again(handshake.presented, _anchors(chain.path, chain.errors), at)
    # The handshake's security level objects to weak keys at any time; verifying alone does not.
    weak = tuple(error for error in chain.errors if reason_of(error.code) is Reason.WEAK)
    return Judged(
        at=at,
        errors=(*errors, *weak),
        path=path or chain.path,
        stores=tuple(_store_again(handshake.presented, one, at) for one in chain.beside),
    )


def _store_again(presented: tuple[bytes, ...], one: StoreVerdict, at: datetime) -> StoreVerdict:
    errors, path = _again(presented, _anchors(one.path, one.errors), at)
    return StoreVerdict(store=one.store, errors=errors, path=path)


@lru_cache(maxsize=64)
def _again(
    presented: tuple[bytes, ...], anchors: tuple[bytes, ...], at: datetime
) -> tuple[tuple[VerifyError, ...], tuple[PathCertificate, ...]]:
    return verify_again(presented, anchors, at)


def _anchors(
    path: tuple[PathCertificate, ...], errors: tuple[VerifyError, ...]
) -> tuple[bytes, ...]:
    """Return what a store is known to hold: what it supplied, and the top where that was trusted."""
    held = [one.der for one in path if not one.sent]
    refused = any(reason_of(error.code) in _NO_ANCHOR for error in errors)
    if path and not refused:
        held.append(path[-1].der)
    return tuple(dict.fromkeys(held))


def _moment(chain: ChainChecked) -> datetime:
    try:
        return from_rfc3339(chain.evaluated_at)
    except ValueError:  # a trace may hold anything
        return datetime.fromtimestamp(0, UTC)


def _entries(
    handshake: Handshaken | None, path: tuple[PathCertificate, ...], fetched: tuple[bytes, ...]
) -> tuple[Entry, ...]:
    """Path first, leaf to root; then what was fetched; then what was sent and not used."""
    sent = handshake.presented if handshake else ()
    places = {der: index for index, der in reversed(list(enumerate(sent)))}
    stored = {one.der for one in path if not one.sent}
    ders = [one.der for one in path] or list(dict.fromkeys(sent))  # not verified yet: all of it
    entries = [
        Entry(
            der=der,
            facts=read_certificate(der),
            place=Place.PATH,
            source=Source.STORE if der in stored and der not in places else Source.SENT,
            depth=depth,
            sent=places.get(der),
            last=depth == len(ders) - 1,
        )
        for depth, der in enumerate(ders)
    ]
    used = set(ders)
    entries += [
        Entry(der=der, facts=read_certificate(der), place=Place.FETCHED, source=Source.FETCHED)
        for der in dict.fromkeys(fetched)
        if der not in used and der not in places
    ]
    for index, der in enumerate(sent):
        twin = places[der] if places[der] != index else None
        if der in used and twin is None:
            continue
        entries.append(
            Entry(
                der=der,
                facts=read_certificate(der),
                place=Place.EXTRA if twin is None else Place.DUPLICATE,
                source=Source.SENT,
                sent=index,
                twin=twin,
            )
        )
    return tuple(entries)
