"""The message to the other side on the screen: chosen, changed, copied, written."""

import asyncio
from pathlib import Path

import pytest
from msgspec import structs
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

import tui.first_hints
from mxwalk.clues.dialogue.reading import read_dialogue
from mxwalk.evidence.journal import read_header
from mxwalk.language import use_language
from mxwalk.letters.offered import offered
from tests.reports.samples import lab_trace
from tests.tui.driving import app_for, picture, until_paused
from tui.app import MxwalkApp
from tui.bridge import Phase
from tui.request import Request
from tui.screens.confirm import ConfirmScreen
from tui.screens.explain import ExplainScreen
from tui.screens.letter import LetterScreen
from tui.screens.letter_desk import Desk
from tui.screens.walk import WalkScreen
from tui.settings import Settings
from widgets.text_pane import ChoiceList


async def opened(
    pilot: Pilot[None], name: str, sender: str = "esa:5", code: str = ""
) -> LetterScreen:
    trace = await asyncio.to_thread(lab_trace, name)
    screen = LetterScreen(Desk(trace, sender, offered(trace, sender), code))
    await pilot.app.push_screen(screen)
    await settled(pilot)
    return screen


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def said(pilot: Pilot[None]) -> str:
    return " ".join(one.message for one in pilot.app._notifications)


def body(screen: LetterScreen) -> str:
    return screen.query_one("#body", TextArea).text


async def put(pilot: Pilot[None], screen: LetterScreen, key: object) -> None:
    """Put the cursor on a choice and switch it."""
    rows = screen.query_one("#choices", ChoiceList)
    rows.focus()
    rows.move_to(key)
    await pilot.press("space")
    await settled(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("code", ["en", "ko"])
async def test_m_opens_the_letter_of_a_walk(size, code):
    use_language(code)
    trace = await asyncio.to_thread(lab_trace, "ehlo-1869")
    async with app_for(trace=trace).run_test(size=size) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("M")
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, LetterScreen)
        shown = picture(pilot)
        await pilot.press("shift+tab")
        await pilot.pause()
        assert "postmaster@example.com" in picture(pilot)
        assert "EHLO003" in picture(pilot)
        assert "250-STARTTLS" in body(screen)
        assert body(screen).splitlines()[0].rstrip() in shown


async def test_a_walk_in_order_has_no_letter_and_says_so():
    trace = await asyncio.to_thread(lab_trace, "dane-good")
    async with app_for(trace=trace).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("M")
        await settled(pilot)
        assert isinstance(pilot.app.screen, WalkScreen)
        assert "no fault of theirs" in said(pilot)


async def test_language_findings_and_redaction_make_another_letter():
    async with app_for().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "ehlo-1869")
        assert "EHLO004" not in body(screen)
        await put(pilot, screen, ("code", "EHLO004"))
        assert "EHLO004" in body(screen)
        assert "probe.example.net" in body(screen)
        await put(pilot, screen, ("redact", ""))
        assert "probe.example.net" not in body(screen)
        await put(pilot, screen, ("language", "ko"))
        assert "관리자님께" in body(screen)
        await put(pilot, screen, ("code", "EHLO003"))
        await put(pilot, screen, ("code", "EHLO004"))
        assert body(screen) == ""
        assert "Choose a finding" in picture(pilot)


async def test_each_party_has_its_letter():
    async with app_for().run_test(size=(120, 40)) as pilot:
        trace = await asyncio.to_thread(lab_trace, "dmarc-two-records")
        parties = list(offered(trace, "rfc9989"))
        assert len(parties) >= 2
        screen = await opened(pilot, "dmarc-two-records", "rfc9989")
        first = body(screen)
        await put(pilot, screen, ("party", parties[1]))
        assert body(screen) not in ("", first)


async def test_what_was_typed_comes_back_with_its_choices():
    async with app_for().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "ehlo-1869")
        area = screen.query_one("#body", TextArea)
        area.focus()
        await pilot.press("H", "e", "y", "space")
        assert body(screen).startswith("Hey Dear")
        await put(pilot, screen, ("language", "ko"))
        assert "Hey" not in body(screen)
        await put(pilot, screen, ("language", "en"))
        assert body(screen).startswith("Hey Dear")


