"""Verdicts for Postfix's levels and for Exim against what a real smtp(8) and a real Exim did.

Every situation of the lab is a mail domain; the sending Postfix gets one message for each domain and
level, Exim one for each mode.  Sent or deferred, the reason, and the trust word of the log are compared
with our verdict.  The tables of the comparison are printed (pytest -s).
"""

import asyncio
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mxwalk.delivery.model import Delivery
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.registry import profile
from tests.peers.exim import MODES, deliver_all
from tests.peers.level_zones import DISTRUSTING
from tests.peers.levels import Lab, lab
from tests.peers.sending import LEVELS, Sent, deliveries, in_namespace, submit
from tests.peers.situations import situations
from tests.peers.walked import all_walked

pytestmark = pytest.mark.peers
NEEDS = ("postfix", "posttls-finger", "exim4", "nsd", "unbound", "ldns-signzone", "unshare")
PATIENCE_S = 300
LABELS = [one.label for one in situations()]
# At "may" Postfix first defers a failed handshake and sends in clear at the next try.
RETRIED = {
    ("broken-handshake", "may"),
    ("broken-handshake", "dane"),
    ("broken-handshake-tlsa", "may"),
}


@pytest.fixture(scope="module")
def servers():
    with tempfile.TemporaryDirectory(prefix="mxwalk-levels-") as where, lab(Path(where)) as started:
        yield started


@pytest.fixture(scope="module")
def sent(servers: Lab) -> dict[tuple[str, str], Sent]:
    ids = submit({one.label: one.domain for one in servers.situations})
    assert servers.sender is not None
    return deliveries(servers.sender / "mail.log", ids, RETRIED, PATIENCE_S)


@pytest.fixture(scope="module")
def walks(servers: Lab, sent) -> dict[str, Delivery]:
    targets = {one.label: one.domain for one in servers.situations}
    return asyncio.run(all_walked(targets, servers.anchor))


@pytest.fixture(scope="module")
def judged(walks) -> dict[tuple[str, str], Verdict]:
    return {
        (label, level): profile(f"postfix:{level}").judge(delivery)
        for label, delivery in walks.items()
        for level in LEVELS
    }


def ours(verdict: Verdict) -> str:
    match verdict.outcome:
        case Outcome.DEFERRED:
            return "deferred"
        case Outcome.BOUNCED:
            return "bounced"
        case Outcome.UNKNOWN:
            return "unknown"
        case _:
            return "sent"


def test_every_message_was_judged_and_sent_or_deferred_as_we_say(sent, judged) -> None:
    wrong = []
    print(f"\n{'situation':24} " + " ".join(f"{level:>10}" for level in LEVELS))
    for label in LABELS:
        cells = []
        for level in LEVELS:
            real, verdict = sent[label, level], judged[label, level]
            same = real.status == ours(verdict)
            cells.append(f"{real.status if same else real.status + '!':>10}")
            if not same:
                wrong.append((label, level, real, verdict.outcome.value, verdict.reason))
        print(f"{label:24} " + " ".join(cells))
    print(f"{len(sent)} deliveries by smtp(8), {len(wrong)} judged otherwise")
    assert len(LABELS) >= 25
    assert wrong == []


def test_the_reason_of_every_deferral_is_the_one_we_give(sent, judged) -> None:
    wrong = [
        (key, real.reason, judged[key].log)
        for key, real in sent.items()
        if real.status == "deferred" and f"({real.reason})" not in judged[key].log
    ]
    assert wrong == []


def _last_word(verdict: Verdict) -> str:
    """Return the trust word of the last connection that came to TLS."""
    lines = [one.log for one in verdict.attempts if " TLS connection established" in one.log]
    return lines[-1].split()[0] if lines else ""


def test_the_trust_word_of_the_log_is_the_one_we_give(sent, judged) -> None:
    wrong = [
        (key, real.trust, judged[key].log)
        for key, real in sent.items()
        if real.trust and real.trust != _last_word(judged[key])
    ]
    assert wrong == []


def _finger(servers: Lab, domain: str) -> str:
    """Return the trust word of posttls-finger at the level dane; empty without TLS."""
    said = in_namespace(
        servers.directory,
        f"MAIL_CONFIG={servers.directory}/sender/conf timeout 40 posttls-finger -c -t 5 -T 5 -l dane"
        f" -F {servers.directory}/root.pem {domain}",
    )
    found = re.search(r"(\w+) TLS connection established", said)
    return found[1] if found else ""


def test_posttls_finger_differs_from_smtp_only_where_dane_degrades(servers, sent, judged) -> None:
    """A test program, no referee: without records of a known usage its ``dane`` means ``secure``."""
    single = [one for one in servers.situations if len(one.hosts) == 1]  # it stops at the first
    with ThreadPoolExecutor(8) as pool:
        words = list(pool.map(lambda one: _finger(servers, one.domain), single))
    unexplained, differing = [], []
    for one, word in zip(single, words, strict=True):
        real, known = sent[one.label, "dane"], judged[one.label, "dane"]
        if word != real.trust:
            differing.append(one.label)
            print(f"{one.label:24} smtp(8) {real.status} {real.trust}; posttls-finger {word}")
        usable = any(record.startswith(("2", "3")) for host in one.hosts for record in host.records)
        degraded = "degrades" in known.reason and not (usable and one.zone == "test")
        level = "secure" if degraded or one.label == "insecure-host" else "dane"
        if word and word != sent[one.label, level].trust:
            unexplained.append((one.label, word, sent[one.label, level].trust))
    assert unexplained == []
    assert {"no-tlsa-other-name", "pkix-usage"} <= set(differing)


_WITHOUT_DANE = (
    "ee-spki", "ee-mismatch", "pkix-usage", "no-tlsa", "no-starttls-tlsa", "tlsa-bogus",
    "tlsa-servfail", "insecure-zone",
)  # fmt: skip
_STATUS = {Outcome.DEFERRED: "deferred", Outcome.BOUNCED: "bounced", Outcome.UNKNOWN: "unknown"}


def test_exim_sends_defers_or_bounces_every_message_as_we_say_and_verifies_alike(servers, walks):
    real = deliver_all(servers)
    wrong = []
    for one in servers.situations:
        row = []
        for mode in MODES:
            verdict = profile(f"exim:{mode}-dane").judge(walks[one.label])
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
                wrong.append((one.label, mode, status, verified, verdict.outcome, verdict.reason))
        print(f"{one.label:24} {row[0]:16} {row[1]}")
    assert wrong == []


def test_without_trust_ad_exim_delivers_without_dane_and_bounces_what_requires_it(servers):
    chosen = [one for one in servers.situations if one.label in (*_WITHOUT_DANE, "mx-bogus")]
    real = deliver_all(servers, chosen, resolv_conf=DISTRUSTING)
    for label in _WITHOUT_DANE:
        in_clear = label == "no-starttls-tlsa"
        assert real[label, "try"] == ("sent", "" if in_clear else "yes"), label
        assert real[label, "require"] == ("bounced", ""), label
        log = servers.directory / f"exim-{label}-require-{DISTRUSTING}/log-main"
        assert "lookup not DNSSEC" in log.read_text()
    # A bogus MX answer is SERVFAIL to everyone.
    assert {real["mx-bogus", mode] for mode in MODES} == {("deferred", "")}
