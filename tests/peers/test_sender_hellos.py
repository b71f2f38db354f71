"""Which handshakes real senders have with hosts that are particular about TLS, and what follows.

Also in which forms of an EHLO response they see STARTTLS, and what they do where EHLO is refused or a
command is answered by what is no reply.
A sending Postfix (at every level) and an Exim get one message for each situation; what became of it
is compared with our verdicts, and the ClientHellos that came are held against what we say of them.
"""

import asyncio
import re
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from mxwalk.lab.host import to_octets
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.registry import profile
from mxwalk.tls.groups import group_name, is_post_quantum
from tests.peers.ehlo_situations import ehlo_situations
from tests.peers.exim import MODES, deliver_all
from tests.peers.inside_situations import inside_situations, untold_situations
from tests.peers.levels import lab
from tests.peers.our_host import Heard
from tests.peers.reply_situations import asks_envelope, reply_situations, untold_replies
from tests.peers.sending import LEVELS, Sent, deliveries, submit
from tests.peers.situations import OURS, Host, Situation
from tests.peers.tls_situations import LIST_SERVER, tls_situations
from tests.peers.walked import all_walked

pytestmark = pytest.mark.peers
NEEDS = ("exim4", "postfix", "nsd", "unbound", "ldns-signzone", "unshare")

_PATIENCE_S = 300
_EXIM_TAKES = 4_096  # octets of a reply; a longer one is malformed to it
_UNTOLD = frozenset(one.label for one in untold_situations())
_UNTOLD_TO_POSTFIX = frozenset(one.label for one in untold_replies())
_STATUS = {Outcome.DEFERRED: "deferred", Outcome.BOUNCED: "bounced", Outcome.UNKNOWN: "unknown"}
_TLS_1_0_TO_1_3 = {0x0301, 0x0302, 0x0303, 0x0304}
_ECDH_ANON = 0xC018  # RFC 8422 6: TLS_ECDH_anon_WITH_AES_128_CBC_SHA
_STATUS_REQUEST = 5  # RFC 6066 8
_CURVES = {"x25519", "x448", "secp256r1", "secp384r1", "secp521r1"}
_PRIMES = {f"ffdhe{bits}" for bits in (2048, 3072, 4096, 6144, 8192)}


@dataclass
class Results:
    situations: list[Situation]
    postfix: dict[tuple[str, str], Sent]
    exim: dict[tuple[str, str], tuple[str, str]]
    judged: dict[tuple[str, str], Verdict]
    heard: dict[str, list[Heard]]  # by the level or mode
    in_clear: set[tuple[str, str]]  # (situation, level or mode) of messages to our hosts
    lists_fetched: int


@pytest.fixture(scope="module")
def results() -> Results:
    chosen = [*tls_situations(), *ehlo_situations(), *reply_situations()]
    chosen += [*inside_situations(), *untold_situations(), *untold_replies()]
    with (
        tempfile.TemporaryDirectory(prefix="mxwalk-hellos-") as where,
        _list_server() as lists,
        lab(Path(where), chosen) as started,
    ):
        ids = submit({one.label: one.domain for one in chosen})
        exim = deliver_all(started)
        assert started.sender is not None
        postfix = deliveries(started.sender / "mail.log", ids, _retried(chosen), _PATIENCE_S)
        assert started.ours is not None
        labels = {host.address: one.label for one in chosen for host in one.hosts}
        heard: dict[str, list[Heard]] = {}
        for each in list(started.ours.heard):
            heard.setdefault(each.client.partition(".")[0], []).append(each)
        clear = {
            (labels[one.address], one.client.partition(".")[0])
            for one in list(started.ours.taken)
            if not one.encrypted
        }
        fetched = _connections(lists)
        judged = asyncio.run(_judge(chosen, started.anchor))
        return Results(chosen, postfix, exim, judged, heard, clear, fetched)


@contextmanager
def _list_server() -> Iterator[socket.socket]:
    """Stand where the revocation lists are said to be, to see whether somebody comes."""
    with socket.create_server(LIST_SERVER) as listener:
        listener.setblocking(False)
        yield listener


def _connections(listener: socket.socket) -> int:
    count = 0
    while True:
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def _retried(chosen: list[Situation]) -> set[tuple[str, str]]:
    """Return the messages that go in clear at the next try where TLS fails."""
    free = {one.label for one in chosen if not any(host.records for host in one.hosts)}
    return {(one.label, "may") for one in chosen} | {(label, "dane") for label in free}


