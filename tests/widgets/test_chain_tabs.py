"""The chain view's keys, its tabs, and what is copied from each."""

import pytest
from cryptography import x509

from tests.tls.pki import DAY, NOW, issue, pki
from tests.widgets.chains import Seen, chain_trace
from widgets.chain_tabs import Tab, tab_at, tab_bar
from widgets.plain import wrap


def good() -> Seen:
    others = {"certifi": (issue("Elsewhere", ca=True).der,), "empty": ()}
    return Seen(chain_trace(tuple(pki().chain), (pki().root.der,), others=others))


async def test_j_and_k_go_from_certificate_to_certificate_and_then_into_the_tab() -> None:
    async with good() as seen:
        assert "▸ leaf mx.example.net" in seen.text
        assert "▸ CA Test Intermediate" in await seen.press("j")
        assert "▸ root Test Root" in await seen.press("j")
        assert seen.view.selected == 2
        text = await seen.press("j")
        assert seen.view.cursor_row is not None
        assert seen.view.cursor_row.lines[0].plain.startswith("subject")
        assert "▸ root Test Root" in text
        await seen.press("k")
        assert seen.view.cursor_row.key == ("certificate", 2)


async def test_enter_goes_into_the_tab_of_the_selected_certificate_and_back() -> None:
    async with good() as seen:
        await seen.press("enter", "j", "j")
        assert seen.view.selected == 0
        assert seen.view.cursor_row is not None
        assert seen.view.cursor_row.key[0] == "tab"
        await seen.press("enter")
        assert seen.view.cursor_row.key == ("certificate", 0)
        await seen.press("enter", "k")
        assert seen.view.cursor_row.key == ("certificate", 0)


async def test_g_goes_to_the_leaf_and_G_to_the_last_row() -> None:
    async with good() as seen:
        await seen.press("j", "G")
        assert seen.view.selected == 1
        assert seen.view.cursor_row is seen.view.rows[-1]
        await seen.press("g")
        assert seen.view.cursor_row.key == ("certificate", 0)
        assert seen.view.selected == 0


async def test_h_and_l_go_round_the_tabs_and_the_cursor_returns_to_the_certificate() -> None:
    async with good() as seen:
        await seen.press("j", "enter")
        for tab in [*list(Tab)[1:], Tab.SUMMARY]:
            text = await seen.press("l")
            assert seen.view.tab is tab
            assert f"[{tab.value}]" in text
            assert seen.view.cursor_row is not None
            assert seen.view.cursor_row.key == ("certificate", 1)
        await seen.press("left")
        assert seen.view.tab is Tab.STORES


async def test_a_click_on_a_tab_shows_it() -> None:
    async with good() as seen:
        bar = next(at for at, row in enumerate(seen.view.rows) if row.key == "tabs")
        y = seen.view._tops[bar]
        x = seen.view.rows[bar].lines[0].plain.index("PEM")
        await seen.pilot.click(seen.view, offset=(x + 3, y))
        assert seen.view.tab is Tab.PEM


@pytest.mark.parametrize("width", [30, 62, 120])
def test_every_name_of_the_bar_leads_to_its_tab_also_where_it_is_wrapped(width: int) -> None:
    lines = [part.plain for part in wrap(tab_bar(Tab.NAMES, width), width)]
    for tab in Tab:
        plain = next(part for part in lines if tab.value in part)
        for x in range(len(tab.value)):
            assert tab_at(plain, plain.index(tab.value) + x) is tab
    assert tab_at(lines[-1], 500) is None
    assert tab_at("  h l  Enter", 7) is None


async def test_each_value_of_the_summary_is_a_row_that_copies_it() -> None:
    async with good() as seen:
        leaf, ca = pki().leaf, pki().intermediate
        rows = {row.what: row.copy for row in seen.view.rows if row.stop}
        facts = leaf.certificate
        assert (
            rows["SHA-256 fingerprint"] == facts.fingerprint(facts.signature_hash_algorithm).hex()
        )
        assert rows["TLSA record"].startswith("_25._tcp.mx01.subd.emailhosted.not. IN TLSA 3 1 1 ")
        assert rows["TLSA record"].endswith(rows["SPKI SHA-256 digest"])
        assert rows["subject"] == "CN=mx.example.net"
        await seen.press("j")
        rows = {row.what: row.copy for row in seen.view.rows if row.stop}
        assert " IN TLSA 2 1 1 " in rows["TLSA record"]
        assert seen.view.copy_value() == (ca.pem.decode(), "certificate as PEM")
        await seen.press("enter")
        assert seen.view.copy_value() == ("CN=Test Intermediate", "subject")


