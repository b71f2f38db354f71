"""The DKIM view: results with reasons, tags and keys explained, what was hashed, what happened on the way."""

import pytest

from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.step import StepKind
from tests.mailauth.spf.zone import txt
from tests.widgets.conftest import Host, text_of
from tests.widgets.messages import PLAIN, ZONE, good_trace, message_trace, shown_of, signed
from widgets.dkim_view import DkimView
from widgets.dkim_work import AT_ONCE_BYTES
from widgets.glyphs import use_glyphs

KEY = "s1._domainkey.example.com"
CHANGED = b"List-Id: <list.lists.example>\r\n" + signed(copies=True).replace(
    b"Subject: The", b"Subject: [list] The"
).replace(b"Alice\r\n", b"Alice\r\n-- \r\nthe list\r\nlist@lists.example\r\n")


async def opened(trace, *keys: str, width: int = 100) -> tuple[DkimView, list[str]]:
    view = DkimView()
    async with Host(view).run_test(size=(width, 50)) as pilot:
        view.show(shown_of(trace, StepKind.DKIM))
        view.focus()
        await pilot.press(*keys)
        await pilot.pause()
        return view, [" ".join(line.split()) for line in text_of(view).splitlines()]


async def open_part(trace, name: str) -> list[str]:
    """Unfold a part of the first signature by its name."""
    view = DkimView()
    async with Host(view).run_test(size=(100, 50)) as pilot:
        view.show(shown_of(trace, StepKind.DKIM))
        view.focus()
        row = next(row for row in view.rows if name in row.lines[0].plain)
        view.move_to(row.key)
        await pilot.press("enter")
        return [" ".join(line.split()) for line in text_of(view).splitlines()]


def keyed(record: bytes | DnsStatus) -> dict[str, dict]:
    value = record if isinstance(record, DnsStatus) else (txt(record),)
    return {**ZONE, KEY: {"TXT": value}}


async def test_a_good_signature_says_whose_it_is_and_how_strong() -> None:
    view, rows = await opened(good_trace())
    assert rows[0] == "▾ 1 ✓ pass example.com s=s1 ed25519-sha256 key ✓ good"
    assert "▸ what was signed ✓ header fields and body agree" in rows
    assert view.title_words() == "1 of 1 pass"


async def test_tags_are_explained_one_by_one() -> None:
    rows = await open_part(good_trace(), "tags")
    assert any(row.startswith("a= ed25519-sha256 Ed25519 with SHA-256 (RFC 8463)") for row in rows)
    assert "s= s1 the selector: the key stands at s1._domainkey.example.com" in rows


async def test_the_key_record_is_told_with_name_type_and_size() -> None:
    rows = await open_part(good_trace(), "key record")
    assert "name s1._domainkey.example.com" in rows
    assert "key ed25519, 256 bits" in rows
    assert any(row.startswith("p= ") and "the public key, 256 bits" in row for row in rows)


async def test_a_lists_changes_are_certain_where_undoing_them_agrees() -> None:
    _, rows = await opened(message_trace(CHANGED, mail_from="a@lists.example"))
    text = " ".join(rows)
    assert "1 ✗ fail example.com" in text
    assert "✗ certain: The body hash agrees without 3 lines" in text
    assert "? likely: A mailing list passed the message on" in text
    assert text.count("a footer was appended") == 1


async def test_copies_in_z_stand_beside_what_came_with_the_difference() -> None:
    rows = await open_part(message_trace(CHANGED), "what was signed")
    assert any(row.startswith("✗ signed subject:") for row in rows)
    assert any(row.startswith("came subject:[list]") for row in rows)
    assert any(row.startswith("bh= says ") for row in rows)
    assert any(row.startswith("body here ") and row.endswith("✗") for row in rows)
    assert "6 --" in rows  # the body as it is hashed, with the numbers of its lines


async def test_a_name_without_a_key_is_missing_and_a_failed_look_up_is_unknown() -> None:
    names = {name: records for name, records in ZONE.items() if name != KEY}
    _, rows = await opened(message_trace(signed(), names=names))
    assert rows[0].startswith("▾ 1 ✗ permerror example.com")
    assert any(row.startswith("▾ key record ✗ there is no such name") for row in rows)
    _, rows = await opened(message_trace(signed(), names=keyed(DnsStatus.SERVFAIL)))
    assert rows[0].startswith("▾ 1 ? temperror example.com")


async def test_a_revoked_key_is_told_as_such() -> None:
    _, rows = await opened(message_trace(signed(), names=keyed(b"v=DKIM1; k=ed25519; p=")))
    assert any("the key has been revoked" in row for row in rows)


async def test_signatures_beyond_five_are_marked_as_not_checked_by_an_esa() -> None:
    raw = PLAIN
    for _ in range(7):
        raw = signed(raw)
    _, rows = await opened(message_trace(raw))
    beyond = [row for row in rows if "not checked by the ESA" in row]
    assert len(beyond) == 2


async def test_selecting_the_step_of_a_signature_opens_it() -> None:
    trace = message_trace(signed(signed()))
    view = DkimView()
    async with Host(view).run_test(size=(100, 50)):
        view.show(shown_of(trace, StepKind.DKIM))
        rows = [" ".join(line.split()) for line in text_of(view).splitlines()]
        assert view.cursor_row is not None
        assert view.cursor_row.key == ("signature", 2)
    assert rows[0].startswith("▸ 1 ✓ pass")
    assert any(row.startswith("▾ 2 ✓ pass") for row in rows)


async def test_an_unsigned_message_says_so_and_a_pending_one_is_not_failed() -> None:
    _, rows = await opened(message_trace(PLAIN))
    assert rows[0] == "The message has no DKIM-Signature field: nobody has signed it."
    _, rows = await opened(message_trace(signed(), upto=StepKind.SPF_HELO))
    assert rows[0].startswith("▸ 1 ◦ not yet example.com")


async def test_a_large_message_is_worked_on_in_a_thread() -> None:
    big = PLAIN + b"Line of a long text, again and again.\r\n" * (AT_ONCE_BYTES // 30)
    trace = message_trace(signed(big).replace(b"Dear Bob", b"Dear Bill"))
    view = DkimView()
    async with Host(view).run_test(size=(100, 50)) as pilot:
        view.show(shown_of(trace, StepKind.DKIM))
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        assert view.rows
        view.move_to(("signature", 1, "signed"))
        view.focus()
        await pilot.press("enter")
        text = text_of(view)
    assert "and more lines, all of them in the message" in text
    assert "Dear Bill" in text


async def test_ascii_glyphs_draw_ascii_alone() -> None:
    use_glyphs("ascii")
    rows = await open_part(message_trace(CHANGED), "what was signed")
    assert all(row.isascii() for row in rows)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 36), (200, 60)])
async def test_nothing_is_wider_than_the_pane(size: tuple[int, int]) -> None:
    view = DkimView()
    async with Host(view).run_test(size=size):
        view.show(shown_of(message_trace(CHANGED), StepKind.DKIM))
        for key in ("tags", "key", "signed"):
            view._chosen["signature", 1, key] = True
        view.rebuild()
        assert len(view.rows) > 20
        for row in view.rows:
            assert all(part.cell_length <= view.line_width for part in row.lines)
