"""Whether a connection still stands, and how it ended when it does not.

Three things end it: TLS's failure, the loss of the TCP connection, and the peer's FIN or
close_notify.  After a FIN alone the peer may still listen (RFC 9293 3.6); only an answer by RST to
something sent afterwards tells, so that is what is waited for, once.
"""

from mxwalk.evidence.wire import Ending
from mxwalk.net import endings
from mxwalk.net.endings import Peer
from mxwalk.net.engine import TlsEngine
from mxwalk.net.stream import Stream

# An RST takes one round trip, as the connection's set-up did; slow stacks get a margin.
_PROBE_ROUND_TRIPS = 3
_PROBE_MIN_S = 0.2
_PROBE_MAX_S = 2.0


class Condition:
    """The condition of one connection; ``set_up_s`` is how long its set-up took."""

    def __init__(self, peer: Peer, stream: Stream, set_up_s: float) -> None:
        self.engine: TlsEngine | None = None
        self.sent_after_end = False
        self._peer = peer
        self._stream = stream
        self._takes_more: bool | None = None  # after its FIN; unknown until probed
        self._probe_s = min(max(_PROBE_ROUND_TRIPS * set_up_s, _PROBE_MIN_S), _PROBE_MAX_S)

    @property
    def ended_by_peer(self) -> bool:
        """Whether the peer said that it will send no more."""
        return self._stream.fin or (self.engine is not None and self.engine.peer_closed)

    def broken(self, after_s: float) -> Ending | None:
        """Return how TLS failed or the connection was lost, ``None`` while it can still send."""
        if self.engine is not None and self.engine.failure is not None:
            return endings.over_tls(self._peer, self.engine.failure, after_s)
        if not self._stream.lost:
            return None
        if self._stream.error is None:
            return endings.cancelled(self._peer, after_s)
        if self.ended_by_peer:
            return endings.closed(
                self._peer, after_s, remark=" and refused what was sent afterwards"
            )
        return endings.from_open(self._peer, self._stream.error, after_s)

    async def still_listens(self) -> bool:
        """Say whether the peer takes what was sent after its FIN."""
        if not (self._stream.fin and self.sent_after_end):
            return False
        if self._takes_more is None:
            self._takes_more = not await self._stream.reset_within(self._probe_s)
        return self._takes_more

    def half_closed(self, after_s: float) -> Ending:
        """Describe a peer that still listens."""
        return endings.half_closed(self._peer, after_s, self._probe_s)

    def closed(self, after_s: float, during: str) -> Ending:
        """Describe the peer's end; ``during`` names a phase of the dialogue it broke into."""
        remark = ""
        if self.engine is not None and not during:
            if self.engine.peer_closed:
                remark = " and had ended TLS properly (close_notify)"
            else:  # RFC 8446 6.1: without close_notify data may have been cut off
                remark = " without ending TLS (no close_notify): its last words may be missing"
        return endings.closed(self._peer, after_s, during, remark)
