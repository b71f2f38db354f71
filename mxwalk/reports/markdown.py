r"""The report in Markdown, safe to paste into a ticket whatever a server said.

Prose is backslash-escaped (CommonMark 2.4), and words that would become links are code.  Texts from
servers stand in code spans whose fence is longer than any run of backticks in them, and in a table a
pipe becomes an entity.  All texts are one line, so nothing can start a block of its own.
"""

import re

from mxwalk.evidence.trace import Trace
from mxwalk.reports import model_mailauth
from mxwalk.reports.pages import environment
from mxwalk.reports.view import build_view
from mxwalk.text import visible

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$!])")
# GFM links addresses without brackets, and forges turn @name and #1 into messages to people and
# links to tickets; both look at the text after escapes, so only a code span keeps such words inert.
_ACTS = re.compile(r"(?i)//|www\.|mailto:|xmpp:|@|#\d|\bGH-\d|[0-9a-f]{40}")
_ENDS = ".,;:!?\"'"  # of a sentence around a word
_BLOCK = re.compile(r"^(\d{0,9})([-+=.)])")  # what a list or an underlined heading begins with
_TICKS = re.compile(r"`+")


def render_markdown(trace: Trace, sender: str) -> str:
    """Return the Markdown document."""
    page = environment(
        autoescape=False,
        filters={
            "md": escape,
            "paragraph": paragraph,
            "code": code,
            "cell": cell,
            "block": block,
            "transcript_lines": lambda lines: [
                f"{line.by} {line.at_s:8.3f}  {line.text}" for line in lines
            ],
            "command_lines": lambda commands: [item.command for item in commands],
        },
    )
    page.globals["header_lines"] = _header_lines
    template = page.get_template("report.md.j2")
    return template.render(report=build_view(trace, sender).report)


def _header_lines(written: tuple[model_mailauth.HeaderLine, ...]) -> list[str]:
    return [
        f"{'    ' if number else f'{field.name}: '}{line}"
        for field in written
        for number, line in enumerate(field.lines)
    ]


def escape(value: object) -> str:
    """Return prose with everything escaped that Markdown would act on.

    Blanks around it go: nobody would see them, and four at the beginning of a line make code of it.
    """
    return " ".join(map(_word, _one_line(value).strip(" ").split(" ")))


def paragraph(value: object) -> str:
    """Return prose that stands at the beginning of a line and begins no list or heading there."""
    return _BLOCK.sub(r"\1\\\2", escape(value))


def _word(word: str) -> str:
    if not _ACTS.search(word):
        return _escaped(word)
    before, core, after = _parted(word)
    return f"{_escaped(before)}{cell(core)}{_escaped(after)}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _parted(word: str) -> tuple[str, str, str]:
    """Part a word from the punctuation of its sentence; a bracket that belongs to it stays."""
    core = word.lstrip("(\"'")
    before = word[: len(word) - len(core)]
    while core and (core[-1] in _ENDS or (core[-1] == ")" and core.count(")") > core.count("("))):
        core = core[:-1]
    return before, core, word[len(before) + len(core) :]


def code(value: object) -> str:
    """Return a code span; nothing inside it is markup."""
    text = _one_line(value)
    if not text.strip():
        return ""
    fence = _fence(text, 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def cell(value: object) -> str:
    """Return a code span for a table, where a pipe would end the cell even inside it."""
    text = _one_line(value)
    if "|" not in text:
        return code(text)
    entities = "".join(
        char if char.isalnum() or char == " " else f"&#{ord(char)};" for char in text
    )
    return f"<code>{entities}</code>"


def block(lines: list[str]) -> str:
    """Return a fenced block of lines."""
    body = "\n".join(_one_line(line) for line in lines)
    fence = _fence(body, 3)
    return f"{fence}text\n{body}\n{fence}"


def _one_line(value: object) -> str:
    """Report texts are visible and have no line breaks; this keeps it so whatever comes."""
    return visible(" ".join(str(value).splitlines()))


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
