"""What was not looked at and could still make DMARC pass.

A message that fails because something was not looked at has not failed: an unknown address of the
client, a body that is not there or a step left out keep the result open as long as they could make
DMARC pass.
"""

from collections.abc import Iterator

from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import Reason, SignatureVerdict
from mxwalk.mailauth.dmarc.discovery import domain_key
from mxwalk.mailauth.dmarc.model import Assessment, DmarcResult, Mode
from mxwalk.text import visible

_OPEN = (Reason.NOT_DONE, Reason.NO_BODY)
_SHOWN = 4
_NAME = 120


def looked_at(case: MessageCase, limit: int = 0) -> tuple[SignatureVerdict, ...]:
    """Return the signatures a receiver looks at: the first ``limit`` from the top, 0 for all."""
    return case.verdicts[:limit] if limit else case.verdicts


def not_discovered(case: MessageCase) -> tuple[str, ...]:
    """Return the identifiers whose organizational domain has not been looked up (yet)."""
    return tuple(name for name in case.identifiers if name not in case.discoveries)


def open_points(case: MessageCase, assessment: Assessment, limit: int = 0) -> tuple[str, ...]:
    """Return what was not looked at and could still make DMARC pass, each in a few words."""
    if assessment.result is DmarcResult.PASS:
        return ()
    return tuple(_open_points(case, assessment, limit))


def _open_points(case: MessageCase, assessment: Assessment, limit: int) -> Iterator[str]:
    for name in not_discovered(case)[:_SHOWN]:
        yield say("{name} has not been looked up", name=visible(name, _NAME))
    record = assessment.policy.record
    spf_mode = record.spf_mode if record else Mode.RELAXED
    dkim_mode = record.dkim_mode if record else Mode.RELAXED
    missing = spf_missing(case)
    if missing and _could_align(case, assessment, case.mailfrom_domain, spf_mode):
        yield missing
    for one in looked_at(case, limit):
        signature = one.signature
        undone = (one.step is None or one.reason in _OPEN) and not signature.problem
        if undone and _could_align(case, assessment, signature.domain, dkim_mode):
            yield say("DKIM signature {number} was not verified", number=signature.number)


def spf_missing(case: MessageCase) -> str:
    """Return why there is no result for MAIL FROM; empty where there is one, or none can be."""
    if case.mailfrom is not None:
        return say("SPF was not checked to its end") if case.mailfrom.open else ""
    if not case.arrival.client_ip.value:
        return say("the client's address is not known, so that SPF could not be checked")
    if not case.arrival.mail_from.value:
        return say("MAIL FROM is not known, so that SPF could not be checked")
    return say("SPF was not checked") if case.mailfrom_domain else ""


def _could_align(case: MessageCase, assessment: Assessment, domain: str, mode: Mode) -> bool:
    """Say whether a domain aligns, or may: its discovery was not made."""
    if not domain:
        return True
    name = domain_key(domain)
    if name == assessment.author_domain:
        return True
    if mode is Mode.STRICT:
        return False
    found = case.discoveries.get(name)
    if found is None:
        return True
    theirs = found.discovery(assessment.reading)
    return theirs.failed or theirs.organizational == assessment.discovery.organizational
