"""Remarks on the text of one record alone (RFC 7208)."""

import ipaddress

from mxwalk.language import say
from mxwalk.mailauth.spf.hosts import network_of, prefix
from mxwalk.mailauth.spf.lint_model import Kind, Remark, Severity
from mxwalk.mailauth.spf.macrosyntax import Macro, read_macros
from mxwalk.mailauth.spf.model import Record, Term
from mxwalk.mailauth.spf.repair import fixed, mended, parted, parted_at, same_key, seams_of
from mxwalk.text import excerpt, visible

WIDEST_IP4 = 16
WIDEST_IP6 = 32
LONGEST = 450


def lint_record(record: Record) -> list[Remark]:
    """Return the remarks on the text, in the order of their places."""
    found = [
        *_faults(record),
        *_ends(record),
        *_terms(record),
        *_repeated(record),
        *_joined(record),
        *_length(record),
    ]
    return sorted(found, key=lambda remark: remark.start)


def _remark(record: Record, kind: Kind, severity: Severity, sentence: str, fix: str) -> Remark:
    return Remark(kind=kind, severity=severity, domain=record.domain, sentence=sentence, fix=fix)


def at_term(record: Record, term: Term, remark: tuple[Kind, Severity], *words: str) -> Remark:
    """Return a remark at a term; ``words`` are its sentence and its fix."""
    sentence, fix = words
    return Remark(
        kind=remark[0],
        severity=remark[1],
        domain=record.domain,
        sentence=sentence,
        fix=fix,
        text=visible(term.text, 120),
        start=term.start,
        end=term.end,
    )


def _faults(record: Record) -> list[Remark]:
    """RFC 7208 4.6: any fault of syntax gives permerror."""
    found: list[Remark] = []
    for fault in record.faults:
        term = next((t for t in record.terms if t.start <= fault.start <= t.end), None)
        text = term.text if term else record.text[fault.start : fault.end]
        better = mended(text) if term else text
        fix = (
            say("write {better}", better=visible(better, 120))
            if better != text
            else say("correct or remove the term")
        )
        if term is not None and term.fault is None:
            fix = say("keep one of the two")
        found.append(
            Remark(
                kind=Kind.SYNTAX,
                severity=Severity.ERROR,
                domain=record.domain,
                sentence=say(
                    "octet {start}: {what}; a receiver answers permerror",
                    start=fault.start,
                    what=fault.what,
                ),
                fix=fix,
                text=visible(text, 120),
                start=fault.start,
                end=fault.end,
            )
        )
    return found


def _ends(record: Record) -> list[Remark]:
    """How the record ends: ``all``, ``redirect``, what stands behind (RFC 7208 5.1, 6.1, 4.7)."""
    found: list[Remark] = []
    every = next((t for t in record.terms if t.name == "all" and not t.is_modifier), None)
    redirect = record.modifier("redirect")
    if every is None:
        if redirect is None:
            found.append(
                _remark(
                    record,
                    Kind.NO_ALL,
                    Severity.WARNING,
                    say("it ends without all or redirect: every other host gets neutral"),
                    say('publish "{fixed}"', fixed=visible(fixed(record), 450)),
                )
            )
        return found
    if every.qualifier == "+":
        what = say("it lets every host of the internet pass")
        found.append(
            at_term(
                record, every, (Kind.PLUS_ALL, Severity.ERROR), what, say("end with ~all or -all")
            )
        )
    elif every.qualifier == "?":
        what = say("it says nothing of other hosts (neutral), as if there were no record")
        found.append(
            at_term(
                record,
                every,
                (Kind.NEUTRAL_ALL, Severity.WARNING),
                what,
                say("end with ~all or -all"),
            )
        )
    for term in record.terms:
        if term.start > every.start and not term.is_modifier:
            what = say("it stands behind all and is never looked at")
            found.append(
                at_term(
                    record,
                    term,
                    (Kind.TERMS_AFTER_ALL, Severity.WARNING),
                    what,
                    say("move it before {every}, or remove it", every=excerpt(every.text)),
                )
            )
    if redirect is not None:
        what = say("redirect is ignored beside all")
        found.append(
            at_term(
                record,
                redirect,
                (Kind.REDIRECT_WITH_ALL, Severity.WARNING),
                what,
                say("remove one of them: {every} or redirect", every=excerpt(every.text)),
            )
        )
    return found


def _terms(record: Record) -> list[Remark]:
    found: list[Remark] = []
    for term in record.terms:
        if term.fault is not None:
            continue
        if term.name == "ptr" and not term.is_modifier:  # RFC 7208 5.5
            what = say("ptr should not be published: it is slow, and many receivers skip it")
            fix = say("name the hosts by ip4, ip6 or a")
            found.append(at_term(record, term, (Kind.PTR, Severity.WARNING), what, fix))
        if term.name in ("ip4", "ip6") and not term.is_modifier:
            found += _network(record, term)
        if term.is_modifier and term.name not in ("redirect", "exp"):
            what = say(
                "{term} is no modifier that SPF knows: receivers ignore it",
                term=visible(term.name, 60),
            )
            better = mended(term.text)
            meant = better != term.text
            fix = say("write {better}", better=visible(better, 120)) if meant else say("remove it")
            severity = Severity.WARNING if meant else Severity.NOTICE
            found.append(at_term(record, term, (Kind.UNKNOWN_MODIFIER, severity), what, fix))
        found += _upper_case(record, term)
    return found


