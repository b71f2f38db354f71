"""A module of tests says in ``NEEDS`` which programs it starts; without them it is skipped."""

import pytest

from tests.peers.programs import needs


@pytest.fixture(scope="module", autouse=True)
def _programs(request: pytest.FixtureRequest) -> None:
    """Skip what cannot run here, before any of its servers is started."""
    wanted = getattr(request.module, "NEEDS", None)
    if wanted is not None:
        needs(*wanted)