async def test_the_pem_tab_shows_the_text_and_each_line_copies_the_whole() -> None:
    async with good() as seen:
        text = await seen.press(*"llll", "enter", "j")
        pem = pki().leaf.pem.decode()
        for line in pem.splitlines():
            assert line in text
        assert seen.view.copy_value() == (pem, "certificate as PEM")


async def test_the_link_says_who_signed_and_how_names_and_key_identifiers_compare() -> None:
    async with good() as seen:
        assert "└ ✓ signature verified by its EC 256 key; names equal, key ids equal" in seen.text
        root = await seen.press("j", "j")
        assert "itself: a root" in root
        assert "from the trust store; the server did not send it" in root


async def test_a_wrong_signature_is_said_with_the_key_that_made_it_where_it_is_at_hand() -> None:
    long = {"begins": NOW - 900 * DAY, "ends": NOW + 900 * DAY}
    root = issue("R", ca=True, **long)
    taken = bytearray(issue("mx.example.net", root).der)
    taken[-1] ^= 1
    async with Seen(chain_trace((bytes(taken),), (root.der,))) as seen:
        assert seen.first.startswith("✗ NOT TRUSTED: the signature of")
        assert "└ ✗ signature wrong: not its EC 256 key's; names equal" in seen.text


async def test_extensions_are_read_and_an_unknown_one_is_shown_by_its_contents() -> None:
    unknown = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x04\x02hi"
    )
    long = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.2"), b"A" * 5_000)
    root = issue("R", ca=True, begins=NOW - 900 * DAY, ends=NOW + 900 * DAY)
    staple = x509.TLSFeature([x509.TLSFeatureType.status_request])
    leaf = issue(
        "mx.example.net", root, extensions=((unknown, True), (long, False), (staple, False))
    )
    async with Seen(chain_trace((leaf.der,), (root.der,))) as seen:
        text = await seen.press("l", "l")
        assert "1.3.6.1.4.1.99999.1  critical" in text
        assert "04026869" in text
        assert "(5000 bytes)" in text
        assert "must staple" in text
        assert "basicConstraints  critical" in text
        assert "1 name: mx.example.net" in text
        value, what = seen.view.copy_value()
        assert what == "extensions"
        assert value.count("\n") >= 5


async def test_the_stores_stand_side_by_side_with_the_first_objection() -> None:
    async with good() as seen:
        text = await seen.press("h")
        rows = [row.lines[0].plain for row in seen.view.rows if row.what == "verdict"]
        assert rows[0] == "lab store (1 root) this walk's: ✓ trusted"
        assert rows[1].startswith("certifi store (1 root): ✗ not trusted  depth 1: ")
        assert "a sender without CA file" in rows[2]
        assert "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY" in text
        value, what = seen.view.copy_value()
        assert what == "verdicts of the stores"
        assert len(value.splitlines()) == 3


async def test_the_paths_tell_which_one_openssl_takes_and_who_insists_on_the_order() -> None:
    one = pki()
    sent = (one.leaf.der, one.root.der, one.intermediate.der)
    async with Seen(chain_trace(sent, (one.root.der,))) as seen:
        text = await seen.press("h", "h")
        assert "1 ✓ holds  OpenSSL takes this path" in text
        assert "a client that insists on the order: ✗ refuses" in text
        assert "mx.example.net (sent) → Test Intermediate (sent) → Test Root (sent)" in text


@pytest.mark.parametrize("width", [38, 56, 78, 118, 198])
@pytest.mark.parametrize("tab", list(Tab))
async def test_every_tab_fits_every_width(width: int, tab: Tab) -> None:
    others = {"certifi": (), "empty": ()}
    sent = (pki().leaf.der, pki().intermediate.der, pki().intermediate.der)
    trace = chain_trace(sent, (pki().root.der,), others=others)
    async with Seen(trace, size=(width, 24)) as seen:
        seen.view.choose_tab(tab)
        await seen.settled()
        widest = max(part.cell_length for row in seen.view.rows for part in row.lines)
        assert widest <= width - 3
        keys = [row.key for row in seen.view.rows]
        assert len(keys) == len(set(keys))
