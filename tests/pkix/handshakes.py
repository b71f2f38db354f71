"""A TLS handshake in memory that collects every objection of OpenSSL's, as the walk's does."""

import warnings
from datetime import UTC, datetime

from OpenSSL import SSL, crypto

from mxwalk.evidence.tls import PathCertificate, VerifyError
from mxwalk.tls.verify_errors import verify_error_name

_ROUNDS = 10


def _x509(der: bytes) -> crypto.X509:
    return crypto.load_certificate(crypto.FILETYPE_ASN1, der)


def handshake(
    sent: tuple[bytes, ...], key: object, anchors: tuple[bytes, ...], at: datetime
) -> tuple[tuple[VerifyError, ...], tuple[PathCertificate, ...]] | None:
    """Return all objections and the path; nothing when no handshake comes about."""
    server = SSL.Context(SSL.TLS_SERVER_METHOD)
    server.set_cipher_list(b"ALL:@SECLEVEL=0")
    with warnings.catch_warnings():  # only OpenSSL's own type takes certificates this broken
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            server.use_certificate(_x509(sent[0]))
            server.use_privatekey(key)
            for one in sent[1:]:
                server.add_extra_chain_cert(_x509(one))
        except (SSL.Error, crypto.Error):
            return None
    found: dict[tuple[int, int], None] = {}

    def on_verify(_connection, _certificate, code, depth, _ok):
        if code:
            found[depth, code] = None
        return True

    client = SSL.Context(SSL.TLS_CLIENT_METHOD)
    client.set_cipher_list(b"ALL:@SECLEVEL=0")
    client.set_verify(SSL.VERIFY_PEER, on_verify)
    store = client.get_cert_store()
    for anchor in anchors:
        store.add_cert(_x509(anchor))
    store.set_time(at.astimezone(UTC))
    near, far = SSL.Connection(client, None), SSL.Connection(server, None)
    near.set_connect_state()
    far.set_accept_state()
    if not _talk(near, far):
        return None
    path = [
        crypto.dump_certificate(crypto.FILETYPE_ASN1, one)
        for one in near.get_verified_chain() or ()
    ]
    return (
        tuple(
            VerifyError(depth=depth, code=code, name=verify_error_name(code), text="")
            for depth, code in found
        ),
        tuple(PathCertificate(der=der, sent=der in sent) for der in path),
    )


def _talk(near: SSL.Connection, far: SSL.Connection) -> bool:
    for _ in range(_ROUNDS):
        done = True
        for one, other in ((near, far), (far, near)):
            try:
                one.do_handshake()
            except SSL.WantReadError:
                done = False
            except SSL.Error:
                return False
            try:
                while True:
                    other.bio_write(one.bio_read(65_536))
            except SSL.WantReadError:
                pass
        if done:
            return True
    return False
