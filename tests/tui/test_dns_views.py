"""DNSSEC and DANE on screen: status in header, tree and route; the views TLSA and DNSSEC."""

import pytest

from mxwalk.evidence.step import StepKind
from tests.tui.driving import app_for, picture, until_paused


async def walked(pilot, key: str) -> str:
    await until_paused(pilot)
    await pilot.press("c")
    await until_paused(pilot)
    await pilot.press(key)
    await pilot.pause()
    return picture(pilot)


async def test_the_tlsa_step_shows_the_grid_and_the_tree_the_status_of_each_look_up() -> None:
    async with app_for(scenario="dane-mixed").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        for _ in range(5):
            await pilot.press("n")
            screen = await until_paused(pilot)
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.TLSA
        assert screen.view.id == "tlsa"
        text = picture(pilot)
        rows = [line for line in text.splitlines() if " ✓ secure " in line]
        for name in ("MX", "addresses", "TLSA"):
            assert any(f"✓ {name} " in row for row in rows), name
        assert "3 1 1" in text
        assert "DNS ✓ secure" in text.splitlines()[0]


async def test_the_route_has_the_status_of_mx_addresses_and_tlsa_and_what_dane_asks() -> None:
    async with app_for(scenario="dane-mixed").run_test(size=(120, 36)) as pilot:
        text = await walked(pilot, "1")
    assert "✓ 1 record  ✓ secure  resolver agrees: AD" in text
    assert "A ✓ secure  AAAA ✓ secure  TLSA ✓ secure  DANE: usable TLSA records" in text


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_broken_zone_is_bogus_everywhere_and_its_view_opens_the_broken_cut(size) -> None:
    async with app_for(scenario="dnssec-stale-ds").run_test(size=size) as pilot:
        text = await walked(pilot, "7")
        assert "✗ BOGUS" in text
        assert "✗ bogus" in text
        assert "trust anchor" in text
        assert ("DNS ✗ bogus" in text.splitlines()[0]) == (size[0] >= 100)
        await pilot.press("z", "end")
        await pilot.pause()
        whole = picture(pilot)
        assert "no such key" in whole
        assert "registrar" in whole
        await pilot.press("home", "pagedown")
        await pilot.pause()
        assert "registrar" in picture(pilot)  # there is no row to go to, and more to read


async def test_an_unsigned_domain_is_insecure_in_words_and_not_in_green() -> None:
    async with app_for(scenario="esa-san").run_test(size=(120, 36)) as pilot:
        text = await walked(pilot, "7")
    assert "• INSECURE" in text
    assert "DNS • insecure" in text.splitlines()[0]
    assert "a delegation without DS" in text


async def test_a_resolver_that_strips_is_not_blamed_on_the_zone() -> None:
    async with app_for(scenario="dnssec-stripping-resolver").run_test(size=(120, 36)) as pilot:
        text = await walked(pilot, "7")
    assert "? INDETERMINATE" in text
    assert "DNS003" in text


async def test_the_status_is_told_apart_in_ascii_too() -> None:
    app = app_for(scenario="dane-mixed", glyphs="ascii")
    async with app.run_test(size=(120, 36)) as pilot:
        text = await walked(pilot, "1")
    assert "A v secure  AAAA v secure  TLSA v secure" in text
