"""The messages of a handshake as OpenSSL shows them, for a transcript.

OpenSSL shows each message, both ways and decrypted, to a callback (SSL_CTX_set_msg_callback): so the
certificates are seen exactly as sent, also when OpenSSL refuses them, and all that it does not hand
out.
"""

from collections.abc import Callable

from OpenSSL import SSL
from OpenSSL._util import ffi, lib

from mxwalk.evidence.wire import Direction
from mxwalk.tls.hellos import TLS_1_3
from mxwalk.tls.transcript import CHANGE_CIPHER_SPEC, Transcript

_RECORD_HEADER = 256  # OpenSSL's own mark (SSL3_RT_HEADER), no content type


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
