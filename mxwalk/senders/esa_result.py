"""How an ESA's failures and obstacles become verdicts on a connection."""

from typing import assert_never

from mxwalk.evidence.step import StepKind
from mxwalk.senders import esa_log
from mxwalk.senders.judged import Judged, verdict_on
from mxwalk.senders.model import Outcome
from mxwalk.senders.situation import Fault, Obstacle, Situation, stage


def failed(
    at: Situation,
    reason: str,
    log: str,
    step: int | None,
    kind: StepKind = StepKind.STARTTLS,
) -> Judged:
    """Return the verdict on a host that fails what the setting asks for: it is passed over."""
    verdict = verdict_on(at, Outcome.DEFERRED, reason, log, step)
    return Judged(verdict=verdict, fault=Fault.FAILED, stage=stage(kind))


def stopped(at: Situation, obstacle: Obstacle) -> Judged:
    """Turn an obstacle into a verdict; what decides nothing is ``UNKNOWN``."""
    port = at.attempt.port
    code = ""
    fault = obstacle.fault
    if fault is Fault.PERMANENT and obstacle.kind is StepKind.HELO:
        fault = Fault.FAILED  # that it gives up at 5yz to HELO is documented nowhere
    match fault:
        case Fault.OPEN | Fault.INCONCLUSIVE:
            outcome, log = Outcome.UNKNOWN, ""
        case Fault.PERMANENT:
            outcome = Outcome.BOUNCED
            code = (obstacle.reply.enhanced_code if obstacle.reply else "") or "5.3.2"
            log = esa_log.bounced(code, obstacle.reply)
        case Fault.FAILED:
            outcome = Outcome.DEFERRED
            log = esa_log.connection_error(
                at.delivery.domain, at.attempt.address, port, obstacle.ending
            )
            if obstacle.reply:
                log = (
                    esa_log.delayed("4.4.0", obstacle.reply)
                    if obstacle.reply.has_code
                    else esa_log.unexpected(at.delivery.domain, at.attempt.address, port)
                )
        case _:
            assert_never(fault)
    verdict = verdict_on(at, outcome, obstacle.reason, log, obstacle.step, code)
    return Judged(
        verdict=verdict,
        fault=fault,
        stage=stage(obstacle.kind),
        connected=obstacle.kind is not StepKind.CONNECT,
    )
