"""DMARC for one message: alignment, result, disposition (RFC 9989 5.3; RFC 7489 6.6).

A pure function of what was looked up.  A failed query makes the result ``temperror`` only where the
result depends on it (RFC 9989 5.3.6); it is never read as "no record".
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mxwalk.language import say
from mxwalk.limits import DMARC_AUTHOR_DOMAINS
from mxwalk.mailauth.dmarc.align import Identifier, align
from mxwalk.mailauth.dmarc.discovery import LookedUp, domain_key
from mxwalk.mailauth.dmarc.model import (
    Alignment,
    Assessment,
    Discovery,
    DmarcResult,
    Method,
    Mode,
    Policy,
    PolicyFound,
    PolicyFrom,
    Reading,
)
from mxwalk.mailauth.dmarc.policy import disposition, find_policy, undecided
from mxwalk.text import visible

_ORDER = {None: 0, Policy.NONE: 1, Policy.QUARANTINE: 2, Policy.REJECT: 3}
_TEMPERROR = "temperror"


def assess(
    reading: Reading,
    author_domains: Sequence[str],
    spf: tuple[str, str] | None,
    dkim: Sequence[tuple[int, str, str]],
    found: Mapping[str, LookedUp],
) -> Assessment:
    """Judge a message.

    ``author_domains`` are the domains of the From field as read, ``spf`` is result and domain of the
    MAIL FROM identity, ``dkim`` number, ``d=`` and result of each signature, in RFC 8601's words;
    ``found`` is what ``look_up`` gave, by ``domain_key``.
    """
    names = tuple(dict.fromkeys(domain_key(domain) for domain in author_domains))
    if not names:
        return _without(
            reading, "", say("There is no From domain, so that there is nothing to judge.")
        )
    identifiers = _identifiers(spf, dkim)
    if len(names) == 1:
        return _one(reading, names[0], identifiers, found)
    if reading is Reading.RFC9989:  # 5.3.1: more than one domain ends it; a receiver may go on
        listed = visible(", ".join(names[:DMARC_AUTHOR_DOMAINS]), 600)
        return _without(
            reading,
            names[0],
            say(
                "From names {names} domains ({listed}): DMARC is not applied (RFC 9989"
                " 5.3.1), and a receiver may refuse such a message for that alone (11.5).",
                names=len(names),
                listed=listed,
            ),
        )
    if len(names) > DMARC_AUTHOR_DOMAINS:  # those left out could fail
        what = say(
            "From names {names} domains; more than {dmarc_author_domains} are not judged.",
            names=len(names),
            dmarc_author_domains=DMARC_AUTHOR_DOMAINS,
        )
        return _without(reading, names[0], what)
    # RFC 7489 6.6.1: each of them, and the strictest policy among those that fail
    each = [_one(reading, name, identifiers, found) for name in names]
    worst = max(each, key=_severity)
    return replace(
        worst,
        why=say(
            "From names {names} domains; by RFC 7489 6.6.1 the strictest policy among"
            " those that fail counts, here that of {author_domain}. {why}",
            names=len(names),
            author_domain=worst.author_domain,
            why=worst.why,
        ),
    )


def _severity(one: Assessment) -> tuple[int, int]:
    failing = (DmarcResult.PASS, DmarcResult.NONE, DmarcResult.PERMERROR, DmarcResult.TEMPERROR)
    rank = len(failing) if one.result is DmarcResult.FAIL else failing.index(one.result)
    return (rank, _ORDER[one.disposition])


def _identifiers(
    spf: tuple[str, str] | None, dkim: Sequence[tuple[int, str, str]]
) -> tuple[Identifier, ...]:
    first = () if spf is None else (Identifier(method=Method.SPF, result=spf[0], domain=spf[1]),)
    return first + tuple(
        Identifier(method=Method.DKIM, number=number, domain=domain, result=result)
        for number, domain, result in dkim
    )


def _one(
    reading: Reading,
    name: str,
    identifiers: Sequence[Identifier],
    found: Mapping[str, LookedUp],
) -> Assessment:
    author = found.get(name)
    if author is None:
        return _without(
            reading,
            name,
            say("DMARC was not looked up for the From domain."),
            DmarcResult.TEMPERROR,
        )
    discovery, policy = author.discovery(reading), find_policy(reading, author)
    alignments = tuple(align(reading, author, one, found, policy.record) for one in identifiers)
    result, why = _result(discovery, policy, alignments, identifiers)
    asked: Policy | None = None
    if result is DmarcResult.PASS:
        asked = Policy.NONE
    elif result is DmarcResult.FAIL:
        asked, more = disposition(reading, policy)
        unsure = (
            say(" Whether the From domain exists is not known: if it does not, np counts instead.")
            if policy.uncertain
            else ""
        )
        why = f"{why} {_wish(asked, reading)} {more}".strip() + unsure
    others = dict.fromkeys(domain_key(one.domain) for one in identifiers)
    return Assessment(
        reading=reading,
        author_domain=author.domain,
        discovery=discovery,
        policy=policy,
        alignments=alignments,
        result=result,
        disposition=asked,
        why=why,
        exists=author.exists,
        others=tuple(
            found[other].discovery(reading) for other in others if other in found and other != name
        ),
    )


def _result(
    discovery: Discovery,
    policy: PolicyFound,
    alignments: Sequence[Alignment],
    identifiers: Sequence[Identifier],
) -> tuple[DmarcResult, str]:
    if undecided(discovery):  # RFC 9989 5.3.6: neither pass nor fail
        return (
            DmarcResult.TEMPERROR,
            say("Which policy counts is not known: a query had no usable answer."),
        )
    if policy.record is None:  # RFC 9989 5.3.2
        return DmarcResult.NONE, policy.why
    if policy.asked is None:
        return DmarcResult.PERMERROR, policy.why
    sure = [one for one in alignments if one.counts and not _open(one)]
    if sure:
        return DmarcResult.PASS, say(
            "{label} passes and is aligned. {why}", label=_label(sure[0]), why=sure[0].why
        )
    waiting = [one for one in alignments if one.passed and _open(one)]
    if waiting:
        return DmarcResult.TEMPERROR, (
            say(
                "{label} passes, but a query that decides on its alignment had no usable answer.",
                label=_label(waiting[0]),
            )
        )
    for one, identifier in zip(alignments, identifiers, strict=True):
        if identifier.result == _TEMPERROR and (one.aligned or _open(one)):
            return DmarcResult.TEMPERROR, (
                say(
                    "Nothing that passes is aligned, and {label} could not be checked for now"
                    " (temperror): the policy cannot be applied (RFC 9989 5.3.6, RFC 7489"
                    " 6.6.2).",
                    label=_label(one),
                )
            )
    return DmarcResult.FAIL, _failure(alignments)


def _open(one: Alignment) -> bool:
    """Say whether alignment, in the mode that counts, hangs on a query that failed."""
    return one.mode is Mode.RELAXED and one.uncertain


def _label(one: Alignment) -> str:
    return "SPF" if one.method is Method.SPF else say("DKIM signature {number}", number=one.number)


def _failure(alignments: Sequence[Alignment]) -> str:
    passed = [one for one in alignments if one.passed]
    if not passed:
        near = next((one for one in alignments if one.aligned), None)
        if near is None:
            return say("Neither SPF nor a DKIM signature passes.")
        return say(
            "Neither SPF nor a DKIM signature passes; {label} would have been aligned.",
            label=_label(near),
        )
    return " ".join(
        say("{label} passes but is not aligned: {why}", label=_label(one), why=one.why)
        for one in passed[:3]
    )


def _wish(asked: Policy | None, reading: Reading) -> str:
    match asked:
        case Policy.REJECT if reading is Reading.RFC9989:
            return say(
                "The domain asks for rejection; a receiver must not reject for that"
                " alone, and without more to go by treats the message as suspicious (RFC"
                " 9989 7.4)."
            )
        case Policy.REJECT:
            return say("The domain asks for rejection.")
        case Policy.QUARANTINE:
            return say("The domain asks to treat the message as suspicious (quarantine).")
        case _:
            return say("The domain asks for nothing to be done (none).")


def _without(
    reading: Reading, name: str, why: str, result: DmarcResult = DmarcResult.NONE
) -> Assessment:
    shown = visible(name, 300)
    return Assessment(
        reading=reading,
        author_domain=shown,
        discovery=Discovery(reading=reading, domain=shown, organizational=shown),
        policy=PolicyFound(source=PolicyFrom.NOWHERE, why=why),
        alignments=(),
        result=result,
        disposition=None,
        why=why,
    )
