"""What real tools print of a lab's server is read as they meant it."""

import asyncio
import base64
import contextlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxwalk.clues.dialogue.reading import read_dialogue
from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.step import StepKind as K
from mxwalk.evidence.trace import PastedForm
from mxwalk.lab.lab import Lab
from mxwalk.lab.scenario import load_scenario
from mxwalk.names import parse_name
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile, profiles
from mxwalk.tls.store import LoadedStore

PATIENCE_S = 20.0


def _port(lab: Lab) -> int:
    """Return a loopback port on which a server of the lab listens."""
    ports = [target[1] for target in lab.dialer._mapping.values() if isinstance(target, tuple)]
    return ports[0]


async def _talk(command: list[str], lines: tuple[tuple[bytes, bytes], ...]) -> str:
    """Run a tool; type each line once the bytes before it have been printed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    printed, seen, waiting = b"", 0, list(lines)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while more := await process.stdout.read(65_536):
                printed += more
                while waiting and (at := printed.find(waiting[0][0], seen)) >= 0:
                    seen = at + len(waiting[0][0])
                    process.stdin.write(waiting.pop(0)[1])
                    with contextlib.suppress(ConnectionError):  # it may have ended meanwhile
                        await process.stdin.drain()
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        process._transport.close()
    return printed.decode("utf-8", "replace")


async def _s_client(name: str, *options: str) -> tuple[str, LoadedStore]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    async with Lab(load_scenario(name)) as lab:
        command = [openssl, "s_client", "-starttls", "smtp", "-crlf"]
        command += ["-connect", f"127.0.0.1:{_port(lab)}", *options]
        lines = (
            (b"Verify return code", b"ehlo client.example.net\n"),
            (b"\n250 ", b"quit\n"),
        )
        return await _talk(command, lines), lab.store


async def test_s_client_with_all_certificates_gives_a_chain_we_verified_ourselves():
    printed, store = await _s_client("pkix-good", "-showcerts")
    found = read_dialogue(printed, store=store)
    assert found is not None
    trace, _ = found
    assert trace.header.pasted is PastedForm.S_CLIENT
    kinds = [step.kind for step in trace.steps]
    assert kinds[:3] == [K.CONNECT, K.HANDSHAKE, K.CHAIN]
    assert K.EHLO_TLS in kinds
    attempt = build_delivery(trace).attempts[0]
    assert attempt.handshake is not None
    assert attempt.handshake.protocol.startswith("TLSv1.")
    assert len(attempt.handshake.presented) == attempt.handshake.presented_count >= 2
    assert attempt.chain is not None
    assert attempt.chain.errors == ()
    assert attempt.identity is None  # the text does not name the host


async def test_s_client_without_showcerts_gives_no_chain():
    printed, store = await _s_client("pkix-good")
    found = read_dialogue(printed, store=store)
    assert found is not None
    attempt = build_delivery(found[0]).attempts[0]
    assert attempt.handshake is not None
    assert len(attempt.handshake.presented) == 1 < attempt.handshake.presented_count
    assert attempt.chain is None
    assert any("-showcerts" in clue.meaning for clue in found[1])


async def test_an_expired_chain_is_expired_in_the_text_too():
    printed, store = await _s_client("pkix-expired", "-showcerts")
    found = read_dialogue(printed, store=store)
    assert found is not None
    chain = build_delivery(found[0]).attempts[0].chain
    assert chain is not None
    assert "X509_V_ERR_CERT_HAS_EXPIRED" in [error.name for error in chain.errors]


async def test_s_client_that_found_no_tls_has_a_failed_handshake_or_none():
    printed, store = await _s_client("starttls-broken", "-showcerts")
    found = read_dialogue(printed, store=store)
    assert found is not None
    attempt = build_delivery(found[0]).attempts[0]
    assert not attempt.tls_is_up
    for each in profiles():
        assert not each.judge(build_delivery(found[0])).outcome.delivered


async def _whole_session(name: str) -> tuple[str, LoadedStore]:
    """Return a swaks session with every certificate of a scenario's chain in it."""
    async with Lab(load_scenario(name)) as lab:
        from tests.lab.walks import walked

        chain = (await walked(name)).attempts[0].handshake
        assert chain is not None
        store = lab.store
    pem = "".join(
        f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(der).decode()}-----END CERTIFICATE-----\n"
        for der in chain.presented
    )
    return pem, store


