"""Which handshakes real senders have with hosts that are particular about TLS, and what follows.

A sending Postfix (at every level) and an Exim get one message for each situation; what became of it
is compared with our verdicts, and the ClientHellos that came are held against what we say of them.
"""

import asyncio
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.registry import profile
from tests.peers.exim import MODES, deliver_all
from tests.peers.levels import LEVELS, Sent, Situation, deliveries, lab, submit
from tests.peers.our_host import Heard
from tests.peers.tls_situations import tls_situations
from tests.peers.walked import walked

pytestmark = pytest.mark.peers

_STATUS = {Outcome.DEFERRED: "deferred", Outcome.BOUNCED: "bounced", Outcome.UNKNOWN: "unknown"}


@dataclass
class Results:
    situations: list[Situation]
    postfix: dict[tuple[str, str], Sent]
    exim: dict[tuple[str, str], tuple[str, str]]
    judged: dict[tuple[str, str], Verdict]
    heard: dict[str, list[Heard]]  # by the name given with EHLO
    in_clear: set[tuple[str, str]]  # (situation, level or mode) of messages to our hosts
    logs: dict[str, str]


@pytest.fixture(scope="module")
def results() -> Results:
    for program in ("exim4", "postfix", "nsd", "unbound", "ldns-signzone", "unshare"):
        assert shutil.which(program), f"{program} is not installed; run tests/peers/install.sh"
    chosen = tls_situations()
    with (
        tempfile.TemporaryDirectory(prefix="mxwalk-hellos-") as where,
        lab(Path(where), chosen) as started,
    ):
        ids = submit({one.label: one.domain for one in chosen})
        exim = deliver_all(started)
        assert started.sender is not None
        log = started.sender / "mail.log"
        postfix = deliveries(log, ids, _retried(chosen), 60)
        judged = asyncio.run(_judge(chosen, started.anchor))
        logs = {"postfix": log.read_text()}
        logs |= {p.parent.name: p.read_text() for p in Path(where).glob("exim-*/log-main")}
        assert started.ours is not None
        labels = {host.address: one.label for one in chosen for host in one.hosts}
        heard: dict[str, list[Heard]] = {}
        for each in started.ours.heard:
            heard.setdefault(each.client, []).append(each)
        clear = {
            (labels[one.address], one.client.partition(".")[0])
            for one in started.ours.taken
            if not one.encrypted
        }
        return Results(chosen, postfix, exim, judged, heard, clear, logs)


def _retried(chosen: list[Situation]) -> set[tuple[str, str]]:
    """Return the messages that go in clear at the next try where TLS fails."""
    free = {one.label for one in chosen if not any(host.records for host in one.hosts)}
    return {(one.label, "may") for one in chosen} | {(label, "dane") for label in free}


async def _judge(chosen: list[Situation], anchor: str) -> dict[tuple[str, str], Verdict]:
    found = {}
    for one in chosen:
        delivery = await walked(one.domain, anchor, without_sni=True)
        for level in LEVELS:
            found[one.label, level] = profile(f"postfix:{level}").judge(delivery)
        for mode in MODES:
            found[one.label, mode] = profile(f"exim:{mode}-dane").judge(delivery)
    return found


def ours(verdict: Verdict) -> str:
    return _STATUS.get(verdict.outcome, "sent")


def test_postfix_sends_or_defers_as_we_say_at_every_level(results: Results) -> None:
    wrong = []
    print(f"\n{'situation':18} " + " ".join(f"{level:>14}" for level in LEVELS))
    for one in results.situations:
        cells = []
        for level in LEVELS:
            real, verdict = results.postfix[one.label, level], results.judged[one.label, level]
            said = real.status if real.status != "sent" else real.trust or "clear"
            if (one.label, level) in results.in_clear:
                said = "clear"
            told = ours(verdict)
            if told == "sent":
                told = "clear" if verdict.outcome is Outcome.DELIVERED_CLEAR else _word(verdict)
            same = said == told
            cells.append(f"{said if same else said + '!=' + told:>14}")
            if not same or (real.status == "deferred" and f"({real.reason})" not in verdict.log):
                wrong.append(
                    (one.label, level, real, verdict.outcome.value, verdict.reason, verdict.log)
                )
        print(f"{one.label:18} " + " ".join(cells))
    for each in wrong:
        print(each)
    assert wrong == []


def _word(verdict: Verdict) -> str:
    """Return the trust word of the connection that decides."""
    found = re.search(r"(\w+) TLS connection established", verdict.log)
    return found[1] if found else ""


def test_what_came(results: Results) -> None:
    for client, heard in results.heard.items():
        for hello in {
            (
                tuple(h.hello.versions),
                h.hello.suites,
                h.hello.groups,
                h.hello.shares,
                h.hello.extensions,
            )
            for h in heard
        }:
            print(
                client,
                [hex(x) for x in hello[0]],
                len(hello[1]),
                [hex(x) for x in hello[1]],
                [hex(x) for x in hello[2]],
                [hex(x) for x in hello[3]],
                hello[4],
            )
        print(
            client,
            len(heard),
            {h.octets for h in heard},
            {(h.address, h.hello.server_name) for h in heard if h.hello.server_name},
        )
    print(results.in_clear)


def test_exim_sends_defers_or_bounces_as_we_say(results: Results) -> None:
    wrong = []
    for one in results.situations:
        row = []
        for mode in MODES:
            (status, verified), verdict = (
                results.exim[one.label, mode],
                results.judged[one.label, mode],
            )
            dane = verdict.outcome is Outcome.DELIVERED_VERIFIED
            clear = verdict.outcome is Outcome.DELIVERED_CLEAR
            same = (
                ours(verdict) == status
                and dane == (verified == "dane")
                and (status != "sent" or clear == (not verified))
            )
            row.append(f"{status} {verified}{'' if same else ' != ' + verdict.outcome.value}")
            if not same:
                log = results.logs[f"exim-{one.label}-{mode}-resolv.conf"]
                wrong.append(
                    (one.label, mode, status, verified, verdict.outcome, verdict.reason, log)
                )
        print(f"{one.label:18} {row[0]:44} {row[1]}")
    for each in wrong:
        print(*each, sep="\n  ")
    assert wrong == []
