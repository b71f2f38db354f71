"""TLS in the client's role, for evidence: everything a server shows is kept, nothing is hidden.

What is offered is a choice (``mxwalk.tls.offers``); any certificate is accepted, because a weak or
wrong one must be shown before it can be judged.  Verification is OpenSSL's own, for the purpose of a
TLS server, inside this handshake: every objection at every depth is collected and none stops it.
Names are not compared, and the strength of keys and hashes is not OpenSSL's to judge here.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from OpenSSL import SSL, crypto

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.connection import ChainChecked, Handshaken
from mxwalk.evidence.handshake import HandshakeMessage
from mxwalk.evidence.tls import Offer, PathCertificate, VerifyError
from mxwalk.evidence.wire import Ending
from mxwalk.limits import CHAIN_CERTIFICATES
from mxwalk.names import is_address
from mxwalk.tls.observer import Observer
from mxwalk.tls.offers import OFFERS, offering_context
from mxwalk.tls.openssl import verify_error_text
from mxwalk.tls.roots import parse_roots
from mxwalk.tls.session import Session
from mxwalk.tls.store import LoadedStore
from mxwalk.tls.verify_errors import verify_error_name

_SNI_BYTES = 255
# EE_KEY_TOO_SMALL, CA_KEY_TOO_SMALL and CA_MD_TOO_WEAK come from the security level, not from path
# validation (RFC 5280 6.1), and mail servers differ in it: Postfix begins with level 0, distributions
# set 2.  Strength is judged by rules of our own, from the facts of each certificate.
_OF_SECURITY_LEVEL = frozenset({66, 67, 68})


class ClientEngine(Session):
    """The client's side of one TLS connection.

    ``sni`` is the name to ask for, ``roots`` the trust store, ``at`` the time certificates are
    judged at (``None``: now), ``offer`` what the ClientHello offers, ``monotonic``
    the clock that times the messages.
    """

    def __init__(
        self,
        sni: str,
        roots: LoadedStore,
        at: datetime | None = None,
        *,
        offer: Offer = Offer.MODERN,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._offer = offer
        self._sni = _sendable_name(sni) if OFFERS[offer].server_name else ""
        self._roots = roots
        self._at = at
        self._objections: dict[tuple[int, int], None] = {}
        self._staple = b""
        self._told = 0  # messages in the handshake's evidence
        context = self._context()
        self._observer = Observer(context, monotonic)  # it must live as long as the context
        super().__init__(context)
        self._connection.set_connect_state()
        self._connection.request_ocsp()
        if self._sni:
            self._connection.set_tlsext_host_name(self._sni.encode("ascii"))

    @property
    def sni(self) -> str:
        """The name sent in server_name, empty when none was (RFC 6066 3)."""
        return self._sni

    def handshake_evidence(self, ending: Ending | None) -> Handshaken:
        """Return what the handshake showed, as far as it came; ``ending`` is how it failed."""
        connection, transcript = self._connection, self._observer.transcript
        seen = transcript.seen
        self._told = len(transcript.messages)
        presented, count = self._presented()
        return Handshaken(
            sni=self._sni,
            offer=self._offer,
            protocol=seen.protocol,
            cipher=connection.get_cipher_name() or seen.suite,
            cipher_bits=connection.get_cipher_bits() or 0,
            group=seen.group or (self._group() if seen.hello else ""),
            signature=seen.signature,
            presented=presented,
            presented_count=count,
            ocsp_staple=self._staple,
            alerts=self.alerts,
            messages=transcript.messages,
            message_count=transcript.count,
            facts=seen.facts(stapled=bool(self._staple)),
            ending=ending,
        )

    def take_behind(self) -> tuple[HandshakeMessage, ...]:
        """Return the messages behind the handshake (tickets, alerts) since the last call."""
        messages = self._observer.transcript.messages[self._told :]
        self._told += len(messages)
        return messages

    def chain_evidence(self, clock_now: datetime) -> ChainChecked:
        """Return OpenSSL's verification; ``clock_now`` stands for the time when none was given."""
        presented = set(self._presented()[0])
        verified = self._connection.get_verified_chain() or []
        path = [crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in verified]
        return ChainChecked(
            store=self._roots.evidence,
            evaluated_at=to_rfc3339(self._at or clock_now),
            path=tuple(PathCertificate(der=der, sent=der in presented) for der in path),
            errors=tuple(
                VerifyError(
                    depth=depth,
                    code=code,
                    name=verify_error_name(code),
                    text=verify_error_text(code),
                )
                for depth, code in self._objections
            ),
        )

    def _group(self) -> str:
        try:
            return self._connection.get_group_name() or ""
        except NotImplementedError:  # OpenSSL before 3.2
            return ""

    def _presented(self) -> tuple[tuple[bytes, ...], int]:
        seen = self._observer.transcript.seen
        if seen.certificates:
            return seen.certificates, seen.certificate_count
        chain = self._connection.get_peer_cert_chain() or []  # compressed (RFC 8879)
        kept = chain[:CHAIN_CERTIFICATES]
        ders = tuple(crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in kept)
        return ders, len(chain)

    def _context(self) -> SSL.Context:
        context = offering_context(self._offer)
        context.set_verify(SSL.VERIFY_PEER, self._on_verify)
        context.set_ocsp_client_callback(self._on_staple)
        store = context.get_cert_store()
        assert store is not None
        for root in parse_roots(self._roots.pem):
            store.add_cert(root)
        if self._at is not None:
            store.set_time(self._at.astimezone(UTC))
        return context

    def _on_verify(
        self, _connection: SSL.Connection, _certificate: crypto.X509, *outcome: int
    ) -> bool:
        code, depth, _accepted = outcome
        if code and code not in _OF_SECURITY_LEVEL:
            self._objections[(depth, code)] = None
        return True

    def _on_staple(self, _connection: SSL.Connection, staple: bytes, _data: object) -> bool:
        self._staple = staple
        return True


def _sendable_name(name: str) -> str:
    """Return the name as server_name takes it: no trailing dot, no address (RFC 6066 3)."""
    plain = name.rstrip(".")
    if not plain or not plain.isascii() or is_address(plain) or len(plain) > _SNI_BYTES:
        return ""
    return plain
