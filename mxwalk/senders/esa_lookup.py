"""What an ESA makes of look-ups that lead to no connection, in its own log's words."""

from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import RouteKind
from mxwalk.evidence.step import StepKind
from mxwalk.senders import esa_log
from mxwalk.senders.judged import Judged
from mxwalk.senders.model import AttemptVerdict, Outcome
from mxwalk.senders.route_outcome import RouteOutcome, address_outcome
from mxwalk.senders.situation import Fault, stage
from mxwalk.text import visible


def without_address(delivery: Delivery, host: Host) -> Judged:
    """Return what the ESA makes of a host that has no address to connect to."""
    found = address_outcome(delivery, host)
    fault = Fault.FAILED
    if found.outcome is Outcome.BOUNCED:
        fault = Fault.PERMANENT
    elif found.outcome is Outcome.UNKNOWN:
        over = host.lookup is not None or host.left_out or host.skipped or delivery.stopped
        fault = Fault.INCONCLUSIVE if over else Fault.OPEN
    return Judged(
        verdict=_of_lookup(found, host.planned.name, _lookup_log(host.planned.display, "A", found)),
        fault=fault,
        stage=stage(StepKind.CONNECT),
        connected=False,
    )


def of_route(delivery: Delivery, found: RouteOutcome) -> AttemptVerdict:
    """Return what the ESA makes of a route that leads to no host."""
    known = delivery.route.kind is RouteKind.NO_DOMAIN
    why = "NXDomain" if known else "<words on the null MX>"
    log = _lookup_log(delivery.domain, "MX", found, why)
    return _of_lookup(found, "", log)


def _lookup_log(name: str, rtype: str, found: RouteOutcome, why: str = "NXDomain") -> str:
    match found.outcome:
        case Outcome.BOUNCED:
            return esa_log.bounced_by_dns(found.code, name, rtype, why)
        case Outcome.DEFERRED:
            return esa_log.delayed_by_dns(found.code or "4.4.4", name, rtype)
        case _:
            return ""


def _of_lookup(found: RouteOutcome, host: str, log: str) -> AttemptVerdict:
    return AttemptVerdict(
        host=visible(host, 300),
        address="",
        outcome=found.outcome,
        reason=found.reason,
        log=log,
        step=found.step,
        code=found.code,
    )
