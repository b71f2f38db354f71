"""How many inputs hypothesis makes for a test, and how it chooses them.

Two profiles. `fixed` is what everybody runs: the same inputs each time, nothing remembered from earlier
runs, nothing that depends on how fast the machine is. `explore` looks further: other inputs each time, and at
least a thousand for each test. `HYPOTHESIS_PROFILE=explore` chooses it.

A test states no `settings` of its own, for they would win over the profile; where a hundred inputs are too
many or too few it says `@examples(60)`.
"""

import os

from hypothesis import HealthCheck, settings

FIXED = "fixed"
EXPLORE = "explore"

settings.register_profile(
    FIXED,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    EXPLORE,
    derandomize=False,
    max_examples=1_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def load_profile() -> None:
    """Use the profile named by HYPOTHESIS_PROFILE, else `fixed`; an unknown name is an error."""
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or FIXED)


def examples(count: int, *also_allowed: HealthCheck) -> settings:
    """A test's own number of inputs: `count` under `fixed`, never fewer than the profile's under `explore`."""
    exploring = settings.get_current_profile_name() == EXPLORE
    return settings(
        max_examples=max(count, settings.default.max_examples) if exploring else count,
        suppress_health_check=[*settings.default.suppress_health_check, *also_allowed],
    )