async def _judge(chosen: list[Situation], anchor: str) -> dict[tuple[str, str], Verdict]:
    found = {}
    targets = {one.label: one.domain for one in chosen if not asks_envelope(one)}
    walks = await all_walked(targets, anchor, without_sni=True)
    enveloped = {one.label: one.domain for one in chosen if asks_envelope(one)}
    walks |= await all_walked(enveloped, anchor, without_sni=True, envelope=True)
    for one in chosen:
        delivery = walks[one.label]
        for level in LEVELS:
            found[one.label, level] = profile(f"postfix:{level}").judge(delivery)
        for mode in MODES:
            found[one.label, mode] = profile(f"exim:{mode}-dane").judge(delivery)
    return found


def _ours(verdict: Verdict, word: str) -> str:
    """Return what we say became of a message: in clear, the word for its TLS, or its status."""
    if verdict.outcome is Outcome.DELIVERED_CLEAR:
        return "clear"
    found = re.search(word, verdict.log)
    return _STATUS.get(verdict.outcome) or (found[1] if found else "")


def test_postfix_sends_or_defers_as_we_say_at_every_level(results: Results) -> None:
    wrong = []
    print(f"\n{'situation':18} " + " ".join(f"{level:>10}" for level in LEVELS))
    for one in results.situations:
        cells = []
        for level in LEVELS:
            real, verdict = results.postfix[one.label, level], results.judged[one.label, level]
            said = real.trust or "clear" if real.status == "sent" else real.status
            in_clear = real.status == "sent" and (one.label, level) in results.in_clear
            said = "clear" if in_clear else said
            told = _ours(verdict, r"(\w+) TLS connection established")
            if one.label.startswith("anonymous") and said == "Anonymous":
                said = "Trusted"  # the walk offers no anonymous cipher, and cannot know
            same = said == told and (real.status == "sent" or f"({real.reason})" in verdict.log)
            untold = one.label in _UNTOLD | _UNTOLD_TO_POSTFIX
            same = same or (told == "unknown" and untold)
            cells.append(f"{said if same else said + '!':>10}")
            if not same:
                wrong.append((one.label, level, real, told, verdict.reason, verdict.log))
        print(f"{one.label:18} " + " ".join(cells))
    assert wrong == [], "\n".join(map(str, wrong))


def test_what_postfix_takes_for_the_reply_to_another_command_is_said_to_be_unknown(
    results: Results,
) -> None:
    for verb in ("mail", "rcpt"):
        label = f"{verb}-no-reply-together"
        assert results.judged[label, "may"].outcome is Outcome.UNKNOWN
        assert results.postfix[label, "may"].status == "bounced"
    assert results.judged["masked-ehlo-no-reply", "may"].outcome is Outcome.UNKNOWN
    assert results.postfix["masked-ehlo-no-reply", "may"].status == "sent"


def test_exim_sends_defers_or_bounces_as_we_say(results: Results) -> None:
    wrong = []
    print()
    for one in results.situations:
        cells = []
        for mode in MODES:
            status, verified = results.exim[one.label, mode]
            verdict = results.judged[one.label, mode]
            said = verified or "clear" if status == "sent" else status
            told = _ours(verdict, r"CV=(\w+)")
            same = said == told or (told == "unknown" and one.label in _UNTOLD)
            cells.append(f"{said if same else said + '!':>10}")
            if not same:
                wrong.append((one.label, mode, said, told, verdict.reason, verdict.log))
        print(f"{one.label:18} " + " ".join(cells))
    assert wrong == [], "\n".join(map(str, wrong))


def test_what_a_walk_cannot_know_is_said_to_be_unknown_and_differs_with_real_ones(
    results: Results,
) -> None:
    for label in _UNTOLD - {"inside-of-4000"}:
        for level in ("may", "encrypt", "verify", "secure"):
            assert results.judged[label, level].outcome is Outcome.UNKNOWN, (label, level)
            became = "bounced" if "blocked" in label or "both" in label else "deferred"
            became = "sent" if "refused" in label else became
            assert results.postfix[label, level].status == became, (label, level)


