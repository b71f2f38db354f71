"""What a connection asks of the TLS it is upgraded to (RFC 3207): a machine that does no I/O.

Bytes from the peer go in, records for the peer come out, and plaintext stands in between.  The
connection drives it; a failure is an ``Ending``, never an exception.
"""

from typing import Protocol

from mxwalk.evidence.wire import Ending


class TlsEngine(Protocol):
    """TLS without a socket, in the client's or the server's role."""

    @property
    def established(self) -> bool:
        """Whether the handshake is finished on our side."""
        ...

    @property
    def failure(self) -> Ending | None:
        """How TLS failed, once it has; the detail names no address."""
        ...

    @property
    def peer_closed(self) -> bool:
        """Whether the peer sent close_notify (RFC 8446 6.1)."""
        ...

    def feed(self, data: bytes) -> None:
        """Take bytes that came from the peer."""
        ...

    def advance(self) -> bool:
        """Carry the handshake on as far as the bytes allow; say whether it is finished."""
        ...

    def outgoing(self) -> bytes:
        """Hand over the records to send, empty when there are none."""
        ...

    def encrypt(self, data: bytes) -> None:
        """Take plaintext to send; the records appear in ``outgoing``."""
        ...

    def decrypt(self) -> bytes:
        """Return the plaintext that has become readable, empty when there is none."""
        ...

    def close(self) -> None:
        """Queue close_notify."""
        ...
