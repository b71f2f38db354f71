"""Where RFC 9989 and RFC 7489 judge one message differently, and why (RFC 9989 C)."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.mailauth.dmarc.model import Alignment, Assessment, Policy, PolicyFound


class Topic(enum.Enum):
    """What a difference is about."""

    ORGANIZATIONAL = "organizational domain"
    POLICY = "policy"
    ALIGNMENT = "alignment"
    RESULT = "result"
    DISPOSITION = "disposition"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsDiffer:
    """One point in which the readings part; ``matters`` tells that result or disposition hang on it.

    ``domain`` is the one that a difference in Organizational Domains is about, else empty.
    """

    topic: Topic
    about: str
    by_9989: str
    by_7489: str
    sentence: str
    domain: str = ""
    matters: bool = False


def differences(bis: Assessment, old: Assessment) -> tuple[ReadingsDiffer, ...]:
    """Return where two assessments of one message differ: ``bis`` by RFC 9989, ``old`` by RFC 7489."""
    matters = (bis.result, bis.disposition) != (old.result, old.disposition)
    found = [
        *_organizational(bis, old, matters=matters),
        *_policy(bis, old, matters=matters),
        *_alignments(bis, old, matters=matters),
    ]
    if bis.result is not old.result:
        found.append(
            ReadingsDiffer(
                topic=Topic.RESULT,
                about=say("result"),
                by_9989=bis.result.value,
                by_7489=old.result.value,
                sentence=say(
                    "The message is {result} by RFC 9989 and {result_2} by RFC 7489.",
                    result=bis.result.value,
                    result_2=old.result.value,
                ),
                matters=True,
            )
        )
    if bis.disposition is not old.disposition:
        found.append(
            ReadingsDiffer(
                topic=Topic.DISPOSITION,
                about=say("disposition"),
                by_9989=_word(bis.disposition),
                by_7489=_word(old.disposition),
                sentence=_disposition(bis, old),
                matters=True,
            )
        )
    return tuple(found)


def _organizational(bis: Assessment, old: Assessment, *, matters: bool) -> Iterator[ReadingsDiffer]:
    pairs = [(bis.discovery, old.discovery)]
    pairs += [
        (one, other) for one in bis.others for other in old.others if one.domain == other.domain
    ]
    for one, other in pairs:
        if one.organizational == other.organizational:
            continue
        yield ReadingsDiffer(
            topic=Topic.ORGANIZATIONAL,
            domain=one.domain,
            about=say("organizational domain of {domain}", domain=one.domain),
            by_9989=one.organizational,
            by_7489=other.organizational,
            sentence=say(
                "{domain} belongs to {organizational} by RFC 9989: {why} By RFC 7489"
                " it belongs to {organizational_2}: {why_2}",
                domain=one.domain,
                organizational=one.organizational,
                why=one.why,
                organizational_2=other.organizational,
                why_2=other.why,
            ),
            matters=matters,
        )


def _policy(bis: Assessment, old: Assessment, *, matters: bool) -> Iterator[ReadingsDiffer]:
    if _tag(bis.policy) == _tag(old.policy):
        return
    yield ReadingsDiffer(
        topic=Topic.POLICY,
        about=say("policy"),
        by_9989=_tag(bis.policy),
        by_7489=_tag(old.policy),
        sentence=say(
            "By RFC 9989: {why} By RFC 7489: {why_2}", why=bis.policy.why, why_2=old.policy.why
        ),
        matters=matters,
    )


def _alignments(bis: Assessment, old: Assessment, *, matters: bool) -> Iterator[ReadingsDiffer]:
    for one, other in zip(bis.alignments, old.alignments, strict=False):
        if one.aligned == other.aligned:
            continue
        method = f"{one.method.value.upper()} {one.number or ''}".strip()
        yield ReadingsDiffer(
            topic=Topic.ALIGNMENT,
            about=say("alignment of {method}", method=method),
            by_9989=_aligned(one),
            by_7489=_aligned(other),
            sentence=(
                say(
                    "{method} is aligned by RFC 9989: {why} By RFC 7489: {why_2}",
                    method=method,
                    why=one.why,
                    why_2=other.why,
                )
                if one.aligned
                else say(
                    "{method} is not aligned by RFC 9989: {why} By RFC 7489: {why_2}",
                    method=method,
                    why=one.why,
                    why_2=other.why,
                )
            ),
            matters=matters and (one.passed or other.passed),
        )


def _aligned(one: Alignment) -> str:
    return say("aligned") if one.aligned else say("not aligned")


def _tag(policy: PolicyFound) -> str:
    if policy.record is None:
        return say("none found")
    if policy.asked is None:
        return say("{record}: not applied", record=policy.record.name)
    return f"{policy.record.name}: {policy.tag}={policy.asked.value}"


def _word(disposition: Policy | None) -> str:
    return disposition.value if disposition else say("nothing")


def _disposition(bis: Assessment, old: Assessment) -> str:
    record = bis.policy.record
    same = bis.result is old.result and _tag(bis.policy) == _tag(old.policy)
    if same and record is not None and record.testing:
        why = say(" t=y is known to RFC 9989 only.")
    elif same and record is not None and record.percent < 100:
        why = say(" pct is known to RFC 7489 only.")
    else:
        why = ""
    return say(
        "What is asked for comes to {word} by RFC 9989 and to {word_2} by RFC 7489.{why}",
        word=_word(bis.disposition),
        word_2=_word(old.disposition),
        why=why,
    )