def test_exim_goes_on_where_ehlo_is_refused_inside_tls_and_waits_for_the_end_of_a_long_record(
    results: Results,
) -> None:
    refused = [label for label in _UNTOLD if "refused" in label or "both" in label]
    assert {results.judged[label, "try"].outcome.delivered for label in refused} == {True}
    assert results.judged["inside-refused-malformed", "try"].outcome is Outcome.DELIVERED_CLEAR
    assert results.judged["inside-of-4000", "try"].outcome is Outcome.UNKNOWN
    assert ("inside-of-4000", "try") in results.in_clear
    for label in _UNTOLD - {*refused, "inside-of-4000"}:
        assert results.judged[label, "try"].outcome is Outcome.UNKNOWN, label


def test_nobody_comes_for_a_revocation_list(results: Results) -> None:
    assert results.lists_fetched == 0


def _postfix(results: Results) -> list[tuple[str, Heard]]:
    return [(level, one) for level in LEVELS for one in results.heard.get(level, ())]


def _exim(results: Results) -> list[tuple[str, Heard]]:
    return [(mode, one) for mode in MODES for one in results.heard[mode]]


def _groups(heard: Heard) -> set[str]:
    return {group_name(code) for code in heard.hello.groups}


def test_postfix_offers_tls_1_0_and_the_curves_without_primes_or_hybrids(results: Results) -> None:
    assert {level for level, _ in _postfix(results)} == set(LEVELS) - {"none"}
    for level, one in _postfix(results):
        assert set(one.hello.versions) == _TLS_1_0_TO_1_3, level
        assert _groups(one) == _CURVES, level
        assert one.octets <= 512, level
        assert _STATUS_REQUEST not in one.hello.extensions, level
    anonymous = {level for level, one in _postfix(results) if _ECDH_ANON in one.hello.suites}
    assert anonymous == {"may", "encrypt", "dane"}  # dane: where there are no TLSA records


def test_exim_offers_tls_1_0_the_curves_and_primes_by_name_without_hybrids(
    results: Results,
) -> None:
    for mode, one in _exim(results):
        assert set(one.hello.versions) == _TLS_1_0_TO_1_3, mode
        assert _groups(one) == _CURVES | _PRIMES, mode
        assert one.octets < 600, mode
        assert _STATUS_REQUEST in one.hello.extensions, mode
        assert not any(is_post_quantum(name) for name in _groups(one)), mode


def _named(situations: list[Situation], *, usable: bool, insecure_mx: bool) -> dict[str, str]:
    """Return the names to be expected in server_name, by address."""
    found = {}
    for one in situations:
        for host in one.hosts:
            asked = any(record[0] in "23" for record in host.records) if usable else host.records
            secure = one.zone == "test" or (insecure_mx and not host.name.endswith("plain.test"))
            refused = not _answer_to_starttls(host).startswith(b"220")
            if host.kind == OURS and asked and secure and not refused:
                found[host.address] = _base_domain(host)
    return found


def _answer_to_starttls(host: Host) -> bytes:
    return to_octets(dict(host.replies).get("STARTTLS", "220"))


def _base_domain(host: Host) -> str:
    return host.alias if host.alias and not host.at_alias else host.name


def _sent_names(heard: list[Heard]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for one in heard:
        names.setdefault(one.address, set()).add(one.hello.server_name)
    return {address: found for address, found in names.items() if found != {""}}


def test_postfix_names_the_tlsa_base_domain_where_dane_applies_and_nothing_else(
    results: Results,
) -> None:
    for level in LEVELS:
        names = _sent_names(results.heard.get(level, []))
        expected: dict[str, str] = {}
        if level.startswith("dane"):
            expected = _named(results.situations, usable=True, insecure_mx=level == "dane")
        assert names == {address: {name} for address, name in expected.items()}, level


def test_exim_names_the_tlsa_base_domain_even_of_unusable_records(results: Results) -> None:
    expected = _named(results.situations, usable=False, insecure_mx=False)
    hosts = [host for one in results.situations for host in one.hosts]
    at_alias = {host.address for host in hosts if host.at_alias}
    too_long = {host.address for host in hosts if len(_answer_to_starttls(host)) > _EXIM_TAKES}
    unnamed = at_alias | too_long
    wanted = {one: {name} for one, name in expected.items() if one not in unnamed}
    # Trying, it comes once more in clear after a failed handshake: no ClientHello then.
    assert _sent_names(results.heard["try"]) == wanted
    assert _sent_names(results.heard["require"]) == wanted
