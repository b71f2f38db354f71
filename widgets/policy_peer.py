"""The policy host as a connection, so that the chain view can draw its certificates."""

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.route import HostOrigin, PlannedHost
from mxwalk.evidence.step import Scope, Step, StepKind

_HTTPS = 443


def policy_host(delivery: Delivery) -> Attempt | None:
    """Return the connection to the policy host as the chain view takes one."""
    step, fetch = delivery.policy_step, delivery.sts.fetch
    if step is None or fetch is None or fetch.handshake is None:
        return None
    name = f"mta-sts.{fetch.domain}"
    planned = PlannedHost(
        name=name, display=name, port=_HTTPS, preference=0, origin=HostOrigin.TARGET
    )
    scope = Scope(host=name, address=fetch.fetched.address, port=_HTTPS, attempt=1)
    shown = [(StepKind.HANDSHAKE, fetch.handshake), (StepKind.CHAIN, fetch.chain)]
    steps = tuple(
        Step(
            seq=step.seq, kind=kind, scope=scope, started_s=step.started_s,
            elapsed_s=step.elapsed_s, evidence=evidence,
        )
        for kind, evidence in shown
        if evidence is not None
    )  # fmt: skip
    return Attempt(host=planned, address=fetch.fetched.address, port=_HTTPS, number=1, steps=steps)
