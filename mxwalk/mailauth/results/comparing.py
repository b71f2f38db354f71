"""What a message's own Authentication-Results claims against what was found now, and why they differ.

A claim is only worth something when a trusted receiver wrote it: anybody can put such a field into a
message (RFC 8601 7.1), so that a foreign authserv-id is named before anything else.  The reasons are
those that the evidence allows, the likeliest first; none of them is stated as certain.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mxwalk.language import say, say_many
from mxwalk.mailauth.results.matching import find_same, word
from mxwalk.mailauth.results.model import AuthResults, MethodResult
from mxwalk.text import visible

_TEMPORARY = "temperror"
_NAME = 320
COMPARED = ("spf", "dkim", "dmarc", "arc")


class Why(enum.Enum):
    """Why a claim may differ."""

    NOT_TRUSTED = "the field is not of a trusted receiver"
    FORWARDED = "the message was passed on since"
    KEY_GONE = "the key is gone since"
    EXPIRED = "the signature has expired since"
    CHANGED = "the message was changed since"
    BEYOND_LIMIT = "a limit on signatures"
    OTHER_READING = "another reading of DMARC"
    OTHER_POLICY = "the policy was another"
    FOLLOWS = "it follows from another difference"
    TEMPORARY = "a temporary failure"
    NOT_CLAIMED = "the field says nothing of it"
    NOT_HERE = "the message has nothing of the kind"
    UNKNOWN = "the evidence does not tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A result of ours with what may explain a difference.

    ``other_reading`` is DMARC's result by the other document; ``policy`` the policy that counts.
    """

    result: MethodResult
    key_gone: bool = False
    expired: bool = False
    changed: bool = False
    beyond_limit: bool = False
    other_reading: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known of the field: whom it may be trusted from, and what was added above it.

    ``trusted`` are the authserv-ids of the receiver; ``hops_since`` counts the Received fields above
    this one; ``max_signatures`` is the limit that the receiver works with, 0 if not known.
    """

    trusted: tuple[str, ...] = ()
    hops_since: int = 0
    max_signatures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference; ``ours`` or ``claimed`` is empty where one side says nothing."""

    method: str
    about: str
    ours: str
    claimed: str
    why: Why
    sentence: str


def is_trusted(claimed: AuthResults, around: Around) -> bool:
    """Say whether the field names a trusted receiver (RFC 8601 2.5: compared without case)."""
    name = claimed.authserv_id.lower()
    return bool(name) and name in (one.lower() for one in around.trusted)


def compare(ours: Sequence[Ours], claimed: AuthResults, around: Around) -> tuple[Difference, ...]:
    """Return where a field and our results differ, each with the likeliest reason; total."""
    left = list(claimed.results)
    pairs: list[tuple[Ours, MethodResult | None]] = []
    for one in ours:
        match = find_same(one.result, left)
        if match is not None:
            left.remove(match)
        pairs.append((one, match))
    found = list(_differences(pairs, claimed, around))
    found += [_extra(one, claimed, around) for one in left if one.method in COMPARED[:2]]
    return tuple(found)


def _differences(
    pairs: Sequence[tuple[Ours, MethodResult | None]], claimed: AuthResults, around: Around
) -> Iterator[Difference]:
    below = False  # whether SPF or DKIM differ, from which DMARC follows
    for one, match in pairs:
        if match is None:
            if any(other.method == one.result.method for other in claimed.results):
                yield _unclaimed(one, around)
            continue
        if word(one.result) == word(match):
            continue
        why, reason = _reason(one, match, claimed, around, follows=below)
        below = below or one.result.method in ("spf", "dkim")
        yield Difference(
            method=one.result.method,
            about=_about(one.result),
            ours=one.result.result,
            claimed=match.result,
            why=why,
            sentence=say(
                "{name}: {claimed} is claimed, {found} was found. {reason}",
                name=_name(one.result),
                claimed=match.result,
                found=one.result.result,
                reason=reason,
            ),
        )


def _reason(
    one: Ours, match: MethodResult, claimed: AuthResults, around: Around, *, follows: bool
) -> tuple[Why, str]:
    if around.trusted and not is_trusted(claimed, around):
        return Why.NOT_TRUSTED, (
            say(
                "The field is in the name of {who}, which is not the receiver's: it proves"
                " nothing, the sender can have written it (RFC 8601 7.1).",
                who=claimed.authserv_id,
            )
            if claimed.authserv_id
            else say(
                "The field is in the name of nobody, which is not the receiver's: it proves"
                " nothing, the sender can have written it (RFC 8601 7.1)."
            )
        )
    if _TEMPORARY in (word(match), word(one.result)):
        return Why.TEMPORARY, (
            say("A look-up failed for the time being, then.")
            if word(match) == _TEMPORARY
            else say("A look-up failed for the time being, now.")
        )
    match one.result.method:
        case "spf":
            return _spf(around)
        case "dkim" | "arc":
            return _signature(one, match, around)
        case "dmarc":
            return _dmarc(one, match, follows=follows)
        case _:
            return Why.UNKNOWN, say("The evidence does not tell why.")


