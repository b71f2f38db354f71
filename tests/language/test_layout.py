"""The screens hold with double-width characters: nothing runs out of the window, nothing is lost."""

import pytest

from mxwalk.language import speaking, use_language
from mxwalk.senders.outcomes import words_of
from tests.language.pseudo import leftovers, pictures, pretending
from tests.tui.driving import app_for, picture, until_paused

SCENARIOS = ("esa-hosted", "dane-mismatch", "ehlo-1869", "pkix-expired", "dmarc-mailing-list")


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """Nothing is read from or written to the folders of whoever runs the tests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


async def _screens(scenario, size, keys):
    app = app_for(scenario=scenario)
    async with app.run_test(size=size) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        screen = await until_paused(pilot)
        verdict = screen.verdict
        shown = []
        for key in keys:
            await pilot.press("question_mark" if key == "?" else key)
            await pilot.pause(0.05)
            strips = app.screen._compositor.render_strips()
            shown.append((key, strips, picture(pilot)))
            if key in "?x":
                await pilot.press("escape")
        return verdict, shown


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_no_line_is_wider_than_the_window_in_korean(scenario, size):
    use_language("ko")
    verdict, shown = await _screens(scenario, size, "123456789w?x")
    for key, strips, text in shown:
        assert {strip.cell_length for strip in strips} == {size[0]}, key
        assert any("가" <= char <= "힣" for char in text), key
    with speaking("ko"):
        words = words_of(verdict.outcome)
    assert words in shown[0][2], "the outcome stands in the header"


# Keys (those of the hint, if it has come by then), terms of the ESA, of X.509 and of zone lines.
_TERMS = {"enter", "tab", "space", "hosted", "required", "dnsname"}
_ZONE = {"tlsrptv", "https", "mailto", "tls-reports", "well-known"}


async def test_the_words_of_the_views_all_go_through_the_catalogue():
    """In a pretended language only data, terms and other programs' words stay in Latin letters."""
    with pretending():
        *shown, (_, known) = await pictures("ehlo-1869", "123578")
    for key, text in shown:
        assert any("а" <= char <= "я" for char in text), key
        left = {word.lower() for _, word in leftovers(text, known)}
        assert left <= _TERMS | _ZONE, (key, left)
