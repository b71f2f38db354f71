"""The table of the six settings against every kind of evidence, one row a situation.

Rows cite the ESA's document: no TLS before the 220, TLS failing after it, up but not verified,
up and verified; then what happens before TLS and with an envelope.
"""

from collections.abc import Callable

import pytest

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options
from mxwalk.evidence.wire import EndingKind
from mxwalk.senders.esa import PROFILES
from mxwalk.senders.registry import profile
from tests.senders.walks import (
    EHLO_1869,
    EXPIRED,
    GOOD_EHLO,
    NO_STARTTLS,
    Connection,
    Walked,
    certificate,
    ending,
    one_host,
)

V, E, C, D, B, U = (
    "delivered-verified",
    "delivered-encrypted",
    "delivered-clear",
    "deferred",
    "bounced",
    "unknown",
)
GOOD = certificate("example.com", "mx.example.net")
DOMAIN_ONLY = certificate("example.com")
MX_ONLY = certificate("mx.example.net")
PTR_CN = certificate(cn="ptr.example.net")
PTR_CN_AND_SAN = certificate("other.test", cn="ptr.example.net")
WRONG = certificate("other.test", cn="other.test")

Situation = Callable[[Connection], Connection]
ENVELOPE = Options(mail_from="a@example.org", rcpt_to="user@example.com")

