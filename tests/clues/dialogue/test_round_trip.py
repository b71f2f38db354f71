"""A lab's connection written down in a tool's form and read back gives the same EHLO findings."""

import pytest

from mxwalk.clues.dialogue.reading import read_dialogue
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Connected, Exchanged, Handshaken
from mxwalk.evidence.step import StepKind
from mxwalk.findings.registry import check
from tests.lab.walks import walked

# Scenarios whose replies are text: no bare CR, no control characters, no flood.
SCENARIOS = (
    "ehlo-1869",
    "ehlo-good",
    "ehlo-helo-only",
    "ehlo-masked",
    "esa-hosted",
    "greet-554",
    "pkix-expired",
    "pkix-good",
    "starttls-454",
    "starttls-missing",
    "tls10-only",
    "idn",
)


def _exchanges(attempt: Attempt):
    inside = False
    for step in attempt.steps:
        if isinstance(step.evidence, Handshaken):
            inside = step.evidence.ending is None
            yield None, [], inside
        elif isinstance(step.evidence, Exchanged):
            command = step.evidence.command.decode().rstrip("\r\n")
            yield command, step.evidence.reply.decode().splitlines(), inside


def _swaks(attempt: Attempt) -> str:
    lines = [f"=== Trying {attempt.host.name}:{attempt.port}...", "=== Connected to x.example."]
    for command, reply, inside in _exchanges(attempt):
        sent, came = (" ~> ", "<~  ") if inside else (" -> ", "<-  ")
        if command is None:
            lines.append(
                "=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256"
                if inside
                else "*** TLS startup failed (connect(): error)"
            )
            continue
        lines += [f"{sent}{command}"] if command else []
        lines += [f"{came}{line}" for line in reply]
    return "\n".join(lines)


def _marked(attempt: Attempt) -> str:
    lines = []
    for command, reply, _ in _exchanges(attempt):
        lines += [f"C: {command}"] if command else []
        lines += [f"S: {line}" for line in reply]
    return "\n".join(lines)


def _telnet(attempt: Attempt) -> str:
    lines = [
        f"Trying {attempt.address}...",
        f"Connected to {attempt.host.name}.",
        "Escape character is '^]'.",
    ]
    for command, reply, inside in _exchanges(attempt):
        if inside or command is None:
            break
        lines += [command] if command else []
        lines += reply
    return "\n".join(lines)


def _ehlo_codes(delivery: Delivery, attempt: Attempt, kinds: set[StepKind]) -> list[str]:
    steps = {step.seq for step in attempt.steps if step.kind in kinds}
    return sorted(
        finding.code
        for finding in check(delivery)
        if finding.step in steps and finding.code.startswith("EHLO")
    )


FORMS = {"swaks": _swaks, "marked": _marked, "telnet": _telnet}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SCENARIOS)
async def test_what_was_written_down_is_read_back(name, form):
    delivery = await walked(name)
    for attempt in delivery.attempts:
        connected = attempt.connected
        assert isinstance(connected, Connected)
        if connected.ending is not None or attempt.exchange(StepKind.GREETING) is None:
            continue
        found = read_dialogue(FORMS[form](attempt))
        assert found is not None
        again = build_delivery(found[0])
        [read] = again.attempts
        kinds = {StepKind.EHLO} if form == "telnet" else {StepKind.EHLO, StepKind.EHLO_TLS}
        for kind in (StepKind.GREETING, *sorted(kinds, key=lambda one: one.value)):
            there, here = attempt.reply(kind), read.reply(kind)
            assert (here.raw if here else b"") == (there.raw if there else b""), kind
        assert _ehlo_codes(again, read, kinds) == _ehlo_codes(delivery, attempt, kinds)