def _spf(around: Around) -> tuple[Why, str]:
    if around.hops_since:
        return Why.FORWARDED, (
            say_many(
                "{n} Received field stand above it: it was written for the address that"
                " connected then, not for the one judged here.",
                "{n} Received fields stand above it: it was written for the address that"
                " connected then, not for the one judged here.",
                around.hops_since,
            )
        )
    return Why.UNKNOWN, (
        say(
            "The record may have changed since, or the address or MAIL FROM taken here is not"
            " the one that the receiver saw."
        )
    )


def _signature(one: Ours, match: MethodResult, around: Around) -> tuple[Why, str]:
    passed = word(match) == "pass"
    if passed and one.key_gone:
        return Why.KEY_GONE, say(
            "The key is not published any more: selectors are changed in time."
        )
    if passed and one.expired:
        return Why.EXPIRED, say("The signature has expired since.")
    if one.beyond_limit:
        return Why.BEYOND_LIMIT, say(
            "It lies beyond the limit of signatures that are checked here."
        )
    if not passed and word(match) in ("none", "neutral", "policy") and around.max_signatures:
        return Why.BEYOND_LIMIT, (
            say(
                "The receiver may not have checked it: it stops at {max_signatures} signatures.",
                max_signatures=around.max_signatures,
            )
        )
    if passed and one.changed:
        return Why.CHANGED, (
            say(
                "The message is not what was signed any more and was passed on since: a list, a"
                " gateway or the export of the file may have changed it."
            )
            if around.hops_since
            else say(
                "The message is not what was signed any more: a list, a gateway or the export of"
                " the file may have changed it."
            )
        )
    return Why.UNKNOWN, say("Key or message may have changed since; the evidence does not tell.")


def _dmarc(one: Ours, match: MethodResult, *, follows: bool) -> tuple[Why, str]:
    if one.other_reading and one.other_reading == word(match):
        return Why.OTHER_READING, (
            say(
                "The other reading gives what is claimed: the receiver finds the"
                " organizational domain in the other way (RFC 9989: tree walk, RFC 7489:"
                " public suffix list)."
            )
        )
    if word(match) == "bestguesspass":
        return Why.OTHER_READING, (
            say(
                "The receiver found no record and guessed what one would have given; no"
                " document has that."
            )
        )
    if follows:
        return Why.FOLLOWS, say("It follows from SPF or DKIM, which differ too.")
    if "none" in (word(match), word(one.result)):
        return Why.OTHER_POLICY, say("The record has been published, or taken back, since.")
    return Why.UNKNOWN, say("The record, or what it rests on, may have changed since.")


def _unclaimed(one: Ours, around: Around) -> Difference:
    method = one.result.method
    why, reason = Why.NOT_CLAIMED, say("The field says nothing of it.")
    if method == "dkim" and around.max_signatures:
        why, reason = (
            Why.BEYOND_LIMIT,
            (
                say(
                    "The field says nothing of it; the receiver checks {max_signatures} at most.",
                    max_signatures=around.max_signatures,
                )
            ),
        )
    elif method == "dkim":
        added = say("It may have been added since, or receivers report one signature only.")
        reason = f"{reason} {added}"
    return Difference(
        method=method,
        about=_about(one.result),
        ours=one.result.result,
        claimed="",
        why=why,
        sentence=say(
            "{name}: {result} was found. {reason}",
            name=_name(one.result),
            result=one.result.result,
            reason=reason,
        ),
    )


def _extra(one: MethodResult, claimed: AuthResults, around: Around) -> Difference:
    if around.trusted and not is_trusted(claimed, around):
        why, reason = (
            Why.NOT_TRUSTED,
            say("The field is not of a trusted receiver: it proves nothing."),
        )
    elif one.method == "dkim" and word(one) != "none":
        why, reason = Why.NOT_HERE, say("The message has no such signature (any more).")
    else:
        why, reason = Why.NOT_HERE, say("Nothing of the kind was checked here.")
    return Difference(
        method=one.method,
        about=_about(one),
        ours="",
        claimed=one.result,
        why=why,
        sentence=say(
            "{name}: {result} is claimed. {reason}",
            name=_name(one),
            result=one.result,
            reason=reason,
        ),
    )


def _about(one: MethodResult) -> str:
    name = one.get("header.d", "header.i", "smtp.mailfrom", "smtp.helo", "header.from", "d")
    return visible(name, _NAME)


def _name(one: MethodResult) -> str:
    about = _about(one)
    method = one.method.upper()
    return say("{method} of {about}", method=method, about=about) if about else method
