"""Whether the certificate names what the sender looks for, in the two identity flows of the ESA.

RFC 6125, RFC 9525.  The flows are evaluated by ``mxwalk.identity``; here their outcome gets codes, and
each failure the names that would have to be in the certificate.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mxwalk.delivery.model import Attempt, Delivery
from mxwalk.evidence.step import IdentityGathered, StepKind
from mxwalk.findings.commands import s_client
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import Where, at_attempt, entry, found, show
from mxwalk.identity.esa_flows import verify, verify_hosted
from mxwalk.identity.model import IdentityResult, PresentedId, PresentedKind, ReferenceKind
from mxwalk.identity.patterns import Pattern, Unusable, read_presented, read_reference
from mxwalk.identity.presented import presented_ids

MAX_NAMES = 5  # a certificate of thousands of odd names is said once a handful of times

_R, _CA = Owner.RECEIVER, Owner.RECEIVER_CA
NO_MATCH_VERIFY = entry(
    "IDENT001", Severity.ERROR, _R, "no name matches under Verify", "RFC 6125 6.4"
)
NO_MATCH_HOSTED = entry(
    "IDENT002", Severity.ERROR, _R, "no name matches under Verify Hosted Domains", "RFC 6125 6.4"
)
BY_CN = entry("IDENT003", Severity.WARNING, _R, "verified by the CN only", "RFC 9525 2")
BY_PTR = entry("IDENT004", Severity.WARNING, _R, "verified by the PTR name only", "RFC 9525 7.2")
ONE_LABEL = entry("IDENT005", Severity.NOTICE, _R, "a wildcard covers one label", "RFC 9525 6.3")
BAD_WILDCARD = entry("IDENT006", Severity.WARNING, _CA, "an invalid wildcard", "RFC 9525 6.3")
NO_DNS_ID = entry("IDENT007", Severity.WARNING, _R, "a certificate without dNSName", "RFC 9525 2")
CN_LABEL = entry("IDENT008", Severity.WARNING, _R, "a CN that is no name", "RFC 6125 6.4.4")
NOT_NAMED = entry(
    "IDENT009",
    Severity.NOTICE,
    _R,
    "the recipient domain is not in the certificate",
    "RFC 6125 6.2",
)
FIVE_NOT_SIX = entry("IDENT010", Severity.NOTICE, _R, "5 delivers, 6 does not", "RFC 6125 6.2")
SIX_NOT_FIVE = entry("IDENT011", Severity.NOTICE, _R, "6 delivers, 5 does not", "RFC 6125 6.2")
MATCHES = entry("IDENT012", Severity.OK, Owner.NOBODY, "the identity is verified", "RFC 6125 6.4")
BAD_NAME = entry("IDENT013", Severity.NOTICE, _CA, "a dNSName that is no name", "RFC 5280 4.2.1.6")

ENTRIES = (
    NO_MATCH_VERIFY,
    NO_MATCH_HOSTED,
    BY_CN,
    BY_PTR,
    ONE_LABEL,
    BAD_WILDCARD,
    NO_DNS_ID,
    CN_LABEL,
    NOT_NAMED,
    FIVE_NOT_SIX,
    SIX_NOT_FIVE,
    MATCHES,
    BAD_NAME,
)


@dataclass(frozen=True)
class _Case:
    """The identity of one connection, evaluated once."""

    attempt: Attempt
    gathered: IdentityGathered
    presented: tuple[PresentedId, ...]

    @cached_property
    def verify(self) -> IdentityResult:
        return verify(self.presented, self.gathered, self.attempt.address)

    @cached_property
    def hosted(self) -> IdentityResult:
        return verify_hosted(self.presented, self.gathered, self.attempt.address)

    @cached_property
    def where(self) -> Where:
        return at_attempt(self.attempt, StepKind.IDENTITY)

    @property
    def dns_ids(self) -> tuple[PresentedId, ...]:
        return tuple(p for p in self.presented if p.kind is PresentedKind.DNS_ID)

    @property
    def cn_id(self) -> PresentedId | None:
        return next((p for p in self.presented if p.kind is PresentedKind.CN_ID), None)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The names that would satisfy every flow: recipient domain, then routes or MX host."""
        named = self.gathered.routes or ((self.gathered.mx_host,) if self.gathered.mx_host else ())
        names = [n for n in (self.gathered.recipient_domain, *named) if n]
        return tuple(dict.fromkeys(names))

    @property
    def san(self) -> str:
        return "subjectAltName = " + ", ".join(f"DNS:{show(name, 80)}" for name in self.wanted[:4])

    @property
    def command(self) -> str:
        show_names = "| openssl x509 -noout -subject -ext subjectAltName"
        handshake = self.attempt.handshake
        sni = handshake.sni if handshake else ""
        attempt = self.attempt
        return s_client(attempt.address, attempt.port, sni or attempt.host.name, show_names)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the comparison of names shows for each connection with TLS."""
    for attempt in delivery.attempts:
        handshake, gathered = attempt.handshake, attempt.identity
        if handshake is None or gathered is None or not handshake.presented:
            continue
        case = _Case(attempt, gathered, presented_ids(handshake.presented[0]))
        yield from _flows(case)
        yield from _names(case)
        yield from _wildcards(case)


def _flows(case: _Case) -> Iterator[Finding]:
    if not case.gathered.recipient_domain:
        return  # an address as target: there is no name to look for
    five, six = case.verify, case.hosted
    if not five.verified:
        yield found(
            NO_MATCH_VERIFY,
            case.where,
            f"under Verify (ESA settings 4 and 5) the identity of {case.where.name} fails:"
            f" {show(five.summary, 400)}",
            case.san,
            case.command,
        )
    if not six.verified:
        yield found(
            NO_MATCH_HOSTED,
            case.where,
            f"under Verify Hosted Domains (ESA setting 6) the identity of {case.where.name} fails:"
            f" {show(six.summary, 400)}",
            case.san,
            case.command,
        )
    yield from _weak_match(case)
    if five.verified and not six.verified:
        cell = five.deciding
        by = f"{cell.presented.kind.value} {show(cell.presented.text, 80)}" if cell else "a name"
        against = (
            f"the {cell.reference.kind.value} {show(cell.reference.text, 80)}" if cell else "it"
        )
        yield found(
            FIVE_NOT_SIX,
            case.where,
            f"ESA setting 5 delivers to {case.where.name} ({by} against {against}), setting 6 does"
            " not: it knows neither PTR names nor a CN beside dNSNames",
            case.san,
            case.command,
        )
    elif six.verified and not five.verified:
        cell = six.deciding
        ref = f"{cell.reference.kind.value} {show(cell.reference.text, 80)}" if cell else "a name"
        yield found(
            SIX_NOT_FIVE,
            case.where,
            f"ESA setting 6 delivers to {case.where.name} (by the {ref}), setting 5 does not: it"
            " knows neither MX hosts nor routes",
            "sender: destconfig, TLS Required - Verify Hosted Domains for"
            f" {show(case.gathered.recipient_domain)}; or receiver: {case.san}",
            case.command,
        )
    elif five.verified and six.verified:
        yield found(
            MATCHES,
            case.where,
            f"{case.where.name}: {show(five.summary, 300)}",
            "nothing to do",
            case.command,
        )


def _weak_match(case: _Case) -> Iterator[Finding]:
    cell = case.verify.deciding
    if cell is None or cell.presented.kind is not PresentedKind.CN_ID:
        return
    if cell.reference.kind is ReferenceKind.PTR_HOST:
        yield found(
            BY_PTR,
            case.where,
            f"{case.where.name} is verified only because its CN {show(cell.presented.text, 80)}"
            f" matches the PTR name {show(cell.reference.text, 80)}: fragile, reverse DNS can be"
            " forged",
            case.san,
            case.command,
        )
    else:
        yield found(
            BY_CN,
            case.where,
            f"{case.where.name} is verified only by its CN {show(cell.presented.text, 80)}: modern"
            " senders ignore the CN",
            case.san,
            case.command,
        )


def _names(case: _Case) -> Iterator[Finding]:
    domain = case.gathered.recipient_domain
    if not case.dns_ids:
        yield found(
            NO_DNS_ID,
            case.where,
            f"the certificate of {case.where.name} has no dNSName"
            + (f", only the CN {show(case.cn_id.text, 80)}" if case.cn_id else " and no CN"),
            case.san,
            case.command,
        )
        cn = case.cn_id
        read = read_presented(cn.kind, cn.text) if cn else None
        if cn is not None and isinstance(read, Unusable) and "*" not in cn.text:
            yield found(
                CN_LABEL,
                case.where,
                f"the CN of the certificate of {case.where.name} is no name: {show(read.reason)}",
                case.san,
                case.command,
            )
    in_it = any(
        cell.matched
        for cell in (*case.verify.comparisons, *case.hosted.comparisons)
        if cell.reference.kind is ReferenceKind.RECIPIENT_DOMAIN
    )
    if domain and not in_it:
        names = ", ".join(show(p.text, 60) for p in case.presented[:4]) or "no name at all"
        more = f" and {len(case.presented) - 4} more" if len(case.presented) > 4 else ""
        yield found(
            NOT_NAMED,
            case.where,
            f"the certificate of {case.where.name} names {names}{more}, not the recipient domain"
            f" {show(domain, 80)}",
            case.san,
            case.command,
        )


def _wildcards(case: _Case) -> Iterator[Finding]:
    said = {"bad": 0, "odd": 0, "far": 0}
    texts = dict.fromkeys((p.kind, p.text) for p in case.presented)
    for kind, text in texts:
        read = read_presented(kind, text)
        if isinstance(read, Unusable):
            wild = "*" in text
            if kind is PresentedKind.CN_ID and not wild:
                continue
            said["bad" if wild else "odd"] += 1
            if said["bad" if wild else "odd"] <= MAX_NAMES:
                yield found(
                    BAD_WILDCARD if wild else BAD_NAME,
                    case.where,
                    f"{kind.value} {show(text, 80)} matches nothing: {show(read.reason)}",
                    case.san,
                    case.command,
                )
        elif read.wildcard:
            for name in _too_far(read, case.wanted):
                said["far"] += 1
                if said["far"] <= MAX_NAMES:
                    yield _one_label(case, text, name)


def _too_far(wildcard: Pattern, wanted: tuple[str, ...]) -> Iterator[str]:
    """Yield the wanted names under the wildcard's suffix that are not exactly one label longer."""
    suffix = wildcard.labels[1:]
    for name in wanted:
        read = read_reference(name)
        if isinstance(read, Pattern) and read.labels[-len(suffix) :] == suffix:
            extra = len(read.labels) - len(suffix)
            if extra != 1:  # RFC 9525 6.3: the wildcard stands for exactly one label
                yield name


def _one_label(case: _Case, wildcard: str, name: str) -> Finding:
    return found(
        ONE_LABEL,
        case.where,
        f"{show(wildcard, 80)} does not cover {show(name, 80)}: * stands for exactly one label",
        f"add DNS:{show(name, 80)} to subjectAltName",
        case.command,
        None if case.verify.verified and case.hosted.verified else Severity.WARNING,
    )
