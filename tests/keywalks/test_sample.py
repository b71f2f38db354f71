"""A sample of the walks by keys: each kind of screen, each size, both languages."""

import pytest

from tests.keywalks.cases import Case
from tests.keywalks.walker import KeyWalk

SEED = 8
AT_RANDOM = 15
SAMPLE = (
    "trace:dane-mismatch@60x18/ko",
    "trace:spf-softfail@80x24/en",
    "screen:compare@100x30/ko",
    "screen:clues@80x24/en",
    "live:mx-null@80x24/en",
)


@pytest.mark.parametrize("named", SAMPLE)
async def test_no_key_ends_the_interface_fails_a_worker_or_does_nothing_without_a_reason(
    named: str,
) -> None:
    done = await KeyWalk(Case.parse(named), SEED, AT_RANDOM).run()
    assert not done.wrong, f"python -m tests.keywalks --seed {SEED} --replay {named}"
    assert done.keys > 60
