"""Reading the ``Received-SPF`` fields a message carries, written by whoever (RFC 7208 9.1).

Total and tolerant: results in any case, values without quotes, stray comments.  What the field claims
is a claim of the host that wrote it, to be held against our own evaluation.
"""

import re
from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.limits import SPF_RECEIVED_CHARS, SPF_RECEIVED_PAIRS
from mxwalk.mailauth.spf.model import SpfResult

_RESULTS = {result.value: result for result in SpfResult} | {
    "error": SpfResult.TEMPERROR,  # RFC 4408's drafts and old software
    "unknown": SpfResult.PERMERROR,
}
_WORD = re.compile(r"[^\s();=\"]+")
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedSpf:
    """A field as read: ``result`` is ``None`` where its word is none of the RFC's.

    ``word`` is that word as written, ``comment`` the first comment, ``pairs`` the keys in lower case
    with their values, in order.  ``problems`` say where it leaves the grammar.
    """

    word: str
    result: SpfResult | None
    comment: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

    def get(self, key: str) -> str:
        """Return the first value of a key, empty if it is not there."""
        return next((value for name, value in self.pairs if name == key), "")


def read_received_spf(text: str) -> ReceivedSpf:
    """Read a field with or without its name in front."""
    plain = text[:SPF_RECEIVED_CHARS]
    name, colon, body = plain.partition(":")
    if colon and name.strip().lower() == "received-spf":
        plain = body
    return _Reader(plain, len(text) > SPF_RECEIVED_CHARS).read()


class _Reader:
    """Goes through the field once, from left to right."""

    def __init__(self, text: str, is_cut: bool) -> None:
        self._text = text
        self._at = 0
        self._comment = ""
        self._problems = [say("it is too long to be read whole")] if is_cut else []

    def read(self) -> ReceivedSpf:
        """Return the field."""
        self._skip()
        word = self._word()
        result = _RESULTS.get(word.lower())
        if result is None:
            self._problem(say("its result is none of the seven words"))
        pairs: list[tuple[str, str]] = []
        self._skip()
        while self._at < len(self._text) and len(pairs) < SPF_RECEIVED_PAIRS:
            pair = self._pair()
            if pair is not None:
                pairs.append(pair)
            self._skip()
        return ReceivedSpf(
            word=word,
            result=result,
            comment=self._comment,
            pairs=tuple(pairs),
            problems=tuple(dict.fromkeys(self._problems)),
        )

    def _problem(self, what: str) -> None:
        self._problems.append(what)

    def _skip(self) -> None:
        """Pass white space and comments; keep the first comment."""
        while self._at < len(self._text):
            if self._text[self._at] in _SPACE:
                self._at += 1
            elif self._text[self._at] == "(":
                comment = self._take_comment()
                self._comment = self._comment or comment
            else:
                return

    def _take_comment(self) -> str:
        depth = 0
        out: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
            if char == "\\" and self._at < len(self._text):
                char = self._text[self._at]
                self._at += 1
            elif char == "(":
                depth += 1
                if depth == 1:
                    continue
            elif char == ")":
                depth -= 1
                if depth == 0:
                    return " ".join("".join(out).split())
            out.append(char)
        self._problem(say("a comment is not closed"))
        return " ".join("".join(out).split())

    def _word(self) -> str:
        found = _WORD.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]

    def _pair(self) -> tuple[str, str] | None:
        key = self._word()
        self._skip()
        if not key or self._text[self._at : self._at + 1] != "=":
            if key or self._text[self._at : self._at + 1] != ";":
                self._problem(say("something in it is no key=value"))
            if not key:
                self._at += 1
            return None
        self._at += 1
        self._skip()
        if self._text[self._at : self._at + 1] == '"':
            return key.lower(), self._quoted()
        end = self._text.find(";", self._at)
        end = len(self._text) if end < 0 else end
        value = self._text[self._at : end]
        first = value.split(None, 1)[0] if value.split() else ""
        self._at += len(first) if first else len(value)
        return key.lower(), first

    def _quoted(self) -> str:
        self._at += 1
        out: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
            if char == '"':
                return "".join(out)
            if char == "\\" and self._at < len(self._text):
                char = self._text[self._at]
                self._at += 1
            if char not in "\r\n":
                out.append(char)
        self._problem(say("a quoted value is not closed"))
        return "".join(out)
