"""What the sweep has found: each case that once was wrong, and what must be told of it."""

import pytest

from mxwalk.senders.model import Outcome, Verdict
from tests.torture.faults import Case
from tests.torture.jumping import run_jumping
from tests.torture.stage import staged
from tests.torture.sweep import Bench, Result
from tests.torture.walks import walk_named


def replay(name: str) -> tuple[Result, dict[str, Verdict]]:
    """Run the case of this name; return what came of it, and the senders' verdicts."""
    case = Case.parse(name)

    async def run() -> tuple[Result, dict[str, Verdict]]:
        async with staged(walk_named(case.walk)) as stage:
            bench = await Bench.on(stage)
            result = await bench.run(case)
            judged = bench.judges.judge((await stage.run(case)).trace)
            return result, judged.verdicts

    return run_jumping(run)


@pytest.mark.parametrize("octet", ["plain/smtp1/server/97/flip-0", "plain/smtp1/server/97/flip-2"])
def test_a_reply_that_ends_with_another_code_than_it_began_with_is_no_acceptance(octet):
    result, verdicts = replay(octet)
    assert not result.wrong
    assert verdicts["esa:2"].outcome is Outcome.UNKNOWN
    assert "begins with 250 and ends with" in verdicts["esa:2"].reason


def test_a_handshake_that_broke_for_other_reasons_is_not_made_good_by_a_legacy_look():
    result, verdicts = replay("starttls/smtp1/server/700/flip-1")
    assert not result.wrong
    assert result.ends == "handshake: tls-alert"
    assert verdicts["postfix:verify"].outcome is Outcome.DEFERRED
    assert verdicts["esa:5"].outcome is Outcome.DEFERRED


def test_what_a_look_did_not_ask_is_not_waited_for_when_the_walk_is_over():
    _, verdicts = replay("starttls/smtp1/client/1000/flip-1")
    assert not [one.reason for one in verdicts.values() if "not decided yet" in one.reason]


def test_half_a_dns_message_is_no_answer():
    result, verdicts = replay("two-hosts/dns:1.2.0.192.in-addr.arpa:PTR/server/141/cut")
    assert not result.wrong
    assert verdicts["esa:5"].host == "mx02.subd.emailhosted.not"  # the first one has no PTR name


@pytest.mark.parametrize("octet", ["plain/smtp1/server/29/flip-0", "plain/smtp1/server/2/flip-0"])
def test_another_code_of_success_is_no_refusal(octet):
    result, verdicts = replay(octet)
    assert not result.wrong
    assert verdicts["postfix:may"].outcome is Outcome.UNKNOWN
    assert "senders differ in taking it" in verdicts["postfix:may"].reason


def test_a_reverse_name_does_not_rest_on_other_records_beside_it():
    result, verdicts = replay("two-hosts/dns:1.2.0.192.in-addr.arpa:PTR/server/77/set-ff")
    assert not result.wrong
    assert verdicts["esa:5"].outcome is Outcome.DELIVERED_VERIFIED


def test_the_case_of_a_name_is_none_of_its_value():
    result, verdicts = replay("dane/dns:example.com:MX/server/21/flip-5")
    assert not result.wrong
    assert verdicts["rfc7672"].outcome is Outcome.DELIVERED_VERIFIED


def test_a_code_is_told_with_all_its_digits():
    result, verdicts = replay("two-hosts/smtp2/server/121/flip-1")
    assert not result.wrong
    assert "begins with 250 and ends with 050" in verdicts["postfix:verify"].reason
