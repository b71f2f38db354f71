"""What every receiver reads from a message walk: DMARC with its own limits, and what is still open.

A message that fails because something was not looked at has not failed: an unknown address of the
client, a body that is not there or a step left out keep a receiver's verdict open as long as they could
make DMARC pass.
"""

from collections.abc import Iterator

from mxwalk.evidence.step import StepKind
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import DkimResult, Reason, SignatureVerdict
from mxwalk.mailauth.dmarc.assess import assess
from mxwalk.mailauth.dmarc.discovery import domain_key
from mxwalk.mailauth.dmarc.model import (
    Assessment,
    DmarcResult,
    Method,
    Mode,
    Policy,
    PolicyFound,
    Reading,
)
from mxwalk.text import visible

_OPEN = (Reason.NOT_DONE, Reason.NO_BODY)
_SHOWN = 4
_NAME = 120
_LAST = (StepKind.DISPOSITION, StepKind.ALIGNMENT, StepKind.DMARC)


def looked_at(case: MessageCase, limit: int = 0) -> tuple[SignatureVerdict, ...]:
    """Return the signatures a receiver looks at: the first ``limit`` from the top, 0 for all."""
    return case.verdicts[:limit] if limit else case.verdicts


def assessed(case: MessageCase, reading: Reading, limit: int = 0) -> Assessment | None:
    """Return DMARC as a receiver with this limit of signatures sees it; ``None`` before discovery."""
    if not limit or len(case.verdicts) <= limit or reading not in case.assessments:
        return case.assessments.get(reading)
    mailfrom = case.mailfrom.evaluation if case.mailfrom else None
    return assess(
        reading,
        tuple(dict.fromkeys(map(domain_key, case.message.author_domains))),
        (mailfrom.result.value, mailfrom.domain) if mailfrom else None,
        [
            (one.signature.number, one.signature.domain, one.result.value)
            for one in looked_at(case, limit)
            if one.signature.domain and one.step is not None
        ],
        case.discoveries,
    )


def decisive_step(case: MessageCase) -> int | None:
    """Return the seq of the step that DMARC was decided in: the last of those that were made."""
    return next((case.steps[kind.value] for kind in _LAST if kind.value in case.steps), None)


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
        yield f"{visible(name, _NAME)} has not been looked up"
    record = assessment.policy.record
    spf_mode = record.spf_mode if record else Mode.RELAXED
    dkim_mode = record.dkim_mode if record else Mode.RELAXED
    if case.mailfrom is None:
        arrival = case.arrival
        if not arrival.client_ip.value:
            if _could_align(case, assessment, case.mailfrom_domain, spf_mode):
                yield "the client's address is not known, so that SPF could not be checked"
        elif not arrival.mail_from.value:
            yield "MAIL FROM is not known, so that SPF could not be checked"
        elif case.mailfrom_domain and _could_align(
            case, assessment, case.mailfrom_domain, spf_mode
        ):
            yield "SPF was not checked"
    for one in looked_at(case, limit):
        signature = one.signature
        undone = (one.step is None or one.reason in _OPEN) and not signature.problem
        if undone and _could_align(case, assessment, signature.domain, dkim_mode):
            yield f"DKIM signature {signature.number} was not verified"


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


def authenticated(assessment: Assessment) -> bool:
    """Say whether an aligned identifier passes, whether or not a policy is published."""
    return any(one.counts and not one.uncertain for one in assessment.alignments)


def how_authenticated(assessment: Assessment) -> str:
    """Return which identifier it was, empty without one."""
    for one in assessment.alignments:
        if one.counts and not one.uncertain:
            what = "SPF" if one.method is Method.SPF else f"DKIM signature {one.number}"
            return f"{what} passes for {one.domain}"
    return ""


def receiver_name(case: MessageCase) -> str:
    """Return the name in the headers the receiver writes; a documentation name if none is known."""
    known = case.given.receiver or case.arrival.receiver.value
    return visible(known, _NAME) or "receiver.example"


def dmarc_words(assessment: Assessment, disposition: Policy | None) -> str:
    """Return the ``dmarc=`` part of Authentication-Results, with policy and disposition as comment.

    RFC 8601 2.7.6 with RFC 9989 9.2; the comment is what receivers write by custom.
    """
    asked = assessment.policy.asked
    comment = ""
    if asked is not None:
        done = (disposition or Policy.NONE).value
        comment = f" ({_tag(assessment.policy)}={asked.value} dis={done})"
    return f"dmarc={assessment.result.value}{comment} header.from={assessment.author_domain}"


def _tag(policy: PolicyFound) -> str:
    return policy.tag or "p"


def results_words(
    case: MessageCase, assessment: Assessment, disposition: Policy | None, limit: int = 0
) -> str:
    """Return an Authentication-Results field on one line: SPF, signatures, DMARC (RFC 8601 2.2)."""
    parts = [receiver_name(case)]
    if case.mailfrom is not None:
        mailfrom = case.mailfrom.evaluation
        parts.append(f"spf={mailfrom.result.value} smtp.mailfrom={visible(mailfrom.domain, _NAME)}")
    signatures = looked_at(case, limit)
    parts += [_dkim_words(one) for one in signatures[:_SHOWN]]
    if not signatures:
        parts.append(f"dkim={DkimResult.NONE.value}")
    parts.append(dmarc_words(assessment, disposition))
    return f"Authentication-Results: {'; '.join(parts)}"


def _dkim_words(one: SignatureVerdict) -> str:
    domain = visible(one.signature.domain, _NAME)
    selector = visible(one.signature.selector, _NAME)
    where = f" header.d={domain} header.s={selector}" if domain else ""
    return f"dkim={one.result.value}{where}"
