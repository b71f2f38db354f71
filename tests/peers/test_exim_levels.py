"""Verdicts for Exim against what a real Exim did; where senders disagree, both are real."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import pytest

from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from tests.peers.exim import MODES, deliver_all
from tests.peers.levels import lab
from tests.peers.walked import walked

pytestmark = pytest.mark.peers

_STATUS = {Outcome.DEFERRED: "deferred", Outcome.BOUNCED: "bounced", Outcome.UNKNOWN: "unknown"}


def test_every_message_is_sent_deferred_or_bounced_as_we_say_and_verified_alike() -> None:
    for program in ("exim4", "postfix", "nsd", "unbound", "ldns-signzone", "unshare"):
        assert shutil.which(program), f"{program} is not installed; run tests/peers/install.sh"
    with tempfile.TemporaryDirectory(prefix="mxwalk-exim-") as where, lab(Path(where)) as started:
        real = deliver_all(started)

        async def everything():
            return [(one, await walked(one.domain, started.anchor)) for one in started.situations]

        wrong = []
        for one, delivery in asyncio.run(everything()):
            row = []
            for mode in MODES:
                verdict = profile(f"exim:{mode}-dane").judge(delivery)
                status, verified = real[one.label, mode]
                dane = verdict.outcome is Outcome.DELIVERED_VERIFIED
                clear = verdict.outcome is Outcome.DELIVERED_CLEAR
                same = (
                    _STATUS.get(verdict.outcome, "sent") == status
                    and dane == (verified == "dane")
                    and (status != "sent" or clear == (not verified))
                )
                row.append(f"{status} {verified}{'' if same else ' !'}")
                if not same:
                    wrong.append(
                        (one.label, mode, status, verified, verdict.outcome, verdict.reason)
                    )
            print(f"{one.label:24} {row[0]:16} {row[1]}")
    assert wrong == []
