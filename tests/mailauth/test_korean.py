"""Message walks and surveys in Korean: the same results, evidence and headers that stay English."""

import re

import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.mailauth import ArcChecked, DkimChecked
from mxwalk.language import say, speaking
from mxwalk.mailauth.arc.verify import detail_words
from mxwalk.mailauth.dkim.key import read_key_text
from mxwalk.mailauth.dkim.model import Reason, Strength
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.dkim.tagwords import key_words, signature_words
from mxwalk.mailauth.message import read_message
from mxwalk.mailauth.spf.macrosyntax import domain_fault
from mxwalk.mailauth.spf.model import Matched
from mxwalk.mailauth.spf.names import name_problem
from mxwalk.mailauth.spf.record import read_record
from mxwalk.mailauth.spf.survey_model import State
from tests.lab.walks import walked
from tests.walk.harness import lab_walk, run

_HANGUL = re.compile(r"[가-힣]")
_MESSAGES = ("dmarc-arc", "dkim-body-altered", "dkim-no-from-signed", "dmarc-claims-differ")
_UNSIGNED_FROM = (
    b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; h=to; bh=AAAA; b=AAAA\r\n"
    b"From: a@example.com\r\nTo: b@example.net\r\n\r\nHello\r\n"
)


@pytest.mark.parametrize("name", _MESSAGES)
async def test_results_are_the_same_and_sentences_korean(name: str) -> None:
    english = await walked(name)
    with speaking("ko"):
        korean = build_delivery(english.trace)
    ours, theirs = english.message, korean.message
    assert ours is not None
    assert theirs is not None
    assert [one.reason for one in theirs.verdicts] == [one.reason for one in ours.verdicts]
    assert [one.why for one in theirs.differences] == [one.why for one in ours.differences]
    for one in (*theirs.verdicts, *theirs.differences):
        assert _HANGUL.search(one.sentence)
    for check in theirs.spf.values():
        assert _HANGUL.search(check.evaluation.why)
    for known in (theirs.arrival.client_ip, theirs.arrival.helo, theirs.arrival.mail_from):
        assert _HANGUL.search(known.sentence)


@pytest.mark.parametrize("name", [*_MESSAGES, "dkim-key-missing", "spf-ten-lookups"])
async def test_headers_a_receiver_would_write_are_english(name: str) -> None:
    english = await walked(name)
    if english.message is None:
        pytest.skip("no message")
    with speaking("ko"):
        korean = build_delivery(english.trace)
    assert korean.message is not None
    assert korean.message.written == english.message.written


@pytest.mark.parametrize("name", ["dmarc-arc", "dkim-no-from-signed"])
async def test_a_walk_in_korean_writes_an_english_trace(name: str) -> None:
    with speaking("ko"):
        async with lab_walk(name) as walk:
            await run(walk)
            delivery = walk.delivery
    details = [
        step.evidence.detail
        for step in delivery.trace.steps
        if isinstance(step.evidence, DkimChecked | ArcChecked)
    ]
    assert details
    assert not any(_HANGUL.search(detail) for detail in details)


async def test_the_detail_of_arc_is_said_again() -> None:
    delivery = await walked("dmarc-arc")
    assert delivery.message is not None
    assert delivery.message.arc is not None
    message, checked = delivery.message.message, delivery.message.arc.evidence
    assert detail_words(message, checked) == checked.detail
    other = ArcChecked(result="fail", sets=checked.sets, detail="of another version")
    broken_off = ArcChecked(detail="broken off")
    with speaking("ko"):
        assert _HANGUL.search(detail_words(message, checked))
        assert detail_words(message, other) == "of another version"
        assert detail_words(message, broken_off) == "broken off"


def test_what_is_remembered_is_remembered_apart() -> None:
    english = read_signatures(read_message(_UNSIGNED_FROM))[0].problem
    faults = (domain_fault("%{x}"), read_record("example.com", b"v=spf1 foo").faults[0])
    problem = name_problem("")
    with speaking("ko"):
        assert _HANGUL.search(read_signatures(read_message(_UNSIGNED_FROM))[0].problem)
        again = (domain_fault("%{x}"), read_record("example.com", b"v=spf1 foo").faults[0])
        for ours, theirs in zip(faults, again, strict=True):
            assert ours is not None
            assert theirs is not None
            assert ours.start == theirs.start
            assert not _HANGUL.search(ours.what)
            assert _HANGUL.search(theirs.what)
        assert _HANGUL.search(name_problem(""))
    assert read_signatures(read_message(_UNSIGNED_FROM))[0].problem == english
    assert name_problem("") == problem


@pytest.mark.parametrize("words", [Reason, Strength, Matched, State])
def test_words_of_what_is_counted_are_korean(words: type[Reason]) -> None:
    with speaking("ko"):
        for one in words:
            assert _HANGUL.search(say(one.value))


def test_the_meaning_of_every_tag_is_korean() -> None:
    signature = read_signatures(read_message(_UNSIGNED_FROM))[0]
    key = read_key_text(b"v=DKIM1; k=rsa; h=sha256; s=email; t=y:s; n=note; x=1; p=")
    with speaking("ko"):
        for word in (*signature_words(signature), *key_words(key)):
            assert _HANGUL.search(word.meaning)
        assert [word.name for word in key_words(key) if not word.known] == ["x"]
