"""Hostile text in every field the other side controls, in every widget."""

import pytest
from textual.content import Content

from mxwalk.evidence.step import StepKind
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.walk.model import Pending
from mxwalk.walk.plan import outline
from tests.hostile import HOSTILE
from tests.widgets.conftest import Host
from tests.widgets.samples import sample_trace, shown_at
from widgets.chain_view import ChainView
from widgets.ehlo_view import EhloView
from widgets.findings_list import FindingsList
from widgets.hints import Head, HeadState, Hint, Hints
from widgets.identity_matrix import IdentityMatrix
from widgets.plain import Look, fit, line, paragraphs, shorten, shorten_middle, wrap
from widgets.route_view import RouteView
from widgets.rows import Rows
from widgets.shown import View
from widgets.steps_tree import StepsTree
from widgets.text_pane import Choice, ChoiceList, TextPane
from widgets.tls_view import TlsView
from widgets.verdict_table import VerdictTable
from widgets.wire_view import WireView

VIEWS: tuple[type[View], ...] = (
    RouteView,
    EhloView,
    TlsView,
    ChainView,
    IdentityMatrix,
    VerdictTable,
)


def harmless(content: Content) -> None:
    assert content.plain.isprintable(), ascii(content.plain)
    for span in content.spans:
        assert isinstance(span.style, str)  # a style by name: no action, no link
        assert "@" not in span.style
        assert "link" not in span.style


def check(rows: Rows) -> None:
    assert rows.rows
    for row in rows.rows:
        assert isinstance(row.copy, str)
        for content in row.lines:
            harmless(content)
    for y in range(rows.size.height):
        strip = rows.render_line(y)
        assert strip.text.isprintable()
        for segment in strip:
            assert segment.style is None or not segment.style.meta.get("@click")


@pytest.mark.parametrize("make", VIEWS)
async def test_view_draws_hostile_evidence_as_visible_text(make: type[View]) -> None:
    view = make()
    async with Host(view).run_test(size=(76, 24)) as pilot:
        for text in HOSTILE:
            trace = sample_trace(text[:2_000])
            view.show(shown_at(trace, StepKind.QUIT))
            check(view)
        view.focus()
        await pilot.press("down", "down", "right", "l", "d", "g")
        check(view)


async def test_tree_wire_and_findings_draw_hostile_evidence_as_visible_text() -> None:
    for widget in (StepsTree(), WireView(), FindingsList()):
        async with Host(widget).run_test(size=(76, 24)):
            for text in HOSTILE:
                trace = sample_trace(text)
                shown = shown_at(trace, StepKind.QUIT)
                words = text.decode("utf-8", "replace")
                match widget:
                    case StepsTree():
                        pending = Pending(
                            kind=StepKind.EHLO, scope=trace.steps[-1].scope, text=words
                        )
                        widget.show(outline(shown.delivery), shown.delivery, pending, words)
                    case WireView():
                        widget.show(trace.steps, trace.steps[5])
                    case FindingsList():
                        widget.show((*shown.findings, finding(words)), walked=True)
                check(widget)


def finding(words: str) -> Finding:
    entry = Entry(
        code="TEST001",
        severity=Severity.ERROR,
        owner=Owner.RECEIVER,
        title=words,
        rfc="RFC 5321",
    )
    return Finding(entry=entry, sentence=words, fix=words, command=words, host=words, address=words)


async def test_wire_in_hexadecimal_draws_hostile_bytes() -> None:
    view = WireView()
    async with Host(view).run_test(size=(76, 24)) as pilot:
        view.show(sample_trace(HOSTILE[7]).steps)
        view.focus()
        await pilot.press("o")
        check(view)


async def test_header_and_footer_draw_hostile_words() -> None:
    head, hints = Head(), Hints()
    for widget in (head, hints):
        async with Host(widget).run_test(size=(76, 24)):
            for text in HOSTILE:
                words = text.decode("utf-8", "replace")
                head.show(HeadState(target=words, sender=words, state=words, worst_words=words))
                hints.show([Hint(key=words[:5], words=words[:20], action="nothing")])
                harmless(widget.render())


async def test_text_panes_and_lists_draw_hostile_words() -> None:
    pane, choices = TextPane(), ChoiceList()
    async with Host(pane).run_test(size=(76, 24)):
        for text in HOSTILE:
            pane.show([line(text), paragraphs(text.decode("utf-8", "replace"))])
            check(pane)
    async with Host(choices).run_test(size=(76, 24)):
        for text in HOSTILE:
            choices.show([Choice(key=1, words=line(text), detail=text.decode("utf-8", "replace"))])
            check(choices)


@pytest.mark.parametrize("text", HOSTILE)
def test_builders_make_printable_content(text: bytes) -> None:
    for content in (line(text), line((text, Look.FAIL)), fit(text, 20), fit(text, 20, middle=True)):
        harmless(content)
    assert fit(text, 20).cell_length == 20
    assert shorten(text, 10).isprintable()
    assert shorten_middle(text, 10).isprintable()
    for part in wrap(line(text), 24, indent=4):
        harmless(part)
        assert part.cell_length <= 24


async def test_chain_of_a_thousand_certificates_stays_quick_to_move_in() -> None:
    import msgspec

    from mxwalk.evidence.connection import Handshaken
    from tests.widgets.samples import LEAF

    trace = sample_trace()
    steps = list(trace.steps)
    at = next(i for i, step in enumerate(steps) if isinstance(step.evidence, Handshaken))
    many = tuple(LEAF + bytes([i % 256, i // 256]) for i in range(1_000))
    evidence = msgspec.structs.replace(steps[at].evidence, presented=many, presented_count=1_000)
    steps[at] = msgspec.structs.replace(steps[at], evidence=evidence)
    trace = msgspec.structs.replace(trace, steps=tuple(steps))
    view = ChainView()
    async with Host(view).run_test(size=(76, 24)) as pilot:
        view.show(shown_at(trace, StepKind.CHAIN))
        view.focus()
        await pilot.press("j", "j")
        assert len(view.rows) < 40
        check(view)
