"""Header, footer, tree, wire and the small builders."""

import msgspec

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.wire import Direction, Layer, WireChunk
from mxwalk.walk.model import Pending
from mxwalk.walk.order import next_item
from mxwalk.walk.plan import outline
from mxwalk.walk.propose import propose
from tests.widgets.conftest import Host, text_of
from tests.widgets.samples import NOW, sample_trace, shown_at
from widgets.findings_list import FindingsList
from widgets.hints import Head, HeadState, Hint, Hints
from widgets.plain import duration, shorten_middle
from widgets.steps_tree import StepsTree
from widgets.validity_bar import validity_bar
from widgets.wire_view import WireView


async def test_header_warns_before_the_servers_five_minutes_are_over() -> None:
    head = Head()
    async with Host(head).run_test(size=(100, 3)):
        head.show(HeadState(target="example.com", sender="ESA 5", state="paused", idle_s=65.0))
        assert "idle 01:05" in head.render().plain
        assert "may close" not in head.render().plain
        head.show(HeadState(target="example.com", sender="ESA 5", state="paused", idle_s=245.0))
        assert "! idle 04:05, the server may close at 05:00" in head.render().plain


async def test_header_keeps_target_state_and_worst_finding_at_80_columns() -> None:
    head = Head()
    async with Host(head).run_test(size=(80, 3)):
        state = "paused, next: EHLO probe.example.net"
        words = "2 errors"
        sender = "ESA 6 Required - Verify Hosted Domains"
        head.show(
            HeadState(
                target="user@example.com",
                sender=sender,
                state=state,
                worst=Mark.FAIL,
                worst_words=words,
            )
        )
        text = head.render().plain
        assert text.startswith("user@example.com  ESA 6")
        assert state in text
        assert text.endswith("✗ 2 errors")
        assert len(text) == 78


async def test_footer_shows_only_hints_that_fit_whole() -> None:
    hints = Hints()
    async with Host(hints).run_test(size=(18, 3)):
        hints.show(
            [Hint(key="n", words="next", action="a"), Hint(key="c", words="continue", action="b")]
        )
        assert hints.render().plain.strip() == "n next"


def walk_so_far(count: int) -> tuple[Delivery, Pending | None]:
    from mxwalk.delivery.build import build_delivery
    from mxwalk.evidence.trace import Trace

    whole = sample_trace()
    delivery = build_delivery(Trace(header=whole.header, steps=whole.steps[:count]))
    item = next_item(delivery)
    return delivery, propose(delivery, item, "192.0.2.99") if item else None


async def test_tree_tells_done_next_and_to_come_apart() -> None:
    tree = StepsTree()
    delivery, pending = walk_so_far(7)
    async with Host(tree).run_test(size=(60, 30)):
        tree.show(outline(delivery), delivery, pending, "")
        lines = text_of(tree).splitlines()
        assert any(line.strip().startswith("✓ greeting 220") for line in lines)
        at = next(i for i, line in enumerate(lines) if "▸ next: EHLO" in line)
        assert lines[at + 1].strip() == "EHLO probe.example.net"
        assert any(line.strip() == "◦ TLS handshake" for line in lines)


async def test_tree_folds_a_host_and_keeps_the_cursor_on_it() -> None:
    tree = StepsTree()
    delivery, pending = walk_so_far(13)
    async with Host(tree).run_test(size=(60, 30)) as pilot:
        tree.show(outline(delivery), delivery, pending, "")
        tree.follow(delivery.trace.steps[-1])
        tree.focus()
        before = len(tree.rows)
        await pilot.press("h")
        await pilot.pause()
        assert len(tree.rows) < before
        assert tree.cursor_row is not None
        assert str(tree.cursor_row.key).startswith("host|")
        await pilot.press("space")
        await pilot.pause()
        assert len(tree.rows) == before


async def test_new_rows_move_neither_cursor_nor_scroll() -> None:
    tree = StepsTree()
    delivery, pending = walk_so_far(8)
    async with Host(tree).run_test(size=(60, 6)) as pilot:
        tree.show(outline(delivery), delivery, pending, "")
        tree.focus()
        await pilot.press("g", "j")
        key, offset = tree.cursor_row.key if tree.cursor_row else None, tree.scroll_offset
        later, pending = walk_so_far(12)
        tree.show(outline(later), later, pending, "")
        await pilot.pause()
        assert tree.cursor_row is not None
        assert tree.cursor_row.key == key
        assert tree.scroll_offset == offset


