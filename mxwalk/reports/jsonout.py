"""The report as a JSON document; its schema is published in ``schema/report.schema.json``."""

import msgspec

from mxwalk.evidence.trace import Trace
from mxwalk.reports.view import build_view


def render_json(trace: Trace, sender: str) -> str:
    """Return the document, indented, with a line feed at its end."""
    document = msgspec.json.encode(build_view(trace, sender).report)
    return msgspec.json.format(document, indent=2).decode() + "\n"
