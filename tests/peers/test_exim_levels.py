"""Verdicts for Exim against what a real Exim did; where senders disagree, both are real."""

import asyncio
import tempfile
from pathlib import Path

import pytest

from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from tests.peers.exim import MODES, deliver_all
from tests.peers.levels import DISTRUSTING, lab
from tests.peers.walked import all_walked

pytestmark = pytest.mark.peers
NEEDS = ("exim4", "postfix", "nsd", "unbound", "ldns-signzone", "unshare")

_WITHOUT_DANE = (
    "ee-spki", "ee-mismatch", "pkix-usage", "no-tlsa", "no-starttls-tlsa", "tlsa-bogus",
    "tlsa-servfail", "insecure-zone",
)  # fmt: skip
_STATUS = {Outcome.DEFERRED: "deferred", Outcome.BOUNCED: "bounced", Outcome.UNKNOWN: "unknown"}


def test_every_message_is_sent_deferred_or_bounced_as_we_say_and_verified_alike() -> None:
    with tempfile.TemporaryDirectory(prefix="mxwalk-exim-") as where, lab(Path(where)) as started:
        real = deliver_all(started)

        targets = {one.label: one.domain for one in started.situations}
        walks = asyncio.run(all_walked(targets, started.anchor))
        wrong = []
        for one in started.situations:
            delivery = walks[one.label]
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


def test_without_trust_ad_trying_delivers_without_dane_and_requiring_bounces_everything() -> None:
    with tempfile.TemporaryDirectory(prefix="mxwalk-exim-") as where, lab(Path(where)) as started:
        chosen = [one for one in started.situations if one.label in (*_WITHOUT_DANE, "mx-bogus")]
        real = deliver_all(started, chosen, resolv_conf=DISTRUSTING)
        logs = {path.parent.name: path.read_text() for path in Path(where).glob("exim-*/log-main")}
    for label in _WITHOUT_DANE:
        in_clear = label == "no-starttls-tlsa"
        assert real[label, "try"] == ("sent", "" if in_clear else "yes"), label
        assert real[label, "require"] == ("bounced", ""), label
        assert "lookup not DNSSEC" in logs[f"exim-{label}-require-{DISTRUSTING}"]
    # A bogus MX answer is SERVFAIL to everyone.
    assert {real["mx-bogus", mode] for mode in MODES} == {("deferred", "")}
