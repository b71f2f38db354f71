"""The record as it should be published: what can be mended without asking anybody (RFC 7208).

Mechanical and shy: nothing that names a sender is dropped or replaced by addresses.  What cannot be
mended stays as it is, for the remark on it to tell.
"""

import ipaddress
import re

from mxwalk import limits
from mxwalk.mailauth.spf.hosts import network_of, network_text
from mxwalk.mailauth.spf.model import Record, Term
from mxwalk.mailauth.spf.syntax import MECHANISMS, read_term

DENY_ALL = "v=spf1 -all"
_SPELLED = {
    "ip": "ip4",
    "ipv4": "ip4",
    "ipv6": "ip6",
    "includes": "include",
    "inlcude": "include",
    "incude": "include",
    "exist": "exists",
}
_IP4_LIKE = re.compile(r"[0-9]+(?:\.[0-9]+){3}(?:/[0-9]+)?")
_BEGINS = re.compile(r"(?i)[-+~?]?(?:include:|exists:|ip4:|ip6:|redirect=)|[-+~?]all\Z")
_WORD = 2_000
_ZEROS = re.compile(r"/0+(?=[0-9])")


def fixed(record: Record) -> str:
    """Return the mended record; the very text (but for spaces and case) if there is nothing to mend.

    A record that ends without ``all`` and ``redirect`` gets ``~all``, and one that lets everybody
    pass, or says nothing about others, too: soft until its senders are known.
    """
    if len(record.terms) >= limits.SPF_TERMS:
        return record.text
    words = [one for word in _split(record) for one in mended(word).split(" ")]
    terms = [read_term(word, 0) for word in words]
    ends = next((at for at, term in enumerate(terms) if _is_all(term)), None)
    kept: list[Term] = []
    seen: set[str] = set()
    for at, term in enumerate(terms):
        behind = ends is not None and at > ends and not term.is_modifier
        unused = ends is not None and term.is_modifier and term.name == "redirect"
        if behind or unused or same_key(term) in seen:
            continue
        seen.add(same_key(term))
        kept.append(term)
    modifiers = [_written(term) for term in kept if term.is_modifier]
    directives = [_written(term) for term in kept if not (term.is_modifier or _is_all(term))]
    has_redirect = any(term.is_modifier and term.name == "redirect" for term in kept)
    tail: list[str] = []
    if ends is not None:
        tail = ["-all" if terms[ends].qualifier == "-" else "~all"]
    elif not has_redirect:
        tail = ["~all"]
    return " ".join(["v=spf1", *directives, *tail, *modifiers])


def mended(word: str) -> str:
    """Return a word that is no term as the term that is meant, if that is certain."""
    term = read_term(word, 0)
    if term.fault is None and not (term.is_modifier and term.name in MECHANISMS):
        return " ".join(parted(word))
    for attempt in _attempts(word):
        if attempt and read_term(attempt, 0).fault is None:
            return attempt
    return " ".join(parted(word))


def parted(word: str) -> list[str]:
    """Return the terms in a word that lacks spaces between them, or the word itself."""
    parts: list[str] = []
    rest = word if len(word) <= _WORD else ""
    while rest:
        cut = next(
            (
                found.start()
                for found in _BEGINS.finditer(rest, 1)
                if read_term(rest[: found.start()], 0).fault is None
            ),
            len(rest),
        )
        parts.append(rest[:cut])
        rest = rest[cut:]
    whole = parts and all(read_term(part, 0).fault is None for part in parts)
    return parts if whole else [word]


def parted_at(word: str, at: int) -> list[str]:
    """Return the terms in a word where two strings meet at ``at``, or the word (RFC 7208 3.3)."""
    if read_term(word, 0).fault is None:
        return [word]
    parts = [*parted(word[:at]), *parted(word[at:])]
    return parts if all(read_term(part, 0).fault is None for part in parts) else [word]


def same_key(term: Term) -> str:
    """Return what makes two terms the same: the name, its argument without case, the lengths."""
    return f"{term.qualifier}{_written(term).lower()}"


def _attempts(word: str) -> list[str]:
    plain = word.strip("\t\r\n\"'\u00a0").rstrip(",;")
    qualifier = plain[0] if plain[:1] in ("+", "-", "~", "?") else ""
    body = plain[len(qualifier) :]
    name, sep, rest = body.partition(":")
    name = name.lower()
    before, equals, behind = body.partition("=")
    is_mechanism = bool(equals) and before.lower() in MECHANISMS
    attempts = [] if is_mechanism else [plain]
    if _IP4_LIKE.fullmatch(body):
        attempts.append(f"{qualifier}ip4:{body}")
    if sep and name in _SPELLED:
        attempts.append(f"{qualifier}{_SPELLED[name]}:{rest}")
    if sep and name in ("a", "mx") and _IP4_LIKE.fullmatch(rest):
        attempts.append(f"{qualifier}ip4:{rest}")
    if sep and name in ("ip4", "ip6", "ip"):
        family = _family(rest)
        attempts.append(f"{qualifier}{family}:{rest}" if family else "")
    if is_mechanism:
        attempts.append(f"{qualifier}{before}:{behind}")
    if sep and name in ("redirect", "exp"):
        attempts.append(f"{name}={rest}")
    if qualifier and equals and before.lower() in ("redirect", "exp"):
        attempts.append(body)
    attempts += [_ZEROS.sub("/", one) for one in tuple(attempts) if "/0" in one]
    return attempts


def _family(text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return ""
    return f"ip{network.version}"


def _split(record: Record) -> list[str]:
    """Return the words, those cut where character-strings meet if only that makes terms of them."""
    words: list[str] = []
    seams = seams_of(record)
    at = 6
    for word in record.text[6:].split(" "):
        start, end = at, at + len(word)
        at = end + 1
        if not word:
            continue
        seam = next((one for one in seams if start < one < end), None)
        words += [word] if seam is None else parted_at(word, seam - start)
    return words


def seams_of(record: Record) -> tuple[int, ...]:
    """Return the octets where one character-string ends and the next begins."""
    at, found = 0, []
    for length in record.strings[:-1]:
        at += length
        found.append(at)
    return tuple(found)


def _is_all(term: Term) -> bool:
    return not term.is_modifier and term.name == "all" and term.fault is None


def _written(term: Term) -> str:
    """Return a term in its usual form: lower-case name, no plus, no host bits."""
    if term.fault is not None:
        return term.text
    if term.is_modifier:
        return f"{term.name}={term.spec}"
    qualifier = "" if term.qualifier == "+" else term.qualifier
    if term.name in ("ip4", "ip6"):
        return f"{qualifier}{term.name}:{_network(term)}"
    spec = f":{term.spec}" if term.spec else ""
    four = "" if term.cidr4 is None else f"/{term.cidr4}"
    six = "" if term.cidr6 is None else f"//{term.cidr6}"
    return f"{qualifier}{term.name}{spec}{four}{six}"


def _network(term: Term) -> str:
    length = term.cidr4 if term.name == "ip4" else term.cidr6
    if length is None:
        return term.spec
    network = network_of(term.spec, length)
    return f"{term.spec}/{length}" if network is None else network_text(network)
