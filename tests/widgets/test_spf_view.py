"""The SPF view: the tree, what matched, the counters, both identities, remarks, surveys, what if."""

import pytest

from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.step import StepKind
from tests.mailauth.spf.zone import txt
from tests.widgets.conftest import Host, text_of
from tests.widgets.messages import (
    CLIENT,
    PLAIN,
    ZONE,
    good_trace,
    message_trace,
    shown_of,
    survey_trace,
)
from widgets.glyphs import use_glyphs
from widgets.spf_view import SpfView

MAIL = StepKind.SPF_MAILFROM


def zone(record: str, **more: dict[str, tuple[str, ...] | DnsStatus]) -> dict[str, dict]:
    return {**ZONE, "example.com": {**ZONE["example.com"], "TXT": (txt(record),)}, **more}


async def view_of(trace, *keys: str, kind: StepKind = MAIL, width: int = 100) -> SpfView:
    view = SpfView()
    async with Host(view).run_test(size=(width, 40)) as pilot:
        view.show(shown_of(trace, kind))
        view.focus()
        await pilot.press(*keys)
        await pilot.pause()
        view.lines = [" ".join(line.split()) for line in text_of(view).splitlines()]
        return view


async def drawn(record: str = "", *keys: str, **how: object) -> list[str]:
    names = zone(record) if record else None
    trace = message_trace(PLAIN, names=names, mail_from="alice@example.com", client_ip=CLIENT)
    return (await view_of(trace, *keys, **how)).lines


async def test_the_term_that_matched_stands_out_and_what_follows_was_not_reached() -> None:
    rows = await drawn()
    assert "▾ pass ip4:192.0.2.0/24 ✓ <matched>" in rows
    assert "why 192.0.2.25 is in 192.0.2.0/24" in rows
    assert any(row.endswith("fail -all ◦ not reached") for row in rows)
    assert "✓ pass ip4:192.0.2.0/24 matched: 192.0.2.25 is in 192.0.2.0/24" in rows


async def test_macros_are_shown_with_what_they_became() -> None:
    rows = await drawn("v=spf1 exists:%{ir}.%{v}.spf.example.com -all", "j", "j", "j", "j", "space")
    assert "25.2.0.192.in-addr.spf.example.com" in rows  # beside the term, wrapped
    assert "macro %{ir} → 25.2.0.192" in rows
    assert any(row.startswith("asked 25.2.0.192.in-addr.spf.example.com A ! void") for row in rows)


async def test_the_bar_has_ten_cells_and_eleven_look_ups_are_too_many() -> None:
    assert any(row.startswith("lookups ████░░░░░░ 4 of 10, voids 0 of 2") for row in await drawn())
    many = "v=spf1 " + " ".join(["a"] * 11) + " -all"
    rows = await drawn(many)
    assert any(row.startswith("lookups ██████████ 11 of 10 ✗ too many") for row in rows)
    assert any("✗ permerror" in row for row in rows)
    assert "▾ pass a ✗ error 11/10" in rows


async def test_ascii_glyphs_draw_the_bar_and_the_tree_in_ascii() -> None:
    use_glyphs("ascii")
    rows = await drawn()
    assert any(row.startswith("lookups ####...... 4 of 10") for row in rows)
    assert all(row.isascii() for row in rows)


async def test_o_goes_to_the_helo_identity_and_back() -> None:
    view = await view_of(good_trace(), "o")
    assert view.title_words() == "HELO mail.example.com: fail"
    assert "▾ fail -all ✓ <matched>" in view.lines
    assert (await view_of(good_trace(), "o", "o")).title_words() == "MAIL FROM example.com: pass"


async def test_selecting_the_step_of_an_identity_shows_it() -> None:
    view = await view_of(good_trace(), kind=StepKind.SPF_HELO)
    assert view.title_words() == "HELO mail.example.com: fail"


async def test_an_include_unfolds_to_the_record_it_leads_to() -> None:
    closed = await drawn()
    assert "▸ pass include:_spf.example.net - no match 2/10" in closed
    rows = await drawn("", "j", "j", "j", "j", "l")
    assert "▾ pass include:_spf.example.net - no match 2/10" in rows
    assert "v=spf1 ip4:203.0.113.0/24 include:_b.example.net ~all" in rows
    assert any(row.endswith("softfail ~all ✓ match") for row in rows)


async def test_the_way_to_the_match_in_an_included_record_is_open() -> None:
    names = {**ZONE, "_spf.example.net": {"TXT": (txt("v=spf1 ip4:192.0.2.25 -all"),)}}
    trace = message_trace(PLAIN, names=names, mail_from="a@example.com", client_ip=CLIENT)
    rows = (await view_of(trace)).lines
    assert "▾ pass include:_spf.example.net ✓ <matched> 1/10" in rows
    assert any("pass ip4:192.0.2.25 ✓ match" in row for row in rows)


