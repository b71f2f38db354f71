"""Steps left out by decision: the plan says so, and gives no other reason for them."""

import pytest

from mxwalk.evidence.step import StepKind
from mxwalk.walk.model import NodeState
from mxwalk.walk.plan import outline
from tests.walk.harness import lab_walk, run, step_to


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        ("revoked-crl", StepKind.REVOCATION),
        ("tls-sni-required", StepKind.WITHOUT_SNI),
        ("pkix-missing-aia", StepKind.ISSUERS),
        ("pkix-good", StepKind.STARTTLS),
    ],
)
async def test_the_plan_says_that_a_step_was_left_out_by_decision(scenario: str, kind: StepKind):
    async with lab_walk(scenario) as walk:
        await step_to(walk, kind.value)
        assert walk.skip_step() is not None
        for _ in range(2):  # while the connection is open, and when all is over
            (leaf,) = [node for node in outline(walk.delivery).walk() if node.kind is kind]
            assert leaf.state is NodeState.NOT_NEEDED
            assert leaf.note == "left out by decision"
            await run(walk)


async def test_what_a_look_is_for_stands_before_where_it_goes():
    async with lab_walk("tls-sni-required") as walk:
        await step_to(walk, StepKind.WITHOUT_SNI.value)
        assert walk.pending is not None
        assert walk.pending.text.startswith("without SNI: connect again to 192.0.2.")
