"""Revocation on one connection, judged once for the rules that tell it."""

from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.delivery.looks import examined
from mxwalk.delivery.model import Attempt, Delivery
from mxwalk.delivery.revocation import standings
from mxwalk.evidence.step import StepKind
from mxwalk.findings.commands import s_client
from mxwalk.findings.pki_commands import ask_responder, read_list
from mxwalk.findings.presented import named
from mxwalk.findings.raising import Where, at_attempt, current
from mxwalk.revocation.model import CertificateStanding, SourceKind, SourceStanding, Standing
from mxwalk.tls.certificate import read_certificate


@dataclass(frozen=True, slots=True)
class RevocationCase:
    """One connection's revocation.

    ``shown`` is the connection as the handshake shows it whose certificates were asked about.
    """

    attempt: Attempt
    shown: Attempt
    standings: tuple[CertificateStanding, ...]
    where: Where

    def called(self, standing: CertificateStanding) -> str:
        """Name the certificate for a sentence."""
        name = named(read_certificate(standing.certificate))
        which = "server's" if standing.depth == 0 else "CA"
        return f"the {which} certificate {name} of {self.where.name}"

    def command(self, one: CertificateStanding, source: SourceStanding | None) -> str:
        """Return the command that asks the same source."""
        if source is None or source.kind is SourceKind.STAPLE:
            return self._shown("-status")
        if source.kind is SourceKind.OCSP:
            return ask_responder(source.url, self._shown("-showcerts"), one.depth)
        serial = read_certificate(one.certificate).serial
        return read_list(source.url, serial if one.standing is Standing.REVOKED else "")

    def _shown(self, option: str) -> str:
        handshake = self.shown.handshake
        name = (handshake.sni if handshake else "") or self.attempt.host.name
        return s_client(self.attempt.address, self.attempt.port, name, option)


def cases(delivery: Delivery) -> Iterator[RevocationCase]:
    """Yield every connection whose certificates were asked about."""
    for attempt in current(delivery):
        if attempt.revocation is not None:
            where = at_attempt(attempt, StepKind.REVOCATION)
            yield RevocationCase(attempt, examined(attempt), standings(attempt), where)
