"""How a note of the administrator is drawn: a mark and its words, in one line or in full."""

from textual.content import Content

from mxwalk.delivery.notes import note_line, note_lines
from widgets.glyphs import glyphs
from widgets.plain import Look, cut, line, wrap


def note_content(text: str, width: int, indent: int = 0) -> Content:
    """Return a note as one line, cut to ``width`` cells behind its indentation."""
    words = line((f"{glyphs().note} ", Look.ACCENT), (note_line(text), Look.INFO))
    return line(" " * indent) + cut(words, width)


def note_paragraph(text: str, width: int) -> list[Content]:
    """Return a note in full, wrapped to ``width`` cells."""
    first, *rest = note_lines(text) or ("",)
    head = line((f"{glyphs().note} ", Look.ACCENT), (first, Look.INFO))
    lines = wrap(head, width, indent=2)
    for each in rest:
        lines += wrap(line("  ", (each, Look.INFO)), width, indent=2)
    return lines
