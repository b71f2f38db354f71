"""Whether the hosts can be reached."""

from collections.abc import Iterator

from mxwalk.compare.model import Part
from mxwalk.compare.sections.replies import connect_parts
from mxwalk.compare.side import Look
from mxwalk.language import noted

ID = "connect"
TITLE = noted("connection")
UNIT = "connect"


def parts(look: Look) -> Iterator[Part]:
    """Yield whether each connection stood."""
    yield from connect_parts(look)
