"""In which forms senders see STARTTLS: what a real smtp(8) and a real Exim made of each line.

Shown to the real ones by ``tests/peers/test_sender_hellos.py``.
"""

import pytest

from mxwalk.senders.model import Outcome
from mxwalk.senders.offer import by_exim, by_grammar, by_postfix
from mxwalk.senders.registry import profile
from mxwalk.smtp.ehlo import read_ehlo
from tests.senders.dane_walks import CHAIN, Domain

CLEAR, ENCRYPTED = Outcome.DELIVERED_CLEAR, Outcome.DELIVERED_ENCRYPTED
DEFERRED = Outcome.DEFERRED


@pytest.mark.parametrize(
    ("lines", "grammar", "postfix", "exim"),
    [
        (b"250-mx.test\r\n250-STARTTLS\r\n", True, True, True),
        (b"250-mx.test\r\n250-STARTTLS\t\r\n", False, False, True),
        (b"250-mx.test\r\n250-STARTTLS \r\n", True, True, True),
        (b"250-mx.test\r\n250-STARTTLS now\r\n", True, True, True),
        (b"250-mx.test\r\n250-  STARTTLS\r\n", False, True, False),
        (b"250-mx.test\r\n250-\tSTARTTLS\r\n", False, False, False),
        (b"250-mx.test\r\n250-starttls\r\n", True, True, False),
        (b"250-mx.test\r\n250-STARTTLS=1\r\n", False, True, False),
        (b"250-mx.test\r\n250-STARTTLS,\r\n", False, False, False),
        (b"250-mx.test\r\n250STARTTLS\r\n", False, False, False),
        (b"250-STARTTLS\r\n250-mx.test\r\n", False, False, False),
        (b"250-\r\n250-STARTTLS\r\n", True, False, True),
        (b"250-=\r\n250-STARTTLS\r\n", True, False, True),
        (b"250-mx.test\r\n250--STARTTLS\r\n", False, False, False),
        (b"250-mx.test\r\n251-STARTTLS\r\n", False, True, False),
        (b"250-mx.test\r\n550-STARTTLS\r\n", False, True, False),
        (b"250-mx.test\r\n250x-STARTTLS\r\n", False, True, False),
        (b"250-mx.test\r\nhello STARTTLS\r\n", False, True, False),
        (b"250-mx.test\r\nhello-STARTTLS\r\n", False, True, False),
        (b"250-mx.test\r\nSTARTTLS\r\n", False, False, False),
    ],
)
def test_who_sees_the_keyword(lines: bytes, grammar: bool, postfix: bool, exim: bool) -> None:
    ehlo = read_ehlo(lines + b"250 8BITMIME\r\n")
    assert (by_grammar(ehlo), by_postfix(ehlo), by_exim(ehlo)) == (grammar, postfix, exim)


@pytest.mark.parametrize(
    ("line", "esa", "postfix", "exim"),
    [
        (b"250-STARTTLS\t", CLEAR, CLEAR, ENCRYPTED),
        (b"250-starttls", ENCRYPTED, ENCRYPTED, CLEAR),
        (b"250-  STARTTLS", CLEAR, ENCRYPTED, CLEAR),
    ],
)
def test_who_sends_in_clear(line: bytes, esa: Outcome, postfix: Outcome, exim: Outcome) -> None:
    domain = Domain()
    up = domain.connect().greeted(b"250-mx.example.net\r\n" + line + b"\r\n250 8BITMIME\r\n")
    up.starttls().handshake(*CHAIN).chain().identity().ehlo_tls().quit()
    found = {
        sender: profile(sender).judge(domain.delivery)
        for sender in ("esa:2", "postfix:may", "exim:try-dane")
    }
    outcomes = [one.outcome for one in found.values()]
    assert outcomes == [esa, postfix, exim], found
    seen = {sender: "STARTTLS in line 2" in one.reason for sender, one in found.items()}
    assert seen == {sender: one.outcome is CLEAR for sender, one in found.items()}


