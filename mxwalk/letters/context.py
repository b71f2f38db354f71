"""What a template is given: the findings of a letter as points, and what was tried."""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.model import Finding
from mxwalk.language import say
from mxwalk.letters.facts import attempt_of, facts, shown, started
from mxwalk.letters.model import Contact, Fact, Party
from mxwalk.letters.products import Advice, advice, product_of
from mxwalk.letters.topics import topic
from mxwalk.limits import LETTER_FINDINGS, LETTER_PLACES
from mxwalk.senders.model import Verdict
from mxwalk.senders.outcomes import words_of

_HOSTS = 6
# RFC 1918, RFC 6598, RFC 4193, loopback and link-local: behind these stands another address.
_INSIDE = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        *("127.0.0.0/8", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The findings of one code in a letter, with what a reader needs to act on them."""

    code: str
    title: str
    rfc: str
    topic: str
    sentences: tuple[str, ...]
    facts: tuple[Fact, ...]
    fixes: tuple[str, ...]
    commands: tuple[str, ...]
    advice: Advice | None = None
    more: int = 0  # places beyond the bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The findings that one letter is about, together by code, and how many codes are left out."""

    groups: tuple[tuple[Finding, ...], ...]
    left_out: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those that the letter tells in full."""
        return tuple(one for group in self.groups for one in group[:LETTER_PLACES])


def select(findings: Sequence[Finding]) -> Selection:
    """Put findings of one code together, up to the bound."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.code, []).append(finding)
    told = tuple(map(tuple, groups.values()))[:LETTER_FINDINGS]
    return Selection(groups=told, left_out=len(groups) - len(told))


def context_of(
    delivery: Delivery, verdict: Verdict, party: Party, about: Selection, contact: Contact
) -> dict[str, object]:
    """Return what the templates are given; every text in it is visible."""
    header = delivery.trace.header
    named = not header.redacted  # placeholders of a redacted walk are for the writer to fill in
    tells = header.purpose is Purpose.DELIVERY and not verdict.outcome.delivered
    return {
        "party": party,
        "purpose": header.purpose.value,
        "subject_name": shown(str(delivery.target.domain or delivery.target.address)),
        "started": started(delivery),
        "own_address": _own_address(delivery) if named else "",
        "helo": shown(delivery.options.helo) if named else "",
        "places": _places(delivery, about.findings),
        "verdict": verdict,
        "code": shown(verdict.code),
        "outcome": words_of(verdict.outcome),
        "delivered": verdict.outcome.delivered,
        "log": shown(verdict.log) if tells else "",
        "points": tuple(_points(delivery, about)),
        "contact": Contact(
            name=shown(contact.name),
            phone=shown(contact.phone),
            mailbox=shown(contact.mailbox),
            since=shown(contact.since or header.since),
        ),
        "left_out": about.left_out,
    }


def _points(delivery: Delivery, about: Selection) -> Iterator[Point]:
    """Yield the points; evidence that stands at one is not repeated at the next.

    A time is told with what was seen then, and alone where nothing was told before.
    """
    seen: set[tuple[str, ...]] = set()
    for group in about.groups:
        told, first = group[:LETTER_PLACES], group[0]
        evidence = {_key(one): one for one in facts(delivery, first)}
        new = tuple(one for key, one in evidence.items() if one.name == "time" or key not in seen)
        if seen and all(one.name == "time" for one in new):
            new = ()
        seen |= set(evidence)
        yield Point(
            code=first.code,
            title=say(first.entry.title),
            rfc=first.entry.rfc,
            topic=topic(first.code),
            sentences=tuple(dict.fromkeys(one.sentence for one in told)),
            facts=new,
            fixes=tuple(dict.fromkeys(one.fix for one in told if one.fix)),
            commands=tuple(dict.fromkeys(one.command for one in told if one.command)),
            advice=advice(first.code, product_of(attempt_of(delivery, first))),
            more=len(group) - len(told),
        )


def _key(fact: Fact) -> tuple[str, ...]:
    """Return by what a fact is known again; why a validation failed stands at the first alone."""
    return (fact.name, *(fact.lines[:1] if fact.name == "dnssec" else fact.lines))


def _own_address(delivery: Delivery) -> str:
    """Return the address we came from, where the other side can have seen it."""
    for attempt in delivery.attempts:
        local = attempt.connected.local_address if attempt.connected else ""
        try:
            address = ipaddress.ip_address(local)
        except ValueError:
            continue
        inside = any(net.version == address.version and address in net for net in _INSIDE)
        return "" if inside else str(address)
    return ""


def _places(delivery: Delivery, findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return where we connected to: the addresses that the letter is about, or else all."""
    told = {(one.host, one.address) for one in findings}
    found: dict[str, bool] = {}
    for attempt in delivery.attempts:
        literal = f" [{attempt.address}]" if attempt.address else ""  # a pasted text may not tell
        place = f"{shown(attempt.host.name)}{literal}:{attempt.port}"
        found[place] = (attempt.host.name, attempt.address) in told
    named = [place for place, is_told in found.items() if is_told]
    return tuple(named or found)[:_HOSTS]
