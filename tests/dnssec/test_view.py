"""What the chain-of-trust view says, on the lab's zones and on hostile names."""

from datetime import timedelta

import pytest
from textual.app import App, ComposeResult

from mxwalk.dnssec.model import Status, Validation
from mxwalk.lab.zones import ZoneFault
from tests.dnssec.test_lab_zones import Validator
from tests.dnssec.world import World, ZoneKeys, records
from tests.lab.dns_client import lab_dns, zones
from widgets.dnssec_view import DnssecView
from widgets.glyphs import use_glyphs
from widgets.shown import Shown


class Host(App[None]):
    def __init__(self, view: DnssecView) -> None:
        super().__init__()
        self.view = view

    def compose(self) -> ComposeResult:
        yield self.view


async def drawn(*validations: Validation, keys=(), size=(110, 50)) -> str:
    view = DnssecView()
    async with Host(view).run_test(size=size) as pilot:
        view.show(Shown(delivery=None, sender=None, validations=validations))
        view.focus()
        await pilot.press(*keys)
        await pilot.pause()
        lines = [part.plain for row in view.rows for part in row.lines]
        assert all(part.isprintable() for part in lines)
        assert all(part.cell_length <= size[0] for row in view.rows for part in row.lines)
        return "\n".join(lines)


async def of_lab(*faults: ZoneFault, name: str = "example.com", rtype: str = "MX") -> Validation:
    async with lab_dns(zones(*faults)) as client:
        return await Validator(client.lab)(name, rtype)


async def test_a_secure_chain_shows_every_cut_with_its_keys_matched_by_lines():
    result = await of_lab()
    text = await drawn(result)
    heads = [line for line in text.splitlines() if "trust anchor" in line or "  below " in line]
    assert [head.split()[1 if i == 0 else 2] for i, head in enumerate(heads)] == [
        "root",
        "com",
        "example.com",
    ]
    for link in result.links:
        tag = link.keys[0].key_tag
        matched = [line for line in text.splitlines() if f"DNSKEY {tag}" in line]
        assert any(f" {tag} SHA-256" in line and "──→" in line for line in matched)
    assert "signs keys" in text
    assert "└ ✓ example.com MX  secure" in text
    assert "SECURE" in text
    assert "resolver agrees: AD" in text
    assert (
        text.count("2026-12-05") == 6
    )  # the end of every RRSIG: three key sets, two DS sets, the answer


async def test_a_broken_link_is_opened_with_reason_and_fix():
    text = await drawn(await of_lab(ZoneFault.STALE_DS))
    assert "──✗ no such key" in text
    assert "why      No DNSKEY of example.com matches the DS set that com publishes" in text
    assert "fix      Replace the DS record at com" in text
    assert "acts     the parent zone, through the registrar" in text
    assert "example.com MX  secure" not in text


@pytest.mark.parametrize(
    ("fault", "words"),
    [(ZoneFault.EXPIRED, "expired 3 days ago"), (ZoneFault.NOT_YET, "begins in 3 days")],
)
async def test_a_signature_out_of_time_stands_beside_now_on_the_line(fault, words):
    text = await drawn(await of_lab(fault))
    assert words in text
    assert "┃" in text


async def test_a_denial_shows_what_each_record_does():
    text = await drawn(await of_lab(name="no.example.com", rtype="A"))
    assert "✓ neither the name nor a wildcard for it exists" in text
    assert "covers no.example.com" in text
    assert "covers *.example.com" in text
    insecure = await drawn(await of_lab(name="mx2.hosting.example", rtype="A"))
    assert "a delegation without DS" in insecure
    assert "acts" not in insecure  # nothing is broken


async def test_hops_of_an_alias_each_have_a_line():
    text = await drawn(await of_lab(name="away.example.com", rtype="A"))
    assert "secure        away.example.com CNAME → mx2.hosting.example" in text
    assert "insecure      mx2.hosting.example" in text


async def test_the_cursor_chooses_the_look_up_that_is_opened():
    good, bad = await of_lab(), await of_lab(ZoneFault.BAD_SIGNATURE)
    assert "why" not in await drawn(good, bad)
    assert "does not verify" in await drawn(good, bad, keys=("down",))


async def test_the_resolvers_claim_stands_beside_the_result():
    world = World()
    rrset = records("example.test.", "MX", "10 mx.example.test.")
    world.put(
        "example.test",
        "MX",
        world.zone.signed(rrset, ends=-timedelta(days=2), begins=-timedelta(days=9)),
        ad=True,
    )
    assert "yet AD is set" in await drawn(world.validate("example.test", "MX"))


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (200, 60)])
async def test_every_width_and_both_glyph_sets_hold_hostile_names(size):
    world = World(ZoneKeys("example.test."))
    name = r"\027[2J[@click=app.quit]\000" + "." + "x" * 60 + ".example.test"
    rrset = records(name + ".", "TXT", '"x"')
    world.put(name, "TXT", [rrset])
    for above in ("x" * 60 + ".example.test", name):
        world.put(above, "DS", [], world.zone.soa())
    result = world.validate(name, "TXT")
    assert result.status is Status.BOGUS
    try:
        for glyphs in ("ascii", "unicode"):
            use_glyphs(glyphs)
            assert "\\027" in await drawn(result, size=size)
    finally:
        use_glyphs("unicode")
