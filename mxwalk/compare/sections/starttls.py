"""The answer to STARTTLS."""

from collections.abc import Iterator

from mxwalk.compare.model import Part
from mxwalk.compare.sections.replies import reply_parts
from mxwalk.compare.side import Look
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted

ID = "starttls"
TITLE = noted("STARTTLS")
UNIT = "starttls"


def parts(look: Look) -> Iterator[Part]:
    """Yield each server's reply."""
    yield from reply_parts(look, (StepKind.STARTTLS,))
