"""A lab that is left while it opens leaves nothing open."""

import asyncio
import gc
import warnings

from mxwalk.lab.lab import Lab
from mxwalk.lab.scenario import load_scenario

_TURNS = 14  # of the loop; a lab without hosts is open after fewer


async def test_a_lab_that_is_cancelled_while_it_opens_leaves_no_socket():
    scenario = load_scenario("mx-null")
    opened = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for turns in range(_TURNS):
            lab = Lab(scenario)
            opening = asyncio.create_task(lab.__aenter__())
            for _ in range(turns):
                await asyncio.sleep(0)
            opening.cancel()
            try:
                await opening
            except asyncio.CancelledError:
                pass
            else:
                opened.append(turns)
                await lab.__aexit__(None, None, None)
        del lab, opening
        gc.collect()
    assert opened
    assert opened[0] > 3
    assert [str(one.message) for one in caught] == []
