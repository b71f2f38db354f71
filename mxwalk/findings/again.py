"""The same dialogue by hand: a command that sends what the walk sent and shows the raw replies.

Commands up to the one in question are sent, on the same side of TLS, with QUIT behind them; DATA is
never among them, since the walk does not send it.
"""

from mxwalk.delivery.attempt import Attempt
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import Step, StepKind
from mxwalk.findings.commands import nc, s_client

_LINES = 6


def again(attempt: Attempt, step: Step | None) -> str:
    """Return a shell command that shows the reply of ``step`` (default: the greeting)."""
    if step is None or step.kind is StepKind.GREETING:
        return nc(attempt.place, attempt.port)
    secured = attempt.step(StepKind.HANDSHAKE) if attempt.tls_is_up else None
    is_inside = secured is not None and secured.seq < step.seq
    said = [
        item.evidence.command.decode("utf-8", "backslashreplace").rstrip("\r\n")
        for item in attempt.steps
        if isinstance(item.evidence, Exchanged)
        and item.evidence.command
        and item.seq <= step.seq
        and (not is_inside or secured is None or item.seq > secured.seq)
    ]
    # after STARTTLS in clear only a handshake may follow (RFC 3207 4)
    ends = step.kind is StepKind.STARTTLS or (said and said[-1].upper() == "QUIT")
    lines = [*said[-_LINES:], *([] if ends else ["QUIT"])]
    if is_inside:
        return s_client(attempt.place, attempt.port, attempt.host.name, say=lines)
    return nc(attempt.place, attempt.port, *lines)
