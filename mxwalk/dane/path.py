"""The way from the leaf to a trust anchor through the certificates presented, and its checks.

DANE-TA asks for what PKIX asks between leaf and anchor, only with another anchor: signatures,
validity, CA flags, purposes and name constraints (RFC 7671 5.2, RFC 5280 6).  Constraints on names
other than dNSName, policies and revocation are not judged here.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mxwalk.dane.tlsa import CERT, TlsaRecord
from mxwalk.language import noted, say
from mxwalk.limits import DANE_ISSUERS_TRIED
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, read_certificate
from mxwalk.tls.keys import SignatureCheck, signed_by, signed_by_key

_CA_PURPOSES = frozenset({"serverAuth", "anyExtendedKeyUsage"})


class PathFault(enum.Enum):
    """What is wrong on the way to the anchor."""

    EXPIRED = "expired"
    NOT_YET_VALID = noted("not yet valid")
    NOT_A_CA = noted("not a CA")
    WRONG_PURPOSE = noted("wrong purpose")
    NAME_CONSTRAINT = noted("name constraint")
    UNREADABLE = "unreadable"


_DATES = (PathFault.EXPIRED, PathFault.NOT_YET_VALID)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault on the path with its sentence; ``place`` counts from the leaf."""

    kind: PathFault
    place: int
    sentence: str


def issuer_paths(chain: Sequence[bytes], at: datetime | None = None) -> dict[int, tuple[int, ...]]:
    """Return, for each certificate that the leaf leads to by signatures, the indexes on the way.

    The shortest way counts; of issuers with one name those that are valid ``at`` come first, as a CA
    may be sent in an old and a new form.  A certificate that is only named as issuer, but whose key
    did not make the signature, leads nowhere.
    """
    if not chain:
        return {}
    facts = [read_certificate(der) for der in chain]
    by_subject: dict[bytes, list[int]] = {}
    for index, one in enumerate(facts):
        if one.subject_der:
            by_subject.setdefault(one.subject_der, []).append(index)
    paths: dict[int, tuple[int, ...]] = {0: (0,)}
    waiting = [0]
    while waiting:
        here = waiting.pop(0)
        if facts[here].self_signed:
            continue
        issuers = by_subject.get(facts[here].issuer_der, [])
        for issuer in sorted(issuers, key=lambda index: not _is_valid(facts[index], at))[
            :DANE_ISSUERS_TRIED
        ]:
            if issuer in paths:
                continue
            if signed_by(chain[here], chain[issuer]) is SignatureCheck.VERIFIED:
                paths[issuer] = (*paths[here], issuer)
                waiting.append(issuer)
    return paths


def _is_valid(facts: CertificateFacts, at: datetime | None) -> bool:
    if at is None or facts.not_before is None or facts.not_after is None:
        return True
    return facts.not_before <= at <= facts.not_after


def signed_by_anchor(
    chain: Sequence[bytes], record: TlsaRecord, paths: Iterable[int]
) -> int | None:
    """Return a certificate of ``paths`` that an anchor given in full has signed (RFC 7671 5.2.2-3).

    Such an anchor need not be sent; the record is a usable one with matching type Full.
    """
    for index in paths:
        der = chain[index]
        if record.selector == CERT:
            same_name = (
                read_certificate(der).issuer_der == read_certificate(record.data).subject_der
            )
            if same_name and signed_by(der, record.data) is SignatureCheck.VERIFIED:
                return index
        elif signed_by_key(der, record.data) is SignatureCheck.VERIFIED:
            return index
    return None


def named_issuer_without_signature(chain: Sequence[bytes], issuer: int) -> int | None:
    """Return a certificate that names ``issuer`` as its issuer, but was not signed by it."""
    facts = read_certificate(chain[issuer])
    for index, der in enumerate(chain):
        if (
            index != issuer
            and facts.subject_der
            and read_certificate(der).issuer_der == facts.subject_der
            and signed_by(der, chain[issuer]) is SignatureCheck.WRONG
        ):
            return index
    return None


