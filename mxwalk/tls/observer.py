"""The one module that reaches below pyOpenSSL's public interface.

OpenSSL shows each handshake message to a callback (SSL_CTX_set_msg_callback).  From it come the
certificates exactly as sent, also when OpenSSL refuses them, and the scheme of the server's
signature.  It also gives OpenSSL's sentence for a verification error, and lets a server refuse
names.
"""

from collections.abc import Set as AbstractSet

from OpenSSL import SSL
from OpenSSL._util import ffi, lib

from mxwalk.limits import CHAIN_CERTIFICATES
from mxwalk.text import visible
from mxwalk.tls import messages
from mxwalk.tls.signature_schemes import scheme_name

_HANDSHAKE = 22  # RFC 8446 5.1: ContentType handshake(22)
_HEADER_BYTES = 4  # RFC 8446 4: msg_type and a length of three bytes
_HOST_NAME = 0  # RFC 6066 3: NameType host_name(0)
_UNRECOGNIZED_NAME = 112  # RFC 6066 9


class Observer:
    """What the server's handshake messages said; attach it before the connection is made."""

    def __init__(self, context: SSL.Context) -> None:
        self.server_hello = False
        self.certificates: tuple[bytes, ...] = ()
        self.certificate_count = 0
        self.signature = ""
        self._callback = ffi.callback(
            "void (*)(int, int, int, const void *, size_t, SSL *, void *)", self._on_message
        )
        lib.SSL_CTX_set_msg_callback(context._context, self._callback)  # noqa: SLF001

    def _on_message(self, *arguments: object) -> None:
        sent, version, content_type, data, size, _ssl, _argument = arguments
        if sent or content_type != _HANDSHAKE:
            return
        assert isinstance(version, int)
        self.read(bytes(ffi.buffer(data, size)), version)

    def read(self, message: bytes, version: int) -> None:
        """Take one whole handshake message of the server; ``version`` as on the wire."""
        kind, body = message[:1], message[_HEADER_BYTES:]
        if kind == bytes([messages.SERVER_HELLO]):
            self.server_hello = True
        elif kind == bytes([messages.CERTIFICATE]):
            found = tuple(messages.certificates(body, version))
            self.certificate_count = len(found)
            self.certificates = found[:CHAIN_CERTIFICATES]
        elif kind == bytes([messages.CERTIFICATE_VERIFY]):
            self._name(messages.verify_scheme(body), curve_bound=True)
        elif kind == bytes([messages.SERVER_KEY_EXCHANGE]) and version == messages.TLS_1_2:
            self._name(messages.key_exchange_scheme(body), curve_bound=False)

    def _name(self, scheme: int | None, *, curve_bound: bool) -> None:
        if scheme is not None:
            self.signature = scheme_name(scheme, curve_bound=curve_bound)


def verify_error_text(code: int) -> str:
    """Return OpenSSL's sentence for a verification error."""
    text = ffi.string(lib.X509_verify_cert_error_string(code))
    assert isinstance(text, bytes)
    return visible(text)


def accept_only_names(context: SSL.Context, names: AbstractSet[str]) -> None:
    """Have a server answer unrecognized_name to a client that asks for none of ``names``."""

    def on_name(session: object, alert: list[int], _data: object) -> int:
        name = lib.SSL_get_servername(session, _HOST_NAME)
        asked = ffi.string(name).decode("ascii", "replace").lower() if name != ffi.NULL else ""
        if asked in names:
            return int(lib.SSL_TLSEXT_ERR_OK)
        alert[0] = _UNRECOGNIZED_NAME
        return int(lib.SSL_TLSEXT_ERR_ALERT_FATAL)

    callback = ffi.callback("int (*)(SSL *, int *, void *)", on_name)
    lib.SSL_CTX_set_tlsext_servername_callback(context._context, callback)  # noqa: SLF001
    context.set_app_data(callback)  # it must live as long as the context
