"""The certificates of one connection in their places: path, fetched, not used, sent again."""

import enum
from dataclasses import dataclass

from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.tls import PathCertificate
from mxwalk.language import noted, say
from mxwalk.pkix.model import Source
from mxwalk.tls.certificate import CertificateFacts, read_certificate


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
    place: Place
    source: Source
    depth: int | None = None
    sent: int | None = None
    twin: int | None = None
    last: bool = False  # the top of the path

    @property
    def facts(self) -> CertificateFacts:
        """What it says."""
        return read_certificate(self.der)

    @property
    def name(self) -> str:
        """What to call it."""
        first = self.facts.dns_names[0] if self.facts.dns_names else ""
        return self.facts.common_name or first or self.facts.subject or say("no name")

    @property
    def role(self) -> str:
        """Leaf, CA or root, in the words that ``say`` takes."""
        if self.depth == 0 or self.sent == 0:
            return noted("leaf")
        if self.facts.self_signed:
            return noted("root")
        return "CA" if self.facts.is_ca else noted("no CA")

    @property
    def came(self) -> str:
        """Where it came from, in a word or two."""
        if self.sent is not None:
            return say("sent {sent}", sent=self.sent + 1)
        words = {Source.STORE: noted("store"), Source.FETCHED: noted("fetched")}
        return say(words.get(self.source, noted("sent")))


def entries_of(
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
        Entry(der=der, place=Place.FETCHED, source=Source.FETCHED)
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
                place=Place.EXTRA if twin is None else Place.DUPLICATE,
                source=Source.SENT,
                sent=index,
                twin=twin,
            )
        )
    return tuple(entries)
