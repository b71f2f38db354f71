"""The identity of one connection, evaluated once for the rules that judge it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mxwalk.delivery.looks import examined
from mxwalk.delivery.model import Attempt, Delivery
from mxwalk.evidence.step import IdentityGathered, StepKind
from mxwalk.findings.commands import s_client
from mxwalk.findings.raising import Where, at_attempt, current, show
from mxwalk.identity.esa_flows import verify, verify_hosted
from mxwalk.identity.matching import compare
from mxwalk.identity.model import (
    IdentityResult,
    PresentedId,
    PresentedKind,
    ReferenceId,
    ReferenceKind,
)
from mxwalk.identity.presented import presented_ids

# A growing walk is judged after every step; the matrices of connections that are over stay.
_verify = lru_cache(maxsize=256)(verify)
_verify_hosted = lru_cache(maxsize=256)(verify_hosted)


@dataclass(frozen=True)
class IdentityCase:
    """The identity of one connection, evaluated once."""

    attempt: Attempt
    gathered: IdentityGathered
    presented: tuple[PresentedId, ...]

    @cached_property
    def verify(self) -> IdentityResult:
        """Flow A, settings 4 and 5."""
        return _verify(self.presented, self.gathered, self.attempt.address)

    @cached_property
    def hosted(self) -> IdentityResult:
        """Flow B, setting 6."""
        return _verify_hosted(self.presented, self.gathered, self.attempt.address)

    @cached_property
    def where(self) -> Where:
        """The identity step."""
        return at_attempt(self.attempt, StepKind.IDENTITY)

    @property
    def dns_ids(self) -> tuple[PresentedId, ...]:
        """The dNSNames."""
        return tuple(p for p in self.presented if p.kind is PresentedKind.DNS_ID)

    @property
    def cn_id(self) -> PresentedId | None:
        """The last CN, if there is one."""
        return next((p for p in self.presented if p.kind is PresentedKind.CN_ID), None)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The names that would satisfy every flow: recipient domain, then routes or MX host."""
        named = self.gathered.routes or ((self.gathered.mx_host,) if self.gathered.mx_host else ())
        names = [n for n in (self.gathered.recipient_domain, *named) if n]
        return tuple(dict.fromkeys(names))

    @cached_property
    def unnamed(self) -> tuple[str, ...]:
        """Those of them that no dNSName covers."""
        wanted = [
            ReferenceId(kind=ReferenceKind.MX_HOST, text=name, origin="", secure=False)
            for name in self.wanted
        ]
        return tuple(
            ref.text for ref in wanted if not any(compare(p, ref).matched for p in self.dns_ids)
        )

    @property
    def san(self) -> str:
        """The extension that would satisfy every flow, as OpenSSL's configuration writes it."""
        return "have the certificate issued with subjectAltName = " + ", ".join(
            f"DNS:{show(name, 80)}" for name in self.wanted[:4]
        )

    @property
    def command(self) -> str:
        """The command that shows the names in the certificate."""
        handshake = self.attempt.handshake
        sni = handshake.sni if handshake else ""
        attempt = self.attempt
        shown = s_client(attempt.address, attempt.port, sni or attempt.host.name)
        return f"{shown} | openssl x509 -noout -subject -ext subjectAltName"


def cases(delivery: Delivery) -> Iterator[IdentityCase]:
    """Yield every connection with a certificate and the names it is held against."""
    for attempt in map(examined, current(delivery)):
        handshake, gathered = attempt.handshake, attempt.identity
        if handshake is not None and gathered is not None and handshake.presented:
            yield IdentityCase(attempt, gathered, presented_ids(handshake.presented[0]))
