"""The headers view: found beside claimed, the fields to write, and whose word a claim is."""

import pytest

from mxwalk.evidence.step import StepKind
from tests.widgets.conftest import Host, text_of
from tests.widgets.messages import good_trace, message_trace, shown_of, signed
from widgets.glyphs import use_glyphs
from widgets.headers_view import HeadersView

HERE = StepKind.RESULT_HEADERS
CLAIMS = (
    b"Authentication-Results: mx.receiver.example; spf=pass smtp.mailfrom=alice@example.com;\r\n"
    b"\tdkim=fail (body hash) header.d=example.com header.s=s1; dmarc=pass header.from=example.com\r\n"
)


async def opened(raw: bytes, width: int = 100, **given: object) -> tuple[HeadersView, list[str]]:
    given = {"mail_from": "alice@example.com", "receiver": "mx.receiver.example"} | given
    view = HeadersView()
    async with Host(view).run_test(size=(width, 50)):
        view.show(shown_of(message_trace(raw, **given), HERE))
        return view, [" ".join(line.split()) for line in text_of(view).splitlines()]


async def test_what_differs_is_told_with_a_sentence_and_what_agrees_as_the_same() -> None:
    view, rows = await opened(CLAIMS + signed())
    assert "SPF alice@example.com ✓ pass = the same" in rows
    assert "DKIM example.com ✓ pass ! fail, differs" in rows
    assert any("fail is claimed, pass was found." in row for row in rows)
    assert view.title_words() == "1 difference to the claims"
    assert "SPF mail.example.com ✗ fail - not claimed" in rows


async def test_a_claimed_pass_that_was_not_found_is_not_marked_as_a_failed_pass() -> None:
    claim = b"Authentication-Results: mx.receiver.example; dkim=pass header.d=example.net\r\n"
    _, rows = await opened(claim + signed())
    assert "DKIM example.net - not found ! pass, differs" in rows
    assert not any("✗ pass" in row for row in rows)


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_a_field_to_write_is_never_folded_within_its_folds(width: int) -> None:
    view = HeadersView()
    async with Host(view).run_test(size=(width, 60)):
        view.show(shown_of(good_trace(), HERE))
        fields = [row for row in view.rows if row.what == "header field"]
    for row in fields:
        indents = {len(each.plain) - len(each.plain.lstrip()) for each in row.lines[1:]}
        assert len(indents) <= 1, [each.plain for each in row.lines]
        assert all(each.cell_length <= width for each in row.lines)


async def test_a_claim_that_is_not_the_receivers_proves_nothing() -> None:
    _, rows = await opened(CLAIMS.replace(b"mx.receiver", b"evil") + signed())
    assert "evil.example ! not the receiver's: it proves nothing" in rows
    _, rows = await opened(CLAIMS + signed())
    assert "mx.receiver.example ✓ the receiver's own" in rows


async def test_the_fields_to_write_are_copied_whole() -> None:
    view = HeadersView()
    async with Host(view).run_test(size=(100, 50)):
        view.show(shown_of(good_trace(), HERE))
        copies = [row.copy for row in view.rows if row.what == "header field"]
    assert copies[0].startswith("Received-SPF: pass (")
    assert copies[-1].startswith("Authentication-Results: mx.receiver.example;")
    assert "dkim=pass" in copies[-1]


async def test_a_message_without_claims_says_so() -> None:
    view, rows = await opened(signed())
    assert view.title_words() == "the message claims nothing"
    assert "▾ found and claimed • nothing is claimed" in rows
    assert "▾ what the message claims no Authentication-Results field" in rows


async def test_before_its_step_the_view_shows_the_claims_alone() -> None:
    view = HeadersView()
    trace = message_trace(CLAIMS + signed(), upto=StepKind.DKIM)
    async with Host(view).run_test(size=(100, 50)):
        view.show(shown_of(trace, StepKind.MESSAGE))
        text = text_of(view)
    assert "Not written yet" in text
    assert "mx.receiver.example" in text


async def test_ascii_glyphs_draw_ascii_alone() -> None:
    use_glyphs("ascii")
    _, rows = await opened(CLAIMS + signed())
    assert all(row.isascii() for row in rows)


@pytest.mark.parametrize("width", [40, 80, 120, 200])
async def test_nothing_is_wider_than_the_pane(width: int) -> None:
    view = HeadersView()
    async with Host(view).run_test(size=(width, 24)):
        view.show(shown_of(message_trace(CLAIMS + signed()), HERE))
        assert view.rows
        for row in view.rows:
            assert all(part.cell_length <= view.line_width for part in row.lines)
