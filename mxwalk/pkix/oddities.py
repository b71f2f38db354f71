"""What is worth telling of each certificate beside the verdict, without saying how bad it is.

OpenSSL trusts most of what is told here; auditors, browsers and other clients may not, and each
remark explains something that puzzles whoever looks at the certificate.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.limits import ODDITIES_SHOWN
from mxwalk.pkix import oddities_of_names, oddities_of_strength, oddities_of_use
from mxwalk.pkix.model import Oddity, OddityCode
from mxwalk.pkix.naming import called, day
from mxwalk.pkix.traits import looks_self_signed, self_issued
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, read_certificate

_SERIAL_OCTETS = 20  # RFC 5280 4.1.2.2
_SERIAL_TINY_BITS = 64  # CA/Browser Forum Baseline Requirements 7.1: at least 64 bits of chance
_PROBLEMS_SHOWN = 5
_TWINS = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """A certificate with its place: ``depth`` in the path (-1 beside it) and the issuer there."""

    facts: CertificateFacts
    depth: int
    issuer: CertificateFacts | None
    same_key: tuple[CertificateFacts, ...]

    @property
    def is_leaf(self) -> bool:
        """Whether it is the server's own."""
        return self.depth == 0


def chain_oddities(
    presented: tuple[bytes, ...], path: tuple[bytes, ...], everything: tuple[bytes, ...]
) -> Mapping[bytes, tuple[Oddity, ...]]:
    """Return the remarks on each certificate sent and each of the path; total."""
    by_name_and_key: dict[tuple[tuple[bytes, ...], str], list[CertificateFacts]] = {}
    for der in everything:
        facts = read_certificate(der)
        if facts.readable:
            key = (facts.subject_canonical, facts.spki_sha256)
            by_name_and_key.setdefault(key, []).append(facts)
    found: dict[bytes, tuple[Oddity, ...]] = {}
    depths = {der: depth for depth, der in reversed(tuple(enumerate(path)))}
    for der in dict.fromkeys((*path, *presented)):
        facts = read_certificate(der)
        depth = depths.get(der, -1)
        has_issuer = 0 <= depth < len(path) - 1
        twins = by_name_and_key.get((facts.subject_canonical, facts.spki_sha256), [])
        seen = Seen(
            facts=facts,
            depth=depth,
            issuer=read_certificate(path[depth + 1]) if has_issuer else None,
            same_key=tuple(one for one in twins[:_TWINS] if one.sha256 != facts.sha256),
        )
        found[der] = tuple(_limited(_all(seen)))
    return found


def _limited(remarks: Iterable[Oddity]) -> Iterator[Oddity]:
    for number, remark in enumerate(remarks):
        if number >= ODDITIES_SHOWN:
            return
        yield remark


def _all(seen: Seen) -> Iterator[Oddity]:
    yield from _unreadable(seen)
    if seen.facts.readable:
        for look in _LOOKS:
            yield from look(seen)


def _unreadable(seen: Seen) -> Iterator[Oddity]:
    for problem in seen.facts.problems[:_PROBLEMS_SHOWN]:
        yield Oddity(OddityCode.UNREADABLE_PART, visible(problem, 200))


def _serial(seen: Seen) -> Iterator[Oddity]:
    try:
        number = int(seen.facts.serial, 16)
    except ValueError:
        return
    octets = (number.bit_length() + 8) // 8
    if number == 0:
        yield Oddity(OddityCode.SERIAL_ZERO, say("its serial number is zero (RFC 5280 4.1.2.2)"))
    elif number < 0:
        sentence = say("its serial number is negative (RFC 5280 4.1.2.2)")
        yield Oddity(OddityCode.SERIAL_NEGATIVE, sentence)
    elif octets > _SERIAL_OCTETS:
        sentence = say(
            "its serial number has {octets} octets; RFC 5280 4.1.2.2 allows {serial_octets}",
            octets=octets,
            serial_octets=_SERIAL_OCTETS,
        )
        yield Oddity(OddityCode.SERIAL_LONG, sentence)
    elif number.bit_length() < _SERIAL_TINY_BITS - 8 and not looks_self_signed(seen.facts):
        sentence = say(
            "its serial number {number} is short; public CAs use 64 random bits or more",
            number=number,
        )
        yield Oddity(OddityCode.SERIAL_TINY, sentence)


def _version(seen: Seen) -> Iterator[Oddity]:
    version = seen.facts.version
    if version != 3 and seen.facts.extensions:
        sentence = say(
            "it has extensions but is version {version} (RFC 5280 4.1.2.1)", version=version
        )
        yield Oddity(OddityCode.VERSION, sentence)
    elif version != 3:
        sentence = say(
            "it is version {version}, which says nothing about names and purposes", version=version
        )
        yield Oddity(OddityCode.VERSION, sentence)


def _issued(seen: Seen) -> Iterator[Oddity]:
    facts = seen.facts
    if self_issued(facts) and not looks_self_signed(facts):
        sentence = say("subject and issuer are the same, but another key signed it")
        yield Oddity(OddityCode.SELF_ISSUED, sentence)
    if seen.same_key:
        issuers = ", ".join(dict.fromkeys(_issuer(one) for one in seen.same_key[:3]))
        sentence = say(
            "its name and key are also certified by {issuers}: it is cross-signed", issuers=issuers
        )
        yield Oddity(OddityCode.CROSS_SIGNED, sentence)
    for name in facts.repeated_extensions[:_PROBLEMS_SHOWN]:
        sentence = say(
            "its extension {name} occurs more than once (RFC 5280 4.2)", name=visible(name, 60)
        )
        yield Oddity(OddityCode.DUPLICATE_EXTENSION, sentence)
    if not facts.signature_consistent:
        sentence = say("the signed and the outer signature algorithm differ (RFC 5280 4.1.1.2)")
        yield Oddity(OddityCode.SIGNATURE_MISMATCH, sentence)


def _issuer(facts: CertificateFacts) -> str:
    return say("itself") if self_issued(facts) else f'"{visible(facts.issuer, 120)}"'


def _nesting(seen: Seen) -> Iterator[Oddity]:
    facts, issuer = seen.facts, seen.issuer
    if issuer is None or not facts.not_after or not issuer.not_after:
        return
    if facts.not_after > issuer.not_after:
        sentence = say(
            "it says it is valid until {day}, its issuer {called} ends on {day_2} already",
            day=day(facts.not_after),
            called=called(issuer),
            day_2=day(issuer.not_after),
        )
        yield Oddity(OddityCode.VALIDITY_NOT_NESTED, sentence)
    if facts.not_before and issuer.not_before and facts.not_before < issuer.not_before:
        sentence = say(
            "it is valid from {day}, before its issuer {called} is ({day_2})",
            day=day(facts.not_before),
            called=called(issuer),
            day_2=day(issuer.not_before),
        )
        yield Oddity(OddityCode.VALIDITY_NOT_NESTED, sentence)


_LOOKS: tuple[Callable[[Seen], Iterator[Oddity]], ...] = (
    _serial,
    _version,
    lambda seen: oddities_of_strength.look(seen.facts),
    lambda seen: oddities_of_names.look(seen.facts, is_leaf=seen.is_leaf),
    lambda seen: oddities_of_use.look(seen.facts, is_leaf=seen.is_leaf),
    _issued,
    _nesting,
)
