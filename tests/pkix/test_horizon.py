from datetime import timedelta

import pytest

from mxwalk.pkix.horizon import chain_horizon
from tests.pkix.chains import DAY, NOW, make
from tests.pkix.world import explain, leaf, leaf_plan, lower, lower_plan, root, upper


def chain(**ends: int) -> tuple[bytes, ...]:
    return (
        make(leaf_plan(ends=NOW + ends.get("leaf", 60) * DAY)),
        make(lower_plan(ends=NOW + ends.get("lower", 200) * DAY)),
        upper(),
        root(),
    )


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (0, "valid for 60 more days; will fail after 2026-08-14 12:00:00 UTC (the server's"),
        (59, "valid for 1 more day; will fail after"),
        (59.5, "valid for 12 more hours; will fail after"),
        (60 - 1 / 48, "valid for 30 more minutes; will fail after"),
        (60, "valid for 0 more seconds; will fail after"),
        (61, "expired 1 day ago, on 2026-08-14 12:00:00 UTC (the server's certificate)"),
        (-31, "not valid for another 1 day, until 2026-05-16 12:00:00 UTC (the server's"),
    ],
)
def test_the_horizon_is_told_in_days_hours_minutes(at: float, sentence: str) -> None:
    horizon = chain_horizon(chain(), NOW + timedelta(days=at))
    assert horizon.sentence.startswith(sentence)
    assert (horizon.from_depth, horizon.until_depth) == (0, 0)


def test_an_intermediate_that_ends_first_limits_the_chain() -> None:
    horizon = chain_horizon(chain(lower=12), NOW)
    assert horizon.valid_until == NOW + 12 * DAY
    assert horizon.until_depth == 1
    assert horizon.sentence == (
        "valid for 12 more days; will fail after 2026-06-27 12:00:00 UTC"
        ' (the CA certificate "Lower")'
    )


def test_a_chain_that_is_never_whole_says_so() -> None:
    late = make(leaf_plan(begins=NOW + 300 * DAY, ends=NOW + 400 * DAY))
    horizon = chain_horizon((late, lower(), upper(), root()), NOW)
    assert horizon.empty
    assert horizon.sentence.startswith("there is no time at which the whole chain is valid")


def test_openssl_agrees_at_both_ends_and_beyond() -> None:
    ders = chain(lower=12)
    horizon = chain_horizon(ders, NOW)
    assert horizon.valid_from is not None
    assert horizon.valid_until is not None
    second = timedelta(seconds=1)
    for at, valid in (
        (horizon.valid_from - second, False),
        (horizon.valid_from, True),
        (horizon.valid_until, True),
        (horizon.valid_until + second, False),
    ):
        assert explain(*ders[:3], at=at).valid is valid


def test_the_time_of_a_top_that_is_no_root_does_not_count_as_openssl_has_it() -> None:
    short = make(lower_plan(ends=NOW - DAY))
    horizon = chain_horizon((leaf(), short), NOW)
    assert horizon.until_depth == 0
    assert horizon.valid_until == NOW + 60 * DAY


def test_a_validity_that_cannot_be_read_has_no_horizon() -> None:
    horizon = chain_horizon((b"no certificate",), NOW)
    assert horizon.valid_until is None
    assert "cannot be read" in horizon.sentence
    assert chain_horizon((), NOW).valid_from is None


def test_the_end_of_a_chain_that_is_not_trusted_is_not_when_it_begins_to_fail():
    told = chain_horizon(chain(), NOW, whole=False).sentence
    assert told.startswith("by its dates alone valid for 60 more days, until 2026-08-14")
    assert "fail" not in told
    gone = chain_horizon(chain(), NOW + timedelta(days=61), whole=False).sentence
    assert gone.startswith("expired 1 day ago")
