"""The greeting, without the times and ids in it."""

from collections.abc import Iterator

from mxwalk.compare.model import Part
from mxwalk.compare.sections.replies import reply_parts
from mxwalk.compare.side import Look
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted

ID = "greeting"
TITLE = noted("greeting")
UNIT = "greeting"


def parts(look: Look) -> Iterator[Part]:
    """Yield each server's greeting."""
    yield from reply_parts(look, (StepKind.GREETING,))
