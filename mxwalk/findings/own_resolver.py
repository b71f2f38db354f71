"""Failed look-ups: what came back, and whose matter it is.

Where our own resolver fails on the root zone, no failed look-up says anything of anybody's name
servers: it is ours to mend first, and nobody else is blamed.  A finding on a failed look-up names the
question and the response code.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import show
from mxwalk.findings.rules.resolver import FAILS, NOT_ANSWERING
from mxwalk.language import say

_LOOK_UPS = (
    "ROUTE005",
    "ROUTE022",
    "ROUTE031",
    "STS004",
    "SPF009",
    "SPF039",
    "DKIM006",
    "DKIM037",
    "DMARC004",
    "DMARC033",
    "DMARC041",
)
_SILENT = (DnsStatus.TIMEOUT, DnsStatus.UNREACHABLE)
_DECIDED = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN, DnsStatus.CANCELLED)


def culprit(delivery: Delivery) -> str:
    """Return the code of the finding on our own resolver where it fails; empty where it does not."""
    checked = delivery.resolver
    if checked is None or checked.answer.status in (DnsStatus.OK, DnsStatus.CANCELLED):
        return ""
    return NOT_ANSWERING.code if checked.answer.status in _SILENT else FAILS.code


def looked_up(findings: Iterable[Finding], delivery: Delivery) -> Iterator[Finding]:
    """Yield the findings, those on failed look-ups with what came back and with the right owner."""
    code = culprit(delivery)
    for one in findings:
        if one.code not in _LOOK_UPS:
            yield one
            continue
        told = replace(one, sentence=_with_answer(one, delivery))
        if code:
            fix = say("mend your own resolver first, see {code}; then walk again", code=code)
            told = replace(told, owner=Owner.YOU, fix=fix, cause=code)
            if told.level is Severity.ERROR:
                told = replace(told, severity=Severity.WARNING)
        yield told


def _with_answer(finding: Finding, delivery: Delivery) -> str:
    answer = _failed(finding, delivery)
    word = "" if answer is None else answer.rcode
    if answer is None or not word or word.lower() in finding.sentence.lower():
        return finding.sentence
    doubted = say(", not believed") if answer.status in _DECIDED else ""
    asked = f"{show(answer.qname, 120)} {answer.rtype}"
    return f"{finding.sentence} ({asked}: {show(word, 40)}{doubted})"


def _failed(finding: Finding, delivery: Delivery) -> DnsAnswer | None:
    """Return the first answer of the finding's step that decides nothing, or is not believed."""
    step = next((one for one in delivery.trace.steps if one.seq == finding.step), None)
    evidence = step.evidence if step is not None else None
    key = getattr(evidence, "key", None)
    answers = (*getattr(evidence, "answers", ()), *((key,) if isinstance(key, DnsAnswer) else ()))
    failed = (one for one in answers if one.status not in _DECIDED)
    denied = (one for one in answers if one.status is DnsStatus.NXDOMAIN and culprit(delivery))
    return next(failed, None) or next(denied, None)
