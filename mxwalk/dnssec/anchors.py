"""Trust anchors: where validation begins (RFC 4033 3.1, RFC 9718).

The root's two key-signing keys are shipped as data, with source and date; a file may name
others, as DS or DNSKEY records or in the forms of Unbound and BIND.  Anchors that point at nothing
are refused with one clear sentence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS

from mxwalk.dnssec.names import Name, show, to_name
from mxwalk.errors import UsageError
from mxwalk.language import noted, say
from mxwalk.limits import ANCHOR_FILE_CHARS, TRUST_ANCHORS
from mxwalk.text import visible

IANA_SOURCE = noted(
    "the root anchors of IANA (data.iana.org), as in Debian's dns-root-data 2024071801"
)
# Key tag, valid from, DS data; compared on 2026-11-21 with Debian's package dns-root-data 2024071801.
IANA_ROOT = (
    ("20326", "2017-02-02",
     "20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"),
    ("38696", "2024-07-18",
     "38696 8 2 683d2d0acb8c9b712a1948b27f741219298d0a450d612c483af444a4c0fb2b16"),
)  # fmt: skip
# BIND 9: `name (static|initial)-(key|ds) n n n "data" ;`, older `name n n n "data" ;` and
# `name initial-key n n n "data" ;`; Unbound's trusted-keys-file has the same form.
_STATEMENT = re.compile(
    r"""(?:"(?P<quoted>[^"\s]+)"|(?P<name>[^\s";{}]+))\s+
        (?:(?:static|initial)-(?P<form>key|ds)\s+)?
        (?P<one>[0-9]{1,5})\s+(?P<two>[0-9]{1,3})\s+(?P<three>[0-9]{1,3})\s+
        "(?P<data>[A-Za-z0-9+/=\s]+)"\s*;""",
    re.VERBOSE,
)
_BLOCK = re.compile(
    r"(?:trust-anchors|trusted-keys|managed-keys)\s*\{(?P<body>[^{}]*)\}\s*;", re.DOTALL
)
_RECORD = re.compile(
    r"(?P<name>\S+)\s+(?:[0-9]+\s+)?(?:(?:IN|in)\s+)?(?:[0-9]+\s+)?"
    r"(?P<type>DS|DNSKEY|ds|dnskey)\s+(?P<data>.+)"
)


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """The anchors by zone, each as DS or DNSKEY record; ``source`` says where they are from."""

    by_zone: Mapping[Name, tuple[DS | DNSKEY, ...]]
    source: str = ""

    def closest(self, name: Name) -> Name | None:
        """Return the deepest anchored zone above or at ``name``."""
        while name not in self.by_zone:
            if name == dns.name.root:
                return None
            name = name.parent()
        return name

    @property
    def lines(self) -> tuple[str, ...]:
        """The anchors as zone-file lines."""
        return tuple(
            f"{show(zone)} IN {dns.rdatatype.to_text(each.rdtype)} {each}"
            for zone, anchors in self.by_zone.items()
            for each in anchors
        )


def root_anchors() -> TrustAnchors:
    """Return the anchors of the public root: both key-signing keys of IANA."""
    lines = "\n".join(f". IN DS {data}" for _, _, data in IANA_ROOT)
    return read_anchors(lines, source=say(IANA_SOURCE))


def read_anchors(text: str, source: str = "") -> TrustAnchors:
    """Read DS or DNSKEY lines, or BIND's ``trust-anchors``, ``trusted-keys``, ``managed-keys``.

    Comments are those of each form.  A DNSKEY that is revoked is left out (RFC 5011 2.1), as is one
    that Unbound's own file marks as revoked or removed.  Raises ``UsageError`` when a line cannot
    be read or no anchor is left.
    """
    if len(text) > ANCHOR_FILE_CHARS:
        raise UsageError(
            say("the trust anchors are {n} characters long; that is no key file", n=len(text))
        )
    found: dict[Name, list[DS | DNSKEY]] = {}
    plain = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    for block in _BLOCK.finditer(plain):
        _read_block(block["body"], found)
    for number, line in enumerate(_logical_lines(_BLOCK.sub("\n", plain)), 1):
        _read_line(number, line, found)
    if not any(found.values()):
        raise UsageError(
            say("no trust anchor found; write a line such as '. IN DS 20326 8 2 e06d44b8...'")
        )
    anchors = {zone: tuple(dict.fromkeys(each)) for zone, each in found.items() if each}
    if sum(map(len, anchors.values())) > TRUST_ANCHORS:
        raise UsageError(say("more than {most} trust anchors", most=TRUST_ANCHORS))
    return TrustAnchors(MappingProxyType(anchors), source)


def _logical_lines(text: str) -> list[str]:
    """Return the lines with parentheses joined (RFC 1035 5.1), comments kept for their states."""
    lines, pending = [], ""
    for raw in text.splitlines():
        pending = f"{pending} {raw}" if pending else raw
        body = pending.partition(";")[0]
        if body.count("(") > body.count(")"):
            pending = body
            continue
        lines.append(pending)
        pending = ""
    return [*lines, pending] if pending else lines


def _read_line(number: int, line: str, found: dict[Name, list[DS | DNSKEY]]) -> None:
    body, _, comment = line.partition(";")
    body = body.partition("//")[0] if body.lstrip().startswith("//") else body
    body = re.sub(r"[()]", " ", body).strip()
    if not body or body.startswith(("#", "$")):
        return
    match = _RECORD.fullmatch(body)
    if match is None:
        raise UsageError(
            say(
                "trust anchors, line {number}: {line!r} is no DS or DNSKEY",
                number=number,
                line=visible(body, 80),
            )
        )
    if re.search(
        r"\bstate=[0145]\b", comment
    ):  # RFC 5011 4: only VALID and MISSING keys are trusted
        return
    _add(
        say("line {number}", number=number),
        match["name"],
        match["type"].upper(),
        match["data"],
        found,
    )


def _read_block(body: str, found: dict[Name, list[DS | DNSKEY]]) -> None:
    body = re.sub(r"(?m)(?://|#).*$", " ", body)
    rest = _STATEMENT.sub(" ", body).strip()
    if rest:
        raise UsageError(
            say("trust anchors: {text!r} is no anchor in BIND's form", text=visible(rest, 80))
        )
    for match in _STATEMENT.finditer(body):
        rtype = "DS" if match["form"] == "ds" else "DNSKEY"
        data = f"{match['one']} {match['two']} {match['three']} {match['data']}"
        _add(say("a statement"), match["quoted"] or match["name"], rtype, data, found)


def _add(
    where: str, name: str, rtype: str, data: str, found: dict[Name, list[DS | DNSKEY]]
) -> None:
    zone = to_name(name)
    try:
        rdata = dns.rdata.from_text(
            dns.rdataclass.IN, dns.rdatatype.from_text(rtype), " ".join(data.split())
        )
    except (dns.exception.DNSException, ValueError) as error:
        raise UsageError(
            say("trust anchors, {where}: {error}", where=where, error=visible(str(error), 120))
        ) from error
    if zone is None or not isinstance(rdata, (DS, DNSKEY)):
        raise UsageError(
            say(
                "trust anchors, {where}: {name!r} is no zone name",
                where=where,
                name=visible(name, 80),
            )
        )
    anchors = found.setdefault(zone, [])
    if not (isinstance(rdata, DNSKEY) and rdata.flags & 0x0080):
        anchors.append(rdata)
