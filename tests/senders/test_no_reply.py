"""Lines that are no reply, and codes that no RFC has: what Postfix and Exim do there, command by command.

Each is what a real one was seen to do (tests/peers/reply_situations.py).
"""

from collections.abc import Callable

import pytest

from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options
from mxwalk.evidence.wire import EndingKind
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.registry import profile
from tests.dane.world import leaf, record
from tests.senders.dane_walks import CHAIN, Domain, Host
from tests.senders.walks import GOOD_EHLO, INSIDE, Connection, ending

CLEAR, DEFERRED, BOUNCED = Outcome.DELIVERED_CLEAR, Outcome.DEFERRED, Outcome.BOUNCED
UNKNOWN = Outcome.UNKNOWN
ENVELOPE = Options(mail_from="a@b.example", rcpt_to="x@example.com")
HOST = "mx.example.net[192.0.2.1]"
WAITED = f"dsn=4.4.2, status=deferred (conversation with {HOST} timed out while "
MALFORMED = "== defer (-19) H=mx.example.net [192.0.2.1]: Malformed SMTP reply "

Course = Callable[[Connection], Connection]


def judged(sender: str, course: Course, *, options: Options | None = None, tlsa=()) -> Verdict:
    domain = Domain(Host(tlsa=tlsa), options=options or Options())
    course(domain.connect())
    return profile(sender).judge(domain.delivery)


def asked(at: Connection, kind: StepKind, command: bytes, reply: bytes) -> Connection:
    return at.add(kind, Exchanged(command=command + b"\r\n", reply=reply))


def at_starttls(reply: bytes) -> Course:
    return lambda at: asked(at.greeted(), StepKind.STARTTLS, b"STARTTLS", reply).quit()


def secured(at: Connection, inside: bytes = INSIDE) -> Connection:
    up = at.greeted().starttls().handshake(*CHAIN).chain().identity()
    return asked(up, StepKind.EHLO_TLS, b"EHLO me.example", inside)


def at_mail(reply: bytes, inside: bytes = INSIDE) -> Course:
    command = b"MAIL FROM:<a@b.example>"
    return lambda at: asked(secured(at, inside), StepKind.MAIL, command, reply).quit()


def at_rcpt(reply: bytes) -> Course:
    def course(at: Connection) -> Connection:
        mail = asked(secured(at), StepKind.MAIL, b"MAIL FROM:<a@b.example>", b"250 ok\r\n")
        return asked(mail, StepKind.RCPT, b"RCPT TO:<x@example.com>", reply).quit()

    return course


def at_helo(reply: bytes) -> Course:
    def course(at: Connection) -> Connection:
        refused = at.connect().greeting().ehlo(b"502 no\r\n")
        return asked(refused, StepKind.HELO, b"HELO me.example", reply).quit()

    return course


def at_greeting(reply: bytes) -> Course:
    return lambda at: at.connect().greeting(reply).quit()


STAGES = [
    (at_greeting, "receiving the initial server greeting", "initial connection"),
    (at_helo, "performing the HELO handshake", "HELO me.example"),
    (at_starttls, "receiving the STARTTLS response", "STARTTLS"),
    (at_mail, "sending MAIL FROM", "MAIL FROM:<a@b.example>"),
    (at_rcpt, "sending RCPT TO", "RCPT TO:<x@example.com>"),
]


@pytest.mark.parametrize(("stage", "doing", "command"), STAGES)
@pytest.mark.parametrize("tlsa", [(), (record("3 1 1", leaf()),)])
def test_a_line_that_is_no_reply_defers_at_every_command(stage, doing, command, tlsa) -> None:
    course = stage(b"go ahead\r\n")
    for sender in ("postfix:may", "postfix:encrypt", "postfix:dane"):
        verdict = judged(sender, course, options=ENVELOPE, tlsa=tlsa)
        assert (verdict.outcome, verdict.code) == (DEFERRED, "4.4.2"), sender
        assert verdict.log == f"{WAITED}{doing})"
    verdict = judged("exim:try-dane", course, options=ENVELOPE, tlsa=tlsa)
    assert verdict.outcome is DEFERRED
    assert verdict.log == f"{MALFORMED}in response to {command}: go ahead"


