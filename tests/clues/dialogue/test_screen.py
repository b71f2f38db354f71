"""A pasted dialogue on the screen: said to be pasted, replayed, and its host one key away."""

from mxwalk.clues.dialogue.reading import read_dialogue
from tests.clues.dialogue.corpus import SWAKS
from tui.app import MxwalkApp
from tui.request import Request


async def test_the_header_says_pasted_and_r_opens_a_walk_to_the_host(monkeypatch):
    found = read_dialogue(SWAKS)
    assert found is not None
    app = MxwalkApp(Request(trace=found[0]))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        drawn = "".join(
            segment.text for strip in app.screen._compositor.render_strips() for segment in strip
        )
        assert "pasted swaks" in drawn
        opened: list[Request] = []
        monkeypatch.setattr(app, "open", opened.append)
        await pilot.press("r")
        await pilot.pause()
        assert [request.target for request in opened] == ["mx.example.com:25"]
