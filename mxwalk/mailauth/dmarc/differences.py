"""Where RFC 9989 and RFC 7489 judge one message differently, and why (RFC 9989 C)."""

from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.mailauth.dmarc.model import Assessment, Policy, PolicyFound


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsDiffer:
    """One point in which the readings part; ``matters`` tells that result or disposition hang on it."""

    about: str
    by_9989: str
    by_7489: str
    sentence: str
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
                about="result",
                by_9989=bis.result.value,
                by_7489=old.result.value,
                sentence=f"The message is {bis.result.value} by RFC 9989 and {old.result.value} by"
                " RFC 7489.",
                matters=True,
            )
        )
    if bis.disposition is not old.disposition:
        found.append(
            ReadingsDiffer(
                about="disposition",
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
            about=f"organizational domain of {one.domain}",
            by_9989=one.organizational,
            by_7489=other.organizational,
            sentence=f"{one.domain} belongs to {one.organizational} by RFC 9989: {one.why} By"
            f" RFC 7489 it belongs to {other.organizational}: {other.why}",
            matters=matters,
        )


def _policy(bis: Assessment, old: Assessment, *, matters: bool) -> Iterator[ReadingsDiffer]:
    if _tag(bis.policy) == _tag(old.policy):
        return
    yield ReadingsDiffer(
        about="policy",
        by_9989=_tag(bis.policy),
        by_7489=_tag(old.policy),
        sentence=f"By RFC 9989: {bis.policy.why} By RFC 7489: {old.policy.why}",
        matters=matters,
    )


def _alignments(bis: Assessment, old: Assessment, *, matters: bool) -> Iterator[ReadingsDiffer]:
    for one, other in zip(bis.alignments, old.alignments, strict=False):
        if one.aligned == other.aligned:
            continue
        method = f"{one.method.value.upper()} {one.number or ''}".strip()
        yield ReadingsDiffer(
            about=f"alignment of {method}",
            by_9989="aligned" if one.aligned else "not aligned",
            by_7489="aligned" if other.aligned else "not aligned",
            sentence=f"{method} is {'' if one.aligned else 'not '}aligned by RFC 9989: {one.why} By"
            f" RFC 7489: {other.why}",
            matters=matters and (one.passed or other.passed),
        )


def _tag(policy: PolicyFound) -> str:
    if policy.record is None:
        return "none found"
    if policy.asked is None:
        return f"{policy.record.name}: not applied"
    return f"{policy.record.name}: {policy.tag}={policy.asked.value}"


def _word(disposition: Policy | None) -> str:
    return disposition.value if disposition else "nothing"


def _disposition(bis: Assessment, old: Assessment) -> str:
    record = bis.policy.record
    same = bis.result is old.result and _tag(bis.policy) == _tag(old.policy)
    if same and record is not None and record.testing:
        why = " t=y is known to RFC 9989 only."
    elif same and record is not None and record.percent < 100:
        why = " pct is known to RFC 7489 only."
    else:
        why = ""
    return (
        f"What is asked for comes to {_word(bis.disposition)} by RFC 9989 and to"
        f" {_word(old.disposition)} by RFC 7489.{why}"
    )
