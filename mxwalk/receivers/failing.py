"""Why DMARC fails for a message, in one or two lines with the values, and what a receiver makes of it.

What the domain asks for and what this receiver does are told apart: RFC 9989 7.4 has a receiver treat
a message as suspicious where reject alone is asked for.
"""

from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dmarc.model import Alignment, Assessment, Method, Policy
from mxwalk.mailauth.dmarc.policy import disposition
from mxwalk.text import visible

_SHOWN = 4
_NAME = 80
_ORGANIZATION = 120
_DONE = (Policy.REJECT, Policy.QUARANTINE)


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
            say("Whether the From domain exists is not known: if it does not, np counts instead.")
        )
    return " ".join(part for part in parts if part)


def _asks(asked: Policy | None, done: Policy | None) -> str:
    if asked is None or asked is Policy.NONE:
        return say("The domain asks for nothing to be done (none)")
    said = asked.value
    if done is None or done not in _DONE:
        return say("The domain asks for {said}", said=said)
    told = (
        say("The domain asks for {said}; this receiver rejects", said=said)
        if done is Policy.REJECT
        else say("The domain asks for {said}; this receiver quarantines", said=said)
    )
    return (
        told
        if done is asked
        else say("{told}, as reject alone is no ground to reject (RFC 9989 7.4)", told=told)
    )


def _not_aligned(one: Assessment, passed: list[Alignment]) -> str:
    told = ", ".join(
        say("{named} for {domain}", named=named(each), domain=visible(each.domain, _NAME))
        if number
        else say(
            "{named} passes for {domain}", named=named(each), domain=visible(each.domain, _NAME)
        )
        for number, each in enumerate(passed[:_SHOWN])
    )
    more = say(" and {passed} more", passed=len(passed) - _SHOWN) if len(passed) > _SHOWN else ""
    if all(each.relaxed for each in passed):
        tag = "aspf=s" if passed[0].method is Method.SPF else "adkim=s"
        return say(
            "{told}{more}, but {tag} wants {author_domain} itself",
            told=told,
            more=more,
            tag=tag,
            author_domain=visible(one.author_domain, _ORGANIZATION),
        )
    organizational = visible(one.discovery.organizational, _ORGANIZATION)
    match len(passed):
        case 1:
            return say(
                "{told}{more}, which is not of {organizational}",
                told=told,
                more=more,
                organizational=organizational,
            )
        case 2:
            return say(
                "{told}{more}, neither of {organizational}",
                told=told,
                more=more,
                organizational=organizational,
            )
        case _:
            return say(
                "{told}{more}, none of them of {organizational}",
                told=told,
                more=more,
                organizational=organizational,
            )


def _nothing(case: MessageCase, one: Assessment) -> str:
    told: list[str] = []
    if case.mailfrom is not None:
        spf = case.mailfrom.evaluation
        told.append(
            say(
                "SPF of {domain} is {result}",
                domain=visible(spf.domain, _NAME),
                result=spf.result.value,
            )
        )
    results = {each.signature.number: each.result.value for each in case.verdicts}
    signed = [each for each in one.alignments if each.method is Method.DKIM]
    told += [
        say(
            "DKIM {number} of {domain} is {result}",
            number=each.number,
            domain=visible(each.domain, _NAME),
            result=results.get(each.number, "none"),
        )
        for each in signed[:_SHOWN]
    ]
    if len(signed) > _SHOWN:
        told.append(say("{signed} more signatures do not pass", signed=len(signed) - _SHOWN))
    if not signed:
        there = (
            say("no DKIM signature can be verified")
            if case.signatures
            else say("there is no DKIM signature")
        )
        told.append(there)
    return ", ".join(told)