@pytest.mark.parametrize("line", [b"hello STARTTLS", b"250x-STARTTLS"])
def test_what_an_offer_that_the_walk_does_not_take_leads_to_is_not_known(line: bytes) -> None:
    domain = Domain()
    domain.connect().greeted(b"250-mx.example.net\r\n" + line + b"\r\n250 8BITMIME\r\n").quit()
    for level in ("may", "encrypt"):
        assert profile(f"postfix:{level}").judge(domain.delivery).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "reply",
    [
        b"250-mx.test\r\n250STARTTLS\r\n250 8BITMIME\r\n",
        b"250-mx.test\r\nhello\r\n250 8BITMIME\r\n",
    ],
)
def test_a_line_that_is_no_reply_defers_at_exim(reply: bytes) -> None:
    domain = Domain()
    domain.connect().greeted(reply).quit()
    verdict = profile("exim:try-dane").judge(domain.delivery)
    assert verdict.outcome is Outcome.DEFERRED
    assert "no reply to Exim" in verdict.reason


@pytest.mark.parametrize("greeting", [b"220mx.test ESMTP\r\n", b"220\tmx.test ESMTP\r\n"])
def test_a_greeting_that_is_none_defers_at_postfix_and_exim(greeting: bytes) -> None:
    domain = Domain()
    up = domain.connect().connect().greeting(greeting).ehlo()
    up.starttls().handshake(*CHAIN).chain().identity().ehlo_tls().quit()
    postfix = profile("postfix:may").judge(domain.delivery)
    assert postfix.outcome is Outcome.DEFERRED
    assert "timed out while receiving the initial server greeting" in postfix.log
    assert profile("exim:try-dane").judge(domain.delivery).outcome is Outcome.DEFERRED
    assert profile("esa:2").judge(domain.delivery).outcome is ENCRYPTED


@pytest.mark.parametrize("greeting", [b"220\r\n", b"220 \r\n", b"220 ****************\r\n"])
def test_a_greeting_without_words_is_a_firewall_to_postfix_which_says_helo(greeting: bytes) -> None:
    domain = Domain()
    up = (
        domain.connect()
        .connect()
        .greeting(greeting)
        .ehlo(b"250-mx.example.net\r\n250 STARTTLS\r\n")
    )
    up.starttls().handshake(*CHAIN).chain().identity().ehlo_tls().quit()
    found = {
        sender: profile(sender).judge(domain.delivery)
        for sender in ("postfix:may", "postfix:encrypt", "exim:try-dane", "esa:2")
    }
    assert [one.outcome for one in found.values()] == [CLEAR, DEFERRED, ENCRYPTED, ENCRYPTED], found
    assert "smtp_pix_workarounds" in found["postfix:may"].reason
    assert "status=deferred (TLS is required, but was not" in found["postfix:encrypt"].log


@pytest.mark.parametrize(
    ("lines", "postfix", "exim"),
    [
        (38, ENCRYPTED, ENCRYPTED),
        (41, CLEAR, ENCRYPTED),
        (78, CLEAR, ENCRYPTED),
        (82, CLEAR, DEFERRED),
    ],
)
def test_of_a_long_reply_postfix_keeps_the_beginning_and_exim_takes_no_more_than_its_buffer(
    lines: int, postfix: Outcome, exim: Outcome
) -> None:
    domain = Domain()
    long = b"250-X-" + b"Y" * 43 + b"\r\n"
    up = domain.connect().greeted(
        b"250-mx.test\r\n" + long * lines + b"250-STARTTLS\r\n250 8BITMIME\r\n"
    )
    up.starttls().handshake(*CHAIN).chain().identity().ehlo_tls().quit()
    assert profile("postfix:may").judge(domain.delivery).outcome is postfix
    assert profile("exim:try-dane").judge(domain.delivery).outcome is exim
    assert profile("rfc7672").judge(domain.delivery).outcome is ENCRYPTED
