"""Any text is read or refused, never raised on, and quickly."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk import limits
from mxwalk.clues.dialogue.reading import lead_of, read_dialogue
from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.findings.registry import check
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profiles
from tests.clues.dialogue.corpus import CASES
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.timing import within

_PIECES = st.sampled_from(
    [
        "=== Trying mx.example.com:25...\n", "=== Connected to mx.example.com.\n", "<-  220 x\n",
        " -> EHLO a\n", "<-  250-x\n", "<-  250 STARTTLS\n", " -> STARTTLS\n", "<~  250 x\n",
        "=== TLS started with cipher TLSv1.3:X:256\n", "*** Connection refused\n", " -> DATA\n",
        "220 x.example ESMTP\n", "EHLO a.example\n", "250-x.example <--- remark\n", "250 HELP\n",
        "STARTTLS\n", "QUIT\n", "221 Bye\n", "354 go\n", ".\n", "DATA\n", "CONNECTED(00000003)\n",
        "New, TLSv1.3, Cipher is X\n", "New, (NONE), Cipher is (NONE)\n", " 0 s:CN = x\n", "---\n",
        "SSL handshake has read 1 bytes\n", "DONE\n", "Trying 192.0.2.1...\n",
        "Escape character is '^]'.\n", "Connection closed by foreign host.\n",
        "posttls-finger: < 220 x\n", "posttls-finger: > EHLO x\n", "Node 0: 192.0.2.1:25\n",
        "Follow: tcp,ascii\n", "Node 1: [2001:db8::1]:99999\n", "\t12\n", "12\n",
        "IP 192.0.2.1.25 > 192.0.2.2.4: Flags [R.], seq 0\n", "\t0x0000:  4500 0028 0000\n",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "S: 250 x\n", "C: quit\n",
        "MAIL FROM:<a@b.example>\n", "RCPT TO:<\u202e>\n", "250 x / 250 y\n", "12:00:00 220 x\n",
    ]
)  # fmt: skip


def _judge(text: str) -> None:
    found = read_dialogue(text)
    if found is None:
        return
    trace, clues = found
    again = read_trace(BytesIO(dump_trace(trace)))
    assert again.steps == trace.steps
    delivery = build_delivery(trace)
    check(delivery)
    for profile in profiles():
        assert profile.judge(delivery).outcome is not Outcome.DELIVERED_VERIFIED
    assert all(0 <= clue.start <= clue.end <= len(text) for clue in clues)
    assert len(clues) <= limits.CLUES
    lead_of(trace)


@examples(150)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_any_order_of_lines_is_read(text):
    _judge(text)


@examples(150)
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text):
    _judge(text)


@examples(60)
@given(st.sampled_from(CASES), st.integers(0, 2_000), st.text(max_size=12))
def test_a_dialogue_with_something_in_it_is_read(case, at, put):
    _judge(case.text[:at] + put + case.text[at:])


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_alone_and_inside_a_dialogue(hostile):
    text = hostile.decode("utf-8", "surrogateescape")
    _judge(text)
    for case in CASES[:5]:
        _judge(f"{case.text}{text}\n{case.text}")
        _judge(case.text.replace("PIPELINING", text))


@pytest.mark.parametrize(
    "line",
    [
        "250-x\n", "<-  250-x\n", "EHLO a\n", "=== TLS started with cipher a:b:1\n", " " * 4_000 + "\n",
        "> > > > > 250-x\n", "250 x / 250-y\n", "x <--- <--- <---\n", "S: " * 500 + "\n",
        "IP 192.0.2.1.25 > 192.0.2.2.4: x\n", "\t0x0000:  4500 0028\n", "posttls-finger: < 250-x\n",
        "-----BEGIN CERTIFICATE-----\n", "12:00:00 250-x\n", "a.b " * 900 + "\n",
    ],
    ids=range(15),
)  # fmt: skip
def test_a_very_long_text_is_read_in_a_few_seconds(line):
    text = "220 x\nEHLO a\n" + line * (limits.CLUE_CHARS // len(line))
    with within(30.0):
        read_dialogue(text)


def test_what_is_behind_the_limit_is_said_to_be_left_out():
    text = CASES[0].text + "\n" * (limits.CLUE_LINES + 1)
    found = read_dialogue(text)
    assert found is not None
    assert any("longer than what is read" in clue.meaning for clue in found[1])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello, the server said 250 and then nothing.",
        "mail.example.com",
        "550 5.1.1 <b@example.com>: User unknown",
        "Nov 22 10:00:00 mx postfix/smtp[1]: ABC: to=<b@example.com>, status=sent (250 ok)",
        "From: a@example.net\nTo: b@example.com\nSubject: 250 reasons\n\nDATA\nQUIT\n",
    ],
)
def test_what_is_no_dialogue_is_none(text):
    assert read_dialogue(text) is None
