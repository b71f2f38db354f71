"""What a server answers inside TLS, and behind its answers, and what senders make of it.

Postfix 3.7 and Exim 4.96 were seen to act so: ``tests/peers`` holds them to it.
"""

import pytest

from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options
from mxwalk.evidence.wire import EndingKind
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile, profiles
from tests.dane.world import leaf, record
from tests.senders.dane_walks import CHAIN, Domain, Host
from tests.senders.walks import INSIDE, NO_STARTTLS, certificate, ending

UNKNOWN, DEFERRED = Outcome.UNKNOWN, Outcome.DEFERRED
CLEAR, ENCRYPTED = Outcome.DELIVERED_CLEAR, Outcome.DELIVERED_ENCRYPTED
GOOD = record("3 1 1", leaf())
UNUSABLE = record("1 1 1", leaf())
ENVELOPE = Options(mail_from="a@b.example", rcpt_to="user@example.com")
BLOCKED, BUSY = b"550 5.7.1 go away\r\n", b"421 4.7.0 too many connections\r\n"


def _up(*tlsa, **walked):
    domain = Domain(Host(tlsa=tlsa), **walked)
    chain = CHAIN if tlsa else (certificate("mx.example.net", "example.com"),)
    return domain, domain.connect().greeted().starttls().handshake(*chain).chain().identity()


def _inside(reply, *tlsa, end=None):
    domain, up = _up(*tlsa)
    up.add(StepKind.EHLO_TLS, Exchanged(command=b"EHLO a\r\n", reply=reply, ending=end))
    if end is None:
        up.quit()
    return domain.delivery


