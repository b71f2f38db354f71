"""A comparison as a document: text, JSON, Markdown and HTML, of what differs and nothing else."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from types import MappingProxyType

from markupsafe import Markup

from mxwalk.compare.model import Comparison, Difference, Section, Shown, SideShown, Weight
from mxwalk.compare.words import effect_words, kind_words
from mxwalk.errors import UsageError
from mxwalk.language import language, say, say_many
from mxwalk.reports.comparison_json import render_json
from mxwalk.reports.markdown import cell, escape, paragraph
from mxwalk.reports.pages import environment
from mxwalk.wrapping import cells, fill

WIDTH = 80
_MARKS = {"added": "+", "gone": "-", "changed": "~", "unknown": "?"}


def render_comparison(found: Comparison, fmt: str, *, redacted: bool = False) -> str:
    """Return the document.  Raises ``UsageError`` for an unknown format."""
    if fmt not in _FORMATS:
        raise UsageError(say("a comparison is written as {known}", known=", ".join(_FORMATS)))
    return _FORMATS[fmt](found, redacted)


def _text(found: Comparison, redacted: bool) -> str:
    lines = []
    for said in found.answer.split("\n"):
        indent = "  " if said.startswith("  ") else ""
        lines += fill(said, WIDTH, indent, indent * 2)
    lines.append("")
    for sign, side in (("-", found.before), ("+", found.after)):
        lines += fill(_side(side), WIDTH, f"{sign} ", "  ")
    if redacted:
        lines.append(say("redacted: own names and addresses are replaced"))
    for section in found.sections:
        if section.differences:
            lines += ["", section.title.upper(), *_section(section)]
    if found.unknown:
        lines += ["", say("looked at on one side only").upper()]
        for one in found.unknown:
            lines += fill(one.subject, WIDTH, "  ? ", "    ")
            lines += _values(one)
    if found.always:
        lines += ["", always_words(found.always)]
    return "\n".join(lines) + "\n"


def always_words(count: int) -> str:
    """Return the words for what is different every time."""
    return say_many("and {n} that always changes", "and {n} that always change", count)


def _side(side: SideShown) -> str:
    code_ = f" ({side.verdict.code})" if side.verdict.code else ""
    decided = say("decided at {step}", step=side.step_label) if side.step_label else ""
    return "; ".join(filter(None, (side.label, side.started_at, side.outcome + code_, decided)))


def _section(section: Section) -> Iterator[str]:
    place = ""
    for one in section.differences:
        if one.place != place and one.place:
            yield from fill(one.place, WIDTH, "  ", "    ")
        place = one.place
        mark = ">" if one.decides else " "
        note = tags(one)
        head = f"{mark} {_MARKS[one.kind.value]} {one.subject}" + (f"   ({note})" if note else "")
        if (short := _short(one, head)) is not None:
            yield short
        else:
            yield from fill(head[4:], WIDTH, head[:4], "      ")
            yield from _values(one)


def _short(one: Difference, head: str) -> str | None:
    """Return a difference on one line, ``None`` where it does not fit."""
    if one.before is None or one.after is None:
        return None
    texts = one.before.text, one.after.text
    line = f"{head}: {texts[0]} → {texts[1]}{_steps(one)}"
    return line if cells(line) <= WIDTH and min(map(len, texts)) else None


def _steps(one: Difference) -> str:
    """Return the steps of both sides in brackets."""
    seqs = dict.fromkeys(
        str(shown.step) for shown in (one.before, one.after) if shown and shown.step is not None
    )
    return _step(" → ".join(seqs) or None)


def _step(seq: int | str | None) -> str:
    """Return the number of a step in brackets, empty where there is none."""
    if seq is None:
        return ""
    words = say("step {n}", n=seq)
    return f"   [{words}]"


def tags(one: Difference) -> str:
    """Return kind, effect and weight of a difference in words."""
    words = [kind_words(one.kind)]
    if one.decides:
        words.append(say("turned the verdict"))
    elif effect := effect_words(one.effect):
        words.append(effect)
    if one.weight is Weight.NOTICE:
        words.append(say("notice"))
    return ", ".join(words)


def _values(one: Difference) -> Iterator[str]:
    for mark, shown in (("-", one.before), ("+", one.after)):
        if shown is not None:
            step = _step(shown.step)
            yield from fill(f"{marked(shown)}{step}", WIDTH, f"      {mark} ", "        ")


def marked(shown: Shown) -> str:
    """Return a value as it is; where it is long, with what differs between brackets."""
    differing = sum(len(span.text) for span in shown.spans if span.differs)
    if len(shown.text) < 24 or not 0 < differing * 2 <= len(shown.text):
        return shown.text
    return "".join(f"⟦{span.text}⟧" if span.differs else span.text for span in shown.spans)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Lines of the answer: one by itself, or, ``listed``, before and after of a cause."""

    lines: tuple[str, ...]
    listed: bool


def _paragraphs(found: Comparison) -> Iterator[_Paragraph]:
    for listed, lines in groupby(found.answer.split("\n"), lambda said: said.startswith("  ")):
        if listed:
            yield _Paragraph(tuple(said.strip() for said in lines), listed=True)
        else:
            yield from (_Paragraph((said,), listed=False) for said in lines)


def _markdown(found: Comparison, redacted: bool) -> str:
    title = say("Comparison")
    lines = [f"# {title}", ""]
    for each in _paragraphs(found):
        bullet = "- " if each.listed else ""
        lines += [*(bullet + paragraph(said) for said in each.lines), ""]
    lines += [f"- − {escape(_side(found.before))}", f"- \\+ {escape(_side(found.after))}"]
    if redacted:
        words = say("redacted: own names and addresses are replaced")
        lines.append(f"- {words}")
    groups = [(s.title, s.differences) for s in found.sections if s.differences]
    if found.unknown:
        groups.append((say("looked at on one side only"), found.unknown))
    for title, differences in groups:
        heads = (say("what"), say("before"), say("after"), say("difference"))
        lines += ["", f"## {escape(title)}", "", f"| {' | '.join(heads)} |", "|---|---|---|---|"]
        for one in differences:
            what = f"{one.place}: {one.subject}" if one.place else one.subject
            values = (_cell(one.before), _cell(one.after))
            note = f"**{tags(one)}**" if one.decides else tags(one)
            lines.append(f"| {cell(what)} | {values[0]} | {values[1]} | {note} |")
    if found.always:
        lines += ["", escape(always_words(found.always))]
    return "\n".join(lines) + "\n"


def _cell(shown: Shown | None) -> str:
    return cell(shown.text) if shown is not None and shown.text else ""


def _html(found: Comparison, redacted: bool) -> str:
    style = (resources.files("mxwalk.reports") / "templates" / "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = environment(autoescape=True, filters={})
    return page.get_template("comparison.html.j2").render(
        found=found,
        paragraphs=tuple(_paragraphs(found)),
        redacted=redacted,
        say=say,
        language=language(),
        tags=tags,
        side=_side,
        always=always_words,
        style=Markup(style),  # noqa: S704 - the package's own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )


def _json(found: Comparison, redacted: bool) -> str:
    return render_json(found, redacted=redacted)


_FORMATS: Mapping[str, Callable[[Comparison, bool], str]] = MappingProxyType(
    {"text": _text, "json": _json, "markdown": _markdown, "html": _html}
)
FORMATS = tuple(_FORMATS)
