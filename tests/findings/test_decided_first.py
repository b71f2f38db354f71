"""What is told first is what kept the mail: in the summary, in the letter, in the list."""

import pytest

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options
from mxwalk.findings.concern import for_verdict
from mxwalk.findings.model import Severity
from mxwalk.findings.registry import check
from mxwalk.letters.compose import write_letters
from mxwalk.reports.summary import summary
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from tests.senders.walks import (
    EXPIRED,
    GOOD_EHLO,
    Walked,
    address_target,
    certificate,
    one_host,
)

ASTERISKS = b"220 " + b"*" * 60 + b"\r\n"
GOOD = certificate("mx.example.net", "example.com")


def masked(greeting: bytes = ASTERISKS) -> Walked:
    """A masked greeting before STARTTLS that works, and a certificate that expired."""
    walked = one_host()
    at = walked.at("mx.example.net", "192.0.2.1").connect().greeting(greeting).ehlo(GOOD_EHLO)
    at.starttls().handshake(GOOD).chain(EXPIRED).identity().ehlo_tls().quit()
    return walked


def greylisted() -> Walked:
    """An expired certificate, and a recipient that is refused for now."""
    options = Options(rcpt_to="user@example.com")
    walked = Walked(target=address_target(), options=options).resolver()
    at = walked.at("192.0.2.1", "192.0.2.1").secured(GOOD, EXPIRED)
    at.envelope(rcpt=b"450 4.7.1 greylisted\r\n").quit()
    return walked


def told(walked: Walked, sender: str) -> tuple[list[str], str]:
    delivery = walked.delivery
    verdict = profile(sender).judge(delivery)
    found = check(delivery)
    codes = [one.code for one in for_verdict(found, verdict, delivery)]
    return codes, summary(delivery, verdict, found)


def subject_and_codes(walked: Walked, sender: str) -> tuple[str, list[str]]:
    letter = write_letters(walked.delivery, sender, "en").letters[0]
    return letter.subject, [one.code for one in letter.findings]


@pytest.mark.parametrize(
    ("greeting", "fix"),
    [(ASTERISKS, "no inspect esmtp"), (b"220\r\n", "smtpd_banner = $myhostname ESMTP")],
)
def test_a_masked_greeting_that_makes_postfix_say_helo_is_told_before_the_certificate(
    greeting: bytes, fix: str
) -> None:
    walked = masked(greeting)
    assert profile("postfix:encrypt").judge(walked.delivery).outcome is Outcome.DEFERRED
    codes, words = told(walked, "postfix:encrypt")
    assert codes[0] == "RPLY025"
    assert "CERT002" in codes
    assert fix in words
    assert "certbot" not in words
    subject, about = subject_and_codes(walked, "postfix:encrypt")
    assert subject.endswith("a greeting overwritten or empty")
    assert about[0] == "RPLY025"


def test_a_masked_greeting_is_no_matter_of_a_sender_that_says_ehlo() -> None:
    codes, words = told(masked(), "esa:5")
    assert codes[0] == "CERT002"
    assert "certbot" in words
    assert "RPLY025" not in subject_and_codes(masked(), "esa:5")[1]


def test_a_masked_greeting_costs_nothing_where_there_is_no_starttls() -> None:
    walked = one_host()
    at = walked.at("mx.example.net", "192.0.2.1").connect().greeting(ASTERISKS)
    at.ehlo(b"250 mx.example.net\r\n").quit()
    found = {one.code: one for one in check(walked.delivery)}
    assert found["RPLY025"].level is Severity.WARNING
    assert found["STLS001"].level is Severity.ERROR
    assert "RPLY005" not in found


def test_the_warning_that_decided_is_told_before_the_error_of_another_step() -> None:
    walked = greylisted()
    codes, words = told(walked, "postfix:may")
    assert codes[0] == "ENV002"
    assert "The warning behind this: " in words
    assert "450 4.7.1 greylisted" in words.partition("The warning behind this: ")[2]
    assert "Besides, one error was found (CERT002)." in words
    assert subject_and_codes(walked, "postfix:may")[1] == ["ENV002", "CERT002"]


def test_an_error_at_the_step_that_decided_stays_in_front() -> None:
    codes, words = told(greylisted(), "esa:5")
    assert codes[0] == "CERT002"
    assert "One error was found: " in words


def test_of_a_delivered_mail_the_errors_come_first() -> None:
    walked = one_host()
    at = walked.at("mx.example.net", "192.0.2.1").secured(GOOD, EXPIRED)
    at.say(StepKind.QUIT, b"421 4.4.2 closing\r\n")
    codes, _ = told(walked, "esa:2")
    assert codes[0] == "CERT002"


def test_a_warning_beside_an_error_of_the_same_step_does_not_lead() -> None:
    walked = Walked(target=address_target()).resolver()
    at = walked.at("192.0.2.1", "192.0.2.1").connect().greeting()
    at.ehlo(b"421-4.7.0 busy\r\n250 STARTTLS\r\n")
    codes, words = told(walked, "postfix:may")
    assert codes[0] == "RPLY020"
    assert "ENV003" in codes
    assert "The warning behind this" not in words
    assert "begin with the same code" in words
