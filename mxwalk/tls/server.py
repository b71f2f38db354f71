"""TLS in the server's role, for the lab: it sends exactly the certificates it is given.

Wrong order, duplicates and missing intermediates are what the lab teaches, so nothing is completed
or sorted.  It is no hardened server: weak versions and ciphers are available on request.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL

from mxwalk.tls.dh_groups import GENERATOR, PRIMES
from mxwalk.tls.openssl import (
    accept_only_names,
    set_client_authorities,
    set_dh_group,
    set_groups,
    set_signatures,
)
from mxwalk.tls.session import Session

VERSIONS = {
    "TLSv1": SSL.TLS1_VERSION,
    "TLSv1.1": SSL.TLS1_1_VERSION,
    "TLSv1.2": SSL.TLS1_2_VERSION,
    "TLSv1.3": SSL.TLS1_3_VERSION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """How a lab server speaks TLS.

    Versions are keys of ``VERSIONS``; ``ciphers`` is an OpenSSL cipher list for TLS 1.2 and older,
    ``ciphersuites`` one for TLS 1.3; empty ``groups`` and ``signatures`` are OpenSSL's own.
    ``dh_bits`` switches DHE on, with a published prime of that length (``dh_groups.PRIMES``).
    ``ask_client_cert`` takes a client without a certificate, ``require_client_cert`` answers it with a
    fatal alert; ``client_authorities`` are the acceptable CAs as Names in DER.  With ``sni_required`` a
    client that names none of these hosts gets unrecognized_name (RFC 6066 3).  ``ocsp_staple`` is sent
    to those who ask (RFC 6066 8).  Without ``tickets`` no session before TLS 1.3 can be resumed (there
    OpenSSL sends tickets that refer to a cache instead).  Of ``alpn`` the first one that a client
    offers is chosen; a client that offers others only gets a fatal alert (RFC 7301 3.2).
    """

    min_version: str = "TLSv1"
    max_version: str = "TLSv1.3"
    ciphers: str = "ALL:@SECLEVEL=0"
    ciphersuites: str = ""
    groups: str = ""
    signatures: str = ""
    dh_bits: int = 0
    ask_client_cert: bool = False
    require_client_cert: bool = False
    client_authorities: tuple[bytes, ...] = ()
    sni_required: frozenset[str] = frozenset()
    ocsp_staple: bytes = b""
    tickets: bool = True
    alpn: tuple[str, ...] = ()


class ServerEngine(Session):
    """The server's side of one TLS connection.

    ``chain`` holds the certificates (DER or PEM, one each) in the order sent; the first must belong
    to ``key`` (a key object or PEM). ``second`` is another leaf with its key, of the other key
    type: OpenSSL presents the one that the negotiated algorithms ask for, with the same issuers
    behind it. Raises ``ValueError`` for what is no certificate or no key.
    """

    def __init__(
        self,
        chain: Sequence[bytes],
        key: PrivateKeyTypes | bytes,
        options: ServerOptions | None = None,
        second: tuple[bytes, PrivateKeyTypes] | None = None,
    ) -> None:
        context = _context(chain, key, options or ServerOptions())
        if second is not None:
            context.use_certificate(_certificate(second[0]))
            context.use_privatekey(second[1])  # type: ignore[arg-type]
        super().__init__(context)
        self._connection.set_accept_state()

    @property
    def sni(self) -> str:
        """The name the client asked for (RFC 6066 3), empty when it named none."""
        return (self._connection.get_servername() or b"").decode("ascii", "backslashreplace")


def _context(
    chain: Sequence[bytes], key: PrivateKeyTypes | bytes, options: ServerOptions
) -> SSL.Context:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(VERSIONS[options.min_version])
    context.set_max_proto_version(VERSIONS[options.max_version])
    context.set_options(SSL.OP_NO_RENEGOTIATION)
    context.set_cipher_list(options.ciphers.encode("ascii"))
    if options.ciphersuites:
        context.set_tls13_ciphersuites(options.ciphersuites.encode("ascii"))
    if options.groups:
        set_groups(context, options.groups)
    if options.signatures:
        set_signatures(context, options.signatures)
    if options.dh_bits:
        set_dh_group(context, PRIMES[options.dh_bits], GENERATOR)
    if not options.tickets:
        context.set_options(SSL.OP_NO_TICKET)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    first, *others = (_certificate(data) for data in chain)
    context.use_certificate(first)
    for certificate in others:
        context.add_extra_chain_cert(certificate)
    private = load_pem_private_key(key, None) if isinstance(key, bytes) else key
    context.use_privatekey(private)  # type: ignore[arg-type]
    _ask_for_certificate(context, options)
    if options.sni_required:
        accept_only_names(context, options.sni_required)
    if options.ocsp_staple:
        context.set_ocsp_server_callback(lambda _connection, _data: options.ocsp_staple)
    if options.alpn:
        context.set_alpn_select_callback(lambda _connection, offered: _choose(options, offered))
    return context


def _ask_for_certificate(context: SSL.Context, options: ServerOptions) -> None:
    if not (options.ask_client_cert or options.require_client_cert):
        return
    fail = SSL.VERIFY_FAIL_IF_NO_PEER_CERT if options.require_client_cert else 0
    context.set_verify(SSL.VERIFY_PEER | fail, _accept)
    if options.client_authorities:
        set_client_authorities(context, options.client_authorities)


def _choose(options: ServerOptions, offered: list[bytes]) -> bytes:
    ours = (one.encode("ascii") for one in options.alpn)
    return next((one for one in ours if one in offered), b"")


def _certificate(data: bytes) -> x509.Certificate:
    if data.startswith(b"-----BEGIN"):
        return x509.load_pem_x509_certificate(data)
    return x509.load_der_x509_certificate(data)


def _accept(*_arguments: object) -> bool:
    return True
