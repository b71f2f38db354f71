"""The one module that reaches below pyOpenSSL's public interface.

OpenSSL shows each message of a handshake, both ways and decrypted, to a callback
(SSL_CTX_set_msg_callback): so the certificates are seen exactly as sent, also when OpenSSL refuses
them, and all that it does not hand out.  The module also gives OpenSSL's sentence for a verification
error, and lets a server refuse names.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from OpenSSL import SSL
from OpenSSL._util import ffi, lib

from mxwalk.evidence.wire import Direction
from mxwalk.text import visible
from mxwalk.tls.hellos import TLS_1_3
from mxwalk.tls.transcript import CHANGE_CIPHER_SPEC, Transcript

_RECORD_HEADER = 256  # OpenSSL's own mark (SSL3_RT_HEADER), no content type
_HOST_NAME = 0  # RFC 6066 3: NameType host_name(0)
_UNRECOGNIZED_NAME = 112  # RFC 6066 9


class Observer:
    """Fills a transcript with what passes; attach it before the connection is made."""

    def __init__(self, context: SSL.Context, monotonic: Callable[[], float]) -> None:
        self.transcript = Transcript()
        self._monotonic = monotonic
        self._callback = ffi.callback(
            "void (*)(int, int, int, const void *, size_t, SSL *, void *)", self._on_message
        )
        lib.SSL_CTX_set_msg_callback(context._context, self._callback)  # noqa: SLF001

    def _on_message(self, *arguments: object) -> None:
        sent, _version, content_type, data, size, _ssl, _argument = arguments
        assert isinstance(content_type, int)
        direction = Direction.SENT if sent else Direction.RECEIVED
        message = bytes(ffi.buffer(data, size))
        if content_type == _RECORD_HEADER:
            # Before TLS 1.3 OpenSSL shows a received ChangeCipherSpec by its record alone.
            of_old = 0 < self.transcript.seen.version < TLS_1_3
            if sent or not of_old or message[:1] != bytes([CHANGE_CIPHER_SPEC]):
                return
            content_type, message = CHANGE_CIPHER_SPEC, b"\x01"
        self.transcript.take(direction, content_type, message, self._monotonic())


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
