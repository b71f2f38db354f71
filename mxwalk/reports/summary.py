"""The verdict as one paragraph that can be forwarded to someone who knows no SMTP."""

from collections.abc import Callable, Mapping, Sequence

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.concern import OWN_RESOLVER, decisive_warnings, for_verdict
from mxwalk.findings.decided import by_look_up
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.language import noted, say, say_many
from mxwalk.reports.unchecked import unchecked
from mxwalk.senders.find_out import to_find_out
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.text import visible
from mxwalk.walk.ending import End, end_of, reason_words

_WHAT = {
    Outcome.DELIVERED_VERIFIED: (
        noted(
            "is delivered over an encrypted connection, and the receiving server proved its"
            " identity"
        )
    ),
    Outcome.DELIVERED_ENCRYPTED: (
        noted(
            "is delivered over an encrypted connection, but the receiving server's identity"
            " is not verified"
        )
    ),
    Outcome.DELIVERED_CLEAR: noted("is delivered without encryption; it can be read on the way"),
    Outcome.DEFERRED: noted("is not delivered: it waits in the sender's queue and is tried again"),
    Outcome.BOUNCED: noted("is not delivered: it is returned to its author"),
    Outcome.ACCEPTED_AUTHENTIC: noted("is accepted: the domain of its author is authenticated"),
    Outcome.ACCEPTED: noted("is accepted, although nothing proves the domain of its author"),
    Outcome.QUARANTINED: noted("is put into quarantine"),
    Outcome.REJECTED: noted("is rejected"),
    Outcome.COMPLETE: noted("has everything published that protects mail in its name"),
    Outcome.INCOMPLETE: noted("does not publish everything yet that protects mail in its name"),
    Outcome.UNKNOWN: noted("may or may not be delivered: this walk could not find out"),
}
_MESSAGE_WHAT = {
    **_WHAT,
    Outcome.UNKNOWN: noted("may or may not be accepted: this walk could not find out"),
}
_DOMAIN_WHAT = {
    **_WHAT,
    Outcome.UNKNOWN: noted(
        "may or may not publish what protects mail in its name: not all could be seen"
    ),
}
_NEXT = {
    Purpose.DELIVERY: noted("The sender then {action}"),
    Purpose.MESSAGE: noted("The receiver then {action}"),
    Purpose.DOMAIN: noted("What comes next: {action}"),
}


def summary(delivery: Delivery, verdict: Verdict, findings: tuple[Finding, ...]) -> str:
    """Return the chosen verdict, its reason, and who must act, as one paragraph."""
    purpose, left = delivery.trace.header.purpose, unchecked(delivery)
    reason = reason_words(delivery, verdict)
    parts = [
        _LEADS[purpose](delivery, verdict),
        say("The reason: {reason}", reason=_ended(reason)) if reason else "",
        _next(delivery, verdict),
        _problems(verdict, findings, delivery, complete=not left),
        say("Not checked: {left}.", left="; ".join(left)) if left else "",
    ]
    return " ".join(part for part in parts if part)


def _delivery(delivery: Delivery, verdict: Verdict) -> str:
    target, at = delivery.target, delivery.options.at
    subject = str(target.domain) if target.domain else f"[{target.address}]"
    values = {"subject": subject, "label": verdict.label, "what": say(_WHAT[verdict.outcome])}
    if at:
        return say(
            "Judged as of {at}, not of the day of the walk: mail to {subject} from a sender set to"
            " {label} {what}.",
            at=visible(at, 40),
            **values,
        )
    return say("Mail to {subject} from a sender set to {label} {what}.", **values)


def _message(delivery: Delivery, verdict: Verdict) -> str:
    domain, case = delivery.target.domain, delivery.message
    author = say("from {domain}", domain=domain) if domain else say("whose author cannot be told")
    client = case.arrival.client_ip if case else None
    known = visible(client.value, 60) if client else ""
    values = {"known": known or say("an unknown address"), "label": verdict.label}
    if client is not None and client.assumed:
        came = say("received from {known} by an {label} (the address is assumed)", **values)
    else:
        came = say("received from {known} by an {label}", **values)
    return say(
        "A message {author}, {came}, {message_what}.",
        author=author,
        came=came,
        message_what=say(_MESSAGE_WHAT[verdict.outcome]),
    )


def _domain(delivery: Delivery, verdict: Verdict) -> str:
    return say(
        "The domain {domain} {domain_what}.",
        domain=delivery.target.domain,
        domain_what=say(_DOMAIN_WHAT[verdict.outcome]),
    )


