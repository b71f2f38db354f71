"""An SPF record as read, and which of the records at a name is one (RFC 7208 3.2, 3.3, 4.5, 4.6).

Reading is total: faults are part of the record, at their octets.  One fault anywhere makes a
receiver answer permerror before any term is evaluated (4.6).
"""

from collections.abc import Iterable
from functools import lru_cache

from mxwalk import limits
from mxwalk.dns.txt import txt_strings
from mxwalk.language import per_language, say
from mxwalk.mailauth.spf.model import Fault, Record, Term
from mxwalk.mailauth.spf.syntax import read_term

VERSION = b"v=spf1"


def is_record(octets: bytes) -> bool:
    """Say whether the octets begin with the version, then a space or the end (RFC 7208 4.5)."""
    return octets[:6].lower() == VERSION and octets[6:7] in (b"", b" ")


def strings_of(records: Iterable[str]) -> tuple[tuple[bytes, ...], ...]:
    """Return the character-strings of TXT records in presentation form."""
    return tuple(_strings(record) for record in records)


@lru_cache(maxsize=2_048)
def _strings(record: str) -> tuple[bytes, ...]:
    return txt_strings(record)


def select_records(records: Iterable[tuple[bytes, ...]]) -> tuple[tuple[bytes, ...], ...]:
    """Return the TXT records that are SPF records, each as its character-strings."""
    return tuple(strings for strings in records if is_record(b"".join(strings)))  # 3.3


def read_record(
    domain: str, octets: bytes, strings: tuple[int, ...] = (), ttl_s: int | None = None
) -> Record:
    """Return the record of ``domain`` as read from its joined character-strings.

    ``text`` has one character an octet (latin-1), so that places are octets.
    """
    text, terms, faults = _read(octets)
    return Record(
        domain=domain,
        text=text,
        terms=terms,
        faults=faults,
        strings=strings or (len(octets),),
        ttl_s=ttl_s,
    )


@per_language(maxsize=1_024)
def _read(octets: bytes) -> tuple[str, tuple[Term, ...], tuple[Fault, ...]]:
    text = octets.decode("latin-1")
    terms: list[Term] = []
    faults: list[Fault] = []
    seen: dict[str, Term] = {}
    if not is_record(octets):
        what = say("an SPF record begins with v=spf1 and a space")
        return text, (), (Fault(start=0, end=min(7, len(text)), what=what),)
    at = len(VERSION)
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        if len(terms) >= limits.SPF_TERMS:
            what = say("no more than {spf_terms} terms are read", spf_terms=limits.SPF_TERMS)
            faults.append(Fault(start=at, end=len(text), what=what))
            break
        end = text.find(" ", at)
        end = len(text) if end < 0 else end
        term = read_term(text[at:end], at)
        terms.append(term)
        if term.fault is not None:
            faults.append(term.fault)
        if term.is_modifier and term.name in ("redirect", "exp"):
            if term.name in seen:  # RFC 7208 6: they MUST NOT appear more than once
                what = say("{term} stands here again; it may appear once", term=term.name)
                faults.append(Fault(start=term.start, end=term.end, what=what))
            seen.setdefault(term.name, term)
        at = end
    return text, tuple(terms), tuple(faults)