def _long(octets, code=b"250"):
    line = code + b"-X-" + b"Y" * 43 + b"\r\n"
    return line * (octets // (len(line) - 1)) + code + b" 8BITMIME\r\n"


def _unknown_over_tls(delivery, quoted):
    found = {one.id: one.judge(delivery) for one in profiles()}
    assert {one.outcome for one in found.values() if one.outcome.delivered} <= {CLEAR}
    for name in ("esa:2", "esa:5", "postfix:may", "postfix:secure", "exim:try-dane", "rfc7672"):
        assert found[name].outcome is UNKNOWN, name
        assert quoted in found[name].reason, name


@pytest.mark.parametrize("behind", [BLOCKED, BUSY, b"250 ok\r\n", b"\r\n", b"hello"])
def test_what_comes_behind_ehlo_inside_tls_answers_the_next_command(behind):
    domain, up = _up()
    up.add(StepKind.EHLO_TLS, Exchanged(command=b"EHLO a\r\n", reply=INSIDE, trailing=behind))
    up.quit()
    _unknown_over_tls(domain.delivery, behind.decode().strip() or "\\r\\n")


@pytest.mark.parametrize("behind", [BLOCKED, BUSY])
@pytest.mark.parametrize("kind", [StepKind.MAIL, StepKind.RCPT])
def test_what_comes_behind_an_envelope_that_is_taken_answers_the_next_command(kind, behind):
    domain, up = _up(options=ENVELOPE)
    up.ehlo_tls()
    for one in (StepKind.MAIL, StepKind.RCPT)[: 1 if kind is StepKind.MAIL else 2]:
        trailing = behind if one is kind else b""
        up.add(one, Exchanged(command=b"X\r\n", reply=b"250 ok\r\n", trailing=trailing))
    _unknown_over_tls(domain.delivery, behind.decode().strip())
    assert profile("esa:5").judge(domain.delivery).step == domain.walked.seq(kind)


def test_a_refused_envelope_is_refused_whatever_comes_behind():
    domain, up = _up(options=ENVELOPE)
    refused = Exchanged(command=b"X\r\n", reply=b"550 5.7.1 no\r\n", trailing=b"250 ok\r\n")
    up.ehlo_tls().add(StepKind.MAIL, refused)
    assert profile("esa:3").judge(domain.delivery).outcome is Outcome.BOUNCED


@pytest.mark.parametrize(("behind", "told"), [(BLOCKED, "behind the answer"), (BUSY, "throttled")])
def test_in_clear_the_words_are_those_that_came_behind(behind, told):
    domain = Domain()
    answer = Exchanged(command=b"EHLO a\r\n", reply=NO_STARTTLS, trailing=behind)
    domain.connect().connect().greeting().add(StepKind.EHLO, answer).quit()
    verdict = profile("postfix:may").judge(domain.delivery)
    assert verdict.outcome is UNKNOWN
    assert behind.decode().strip() in verdict.reason
    assert told in verdict.reason
    assert "33554432" not in verdict.reason  # of the answer itself


@pytest.mark.parametrize("code", [b"550", b"502", b"354", b"450"])
def test_where_ehlo_is_refused_inside_tls_exim_goes_on_and_others_may_say_helo(code):
    free = _inside(code + b" who are you\r\n")
    for sender in ("postfix:may", "postfix:encrypt", "postfix:dane", "postfix:secure", "esa:3"):
        assert profile(sender).judge(free).outcome is UNKNOWN, sender
    exim = profile("exim:try-dane").judge(free)
    assert exim.outcome is ENCRYPTED
    assert "goes on without extensions" in exim.reason
    dane = _inside(code + b" who are you\r\n", GOOD)
    for sender in ("exim:try-dane", "exim:require-dane"):
        assert profile(sender).judge(dane).outcome is Outcome.DELIVERED_VERIFIED, sender
    assert profile("postfix:dane").judge(dane).outcome is UNKNOWN


def test_a_helo_that_the_walk_did_not_say_is_named():
    assert "HELO" in profile("postfix:may").judge(_inside(b"550 no\r\n")).reason
    assert "throttled" in profile("postfix:may").judge(_inside(b"450 later\r\n")).reason


def test_421_to_ehlo_inside_tls_decides_nothing():
    for one in ("exim:try-dane", "postfix:may", "esa:5"):
        assert profile(one).judge(_inside(BUSY)).outcome is UNKNOWN, one


def test_to_exim_what_comes_behind_a_refusal_is_out_of_step_too():
    domain, up = _up()
    refused = Exchanged(command=b"EHLO a\r\n", reply=b"550 no\r\n", trailing=BLOCKED)
    up.add(StepKind.EHLO_TLS, refused).quit()
    assert profile("exim:try-dane").judge(domain.delivery).outcome is UNKNOWN


@pytest.mark.parametrize(
    "reply",
    [
        b"mx.test hello\r\n",
        b"250-mx.test\r\n250xSIZE\r\n250 HELP\r\n",
        b"550-no\r\n550xhere\r\n550 no\r\n",
        _long(4_200),
        _long(4_200, b"550"),
    ],
)
def test_what_is_no_reply_to_exim_inside_tls_costs_the_session(reply):
    exim, requiring = profile("exim:try-dane"), profile("exim:require-dane")
    assert exim.judge(_inside(reply)).outcome is CLEAR
    for tlsa in (GOOD, UNUSABLE):
        assert exim.judge(_inside(reply, tlsa)).outcome is DEFERRED
        kept = requiring.judge(_inside(reply, tlsa))
        assert kept.outcome is DEFERRED
        assert kept.log.startswith(
            "== defer (-37) H=mx.example.net [192.0.2.1]: TLS session: error"
        )


def test_a_reply_to_starttls_that_is_longer_than_exims_buffer_defers():
    domain = Domain()
    up = domain.connect().greeted().starttls(_long(4_200, b"220")).handshake(*CHAIN)
    up.chain().identity().ehlo_tls().quit()
    assert profile("exim:try-dane").judge(domain.delivery).outcome is DEFERRED
    assert profile("postfix:may").judge(domain.delivery).outcome is ENCRYPTED


def test_exim_may_wait_in_vain_for_the_end_of_a_reply_that_its_buffer_would_hold():
    reply = _long(4_050)
    assert len(reply) > 4096 > len(reply) - reply.count(b"\n")
    verdict = profile("exim:try-dane").judge(_inside(reply))
    assert verdict.outcome is UNKNOWN
    assert "one TLS record" in verdict.reason
    assert profile("exim:try-dane").judge(_inside(_long(3_900))).outcome is ENCRYPTED
    assert profile("postfix:may").judge(_inside(reply)).outcome is ENCRYPTED


@pytest.mark.parametrize(
    ("reply", "kind", "free"),
    [
        (b"", EndingKind.CLOSED, CLEAR),
        (b"250-mx.te", EndingKind.CLOSED, CLEAR),
        (b"250-mx.test\r\n", EndingKind.CLOSED, DEFERRED),
        (b"250-mx.test\r\n", EndingKind.HALF_CLOSED, DEFERRED),
        (b"250-mx.test\r\n", EndingKind.RESET, CLEAR),
        (b"250-mx.te", EndingKind.RESET, CLEAR),
    ],
)
def test_exim_sends_in_clear_after_a_session_lost_within_a_line_or_by_a_reset(reply, kind, free):
    exim = profile("exim:try-dane")
    assert exim.judge(_inside(reply, end=ending(kind))).outcome is free
    assert exim.judge(_inside(reply, GOOD, end=ending(kind))).outcome is DEFERRED
    assert profile("postfix:may").judge(_inside(reply, end=ending(kind))).outcome is CLEAR
