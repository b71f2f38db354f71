"""The long text of a code, laid out for a terminal."""

import difflib
import textwrap

from mxwalk.errors import UsageError
from mxwalk.findings.registry import catalogue
from mxwalk.text import visible

# Whose severity and owner often depend on what else was found.
_BY_CASE = ("SPF", "DKIM", "DMARC", "AUTH")


def explain(code: str, width: int = 78) -> str:
    """Return the catalogue entry of ``code`` with its long text, wrapped at ``width`` columns.

    Case does not matter.  Raises ``UsageError`` for an unknown code, naming those like it.
    """
    entries = catalogue()
    wanted = code.strip().upper()
    entry = entries.get(wanted)
    if entry is None:
        raise UsageError(_unknown(code, wanted, list(entries)))
    head = textwrap.wrap(f"{entry.code}  {entry.title}", width, subsequent_indent=" " * 9)
    facts = f"severity: {entry.severity.value}   who must act: {entry.owner.value}   {entry.rfc}"
    if entry.code.startswith(_BY_CASE):
        facts += "   (by the case; the finding says which)"
    if entry.tls_rpt:
        facts += f"   in TLS reports: {entry.tls_rpt}"
    parts = ["\n".join(head), "\n".join(textwrap.wrap(facts, width))]
    parts += [
        textwrap.fill(
            " ".join(paragraph.split()), width, break_long_words=False, break_on_hyphens=False
        )
        for paragraph in entry.explain.split("\n\n")
    ]
    return "\n\n".join(parts)


def _unknown(typed: str, wanted: str, known: list[str]) -> str:
    areas = sorted({code.rstrip("0123456789") for code in known})
    area = wanted.rstrip("0123456789")
    if area in areas:
        of_area = [code for code in known if code.rstrip("0123456789") == area]
        hint = f"the codes of {area} are {', '.join(of_area)}"
    elif near := difflib.get_close_matches(wanted, known, n=5, cutoff=0.6):
        hint = f"near it: {', '.join(sorted(near))}"
    else:
        hint = f"the areas are {', '.join(areas)}"
    return f"there is no finding {visible(typed, 40)!r}; {hint}"
