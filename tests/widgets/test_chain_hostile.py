"""Hostile, huge and random chains: nothing is raised, the work is bounded, all of it can be had."""

import pytest
from cryptography import x509

from tests.pkix.chains import random_case
from tests.revocation.papers import by_crl, by_ocsp, checked
from tests.timing import within
from tests.tls.pki import DAY, NOW, issue, pki
from tests.widgets.chains import Seen, chain_shown, chain_trace
from tests.widgets.test_hostile import check
from widgets.chain_tabs import Tab
from widgets.glyphs import use_glyphs

FAR = {"begins": NOW - 900 * DAY, "ends": NOW + 900 * DAY}


async def test_random_broken_chains_are_drawn_in_every_tab_and_at_another_date() -> None:
    case = random_case(0)
    async with Seen(chain_trace(case.sent, case.anchors, at=case.at), size=(76, 24)) as seen:
        for seed in range(30):
            case = random_case(seed)
            trace = chain_trace(case.sent, case.anchors, at=case.at, fetched=case.anchors)
            seen.view.show(chain_shown(trace, case.at))
            for tab in Tab:
                seen.view.choose_tab(tab)
                check(seen.view)
            seen.view.evaluate_at(case.at + 50 * DAY)
            check(seen.view)
            seen.view.evaluate_at(None)


async def test_the_first_line_agrees_with_openssl_on_random_chains() -> None:
    case = random_case(0)
    async with Seen(chain_trace(case.sent, case.anchors, at=case.at)) as seen:
        for seed in range(100, 180):
            case = random_case(seed)
            trace = chain_trace(case.sent, case.anchors, at=case.at)
            seen.view.show(chain_shown(trace, case.at))
            chain = next(
                s.evidence for s in trace.steps if type(s.evidence).__name__ == "ChainChecked"
            )
            assert seen.first.startswith("✗ NOT TRUSTED" if chain.errors else "✓ TRUSTED"), seed


@pytest.mark.parametrize("cut", [0, 1, 2, 40, 200, -1])
async def test_bytes_that_are_no_certificate_are_said_to_be_none(cut: int) -> None:
    junk = pki().leaf.der[:cut]
    sent = (junk, pki().intermediate.der, b"\x30\x80" + junk, b"\xff" * 4_000)
    async with Seen(chain_trace(sent, (pki().root.der,)), size=(76, 24)) as seen:
        assert seen.first.startswith("✗ NOT TRUSTED")
        for tab in Tab:
            seen.view.choose_tab(tab)
            check(seen.view)
        await seen.press("j", "j", "j", "enter", "j", "k", "G", "g")
        check(seen.view)


async def test_250_certificates_are_sketched_at_once_and_worked_out_beside() -> None:
    root = issue("R", ca=True, **FAR)
    key = root.key
    chain = [issue("mx.example.net", root)]
    many = tuple(issue(f"X{number}", root, ca=True, key=key).der for number in range(249))
    trace = chain_trace((chain[0].der, *many), (root.der,))
    async with Seen(trace, size=(118, 40)) as seen:
        assert seen.first.startswith("✓ TRUSTED")
        assert len(seen.view.rows) < 60
        await seen.press("j", "j", "j")
        assert seen.view.selected == 3
        assert "more below" in seen.text
        await seen.press(*("j",) * 20)
        assert seen.view.selected == 23
        assert "more above" in seen.text
        await seen.press("pagedown", "pagedown", "pageup")
        assert seen.view.selected == 32
        await seen.press("g")
        assert seen.view.selected == 0
        again = chain_shown(chain_trace((chain[0].der, *many[1:]), (root.der,)))
        seen.view.show(again)
        assert "249 certificates are being read" in seen.text
        assert seen.first.startswith("✓ TRUSTED")
        await seen.settled()
        assert "▸ leaf mx.example.net" in seen.text
        seen.view.evaluate_at(NOW + 61 * DAY)
        assert "being worked out" in seen.text
        seen.view.evaluate_at(NOW + 30 * DAY)  # the one asked for last is shown
        await seen.settled()
        assert "(30 more days: the leaf)" in seen.text


async def test_10000_names_are_bounded_on_screen_and_copied_in_full() -> None:
    root = issue("R", ca=True, **FAR)
    names = tuple(f"n{number}.example.net" for number in range(10_000))
    leaf = issue("mx.example.net", root, dns=names)
    async with Seen(chain_trace((leaf.der,), (root.der,)), size=(100, 40)) as seen:
        text = await seen.press("l")
        assert "and 9800 more names: y on the certificate copies all 10000" in text
        value, what = seen.view.copy_value()
        assert what == "names"
        assert value.splitlines() == ["CN:mx.example.net", *(f"DNS:{name}" for name in names)]
        assert len(seen.view.rows) < 300
        pem = await seen.press("l", "l", "l")
        assert "more lines: y copies all" in pem
        assert seen.view.copy_value()[0] == leaf.pem.decode()
        with within(2):  # generous: what is bounded is the number of rows
            seen.view.rebuild()
        assert len(seen.view.rows) < 300


async def test_hostile_names_are_visible_text_in_every_tab() -> None:
    evil = "\x1b[2J\u202e[/x][@click=app.quit]z"
    root = issue("R" + evil, ca=True, **FAR)
    other = x509.SubjectAlternativeName([x509.DirectoryName(root.certificate.subject)])
    leaf = issue("mx" + evil, root, ca=True, extensions=((other, False),))
    sent = (leaf.der, root.der, leaf.der)
    asked = checked(by_crl(None, leaf, root), by_ocsp(b"\x1b]0;x\x07"), about=leaf, issuer=root)
    trace = chain_trace(sent, (root.der,), revocation=asked, fetched=(root.der,))
    async with Seen(trace, size=(76, 24)) as seen:
        for _ in range(4):
            for tab in Tab:
                seen.view.choose_tab(tab)
                check(seen.view)
            await seen.press("j")


async def test_ascii_glyphs_leave_nothing_but_ascii() -> None:
    use_glyphs("ascii")
    sent = (pki().leaf.der, pki().intermediate.der, pki().leaf.der)
    trace = chain_trace(sent, (pki().root.der,), others={"empty": ()})
    async with Seen(trace) as seen:
        for tab in Tab:
            seen.view.choose_tab(tab)
            assert seen.text.isascii(), tab
        seen.view.evaluate_at(NOW + 100 * DAY)
        assert seen.text.isascii()
