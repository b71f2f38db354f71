"""Credentials in a pasted text: they are covered wherever the text is quoted.

AUTH sends them in base64, in the command itself or after a 334 (RFC 4954 4); a shell command of a tool
may hold a password.  What a dialogue's own state shows to be one is given in ``known``; the rest is
told by its form.
"""

import re

from mxwalk.limits import CLUE_LINE_CHARS, CLUE_QUOTED_CHARS
from mxwalk.text import visible

COVER = "***"

# Mechanisms of SASL that are seen with SMTP; EHLO lists them side by side.
_MECHANISM = (
    r"(?:PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|NTLM|GSSAPI|GSS-SPNEGO|GS2-[A-Z0-9-]{1,20}|EXTERNAL"
    r"|ANONYMOUS|OAUTHBEARER|XOAUTH2?|SCRAM-[A-Z0-9-]{1,20})"
)
_INITIAL = re.compile(
    rf"\b(AUTH[ \t]{{1,8}}{_MECHANISM}[ \t]{{1,8}})(?!{_MECHANISM}\b)"
    r"(?-i:(?![a-z]+\b))(?:[A-Z0-9+/]{4})*(?:[A-Z0-9+/]{4}|[A-Z0-9+/]{3}=|[A-Z0-9+/]{2}==)(?![\w+/=-])",
    re.IGNORECASE,
)
# A word as a shell reads it: parts in quotation marks, escaped characters and bare ones, side by side.
_VALUE = r"""(?:'[^'\n]*'|"(?:\\.|[^"\\\n])*"|\\.|\S)++"""
_THEN = r"(?:[ \t]{1,8}|=)"
# swaks, sendemail, s-nail, openssl; settings by their name, in the environment too.
_TYPED = (
    re.compile(rf"(?<!\S)((?:--?(?:auth-)?pass(?:word|in|out)?|-ap|-xp){_THEN}){_VALUE}"),
    re.compile(rf"(?<![\w.-])([\w.-]{{0,40}}(?:passw(?:or)?d|_pass)=){_VALUE}", re.IGNORECASE),
)
# curl has the password behind the name, and takes a short option in one with those without a value.
_LOGIN = re.compile(
    rf"(?<!\S)(-[0-9aBfgGhiIjJklLMnNOpqRsSvVZ#:]{{0,20}}[uU]{_THEN}?|--(?:proxy-)?user{_THEN})({_VALUE})"
)
# Or in the URL, whose host is behind the last "@"; digits up to the path are a port (RFC 3986 3.2).
_IN_URL = re.compile(
    r"""(://(?!\[)[^\s/:<>]{0,200}:)(?!\d{1,5}(?:[\s/?#"'<>)\]]|$))(?:(?!://)[^\s<>])+(?=@)"""
)
_WORD = re.compile(r"\S+")
_RESPONSE = re.compile(r"[A-Za-z0-9+/]+={0,2}|=|\*")
_NOTHING = frozenset({"=", "*"})  # an empty response, and the end of the exchange (RFC 4954 4)
# A response among punctuation; parts of names and of status codes are none.
_STANDING = re.compile(r"(?<![\w.+/@])[A-Za-z0-9+/]++={0,2}+(?![\w+/=@]|\.\w)")
_CODE = re.compile(r"[2-5][0-9]{2}(?=[ -]\S)")  # in its place, before what is said
_PIECE = 8  # characters, six octets: what has so many in common with a response was taken from it


class Secrets:
    """What AUTH sent in a dialogue: each word by its pieces, a short one as a whole.

    The pieces find it inside another word too, and the beginning of one that was cut.
    """

    def __init__(self) -> None:
        self._pieces: set[str] = set()
        self._short: set[str] = set()

    def add(self, sent: str) -> None:
        """Remember the words of a response."""
        for word in sent.split():
            if len(word) >= _PIECE:
                starts = (*range(0, len(word) - _PIECE, _PIECE), len(word) - _PIECE)
                self._pieces.update(word[at : at + _PIECE] for at in starts)
            elif word not in _NOTHING:
                self._short.add(word)

    def covered_in(self, text: str) -> str:
        """Return the text with these replaced by ``***``; a reply code stays in its place."""
        if self._pieces:
            text = self._without_pieces(text)
        if self._short:
            text = _STANDING.sub(self._shown, _WORD.sub(self._shown, text))
        return text

    def _without_pieces(self, text: str) -> str:
        kept: list[str] = []
        end = 0  # of what was covered last
        for at in range(len(text) - _PIECE + 1):
            if text[at : at + _PIECE] in self._pieces:
                if at > end or not kept:
                    kept += (text[end:at], COVER)
                end = at + _PIECE
        return "".join((*kept, text[end:]))

    def _shown(self, word: re.Match[str]) -> str:
        stays = word[0] not in self._short or _CODE.match(word.string, word.start())
        return word[0] if stays else COVER


def is_response(text: str) -> bool:
    """Say whether a line has the form of a client's answer to 334; ``*`` gives up (RFC 4954 4)."""
    return _RESPONSE.fullmatch(text) is not None


def initial_response(command: str) -> tuple[str, str]:
    """Return an AUTH command with what it sends covered, and what that is; empty for nothing."""
    words = command.split(None, 2)
    return (f"{words[0]} {words[1]} {COVER}", words[2]) if len(words) > 2 else (command, "")


def covered(text: str, known: Secrets | None = None) -> str:
    """Return the text with credentials replaced by ``***``; ``known`` are words that are some."""
    text = _INITIAL.sub(rf"\g<1>{COVER}", known.covered_in(text) if known else text)
    for form in (*_TYPED, _IN_URL):
        text = form.sub(rf"\g<1>{COVER}", text)
    return _LOGIN.sub(_without_password, text)


def _without_password(found: re.Match[str]) -> str:
    """Return a name and its password with that covered, in the quotation marks around both."""
    user, colon, password = found[2].partition(":")
    if not password.strip("\"'"):
        return found[0]
    mark = user[:1]
    around = mark in {"'", '"'} and user.count(mark) == 1 and password.endswith(mark)
    return f"{found[1]}{user}{colon}{COVER}{mark if around else ''}"


def quoted(text: str, known: Secrets | None = None) -> str:
    """Return words of a pasted text as a clue quotes them: visible, bounded, without credentials."""
    if len(text) > CLUE_LINE_CHARS:  # a word that is cut would not be known again
        cut = text[:CLUE_LINE_CHARS]
        text = cut.rsplit(None, 1)[0] if cut.strip() else ""
    return visible(covered(text, known), CLUE_QUOTED_CHARS)
