"""TLS in the client's role, for evidence: everything a server shows is kept, nothing is hidden.

The client accepts what a strict one would refuse (TLS 1.0, weak keys, any certificate), because a
weak or wrong server must be shown before it can be judged; it offers no anonymous cipher, for those
show no certificate.  Verification is OpenSSL's own, for the purpose of a TLS server, inside this
handshake: every objection at every depth is collected and none stops it.  Names are not compared.
"""

from datetime import UTC, datetime

from OpenSSL import SSL, crypto

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.step import ChainChecked, Handshaken
from mxwalk.evidence.tls import KeyType, PathCertificate, VerifyError
from mxwalk.evidence.wire import Ending
from mxwalk.limits import CHAIN_CERTIFICATES
from mxwalk.names import is_address
from mxwalk.tls.observer import Observer, verify_error_text
from mxwalk.tls.roots import parse_roots
from mxwalk.tls.session import Session
from mxwalk.tls.store import LoadedStore
from mxwalk.tls.verify_errors import verify_error_name

_CIPHERS = b"ALL:COMPLEMENTOFDEFAULT:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0"
_CIPHERS_FOR = {
    KeyType.RSA: b"ECDHE+aRSA:!aNULL:!eNULL:@SECLEVEL=0",
    KeyType.ECDSA: b"ECDHE+aECDSA:!aNULL:!eNULL:@SECLEVEL=0",
}
_SNI_BYTES = 255


class ClientEngine(Session):
    """The client's side of one TLS connection.

    ``sni`` is the name to ask for, ``roots`` the trust store, ``at`` the time certificates are
    judged at (``None``: now).  With ``key_type`` only a leaf of that key will do: in TLS 1.2 the cipher
    suite names the key (RFC 8422 2); in TLS 1.3 it does not.
    """

    def __init__(
        self,
        sni: str,
        roots: LoadedStore,
        at: datetime | None = None,
        *,
        key_type: KeyType | None = None,
    ) -> None:
        self._key_type = key_type
        self._sni = _sendable_name(sni)
        self._roots = roots
        self._at = at
        self._objections: dict[tuple[int, int], None] = {}
        self._staple = b""
        context = self._context()
        self._observer = Observer(context)
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
        connection = self._connection
        hello = self._observer.server_hello
        presented, count = self._presented()
        return Handshaken(
            sni=self._sni,
            protocol=connection.get_protocol_version_name() if hello else "",
            cipher=connection.get_cipher_name() or "",
            cipher_bits=connection.get_cipher_bits() or 0,
            group=self._group() if hello else "",
            signature=self._observer.signature,
            presented=presented,
            presented_count=count,
            ocsp_staple=self._staple,
            alerts=self.alerts,
            ending=ending,
        )

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
        if self._observer.certificates:
            return self._observer.certificates, self._observer.certificate_count
        chain = self._connection.get_peer_cert_chain() or []  # compressed (RFC 8879)
        kept = chain[:CHAIN_CERTIFICATES]
        ders = tuple(crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in kept)
        return ders, len(chain)

    def _context(self) -> SSL.Context:
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        if self._key_type is None:
            context.set_min_proto_version(SSL.TLS1_VERSION)
            context.set_cipher_list(_CIPHERS)
        else:
            context.set_min_proto_version(SSL.TLS1_2_VERSION)
            context.set_max_proto_version(SSL.TLS1_2_VERSION)
            context.set_cipher_list(_CIPHERS_FOR[self._key_type])
        # Servers without secure renegotiation (RFC 5746) are shown, too; none may renegotiate.
        context.set_options(SSL.OP_LEGACY_SERVER_CONNECT | SSL.OP_NO_RENEGOTIATION)
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
        if code:
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
