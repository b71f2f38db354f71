"""The walks that clues suggest: the failed recipient first, the host of the log as an alternative.

The sender's own domain is never one of them: it is named in ``from=``, in ``Reporting-MTA`` and as the
recipient of the report.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mxwalk import limits
from mxwalk.clues.model import Clue, Lead, Standing
from mxwalk.clues.words import mailboxes
from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.text import visible
from mxwalk.walk.target import parse_target

_OWN = re.compile(
    r"\b(?:from=|ctladdr=|sender=|X-Postfix-Sender: rfc822; ?|Return-Path: ?|From: ?)<?"
    r"([^\s<>@,;:]{1,64}@[\w.-]{1,253})",
    re.IGNORECASE,
)
_SINCE_CHARS = 400  # a time and a name
_RANK = {
    Standing.BOUNCED: 0,
    Standing.DEFERRED: 0,
    Standing.UNKNOWN: 1,
    Standing.TOLD: 2,
    Standing.DELIVERED: 3,
}


def own_domains(text: str) -> frozenset[str]:
    """Return the domains that send, by the fields that name a sender."""
    found = (next(mailboxes(one[1]), "") for one in _OWN.finditer(text))
    return frozenset(one.rpartition("@")[2] for one in found if one)


def leads(clues: Sequence[Clue], own: frozenset[str]) -> tuple[Lead, ...]:
    """Return the walks that fit, best first."""
    ordered = sorted(clues, key=lambda one: _RANK[one.standing])
    found: dict[tuple[str, tuple[str, ...]], Lead] = {}
    for lead in _suggested(ordered, own):
        first = found.get((lead.target, lead.routes))
        if first is not None and not first.since:
            found[lead.target, lead.routes] = replace(first, since=lead.since)
        elif first is None and len(found) < limits.CLUE_LEADS and _walkable(lead.target):
            found[lead.target, lead.routes] = lead
    return tuple(found.values())


def _suggested(clues: Sequence[Clue], own: frozenset[str]) -> Iterator[Lead]:
    for one in clues:
        for recipient in one.recipients:
            if recipient.rpartition("@")[2] not in own or one.standing is not Standing.TOLD:
                yield Lead(target=recipient, reason=_reason(one), since=_since(one))
    for one in clues:
        place = _place(one)
        if place:
            words = say("the host in the text, without its MX records")
            yield Lead(target=place, reason=words, since=_since(one))
    for one in clues:
        if one.recipients and one.host and one.host != one.domain:
            route = f"{one.host}:{one.port}" if one.port not in (0, 25) else one.host
            words = say("by way of the host in the text, if a route leads there instead of MX")
            target = one.recipients[0]
            yield Lead(target=target, reason=words, routes=(route,), since=_since(one))


def _since(one: Clue) -> str:
    """Return when and where a clue shows a fault; empty where it tells no time, or of no fault."""
    if one.standing is Standing.DELIVERED or not one.when:
        return ""
    place = one.host or one.address
    return visible(f"{one.when} ({place})" if place else one.when, _SINCE_CHARS)


def _reason(one: Clue) -> str:
    match one.standing:
        case Standing.BOUNCED:
            return say("the recipient whose message came back")
        case Standing.DEFERRED:
            return say("the recipient whose message waits")
        case Standing.DELIVERED:
            return say("the recipient who got the message")
        case _:
            return say("the recipient in the text")


def _place(one: Clue) -> str:
    port = one.port or 25
    if one.host:
        return f"{one.host}:{port}"
    if one.address:
        return f"[{one.address}]:{port}"
    return ""


def _walkable(target: str) -> bool:
    try:
        parse_target(target)
    except UsageError:
        return False
    return True
