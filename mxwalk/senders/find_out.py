"""What would tell what a verdict does not: it follows from why the verdict is unknown.

Walking again tells nothing where the server would answer the same, or the walk would end at the same
limit of ours; then the log of the sender itself tells.  Why it is unknown is read from the step that
the verdict stands on.
"""

import enum

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.lockstep import out_of_step
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Connected, Exchanged, Handshaken, LookedAgain
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.language import noted, say
from mxwalk.senders.model import Verdict
from mxwalk.smtp.model import SERVICE_CLOSING
from mxwalk.smtp.replies import parse_reply


class Unknown(enum.Enum):
    """Why a verdict is unknown; the value is what would tell, in the infinitive."""

    PASTED = noted("walk to the host itself")
    RESOLVER = noted("walk again with a resolver that answers and validates DNSSEC")
    LEFT_OUT = noted("walk again and leave nothing out")
    BROKEN_OFF = noted("walk again and let the step finish")
    LISTS = noted("walk again, online, so that the revocation lists can be asked for")
    BEYOND = noted("walk to that host itself")
    PATIENCE = noted("walk again with more time for an answer (--timeout)")
    LIMIT = noted(
        "look at the sender's own log: walking again ends at the same limit of mxwalk, which senders"
        " may not have"
    )
    ANSWER = noted(
        "look at the sender's own log: walking again shows the same as long as the server answers so"
    )
    PASSING = noted("walk again later or from the sender's own network")


_LOOK_UPS = frozenset(
    {
        StepKind.RESOLVER,
        StepKind.MX,
        StepKind.POLICY_RECORDS,
        StepKind.ADDRESS,
        StepKind.TLSA,
        StepKind.PTR,
    }
)
_ENDINGS = {
    EndingKind.TOO_LONG: Unknown.LIMIT,
    EndingKind.TIMEOUT: Unknown.PATIENCE,
    EndingKind.CANCELLED: Unknown.BROKEN_OFF,
}
_GOOD = {StepKind.GREETING: 220, StepKind.STARTTLS: 220}  # of all others 250


def to_find_out(delivery: Delivery, verdict: Verdict) -> str:
    """Return what would tell what an unknown verdict does not, in the infinitive."""
    return say(_why(delivery, verdict).value)


def _why(delivery: Delivery, verdict: Verdict) -> Unknown:
    if delivery.trace.header.pasted:
        return Unknown.PASTED
    step = next((one for one in delivery.trace.steps if one.seq == verdict.step), None)
    host = next((one for one in delivery.hosts if one.planned.name == verdict.host), None)
    if host is not None and host.skipped:
        return Unknown.LEFT_OUT
    if host is not None and host.left_out and not host.addresses:
        return Unknown.BEYOND
    if step is None:
        return Unknown.RESOLVER
    if step.cancelled:
        return Unknown.BROKEN_OFF
    if step.kind in _LOOK_UPS:
        return Unknown.RESOLVER
    attempts = (one for each in delivery.hosts for one in each.attempts)
    attempt = next((one for one in attempts if step in one.steps), None)
    return _of_step(step, attempt) or (
        Unknown.LEFT_OUT if delivery.left_out.get(step.scope) else Unknown.PASSING
    )


def _of_step(step: Step, attempt: Attempt | None) -> Unknown | None:
    """Return what the step itself tells; ``None`` where nothing is odd in it."""
    match step.evidence:
        case Exchanged(ending=None) as exchange:
            return _of_answer(step, exchange, attempt)
        case Connected() | Handshaken() | Exchanged() | LookedAgain() as made:
            return _of_ending(step.kind, made.ending) if made.ending else None
        case _:
            return Unknown.LISTS if step.kind in (StepKind.CHAIN, StepKind.REVOCATION) else None


def _of_ending(kind: StepKind, ending: Ending) -> Unknown:
    if kind is StepKind.CONNECT:  # what keeps a connection away may be our own network
        return Unknown.PASSING
    return _ENDINGS.get(ending.kind, Unknown.PASSING)


def _of_answer(step: Step, exchange: Exchanged, attempt: Attempt | None) -> Unknown | None:
    """An answer of 4yz passes; one that fits no rule comes again."""
    answers = [parse_reply(one) for one in (exchange.reply, exchange.trailing) if one]
    if any(one.code == SERVICE_CLOSING for one in answers):
        return Unknown.PASSING
    if any(one.code // 100 == 4 and not one.contradicts_itself for one in answers):
        return Unknown.PASSING
    odd = any(one.contradicts_itself for one in answers) or exchange.trailing
    shifted = attempt is not None and step in out_of_step(attempt)
    good = _GOOD.get(step.kind, 250)
    if odd or shifted or any(one.code != good for one in answers):
        return Unknown.ANSWER
    return None
