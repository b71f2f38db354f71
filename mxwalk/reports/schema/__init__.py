"""The JSON Schema of the report document, generated from its types and shipped as a file.

``python -m mxwalk.reports.schema`` writes both shipped schemas anew after a type has changed; a test
fails while they differ.
"""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from mxwalk.evidence.schema import FILE as TRACE_FILE
from mxwalk.evidence.schema import trace_schema
from mxwalk.reports.model import SCHEMA, Report

FILE = "report.schema.json"


def report_schema() -> dict[str, Any]:
    """Return the schema of what ``--format json`` writes."""
    (reference,), definitions = msgspec.json.schema_components((Report,))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"An mxwalk report ({SCHEMA})",
        **reference,
        "$defs": definitions,
    }


def shipped() -> dict[Path, str]:
    """Return the shipped files with the content that the types call for."""
    return {
        _file("mxwalk.reports.schema", FILE): _dump(report_schema()),
        _file("mxwalk.evidence.schema", TRACE_FILE): _dump(trace_schema()),
    }


def _file(package: str, name: str) -> Path:
    return Path(str(resources.files(package) / name))


def _dump(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
