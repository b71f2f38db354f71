"""OpenSSL's verification of a chain once more: at another date, or against another trust store.

It asks the same question as the handshake did, a TLS server's certificate (purpose ``sslserver``,
no name, no revocation), and answers with the first objection only: this interface stops there,
where the handshake's callback goes on.  It reaches below pyOpenSSL's public interface for the purpose
and for the path of a chain that failed.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from OpenSSL import crypto
from OpenSSL._util import ffi, lib

from mxwalk.evidence.tls import PathCertificate, VerifyError
from mxwalk.language import noted
from mxwalk.limits import CHAIN_CERTIFICATES
from mxwalk.text import visible
from mxwalk.tls.verify_errors import verify_error_name

_UNREADABLE = VerifyError(
    depth=0,
    code=1,
    name=verify_error_name(1),
    text=noted("OpenSSL cannot read the server's certificate"),
)


def verify_again(
    presented: tuple[bytes, ...], anchors: tuple[bytes, ...], at: datetime
) -> tuple[tuple[VerifyError, ...], tuple[PathCertificate, ...]]:
    """Verify what a server sent (DER, its own certificate first) against ``anchors`` at a time.

    Returns OpenSSL's first objection, or none, and the path it built.  Certificates it cannot read
    are left out; when that is the server's own, the objection says so.
    """
    leaf = _certificate(presented[0]) if presented else None
    if leaf is None:
        return (_UNREADABLE,), ()
    others = _readable(presented[:CHAIN_CERTIFICATES])  # with the leaf, as a handshake gives them
    store = crypto.X509Store()
    for anchor in _readable(anchors):
        store.add_cert(anchor)
    store.set_time(at.astimezone(UTC))
    # Purpose ``sslserver`` brings the trust setting for TLS servers with it, as a handshake's does.
    lib.X509_STORE_set_purpose(store._store, lib.X509_PURPOSE_SSL_SERVER)  # noqa: SLF001
    return _verify(store, leaf, others, frozenset(presented))


def _verify(
    store: crypto.X509Store, leaf: crypto.X509, others: list[crypto.X509], sent: frozenset[bytes]
) -> tuple[tuple[VerifyError, ...], tuple[PathCertificate, ...]]:
    stack = ffi.gc(lib.sk_X509_new_null(), lib.sk_X509_free)  # ``others`` keeps its members alive
    for other in others:
        lib.sk_X509_push(stack, other._x509)  # noqa: SLF001
    context = ffi.gc(lib.X509_STORE_CTX_new(), lib.X509_STORE_CTX_free)
    lib.X509_STORE_CTX_init(context, store._store, leaf._x509, stack)  # noqa: SLF001
    trusted = lib.X509_verify_cert(context) == 1
    code, depth = lib.X509_STORE_CTX_get_error(context), lib.X509_STORE_CTX_get_error_depth(context)
    path = tuple(PathCertificate(der=der, sent=der in sent) for der in _path(context))
    lib.ERR_clear_error()
    if trusted:
        return (), path
    text = ffi.string(lib.X509_verify_cert_error_string(code))
    assert isinstance(text, bytes)
    name = verify_error_name(code)
    return (VerifyError(depth=depth, code=code, name=name, text=visible(text)),), path


def _path(context: object) -> Iterable[bytes]:
    stack = lib.X509_STORE_CTX_get1_chain(context)
    if stack == ffi.NULL:
        return
    # The members belong to the objects made of them, the stack to us.
    members = [
        crypto.X509._from_raw_x509_ptr(lib.sk_X509_value(stack, index))  # noqa: SLF001
        for index in range(lib.sk_X509_num(stack))
    ]
    lib.sk_X509_free(stack)
    for member in members:
        yield crypto.dump_certificate(crypto.FILETYPE_ASN1, member)


def _readable(ders: Iterable[bytes]) -> list[crypto.X509]:
    return [one for one in map(_certificate, ders) if one is not None]


@lru_cache(maxsize=1_024)
def _certificate(der: bytes) -> crypto.X509 | None:
    try:
        return crypto.load_certificate(crypto.FILETYPE_ASN1, der)
    except crypto.Error:
        return None