_LEADS: Mapping[Purpose, Callable[[Delivery, Verdict], str]] = {
    Purpose.DELIVERY: _delivery,
    Purpose.MESSAGE: _message,
    Purpose.DOMAIN: _domain,
}


def _next(delivery: Delivery, verdict: Verdict) -> str:
    purpose = delivery.trace.header.purpose
    if verdict.outcome.delivered or verdict.outcome is Outcome.COMPLETE:
        return ""
    if verdict.outcome is Outcome.UNKNOWN:
        return say("To find out, {advice}.", advice=_advice(delivery, verdict))
    if not verdict.next_action:
        return ""
    return say(_NEXT[purpose], action=_ended(verdict.next_action))


def _advice(delivery: Delivery, verdict: Verdict) -> str:
    """Return what would tell what the verdict does not, in the infinitive."""
    header, end = delivery.trace.header, end_of(delivery)
    if header.pasted is None and end is End.DAMAGED:
        return say("walk again, or read a copy of the trace that is whole")
    if header.pasted is None and end is not End.OVER:
        return say("walk to the end")
    if header.pasted is None and header.purpose is not Purpose.DELIVERY:
        return say("give what is missing, or walk again later")
    return to_find_out(delivery, verdict)


def _problems(
    verdict: Verdict, findings: tuple[Finding, ...], delivery: Delivery, *, complete: bool
) -> str:
    """Name the finding to begin with: the one behind the verdict, or else the worst.

    A fault of our own resolver is the cause where a look-up decided; else it is told at the end.
    """
    decided = by_look_up(delivery, verdict)
    own = [one for one in findings if one.code in OWN_RESOLVER and not decided]
    findings = tuple(one for one in findings if one not in own)
    errors = [
        one
        for one in findings
        if one.level is Severity.ERROR
        or (one.code in OWN_RESOLVER and not verdict.outcome.delivered)
    ]
    if not errors and (verdict.outcome.delivered or verdict.outcome is Outcome.COMPLETE):
        if complete:
            none = say("No error was found on the way.")
        else:
            none = say("No error was found in what was checked.")
        return f"{none} {_beside(own)}".rstrip()
    warnings = [finding for finding in findings if finding.level is Severity.WARNING]
    decided_by = decisive_warnings(findings, verdict, delivery) if errors else ()
    found = for_verdict(decided_by or errors or warnings, verdict, delivery)
    if not found:
        return _beside(own)
    first = found[0]
    if decided_by:
        begun = say("The warning behind this: {warning}", warning=_ended(first.sentence))
    else:
        begun = _count(found, errors=bool(errors)) + _ended(first.sentence)
    parts = [begun, _must_act(first)]
    if first.fix:
        parts.append(say("What mends it: {fix}", fix=_ended(first.fix)))
    if decided_by:
        parts.append(_besides(for_verdict(errors, verdict, delivery)))
    return " ".join(part for part in (*parts, _beside(own)) if part)


def _besides(errors: Sequence[Finding]) -> str:
    """Tell of the errors that stand at other steps than the one that decided."""
    return say_many(
        "Besides, one error was found ({codes}).",
        "Besides, {n} errors were found ({codes}).",
        len(errors),
        codes=", ".join(dict.fromkeys(one.code for one in errors)),
    )


def _beside(own: Sequence[Finding]) -> str:
    """Tell of our own resolver where it has no part in the verdict."""
    if not own:
        return ""
    return say(
        "Besides, your own resolver fails ({code}): this has no part in the verdict, but DANE,"
        " policies and PTR names cannot be judged.",
        code=own[0].code,
    )


def _must_act(finding: Finding) -> str:
    who = finding.actor.words
    if finding.actor in (Owner.YOU, Owner.NOBODY):
        return say("Who must act: {who}.", who=who)
    return say("Who must act: the {who}.", who=who)


def _count(found: tuple[Finding, ...], *, errors: bool) -> str:
    """Say how many there are, and of how many kinds where that is fewer."""
    number, kinds = len(found), len({finding.code for finding in found})
    if number == 1:
        return say("One error was found: ") if errors else say("One warning was found: ")
    many = say("{n} errors", n=number) if errors else say("{n} warnings", n=number)
    if kinds == number:
        return say("{many} were found, first of all: ", many=many)
    if kinds == 1:
        return say("{many} of one kind were found, first of all: ", many=many)
    return say("{many} of {kinds} kinds were found, first of all: ", many=many, kinds=kinds)


def _ended(text: str) -> str:
    plain = text.strip()
    return plain if not plain or plain[-1] in ".!?" else f"{plain}."
