"""One mark and sentence a step, over the lab's scenarios."""

import pytest

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status import status
from tests.walk.harness import lab_walk, run


async def marks(name: str) -> dict[str, tuple[Mark, str]]:
    async with lab_walk(name) as walk:
        await run(walk)
        found = {}
        for step in walk.trace.steps:
            state = status(step, walk.delivery)
            assert state.summary.isprintable()
            found[step.kind.value] = (state.mark, state.summary)
        return found


async def test_good_delivery_has_no_failed_step():
    assert {mark for mark, _ in (await marks("pkix-good")).values()} <= {Mark.OK, Mark.INFO}


@pytest.mark.parametrize(
    ("scenario", "kind", "mark", "said"),
    [
        ("ehlo-1869", "ehlo", Mark.FAIL, "STARTTLS only for lenient readers"),
        ("starttls-missing", "ehlo", Mark.WARN, "STARTTLS is not offered"),
        ("starttls-454", "starttls", Mark.FAIL, "454"),
        ("starttls-injection", "starttls", Mark.WARN, "in clear behind it"),
        ("starttls-broken", "handshake", Mark.FAIL, ""),
        ("greet-421", "greeting", Mark.UNKNOWN, "throttled: 421"),
        ("greet-554", "greeting", Mark.FAIL, "554"),
        ("silent", "greeting", Mark.UNKNOWN, ""),
        ("refused", "connect", Mark.FAIL, "refused"),
        ("mx-null", "mx", Mark.FAIL, "null MX"),
        ("mx-none", "mx", Mark.INFO, "no MX record"),
        ("esa-ptr-unconfirmed", "ptr", Mark.WARN, "not forward-confirmed"),
        ("pkix-expired", "chain", Mark.FAIL, "depth 0"),
    ],
)
async def test_mark_and_summary_of_the_step_that_matters(scenario, kind, mark, said):
    found = (await marks(scenario))[kind]
    assert found[0] is mark
    assert said in found[1]


@pytest.mark.parametrize("scenario", ["hostile-escapes", "hostile-markup", "hostile-flood"])
async def test_hostile_servers_leave_printable_summaries(scenario):
    assert all(len(summary) <= 400 for _, summary in (await marks(scenario)).values())
