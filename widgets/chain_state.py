"""What the chain view draws: certificates, verdict and explanation at one time.

The walk's own time gives the handshake's verdict; at another date everything is recomputed from the
evidence, and nothing is asked of the network.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.revocation import products, standings
from mxwalk.evidence.connection import ChainChecked
from mxwalk.evidence.tls import Offer
from mxwalk.pkix.model import ChainExplained, Link, Objection, Oddity, OddityCode
from mxwalk.revocation.model import CertificateStanding, Standing
from mxwalk.revocation.products import ProductReading
from widgets.chain_entry import Entry, Place
from widgets.chain_judged import Judged

WEIGHTY = frozenset(
    {
        OddityCode.UNREADABLE_PART,
        OddityCode.SERIAL_NEGATIVE,
        OddityCode.SIGNATURE_HASH,
        OddityCode.SIGNATURE_MISMATCH,
        OddityCode.RSA_SMALL,
        OddityCode.RSA_EXPONENT,
        OddityCode.STRANGE_NAME,
        OddityCode.PRECERTIFICATE,
        OddityCode.VALIDITY_REVERSED,
        OddityCode.DUPLICATE_EXTENSION,
    }
)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Everything the view draws; a large chain is a sketch without entries until it was worked out.

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
    working: bool = False

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

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """What of the trust store stands above the fetched issuers."""
        return self.attempt.issuers.anchors if self.attempt.issuers else ()

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
        """Return the remarks on one certificate, those that weigh first."""
        found = self.explained.oddities.get(entry.der, ()) if self.explained else ()
        return tuple(sorted(found, key=lambda oddity: oddity.code not in WEIGHTY))

    def is_odd(self, entry: Entry) -> bool:
        """Say whether a remark on a certificate weighs: others refuse what OpenSSL let pass."""
        return any(oddity.code in WEIGHTY for oddity in self.oddities(entry))
