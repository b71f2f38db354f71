"""The handshake a connection came to, whichever ClientHello it took, and its end by an alert."""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import as_seen_by, completed
from mxwalk.evidence.connection import Exchanged, Handshaken
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.told import ending_words, how_it_ended
from mxwalk.evidence.wire import Direction, Ending, EndingKind
from mxwalk.findings.raising import VALUE_CHARS, show
from mxwalk.language import say

_INSIDE = (StepKind.EHLO_TLS, StepKind.MAIL, StepKind.RCPT, StepKind.RSET)
# In the order in which the walk tries them after its own handshake failed.
_RETRIES = (StepKind.CLASSIC_GROUPS, StepKind.LEGACY_TLS)


def agreed(attempt: Attempt) -> tuple[Attempt, Handshaken] | None:
    """Return the connection as its first completed handshake shows it; ``None`` without one."""
    handshake = attempt.handshake
    if handshake is None or handshake.ending is None:
        return None if handshake is None else (attempt, handshake)
    for kind in _RETRIES:
        look = completed(attempt, kind)
        if look is not None and look.handshake is not None:
            return as_seen_by(attempt, kind), look.handshake
    return None


def ended_inside(attempt: Attempt) -> Iterator[tuple[Step, Exchanged, Ending]]:
    """Yield the commands inside TLS at which TLS itself was ended."""
    for step in attempt.steps:
        if step.kind in _INSIDE and isinstance(step.evidence, Exchanged):
            ending = step.evidence.ending
            if ending is not None and ending.kind in (EndingKind.TLS_ALERT, EndingKind.TLS_ERROR):
                yield step, step.evidence, ending


def ended_how(handshake: Handshaken) -> str:
    """Say in a few words how a handshake ended, printable."""
    fatal = next((alert for alert in handshake.alerts if alert.fatal), None)
    if fatal is not None:
        name = show(fatal.name or str(fatal.code))
        if fatal.direction is Direction.SENT:
            return say("our alert {name} ({code})", name=name, code=fatal.code)
        return say("alert {name} ({code})", name=name, code=fatal.code)
    if handshake.ending is None:
        return say("it stands")
    return {
        EndingKind.RESET: say("the connection is reset"),
        EndingKind.CLOSED: say("the connection is closed"),
        EndingKind.HALF_CLOSED: say("the connection is closed"),
        EndingKind.TIMEOUT: say("nothing comes back"),
    }.get(handshake.ending.kind, how_it_ended(handshake.ending, VALUE_CHARS))


def detail_of(attempt: Attempt, ending: Ending) -> str:
    """Return an ending's detail, printable, without the address, which the finding names."""
    return ending_words(
        ending.detail.removeprefix(f"{attempt.address} port {attempt.port}: "), VALUE_CHARS
    )
