"""What each view says about a delivery made by hand."""

import pytest

from mxwalk.evidence.step import StepKind
from tests.widgets.conftest import Host, text_of
from tests.widgets.samples import EHLO_1869, sample_trace, shown_at
from widgets.chain_view import ChainView
from widgets.ehlo_view import EhloView
from widgets.glyphs import use_glyphs
from widgets.identity_matrix import IdentityMatrix
from widgets.route_view import RouteView
from widgets.shown import View
from widgets.tls_view import TlsView
from widgets.verdict_table import VerdictTable


async def drawn(
    view: View, kind: StepKind, keys: tuple[str, ...] = (), *, size: tuple[int, int] = (100, 40),
    sender: str = "esa:5", ehlo: bytes | None = None,
) -> str:  # fmt: skip
    trace = sample_trace(ehlo=ehlo) if ehlo else sample_trace()
    async with Host(view).run_test(size=size) as pilot:
        view.show(shown_at(trace, kind, sender))
        view.focus()
        await pilot.press(*keys)
        await pilot.pause()
        return text_of(view)


async def test_identity_under_setting_5_is_decided_by_the_fourth_comparison() -> None:
    view = IdentityMatrix()
    text = await drawn(view, StepKind.IDENTITY)
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert any(row.startswith("DNS *.emailhosted.not 1 ✗ mismatch") for row in rows)
    assert any(row.startswith("DNS emailhosted.not 2 ✗ mismatch") for row in rows)
    assert any(
        row.startswith("CN *.emailhosted.not 3 ✗ mismatch ▸4 ~ wildcard <decides>") for row in rows
    )
    assert view.title_words() == "ESA 5 Required - Verify  ✓ VERIFIED by comparison 4"


async def test_identity_cursor_starts_on_the_deciding_cell_and_explains_its_labels() -> None:
    view = IdentityMatrix()
    text = await drawn(view, StepKind.IDENTITY)
    lines = text.splitlines()
    presented = next(line for line in lines if line.startswith("  presented  "))
    reference = next(line for line in lines if line.startswith("  reference  "))
    assert presented.index("emailhosted") == reference.index("emailhosted")
    assert "mx0a . emailhosted . not" in reference
    assert '"*" stands for "mx0a"' in text


async def test_identity_under_setting_6_fails_without_moving_the_names() -> None:
    five, six = IdentityMatrix(), IdentityMatrix()
    before = await drawn(five, StepKind.IDENTITY)
    after = await drawn(six, StepKind.IDENTITY, sender="esa:6")
    assert "NOT VERIFIED" in six.title_words()

    def names(text: str) -> list[str]:
        return [line[:22].rstrip() for line in text.splitlines() if line[:3] in ("DNS", "CN ")]

    assert names(before) == names(after)
    assert before.splitlines()[1] == after.splitlines()[1]  # the references' names


async def test_identity_shows_both_settings_side_by_side_when_wide_and_stacked_when_narrow() -> (
    None
):
    wide = await drawn(IdentityMatrix(), StepKind.IDENTITY, ("d",), size=(160, 40))
    first = wide.splitlines()[0]
    assert "ESA 5" in first
    assert "ESA 6" in first
    narrow = await drawn(IdentityMatrix(), StepKind.IDENTITY, ("d",), size=(78, 40))
    heads = [line for line in narrow.splitlines() if "ESA 5" in line or "ESA 6" in line]
    assert len(heads) == 2


async def test_identity_cell_cursor_moves_with_arrows_and_letters() -> None:
    view = IdentityMatrix()
    await drawn(view, StepKind.IDENTITY, ("h", "k", "k"))
    cell = view.cell()
    assert cell is not None
    assert (cell.presented.text, cell.reference.text) == ("*.emailhosted.not", "example.com")
    assert view.copy_value()[1] == "comparison"


async def test_setting_1_says_that_names_are_not_examined() -> None:
    text = await drawn(IdentityMatrix(), StepKind.IDENTITY, sender="esa:1")
    assert "does not examine" in text


@pytest.mark.parametrize("sender", ["mta-sts", "exchange-online"])
async def test_senders_that_obey_mta_sts_show_the_names_against_the_mx_host(sender: str) -> None:
    text = await drawn(IdentityMatrix(), StepKind.IDENTITY, sender=sender)
    assert "does not examine" not in text
    assert "MX host" in text
    assert "MTA-STS policy" in text