def _upper_case(record: Record, term: Term) -> list[Remark]:
    found: list[Remark] = []
    written = term.text.lstrip("+-?~")[: len(term.name)]
    if written != term.name:
        what = say("names are written in lower case; some receivers compare them so")
        fix = say("write {term}", term=term.name)
        found.append(at_term(record, term, (Kind.UPPERCASE, Severity.NOTICE), what, fix))
    for part in read_macros(term.spec).parts:
        if isinstance(part, Macro) and part.is_upper:  # RFC 7208 7.3
            what = say(
                "an upper-case letter makes {part} escaped as in a URL", part=visible(part.text, 60)
            )
            fix = say("write {part} in a domain name", part=visible(part.text.lower(), 60))
            found.append(at_term(record, term, (Kind.URL_ESCAPED, Severity.NOTICE), what, fix))
    return found


def _network(record: Record, term: Term) -> list[Remark]:
    is_four = term.name == "ip4"
    length = prefix(term, 4 if is_four else 6)
    network = network_of(term.spec, length)
    if network is None or term.qualifier != "+":
        return []
    found: list[Remark] = []
    if length < (WIDEST_IP4 if is_four else WIDEST_IP6):
        kind = Kind.WIDE_IP4 if is_four else Kind.WIDE_IP6
        what = (
            say(
                "{network} lets {count:,} addresses pass",
                network=network,
                count=network.num_addresses,
            )
            if is_four
            else say("{network} lets a /{length} of IPv6 pass", network=network, length=length)
        )
        found.append(
            at_term(
                record, term, (kind, Severity.WARNING), what, say("name the hosts that send mail")
            )
        )
    if _is_private(network):
        what = say("{network} is not an address of the public internet", network=network)
        fix = say("remove it: no receiver elsewhere sees it as a client")
        found.append(at_term(record, term, (Kind.NOT_PUBLIC, Severity.NOTICE), what, fix))
    if str(network.network_address) != str(ipaddress.ip_address(term.spec)):
        what = say(
            "the address has bits behind the /{length}: the network is {network}",
            length=length,
            network=network,
        )
        found.append(
            at_term(
                record,
                term,
                (Kind.HOST_BITS, Severity.NOTICE),
                what,
                say(
                    "write {term}:{network}, or the single address without /{length}",
                    term=term.name,
                    network=network,
                    length=length,
                ),
            )
        )
    return found


_PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)


def _is_private(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    first, length = network.network_address, network.prefixlen
    return any(first in private and length >= private.prefixlen for private in _PRIVATE)


def _repeated(record: Record) -> list[Remark]:
    found: list[Remark] = []
    seen: set[str] = set()
    for term in record.terms:
        key = same_key(term)
        if key in seen and term.fault is None and term.name not in ("redirect", "exp", "all"):
            what = (
                say("it stands there twice and asks DNS again")
                if term.asks
                else say("it stands there twice")
            )
            found.append(
                at_term(
                    record,
                    term,
                    (Kind.DUPLICATE, Severity.NOTICE),
                    what,
                    say("remove the second one"),
                )
            )
        seen.add(key)
    return found


def _joined(record: Record) -> list[Remark]:
    """RFC 7208 3.3: strings are joined with nothing between them."""
    found: list[Remark] = []
    seams = seams_of(record)
    for term in record.terms:
        parts = parted(term.text)
        seam = next((one for one in seams if term.start < one < term.end), None)
        if len(parts) == 1 and seam is not None:
            parts = parted_at(term.text, seam - term.start)
        if len(parts) == 1:
            continue
        shown = say(" and ").join(visible(part, 60) for part in parts)
        if seam is None:
            what = say("a space is missing: {shown} are one word", shown=shown)
            fix = say("write {parts}", parts=visible(" ".join(parts), 160))
        else:
            what = say(
                "two strings of the TXT record meet without a space: {shown} become one word",
                shown=shown,
            )
            fix = say("end the first string, or begin the second one, with a space")
        found.append(at_term(record, term, (Kind.JOINED, Severity.ERROR), what, fix))
    return found


def _length(record: Record) -> list[Remark]:
    """RFC 7208 3.4: an answer should fit into 512 octets, so about 450 remain for the record."""
    if len(record.text) <= LONGEST:
        return []
    return [
        _remark(
            record,
            Kind.LONG_RECORD,
            Severity.NOTICE,
            say(
                "it has {record} octets; over {longest}, the answer may not fit into UDP",
                record=len(record.text),
                longest=LONGEST,
            ),
            say("move a part into a record of its own and include that"),
        )
    ]
