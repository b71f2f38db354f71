"""The explanation a domain gives for a fail (RFC 7208 6.2): fetched, expanded, never trusted.

Whatever goes wrong with it, the result stands and there is no explanation; nothing here counts
against the limits (4.6.4).
"""

from dataclasses import replace

from mxwalk import limits
from mxwalk.language import say
from mxwalk.mailauth.asking import Asking, Question
from mxwalk.mailauth.spf.checking import (
    Check,
    Found,
    failed,
    failure_words,
    lookup_of,
    void_words,
)
from mxwalk.mailauth.spf.macros import Expanded, expand_domain, expand_text
from mxwalk.mailauth.spf.model import Lookup, Matched, Term
from mxwalk.mailauth.spf.names import asked_as
from mxwalk.mailauth.spf.record import strings_of
from mxwalk.text import visible

_NOTHING = Expanded(text="")


def explain(check: Check, domain: str, term: Term) -> Asking[tuple[Found, Expanded]]:
    """Return what became of ``exp=`` and the explanation, which is empty if there is none."""
    lookups, voids = check.lookups, check.voids
    target = yield from expand_domain(check, domain, term.spec)
    check.lookups, check.voids = lookups, voids  # 4.6.4: exp does not count
    problem = target.problem or target.never
    if problem:
        return _failed(target, (), say("it cannot be asked: {problem}", problem=problem)), _NOTHING
    (answer,) = yield (Question(asked_as(target.text), "TXT"),)
    lookup = lookup_of(target.text, answer)
    if failed(lookup):
        return _failed(target, (lookup,), failure_words(lookup)), _NOTHING
    if lookup.is_void:
        return _failed(target, (lookup,), void_words(lookup)), _NOTHING
    records = strings_of(lookup.answer)
    if len(records) != 1:  # RFC 7208 6.2
        why = say(
            "{target} has {records} TXT records; one is needed",
            target=visible(target.text, 80),
            records=len(records),
        )
        return _failed(target, (lookup,), why), _NOTHING
    octets = b"".join(records[0])
    if not octets.isascii():
        why = say("the explanation is not US-ASCII")
        return _failed(target, (lookup,), why), _NOTHING
    text = yield from expand_text(check, domain, octets.decode("ascii"))
    if text.problem or not text.text.isascii():
        why = text.problem or say("what its macros became is not US-ASCII")
        return _failed(
            target, (lookup,), say("the explanation cannot be used: {why}", why=why)
        ), _NOTHING
    used = Found(
        outcome=Matched.MATCH,
        why=say("this explains the fail"),
        target=target.text,
        expansions=target.expansions,
        asked=(*target.asked, lookup, *text.asked),
    )
    return used, replace(text, text=text.text[: limits.SPF_EXPLANATION_CHARS])


def _failed(target: Expanded, asked: tuple[Lookup, ...], why: str) -> Found:
    return Found(
        outcome=Matched.NO_MATCH,
        why=say("no explanation: {why}", why=why),
        target=target.text,
        expansions=target.expansions,
        asked=(*target.asked, *asked),
    )