async def test_ehlo_strict_reading_takes_line_one_as_greeting() -> None:
    text = await drawn(EhloView(), StepKind.EHLO, ehlo=EHLO_1869)
    assert "strict: ✗ not offered" in text
    assert "lenient: ✓ offered" in text
    line = next(line for line in text.splitlines() if "250-STARTTLS" in line)
    assert "greeting" in line
    assert "✗ invalid" in next(line for line in text.splitlines() if "mail.domain1.com" in line)


async def test_ehlo_lenient_reading_is_switched_to_by_l() -> None:
    text = await drawn(EhloView(), StepKind.EHLO, ("l",), ehlo=EHLO_1869)
    assert "[lenient]" in text
    line = next(line for line in text.splitlines() if "250-STARTTLS" in line)
    assert "+ keyword" in line


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (b"250-X%d\r\n" * 9_000 % tuple(range(9_000)), "The reply to EHLO was not read to its end"),
        (b"250-mx.example.com\r\n250-SIZE 1\r\n", "The reply to EHLO did not come to its end"),
        (b"250-mx.example.com\r\n421 4.3.2 closing\r\n", "The server said 421: that it closes"),
        (b"450 4.7.1 later\r\n", "EHLO was not accepted for now"),
    ],
    ids=["longer than is read", "no last line", "421", "450"],
)
async def test_ehlo_that_was_not_refused_for_good_says_that_starttls_is_not_known(
    reply: bytes, told: str
) -> None:
    text = " ".join((await drawn(EhloView(), StepKind.EHLO, ehlo=reply)).split())
    assert f"? {told}: whether it offers STARTTLS is not known." in text
    assert "no STARTTLS" not in text


async def test_ehlo_compares_before_and_inside_tls() -> None:
    text = await drawn(EhloView(), StepKind.EHLO)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "STARTTLS - gone" in lines
    assert "SIZE 36700160 ~ changed SIZE 52428800" in lines
    assert "+ new AUTH PLAIN" in lines


async def test_tls_names_protocol_cipher_group_and_times() -> None:
    text = await drawn(TlsView(), StepKind.HANDSHAKE)
    for words in ("TLSv1.3", "TLS_AES_256_GCM_SHA384", "256 bits", "X25519", "TLS handshake"):
        assert words in text


async def test_chain_shows_the_selected_certificate_and_j_goes_to_its_issuer() -> None:
    leaf = await drawn(ChainView(), StepKind.CHAIN)
    assert "CN=*.emailhosted.not" in leaf
    assert "60 days left" in leaf
    assert "signature verified by its" in leaf
    root = await drawn(ChainView(), StepKind.CHAIN, ("j",))
    assert "itself: a root" in root
    assert "from the trust store" in root


async def test_chain_copies_the_certificate_as_pem() -> None:
    view = ChainView()
    await drawn(view, StepKind.CHAIN)
    value, what = view.copy_value()
    assert value.startswith("-----BEGIN CERTIFICATE-----\n")
    assert what == "certificate as PEM"


async def test_verdicts_mark_the_chosen_sender_and_give_its_reason() -> None:
    view = VerdictTable()
    text = await drawn(view, StepKind.QUIT, sender="esa:6")
    assert "▸ ESA 6" in text
    assert text.count("✓ delivered, verified") == 2  # settings 4 and 5
    assert view.cursor_row is not None
    assert view.cursor_row.key == "esa:6"


async def test_verdict_under_the_cursor_leads_to_its_deciding_step() -> None:
    view = VerdictTable()
    await drawn(view, StepKind.QUIT, sender="esa:5")
    assert view.deciding_step() == 12  # the identity step


async def test_route_lists_hosts_addresses_and_reverse_names() -> None:
    text = await drawn(RouteView(), StepKind.MX)
    assert "mx01.subd.emailhosted.not" in text
    assert "192.0.2.1" in text
    assert "✓ forward-confirmed" in text
    assert "not validated, no AD" in text


async def test_every_view_fits_its_width_at_every_size() -> None:
    views = (RouteView, EhloView, TlsView, ChainView, IdentityMatrix, VerdictTable)
    for make in views:
        for width in (40, 58, 78, 118, 198):
            view = make()
            await drawn(view, StepKind.QUIT, size=(width, 30))
            widest = max(part.cell_length for row in view.rows for part in row.lines)
            assert widest <= width - 3, (make.__name__, width)  # scrollbar and gutter


async def test_ascii_glyphs_leave_nothing_but_ascii() -> None:
    use_glyphs("ascii")
    for make in (RouteView, EhloView, TlsView, ChainView, IdentityMatrix, VerdictTable):
        text = await drawn(make(), StepKind.QUIT)
        assert text.replace("“", "").replace("”", "").isascii(), make.__name__
