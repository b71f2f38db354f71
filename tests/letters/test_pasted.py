"""Letters from a pasted dialogue say nothing that the text does not: no time, no address, no host."""

import pytest

from mxwalk.clues.dialogue.reading import read_dialogue
from mxwalk.evidence.trace import Trace
from mxwalk.language import LANGUAGES
from mxwalk.letters.compose import write_letters
from mxwalk.letters.offered import offered

_SAID = """=== Trying mx.example.com:25...
=== Connected to mx.example.com.
<-  220 mx.example.com ESMTP Postfix
 -> EHLO out.example.net
<-  250-mx.example.com
<-  250 SIZE 1000
 -> QUIT
<-  221 bye
"""


def pasted(text: str) -> Trace:
    found = read_dialogue(text)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("code", LANGUAGES)
def test_when_it_was_pasted_is_not_told_as_when_it_was_seen(code: str) -> None:
    trace = pasted(_SAID)
    letters = write_letters(trace, "esa:3", code).letters
    assert letters
    for letter in letters:
        assert trace.header.started_at[:10] not in letter.body
        assert "UTC" not in letter.body
        assert "[]" not in letter.body


@pytest.mark.parametrize("code", LANGUAGES)
def test_there_is_no_letter_where_the_text_names_no_host(code: str) -> None:
    text = "\n".join(line[4:] for line in _SAID.splitlines()[2:])
    trace = pasted(text.replace("mx.example.com", "hello"))
    assert not offered(trace, "esa:3")
    post = write_letters(trace, "esa:3", code)
    assert not post.letters
    assert post.nothing
    assert "unknown.invalid" not in post.nothing
