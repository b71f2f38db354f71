"""The message view: identities, envelope with its origins, the path with its delays, deviations."""

import pytest

from mxwalk.evidence.step import StepKind
from tests.widgets.conftest import Host, text_of
from tests.widgets.messages import PLAIN, good_trace, message_trace, shown_of, signed
from tests.widgets.samples import sample_trace, shown_at
from widgets.glyphs import use_glyphs
from widgets.message_view import MessageView


async def drawn(raw: bytes = PLAIN, *keys: str, width: int = 100, **given: object) -> list[str]:
    view = MessageView()
    async with Host(view).run_test(size=(width, 40)) as pilot:
        view.show(shown_of(message_trace(raw, **given), StepKind.MESSAGE))
        view.focus()
        await pilot.press(*keys)
        return [" ".join(line.split()) for line in text_of(view).splitlines()]


async def test_what_was_given_and_what_is_assumed_are_told_apart() -> None:
    rows = await drawn(client_ip="203.0.113.9", mail_from="alice@example.com")
    assert "client 203.0.113.9 ✓ given" in rows
    assert "MAIL FROM alice@example.com ✓ given" in rows
    assert "receiver mx.receiver.example ! assumed from Received, line 1" in rows
    assert "HELO ? unknown" in rows  # the Received field is that of another client
    assert "▾ how it came ? not all of it is known" in rows


async def test_hops_stand_in_the_order_of_time_with_their_delays() -> None:
    rows = await drawn()
    first = rows.index("2 2026-11-21 19:59:56 Z")
    second = rows.index("1 2026-11-21 19:59:58 Z after 2 s came in here")
    assert first < second
    assert rows[second + 1] == "mail.example.com [192.0.2.25] → mx.receiver.example ESMTPS"


async def test_clocks_that_differ_and_long_delays_are_marked() -> None:
    slow = PLAIN.replace(b"19:59:58 +0000", b"21:59:58 +0000")
    assert any("! after 2 h" in row for row in await drawn(slow))
    early = PLAIN.replace(b"19:59:58 +0000", b"19:59:01 +0000")
    assert any(
        "! 55 s before the hop before it: the clocks differ" in row for row in await drawn(early)
    )


async def test_a_display_name_that_is_another_address_is_warned_of() -> None:
    raw = PLAIN.replace(b"Alice Example", b'"ceo@bank.example"')
    assert any("the display name has another address in it" in row for row in await drawn(raw))


async def test_a_message_without_from_has_no_author_domain() -> None:
    rows = await drawn(PLAIN.replace(b"From: ", b"X-From: "))
    assert "▾ who it says it is from ✗ no author domain" in rows
    assert any("there is no From field" in row for row in rows)


async def test_header_fields_alone_say_that_the_body_is_not_there() -> None:
    rows = await drawn(PLAIN.partition(b"\r\n\r\n")[0] + b"\r\n", whole=False)
    assert "▾ deviations from RFC 5322 ? header fields only: the body is not there" in rows


async def test_a_part_folds_and_its_heading_stays() -> None:
    rows = await drawn(PLAIN, "space")
    assert "▸ who it says it is from ✓ author domain example.com" in rows
    assert not any(row.startswith("Subject") for row in rows)
    assert any(row.startswith("Subject") for row in await drawn(PLAIN, "space", "space"))


async def test_left_goes_to_the_heading_and_folds_it() -> None:
    rows = await drawn(PLAIN, "j", "j", "h", "h")
    assert "▸ who it says it is from ✓ author domain example.com" in rows


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 36), (200, 60)])
async def test_nothing_is_wider_than_the_pane(size: tuple[int, int]) -> None:
    view = MessageView()
    async with Host(view).run_test(size=size):
        view.show(shown_of(good_trace(), StepKind.MESSAGE))
        assert view.rows
        for row in view.rows:
            assert all(part.cell_length <= view.line_width for part in row.lines)


async def test_copying_takes_the_whole_value() -> None:
    view = MessageView()
    async with Host(view).run_test(size=(60, 30)) as pilot:
        view.show(shown_of(message_trace(signed()), StepKind.MESSAGE))
        view.focus()
        await pilot.press("j")
        assert view.copy_value() == ("alice@example.com", "From")


async def test_ascii_glyphs_draw_ascii_alone() -> None:
    use_glyphs("ascii")
    rows = await drawn()
    assert all(row.isascii() for row in rows)


async def test_a_walk_without_a_message_says_so() -> None:
    view = MessageView()
    async with Host(view).run_test(size=(80, 24)):
        view.show(shown_at(sample_trace(), StepKind.QUIT))
        assert "not that of a message" in text_of(view)
