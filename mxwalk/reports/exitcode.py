"""The exit codes of headless runs, which scripts rely on."""

import enum

from mxwalk.findings.model import Finding, Severity
from mxwalk.senders.model import Outcome, Verdict


class ExitCode(enum.IntEnum):
    """What the exit code says of the delivery, of the message, or of what a domain publishes."""

    DELIVERED = 0  # as the chosen sender wants; accepted; complete
    DELIVERED_WITH_ERRORS = (
        1  # but there is an error, or it is not complete, or its trace is damaged
    )
    USAGE = 2  # nothing was walked, or the trace cannot be read
    NOT_DELIVERED = 3  # deferred or bounced; of a message quarantined or rejected
    INCONCLUSIVE = 4  # throttled, timed out, or our own side failed
    INTERRUPTED = 130  # Ctrl-C; after a signal it is 128 and its number (``commands.ending``)


def exit_code(
    verdict: Verdict, findings: tuple[Finding, ...], *, damaged: bool = False
) -> ExitCode:
    """Return the exit code for the chosen verdict and the findings; a damaged trace is not in order."""
    match verdict.outcome:
        case Outcome.UNKNOWN:
            return ExitCode.INCONCLUSIVE
        case Outcome.DEFERRED | Outcome.BOUNCED | Outcome.QUARANTINED | Outcome.REJECTED:
            return ExitCode.NOT_DELIVERED
        case Outcome.INCOMPLETE:
            return ExitCode.DELIVERED_WITH_ERRORS
        case _:
            has_errors = any(finding.level is Severity.ERROR for finding in findings)
            return ExitCode.DELIVERED_WITH_ERRORS if has_errors or damaged else ExitCode.DELIVERED
