"""What a single line looks like: a reply, a command, a remark behind an arrow, a failed connection.

The verbs are those of RFC 5321 4.1.1 and of the extensions seen in dialogues; a verb alone is a command
only in the form the RFC gives it, so that prose is none.
"""

import re

from mxwalk.evidence.wire import EndingKind

_REPLY = re.compile(r"\s{0,12}([2-5][0-9]{2})(?:[ -]|\s*$)")
_COMMAND = re.compile(
    r"(?:(?:EHLO|HELO|LHLO)\s+\S{1,255}|MAIL FROM:.*|RCPT TO:.*|STARTTLS|DATA|RSET|QUIT"
    r"|NOOP|AUTH\s+[A-Z0-9_-]{1,20}(?:\s+\S+)?|(?:VRFY|EXPN|ETRN)\s+\S+|BDAT\s+\d+(?:\s+LAST)?|HELP"
    r"|XCLIENT\s+.*|XFORWARD\s+.*)\s*",
    re.IGNORECASE,
)
_BARE_HELLO = re.compile(r"(?:EHLO|HELO)\s*", re.IGNORECASE)
# An arrow to the left, as people write it; no reply or command has one between blanks.
_ARROW = re.compile(r"(?<=\s)(?:<[-=~]{1,10}(?!\S*>)|←+|⟵|⇐)(?=\s|$)")


def reply_code(text: str) -> int:
    """Return the code of a reply line, 0 for what is none (RFC 5321 4.2)."""
    match = _REPLY.match(text)
    return int(match.group(1)) if match else 0


def is_command(text: str) -> bool:
    """Say whether the whole line is an SMTP command."""
    plain = text.strip()
    return len(plain) <= 1_024 and bool(_COMMAND.fullmatch(plain) or _BARE_HELLO.fullmatch(plain))


def verb_of(command: str) -> str:
    """Return a command's verb in upper case."""
    word = command.strip().split(None, 1)
    return word[0].upper().partition(":")[0] if word else ""


def without_remark(text: str) -> tuple[str, str]:
    """Cut the remark behind an arrow; it comes back as the second text, empty where there is none."""
    match = _ARROW.search(text)
    if match is None:
        return text, ""
    return text[: match.start()].rstrip(), text[match.start() :].strip()


def refusal(text: str) -> EndingKind | None:
    """Return what a system's words for a failed connection mean, ``None`` for other words."""
    lowered = text.lower()
    if "refused" in lowered:
        return EndingKind.REFUSED
    if "timed out" in lowered or "timeout" in lowered:
        return EndingKind.TIMEOUT
    if "no route to host" in lowered or "unreachable" in lowered:
        return EndingKind.UNREACHABLE
    return None