CASES: list[tuple[str, Situation, str, Options]] = [
    # TLS up, verified or not.
    ("both flows verify", lambda c: c.secured(GOOD).quit(), (C, E, E, V, V, V), Options()),
    ("only the domain", lambda c: c.secured(DOMAIN_ONLY).quit(), (C, E, E, V, V, V), Options()),
    ("MX host in the SAN", lambda c: c.secured(MX_ONLY).quit(), (C, E, E, E, D, V), Options()),
    (
        "CN is the confirmed PTR name",
        lambda c: c.ptr("ptr.example.net").secured(PTR_CN).quit(),
        (C, E, E, V, V, D),
        Options(),
    ),
    (
        "CN is the PTR name beside a SAN",
        lambda c: c.ptr("ptr.example.net").secured(PTR_CN_AND_SAN).quit(),
        (C, E, E, V, V, D),
        Options(),
    ),
    (
        "PTR is not forward-confirmed",
        lambda c: c.ptr("ptr.example.net", confirmed=False).secured(PTR_CN).quit(),
        (C, E, E, E, D, D),
        Options(),
    ),
    ("wrong name", lambda c: c.secured(WRONG).quit(), (C, E, E, E, D, D), Options()),
    ("expired", lambda c: c.secured(GOOD, EXPIRED).quit(), (C, E, E, E, D, D), Options()),
    (
        "no certificate presented",
        lambda c: c.greeted().starttls().handshake().chain().identity().ehlo_tls().quit(),
        (C, E, E, E, D, D),
        Options(),
    ),
    # No TLS before the 220.
    (
        "STARTTLS not offered",
        lambda c: c.greeted(NO_STARTTLS).quit(),
        (C, C, D, C, D, D),
        Options(),
    ),
    ("STARTTLS in line 1", lambda c: c.greeted(EHLO_1869), (C, C, D, C, D, D), Options()),
    (
        "STARTTLS in line 1, and the walk tries it all the same",
        lambda c: (
            c.connect()
            .greeting()
            .ehlo(EHLO_1869)
            .starttls()
            .handshake(GOOD)
            .chain()
            .identity()
            .ehlo_tls()
            .quit()
        ),
        (C, C, D, C, D, D),
        Options(),
    ),
    (
        "454 to STARTTLS",
        lambda c: c.greeted().starttls(b"454 TLS not available\r\n").quit(),
        (C, C, D, C, D, D),
        Options(),
    ),
    (
        "501 to STARTTLS",
        lambda c: c.greeted().starttls(b"501 syntax\r\n").quit(),
        (C, C, D, C, D, D),
        Options(),
    ),
    (
        "EHLO refused, HELO accepted",
        lambda c: c.connect().greeting().ehlo(b"502 what\r\n").helo().quit(),
        (C, C, D, C, D, D),
        Options(),
    ),
    # The connection is lost around the 220.
    (
        "closed instead of a reply to STARTTLS",
        lambda c: c.greeted().starttls(b"", ending(EndingKind.CLOSED)),
        (C, D, D, D, D, D),
        Options(),
    ),
    (
        "421 to STARTTLS",
        lambda c: c.greeted().starttls(b"421 closing\r\n"),
        (C, U, U, U, U, U),
        Options(),
    ),
    (
        "no reply to STARTTLS in time",
        lambda c: c.greeted().starttls(b"", ending(EndingKind.TIMEOUT)),
        (C, U, U, U, U, U),
        Options(),
    ),
    # TLS fails after the 220: no fallback to clear.
    (
        "garbage after the 220",
        lambda c: c.greeted().starttls().handshake(end=ending(EndingKind.TLS_ERROR)),
        (C, D, D, D, D, D),
        Options(),
    ),
    (
        "alert in the handshake",
        lambda c: c.greeted().starttls().handshake(end=ending(EndingKind.TLS_ALERT)),
        (C, D, D, D, D, D),
        Options(),
    ),
    (
        "handshake times out",
        lambda c: c.greeted().starttls().handshake(end=ending(EndingKind.TIMEOUT)),
        (C, U, U, U, U, U),
        Options(),
    ),
    (
        "handshake cancelled by the administrator",
        lambda c: c.greeted().starttls().handshake(end=ending(EndingKind.CANCELLED)),
        (C, U, U, U, U, U),
        Options(),
    ),
    (
        "alert after the handshake (TLS 1.3 asks for a client certificate)",
        lambda c: (
            c.greeted()
            .starttls()
            .handshake(GOOD)
            .chain()
            .identity()
            .ehlo_tls(b"", ending(EndingKind.TLS_ALERT))
        ),
        (C, D, D, D, D, D),
        Options(),
    ),
    (
        "EHLO refused inside TLS",
        lambda c: (
            c.greeted().starttls().handshake(GOOD).chain().identity().ehlo_tls(b"554 no\r\n").quit()
        ),
        (C, U, U, U, U, U),
        Options(),
    ),
    # Before EHLO.
    (
        "421 greeting",
        lambda c: c.connect().greeting(b"421 too many\r\n"),
        (U, U, U, U, U, U),
        Options(),
    ),
    (
        "450 greeting",
        lambda c: c.connect().greeting(b"450 later\r\n").quit(),
        (U, U, U, U, U, U),
        Options(),
    ),
    (
        "554 greeting (RFC 5321 3.1)",
        lambda c: c.connect().greeting(b"554 no mail here\r\n").quit(),
        (B, B, B, B, B, B),
        Options(),
    ),
    (
        "521 greeting (RFC 7504)",
        lambda c: c.connect().greeting(b"521 no mail here\r\n").quit(),
        (B, B, B, B, B, B),
        Options(),
    ),
    (
        "greeting that is no reply",
        lambda c: c.connect().greeting(b"hello\r\n").quit(),
        (D, D, D, D, D, D),
        Options(),
    ),
    (
        "refused",
        lambda c: c.connect(ending(EndingKind.REFUSED)),
        (D, D, D, D, D, D),
        Options(),
    ),
    (
        "unreachable",
        lambda c: c.connect(ending(EndingKind.UNREACHABLE)),
        (D, D, D, D, D, D),
        Options(),
    ),
    (
        "reset before the greeting",
        lambda c: c.connect().greeting(b"", ending(EndingKind.RESET)),
        (D, D, D, D, D, D),
        Options(),
    ),
    (
        "connection times out",
        lambda c: c.connect(ending(EndingKind.TIMEOUT)),
        (U, U, U, U, U, U),
        Options(),
    ),
    (
        "silent server",
        lambda c: c.connect().greeting(b"", ending(EndingKind.TIMEOUT)),
        (U, U, U, U, U, U),
        Options(),
    ),
    (
        "tarpit at EHLO",
        lambda c: c.connect().greeting().ehlo(b"250-mx", ending(EndingKind.TIMEOUT)),
        (U, U, U, U, U, U),
        Options(),
    ),
    (
        "421 to EHLO",
        lambda c: c.connect().greeting().ehlo(b"421 busy\r\n"),
        (U, U, U, U, U, U),
        Options(),
    ),
    (
        "EHLO and HELO both refused",
        lambda c: c.connect().greeting().ehlo(b"502 no\r\n").helo(b"502 no\r\n").quit(),
        (D, D, D, D, D, D),
        Options(),
    ),
    (
        "EHLO answered with 554, HELO not said",
        lambda c: c.connect().greeting().ehlo(b"554 no\r\n").quit(),
        (U, U, U, U, U, U),
        Options(),
    ),
    (
        "EHLO answered with 554, HELO taken",
        lambda c: c.connect().greeting().ehlo(b"554 no\r\n").helo().quit(),
        (C, C, D, C, D, D),
        Options(),
    ),
    # With an envelope.
    (
        "recipient accepted",
        lambda c: c.secured(GOOD).envelope().quit(),
        (C, E, E, V, V, V),
        ENVELOPE,
    ),
    (
        "recipient unknown",
        lambda c: c.secured(GOOD).envelope(rcpt=b"550 5.1.1 unknown\r\n").quit(),
        (B, B, B, B, B, B),
        ENVELOPE,
    ),
    (
        "sender refused",
        lambda c: c.secured(GOOD).envelope(mail=b"553 5.1.8 no\r\n").quit(),
        (B, B, B, B, B, B),
        ENVELOPE,
    ),
    (
        "greylisted",
        lambda c: c.secured(GOOD).envelope(rcpt=b"450 4.2.0 later\r\n").quit(),
        (D, D, D, D, D, D),
        ENVELOPE,
    ),
    (
        "recipient unknown in clear, TLS required by others",
        lambda c: c.greeted(NO_STARTTLS).envelope(rcpt=b"550 5.1.1 unknown\r\n").quit(),
        (B, B, D, B, D, D),
        ENVELOPE,
    ),
    (
        "421 to RCPT",
        lambda c: c.secured(GOOD).envelope(rcpt=b"421 4.7.0 slow down\r\n"),
        (U, U, U, U, U, U),
        ENVELOPE,
    ),
]


