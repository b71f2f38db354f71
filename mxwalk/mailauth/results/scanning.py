"""The pieces of an Authentication-Results field: comments, words, values (RFC 5322 3.2, RFC 2045 5.1).

Total: a comment or a quoted string that is never closed ends at the next semicolon, and is noted.
"""

from mxwalk.language import say

_SPACE = " \t\r\n"
_ENDS_NAME = _SPACE + "=;("
_ENDS_VALUE = _SPACE + ";("


class Scanner:
    """Reads a field's text from left to right; ``notes`` collects what is not as it should be."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.comments: list[str] = []
        self.notes: list[str] = []

    @property
    def next(self) -> str:
        """The next character, empty at the end."""
        return self.text[self.at : self.at + 1]

    def take(self, char: str) -> bool:
        """Step over ``char`` if it comes next, with the white space and comments around it."""
        self.skip()
        if self.next != char:
            return False
        self.at += 1
        self.skip()
        return True

    def skip(self) -> None:
        """Step over white space and comments; the comments are kept."""
        while self.next:
            if self.next in _SPACE:
                self.at += 1
            elif self.next == "(":
                self.comments.append(self._comment())
            else:
                return

    def name(self) -> str:
        """Read a name: up to white space, ``=``, ``;`` or a comment."""
        return self._run(_ENDS_NAME)

    def value(self) -> str:
        """Read a value: quoted strings and plain characters that stand together."""
        parts: list[str] = []
        while self.next and self.next not in _ENDS_VALUE:
            if self.next == '"':
                parts.append(self._quoted())
            else:
                parts.append(self._run(_ENDS_VALUE + '"'))
        return "".join(parts)

    def rest(self) -> str:
        """Read on to the next semicolon."""
        return self._run(";")

    def _run(self, ends: str) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ends:
            self.at += 1
        return self.text[start : self.at]

    def _quoted(self) -> str:
        start = self.at
        self.at += 1
        found: list[str] = []
        while self.next and self.next != '"':
            if self.next == "\\" and self.at + 1 < len(self.text):
                self.at += 1
            found.append(self.next)
            self.at += 1
        if self.next:
            self.at += 1
            return "".join(found)
        self.notes.append(say("a quoted string is never closed"))
        self.at = start + 1
        return self._run(";")

    def _comment(self) -> str:
        start, depth = self.at, 0
        found: list[str] = []
        while self.next:
            char = self.next
            if char == "\\" and self.at + 1 < len(self.text):
                self.at += 1
                found.append(self.next)
            elif char == "(":
                depth += 1
                found.append(char)
            elif char == ")":
                depth -= 1
                found.append(char)
                if not depth:
                    self.at += 1
                    return "".join(found[1:-1]).strip(_SPACE)
            else:
                found.append(char)
            self.at += 1
        self.notes.append(say("a comment is never closed"))
        self.at = start + 1
        return self._run(";").strip(_SPACE)
