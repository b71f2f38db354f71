"""The messages of one handshake as they pass, with their times.

Fed with whole messages of both directions; what is encrypted on the wire comes decrypted.  Nothing
here knows OpenSSL, and any bytes are taken.
"""

from mxwalk.evidence.handshake import HandshakeMessage
from mxwalk.evidence.wire import Direction
from mxwalk.limits import HANDSHAKE_MESSAGES
from mxwalk.tls.notes import alert_note
from mxwalk.tls.seen import Seen

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE = 20, 21, 22  # RFC 8446 5.1: ContentType


class Transcript:
    """What passed so far: ``messages`` are bounded, ``count`` counts them all, ``seen`` adds up."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.count = 0
        self._messages: list[HandshakeMessage] = []
        self._started_s: float | None = None

    @property
    def messages(self) -> tuple[HandshakeMessage, ...]:
        """The messages in order, the first ones of too many."""
        return tuple(self._messages)

    def take(self, direction: Direction, content_type: int, data: bytes, now_s: float) -> None:
        """Take one whole message, as a record's content; ``now_s`` is a monotonic time."""
        if content_type == HANDSHAKE:
            name, note = self.seen.read(direction, data)
        elif content_type == ALERT:
            name, note = "Alert", alert_note(data)
        elif content_type == CHANGE_CIPHER_SPEC:
            name, note = "ChangeCipherSpec", ""
        else:
            return
        if self._started_s is None:
            self._started_s = now_s
        self.count += 1
        if len(self._messages) < HANDSHAKE_MESSAGES:
            one = HandshakeMessage(
                at_s=max(0.0, now_s - self._started_s),
                direction=direction,
                name=name,
                size=len(data),
                note=note,
                alert=data[1] if content_type == ALERT and len(data) > 1 else None,
            )
            self._messages.append(one)