@pytest.mark.parametrize(
    ("situation", "expected", "options"),
    [pytest.param(*case[1:], id=case[0]) for case in CASES],
)
def test_six_settings_against_every_situation(
    situation: Situation, expected: tuple[str, ...], options: Options
) -> None:
    walked = one_host(options=options)
    situation(walked.at("mx.example.net", "192.0.2.1"))
    verdicts = [p.judge(walked.delivery) for p in PROFILES]
    assert tuple(v.outcome.value for v in verdicts) == expected
    seqs = {step.seq for step in walked.steps}
    for verdict in verdicts:
        assert verdict.reason
        assert verdict.next_action
        assert verdict.step in seqs
        assert verdict.host == "mx.example.net"
        assert verdict.attempts[-1].outcome is verdict.outcome
        assert verdict.log.startswith("Info: ") or verdict.outcome.value == U


@pytest.mark.parametrize(
    ("situation", "options"), [pytest.param(case[1], case[3], id=case[0]) for case in CASES]
)
def test_a_growing_walk_is_never_judged_as_failed_before_its_evidence(
    situation: Situation, options: Options
) -> None:
    """A verdict reached on a part of the walk is either open or the final one."""
    walked = one_host(options=options)
    situation(walked.at("mx.example.net", "192.0.2.1"))
    final = {p.id: p.judge(walked.delivery).outcome.value for p in PROFILES}
    for length in range(len(walked.steps)):
        part = Walked(steps=walked.steps[:length], options=options)
        for p in PROFILES:
            verdict = p.judge(part.delivery)
            assert verdict.outcome.value in (U, final[p.id]), (length, p.id)
            if verdict.outcome.value == U and final[p.id] != U:
                assert verdict.reason.startswith("not decided yet: ")


def test_the_deciding_step_is_the_one_that_decides() -> None:
    walked = one_host()
    walked.at("mx.example.net", "192.0.2.1").ptr("ptr.example.net").secured(PTR_CN).quit()

    def step(sender: str) -> int | None:
        return profile(sender).judge(walked.delivery).step

    assert step("esa:1") == walked.seq(StepKind.EHLO)
    assert step("esa:2") == step("esa:3") == walked.seq(StepKind.HANDSHAKE)
    assert step("esa:4") == step("esa:5") == step("esa:6") == walked.seq(StepKind.IDENTITY)


