"""The DMARC view: both readings, discovery, the record tag by tag, the alignment matrix, reports."""

import pytest

from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.step import StepKind
from tests.mailauth.spf.zone import txt
from tests.widgets.conftest import Host, text_of
from tests.widgets.messages import (
    PLAIN,
    ZONE,
    good_trace,
    message_trace,
    shown_of,
    signed,
    survey_trace,
)
from widgets.dmarc_view import DmarcView
from widgets.glyphs import use_glyphs

HERE = StepKind.ALIGNMENT
NEWS = PLAIN.replace(b"alice@example.com", b"alice@news.example.com")


def zone(**texts: str | DnsStatus) -> dict[str, dict]:
    """Return ``ZONE`` with DMARC records at names written with two underscores for dots."""
    found = dict(ZONE)
    for name, text in texts.items():
        value = text if isinstance(text, DnsStatus) else (txt(text),)
        found["_dmarc." + name.replace("__", ".")] = {"TXT": value}
    return found


async def opened(
    trace, *keys: str, kind: StepKind = HERE, width: int = 110
) -> tuple[DmarcView, list[str]]:
    view = DmarcView()
    async with Host(view).run_test(size=(width, 60)) as pilot:
        view.show(shown_of(trace, kind))
        view.focus()
        await pilot.press(*keys)
        await pilot.pause()
        return view, [" ".join(line.split()) for line in text_of(view).splitlines()]


async def test_the_cell_that_decides_stands_out() -> None:
    view, rows = await opened(good_trace())
    assert "SPF example.com ✓ pass = <decides> (= aligned)" in rows
    assert "DKIM 1 example.com ✓ pass = aligned (= aligned)" in rows
    assert "RFC 9989 ✓ pass p=quarantine ✓ nothing: the message passes" in rows
    assert view.title_words() == "example.com: pass"


async def test_strict_mode_is_asked_for_in_the_other_column() -> None:
    names = zone(example__com="v=DMARC1; p=reject; aspf=s; adkim=s")
    raw = signed(NEWS)
    _, rows = await opened(message_trace(raw, names=names, mail_from="a@example.com"))
    assert "SPF example.com ✓ pass (= aligned) ✗ not" in rows
    assert any("aspf=s wants news.example.com itself" in row for row in rows)


async def test_a_failing_message_says_what_is_asked_for_by_each_reading() -> None:
    _, rows = await opened(message_trace(PLAIN, mail_from="x@mailer.example"))
    assert "RFC 9989 ✗ fail p=quarantine ! treat as suspicious" in rows
    told = " ".join(rows)
    assert "✗ RFC 7489: " in told
    assert "pct=50: quarantine is asked for 50 % of such messages" in told


async def test_queries_of_both_readings_stand_side_by_side() -> None:
    _, rows = await opened(message_trace(NEWS))
    assert "_dmarc.news.example.com 1 - no such name 1 - no such name" in rows
    assert "_dmarc.example.com 2 ✓ record 2 ✓ record" in rows
    assert "_dmarc.com 3 - no such name not asked" in rows
    assert "organizational domain example.com example.com" in rows


async def test_readings_that_differ_are_told() -> None:
    names = zone(a__example__com="v=DMARC1; p=reject; psd=n", example__com="v=DMARC1; p=none")
    raw = signed(PLAIN.replace(b"alice@example.com", b"alice@b.a.example.com"))
    _, rows = await opened(message_trace(raw, names=names, mail_from="a@example.com"))
    assert any("! the readings differ: a.example.com and example.com" in row for row in rows)
    assert any(row.startswith("! The readings differ: which result") for row in rows)
    assert any(row.startswith("! RFC 7489 differs: SPF example.com: aligned") for row in rows)


async def test_tags_are_explained_with_their_state() -> None:
    names = zone(example__com="v=DMARC1; p=none; pct=20; foo=bar; adkim=x")
    _, rows = await opened(message_trace(PLAIN, names=names))
    assert any(row.startswith("pct= 20 • removed") for row in rows)
    assert any(row.startswith("foo= bar ! unknown") for row in rows)
    assert any(row.startswith("adkim= x ! defaulted") for row in rows)


