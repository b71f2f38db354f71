"""Where an octet stands: in whose exchange of a faultless walk, and whether that exchange needs it.

Counted from the connection's first octet, in one direction, on the wire or inside TLS.  Inside records the
place is known to some octets only, for signatures and tickets differ in length from walk to walk.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.wire import Direction, Layer
from tests.torture.faults import Case, Way

_UNASKED = frozenset(
    {StepKind.CHAIN, StepKind.ISSUERS, StepKind.REVOCATION, StepKind.IDENTITY}
)  # nothing is asked of the server in them
_DRIFT = 8  # signatures in DER and tickets differ by some octets from walk to walk
_CLIENT_FINISHED = 120  # sent behind what completes our side of the handshake (RFC 8446 4.4.4)
_RECORD = 17 + 5  # of TLS around a reply at least: header, content type, tag


@dataclass(frozen=True, slots=True)
class Span:
    """The octets of one direction in one exchange, counted from the connection's first."""

    kind: StepKind
    begin: int
    end: int


def spans_of(steps: Sequence[Step], case: Case) -> Iterator[Span]:
    """Yield the exchanges of a connection with the octets that they hold of the harmed direction."""
    direction = Direction.SENT if case.way is Way.CLIENT else Direction.RECEIVED
    layers = {Layer.TLS_DATA} if case.inside else {Layer.CLEAR, Layer.TLS_RECORDS}
    begin = end = 0
    for step in steps:
        end += sum(
            len(chunk.data)
            for chunk in step.wire
            if chunk.direction is direction and chunk.layer in layers
        )
        # What comes while nothing is asked (tickets) is missed when something is.
        if end > begin and step.kind not in _UNASKED:
            yield Span(step.kind, begin, end)
            begin = end


def struck_by(spans: Sequence[Span], case: Case) -> list[StepKind]:
    """Return the exchanges that the octet may stand in; none: behind everything that was needed."""
    secret = next((one.begin for one in spans if one.kind is StepKind.HANDSHAKE), None)
    in_tls = not case.inside and secret is not None and case.position >= secret
    low, high = case.position, case.position
    if in_tls:
        low, high = max(low - _DRIFT, secret or 0), high + _DRIFT
        if case.way is Way.CLIENT:
            hello = next(one for one in spans if one.kind is StepKind.HANDSHAKE)
            if low < hello.end <= high + _CLIENT_FINISHED:
                high = hello.end
    return [one.kind for one in spans if one.begin <= high and low < one.end]


def is_ticket(steps: Sequence[Step], spans: Sequence[Span], case: Case) -> bool:
    """Say whether the octet stands between the handshake and the first reply inside TLS."""
    first = next((one for one in spans if one.kind is StepKind.EHLO_TLS), None)
    if first is None or case.inside or case.way is Way.CLIENT:
        return False
    replies = [len(one.evidence.reply) for one in steps
               if one.kind is first.kind and isinstance(one.evidence, Exchanged)]  # fmt: skip
    return first.begin - _DRIFT <= case.position <= first.end - sum(replies) - _RECORD + _DRIFT


def is_last_word(steps: Sequence[Step], spans: Sequence[Span], case: Case) -> bool:
    """Say whether the octet stands behind QUIT's reply, where TLS ends, or may do."""
    last = spans[-1]
    in_tls = not case.inside and any(step.kind is StepKind.HANDSHAKE for step in steps)
    if last.kind is not StepKind.QUIT or not in_tls:
        return False
    evidence = steps[-1].evidence
    reply = len(evidence.reply) if isinstance(evidence, Exchanged) else 0
    said = reply + _RECORD if case.way is Way.SERVER else last.end - last.begin
    return case.position >= last.begin + said - _DRIFT
