"""A sample of the losses of every scenario; ``python -m tests.truth`` tries them all."""

import random

import pytest

from mxwalk.lab.scenario import scenario_names
from tests.lab.walks import walked
from tests.truth.check import lies, undecided
from tests.truth.pieces import losses

TRIED = 6


@pytest.mark.parametrize("name", scenario_names())
async def test_a_piece_less_never_makes_a_failure_a_success(name: str) -> None:
    delivery = await walked(name)
    watched = undecided(delivery)
    every = list(losses(delivery.trace))
    assert len(every) > len(delivery.trace.steps)
    for loss in random.Random(name).sample(every, TRIED):
        assert list(lies(loss, watched)) == []


@pytest.mark.parametrize(
    ("name", "what", "judge"),
    [
        ("revoked-crl", "certificates[0].asked[0].extract", "esa:5"),
        ("pkix-sha1", ": path[0]", "postfix:verify"),
        ("dmarc-forwarder", ": answers[0]", "esa-guide"),
        ("dnssec-lying-resolver", "mx: support[1]", "postfix:secure"),
        ("tls-sni-required", "without-sni mx1.example.com 192.0.2.124", "postfix:secure"),
        ("tls-sni-required", "192.0.2.124: handshake", "postfix:secure"),
    ],
)
async def test_what_a_verdict_rests_on_is_missed_when_it_is_lost(
    name: str, what: str, judge: str
) -> None:
    delivery = await walked(name)
    assert judge in undecided(delivery)
    found = [loss for loss in losses(delivery.trace) if loss.what.endswith(what)]
    assert found
    for loss in found:
        assert list(lies(loss, (judge,))) == []
