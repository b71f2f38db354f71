"""A delivery in clear to a server that offers STARTTLS: what was not tried is said with the verdict."""

import pytest

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from tests.senders.walks import NO_STARTTLS, Connection, one_host

LEAVES_OPEN = (
    "unless the server wants STARTTLS first (530, RFC 3207 4): MAIL was not tried in clear"
)
NEVER = ("esa:1", "postfix:none")
FAILS = Ending(kind=EndingKind.TLS_ALERT, detail="handshake failure")


def connection(*, envelope: bool = False) -> Connection:
    asked = Options(mail_from="a@example.net", rcpt_to="b@example.com") if envelope else Options()
    return one_host(options=asked).at("mx.example.net", "192.0.2.1")


@pytest.mark.parametrize("sender", NEVER)
def test_who_never_uses_tls_may_be_refused_where_it_is_offered(sender: str) -> None:
    verdict = profile(sender).judge(connection().greeted().quit().walked.delivery)
    assert verdict.outcome is Outcome.DELIVERED_CLEAR
    assert verdict.reason.endswith(LEAVES_OPEN)


@pytest.mark.parametrize("sender", NEVER)
def test_an_envelope_that_was_taken_inside_tls_says_nothing_of_one_in_clear(sender: str) -> None:
    done = connection(envelope=True).secured(b"").envelope().quit()
    verdict = profile(sender).judge(done.walked.delivery)
    assert verdict.outcome is Outcome.DELIVERED_CLEAR
    assert verdict.reason.endswith(LEAVES_OPEN)


@pytest.mark.parametrize("sender", [*NEVER, "postfix:may", "esa:2"])
def test_a_server_without_starttls_cannot_ask_for_it(sender: str) -> None:
    verdict = profile(sender).judge(connection().greeted(NO_STARTTLS).quit().walked.delivery)
    assert verdict.outcome is Outcome.DELIVERED_CLEAR
    assert "530" not in verdict.reason


@pytest.mark.parametrize("sender", [*NEVER, "postfix:may", "esa:2"])
def test_an_envelope_that_was_taken_in_clear_leaves_nothing_open(sender: str) -> None:
    done = connection(envelope=True).greeted().starttls(b"454 4.7.0 no\r\n").envelope().quit()
    verdict = profile(sender).judge(done.walked.delivery)
    assert verdict.outcome is Outcome.DELIVERED_CLEAR
    assert "530" not in verdict.reason


@pytest.mark.parametrize("sender", [*NEVER, "postfix:may", "esa:2"])
def test_a_530_to_mail_in_clear_is_the_verdict(sender: str) -> None:
    refused = connection(envelope=True).greeted().starttls(b"454 4.7.0 no\r\n")
    refused.envelope(b"530 5.7.0 Must issue a STARTTLS command first\r\n").quit()
    verdict = profile(sender).judge(refused.walked.delivery)
    assert verdict.outcome is Outcome.BOUNCED
    assert verdict.step == refused.walked.seq(StepKind.MAIL)


def test_who_falls_back_to_clear_text_may_be_refused_as_well() -> None:
    failed = connection().greeted().starttls().handshake(end=FAILS)
    verdict = profile("postfix:may").judge(failed.walked.delivery)
    assert verdict.outcome is Outcome.DELIVERED_CLEAR
    assert verdict.reason.endswith(LEAVES_OPEN)
