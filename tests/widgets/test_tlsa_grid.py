"""The TLSA grid: every record against every certificate, digits aligned, what to publish."""

from dataclasses import replace

import pytest

from mxwalk.dane.authenticate import authenticate
from mxwalk.dane.tlsa import make_record
from mxwalk.evidence.connection import Handshaken, LookedAgain
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import Offer
from mxwalk.senders.registry import profile
from mxwalk.walk.plan import outline
from tests.dane.world import NAMES, NOW, intermediate, leaf, record
from tests.hostile import HOSTILE
from tests.senders.dane_walks import Domain
from tests.senders.dane_walks import Host as MxHost
from tests.widgets.conftest import Host, text_of
from widgets.glyphs import use_glyphs
from widgets.shown import Shown
from widgets.steps_tree import StepsTree
from widgets.tls_view import TlsView
from widgets.tlsa_grid import TlsaGrid
from widgets.tlsa_lines import digest_lines, explain, lay_out, record_line
from widgets.verdict_table import VerdictTable

GOOD = record("3 1 1", leaf())
NEAR = make_record(3, 1, 1, GOOD.data[:30] + b"\0\0")
PKIX = record("1 1 1", leaf())


def shown(domain: Domain, kind: StepKind = StepKind.HANDSHAKE) -> Shown:
    delivery = domain.delivery
    step = next(step for step in reversed(delivery.trace.steps) if step.kind is kind)
    return Shown(
        delivery=delivery,
        sender=profile("rfc7672"),
        step=step,
        attempt=delivery.attempt_of(step),
        now=NOW,
    )


async def drawn(domain: Domain, *keys: str, width: int = 100) -> tuple[TlsaGrid, str]:
    view = TlsaGrid()
    async with Host(view).run_test(size=(width, 50)) as pilot:
        view.show(shown(domain))
        view.focus()
        await pilot.press(*keys)
        await pilot.pause()
        return view, text_of(view)


def rows(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


async def test_every_record_is_shown_against_every_certificate() -> None:
    view, text = await drawn(Domain(MxHost(tlsa=(GOOD, NEAR, PKIX))).good())
    assert any(row.startswith("1 ✓ 3 1 1 DANE-EE SPKI SHA-256 ▸= match") for row in rows(text))
    assert any(row.startswith("2 ✗ 3 1 1 DANE-EE SPKI SHA-256 ▸✗ differs") for row in rows(text))
    assert any(row.startswith("3 - 1 1 1 PKIX-EE") and "would match" in row for row in rows(text))
    assert "0 leaf mx.example.net" in text
    assert "1 issuer Lab CA" in text
    assert view.title_words() == "authenticated"


async def test_the_cursor_starts_on_the_record_that_decides_and_its_digits_are_aligned() -> None:
    view, text = await drawn(Domain(MxHost(tlsa=(NEAR, GOOD))).good())
    assert view.cursor_row is not None
    assert view.cursor_row.copy.startswith("_25._tcp.mx.example.net. IN TLSA 3 1 1 ")
    lines = text.splitlines()
    upper = next(line for line in lines if line.startswith("  published"))
    lower = next(line for line in lines if line.startswith("  key"))
    assert upper[14:] == lower[14:]
    assert "= equal" in text


async def test_a_trust_anchor_is_compared_with_the_issuer_and_never_with_the_leaf() -> None:
    other = make_record(2, 1, 1, b"\x55" * 32)
    view, text = await drawn(Domain(MxHost(tlsa=(other,))).good())
    assert view.column == 1
    assert "against: 1 issuer Lab CA" in text
    assert "digits differ" in text
    _, text = await drawn(Domain(MxHost(tlsa=(other,))).good(), "h")
    assert "not compared with 0 leaf mx.example.net: " in text
    assert "digits differ" not in text


async def test_without_a_certificate_the_record_says_what_it_could_not_be_compared_with() -> None:
    view = TlsaGrid()
    domain = Domain(MxHost(tlsa=(GOOD,)))
    domain.connect().greeted()
    async with Host(view).run_test(size=(80, 24)):
        view.show(shown(domain, StepKind.EHLO))
        assert "the server presented no certificate" in text_of(view)


async def test_differing_digits_carry_a_sign_below_them() -> None:
    _, text = await drawn(Domain(MxHost(tlsa=(NEAR,))).good())
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("  published"))
    upper, lower, signs = lines[at], lines[at + 1], lines[at + 2]
    assert signs.strip(" ^") == ""
    marked = {place for place, sign in enumerate(signs) if sign == "^"}
    differing = {n for n, (a, b) in enumerate(zip(upper, lower, strict=True)) if a != b and n >= 14}
    assert marked == differing
    assert marked
    assert f"✗ {len(marked)} digits differ" in text


