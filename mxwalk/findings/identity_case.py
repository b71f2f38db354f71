"""The identity of one connection, evaluated once for the rules that judge it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import examined
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import IdentityGathered
from mxwalk.evidence.step import StepKind
from mxwalk.findings.commands import s_client
from mxwalk.findings.raising import A_NAME, Where, at_attempt, current, show
from mxwalk.identity.matching import compare
from mxwalk.identity.model import (
    IdentityResult,
    PresentedId,
    PresentedKind,
    ReferenceId,
    ReferenceKind,
)
from mxwalk.identity.presented import presented_ids
from mxwalk.language import say
from mxwalk.senders.esa_settings import Verification, identity_of


@dataclass(frozen=True)
class IdentityCase:
    """The identity of one connection, evaluated once."""

    attempt: Attempt
    gathered: IdentityGathered
    presented: tuple[PresentedId, ...]

    @cached_property
    def verify(self) -> IdentityResult:
        """Flow A, settings 4 and 5."""
        return self._of(Verification.VERIFY)

    @cached_property
    def hosted(self) -> IdentityResult:
        """Flow B, setting 6."""
        return self._of(Verification.VERIFY_HOSTED)

    def _of(self, verification: Verification) -> IdentityResult:
        """Return the matrix the ESA's profiles have worked out, too: it is made once."""
        found = identity_of(verification, self.attempt)
        assert found is not None  # ``cases`` yields connections with both
        return found

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
        handshake = self.attempt.handshake
        leaf = handshake.presented[0] if handshake and handshake.presented else b""
        return tuple(name for name in self.wanted if not _covered(leaf, name))

    @property
    def san(self) -> str:
        """The extension that would satisfy every flow, as OpenSSL's configuration writes it."""
        names = ", ".join(f"DNS:{show(name, 80)}" for name in self.wanted[:4])
        names = names or f"DNS:{say(A_NAME)}"
        return say("have the certificate issued with subjectAltName = {names}", names=names)

    @property
    def command(self) -> str:
        """The command that shows the names in the certificate."""
        handshake = self.attempt.handshake
        sni = handshake.sni if handshake else ""
        attempt = self.attempt
        shown = s_client(attempt.place, attempt.port, sni or attempt.host.name)
        return f"{shown} | openssl x509 -noout -subject -ext subjectAltName"


@lru_cache(maxsize=512)
def _covered(leaf: bytes, name: str) -> bool:
    """Say whether a dNSName of the certificate covers a name; asked again after every step."""
    wanted = ReferenceId(kind=ReferenceKind.MX_HOST, text=name, origin="", secure=False)
    dns_ids = (one for one in presented_ids(leaf) if one.kind is PresentedKind.DNS_ID)
    return any(compare(one, wanted).matched for one in dns_ids)


def cases(delivery: Delivery) -> Iterator[IdentityCase]:
    """Yield every connection with a certificate and the names it is held against."""
    for attempt in map(examined, current(delivery)):
        handshake, gathered = attempt.handshake, attempt.identity
        if handshake is not None and gathered is not None and handshake.presented:
            yield IdentityCase(attempt, gathered, presented_ids(handshake.presented[0]))