@pytest.mark.parametrize(("stage", "doing", "command"), STAGES)
def test_an_empty_line_and_a_code_with_nothing_behind_it_are_none_either(
    stage, doing, command
) -> None:
    for line in (b"\r\n", b"220go\r\n"):
        verdict = judged("postfix:may", stage(line), options=ENVELOPE)
        assert (verdict.outcome, verdict.log) == (DEFERRED, f"{WAITED}{doing})")
    verdict = judged("exim:try-dane", stage(b"\r\n"), options=ENVELOPE)
    assert verdict.log == f"{MALFORMED}(an empty line) in response to {command}"


def test_who_sends_no_starttls_is_not_held_up_by_the_answer_to_it() -> None:
    assert judged("postfix:none", at_starttls(b"go ahead\r\n")).outcome is CLEAR


def test_a_line_in_the_midst_of_a_reply_stops_exim_and_not_postfix() -> None:
    course = at_mail(b"250-mx\r\nhello\r\n250 ok\r\n")
    verdict = judged("exim:try-dane", course, options=ENVELOPE)
    assert verdict.outcome is DEFERRED
    assert verdict.log.endswith(r"in response to MAIL FROM:<a@b.example>: 250-mx\nhello")
    assert judged("postfix:may", course, options=ENVELOPE).outcome.delivered


def test_with_pipelining_postfix_takes_the_next_reply_which_is_not_known() -> None:
    inside = b"250-mx.test\r\n250 PIPELINING\r\n"
    for stage in (at_mail(b"go ahead\r\n", inside),):
        verdict = judged("postfix:may", stage, options=ENVELOPE)
        assert (verdict.outcome, verdict.log) == (UNKNOWN, "")
        assert "PIPELINING" in verdict.reason
        assert judged("exim:try-dane", stage, options=ENVELOPE).outcome is DEFERRED


@pytest.mark.parametrize("kind", [StepKind.GREETING, StepKind.STARTTLS])
def test_what_came_behind_such_a_line_postfix_takes_for_the_reply(kind: StepKind) -> None:
    def course(at: Connection) -> Connection:
        at = at.connect() if kind is StepKind.GREETING else at.greeted()
        return at.add(kind, Exchanged(reply=b"go ahead\r\n", trailing=b"220 go\r\n")).quit()

    assert judged("postfix:may", course).outcome is UNKNOWN
    assert judged("exim:try-dane", course).outcome is DEFERRED


@pytest.mark.parametrize("reply", [b"000 what\r\n", b"350 5.5.1 what\r\n", b"600 what\r\n"])
@pytest.mark.parametrize(
    ("stage", "before", "behind"),
    [
        (at_greeting, f"host {HOST} refused to talk to me: ", ""),
        (at_helo, f"host {HOST} refused to talk to me: ", ""),
        (at_mail, f"host {HOST} said: ", " (in reply to MAIL FROM command)"),
        (at_rcpt, f"host {HOST} said: ", " (in reply to RCPT TO command)"),
    ],
)
def test_a_code_that_neither_grants_nor_refuses_bounces_from_postfix_and_waits_in_exim(
    stage, before: str, behind: str, reply: bytes
) -> None:
    verdict = judged("postfix:may", stage(reply), options=ENVELOPE)
    said = reply.decode().rstrip()
    assert (verdict.outcome, verdict.code) == (BOUNCED, "5.5.0")
    assert verdict.log == f"dsn=5.5.0, status=bounced ({before}{said}{behind})"
    verdict = judged("exim:try-dane", stage(reply), options=ENVELOPE)
    assert verdict.outcome is DEFERRED
    number = -44 if stage is at_rcpt else 0
    assert verdict.log.startswith(f"== defer ({number}) H=mx.example.net [192.0.2.1]: SMTP error")


