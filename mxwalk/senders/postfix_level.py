"""The TLS security levels of Postfix's smtp(8) and its certificate match strategies (TLS_README).

``hostname`` is the MX host, ``nexthop`` the next-hop domain (the recipient domain, or the destination
of a route), ``dot-nexthop`` any name below it; a name or ``.name`` stands for itself.  A host name
from an insecure MX answer can be forged, which is why ``secure`` does not use it.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.route import HostOrigin
from mxwalk.identity.matching import compare
from mxwalk.identity.model import (
    Comparison,
    IdentityResult,
    Match,
    PresentedId,
    PresentedKind,
    ReferenceId,
    ReferenceKind,
)
from mxwalk.identity.presented import presented_ids
from mxwalk.language import per_language, say
from mxwalk.text import visible


class Level(enum.Enum):
    """``smtp_tls_security_level``."""

    NONE = "none"
    MAY = "may"
    ENCRYPT = "encrypt"
    DANE = "dane"
    DANE_ONLY = "dane-only"
    FINGERPRINT = "fingerprint"
    VERIFY = "verify"
    SECURE = "secure"

    @property
    def uses_dane(self) -> bool:
        """Whether TLSA records are looked up."""
        return self in (Level.DANE, Level.DANE_ONLY)

    @property
    def uses_names(self) -> bool:
        """Whether the certificate is matched by PKIX and names."""
        return self in (Level.VERIFY, Level.SECURE)


STRATEGIES = ("hostname", "nexthop", "dot-nexthop")
DEFAULT_MATCH = {
    Level.VERIFY: ("hostname",),  # smtp_tls_verify_cert_match
    Level.SECURE: ("nexthop", "dot-nexthop"),  # smtp_tls_secure_cert_match
}


_LIST_CHARS = 32


def in_brackets(match: Sequence[str], fingerprints: Sequence[str]) -> str:
    """Return a configured list for a label, as much as fits a table; empty without one."""
    configured = (*match, *(f"{one[:8]}…" for one in fingerprints))
    words = ", ".join(configured)
    if len(words) > _LIST_CHARS:
        first, more = configured[0], len(configured) - 1
        cut = first if len(first) < _LIST_CHARS - 8 else f"{first[: _LIST_CHARS - 10]}…"
        words = say("{cut}, {more} more", cut=cut, more=more) if more else cut
    return f" ({words})" if words else ""


@dataclass(frozen=True, slots=True)
class _Reference:
    name: ReferenceId
    subdomains: bool


def references(attempt: Attempt, strategies: Sequence[str]) -> tuple[ReferenceId, ...]:
    """Return the reference identifiers the strategies give for a connection."""
    return tuple(one.name for one in _references(attempt, strategies))


def _references(attempt: Attempt, strategies: Sequence[str]) -> tuple[_Reference, ...]:
    gathered = attempt.identity
    next_hop = gathered.recipient_domain if gathered else ""
    if attempt.host.origin is HostOrigin.ROUTE:  # a transport's next hop takes the domain's place
        next_hop = attempt.host.name
    found = []
    for strategy in strategies:
        match strategy:
            case "hostname":
                secure = gathered is not None and gathered.mx_authentic
                found.append(
                    _named(
                        attempt.host.name,
                        say("hostname: the MX host"),
                        kind=ReferenceKind.MX_HOST,
                        secure=secure,
                    )
                )
            case "nexthop":
                found.append(_named(next_hop, say("nexthop: the next-hop domain")))
            case "dot-nexthop":
                origin = say("dot-nexthop: any name below the next-hop domain")
                found.append(_named(f".{next_hop}" if next_hop else "", origin))
            case _:
                found.append(_named(strategy, say("configured name")))
    return tuple(one for one in found if one.name.text)


def _named(
    text: str,
    origin: str,
    *,
    kind: ReferenceKind = ReferenceKind.RECIPIENT_DOMAIN,
    secure: bool = True,
) -> _Reference:
    name = ReferenceId(kind=kind, text=text, origin=origin, secure=secure)
    return _Reference(name, subdomains=text.startswith("."))


def match_names(attempt: Attempt, strategies: Sequence[str], flow: str) -> IdentityResult | None:
    """Return the matrix of a level; ``None`` before the identity step or without certificate.

    DNS-IDs only, the CN where there is no DNS-ID (X509_check_host of OpenSSL).
    """
    handshake = attempt.handshake
    if attempt.identity is None or handshake is None or not handshake.presented:
        return None
    return _matrix(handshake.presented[0], _references(attempt, strategies), flow)


@per_language(maxsize=128)
def _matrix(leaf: bytes, rows: tuple[_Reference, ...], flow: str) -> IdentityResult:
    """Compare once: verdicts and views ask for the same matrix again and again."""
    presented = presented_ids(leaf)
    has_dns = any(one.kind is PresentedKind.DNS_ID for one in presented)
    cells: list[Comparison] = []
    skipped: list[Comparison] = []
    decided = False
    for reference in rows:
        for one in presented:
            if has_dns and one.kind is PresentedKind.CN_ID:
                reason = say("the certificate has a dNSName, so the CN is not looked at")
                skipped.append(_skip(one, reference.name, reason))
                continue
            cell = replace(_compare(one, reference), number=len(cells) + 1)
            if cell.matched and not decided:
                cell = replace(cell, decides=True)
                decided = True
            cells.append(cell)
    names = ", ".join(visible(one.name.text, 260) for one in rows)
    return IdentityResult(
        flow=flow,
        presented=presented,
        references=tuple(one.name for one in rows),
        comparisons=(*cells, *skipped),
        verified=decided,
        summary=next((cell.reason for cell in cells if cell.decides), "")
        or (
            say("no name of the certificate matches {names}", names=names)
            if names
            else say("no name of the certificate matches any name: none is configured")
        ),
    )


def _skip(one: PresentedId, name: ReferenceId, reason: str) -> Comparison:
    return Comparison(presented=one, reference=name, match=Match.SKIPPED, reason=reason)


def _compare(one: PresentedId, reference: _Reference) -> Comparison:
    if not reference.subdomains:
        return compare(one, reference.name)
    suffix = reference.name.text.lower().rstrip(".")
    lowered = one.text.lower().rstrip(".")
    below = lowered.endswith(suffix) and len(lowered) > len(suffix)
    shown = compare(one, replace(reference.name, text=reference.name.text.lstrip(".")))
    reason = (
        say('"{presented}" ends in "{suffix}"', presented=shown.presented.text, suffix=suffix)
        if below
        else say(
            '"{presented}" does not end in "{suffix}"',
            presented=shown.presented.text,
            suffix=suffix,
        )
    )
    return Comparison(
        presented=one,
        reference=reference.name,
        match=Match.EXACT if below else Match.MISMATCH,
        reason=reason,
        equal_labels=shown.equal_labels,
    )
