"""English that others wrote, or that evidence keeps, is told in the language spoken; the rest stays."""

import errno
import os
import re

import pytest

from mxwalk.errors import TraceError
from mxwalk.evidence.journal import read_trace
from mxwalk.language import quoted, say, speaking
from mxwalk.text import visible
from mxwalk.wordings import IDNA, JSON, SYSTEM, json_words, reworded, system_words

_LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ENOSPC, errno.EACCES, errno.EBADF])
def test_what_the_system_refuses_is_told_in_both_languages(number: int) -> None:
    error = OSError(number, os.strerror(number))
    assert system_words(error) == os.strerror(number)
    with speaking("ko"):
        assert not _LATIN.search(system_words(error))


def test_what_is_not_known_stays_as_it_is() -> None:
    with speaking("ko"):
        assert system_words(OSError(1, "Whatever this is")) == "Whatever this is"
        assert reworded("x" * 5000, SYSTEM) == "x" * 5000
        assert reworded("", SYSTEM) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("invalid character (byte 3)", "있을 수 없는 문자(3번째 바이트)"),
        ("Expected `int`, got `str` - at `$.a`", "`int`가 있어야 하는데 `str`이 있음 - 위치 `$.a`"),
        ("expected ',' or '}' (byte 9)", "',' or '}'이(가) 있어야 함(9번째 바이트)"),
    ],
)
def test_a_sentence_within_a_sentence_is_told_too(text: str, told: str) -> None:
    with speaking("ko"):
        assert json_words(ValueError(text)) == told
    assert json_words(ValueError(text)) == text


def test_braces_and_hostile_words_in_a_value_are_only_words() -> None:
    with speaking("ko"):
        assert "{peer}{0}" in reworded("Invalid value {peer}{0}", JSON)
        assert reworded("Codepoint U+2603 at position 1 of '{x}' not allowed", IDNA).startswith(
            "'{x}'의 1번째"
        )


def test_many_repetitions_of_a_template_take_no_time() -> None:
    with speaking("ko"):
        hostile = "Expected `a`, got `" * 50
        assert reworded(hostile, JSON, SYSTEM, IDNA)


def test_what_was_made_visible_is_quoted_with_its_escapes_once() -> None:
    shown = visible("\x1b[31mEHLO")
    assert quoted(shown) == "'\\x1b[31mEHLO'"
    assert say("there is no scenario {name!r}; see the list: mxwalk lab", name=shown).startswith(
        "there is no scenario '\\x1b[31mEHLO';"
    )
    with speaking("ko"):
        text = say("there is no scenario {name!r}; see the list: mxwalk lab", name=".J\\xc4")
    assert "'.J\\xc4'" in text


def test_quotation_marks_are_those_the_text_has_not() -> None:
    assert quoted("a'b") == '"a\'b"'
    assert quoted('a"b') == "'a\"b'"
    assert quoted("a\nb") == "'a\\nb'"  # what nobody made visible acts on nothing


@pytest.mark.parametrize("line", [b"{,\n", b"garbage\n", b'{"format":1}\n', b'{"format"\n'])
def test_a_file_that_is_no_trace_is_told_in_korean(line: bytes, tmp_path) -> None:
    path = tmp_path / "1"
    path.write_bytes(line)
    with speaking("ko"), pytest.raises(TraceError) as raised:
        read_trace(path)
    told = str(raised.value).removeprefix(str(path))
    assert {*_LATIN.findall(told)} <= {"mxwalk", "JSON", "str", "int", "format", "or"}