def path_faults(path: Sequence[bytes], at: datetime, *, anchored: bool) -> tuple[Fault, ...]:
    """Return what is wrong with the certificates from the leaf up, in that order.

    ``anchored`` says that the last one is the trust anchor itself and not what a bare key signed.
    An anchor's own dates are no part of the path (RFC 5280 6.1.1 d); those of a self-issued one are
    looked at all the same, because OpenSSL does.
    """
    facts = [read_certificate(der) for der in path]
    faults: list[Fault] = []
    for place, one in enumerate(facts):
        found = _faults(facts, place, one, at)
        if anchored and 0 < place == len(facts) - 1 and not one.self_issued:
            found = [fault for fault in found if fault.kind not in _DATES]
        faults.extend(found)
    return tuple(faults)


def called(place: int, facts: CertificateFacts) -> str:
    """Name a certificate of the path for a sentence."""
    name = facts.common_name or (facts.dns_names[0] if facts.dns_names else facts.subject)
    which = say("the server's certificate") if place == 0 else say("the issuer certificate")
    return f"{which} {visible(name, 80) if name else say('without name')}"


def _faults(
    facts: Sequence[CertificateFacts], place: int, one: CertificateFacts, at: datetime
) -> list[Fault]:
    who = called(place, one)
    if not one.readable or one.not_before is None or one.not_after is None:
        return [Fault(PathFault.UNREADABLE, place, say("{who} cannot be read", who=who))]
    found = []
    if one.not_after < at:  # RFC 5280 4.1.2.5
        found.append(
            Fault(
                PathFault.EXPIRED,
                place,
                say("{who} expired on {not_after:%Y-%m-%d}", who=who, not_after=one.not_after),
            )
        )
    if one.not_before > at:
        sentence = say(
            "{who} is not valid before {not_before:%Y-%m-%d}", who=who, not_before=one.not_before
        )
        found.append(Fault(PathFault.NOT_YET_VALID, place, sentence))
    if one.extended_key_usage and not _CA_PURPOSES & set(one.extended_key_usage):
        sentence = say(
            "{who} is not for servers: its extended key usage has no serverAuth", who=who
        )
        found.append(Fault(PathFault.WRONG_PURPOSE, place, sentence))
    if place:
        found.extend(_authority_faults(facts, place, one, who))
    return found


def _authority_faults(
    facts: Sequence[CertificateFacts], place: int, one: CertificateFacts, who: str
) -> list[Fault]:
    found = []
    version_1_root = one.version == 1 and one.self_signed  # it has no place for the flag
    if not one.is_ca and not version_1_root:  # RFC 5280 4.2.1.9
        found.append(
            Fault(PathFault.NOT_A_CA, place, say("{who} is no CA (basicConstraints)", who=who))
        )
    elif one.key_usage and "keyCertSign" not in one.key_usage:  # RFC 5280 4.2.1.3
        sentence = say("{who} may not sign certificates (keyUsage)", who=who)
        found.append(Fault(PathFault.NOT_A_CA, place, sentence))
    below = sum(1 for other in facts[1:place] if not other.self_issued)
    if one.path_length is not None and below > one.path_length:
        sentence = say(
            "{who} allows {path_length} CAs below it; there are {below}",
            who=who,
            path_length=one.path_length,
            below=below,
        )
        found.append(Fault(PathFault.NOT_A_CA, place, sentence))
    for name in facts[0].dns_names:
        if not _permitted(name, one.name_constraints):
            sentence = say(
                "{who} may not certify {name} (nameConstraints)", who=who, name=visible(name, 100)
            )
            found.append(Fault(PathFault.NAME_CONSTRAINT, place, sentence))
            break
    return found


def _permitted(name: str, constraints: Sequence[str]) -> bool:
    """Apply the dNSName constraints of one CA to one name (RFC 5280 4.2.1.10)."""
    permitted: list[str] = []
    excluded: list[str] = []
    for rule in constraints:
        word, kind, base = ([*rule.split(" ", 2), "", ""])[:3]
        if kind == "DNS":
            (permitted if word == "permitted" else excluded).append(_base(base))
    lowered = name.lower().rstrip(".")
    if any(_under(lowered, base) for base in excluded):
        return False
    return not permitted or any(_under(lowered, base) for base in permitted)


def _base(text: str) -> str:
    return "" if text == "(everything)" else text.lower().strip(".")


def _under(name: str, base: str) -> bool:
    return not base or name == base or name.endswith(f".{base}")
