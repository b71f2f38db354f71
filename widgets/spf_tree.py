"""The SPF tree line by line: what a term gives, the term with its expansion, its state, the count.

A term unfolds to why it did what it did, its macros, the questions it asked, and the record it led to.
The term that gave the result stands out in reverse with the word "matched".
"""

from collections.abc import Callable, Hashable, Iterator

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.evidence.dns import DnsStatus
from mxwalk.language import say
from mxwalk.mailauth.spf.checking import STANDARD
from mxwalk.mailauth.spf.model import Lookup
from widgets.glyphs import glyphs
from widgets.message_folds import fold_sign
from widgets.message_rows import field, note, state_words
from widgets.plain import Look, fit, fit_content, line, look_of, mark, shorten, wrap
from widgets.row import Row
from widgets.spf_twigs import Bough, Twig, gives

Unfolds = Callable[[Hashable, bool], bool]
_GIVES, _STATE, _COUNT = 9, 15, 6
_TEXT = 600
_ANSWERS_SHOWN = 12
_ANSWER = 400
_DEPTH = 14
_TWIGS_SHOWN = 400


def tree_rows(bough: Bough, unfolds: Unfolds, width: int) -> Iterator[Row]:
    """Yield the record at the top and its terms; ``unfolds(key, first)`` tells what is open."""
    yield from _bough(bough, ("spf",), 0, unfolds, width)


def _bough(
    bough: Bough, at: tuple[object, ...], depth: int, unfolds: Unfolds, width: int
) -> Iterator[Row]:
    pad = "  " * min(depth, _DEPTH)
    if bough.record is not None:
        text = shorten(bough.record.text, _TEXT * 2)
        words = line(pad, "  ", (text, Look.DIM if depth else Look.PLAIN))
        yield Row(
            key=(*at, "record"),
            lines=tuple(wrap(words, width, indent=len(pad) + 4)),
            copy=line(bough.record.text).plain,
            what=say("record"),
        )
    elif bough.why:
        state = bough.mark or Mark.INFO
        words = line(pad, "  ") + state_words(state, shorten(bough.why, _TEXT))
        lines = tuple(wrap(words, width, indent=len(pad) + 4))
        yield Row(key=(*at, "why"), lines=lines, copy=line(bough.why).plain, what=say("reason"))
    for number, twig in enumerate(bough.twigs[:_TWIGS_SHOWN]):
        yield from _twig(twig, (*at, number), depth, unfolds, width)
    left = len(bough.twigs) - _TWIGS_SHOWN
    if left > 0:
        yield note(
            (*at, "more"), say("and {left} more terms", left=left), width, indent=len(pad) + 2
        )


def _twig(
    twig: Twig, at: tuple[object, ...], depth: int, unfolds: Unfolds, width: int
) -> Iterator[Row]:
    first = twig.leads or twig.mark in (Mark.FAIL, Mark.UNKNOWN) or (twig.decides and depth < 2)
    unfolded = unfolds(at, first)
    yield Row(
        key=at,
        lines=_line(twig, depth, unfolded, width),
        copy=line(f"{twig.term.text}: {twig.word}. {twig.why}").plain,
        what=say("term"),
    )
    if not unfolded:
        return
    indent = 2 * min(depth, _DEPTH) + 4
    yield from _details(twig, at, indent, width)
    if twig.child is not None:
        yield from _bough(twig.child, (*at, "into"), depth + 1, unfolds, width)


def _line(twig: Twig, depth: int, unfolded: bool, width: int) -> tuple[Content, ...]:
    pad = "  " * min(depth, _DEPTH)
    room = max(16, width - len(pad) - 2 - _GIVES - _STATE - _COUNT)
    result = gives(twig.term)
    given = result.value if result is not None else say("modifier")
    term_look = Look.DIM if twig.dim else Look.STRONG if twig.decides else Look.PLAIN
    text = line((shorten(twig.term.text, _TEXT), term_look))
    if twig.target and twig.expansions and twig.target not in twig.term.text:
        text += line((f" {glyphs().arrow} {shorten(twig.target, _TEXT)}", Look.INFO))
    parts = wrap(text, room, indent=2)
    head = line(
        pad,
        fold_sign(unfolded=unfolded),
        " ",
        fit(given, _GIVES, Look.DIM if not twig.decides else Look.STRONG),
    )
    tail = _state(twig) + _count(twig)
    lines = [head + fit_content(parts[0], room) + tail]
    lines += [line(" " * (head.cell_length)) + part for part in parts[1:]]
    return tuple(lines)


def _state(twig: Twig) -> Content:
    if twig.decides:
        words = line((say("{ok} <matched>", ok=glyphs().ok), Look.DECIDES))
    elif twig.mark is None:
        sign = glyphs().planned if twig.is_ahead else glyphs().none
        words = line((f"{sign} {twig.word}", Look.DIM))
    else:
        symbol, look = mark(twig.mark)
        words = line((f"{symbol} {twig.word}", look))
    return fit_content(words, _STATE)


def _count(twig: Twig) -> Content:
    if not twig.count:
        return Content(" " * _COUNT)
    limit = STANDARD.terms
    state = Mark.FAIL if twig.count > limit else Mark.WARN if twig.count >= limit - 1 else Mark.INFO
    look = Look.DIM if state is Mark.INFO else look_of(state)
    return fit(f"{twig.count:>2}/{limit}", _COUNT, look)


def _details(twig: Twig, at: tuple[object, ...], indent: int, width: int) -> Iterator[Row]:
    if twig.term.fault is not None:
        words = state_words(Mark.FAIL, shorten(twig.term.fault.what, _TEXT))
        yield field((*at, "fault"), say("fault"), words, width, indent=indent, label=9)
    elif twig.why:
        words = line(shorten(twig.why, _TEXT))
        yield field((*at, "why"), say("why"), words, width, indent=indent, label=9)
    for number, one in enumerate(twig.expansions[:20]):
        words = line(
            (shorten(one.macro, 120), Look.INFO), f" {glyphs().arrow} ", shorten(one.value, _ANSWER)
        )
        yield field((*at, "macro", number), say("macro"), words, width, indent=indent, label=9)
    if twig.target and not twig.expansions and twig.target not in twig.term.text:
        words = line(shorten(twig.target, _TEXT))
        yield field((*at, "target"), say("target"), words, width, indent=indent, label=9)
    for number, lookup in enumerate(twig.asked[:30]):
        yield _asked(lookup, (*at, "asked", number), indent, width)
    if twig.networks:
        words = line(shorten(", ".join(twig.networks), _TEXT * 2))
        yield field((*at, "networks"), say("networks"), words, width, indent=indent, label=9)


def _asked(one: Lookup, key: Hashable, indent: int, width: int) -> Row:
    words = line((f"{shorten(one.qname, 260)} {one.rtype}  ", Look.PLAIN))
    if one.is_void:
        words += line(
            (say("{warn} void: {status}", warn=glyphs().warn, status=one.status.value), Look.WARN)
        )
    elif one.status is DnsStatus.OK:
        shown = ", ".join(shorten(each, _ANSWER) for each in one.answer[:_ANSWERS_SHOWN])
        more = len(one.answer) - _ANSWERS_SHOWN
        words += line((shown + (say(" and {more} more", more=more) if more > 0 else ""), Look.DIM))
    else:
        said = f"{glyphs().unknown} {one.status.value}"
        words += line((said, Look.UNKNOWN), (f"  {shorten(one.error, 200)}", Look.DIM))
    return field(key, say("asked"), words, width, copy=one.qname, indent=indent, label=9)