async def test_a_changed_letter_is_not_lost_unasked():
    async with app_for().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "ehlo-1869")
        screen.query_one("#body", TextArea).focus()
        await pilot.press("x")
        screen.query_one("#choices").focus()
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.screen is screen
        await pilot.press("y", "escape")
        await pilot.pause()
        assert pilot.app.screen is not screen


async def test_y_copies_the_letter_and_on_an_address_the_address():
    async with app_for().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "ehlo-1869")
        screen.query_one("#choices").focus()
        await pilot.press("y")
        assert pilot.app.clipboard == body(screen)
        rows = screen.query_one("#choices", ChoiceList)
        rows.move_to(("to", "postmaster@example.com"))
        await pilot.press("y")
        assert pilot.app.clipboard == "postmaster@example.com"


async def test_the_file_is_text_or_a_draft_and_never_written_over_unasked(tmp_path: Path):
    async with app_for().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "ehlo-1869")
        path = screen.query_one("#path", Input)
        path.value = str(tmp_path / "letter.txt")
        await pilot.press("ctrl+s")
        await settled(pilot)
        subject = screen.query_one("#subject", Input).value
        head = f"To: postmaster@example.com\nSubject: {subject}\n\n"
        assert (tmp_path / "letter.txt").read_text("utf-8") == head + body(screen)
        path.value = str(tmp_path / "letter.eml")
        await pilot.press("ctrl+s")
        await settled(pilot)
        draft = (tmp_path / "letter.eml").read_text("utf-8")
        assert draft.startswith("X-Unsent: 1")
        assert "To: postmaster@example.com" in draft
        (tmp_path / "letter.txt").write_text("mine", "utf-8")
        path.value = str(tmp_path / "letter.txt")
        await pilot.press("ctrl+s")
        await pilot.pause(0.1)
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await pilot.press("escape")
        await settled(pilot)
        assert (tmp_path / "letter.txt").read_text("utf-8") == "mine"


async def test_the_lab_is_not_asked_for_in_the_dns():
    async with app_for().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "dnssec-stale-ds")
        screen.query_one("#choices").focus()
        await pilot.press("a")
        await settled(pilot)
        assert "nowhere in the DNS" in said(pilot)
        assert pilot.app.screen is screen


async def test_m_in_an_explanation_writes_about_that_finding():
    trace = await asyncio.to_thread(lab_trace, "ehlo-1869")
    async with app_for(trace=trace).run_test(size=(120, 36)) as pilot:
        walk = await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        finding = next(one for one in walk.moment.findings if one.code == "EHLO004")
        walk.explain(finding)
        await pilot.pause()
        assert isinstance(pilot.app.screen, ExplainScreen)
        await pilot.press("M")
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, LetterScreen)
        assert "EHLO004" in body(screen)
        assert "EHLO003" not in body(screen)


async def test_the_export_leads_to_the_letter_too():
    trace = await asyncio.to_thread(lab_trace, "ehlo-1869")
    async with app_for(trace=trace).run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("x")
        await pilot.pause()
        rows = pilot.app.screen.query_one("#formats", ChoiceList)
        rows.move_to("letter")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, LetterScreen)


async def test_m_while_the_walk_runs_says_that_it_does(monkeypatch):
    trace = await asyncio.to_thread(lab_trace, "ehlo-1869")
    async with app_for(trace=trace).run_test(size=(80, 24)) as pilot:
        walk = await until_paused(pilot)
        walk.bridge.seek(3)
        await settled(pilot)
        monkeypatch.setattr(type(walk.bridge), "phase", property(lambda _self: Phase.RUNNING))
        await pilot.press("M")
        await settled(pilot)
        assert isinstance(pilot.app.screen, WalkScreen)
        assert "still going on" in said(pilot)


async def test_of_an_inconclusive_walk_nothing_is_known():
    trace = await asyncio.to_thread(lab_trace, "dane-good")
    trace = structs.replace(trace, steps=trace.steps[:1])
    async with app_for(trace=trace).run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("M")
        await settled(pilot)
        assert "no fault of theirs" not in said(pilot)
        assert "Nothing is known of the other side yet: " in said(pilot)


