"""The page of the trace format, from the types that are written and read."""

import typing

import msgspec

from mxwalk.evidence.step import Evidence, Scope, Step, StepKind
from mxwalk.evidence.target import Options, Target
from mxwalk.evidence.trace import FORMAT, VERSION, Header
from mxwalk.evidence.wire import WireChunk
from mxwalk.limits import TRACE_BYTES, TRACE_LINE_BYTES, TRACE_STEPS
from tests.docs.struct_pages import prose, table

_MIB = 1024 * 1024


def evidence_types() -> tuple[type[msgspec.Struct], ...]:
    """Return every struct of evidence."""
    return typing.get_args(Evidence)


def page() -> str:
    """Return the page."""
    parts = [
        "# The trace format\n",
        "Written by `make docs` from the types.  A trace is a text file of JSON Lines in UTF-8: the header, then one",
        "step a line, written as the walk goes.  What a crash leaves is a valid trace as far as it goes.\n",
        "Findings and verdicts are not in it.  They are computed from the evidence whenever a trace is opened, so a",
        "newer mxwalk finds more in an old trace.  Words of ours in another language than English never are either.\n",
        f"Format `{FORMAT}`, version {VERSION}.  The JSON Schema of a line is",
        "[`trace.schema.json`](../mxwalk/evidence/schema/trace.schema.json), installed with the package:\n",
        (
            '```\npython -c \'from importlib.resources import files; print(files("mxwalk.evidence.schema")'
            '.joinpath("trace.schema.json").read_text())\'\n```\n'
        ),
        f"What is read is bounded: {TRACE_BYTES // _MIB} MiB a file, {TRACE_LINE_BYTES // _MIB} MiB a line,",
        f"{TRACE_STEPS} steps.  Bytes are base64 (RFC 4648 4), times RFC 3339 in UTC, names in A-labels.\n",
        "```\nmxwalk check --lab esa-hosted --save today.mxtrace\nmxwalk check --lab esa-hosted --format trace\n```\n",
    ]
    parts += _section("The header", Header)
    parts += _section("The target", Target)
    parts += _section("The options", Options)
    parts += _section("A step", Step)
    parts += ["`kind` is one of: " + ", ".join(f"`{kind.value}`" for kind in StepKind) + ".\n"]
    parts += _section("Its scope", Scope)
    parts += _section("A piece of the wire", WireChunk)
    parts += ["## Evidence\n", "The member `type` of `evidence` says which of these it is.\n"]
    parts += ["| type | what it is |", "|---|---|"]
    parts += [
        f"| [`{tag(each)}`](#{_anchor(each)}) | {prose(each).split(chr(10))[0]} |"
        for each in evidence_types()
    ]
    parts.append("")
    for each in evidence_types():
        parts += [f"### {tag(each)}\n", prose(each) + "\n", *table(each), ""]
    return "\n".join(parts)


def tag(kind: type[msgspec.Struct]) -> str:
    """Return the value of ``type`` by which a struct of evidence is told."""
    return str(kind.__struct_config__.tag)


def _anchor(kind: type[msgspec.Struct]) -> str:
    return tag(kind).lower()


def _section(title: str, kind: type[msgspec.Struct]) -> list[str]:
    return [f"## {title}\n", prose(kind) + "\n", *table(kind), ""]
