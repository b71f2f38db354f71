"""What a peer says is told in a sentence as far as it can be read there, and fixes can be used."""

from __future__ import annotations

import os
import random

import pytest

from mxwalk.evidence.step import Scope
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.registry import check
from mxwalk.findings.searching import find
from mxwalk.language import speaking
from mxwalk.reports.summary import summary
from mxwalk.senders.registry import profile, profiles
from mxwalk.text import EXCERPT_CHARS, excerpt, visible
from tests.findings.builders import EHLO_REPLY, Trail, ending, inside, verify_error
from tests.findings.certificates import leaf
from tests.findings.test_judgement import only

GARBAGE = random.Random(26).randbytes(900).replace(b"\n", b"") + b"\r\n"


def literal() -> Trail:
    trail = Trail("[192.0.2.1]").resolver()
    trail.scope = Scope(host="192.0.2.1", address="192.0.2.1", port=25)
    return trail.ptr("192.0.2.1").connect("192.0.2.1")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", ""),
        ("5.7.1 not here", "5.7.1 not here"),
        ("x" * EXCERPT_CHARS, "x" * EXCERPT_CHARS),
        ("x" * 100, "x" * EXCERPT_CHARS + "… (+40 characters)"),
        (b"\x01" * 100, r"\x01" * 15 + "… (+85 characters)"),
        ("x" * 58 + "\\x01", "x" * 58 + "… (+4 characters)"),  # no half of an escape
        ("\u202e" * 20, "U+202E" * 10 + "… (+10 characters)"),
    ],
)
def test_an_excerpt_counts_what_is_seen_and_says_how_much_more_there_is(words, told) -> None:
    assert excerpt(words) == told


def test_what_an_excerpt_leaves_out_is_told_in_the_language_of_the_sentence() -> None:
    with speaking("ko"):
        assert excerpt("x" * 84) == "x" * EXCERPT_CHARS + "… (+24자)"


def test_any_excerpt_is_short() -> None:
    for _ in range(200):
        shown = excerpt(os.urandom(300))
        assert len(shown.partition("… (+")[0]) <= EXCERPT_CHARS


def test_garbage_is_repeated_nowhere_but_in_its_step() -> None:
    delivery = literal().greet(GARBAGE).quit(GARBAGE).delivery()
    findings = check(delivery)
    rest = visible(GARBAGE)[EXCERPT_CHARS + 60 :]
    told = [summary(delivery, profile("esa:5").judge(delivery), findings)]
    told += [one.sentence for one in findings]
    for one in profiles():
        verdict = one.judge(delivery)
        told += [verdict.reason, verdict.log]
    for words in told:
        assert rest[:40] not in words
    assert max(len(one.sentence) for one in findings) < 400
    assert len(told[0]) < 1_200


def test_the_error_to_begin_with_is_told_in_a_sentence() -> None:
    said = b"454 4.7.0 TLS not available due to local problem\r\n"
    delivery = inside().ehlo().starttls(said).quit().delivery()
    told = summary(delivery, profile("esa:5").judge(delivery), check(delivery))
    assert "found: mx01.example.com [192.0.2.1]:25 offers STARTTLS and answers 454" in told
    assert "STLS002" not in told


def test_a_host_known_by_its_address_alone_has_a_name_to_fill_in() -> None:
    trail = literal().greet().ehlo(EHLO_REPLY.replace(b"250-mx01.example.com", b"250-[x", 1))
    chain = (leaf("mail.example.net", ()),)
    error = verify_error("DEPTH_ZERO_SELF_SIGNED_CERT", 18)
    delivery = trail.starttls().handshake(chain).chain(error, path=chain).identity().delivery()
    assert only(delivery, "EHLO002").fix == "line 1 must read 250-<the server's name>"
    assert only(delivery, "CERT005").fix.endswith("--standalone -d <the server's name>")
    assert only(delivery, "IDENT007").fix.endswith("subjectAltName = DNS:<the server's name>")
    assert only(delivery, "ROUTE029").fix.endswith("IN PTR <the server's name>.")


def test_quit_is_answered_or_not_in_a_whole_sentence() -> None:
    lost = inside().ehlo().quit(b"", ending(EndingKind.CLOSED)).delivery()
    assert only(lost, "ENV004").sentence.endswith(":25 does not answer QUIT, where 221 is due")
    odd = inside().ehlo().quit(b"250 ok\r\n").delivery()
    assert only(odd, "ENV004").sentence.endswith("answers QUIT with 250 ok instead of 221")


def test_a_silent_server_is_found_by_the_word_for_it() -> None:
    assert "CONN010" in {one.code for one in find(["silent"])}