@pytest.mark.parametrize(
    ("sender", "situation", "log"),
    [
        (
            "esa:5",
            lambda c: c.greeted(EHLO_1869).quit(),
            "Info: DCID <n> STARTTLS command not supported.",
        ),
        (
            "esa:2",
            lambda c: c.greeted(EHLO_1869).quit(),
            "Info: DCID <n> STARTTLS command not supported.",
        ),
        (
            "esa:3",
            lambda c: c.greeted().starttls(b"454 no\r\n").quit(),
            "Info: DCID <n> TLS failed: STARTTLS unexpected response",
        ),
        (
            "esa:5",
            lambda c: c.secured(GOOD).quit(),
            "Info: DCID <n> TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384",
        ),
        (
            "esa:5",
            lambda c: c.secured(GOOD, EXPIRED).quit(),
            "Info: DCID <n> TLS failed: verify error: certificate has expired",
        ),
        (
            "esa:6",
            lambda c: c.secured(WRONG).quit(),
            "Info: DCID <n> TLS failed: verify error: <words on the name>",
        ),
        (
            "esa:5",
            lambda c: c.connect(ending(EndingKind.REFUSED, "connection refused")),
            (
                "Info: Connection Error: DCID <n> domain: example.com IP: 192.0.2.1 port: 25"
                " details: <the system's words> reason: network error"
            ),
        ),
        (
            "esa:5",
            lambda c: c.connect().greeting(b"554 5.3.2 no\r\n").quit(),
            (
                "Info: Bounced: DCID <n> MID <n> to RID 0 - 5.3.2 - Not accepting messages at this time"
                " ('554', ['5.3.2 no'])"
            ),
        ),
        (
            "esa:5",
            lambda c: c.greeted().starttls().handshake(end=ending(EndingKind.TLS_ERROR)),
            "Info: DCID <n> TLS failed: <OpenSSL's words>",
        ),
        (
            "esa:5",
            lambda c: (
                c.connect().greeting(b"554-5.3.2 %s\r\n554 and so on\r\n" % (b"x" * 90)).quit()
            ),
            (
                "Info: Bounced: DCID <n> MID <n> to RID 0 - 5.3.2 - Not accepting messages at this time"
                f" ('554', ['5.3.2 {'x' * 90}', 'and so on'])"
            ),
        ),
        ("esa:1", lambda c: c.greeted().quit(), "Info: Delivery start DCID <n> MID <n> to RID [0]"),
    ],
)
def test_log_lines_are_the_esas_own(sender: str, situation: Situation, log: str) -> None:
    walked = one_host()
    situation(walked.at("mx.example.net", "192.0.2.1"))
    assert profile(sender).judge(walked.delivery).log == log


def test_seed_dialogue_tells_which_line_hides_starttls() -> None:
    walked = one_host()
    walked.at("mx.example.net", "192.0.2.1").greeted(EHLO_1869).quit()
    verdict = profile("esa:5").judge(walked.delivery)
    assert verdict.reason == (
        "mx.example.net [192.0.2.1] names STARTTLS in line 1, in the greeting's place: a strict"
        " reader sees no STARTTLS (RFC 1869 4.3); setting 5 (Required - Verify) delivers only"
        " over TLS"
    )
    good = one_host()
    good.at("mx.example.net", "192.0.2.1").greeted(GOOD_EHLO)
    assert "next is STARTTLS" in profile("esa:5").judge(good.delivery).reason


def test_a_421_said_while_the_walk_was_paused_decides_nothing() -> None:
    walked = one_host("mx.example.net")
    connection = walked.at("mx.example.net", "192.0.2.1").greeted()
    connection.starttls(b"421 4.4.2 idle\r\n", ending(EndingKind.CLOSED, "spoke unasked"))
    for number in (2, 5):
        verdict = profile(f"esa:{number}").judge(walked.delivery)
        assert verdict.outcome.value == U
        assert "421 4.4.2 idle" in verdict.reason