async def test_the_mended_record_is_a_zone_line_to_copy() -> None:
    view = DmarcView()
    async with Host(view).run_test(size=(110, 60)):
        view.show(shown_of(good_trace(), HERE))
        copies = [row.copy for row in view.rows if "publish" in row.lines[0].plain]
    assert copies[0].startswith('_dmarc.example.com. IN TXT "v=DMARC1; p=quarantine; sp=reject;')


async def test_an_address_that_has_not_agreed_is_told_with_the_record_it_needs() -> None:
    names = {n: r for n, r in ZONE.items() if "_report" not in n}
    _, rows = await opened(message_trace(PLAIN, names=names))
    assert "▾ reports ✗ an outside address has not agreed" in rows
    assert any(
        row.startswith("→ publish example.com._report._dmarc.reports.example. IN TXT")
        for row in rows
    )
    assert not any(
        'IN TXT "example.com' in row for row in rows
    )  # a record of another name as it is
    _, rows = await opened(good_trace())
    assert "✓ reports.example agrees." in rows


async def test_a_failed_query_is_not_no_record() -> None:
    _, rows = await opened(message_trace(PLAIN, names=zone(example__com=DnsStatus.TIMEOUT)))
    assert any(row.startswith("_dmarc.example.com 1 ? timeout 1 ? timeout") for row in rows)
    assert any(row.startswith("RFC 9989 ? temperror") for row in rows)


async def test_a_check_that_could_not_be_made_is_not_shown_as_failed() -> None:
    names = {**ZONE, "example.com": {"TXT": DnsStatus.SERVFAIL}}
    _, rows = await opened(message_trace(PLAIN, names=names, mail_from="a@example.com"))
    assert "SPF example.com ? temperror = aligned (= aligned)" in rows


async def test_a_survey_has_no_result_and_no_alignment() -> None:
    trace = survey_trace(subdomains=("news.example.com",))
    view, rows = await opened(trace, kind=StepKind.DKIM_KEYS)
    assert rows[0].startswith("name [example.com] news.example.com")
    assert not any("alignment" in row or row.startswith("RFC 9989 ") for row in rows)
    assert view.title_words() == "example.com: quarantine"
    view, rows = await opened(trace, "o", kind=StepKind.DKIM_KEYS)
    assert view.title_words() == "news.example.com: reject"


async def test_before_discovery_the_view_says_what_to_do() -> None:
    _, rows = await opened(message_trace(PLAIN, upto=StepKind.DKIM), kind=StepKind.MESSAGE)
    assert rows == ["Not looked for yet: n performs the next step, c all of them."]
    _, rows = await opened(message_trace(PLAIN.replace(b"From:", b"X:")), kind=StepKind.MESSAGE)
    assert rows[0].startswith("There is no domain in From to look for")


async def test_ascii_glyphs_draw_ascii_alone() -> None:
    use_glyphs("ascii")
    _, rows = await opened(good_trace())
    assert all(row.isascii() for row in rows)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 36), (200, 60)])
async def test_nothing_is_wider_than_the_pane(size: tuple[int, int]) -> None:
    view = DmarcView()
    async with Host(view).run_test(size=size):
        view.show(shown_of(message_trace(signed(NEWS), mail_from="a@mailer.example"), HERE))
        assert len(view.rows) > 20
        for row in view.rows:
            assert all(part.cell_length <= view.line_width for part in row.lines)


async def test_who_reads_it_how_is_folded_unless_the_readings_differ() -> None:
    _, rows = await opened(good_trace())
    assert any("who reads it how both readings come to the same here" in row for row in rows)
    assert not any("OpenDMARC" in row for row in rows)
    names = zone(example__com="v=DMARC1; p=reject; pct=0")  # pct is of RFC 7489 alone
    trace = message_trace(PLAIN, names=names, mail_from="a@elsewhere.example")
    _, rows = await opened(trace)
    assert any("it matters here: the two readings differ" in row for row in rows)
    shown = " ".join(rows)
    assert "Cisco Secure Email Gateway (ESA)" in shown
    assert "? not known" in shown
    assert "On receivers that are not named here nothing was found" in shown
