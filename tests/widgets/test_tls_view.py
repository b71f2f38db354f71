"""The TLS view: outcome first, facts, alerts, messages, and the looks beside the handshake."""

import msgspec
import pytest

from mxwalk.evidence.connection import Exchanged, Handshaken
from mxwalk.evidence.handshake import ClientCertificateAsked, HandshakeMessage, TempKey, TlsFacts
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.evidence.wire import Direction
from tests.hostile import HOSTILE
from tests.walk.harness import lab_walk, run
from tests.widgets.conftest import Host, text_of
from tests.widgets.samples import sample_trace, shown_at
from tests.widgets.test_hostile import check
from widgets.tls_view import TlsView


async def walked(scenario: str) -> Trace:
    async with lab_walk(scenario) as walk:
        await run(walk)
        return walk.trace


async def drawn(
    trace: Trace, *keys: str, width: int = 100, step: StepKind = StepKind.HANDSHAKE
) -> list[str]:
    view = TlsView()
    async with Host(view).run_test(size=(width, 40)) as pilot:
        view.show(shown_at(trace, step))
        view.focus()
        await pilot.press(*keys)
        await pilot.pause()
        return [" ".join(row.split()) for row in text_of(view).splitlines()]


async def test_protocol_cipher_and_group_stand_on_the_first_line() -> None:
    rows = await drawn(await walked("pkix-good"))
    assert rows[0] == "✓ TLSv1.3 TLS_AES_256_GCM_SHA384 X25519MLKEM768 (post-quantum hybrid)"
    assert any(row.startswith("resumption 2 tickets, lifetime 7200 s") for row in rows)
    start = rows.index("the handshake, message by message seconds, sender, octets")
    names = [row.split()[2] for row in rows[start + 1 : rows.index("behind the handshake")]
             if row[:1].isdecimal()]  # fmt: skip
    assert names[0] == "ClientHello"
    assert names[-1] == "Finished"
    assert "Certificate" in names
    tickets = [row for row in rows if "NewSessionTicket" in row]
    assert len(tickets) == 2


async def test_a_failed_handshake_is_explained_and_the_legacy_look_shown_at_once() -> None:
    trace = await walked("tls10-only")
    rows = await drawn(trace)
    assert "protocol_version (70)" in rows[0] + rows[1]
    assert "one side is limited to TLS 1.0 or 1.1" in " ".join(rows)
    assert "handshakes ✗ modern ✓[legacy TLS] o switches" in rows
    assert "! below: a legacy look, refused by modern clients" in rows
    assert any(row.startswith("✓ TLSv1 ECDHE-ECDSA") for row in rows)
    assert any(row.startswith("protocol TLSv1 ! withdrawn (RFC 8996)") for row in rows)


async def test_o_shows_what_it_changed_where_the_pane_has_room_for_the_failure_alone() -> None:
    view = TlsView()
    trace = await walked("tls10-only")
    async with Host(view).run_test(size=(60, 5)) as pilot:
        view.show(shown_at(trace, StepKind.HANDSHAKE))
        view.focus()
        await pilot.pause()
        seen = []
        for _ in range(2):
            await pilot.press("o")
            await pilot.pause()
            seen.append([strip.text for strip in pilot.app.screen._compositor.render_strips()])
        assert "[modern]" in "".join(seen[0])
        assert "[legacy TLS]" in "".join(seen[1])
        await pilot.press("down", "down", "down")
        await pilot.pause()
        was = view.scroll_offset
        await pilot.press("o")
        await pilot.pause()
        assert view.scroll_offset == was  # two handshakes are compared where a person looks


async def test_o_goes_through_the_handshakes_of_the_connection() -> None:
    trace = await walked("tls10-only")
    modern = await drawn(trace, "o")
    assert "handshakes ✗[modern] ✓ legacy TLS o switches" in modern
    assert not any("below:" in row for row in modern)
    assert any(row.startswith("not known protocol, cipher") for row in modern)
    assert "alert the server sent fatal protocol_version (70)" in modern
    assert await drawn(trace, "o", "o") == await drawn(trace)


