"""Plain text in 72 columns: paragraphs are wrapped, literal lines stand as they are.

A column is a terminal cell: Korean letters take two.  Words are never broken, so a zone line or a
digest can be copied; a long zone line gets the parentheses of RFC 1035 5.1, a long command the shell's
backslash.
"""

import re

from mxwalk.wrapping import cells, fill

WIDTH = 72
INDENT = "    "
# What our fixes hold of zone files: an owner, a type, and the data in the type's own form.
_ZONE_LINE = re.compile(
    r"(?P<owner>(?<!\S)[A-Za-z0-9_*.-]+\. (?:\d+ )?(?:IN )?)"
    r"(?P<type>TLSA|TXT|MX|A|AAAA|CNAME|DS|PTR|NS) "
    r"(?P<data>(?<=TLSA )\d+ \d+ \d+ [0-9A-Fa-f]+|(?<=TXT )\"[^\"]*\"(?: \"[^\"]*\")*"
    r"|(?<=MX )\d+ (?:<[^>]*>|[^\s;,]+)|(?<=DS )\d+ \d+ \d+ [0-9A-Fa-f]+"
    r"|(?:(?<= A )|(?<=AAAA )|(?<=CNAME )|(?<=PTR )|(?<=NS ))(?:<[^>]*>|[^\s;,]+))"
)


def prose(text: str, indent: str = "", first: str | None = None) -> str:
    """Wrap one paragraph; ``first`` begins its first line instead of ``indent``."""
    return "\n".join(fill(text, WIDTH, indent if first is None else first, indent))


def command(text: str, indent: str = INDENT) -> str:
    """Return a command on lines of its own, continued with backslashes where it is long."""
    lines: list[str] = []
    line = indent
    for word in _shell_words(text):
        if line.strip() and cells(line) + 1 + cells(word) > WIDTH - 2:
            lines.append(f"{line} \\")
            line = indent + "  " + word
        else:
            line += f" {word}" if line.strip() else word
    return "\n".join([*lines, line])


def _shell_words(text: str) -> list[str]:
    """Split at the blanks outside of quotes, and nowhere else."""
    return re.findall(r"(?:'[^']*'|\"[^\"]*\"|[^ '\"]|['\"])+", text)


def zone(text: str, indent: str = INDENT) -> str:
    """Return a zone line, in parentheses if it is long (RFC 1035 5.1)."""
    found = _ZONE_LINE.fullmatch(text)
    if found is None or cells(indent + text) <= WIDTH:
        return indent + text
    head, data = f"{found['owner']}{found['type']}", found["data"]
    if found["type"] == "TLSA":
        fields, _, data = data.rpartition(" ")
        head += f" {fields}"
    return f"{indent}{head} (\n{indent}  {data} )"


def fix(text: str, indent: str = INDENT) -> str:
    """Return a fix: its words wrapped, the zone lines in it on lines of their own."""
    parts, at = [], 0
    for found in _ZONE_LINE.finditer(text):
        parts += [_between(text[at : found.start()], indent), zone(found.group(), indent)]
        at = found.end()
    parts.append(_between(text[at:], indent))
    return "\n".join(part for part in parts if part)


def _between(text: str, indent: str) -> str:
    """Return words beside a zone line, without the stops that parted them from it."""
    plain = text.strip().lstrip(",;.").strip()
    return prose(plain, indent) if plain else ""
