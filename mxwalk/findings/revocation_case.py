"""Revocation on one connection, judged once for the rules that tell it."""

from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import examined
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.revocation import standings
from mxwalk.evidence.step import StepKind
from mxwalk.findings.commands import s_client
from mxwalk.findings.pki_commands import ask_responder, read_list
from mxwalk.findings.presented import named
from mxwalk.findings.raising import Where, at_attempt, current
from mxwalk.language import say
from mxwalk.pkix.naming import issuer_address
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
        if standing.depth == 0:
            return say(
                "the server's certificate {name} of {where}", name=name, where=self.where.name
            )
        return say("the CA certificate {name} of {where}", name=name, where=self.where.name)

    def command(self, one: CertificateStanding, source: SourceStanding | None) -> str:
        """Return the command that asks the same source."""
        if source is None or source.kind is SourceKind.STAPLE:
            return self._shown("-status")
        if source.kind is SourceKind.OCSP:
            return self._asked(one, source.url)
        serial = read_certificate(one.certificate).serial
        return read_list(source.url, serial if one.standing is Standing.REVOKED else "")

    def _asked(self, one: CertificateStanding, url: str) -> str:
        """Return the command that asks a responder, with the files of the certificates as sent."""
        sent = self.shown.handshake.presented if self.shown.handshake else ()
        path = [cert.der for cert in self.shown.chain.path] if self.shown.chain else []
        above = path[one.depth + 1] if one.depth + 1 < len(path) else b""
        number = sent.index(one.certificate) if one.certificate in sent else one.depth
        issuer = sent.index(above) + 1 if above in sent else None
        address = issuer_address(read_certificate(one.certificate).ca_issuer_urls)
        return ask_responder(url, self._shown("-showcerts"), number + 1, issuer, address)

    def _shown(self, option: str) -> str:
        handshake = self.shown.handshake
        name = (handshake.sni if handshake else "") or self.attempt.host.name
        return s_client(self.attempt.place, self.attempt.port, name, option)


def cases(delivery: Delivery) -> Iterator[RevocationCase]:
    """Yield every connection whose certificates were asked about."""
    for attempt in current(delivery):
        if attempt.revocation is not None:
            where = at_attempt(attempt, StepKind.REVOCATION)
            yield RevocationCase(attempt, examined(attempt), standings(attempt), where)
