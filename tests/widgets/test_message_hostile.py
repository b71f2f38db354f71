"""Hostile text wherever a sender or a domain can put it, in every view of message walks and surveys."""

import pytest

from mxwalk.evidence.step import StepKind
from tests.hostile import HOSTILE
from tests.mailauth.spf.zone import txt
from tests.widgets.conftest import Host
from tests.widgets.messages import ZONE, shown_of, spoilt_trace, survey_trace
from tests.widgets.test_hostile import check
from widgets.dkim_view import DkimView
from widgets.dmarc_view import DmarcView
from widgets.headers_view import HeadersView
from widgets.message_answers import AnswersView
from widgets.message_source import SourceView
from widgets.message_view import MessageView
from widgets.shown import View
from widgets.spf_view import SpfView

OF_A_MESSAGE: tuple[type[View], ...] = (MessageView, SpfView, DkimView, DmarcView, HeadersView)


@pytest.mark.parametrize("make", OF_A_MESSAGE)
async def test_view_draws_hostile_messages_as_visible_text(make: type[View]) -> None:
    view = make()
    async with Host(view).run_test(size=(76, 24)) as pilot:
        for text in HOSTILE:
            view.show(shown_of(spoilt_trace(text[:4_000]), StepKind.RESULT_HEADERS))
            _unfold(view)
            check(view)
        view.focus()
        await pilot.press("j", "j", "space", "l", "h", "o", "g", "G")
        check(view)


def _unfold(view: View) -> None:
    """Unfold everything, level by level."""
    for _ in range(4):
        folded = [key for key, unfolded in getattr(view, "_folds", {}).items() if not unfolded]
        for key in folded:
            view._chosen[key] = True
        if folded:
            view.rebuild()


@pytest.mark.parametrize("make", [SpfView, DmarcView])
async def test_view_draws_hostile_zones_as_visible_text(make: type[View]) -> None:
    view = make()
    async with Host(view).run_test(size=(76, 24)):
        for text in HOSTILE:
            line = text.replace(b"\r", b" ").replace(b"\n", b" ")[:900]
            names = {
                **ZONE,
                "example.com": {"TXT": (txt(b"v=spf1 a:" + line + b" include:" + line),)},
                "_dmarc.example.com": {"TXT": (txt(b"v=DMARC1; p=none; " + line + b"=" + line),)},
            }
            view.show(shown_of(survey_trace(names=names), StepKind.SPF_RECORD))
            _unfold(view)
            check(view)


async def test_source_and_answers_draw_hostile_octets() -> None:
    source, answers = SourceView(), AnswersView()
    async with Host(source).run_test(size=(76, 24)) as pilot:
        for text in HOSTILE:
            shown = shown_of(spoilt_trace(text[:4_000]), StepKind.RESULT_HEADERS)
            source.show_message(shown.delivery.message)
            source.show(shown.delivery.trace.steps)
            check(source)
        source.focus()
        await pilot.press("o")
        check(source)
    async with Host(answers).run_test(size=(76, 24)):
        for text in HOSTILE:
            trace = spoilt_trace(text[:4_000])
            answers.show(trace.steps)
            check(answers)
            answers.show(trace.steps, trace.steps[1])
            check(answers)