async def test_other_certificates_are_chosen_sideways_and_other_records_up_and_down() -> None:
    view, text = await drawn(Domain(MxHost(tlsa=(GOOD, PKIX))).good(), "l", "j")
    assert "not compared with 1 issuer Lab CA: " in text
    assert "record 2" in text
    assert view.column == 1


async def test_the_other_leaf_is_told_of_in_one_line_and_its_record_is_in_use() -> None:
    other = leaf(own=2)
    domain = Domain(MxHost(tlsa=(GOOD, record("3 1 1", other)))).good()
    evidence = LookedAgain(
        offer=Offer.RSA_LEAF,
        handshake=Handshaken(sni="", presented=(other.der, intermediate().der)),
    )
    domain.connect().add(StepKind.OTHER_LEAF, evidence)
    _, text = await drawn(domain)
    assert "the RSA leaf: authenticated" in rows(text)
    assert "record 1 is in use, record 2 is in use" in text


async def test_what_to_publish_and_the_state_of_the_set_are_told() -> None:
    _, text = await drawn(Domain(MxHost(tlsa=(GOOD, GOOD, NEAR))).good())
    told = " ".join(text.split())
    assert "record 1 is in use, record 2 stands there twice" in told
    assert "record 3 matches nothing the server sends" in told
    assert "_25._tcp.mx.example.net. IN TLSA 3 1 1" in text
    assert "two TTLs ahead" in text


async def test_the_handshake_carries_what_dane_says_of_it() -> None:
    for record_, word in ((GOOD, "✓ DANE"), (NEAR, "✗ DANE")):
        domain = Domain(MxHost(tlsa=(record_,))).good()
        tree, tls = StepsTree(), TlsView()
        async with Host(tree).run_test(size=(60, 30)):
            tree.show(outline(domain.delivery), domain.delivery, None, "")
            line = next(row for row in rows(text_of(tree)) if "TLS handshake" in row)
        assert word in line
        async with Host(tls).run_test(size=(100, 30)):
            tls.show(shown(domain))
            assert any(row.startswith(f"TLSA {word}") for row in rows(text_of(tls)))


async def test_a_reason_is_not_shown_as_a_line_of_the_log() -> None:
    view = VerdictTable()
    domain = Domain(MxHost(tlsa=(GOOD,))).good()
    moment = shown(domain)
    verdict = moment.sender.judge(domain.delivery)
    assert not verdict.log
    async with Host(view).run_test(size=(100, 30)):
        view.show(replace(moment, verdicts=(verdict,)))
        text = text_of(view)
    assert "why" in text
    assert "log " not in text


async def test_without_records_it_is_said_and_the_advice_stays_away_before_the_handshake() -> None:
    view = TlsaGrid()
    domain = Domain(MxHost())
    domain.connect().greeted()
    async with Host(view).run_test(size=(80, 24)):
        view.show(shown(domain, StepKind.EHLO))
        assert "no TLSA records" in text_of(view)
        assert "should publish" not in text_of(view)


@pytest.mark.parametrize("width", [20, 40, 78, 118, 198])
@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
def test_nothing_is_wider_than_the_pane(width: int, glyphs: str) -> None:
    use_glyphs(glyphs)
    records = [GOOD, NEAR, PKIX, record("2 0 0", intermediate()), make_record(3, 1, 1, b"x")]
    result = authenticate(records, [leaf().der, intermediate().der] * 3, NAMES, NOW)
    columns = lay_out(result.grid, width, 5)
    for number in range(len(records)):
        if width >= 40:
            line = record_line(number, result.grid, result.results[number], columns, 5)
            assert line.cell_length <= width
        for part in explain(result.grid, number, 0, result.results[number], width):
            assert part.cell_length <= max(width, 23)


def test_a_difference_behind_the_shown_octets_is_brought_into_view() -> None:
    long = bytes(range(200))
    changed = long[:150] + b"\xff" + long[151:]
    text = "\n".join(part.plain for part in digest_lines(long, changed, "certificate", 80))
    assert "^^" in text
    assert "octets 149 to 200" in text


@pytest.mark.parametrize("raw", HOSTILE)
def test_hostile_certificates_and_records_are_drawn_as_text(raw: bytes) -> None:
    records = [GOOD, make_record(2, 0, 0, raw), make_record(9, 9, 9, raw)]
    result = authenticate(records, [raw, leaf().der], NAMES, NOW)
    columns = lay_out(result.grid, 80, 0)
    for number in range(3):
        assert record_line(
            number, result.grid, result.results[number], columns, 0
        ).plain.isprintable()
        for part in explain(result.grid, number, 0, result.results[number], 80):
            assert part.plain.isprintable()