_SESSION = """\
=== Trying {host}:25...
=== Connected to {host}.
<-  220 {host} ESMTP
 -> EHLO client.example.net
<-  250-{host}
<-  250 STARTTLS
 -> STARTTLS
<-  220 2.0.0 Ready
=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256
{pem} ~> EHLO client.example.net
<~  250 {host}
 ~> QUIT
<~  221 2.0.0 Bye
"""


async def _verdict(name: str, host: str, sender: str) -> Outcome:
    from tests.lab.walks import walked

    delivery = await walked(name)
    pem, _ = await _whole_session(name)
    roots = [one.der for one in delivery.attempts[0].chain.path if not one.sent]
    store = LoadedStore.from_pem(
        "lab",
        "",
        b"".join(
            b"-----BEGIN CERTIFICATE-----\n"
            + base64.encodebytes(der)
            + b"-----END CERTIFICATE-----\n"
            for der in roots
        ),
    )
    found = read_dialogue(_SESSION.format(host=host, pem=pem), store=store, now=datetime.now(UTC))
    assert found is not None
    return profile(sender).judge(build_delivery(found[0])).outcome


async def test_a_pasted_chain_for_the_named_host_verifies_and_for_another_does_not():
    from tests.lab.walks import walked

    host = (await walked("pkix-good")).attempts[0].host.name
    assert parse_name(host)
    assert await _verdict("pkix-good", host, "postfix:verify") is Outcome.DELIVERED_VERIFIED
    other = await _verdict("pkix-good", "other.example.org", "postfix:verify")
    assert other is Outcome.DEFERRED


async def _posttls_finger(folder: Path, *options: str) -> tuple[str, LoadedStore]:
    tool = shutil.which("posttls-finger")
    if tool is None:
        pytest.skip("posttls-finger is not installed")
    (folder / "main.cf").write_text(f"compatibility_level = 3.6\nqueue_directory = {folder}\n")
    async with Lab(load_scenario("pkix-good")) as lab:
        command = ["env", f"MAIL_CONFIG={folder}", tool, *options, f"[127.0.0.1]:{_port(lab)}"]
        return await _talk(command, ()), lab.store


@pytest.mark.peers
async def test_posttls_finger_with_its_dialogue_and_certificates_is_read_whole(tmp_path):
    printed, store = await _posttls_finger(tmp_path, "-C", "-L", "verbose,summary")
    found = read_dialogue(printed, store=store)
    assert found is not None
    trace, _ = found
    assert trace.header.pasted is PastedForm.POSTTLS_FINGER
    assert [step.kind for step in trace.steps] == [
        K.CONNECT, K.GREETING, K.EHLO, K.STARTTLS, K.HANDSHAKE, K.CHAIN, K.EHLO_TLS, K.QUIT,
    ]  # fmt: skip
    attempt = build_delivery(trace).attempts[0]
    assert attempt.handshake is not None
    assert attempt.handshake.cipher
    assert attempt.chain is not None
    assert attempt.chain.errors == ()


@pytest.mark.peers
async def test_posttls_finger_with_its_summary_alone_tells_of_the_handshake(tmp_path):
    printed, _ = await _posttls_finger(tmp_path, "-c", "-L", "summary,certmatch")
    found = read_dialogue(printed)
    assert found is not None
    assert [step.kind for step in found[0].steps] == [K.CONNECT, K.HANDSHAKE]
    assert found[0].steps[0].scope.address == "127.0.0.1"


@pytest.mark.peers
async def test_swaks_is_read_as_it_is_printed():
    tool = shutil.which("swaks")
    if tool is None:
        pytest.skip("swaks is not installed")
    async with Lab(load_scenario("pkix-good")) as lab:
        command = [tool, "--server", "127.0.0.1", "--port", str(_port(lab)), "--tls"]
        printed = await _talk([*command, "--quit-after", "EHLO"], ())
    found = read_dialogue(printed)
    assert found is not None
    assert found[0].header.pasted is PastedForm.SWAKS
    kinds = {step.kind for step in found[0].steps}
    assert {K.GREETING, K.EHLO, K.STARTTLS, K.HANDSHAKE, K.EHLO_TLS} <= kinds
