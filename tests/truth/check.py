"""Which losses turn a verdict into a success that the whole evidence does not give."""

from collections.abc import Iterator

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.receivers.registry import judges
from mxwalk.senders.model import Outcome
from tests.truth.pieces import Loss

BEST = frozenset({Outcome.DELIVERED_VERIFIED, Outcome.ACCEPTED_AUTHENTIC, Outcome.COMPLETE})


def undecided(delivery: Delivery) -> tuple[str, ...]:
    """Return who neither delivers nor accepts: the judges that a loss must not win over."""
    return tuple(
        one.id
        for one in judges(delivery.trace.header.purpose)
        if not (outcome := one.judge(delivery).outcome).delivered and outcome not in BEST
    )


def lies(loss: Loss, watched: tuple[str, ...]) -> Iterator[str]:
    """Yield a sentence for each judge whom the loss makes call a failure a success."""
    delivery = build_delivery(loss.trace)
    for judge in judges(delivery.trace.header.purpose):
        if judge.id not in watched:
            continue
        verdict = judge.judge(delivery)
        if verdict.outcome in BEST:
            yield f"{judge.id} says {verdict.outcome.value} without {loss.what}: {verdict.reason}"
