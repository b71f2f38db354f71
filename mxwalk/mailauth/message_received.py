"""``Received`` fields (RFC 5321 4.4) as the mail systems in use write them.

Postfix, Exim, sendmail, qmail, Exchange, Gmail and the ESA agree on ``from``, ``by``, ``with`` and the
date behind the last semicolon, and on little else: the client's address and the HELO name
stand in brackets, in comments, or in place of each other.  Total and bounded; what a line does not say
is empty.
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from mxwalk.limits import MESSAGE_COMMENT_DEPTH, MESSAGE_RECEIVED_CHARS

_CLAUSES = ("from", "by", "via", "with", "id", "for")
_BRACKETED = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})(?:%\w+)?\]", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w.:-])([0-9A-Fa-f:.]{2,45})(?![\w:-])")
_HELO = re.compile(r"(?:^|[\s(])(?:helo=|ehlo=|(?:HELO|EHLO)\s+)([^\s()]+)")
_RDNS = re.compile(r"^\s*([A-Za-z0-9_][A-Za-z0-9_.-]*\.[A-Za-z0-9_-]+)\.?\s+\[")
_SENDER = re.compile(r"\(envelope-from\s+<?([^\s<>()]*)>?\)")
_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")
# Addresses that say nothing about the outside.  Documentation networks (RFC 5737, RFC 3849) are
# no such: examples are written with them.
_INNER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
        "::/127",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A ``Received`` field as read.

    ``number`` counts from the top, from 1; ``helo`` is what the client called itself, ``rdns`` what
    the receiver found for ``ip``; ``by`` the receiving host, ``protocol`` what stands behind ``with``;
    ``at`` the time in seconds since 1970, ``None`` where no date can be read; ``sender`` is Exim's
    envelope-from.
    """

    number: int
    line: int
    text: str
    helo: str = ""
    rdns: str = ""
    ip: str = ""
    by: str = ""
    protocol: str = ""
    ident: str = ""
    recipient: str = ""
    sender: str = ""
    at: int | None = None

    @property
    def is_public(self) -> bool:
        """Whether the client's address is one of the Internet, not of a private network."""
        return bool(self.ip) and is_public(self.ip)


def is_public(address: str) -> bool:
    """Say whether an address is neither private, loopback, link-local nor multicast."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(one, ipaddress.IPv6Address) and one.ipv4_mapped is not None:
        one = one.ipv4_mapped
    return not any(one in network for network in _INNER if network.version == one.version)


def read_received(value: str, number: int, line: int) -> Hop:
    """Return what a ``Received`` field says; ``value`` is unfolded."""
    text = value[:MESSAGE_RECEIVED_CHARS]
    clauses = _clauses(text)
    helo, rdns, ip = _client(*clauses.get("from", ("", "")))
    sender = _SENDER.search(text)
    return Hop(
        number=number,
        line=line,
        text=value,
        helo=helo,
        rdns=rdns,
        ip=ip,
        by=_first(clauses, "by"),
        protocol=clauses.get("with", ("", ""))[0],
        ident=_first(clauses, "id"),
        recipient=_first(clauses, "for").strip("<>"),
        sender=sender[1] if sender else "",
        at=_date(text),
    )


def _first(clauses: dict[str, tuple[str, str]], name: str) -> str:
    words = clauses.get(name, ("", ""))[0].split()
    return words[0].rstrip(";") if words else ""


def _clauses(text: str) -> dict[str, tuple[str, str]]:
    """Return each clause's words and, apart from them, its comments; the first of a name counts."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    current: tuple[list[str], list[str]] | None = None
    for word, is_comment in _pieces(text):
        if not is_comment and word.lower() in _CLAUSES and word.lower() not in found:
            current = found.setdefault(word.lower(), ([], []))
        elif current is not None:
            current[is_comment].append(word)
    return {name: (" ".join(words), " ".join(notes)) for name, (words, notes) in found.items()}


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Split into words and comments (without their outer parentheses), as far as a semicolon."""
    pieces: list[tuple[str, bool]] = []
    word, depth = "", 0
    for char in text:
        if char == "(" and depth < MESSAGE_COMMENT_DEPTH:
            depth += 1
            if depth == 1:
                if word:
                    pieces.append((word, False))
                word = ""
                continue
        elif char == ")" and depth:
            depth -= 1
            if not depth:
                pieces.append((word, True))
                word = ""
                continue
        if not depth and (char.isspace() or char == ";"):
            if word:
                pieces.append((word, False))
            word = ""
            if char == ";":
                return pieces
        else:
            word += char
    if word:
        pieces.append((word, depth > 0))
    return pieces


def _client(words: str, notes: str) -> tuple[str, str, str]:
    """Return HELO name, reverse name and address of a ``from`` clause."""
    first = next(iter(words.split()), "")
    ip = _address(notes, _BRACKETED) or _address(words, _BRACKETED) or _address(notes, _BARE)
    said = _HELO.search(notes)
    rdns = _RDNS.match(notes)
    if said:  # Exim: name ([ip] helo=said); qmail: unknown (HELO said) (ip)
        name = first if _NAME.fullmatch(first) and first.lower() != "unknown" else ""
        return said[1].rstrip(".") or said[1], (rdns[1] if rdns else name).rstrip("."), ip
    return first.rstrip("."), rdns[1].rstrip(".") if rdns else "", ip


def _address(text: str, pattern: re.Pattern[str]) -> str:
    for found in pattern.findall(text):
        try:
            return str(ipaddress.ip_address(found))
        except ValueError:
            continue
    return ""


def _date(text: str) -> int | None:
    stamp = text.rpartition(";")[2].strip()
    if not stamp or len(stamp) > 100:
        return None
    try:
        at = parsedate_to_datetime(stamp)
        return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