async def test_the_look_that_is_selected_is_the_one_shown() -> None:
    trace = await walked("tls-sni-required")
    own = await drawn(trace)
    assert own[0].startswith("✓ TLSv1.3")
    assert "handshakes ✓[modern] ✗ without SNI o switches" in own
    look = await drawn(trace, step=StepKind.WITHOUT_SNI)
    assert "handshakes ✓ modern ✗[without SNI] o switches" in look
    assert "! below: a look that names no server" in look
    assert "alert the server sent fatal unrecognized_name (112)" in look


async def test_a_look_shows_its_own_time_and_not_that_of_the_connection() -> None:
    trace = await walked("tls-sni-required")
    assert "time on this connection" in await drawn(trace)
    look = await drawn(trace, step=StepKind.WITHOUT_SNI)
    assert "time on this connection" not in look
    assert any(row.startswith("this look took") for row in look)
    assert next(at for at, row in enumerate(look) if row.startswith("STARTTLS")) < look.index(
        "! below: a look that names no server"
    )


async def test_o_does_nothing_where_there_is_one_handshake() -> None:
    trace = sample_trace()
    assert await drawn(trace, "o") == await drawn(trace)


async def test_a_certificate_demanded_in_tls_1_3_is_said_below_the_first_line() -> None:
    rows = await drawn(await walked("tls-client-cert"))
    assert rows[1] == "✗ then the server ended TLS: fatal certificate_required (116)"
    assert "client cert asked for, from any CA ! we have none, and the server ended TLS" in rows
    assert "it is set up for partners with certificates" in " ".join(rows)


async def test_a_trace_without_messages_is_shown_as_far_as_it_goes() -> None:
    rows = await drawn(sample_trace())
    assert rows[0].startswith("✓ TLSv1.3 TLS_AES_256_GCM_SHA384 X25519")
    assert not any("message by message" in row for row in rows)
    assert any(row.startswith("not known") for row in rows)


@pytest.mark.parametrize("width", [40, 60, 78, 120])
async def test_every_row_fits_its_pane(width) -> None:
    view = TlsView()
    trace = await walked("tls10-only")
    async with Host(view).run_test(size=(width, 30)):
        view.show(shown_at(trace, StepKind.HANDSHAKE))
        assert max(part.cell_length for row in view.rows for part in row.lines) <= width - 3


async def test_hostile_texts_in_messages_and_facts_are_drawn_as_visible_text() -> None:
    view = TlsView()
    plain = sample_trace()
    async with Host(view).run_test(size=(76, 24)):
        for data in HOSTILE:
            view.show(shown_at(_spoilt(plain, data[:2_000]), StepKind.HANDSHAKE))
            check(view)


def _spoilt(trace: Trace, data: bytes) -> Trace:
    text = data.decode("utf-8", "surrogateescape")
    message = HandshakeMessage(
        at_s=0.1, direction=Direction.RECEIVED, name=text, size=1, note=text, alert=200
    )
    facts = TlsFacts(
        client_hello_octets=2_000,
        temp_key=TempKey(method=text, group=text, bits=7),
        alpn=text,
        compression=text,
        server_extensions=(text, text),
        client_certificate=ClientCertificateAsked(authorities=(data,), authority_count=9),
    )
    steps = []
    for step in trace.steps:
        evidence = step.evidence
        if isinstance(evidence, Handshaken):
            evidence = msgspec.structs.replace(
                evidence, group=text, messages=(message,), message_count=9, facts=facts
            )
        elif isinstance(evidence, Exchanged):
            evidence = msgspec.structs.replace(evidence, behind=(message,))
        steps.append(msgspec.structs.replace(step, evidence=evidence))
    return msgspec.structs.replace(trace, steps=tuple(steps))