async def test_a_failed_look_up_is_unknown_and_not_none() -> None:
    names = {**ZONE, "example.com": {"TXT": DnsStatus.SERVFAIL}}
    trace = message_trace(PLAIN, names=names, mail_from="a@example.com", client_ip=CLIENT)
    rows = (await view_of(trace)).lines
    assert any(row.startswith("? temperror") for row in rows)


async def test_a_syntax_error_stands_at_its_term_with_the_mended_record() -> None:
    view = SpfView()
    trace = message_trace(
        PLAIN,
        names=zone("v=spf1 ip:192.0.2.0/24 -all"),
        mail_from="a@example.com",
        client_ip=CLIENT,
    )
    async with Host(view).run_test(size=(100, 40)):
        view.show(shown_of(trace, MAIL))
        text = text_of(view)
        published = [row.copy for row in view.rows if row.what == "record"]
    assert "✗ permerror" in text
    assert 'example.com. IN TXT "v=spf1 ip4:192.0.2.0/24 -all"' in published


async def test_without_the_clients_address_the_view_says_what_is_missing() -> None:
    raw = PLAIN[PLAIN.index(b"From:") :]
    rows = (await view_of(message_trace(raw), kind=StepKind.MESSAGE)).lines
    assert "SPF cannot be checked: the client's address is not known. --ip gives it." in rows


# -- surveys -----------------------------------------------------------------------------------


async def test_a_survey_counts_what_a_client_costs_that_nothing_matches() -> None:
    view = await view_of(survey_trace(), kind=StepKind.SPF_RECORD)
    assert any("if nothing matches" in row for row in view.lines)
    assert "▸ pass include:_spf.example.net - followed 2/10" in view.lines
    assert any(row.startswith("▸ who passes • 640 IPv4 addresses") for row in view.lines)
    assert any(row.startswith("▸ flattened, as it would be") for row in view.lines)


async def test_a_surveys_names_are_switched_by_o() -> None:
    trace = survey_trace(subdomains=("mail.example.com",))
    view = await view_of(trace, "o", kind=StepKind.DKIM_KEYS)
    assert view.title_words() == "mail.example.com"
    assert any(row.endswith("pass a - 1 network 1/10") for row in view.lines)


async def test_a_name_without_a_record_says_what_to_publish() -> None:
    rows = (await view_of(survey_trace("nothing.example.com"), kind=StepKind.SPF_RECORD)).lines
    assert any("publishes no SPF record" in row for row in rows)
    assert '→ publish nothing.example.com. IN TXT "v=spf1 -all"' in rows  # if it sends no mail


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 36), (200, 60)])
async def test_nothing_is_wider_than_the_pane(size: tuple[int, int]) -> None:
    view = SpfView()
    for trace, kind in ((good_trace(), MAIL), (survey_trace(), StepKind.SPF_RECORD)):
        view = SpfView()
        async with Host(view).run_test(size=size) as pilot:
            view.show(shown_of(trace, kind))
            view.focus()
            await pilot.press("j", "j", "j", "space")
            assert view.rows
            for row in view.rows:
                assert all(part.cell_length <= view.line_width for part in row.lines)


async def test_what_if_asks_with_the_check_and_the_record_of_the_walk() -> None:
    asked: list[SpfView.WhatIfWanted] = []

    class Watching(Host):
        def on_spf_view_what_if_wanted(self, event: SpfView.WhatIfWanted) -> None:
            asked.append(event)

    view = SpfView()
    async with Watching(view).run_test(size=(100, 30)) as pilot:
        view.show(shown_of(good_trace(), MAIL))
        view.focus()
        await pilot.press("i")
        await pilot.pause()
    (event,) = asked
    assert event.record == "v=spf1 include:_spf.example.net a:%{h} mx ip4:192.0.2.0/24 -all"
    assert event.checked.domain == "example.com"
    assert event.checked.client_ip == CLIENT


async def test_a_helo_name_without_a_record_gets_the_one_to_publish() -> None:
    names = {**ZONE, "mail.example.com": {"A": ("192.0.2.26",)}}
    trace = message_trace(PLAIN, names=names, mail_from="a@example.com", client_ip=CLIENT)
    rows = (await view_of(trace, kind=StepKind.SPF_HELO)).lines
    assert "• none mail.example.com has no TXT record" in rows
    assert '→ publish mail.example.com. IN TXT "v=spf1 a -all"' in rows


async def test_when_the_walk_has_gone_on_the_first_identity_is_shown_again() -> None:
    view = SpfView()
    async with Host(view).run_test(size=(100, 40)) as pilot:
        view.show(shown_of(good_trace(), StepKind.SPF_HELO))
        view.show(shown_of(good_trace(), StepKind.DISPOSITION))
        assert view.title_words() == "MAIL FROM example.com: pass"
        view.focus()
        await pilot.press("o")
        view.show(shown_of(good_trace(), StepKind.ALIGNMENT))
        assert view.title_words() == "HELO mail.example.com: fail"
