"""What tells seen text from other text: it misses nothing of the corpus, and ``visible`` satisfies it."""

import itertools
import unicodedata

import pytest
from rich.cells import cell_len, get_character_cell_size

from mxwalk.text import visible, visible_lines
from tests.hostile import BUNDLES, CORPUS, HUGE, Family, Hostile, huge
from tests.hostility.ansi import read
from tests.hostility.documents import CHECKS
from tests.hostility.seen import MARKS, unseen

_ACTING = (Family.TERMINAL, Family.BIDI, Family.HIDDEN, Family.COMBINING)
_FINE = {"\u05d0\u05d1.example \u0627\u0644.example 1-2-3"}  # letters that are written so


def texts_of(one: Hostile) -> tuple[str, ...]:
    return (one.octets.decode("utf-8", "surrogateescape"), one.octets.decode("latin-1"))


@pytest.mark.parametrize("one", CORPUS, ids=lambda one: one.name)
def test_what_was_made_visible_is_seen_and_stays_as_it_is(one: Hostile) -> None:
    assert visible(one.octets) == visible(texts_of(one)[0])
    for text in texts_of(one):
        shown = visible(text)
        assert list(unseen(shown)) == []
        assert visible(shown) == shown


@pytest.mark.parametrize("one", CORPUS, ids=lambda one: one.name)
def test_what_acts_on_a_reader_is_found_in_raw_text(one: Hostile) -> None:
    text = texts_of(one)[0]
    if one.family in _ACTING and text not in _FINE:
        assert list(unseen(text))


@pytest.mark.parametrize(
    "one", [one for one in CORPUS if one.family is Family.TERMINAL], ids=lambda one: one.name
)
def test_a_sequence_of_a_peer_is_found_in_what_a_terminal_gets(one: Hostile) -> None:
    assert read(b"\x1b[1;1Hsaid: " + one.octets + b"\x1b[0m").wrong


def test_what_textual_writes_and_what_was_copied_is_read() -> None:
    said = read(b"\x1b[?2026h\x1b[2;3H\x1b[1;38;2;1;2;3mwords\x1b]52;c;b2s=\x07\x1b[?2026l")
    assert (said.text, said.copied, said.wrong) == ("words", ("ok",), ())
    assert read(b"\x1b]52;c;G10w\x07").wrong  # ESC, copied
    assert read(b"\x1b]0;title\x07").wrong


@pytest.mark.parametrize("name", HUGE)
def test_ten_megabytes_are_made_visible_as_far_as_they_are_shown(name: str) -> None:
    raw = huge(name)
    shown = visible(raw, 1_000)
    assert len(shown) < 10_000
    assert list(unseen(shown)) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\ufe0fb", "aU+FE0Fb"),
        ("\u3164\u2800", "U+3164U+2800"),
        ("\u0301a", "U+0301a"),
        ("a \u0301", "a U+0301"),
        ("e\u0301", "e\u0301"),
        ("\u0e01\u0e33\u0e49", "\u0e01\u0e33\u0e49"),
        ("z" + "\u0334" * 6, "z" + "\u0334" * MARKS + "U+0334U+0334"),
        ("a\u202e\u0301", "aU+202EU+0301"),
        ("a\nb", "a\\nb"),
        ("pay" + "\u1161" * 2 + "pal", "payU+1161U+1161pal"),
        ("\u1100\u1161\u11a8 \ud558\u11ab", "\u1100\u1161\u11a8 \ud558\u11ab"),
        ("\u1100\u1161\u1161\u11a8\u11a8", "\u1100\u1161U+1161U+11A8U+11A8"),
        ("\u115f\u1161\u1100\u1160\u11a8", "U+115FU+1161\u1100U+1160U+11A8"),
        ("\ud55c\u11ab\ud558\u1161", "\ud55cU+11AB\ud558U+1161"),
        ("x" + "\u0903" * 6, "x" + "\u0903" * MARKS + "U+0903U+0903"),
        ("\u1019\u103b\u103e\u1031\u102c\u103a", "\u1019\u103b\u103e\u1031\u102c\u103a"),
        ("\U0001f3fb", "U+1F3FB"),
    ],
)
def test_what_has_no_glyph_of_its_own_is_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible_lines(f"{text}\n\x1b").endswith("\n\\x1b")


def test_what_takes_no_cell_is_never_there_in_any_number() -> None:
    planes = itertools.chain(range(0x20, 0x20000), range(0xE0000, 0xE1000))
    without = [char for char in map(chr, planes) if not get_character_cell_size(char)]
    assert len(without) > 2_000
    for char in without:
        for text in (char, f"pay{char * 6}pal", f"\ud558{char * 6}"):
            shown = visible(text)
            assert list(unseen(shown)) == []
            assert visible(shown) == shown
        assert list(unseen(f"pay{char * 6}pal"))
        assert cell_len(visible(f"pay{char * 6}pal")) > len("paypal")


@pytest.mark.parametrize(
    "text",
    ["한국어 메일 서버가 값을 읽었습니다", "뷁 똠방각하", "Crème brûlée, Ёлка, Việt Nam"],
)
def test_what_was_taken_apart_by_normalization_is_read_as_it_is(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert len(apart) > len(text)
    assert visible(apart) == apart
    assert list(unseen(apart)) == []


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("text", "a\x1b[m"),
        ("markdown", "[a](http://h.example)"),
        ("markdown", "![a](//h.example)"),
        ("markdown", "www.h.example"),
        ("markdown", "hello @team and #1"),
        ("markdown", "<b>x</b>"),
        ("json", '{"a": "\\u202e"}'),
        ("json", "{"),
        ("csv", "a,=1+1"),
        ("csv", 'a,"@x"'),
        ("html", "<!DOCTYPE html>\n<html lang=en><script></script></html>"),
        ("eml", "To: a@b.example\r\nBcc: c@d.example\r\n\r\nx"),
        ("eml", "Subject: a\r\n\r\nx\x1b"),
    ],
)
def test_what_would_act_in_a_document_is_found(kind: str, document: str) -> None:
    assert list(CHECKS[kind](document))


def test_bundles_hold_what_acts_and_are_short() -> None:
    assert all(len(text) < 200 for text in BUNDLES.values())
