"""From a trace to a document in one of the formats; a new format is one file and one line here."""

import importlib
from collections.abc import Mapping
from types import MappingProxyType

from mxwalk.delivery.redaction import redact
from mxwalk.errors import UsageError
from mxwalk.evidence.trace import Purpose, Trace
from mxwalk.language import noted, say
from mxwalk.text import visible

# Format, the module and function that write it, and the usual file suffix.
_FORMATS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "text": ("mxwalk.reports.text", "render_text", ".txt"),
        "markdown": ("mxwalk.reports.markdown", "render_markdown", ".md"),
        "html": ("mxwalk.reports.html", "render_html", ".html"),
        "json": ("mxwalk.reports.jsonout", "render_json", ".json"),
        "trace": ("mxwalk.reports.traceout", "render_trace", ".mxtrace"),
        "tlsrpt": ("mxwalk.reports.tlsrpt", "render_tlsrpt", ".tlsrpt.json"),
    }
)
FORMATS = tuple(_FORMATS)
_DELIVERY_ONLY = ("tlsrpt",)  # RFC 8460 reports are on deliveries


def formats_for(purpose: Purpose) -> tuple[str, ...]:
    """Return the formats that a walk of this purpose can be written in."""
    if purpose is Purpose.DELIVERY:
        return FORMATS
    return tuple(name for name in FORMATS if name not in _DELIVERY_ONLY)


def check_format(fmt: str, purpose: Purpose) -> None:
    """Raise ``UsageError`` for a format that a walk of this purpose has not."""
    if fmt in FORMATS and fmt not in formats_for(purpose):
        template = (
            noted("--format {fmt} is a report on deliveries; a walk of a message has {known}")
            if purpose is Purpose.MESSAGE
            else noted("--format {fmt} is a report on deliveries; a walk of a domain has {known}")
        )
        raise UsageError(say(template, fmt=fmt, known=", ".join(formats_for(purpose))))


def suffix(fmt: str) -> str:
    """Return the usual file suffix of a format, with its dot."""
    return _FORMATS[fmt][2]


def render(
    trace: Trace, fmt: str, *, sender: str, redacted: bool = False, with_notes: bool = False
) -> str:
    """Return the document on ``trace`` in the format ``fmt``, as the sender ``sender`` sees it.

    With ``redacted``, local parts, own names and own addresses are replaced first, and notes are left
    out unless ``with_notes`` asks for them.  Raises ``UsageError`` for an unknown format or sender, and
    for a format that such a walk has not.
    """
    if fmt not in _FORMATS:
        raise UsageError(
            say(
                "there is no format {name!r}; known are {known}",
                name=visible(fmt, 40),
                known=", ".join(_FORMATS),
            )
        )
    check_format(fmt, trace.header.purpose)
    module, function, _ = _FORMATS[fmt]
    write = getattr(importlib.import_module(module), function)
    document: str = write(redact(trace, with_notes=with_notes) if redacted else trace, sender)
    return document
