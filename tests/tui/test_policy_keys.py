"""The policy view on lab walks: its key, its parts, the chain of the policy host, copying."""

import pytest

from mxwalk.evidence.step import StepKind
from tests.tui.driving import app_for, picture, until_paused
from tui.screens.chain_date import ChainDateScreen
from tui.screens.policy_chain import PolicyChainScreen
from widgets.policy_state import Section
from widgets.policy_view import PolicyView


async def walked(pilot, *keys: str) -> str:
    await until_paused(pilot)
    await pilot.press("c")
    await until_paused(pilot)
    await pilot.press("8", *keys)
    await pilot.pause()
    return picture(pilot)


def view_of(pilot) -> PolicyView:
    view = pilot.app.screen.query_one("#view-policy")
    assert isinstance(view, PolicyView)
    return view


async def test_the_policy_steps_show_the_view_as_the_walk_comes_to_them() -> None:
    async with app_for(scenario="sts-enforce-good").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        while screen.selected is None or screen.selected.kind is not StepKind.STS_POLICY:
            await pilot.press("n")
            screen = await until_paused(pilot)
            if screen.selected is not None and screen.selected.kind is StepKind.POLICY_RECORDS:
                assert screen.view.id == "policy"
                assert "not known yet: n fetches the policy" in picture(pilot)
        assert screen.view.id == "policy"
        text = picture(pilot)
    assert "✓ enforce: senders that obey MTA-STS deliver only to" in text
    assert "9 verdicts" in text  # all views have room above the view


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_every_part_comes_into_view_at_every_size(size: tuple[int, int]) -> None:
    async with app_for(scenario="sts-testing").run_test(size=size) as pilot:
        text = await walked(pilot)
        assert "! testing: senders deliver whatever fails, and report it" in text
        for heading in ("policy", "hosts", "TLS-RPT", "publish"):
            await pilot.press("l")
            await pilot.pause()
            assert any(row.lstrip(" ▌│▏").startswith(f"{heading}  ") for row in _rows(pilot)), (
                heading
            )
        await pilot.press("z", "G")
        await pilot.pause()
        assert 'IN TXT "v=STSv1; id=' in picture(pilot)


def _rows(pilot) -> list[str]:
    view = view_of(pilot)
    return [view.render_line(y).text for y in range(view.size.height)]


async def test_enter_on_the_certificate_opens_the_chain_of_the_policy_host() -> None:
    async with app_for(scenario="sts-enforce-good").run_test(size=(120, 36)) as pilot:
        await walked(pilot)
        view = view_of(pilot)
        view.move_to((Section.POLICY, "chain"))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PolicyChainScreen)
        text = picture(pilot)
        assert "certificates of the policy host mta-sts.example.com [192.0.2." in text
        assert "✓ TRUSTED by the lab store" in text
        assert "IN TLSA" not in text
        await pilot.press("a")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ChainDateScreen)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, PolicyChainScreen)


async def test_enter_on_a_host_goes_to_its_certificates() -> None:
    async with app_for(scenario="sts-cert-invalid").run_test(size=(120, 36)) as pilot:
        await walked(pilot, "l", "l", "j")
        await pilot.press("enter")
        screen = await until_paused(pilot)
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.CHAIN
        assert screen.view.id == "chain"


async def test_y_copies_the_policy_to_publish() -> None:
    async with app_for(scenario="sts-mx-mismatch").run_test(size=(120, 36)) as pilot:
        await walked(pilot)
        view_of(pilot).move_to((Section.PUBLISH, "first", "file"))
        await pilot.press("y")
        await pilot.pause()
        assert pilot.app.clipboard.endswith(
            "mx: *.mail.example.com\nmx: mx.provider.test\nmax_age: 604800\n"
        )


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "textual-ansi"])
async def test_states_are_words_and_symbols_in_every_theme(theme: str) -> None:
    app = app_for(scenario="sts-policy-invalid", theme=theme, glyphs="ascii")
    async with app.run_test(size=(120, 36)) as pilot:
        text = await walked(pilot, "z")
    assert "x the policy is broken: senders ignore it" in text
    assert "breaks it" in text
