"""The chain at another date, and the time line the certificates share."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.clock import UTC
from tests.tls.pki import DAY, NOW, issue, pki
from tests.widgets.chains import Seen, chain_shown, chain_trace
from tui.screens.chain_date import understood
from widgets.chain_work import finished
from widgets.validity_bar import TimeLine

moments = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


def good(**more) -> Seen:
    others = {"certifi": (pki().root.der,), "empty": ()}
    return Seen(chain_trace(tuple(pki().chain), (pki().root.der,), others=others), **more)


async def test_at_a_later_date_the_whole_view_is_of_then_and_says_that_it_is_no_verdict() -> None:
    async with good() as seen:
        seen.view.evaluate_at(NOW + 61 * DAY)
        await seen.settled()
        assert seen.first.startswith("! AT 2026-08-15 12:00 UTC: not the walk's verdict")
        assert "✗ NOT TRUSTED: the server's certificate expired on 2026-08-14" in seen.text
        axis = next(line for line in seen.text.splitlines() if line.startswith("validity "))
        assert "2026-08-15" in axis
        assert "now" not in axis
        leaf = next(line for line in seen.text.splitlines() if "leaf mx.example.net" in line)
        assert leaf.startswith("✗")
        assert leaf.endswith("✗ expired")
        assert "  at 2026-08-15 12:00 UTC" in seen.view.title_words()
        stores = await seen.press("h")
        assert "lab store (1 root) this walk's: ✗ not trusted  depth 0: certificate has" in stores
        assert "certifi store (1 root): ✗ not trusted  depth 0: certificate has" in stores


async def test_escape_goes_back_to_the_walks_own_time() -> None:
    async with good() as seen:
        before = seen.text
        seen.view.evaluate_at(NOW + 61 * DAY)
        await seen.settled()
        assert await seen.press("escape") == before
        assert seen.view.moved_to is None


async def test_at_an_earlier_date_the_days_left_are_those_of_then() -> None:
    async with good() as seen:
        seen.view.evaluate_at(NOW + 48 * DAY)
        await seen.settled()
        assert "✓ TRUSTED by the lab store until 2026-08-14 (12 more days: the leaf)" in seen.text
        seen.view.evaluate_at(NOW - 31 * DAY)
        await seen.settled()
        assert "✗ NOT TRUSTED: the server's certificate is valid only from" in seen.text
        assert "✗ not valid yet" in seen.text


async def test_a_chain_that_is_expired_now_held_before() -> None:
    leaf = issue("mx.example.net", pki().intermediate, ends=NOW - DAY)
    trace = chain_trace((leaf.der, pki().intermediate.der), (pki().root.der,))
    async with Seen(trace) as seen:
        assert "✗ NOT TRUSTED: the server's certificate expired" in seen.first
        seen.view.evaluate_at(NOW - 2 * DAY)
        await seen.settled()
        assert "✓ TRUSTED by the lab store until 2026-06-14" in seen.text


async def test_what_the_store_does_not_hold_it_does_not_hold_at_another_date() -> None:
    async with Seen(chain_trace((pki().leaf.der,), (pki().root.der,))) as seen:
        seen.view.evaluate_at(NOW + DAY)
        await seen.settled()
        assert "✗ NOT TRUSTED" in seen.text


@pytest.mark.parametrize(
    "at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]
)
async def test_the_ends_of_the_calendar_are_dates_like_others(at: datetime) -> None:
    async with good(size=(78, 24)) as seen:
        seen.view.evaluate_at(at)
        await seen.settled()
        assert "✗ NOT TRUSTED" in seen.text


async def test_new_evidence_keeps_the_date() -> None:
    async with good() as seen:
        seen.view.evaluate_at(NOW + 61 * DAY)
        seen.view.show(chain_shown(chain_trace(tuple(pki().chain), (pki().root.der,))))
        await seen.settled()
        assert seen.first.startswith("! AT ")


@pytest.mark.parametrize(("days", "state"), [(-31, False), (-29, True), (59, True), (61, False)])
def test_openssl_and_the_explanation_agree_at_every_date(days: int, state: bool) -> None:
    shown = chain_shown(chain_trace(tuple(pki().chain), (pki().root.der,)))
    assert shown.attempt is not None
    found = finished(shown.attempt, NOW, NOW + days * DAY)
    assert found.trusted is state
    assert found.explained is not None
    assert found.explained.valid is state
    assert found.moved


def test_the_field_understands_dates_days_and_nothing_as_now() -> None:
    later = NOW + 3 * DAY
    assert understood("", NOW, later) == later
    assert understood("  ", NOW, later) == later
    assert understood("+12", NOW, later) == NOW + 12 * DAY
    assert understood("-1 day", NOW, later) == NOW - DAY
    assert understood("+30 days", NOW, later) == NOW + 30 * DAY
    assert understood("2027-01-31", NOW, later) == datetime(2027, 1, 31, tzinfo=UTC)
    assert understood("2027-01-31T12:00Z", NOW, later) == datetime(2027, 1, 31, 12, tzinfo=UTC)
    assert understood("-30 days", NOW, later) == NOW - 30 * DAY
    assert understood("+2w", NOW, later) == understood("2 weeks", NOW, later) == NOW + 14 * DAY
    assert understood("3 months", NOW, later) == NOW.replace(month=9)
    assert understood("+3 Months", NOW, later) == NOW.replace(month=9)
    assert understood("-1 year", NOW, later) == NOW.replace(year=NOW.year - 1)
    assert understood("1 month", datetime(2028, 1, 31, tzinfo=UTC), later) == datetime(
        2028, 2, 29, tzinfo=UTC
    )
    for wrong in (
        "30",
        "-9999 years",
        "999999 months",
        "1 fortnight",
        "-999999 days",
        "tomorrow",
        "+",
        "2027-13-01",
        "+999999999",
        "\x1b[2J",
    ):
        assert understood(wrong, NOW, later) is None, wrong


def bars(width: int, *periods: tuple[datetime, datetime]) -> list[str]:
    shared = TimeLine(periods, NOW, width)
    return [*(shared.bar(*period).plain for period in periods), shared.axis().plain]


def test_the_bars_share_the_mark_of_now_and_their_lengths_follow_time() -> None:
    leaf, root = (NOW - 30 * DAY, NOW + 60 * DAY), (NOW - 900 * DAY, NOW + 4_000 * DAY)
    first, second, axis = bars(40, leaf, root)
    assert first.index("┃") == second.index("┃")
    assert "now" in axis
    assert abs(axis.index("now") + 1 - first.index("┃")) <= 1
    assert second.count("━") > first.count("━") > 3
    assert len(first) == len(second) == len(axis) == 40


def test_an_expired_period_ends_before_now_and_a_future_one_begins_after() -> None:
    old, coming = (NOW - 90 * DAY, NOW - timedelta(hours=1)), (NOW + timedelta(hours=1), NOW + DAY)
    first, second, _ = bars(30, old, coming)
    assert "━" not in first[first.index("┃") :]
    assert "━" not in second[: second.index("┃")]
    assert "━" in second


@given(st.lists(st.tuples(moments, moments), max_size=5), moments, st.integers(1, 80))
def test_any_periods_make_bars_of_the_width_with_now_on_each(
    periods: list[tuple[datetime, datetime]], now: datetime, width: int
) -> None:
    shared = TimeLine(periods, now, width)
    lines = [shared.bar(*period).plain for period in periods]
    lines += [shared.bar(None, None).plain, shared.bar(now, None).plain]
    assert {len(line) for line in (*lines, shared.axis().plain)} == {max(8, width)}
    assert len({line.index("┃") for line in lines}) == 1
