"""TLS on memory BIOs: bytes in, records out, and each failure as an ``Ending``.

Common to the client that examines and to the lab's servers.  Nothing here opens a socket, waits, or
judges a certificate.  Alerts of both directions are kept (RFC 8446 6); a failure is told apart into
what was no TLS at all, what a peer or OpenSSL ended with an alert, and the rest.
"""

from OpenSSL import SSL

from mxwalk.evidence.tls import TlsAlert
from mxwalk.evidence.wire import Direction, Ending, EndingKind
from mxwalk.text import visible
from mxwalk.tls.alerts import CLOSE_NOTIFY, USER_CANCELED, alert_name

_RECORD_BYTES = 16_384  # RFC 8446 5.1: at most 2^14 bytes of plaintext a record
_CONTENT_TYPES = frozenset({20, 21, 22, 23})  # RFC 8446 5.1; a first record can be no other
_HEADER_BYTES = 5
_NO_ERRORS = frozenset({CLOSE_NOTIFY, USER_CANCELED})  # RFC 8446 6.1: closure alerts
_SHOWN_BYTES = 60
# What OpenSSL's own words leave unsaid.
_EXPLAINED = {
    "excessive message size": "a handshake message is too long (OpenSSL takes chains up to 100 KiB)"
}


class Session:
    """One TLS connection without a socket; its roles are ``ClientEngine`` and ``ServerEngine``."""

    def __init__(self, context: SSL.Context) -> None:
        context.set_info_callback(self._on_info)
        self._connection = SSL.Connection(context, None)
        self._alerts: list[TlsAlert] = []
        self._beginning = b""
        self._established = False
        self._peer_closed = False
        self._failure: Ending | None = None

    @property
    def established(self) -> bool:
        """Whether the handshake is finished on our side."""
        return self._established

    @property
    def failure(self) -> Ending | None:
        """How TLS failed, once it has."""
        return self._failure

    @property
    def peer_closed(self) -> bool:
        """Whether the peer sent close_notify (RFC 8446 6.1)."""
        return self._peer_closed

    @property
    def alerts(self) -> tuple[TlsAlert, ...]:
        """The alerts of both directions so far, close_notify among them."""
        return tuple(self._alerts)

    def feed(self, data: bytes) -> None:
        """Take bytes that came from the peer."""
        if not data:
            return
        if len(self._beginning) <= _SHOWN_BYTES:
            self._beginning = (self._beginning + data)[: _SHOWN_BYTES + 1]
        self._connection.bio_write(data)

    def advance(self) -> bool:
        """Carry the handshake on as far as the bytes allow; say whether it is finished."""
        if self._established or self._failure is not None:
            return self._established
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            return False
        except SSL.ZeroReturnError:
            detail = "the peer ended TLS (close_notify) before the handshake was finished"
            self._failure = Ending(kind=EndingKind.TLS_ALERT, detail=detail)
            return False
        except SSL.Error as error:
            self._fail(error)
            return False
        self._established = True
        return True

    def outgoing(self) -> bytes:
        """Hand over the records to send, empty when there are none."""
        records = []
        while True:
            try:
                records.append(self._connection.bio_read(65_536))
            except SSL.WantReadError:
                return b"".join(records)

    def encrypt(self, data: bytes) -> None:
        """Take plaintext to send; nothing happens after a failure."""
        view = memoryview(data)
        while view and self._failure is None:
            try:
                view = view[self._connection.send(bytes(view[:_RECORD_BYTES])) :]
            except SSL.Error as error:
                self._fail(error)

    def decrypt(self) -> bytes:
        """Return the plaintext that has become readable, empty when there is none."""
        parts: list[bytes] = []
        while self._failure is None and not self._peer_closed:
            try:
                parts.append(self._connection.recv(_RECORD_BYTES))
            except SSL.WantReadError:
                break
            except SSL.ZeroReturnError:
                self._peer_closed = True
            except SSL.Error as error:
                self._fail(error)
        return b"".join(parts)

    def close(self) -> None:
        """Queue close_notify; without effect before the handshake and after a failure."""
        if not self._established or self._failure is not None:
            return
        try:
            self._connection.shutdown()
        except SSL.Error as error:
            self._fail(error)

    def _on_info(self, _connection: SSL.Connection, where: int, value: int) -> None:
        if not where & SSL.SSL_CB_ALERT:
            return
        level, code = value >> 8, value & 0xFF
        self._alerts.append(
            TlsAlert(
                direction=Direction.RECEIVED if where & SSL.SSL_CB_READ else Direction.SENT,
                fatal=level == 2,  # RFC 8446 6: warning(1), fatal(2)
                code=code,
                name=alert_name(code),
            )
        )

    def _fail(self, error: SSL.Error) -> None:
        reason = _reason(error)
        received = self._fatal(Direction.RECEIVED)
        sent = self._fatal(Direction.SENT)
        if received is not None:
            self._failure = Ending(
                kind=EndingKind.TLS_ALERT,
                detail=f"the peer ended TLS with the alert {received.name} ({received.code})",
            )
        elif not self._looks_like_tls():
            more = "…" if len(self._beginning) > _SHOWN_BYTES else ""
            shown = visible(self._beginning[:_SHOWN_BYTES]) + more
            self._failure = Ending(
                kind=EndingKind.TLS_ERROR, detail=f"what came was no TLS; it begins: {shown}"
            )
        elif sent is not None:
            detail = f"our side ended TLS with the alert {sent.name} ({sent.code}): {reason}"
            self._failure = Ending(kind=EndingKind.TLS_ALERT, detail=detail)
        else:
            self._failure = Ending(
                kind=EndingKind.TLS_ERROR, detail=f"TLS failed without an alert: {reason}"
            )

    def _fatal(self, direction: Direction) -> TlsAlert | None:
        """Return the last alert that ended TLS; TLS 1.3 ignores the level (RFC 8446 6)."""
        by_code = self._connection.get_protocol_version_name() == "TLSv1.3"
        for alert in reversed(self._alerts):
            ends = alert.fatal or (by_code and alert.code not in _NO_ERRORS)
            if alert.direction is direction and ends:
                return alert
        return None

    def _looks_like_tls(self) -> bool:
        """Whether the first bytes are a record header (RFC 8446 5.1), or nothing came at all."""
        start = self._beginning[:_HEADER_BYTES]
        return not start or (start[0] in _CONTENT_TYPES and start[1:2] in {b"", b"\x03"})


def _reason(error: SSL.Error) -> str:
    """Return OpenSSL's own words for an error."""
    entries = error.args[0] if error.args else ()
    if isinstance(entries, list | tuple):
        words = [str(entry[-1]) for entry in entries if isinstance(entry, tuple) and entry]
        reasons = [_EXPLAINED.get(reason, reason) for reason in words]
        if reasons:
            return visible("; ".join(reasons))
    return visible("; ".join(str(part) for part in error.args) or "OpenSSL gave no reason")
