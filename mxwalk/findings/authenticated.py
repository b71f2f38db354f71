"""What the rules on SPF, DKIM and DMARC share: places, zone lines, the weight of remarks."""

from mxwalk.dns.txt import txt_line
from mxwalk.evidence.step import StepKind
from mxwalk.findings.model import Entry, Severity
from mxwalk.findings.raising import Where, show
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dmarc.model import DmarcResult
from mxwalk.receivers.evidence import authenticated

RECORD_CHARS = 500


def at_kind(case: MessageCase, kind: StepKind, host: str = "") -> Where:
    """Return the place of the last step of a kind."""
    return Where(step=case.steps.get(kind.value), host=host)


def at_seq(step: int | None, host: str = "") -> Where:
    """Return the place of a step by its seq."""
    return Where(step=step, host=host)


def zone_line(name: str, text: str) -> str:
    """Return a TXT record as a zone line; ``text`` has one character an octet, or is plain."""
    return txt_line(name, text.encode("latin-1", "replace"))


def dmarc_passes(case: MessageCase) -> bool:
    """Say whether the author is authenticated for all that: then a part that failed is no error.

    Where no policy is published an aligned pass is proof all the same.
    """
    assessment = case.assessment()
    if assessment is None or assessment.result is DmarcResult.NONE:
        return assessment is not None and authenticated(assessment)
    return assessment.result is DmarcResult.PASS


def is_sentence(text: str) -> str:
    """Return a sentence of another area as one that may follow a colon: no full stop at its end."""
    return text.strip().removesuffix(".")


def weighed(entry: Entry, weight: str) -> Severity | None:
    """Return the severity of a remark where it differs from its entry's."""
    severity = Severity(weight)
    return None if severity is entry.severity else severity


def quoted(text: str) -> str:
    """Return a record or term as it stands, in quotes, for a sentence."""
    return f'"{show(text, RECORD_CHARS)}"'
