"""The alignment matrix: identifiers against the From domain, relaxed and strict, and what decides.

An identifier makes DMARC pass when its method passed and it is aligned in the mode that the record asks
for (RFC 9989 4.4); that cell alone can decide.
"""

from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say
from mxwalk.mailauth.dmarc.model import Alignment, Assessment, Method, Mode, Reading
from widgets.dmarc_state import Picture
from widgets.glyphs import glyphs
from widgets.message_rows import note, remark
from widgets.plain import Look, fit, fit_content, line, mark, shorten, wrap
from widgets.row import Row, text_row

_METHOD, _PASSED, _CELL = 8, 12, 13
_WORDS = (noted("<decides>"), noted("unknown"), noted("aligned"), noted("not"))
_TEXT = 600
_SHOWN = 60


def matrix_rows(picture: Picture, width: int) -> Iterator[Row]:
    """Yield the matrix by RFC 9989, then what RFC 7489 sees otherwise."""
    ours = picture.assessments.get(Reading.RFC9989)
    theirs = picture.assessments.get(Reading.RFC7489)
    if ours is None:
        return
    if not ours.alignments:
        yield note(
            ("align", "none"), say("Nothing authenticates a name: SPF and DKIM found none."), width
        )
        return
    yield from _head(ours, width)
    deciding = _deciding(ours)
    for number, one in enumerate(ours.alignments[:_SHOWN]):
        said = picture.results.get((one.method, one.number))
        yield _identifier(one, said, one is deciding, ("align", number), width)
    if len(ours.alignments) > _SHOWN:
        yield note(
            ("align", "more"),
            say("and {more} more", more=len(ours.alignments) - _SHOWN),
            width,
        )
    for number, one in enumerate(_otherwise(ours, theirs)):
        what = f"{_label(one)} {one.domain}: {_answer(one)}"
        words = say(
            "{reading} differs: {what}. {why}",
            reading=Reading.RFC7489.value,
            what=what,
            why=one.why,
        )
        yield remark(("align", "7489", number), Mark.WARN, shorten(words, _TEXT), width)


def _head(ours: Assessment, width: int) -> Iterator[Row]:
    room = _room(width)
    from_ = line(
        ("  " + say("From domain") + " ", Look.DIM),
        (shorten(ours.author_domain, 120), Look.STRONG),
        ("   " + say("organizational domain") + " ", Look.DIM),
        (shorten(ours.discovery.organizational, 120), Look.PLAIN),
    )
    yield text_row(("align", "from"), *wrap(from_, width, indent=4))
    head = line(
        "  ",
        fit("", _METHOD),
        fit(say("identifier"), room, Look.DIM),
        fit(say("method"), _PASSED, Look.DIM),
        fit(say("relaxed"), _cell_room(), Look.DIM),
        (say("strict"), Look.DIM),
    )
    yield text_row(("align", "head"), head)


def _room(width: int) -> int:
    return max(14, width - 2 - _METHOD - _PASSED - 2 * _cell_room())


def _cell_room() -> int:
    """Return how wide a cell is in the language spoken."""
    decides, *rest = (cell_len(say(one)) for one in _WORDS)
    return max(_CELL, decides + 4, max(rest) + 6)


def _deciding(ours: Assessment) -> Alignment | None:
    sure = [one for one in ours.alignments if one.counts]
    certain = [one for one in sure if not (one.mode is Mode.RELAXED and one.uncertain)]
    return next(iter(certain or sure), None)


def _identifier(
    one: Alignment, said: tuple[Mark, str] | None, decides: bool, key: object, width: int
) -> Row:
    room = _room(width)
    plain = (Mark.OK, say("pass")) if one.passed else (Mark.FAIL, say("no pass"))
    state, result = said or plain
    symbol, look = mark(state)
    words = line(
        "  ",
        fit(_label(one), _METHOD, Look.STRONG),
        fit(
            one.domain or say("no domain"),
            room - 1,
            Look.STRONG if decides else Look.PLAIN,
            middle=True,
        ),
        " ",
        fit(f"{symbol} {result}", _PASSED, look),
    )
    for mode in Mode:
        words += fit_content(_cell(one, mode, decides=decides), _cell_room())
    lines = [words]
    lines += wrap(line("    ", (shorten(one.why, _TEXT), Look.DIM)), width, indent=4)
    copy = line(f"{_label(one)} {one.domain}: {_answer(one)}. {one.why}").plain
    return Row(key=key, lines=tuple(lines), copy=copy, what=say("alignment"))


def _cell(one: Alignment, mode: Mode, *, decides: bool) -> Content:
    """Return one cell; the mode that the record does not ask for is in parentheses."""
    aligned = one.relaxed if mode is Mode.RELAXED else one.strict
    unsure = mode is Mode.RELAXED and one.uncertain
    asked = mode is one.mode
    if decides and asked:
        return line((f"{glyphs().exact} " + say(_WORDS[0]), Look.DECIDES))
    if unsure:
        text, look = f"{glyphs().unknown} " + say(_WORDS[1]), Look.UNKNOWN
    elif aligned:
        text, look = f"{glyphs().exact} " + say(_WORDS[2]), Look.OK
    else:
        text, look = f"{glyphs().fail} " + say(_WORDS[3]), Look.FAIL
    if asked:
        return line((text, look))
    return line((f"({text})", Look.DIM))


def _label(one: Alignment) -> str:
    return "SPF" if one.method is Method.SPF else f"DKIM {one.number}"


def _answer(one: Alignment) -> str:
    return say("aligned") if one.aligned else say("not aligned")


def _otherwise(ours: Assessment, theirs: Assessment | None) -> list[Alignment]:
    """Return what RFC 7489 answers otherwise."""
    if theirs is None or len(theirs.alignments) != len(ours.alignments):
        return []
    pairs = zip(ours.alignments, theirs.alignments, strict=True)
    return [two for one, two in pairs if (one.relaxed, one.mode) != (two.relaxed, two.mode)][
        :_SHOWN
    ]
