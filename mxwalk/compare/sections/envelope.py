"""The answers to MAIL FROM and RCPT TO, where the walk went that far."""

from collections.abc import Iterator

from mxwalk.compare.model import Part
from mxwalk.compare.sections.replies import reply_parts
from mxwalk.compare.side import Look
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted

ID = "envelope"
TITLE = noted("envelope (MAIL, RCPT)")
UNIT = "envelope"


def parts(look: Look) -> Iterator[Part]:
    """Yield each server's replies."""
    yield from reply_parts(look, (StepKind.MAIL, StepKind.RCPT))
