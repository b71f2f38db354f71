"""The plan as a tree, for live and replayed traces alike."""

import msgspec
import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.lab.scenario import scenario_names
from mxwalk.walk.model import NodeState
from mxwalk.walk.plan import outline
from tests.walk.harness import lab_walk, run, step_to


def leaves(delivery):
    return [node for node in outline(delivery).walk() if node.kind is not None]


async def test_before_the_first_step_the_whole_plan_is_known():
    async with lab_walk("pkix-good") as walk:
        nodes = leaves(walk.delivery)
    labels = [n.label for n in nodes]
    assert labels[:5] == ["resolver", "MX", "policy records", "MTA-STS policy", "addresses"]
    assert nodes[0].state is NodeState.NEXT
    assert {n.state for n in nodes[1:]} == {NodeState.PLANNED}


async def test_steps_not_needed_say_why():
    async with lab_walk("starttls-missing") as walk:
        await run(walk)
        skipped = {
            n.label: n.note for n in leaves(walk.delivery) if n.state is NodeState.NOT_NEEDED
        }
    assert skipped["TLS handshake"] == "STARTTLS is not offered"


async def test_group_of_the_next_step_is_marked_up_to_the_root():
    async with lab_walk("esa-hosted") as walk:
        await step_to(walk, "starttls")
        root = outline(walk.delivery)
    assert root.state is NodeState.NEXT
    assert [c.state for c in root.children][4:] == [NodeState.NEXT, NodeState.PLANNED]


@pytest.mark.parametrize(
    "name", [n for n in scenario_names() if n not in ("mx-many", "mx-dead-first")]
)
async def test_at_every_point_of_every_scenario_the_tree_agrees_with_the_walk(name):
    async with lab_walk(name) as walk:
        await run(walk)
        trace = walk.trace
    for count in range(len(trace.steps) + 1):
        delivery = build_delivery(msgspec.structs.replace(trace, steps=trace.steps[:count]))
        nodes = leaves(delivery)
        marked = [n for n in nodes if n.state is NodeState.NEXT]
        done = [n.step.seq for n in nodes if n.step is not None]
        assert sorted(done) == [s.seq for s in trace.steps[:count]]
        if count < len(trace.steps):
            following = trace.steps[count]
            assert [(n.kind, n.scope) for n in marked] == [(following.kind, following.scope)]
        else:
            assert marked == []
        keys = [n.key for n in outline(delivery).walk()]
        assert len(keys) == len(set(keys))
