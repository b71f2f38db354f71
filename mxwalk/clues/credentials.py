"""Credentials in a pasted text: they are covered wherever the text is quoted.

AUTH sends them in base64, in the command itself or after a 334 (RFC 4954 4); a shell command of a tool
may hold a password.  What a dialogue's own state shows to be one is given in ``known``; the rest is
told by its form.
"""

import re
from collections.abc import Collection

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
_VALUE = r"""(?:'[^']*'|"[^"]*"|\S+)"""
# swaks, sendemail, s-nail, openssl; curl has the password behind the name, or in the URL.
_TYPED = (
    re.compile(rf"(?<!\S)((?:--?(?:auth-)?pass(?:word)?|-ap|-xp)[ =]){_VALUE}"),
    re.compile(rf"((?:smtp-auth-|\b)password=){_VALUE}"),
    re.compile(r"""(?<!\S)((?:-u|--user)[ =]?["']?[^\s:"']{1,200}:)[^\s"']+"""),
    re.compile(r"(://[^\s/:@]{1,200}:)[^\s/@]{1,200}(?=@)"),
)
_WORD = re.compile(r"\S+")
_RESPONSE = re.compile(r"[A-Za-z0-9+/]+={0,2}|=|\*")


def is_response(text: str) -> bool:
    """Say whether a line has the form of a client's answer to 334; ``*`` gives up (RFC 4954 4)."""
    return _RESPONSE.fullmatch(text) is not None


def initial_response(command: str) -> tuple[str, str]:
    """Return an AUTH command with what it sends covered, and what that is; empty for nothing."""
    words = command.split(None, 2)
    return (f"{words[0]} {words[1]} {COVER}", words[2]) if len(words) > 2 else (command, "")


def without(text: str, known: Collection[str]) -> str:
    """Return the text with these words replaced by ``***``: a server may say again what it got."""
    return _WORD.sub(lambda word: COVER if word[0] in known else word[0], text) if known else text


def covered(text: str, known: Collection[str] = ()) -> str:
    """Return the text with credentials replaced by ``***``; ``known`` are words that are some."""
    text = _INITIAL.sub(rf"\g<1>{COVER}", without(text, known))
    for form in _TYPED:
        text = form.sub(rf"\g<1>{COVER}", text)
    return text


def quoted(text: str, known: Collection[str] = ()) -> str:
    """Return words of a pasted text as a clue quotes them: visible, bounded, without credentials."""
    if len(text) > CLUE_LINE_CHARS:  # a word that is cut would not be known again
        cut = text[:CLUE_LINE_CHARS]
        text = cut.rsplit(None, 1)[0] if cut.strip() else ""
    return visible(covered(text, known), CLUE_QUOTED_CHARS)