@pytest.mark.parametrize(
    ("reply", "outcome", "code"),
    [
        (b"454 4.7.0 no\r\n", DEFERRED, "4.7.0"),
        (b"454 5.7.0 no\r\n", DEFERRED, "4.0.0"),
        (b"502 5.5.1 what\r\n", BOUNCED, "5.5.1"),
        (b"550 4.7.1 no\r\n", BOUNCED, "5.0.0"),
        (b"550-5.7.1 no\r\n550 5.7.2 no\r\n", BOUNCED, "5.7.2"),
        (b"350 what\r\n", BOUNCED, "5.5.0"),
    ],
)
def test_starttls_refused_for_good_bounces_where_postfix_asks_for_tls(reply, outcome, code) -> None:
    for sender in ("postfix:encrypt", "postfix:verify", "postfix:secure"):
        verdict = judged(sender, at_starttls(reply))
        assert (verdict.outcome, verdict.code) == (outcome, code), sender
        said = " ".join(reply.decode().splitlines())
        assert verdict.log == (
            f"dsn={code}, status={outcome.value} (TLS is required, but host {HOST} refused to start"
            f" TLS: {said})"
        )
    assert judged("postfix:may", at_starttls(reply)).outcome is CLEAR


def test_it_bounces_at_once_whatever_other_hosts_there_are() -> None:
    domain = Domain(Host(), Host(name="mx2.example.net", address="192.0.2.2"))
    at_starttls(b"550 no\r\n")(domain.connect())
    domain.good(1)
    verdict = profile("postfix:encrypt").judge(domain.delivery)
    assert (verdict.outcome, verdict.host) == (BOUNCED, "mx.example.net")


def test_helo_follows_000_to_ehlo_as_it_follows_any_refusal() -> None:
    for sender in ("postfix:may", "exim:try-dane"):
        course = lambda at: at.connect().greeting().ehlo(b"000 what\r\n").helo().quit()  # noqa: E731
        assert judged(sender, course).outcome is CLEAR


MASKED = b"220 **************\r\n"


@pytest.mark.parametrize(
    "course",
    [
        lambda at: at.ehlo(b"", ending(EndingKind.RESET)),
        lambda at: at.ehlo(b"hello\r\n").quit(),
        lambda at: at.ehlo(b"200 what\r\n").quit(),
        lambda at: at.ehlo(b"450 later\r\n").quit(),
        lambda at: at.ehlo(b"", ending(EndingKind.TIMEOUT)),
    ],
)
def test_behind_a_masked_greeting_postfix_is_not_judged_by_an_ehlo_that_it_never_sends(
    course: Course,
) -> None:
    masked = lambda at: course(at.connect().greeting(MASKED))  # noqa: E731
    for sender in ("postfix:none", "postfix:may", "postfix:encrypt"):
        verdict = judged(sender, masked)
        assert (verdict.outcome, verdict.log) == (UNKNOWN, "")
        assert "the answer to HELO is not known" in verdict.reason


def test_an_open_ehlo_behind_a_masked_greeting_is_not_decided_yet() -> None:
    verdict = judged("postfix:may", lambda at: at.connect().greeting(MASKED))
    assert verdict.outcome is UNKNOWN
    assert verdict.reason.startswith("not decided yet")


@pytest.mark.parametrize(
    ("helo", "outcome", "log"),
    [
        (b"250 mx\r\n", CLEAR, "status=sent"),
        (
            b"550 no\r\n",
            BOUNCED,
            f"dsn=5.0.0, status=bounced (host {HOST} refused to talk to me: 550 no)",
        ),
        (b"hello\r\n", DEFERRED, f"{WAITED}performing the HELO handshake)"),
    ],
)
def test_behind_a_masked_greeting_the_answer_to_helo_counts(helo, outcome, log) -> None:
    def course(at: Connection) -> Connection:
        return at.connect().greeting(MASKED).ehlo(b"hello\r\n").helo(helo).quit()

    verdict = judged("postfix:may", course)
    assert (verdict.outcome, verdict.log) == (outcome, log)


def test_behind_a_masked_greeting_an_ehlo_that_is_taken_stands_for_helo() -> None:
    verdict = judged("postfix:may", lambda at: at.connect().greeting(MASKED).ehlo(GOOD_EHLO).quit())
    assert verdict.outcome is CLEAR