async def test_after_a_failed_walk_the_footer_and_the_palette_lead_to_the_letter(monkeypatch):
    monkeypatch.setattr(tui.first_hints, "seen", frozenset)
    trace = await asyncio.to_thread(lab_trace, "ehlo-1869")
    async with app_for(trace=trace).run_test(size=(80, 24)) as pilot:
        walk = await until_paused(pilot)
        await pilot.press("home")
        await pilot.pause(0.1)
        assert "performs the next step" in picture(pilot)
        assert "M write to them" not in picture(pilot)
        await pilot.press("end")
        await pilot.pause(0.1)
        footer = picture(pilot).splitlines()[-1]
        assert footer.lstrip().startswith("M write to them")
        assert "performs the next step" not in picture(pilot)
        assert "writes to whoever must act" in picture(pilot)
        titles = [each.title for each in pilot.app.get_system_commands(walk)]
        assert any("message to the other side" in title for title in titles)


async def test_the_letter_opens_at_its_text_and_no_key_of_the_footer_replaces_the_subject():
    async with app_for().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, "ehlo-1869")
        assert screen.focused is not None
        assert screen.focused.id == "body"
        assert body(screen).splitlines()[0].rstrip() in picture(pilot)
        assert "F8 copies" in picture(pilot)
        assert "y copies" not in picture(pilot)
        await pilot.press("f8")
        assert pilot.app.clipboard == body(screen)
        subject = screen.query_one("#subject", Input)
        before = subject.value
        await pilot.press("tab")
        await pilot.pause()
        assert subject.has_focus
        await pilot.press("y")
        assert subject.value == f"{before}y"


async def test_the_subject_is_no_certificates_subject_in_korean():
    use_language("ko")
    async with app_for().run_test(size=(80, 24)) as pilot:
        await opened(pilot, "ehlo-1869")
        assert "제목" in picture(pilot)
        assert "주체" not in picture(pilot)


async def test_of_a_pasted_text_without_a_host_m_says_that_nobody_is_named():
    found = read_dialogue("220 hello ESMTP\nEHLO client.example.net\n250-hello\n250 SIZE 1000\n")
    assert found is not None
    async with app_for(trace=found[0]).run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("end", "M")
        await settled(pilot)
        assert isinstance(pilot.app.screen, WalkScreen)
        assert "nobody to write to" in said(pilot)


async def test_when_a_clue_showed_the_fault_stands_below_the_letter():
    trace = await asyncio.to_thread(lab_trace, "ehlo-1869")
    header = structs.replace(trace.header, since="Jan  5 10:00:00 (mx.example.com)")
    async with app_for(trace=structs.replace(trace, header=header)).run_test() as pilot:
        await until_paused(pilot)
        await pilot.press("end", "M")
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, LetterScreen)
        assert "Seen since:  Jan  5 10:00:00 (mx.example.com)" in body(screen)


async def test_when_a_clue_showed_the_fault_is_kept_in_the_walk_that_it_led_to():
    request = Request(scenario="mx-null", since="Jan  5 10:00:00 (mx.example.com)")
    async with MxwalkApp(request, Settings(glyphs="unicode")).run_test() as pilot:
        await until_paused(pilot)
        saved = pilot.app.kept_in
        assert saved is not None
        assert read_header(saved).since == request.since


async def test_what_was_typed_stays_with_its_letter_while_the_next_ones_are_written():
    trace = await asyncio.to_thread(lab_trace, "ehlo-1869")
    desk = Desk(trace, "esa:5", offered(trace, "esa:5"))
    english = await desk.write()
    desk.keep(("mine", "typed"))
    assert desk.asked.switch(("language", "ko"))
    desk.keep(("mine", "typed"))  # another choice before the letter of the first is there
    korean = await desk.write()
    assert korean not in (english, ("mine", "typed"))
    assert desk.asked.switch(("language", "en"))
    assert await desk.write() == ("mine", "typed")
