"""The verdict as one paragraph that can be forwarded to someone who knows no SMTP."""

from collections.abc import Callable, Mapping

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.concern import for_verdict
from mxwalk.findings.model import Finding, Severity
from mxwalk.language import say
from mxwalk.reports.unchecked import unchecked
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.text import visible

_WHAT = {
    Outcome.DELIVERED_VERIFIED: (
        "is delivered over an encrypted connection, and the receiving server proved its identity"
    ),
    Outcome.DELIVERED_ENCRYPTED: (
        "is delivered over an encrypted connection, but the receiving server's identity is not"
        " verified"
    ),
    Outcome.DELIVERED_CLEAR: "is delivered without encryption; it can be read on the way",
    Outcome.DEFERRED: "is not delivered: it waits in the sender's queue and is tried again",
    Outcome.BOUNCED: "is not delivered: it is returned to its author",
    Outcome.ACCEPTED_AUTHENTIC: "is accepted: the domain of its author is authenticated",
    Outcome.ACCEPTED: "is accepted, although nothing proves the domain of its author",
    Outcome.QUARANTINED: "is put into quarantine",
    Outcome.REJECTED: "is rejected",
    Outcome.COMPLETE: "has everything published that protects mail in its name",
    Outcome.INCOMPLETE: "does not publish everything yet that protects mail in its name",
    Outcome.UNKNOWN: "may or may not be delivered: this walk could not find out",
}
_MESSAGE_WHAT = {
    **_WHAT,
    Outcome.UNKNOWN: "may or may not be accepted: this walk could not find out",
}
_DOMAIN_WHAT = {
    **_WHAT,
    Outcome.UNKNOWN: "may or may not publish what protects mail in its name: not all could be seen",
}
_SUBJECTS = {
    Purpose.DELIVERY: "The sender then",
    Purpose.MESSAGE: "The receiver then",
    Purpose.DOMAIN: "What comes next",
}


def summary(delivery: Delivery, verdict: Verdict, findings: tuple[Finding, ...]) -> str:
    """Return the chosen verdict, its reason, and who must act, as one paragraph."""
    purpose, left = delivery.trace.header.purpose, unchecked(delivery)
    parts = [
        _LEADS[purpose](delivery, verdict),
        _sentence("The reason", verdict.reason),
        _next(verdict, purpose)
        if delivery.trace.header.pasted is None or verdict.outcome is not Outcome.UNKNOWN
        else say("To find out, walk to the host itself."),
        _problems(verdict, findings, complete=not left),
        f"Not checked: {'; '.join(left)}." if left else "",
    ]
    return " ".join(part for part in parts if part)


def _delivery(delivery: Delivery, verdict: Verdict) -> str:
    target, at = delivery.target, delivery.options.at
    lead = f"Judged as of {visible(at, 40)}, not of the day of the walk: mail" if at else "Mail"
    subject = str(target.domain) if target.domain else f"[{target.address}]"
    what = _WHAT[verdict.outcome]
    return f"{lead} to {subject} from a sender set to {verdict.label} {what}."


def _message(delivery: Delivery, verdict: Verdict) -> str:
    domain, case = delivery.target.domain, delivery.message
    author = f"from {domain}" if domain else "whose author cannot be told"
    client = case.arrival.client_ip if case else None
    known = visible(client.value, 60) if client else ""
    came = f"received from {known or 'an unknown address'} by an {verdict.label}"
    sure = " (the address is assumed)" if client is not None and client.assumed else ""
    return f"A message {author}, {came}{sure}, {_MESSAGE_WHAT[verdict.outcome]}."


def _domain(delivery: Delivery, verdict: Verdict) -> str:
    return f"The domain {delivery.target.domain} {_DOMAIN_WHAT[verdict.outcome]}."


_LEADS: Mapping[Purpose, Callable[[Delivery, Verdict], str]] = {
    Purpose.DELIVERY: _delivery,
    Purpose.MESSAGE: _message,
    Purpose.DOMAIN: _domain,
}


def _next(verdict: Verdict, purpose: Purpose) -> str:
    if verdict.outcome.delivered or verdict.outcome is Outcome.COMPLETE:
        return ""
    if verdict.outcome is Outcome.UNKNOWN and purpose is not Purpose.DELIVERY:
        return "To find out, finish the walk, give what is missing, or walk again later."
    if verdict.outcome is Outcome.UNKNOWN:
        return "To find out, finish the walk, or walk again later or from the sender's own network."
    return _sentence(_SUBJECTS[purpose], verdict.next_action)


def _problems(verdict: Verdict, findings: tuple[Finding, ...], *, complete: bool) -> str:
    """Name the finding to begin with: the worst, those behind the verdict first."""
    errors = [finding for finding in findings if finding.level is Severity.ERROR]
    if not errors and (verdict.outcome.delivered or verdict.outcome is Outcome.COMPLETE):
        where = "on the way" if complete else "in what was checked"
        return f"No error was found {where}."
    warnings = [finding for finding in findings if finding.level is Severity.WARNING]
    found = for_verdict(errors or warnings, verdict)
    if not found:
        return ""
    lead = _count("error" if errors else "warning", found)
    first = found[0]
    owner = first.actor.value
    must_act = owner if owner in ("you", "nobody") else f"the {owner}"
    fix = f" What mends it: {_ended(first.fix)}" if first.fix else ""
    said = first.sentence  # what the reason has said already is not said twice
    told, reason = said.rpartition(": ")[2], verdict.reason.rstrip(".")
    if (told and told in reason) or (reason and reason in said):
        said = f"{first.code}, {first.entry.title}"
    return f"{lead}{_ended(said)} Who must act: {must_act}.{fix}"


def _count(word: str, found: tuple[Finding, ...]) -> str:
    """Say how many there are, and of how many kinds where that is fewer."""
    number, kinds = len(found), len({finding.code for finding in found})
    if number == 1:
        return f"One {word} was found: "
    of_kinds = "" if kinds == number else " of one kind" if kinds == 1 else f" of {kinds} kinds"
    return f"{number} {word}s{of_kinds} were found, first of all: "


def _sentence(lead: str, text: str) -> str:
    if not text:
        return ""
    joint = " " if lead.endswith("then") else ": "
    return f"{lead}{joint}{_ended(text)}"


def _ended(text: str) -> str:
    plain = text.strip()
    return plain if not plain or plain[-1] in ".!?" else f"{plain}."
