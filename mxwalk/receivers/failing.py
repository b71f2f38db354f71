"""Why DMARC fails for a message, in one or two lines with the values, and what a receiver makes of it.

What the domain asks for and what this receiver does are told apart: RFC 9989 7.4 has a receiver treat
a message as suspicious where reject alone is asked for.
"""

from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dmarc.model import Alignment, Assessment, Method, Policy
from mxwalk.mailauth.dmarc.policy import disposition
from mxwalk.text import visible

_SHOWN = 4
_NAME = 80
_ORGANIZATION = 120
_VERBS = {Policy.REJECT: "rejects", Policy.QUARANTINE: "quarantines"}


def named(one: Alignment) -> str:
    """Return which identifier it is."""
    return "SPF" if one.method is Method.SPF else f"DKIM {one.number}"


def why_it_fails(case: MessageCase, one: Assessment) -> str:
    """Return what passes without being aligned, or what does not pass; no full stop."""
    passed = [each for each in one.alignments if each.passed]
    return _not_aligned(one, passed) if passed else _nothing(case, one)


def failure_reason(case: MessageCase, one: Assessment, done: Policy | None) -> str:
    """Return why DMARC fails, what the domain asks for, and what this receiver does.

    ``done`` is what it does: ``None`` where it does nothing of the kind.
    """
    if len(case.message.author_domains) > 1:
        return one.why
    asked, more = disposition(one.reading, one.policy)
    parts = [f"{why_it_fails(case, one)}.", f"{_asks(asked, done)}.", more]
    if one.policy.uncertain:
        parts.append(
            "Whether the From domain exists is not known: if it does not, np counts instead."
        )
    return " ".join(part for part in parts if part)


def _asks(asked: Policy | None, done: Policy | None) -> str:
    if asked is None or asked is Policy.NONE:
        return "The domain asks for nothing to be done (none)"
    said = f"The domain asks for {asked.value}"
    if done is None or done not in _VERBS:
        return said
    told = f"{said}; this receiver {_VERBS[done]}"
    return (
        told if done is asked else f"{told}, as reject alone is no ground to reject (RFC 9989 7.4)"
    )


def _not_aligned(one: Assessment, passed: list[Alignment]) -> str:
    told = ", ".join(
        f"{named(each)}{' passes' if not number else ''} for {visible(each.domain, _NAME)}"
        for number, each in enumerate(passed[:_SHOWN])
    )
    more = f" and {len(passed) - _SHOWN} more" if len(passed) > _SHOWN else ""
    if all(each.relaxed for each in passed):
        tag = "aspf=s" if passed[0].method is Method.SPF else "adkim=s"
        return f"{told}{more}, but {tag} wants {visible(one.author_domain, _ORGANIZATION)} itself"
    verb = {1: "which is not", 2: "neither"}.get(len(passed), "none of them")
    return f"{told}{more}, {verb} of {visible(one.discovery.organizational, _ORGANIZATION)}"


def _nothing(case: MessageCase, one: Assessment) -> str:
    told: list[str] = []
    if case.mailfrom is not None:
        spf = case.mailfrom.evaluation
        told.append(f"SPF of {visible(spf.domain, _NAME)} is {spf.result.value}")
    results = {each.signature.number: each.result.value for each in case.verdicts}
    signed = [each for each in one.alignments if each.method is Method.DKIM]
    told += [
        f"DKIM {each.number} of {visible(each.domain, _NAME)} is {results.get(each.number, 'none')}"
        for each in signed[:_SHOWN]
    ]
    if len(signed) > _SHOWN:
        told.append(f"{len(signed) - _SHOWN} more signatures do not pass")
    if not signed:
        there = (
            "no DKIM signature can be verified" if case.signatures else "there is no DKIM signature"
        )
        told.append(there)
    return ", ".join(told)
