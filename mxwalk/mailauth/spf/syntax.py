"""The terms of a record by the ABNF of RFC 7208 section 12, each with its octets and its fault.

Total.  A name followed by ``=`` is a modifier and carries no qualifier; everything else is a
directive, and one whose name is not known is an error (4.6.1), while an unknown modifier is not.
"""

import ipaddress
import re
from dataclasses import replace

from mxwalk.language import say
from mxwalk.mailauth.spf.macrosyntax import domain_fault, read_macros
from mxwalk.mailauth.spf.model import QUALIFIERS, Fault, Term
from mxwalk.text import visible

MECHANISMS = ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists")
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=")
_NAME = re.compile(r"[^:/]*")
_QNUM = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])"
_IP4 = re.compile(rf"{_QNUM}(?:\.{_QNUM}){{3}}")
_DUAL = re.compile(r"(?:(?<!/)/([0-9]+))?(?://([0-9]+))?\Z")
_MEANT = {
    "ip": "ip4",
    "ipv4": "ip4",
    "ip4v": "ip4",
    "ipv6": "ip6",
    "inlcude": "include",
    "includes": "include",
    "inclue": "include",
    "incude": "include",
    "exist": "exists",
    "redirect": "redirect=",
    "exp": "exp=",
    "al": "all",
    "alll": "all",
}


def read_term(text: str, start: int) -> Term:
    """Return the term written as ``text`` that begins at the octet ``start`` of its record."""
    end = start + len(text)
    modifier = _MODIFIER.match(text)
    if modifier:
        name = modifier[1].lower()
        term = Term(
            start=start,
            end=end,
            text=text,
            name=name,
            is_modifier=True,
            spec=text[modifier.end() :],
        )
        return _with(term, _modifier_fault(term), modifier.end())
    qualifier = text[0] if text[0] in QUALIFIERS else ""
    body = text[len(qualifier) :]
    written = _NAME.match(body)
    name = written[0] if written else ""
    rest = body[len(name) :]
    term = Term(
        start=start,
        end=end,
        text=text,
        name=name.lower(),
        qualifier=qualifier or "+",
    )
    return _mechanism(term, rest, len(text) - len(rest), len(qualifier))


def _with(term: Term, fault: Fault | None, offset: int) -> Term:
    """Return the term with a fault whose places count from ``offset`` in the term."""
    if fault is None:
        return term
    base = term.start + offset
    return replace(
        term, fault=Fault(start=base + fault.start, end=base + fault.end, what=fault.what)
    )


def _modifier_fault(term: Term) -> Fault | None:
    if term.name in ("redirect", "exp"):
        return domain_fault(term.spec)
    return read_macros(term.spec).fault  # RFC 7208 6: unknown ones are ignored, yet well formed


def _mechanism(term: Term, rest: str, offset: int, name_at: int) -> Term:
    match term.name:
        case "all":
            return _nothing_behind(term, rest, offset)
        case "include" | "exists":
            if not rest.startswith(":"):
                what = say("{term} needs ':' and a domain", term=term.name)
                return _with(term, Fault(start=0, end=len(rest), what=what), offset)
            term = replace(term, spec=rest[1:])
            return _with(term, domain_fault(rest[1:]), offset + 1)
        case "ptr":
            if not rest:
                return term
            if not rest.startswith(":"):
                return _nothing_behind(term, rest, offset)
            term = replace(term, spec=rest[1:])
            return _with(term, domain_fault(rest[1:]), offset + 1)
        case "a" | "mx":
            return _hosts(term, rest, offset)
        case "ip4" | "ip6":
            return _network(term, rest, offset)
        case _:
            end = offset - name_at
            return _with(term, Fault(start=0, end=end, what=_unknown(term, rest)), name_at)


def _nothing_behind(term: Term, rest: str, offset: int) -> Term:
    if not rest:
        return term
    what = say("nothing can stand behind {term}", term=term.name)
    return _with(term, Fault(start=0, end=len(rest), what=what), offset)


def _unknown(term: Term, rest: str) -> str:
    if not term.name:
        return say("a mechanism's name must stand here")
    name = term.name.partition("=")[0]
    if name in ("redirect", "exp") and "=" in term.name:
        return say("{name} is a modifier and takes no qualifier", name=name)
    meant = _MEANT.get(name, "")
    if _IP4.fullmatch(name):
        meant = "ip4:"
    elif name == "v" or (not rest and name == "spf1"):
        return say("the version stands once, at the beginning")
    shown = visible(term.name, 60)
    if meant:
        return say("{term!r} is no mechanism; is {meant} meant?", term=shown, meant=meant)
    return say("{term!r} is no mechanism", term=shown)


def _hosts(term: Term, rest: str, offset: int) -> Term:
    """Read ``[ ":" domain-spec ] [ dual-cidr-length ]`` (RFC 7208 5.3, 5.4)."""
    dual = _DUAL.search(rest)
    cut = dual.start() if dual else len(rest)
    spec = rest[:cut]
    if spec and not spec.startswith(":"):
        what = say("after '/' must stand a prefix length: /24, //64 or /24//64")
        return _with(term, Fault(start=0, end=len(rest), what=what), offset)
    if dual:
        for group, widest in ((1, 32), (2, 128)):
            fault = _length_fault(dual[group], dual.start(group), widest)
            if fault is not None:
                return _with(replace(term, spec=spec[1:]), fault, offset)
        term = replace(
            term,
            cidr4=None if dual[1] is None else int(dual[1]),
            cidr6=None if dual[2] is None else int(dual[2]),
        )
    if not spec:
        return term
    term = replace(term, spec=spec[1:])
    return _with(term, domain_fault(spec[1:]), offset + 1)


def _length_fault(digits: str | None, at: int, widest: int) -> Fault | None:
    if digits is None:
        return None
    if len(digits) > 1 and digits[0] == "0":
        return Fault(
            start=at, end=at + len(digits), what=say("a prefix length has no leading zero")
        )
    if len(digits) > 3 or int(digits) > widest:
        what = say("the prefix length is at most {widest}", widest=widest)
        return Fault(start=at, end=at + len(digits), what=what)
    return None


def _network(term: Term, rest: str, offset: int) -> Term:
    """Read ``":" network [ "/" length ]`` (RFC 7208 5.6)."""
    is_four = term.name == "ip4"
    if not rest.startswith(":"):
        what = say("{term} needs ':' and an address", term=term.name)
        return _with(term, Fault(start=0, end=len(rest), what=what), offset)
    address, slash, digits = rest[1:].partition("/")
    term = replace(term, spec=address)
    if not (_IP4.fullmatch(address) if is_four else _is_ip6(address)):
        family = "IPv4" if is_four else "IPv6"
        what = say(
            "{address!r} is no {family} address", address=visible(address, 60), family=family
        )
        return _with(term, Fault(start=1, end=1 + len(address), what=what), offset)
    if not slash:
        return term
    at = 2 + len(address)
    if not (digits.isascii() and digits.isdecimal()):
        what = say("after '/' must stand a prefix length")
        return _with(term, Fault(start=at, end=len(rest), what=what), offset)
    fault = _length_fault(digits, at, 32 if is_four else 128)
    if fault is not None:
        return _with(term, fault, offset)
    length = int(digits)
    return replace(term, cidr4=length) if is_four else replace(term, cidr6=length)


def _is_ip6(address: str) -> bool:
    if "%" in address or not address.isascii():  # a zone is no part of RFC 4291 2.2
        return False
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return False
    return True