async def test_wire_marks_sender_time_and_what_is_inside_tls() -> None:
    wire = WireView()
    async with Host(wire).run_test(size=(76, 30)):
        wire.show(sample_trace().steps)
        lines = text_of(wire).splitlines()
        assert any(
            line.startswith("C ") and r"EHLO probe.example.net\r\n" in line for line in lines
        )
        assert any(
            line.startswith("CT") and r"EHLO probe.example.net\r\n" in line for line in lines
        )
        assert any("900" in line or "903" in line for line in lines if "TLS records" in line)


async def test_wire_copies_the_line_under_the_cursor() -> None:
    wire = WireView()
    async with Host(wire).run_test(size=(76, 30)) as pilot:
        wire.show(sample_trace().steps)
        wire.focus()
        await pilot.press("g")
        assert wire.copy_value() == (r"220 mx0a.emailhosted.not ESMTP\r\n", "line on the wire")


async def test_findings_filter_by_any_word() -> None:
    findings = FindingsList()
    shown = shown_at(sample_trace(), StepKind.QUIT)
    async with Host(findings).run_test(size=(76, 30)):
        findings.show(shown.findings, walked=True)
        every = len(findings.rows)
        assert findings.show_filter("IDENT004") < every
        assert findings.show_filter("nowhere to be found") == 0
        assert findings.show_filter("") == every


async def test_text_can_be_selected_with_the_mouse() -> None:
    wire = WireView()
    async with Host(wire).run_test(size=(76, 30)) as pilot:
        wire.show(sample_trace().steps)
        await pilot.pause()
        await pilot.mouse_down(wire, offset=(2, 1))
        await pilot.hover(wire, offset=(40, 1))
        await pilot.mouse_up(wire, offset=(40, 1))
        selected = pilot.app.screen.get_selected_text()
        assert selected is not None
        assert "220 mx0a" in selected


def test_validity_bar_says_where_now_stands() -> None:
    import datetime as dt

    day = dt.timedelta(days=1)
    for start, end, words in (
        (NOW - 30 * day, NOW + 60 * day, "✓ valid, 60 days left"),
        (NOW - 90 * day, NOW - 3 * day, "✗ expired 3 days ago"),
        (NOW + 2 * day, NOW + 90 * day, "✗ not valid yet: begins in 2 days"),
        (NOW - day, NOW + day / 4, "✓ valid, 6 hours left"),
    ):
        bar, sentence = validity_bar(start, end, NOW, 60)
        assert bar.cell_length <= 60
        assert sentence.plain.startswith(words)
    assert "cannot be read" in validity_bar(None, None, NOW, 60)[0].plain


def test_durations_have_the_unit_that_suits_them() -> None:
    assert [duration(s) for s in (0.0004, 0.012, 3.21, 125)] == [
        "0.4 ms",
        "12 ms",
        "3.2 s",
        "2:05 min",
    ]


def test_long_names_keep_both_ends() -> None:
    assert shorten_middle("mx01.subd.emailhosted.not", 15) == "mx01.su…ted.not"
    assert shorten_middle("short", 15) == "short"


async def test_wire_shows_what_came_in_the_place_of_tls_as_it_came() -> None:
    wire = WireView()
    came = b"220 mx.example.com ESMTP\r\n"
    moved = WireChunk(at_s=0.1, direction=Direction.RECEIVED, layer=Layer.TLS_RECORDS, data=came)
    shaken = next(one for one in sample_trace().steps if one.kind is StepKind.HANDSHAKE)
    async with Host(wire).run_test(size=(76, 30)):
        wire.show([msgspec.structs.replace(shaken, wire=(*shaken.wire[:1], moved))])
        lines = text_of(wire).splitlines()
        assert sum("TLS records" in one for one in lines) == 1
        assert r"S    0.100  220 mx.example.com ESMTP\r\n" in lines[-1]
