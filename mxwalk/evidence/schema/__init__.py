"""The JSON Schema of a line of a trace file, generated from the types and shipped as a file."""

from typing import Any

import msgspec

from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import FORMAT, VERSION, Header

FILE = "trace.schema.json"


def trace_schema() -> dict[str, Any]:
    """Return the schema: the first line of a trace is a ``Header``, every other line a ``Step``."""
    references, definitions = msgspec.json.schema_components((Header, Step))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A line of an mxwalk trace ({FORMAT}, version {VERSION})",
        "oneOf": list(references),
        "$defs": definitions,
    }
