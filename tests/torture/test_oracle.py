"""The oracle itself: a lie put into a true result is found, whatever step the fault struck."""

from dataclasses import replace

import pytest

from mxwalk.senders.model import Outcome
from tests.torture.faults import Case
from tests.torture.judging import Judged
from tests.torture.jumping import run_jumping
from tests.torture.oracle import untrue
from tests.torture.stage import staged
from tests.torture.sweep import Bench
from tests.torture.truth import (
    code_of,
    enforces,
    goes_on_inside,
    is_reply_line,
    offers_starttls,
)
from tests.torture.walks import walk_named

HARMED = {
    "starttls": [
        "starttls/smtp1/server/3/reset",  # the greeting
        "starttls/smtp1/server/81/flip-0",  # the EHLO response
        "starttls/smtp1/server/140/set-00",  # the reply to STARTTLS
        "starttls/smtp1+inside/server/0/reset",
        "starttls/smtp1+inside/server/3/half-close",  # EHLO inside TLS
        "starttls/smtp1+inside/server/98/set-ff",
    ],
    "dane": ["dane/dns:_25._tcp.mx1.example.com:TLSA/server/100/flip-0"],
    "mta-sts": ["mta-sts/https1/server/900/stall"],
}


def _claims(names: list[str], outcome: Outcome) -> dict[str, list[str]]:
    """Return the senders of whom the oracle would believe a false outcome, by case."""

    async def run() -> dict[str, list[str]]:
        believed: dict[str, list[str]] = {}
        cases = [Case.parse(name) for name in names]
        async with staged(walk_named(cases[0].walk)) as stage:
            bench = await Bench.on(stage)
            for case in cases:
                ran = await stage.run(case)
                judged = bench.judges.judge(ran.trace)
                assert not untrue(bench.faultless, ran, judged)
                assert judged.evidence != bench.faultless.judged.evidence
                for sender, verdict in judged.verdicts.items():
                    if verdict.outcome is outcome:
                        continue
                    lie = {**judged.verdicts, sender: replace(verdict, outcome=outcome)}
                    if not untrue(bench.faultless, ran, replace(judged, verdicts=lie)):
                        believed.setdefault(str(case), []).append(sender)
        return believed

    return run_jumping(run)


@pytest.mark.parametrize("walk", HARMED)
def test_no_sender_whose_verification_was_harmed_can_be_called_verified(walk):
    assert _claims(HARMED[walk], Outcome.DELIVERED_VERIFIED) == {}


def test_no_sender_can_be_said_to_have_delivered_in_clear_where_no_session_stood():
    assert _claims(HARMED["starttls"][:1], Outcome.DELIVERED_CLEAR) == {}


def test_equal_evidence_with_another_verdict_is_found():
    async def main() -> list[str]:
        async with staged(walk_named("plain")) as stage:
            bench = await Bench.on(stage)
            ran = await stage.run(Case.parse("plain/smtp1/server/10/delay"))
            judged: Judged = bench.judges.judge(ran.trace)
            changed = replace(judged.verdicts["esa:3"], outcome=Outcome.UNKNOWN)
            told = replace(judged, verdicts={**judged.verdicts, "esa:3": changed})
            return untrue(bench.faultless, ran, told)

    assert run_jumping(main) == ["esa:3: equal evidence, unknown for deferred"]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (b"220 ready\r\n", 220), (b"250-a\r\n250 b\r\n", 250), (b"250-a\r\n251 b\r\n", 250),
        (b"250-a\r\n550 b\r\n", 0), (b"250-a\r\n", 0), (b"250 a", 0), (b"", 0), (b"220\n", 220),
        (b"2200 x\r\n", 0), (b"x20 y\r\n", 0),
    ],
)  # fmt: skip
def test_the_code_of_a_reply(reply, code):
    assert code_of(reply) == code


def test_the_keyword_starttls_counts_behind_the_greeting_only():
    assert offers_starttls(b"250-mx\r\n250-starttls\r\n250 SIZE\r\n", "esa:2")
    assert not offers_starttls(b"250-mx\r\n250-starttls\r\n250 SIZE\r\n", "exim:try-dane")
    assert not offers_starttls(b"250-mx\r\n250-STARTTLS\t\r\n250 SIZE\r\n", "postfix:may")
    assert offers_starttls(b"250-mx\r\n250-STARTTLS\t\r\n250 SIZE\r\n", "exim:try-dane")
    assert not offers_starttls(b"250-STARTTLS\r\n250 SIZE\r\n", "esa:2")
    assert not offers_starttls(b"250-mx\r\n250 STARTTLSX\r\n", "esa:2")


def test_who_goes_on_inside_tls_after_which_reply_to_ehlo():
    taken, refused = b"250-mx\r\n250 SIZE\r\n", b"550 no\r\n"
    assert {goes_on_inside(taken, one) for one in ("exim:try-dane", "postfix:may")} == {True}
    assert goes_on_inside(refused, "exim:try-dane")
    assert not goes_on_inside(refused, "postfix:may")
    assert not goes_on_inside(b"421 busy\r\n", "exim:try-dane")
    odd = b"250-mx\r\n250xSIZE\r\n250 HELP\r\n"
    assert goes_on_inside(odd, "postfix:may")
    assert not goes_on_inside(odd, "exim:try-dane")


def test_a_policy_that_is_enforced_for_a_host():
    policy = b"version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 1\n"
    assert enforces(policy, "mx1.example.com")
    assert not enforces(policy, "mx1.example.net")
    assert not enforces(policy.replace(b"enforce", b"testing"), "mx1.example.com")


def test_what_is_behind_a_code_makes_a_line_of_a_reply_or_none():
    assert all(map(is_reply_line, (b"250", b"250\r", b"250 ok\r", b"250-ok\r")))
    assert not any(map(is_reply_line, (b"250\rok\r", b"250(ok\r", b"25 ok\r", b"250\tok\r")))
