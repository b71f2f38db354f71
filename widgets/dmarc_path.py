"""Where the record was looked for: every query by both readings, side by side, and what they find.

RFC 9989 walks up the tree, RFC 7489 asks the public suffix list where to go; a row a name, a column
a reading.
"""

from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.evidence.dns import DnsStatus
from mxwalk.language import noted, say
from mxwalk.mailauth.dmarc.model import Discovery, Query, Reading
from widgets.dmarc_state import Picture
from widgets.glyphs import glyphs
from widgets.message_rows import field, note, remark, state_words
from widgets.plain import Look, fit, fit_content, line, look_of, mark, shorten, wrap
from widgets.row import Row, text_row

_CELL = 17
_NAME = 120
_TEXT = 500
_ANSWERED = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)
_OTHERS_SHOWN = 30
# the cells say these
_PLAIN = (noted("A record."), noted("No TXT record."), noted("The name does not exist."))


def _cells() -> int:
    """Return how wide a cell is in the language spoken."""
    return max(_CELL, 5 + cell_len(say("no such name")))


def path_words(picture: Picture) -> Content:
    """Return what was found and whether the readings differ."""
    walk, suffix = (picture.discoveries[reading] for reading in Reading)
    if walk.failed:
        return state_words(Mark.UNKNOWN, say("a query had no usable answer"))
    if walk.organizational != suffix.organizational:
        words = say(
            "the readings differ: {one} and {other}",
            one=walk.organizational,
            other=suffix.organizational,
        )
        return state_words(Mark.WARN, words)
    state = Mark.OK if picture.record is not None else Mark.INFO
    return state_words(state, say("organizational domain {domain}", domain=walk.organizational))


def path_rows(picture: Picture, width: int) -> Iterator[Row]:
    """Yield the queries, the organizational domains and why, then the other identifiers."""
    walk, suffix = (picture.discoveries[reading] for reading in Reading)
    room = max(16, width - 2 * _cells() - 6)
    yield text_row(
        ("path", "head"),
        line(
            "  ",
            fit(say("query"), room, Look.DIM),
            "  ",
            fit(Reading.RFC9989.value, _cells(), Look.DIM),
            "  ",
            (Reading.RFC7489.value, Look.DIM),
        ),
    )
    names = dict.fromkeys(query.qname for query in (*walk.queries, *suffix.queries))
    for name in list(names)[:_NAME]:
        yield _query(name, walk, suffix, room, width)
    yield _organizational(walk, suffix, room)
    yield note(("path", "why"), f"{walk.reading.value}: {shorten(walk.why, _TEXT)}", width)
    yield note(("path", "why7489"), f"{suffix.reading.value}: {shorten(suffix.why, _TEXT)}", width)
    if picture.exists is False:
        words = say(
            "{domain} does not exist (NXDOMAIN): RFC 9989 has np for such names",
            domain=picture.domain,
        )
        yield remark(("path", "exists"), Mark.WARN, words, width)
    yield from _others(picture, width)


def _query(name: str, walk: Discovery, suffix: Discovery, room: int, width: int) -> Row:
    one, two = (_of(name, each) for each in (walk, suffix))
    cells = [_cell(each, found) for each, found in ((walk, one), (suffix, two))]
    decides = any(query is not None and query.record is not None for query in (one, two))
    label = fit(name, room, Look.STRONG if decides else Look.PLAIN, middle=True)
    lines = [line("  ") + label + "  " + fit_content(cells[0], _cells()) + "  " + cells[1]]
    plain = tuple(map(say, _PLAIN))
    notes = [one.note if one else "", two.note if two else ""]
    if one is not None and one.error:
        notes.append(one.error)
    for text in dict.fromkeys(text for text in notes if text and text not in plain):
        lines += wrap(line("    ", (shorten(text, _TEXT), Look.DIM)), width, indent=4)
    if one is not None and one.record is not None:
        lines += wrap(line("    ", shorten(one.record.text, _TEXT)), width, indent=6)
    copy = one.record.text if one and one.record else name
    what = say("record") if one and one.record else say("name")
    return Row(key=("path", name), lines=tuple(lines), copy=line(copy).plain, what=what)


def _of(name: str, discovery: Discovery) -> Query | None:
    return next((query for query in discovery.queries if query.qname == name), None)


def _cell(discovery: Discovery, query: Query | None) -> Content:
    if query is None:
        return line((say("not asked"), Look.DIM))
    number = discovery.queries.index(query) + 1
    state, word = _state(query)
    if state is None:
        return line((f"{number} {glyphs().none} {word}", Look.DIM))
    symbol, _ = mark(state)
    return line((f"{number} {symbol} {word}", look_of(state)))


def _state(query: Query) -> tuple[Mark | None, str]:
    if query.status not in _ANSWERED:
        return Mark.UNKNOWN, query.status.value
    if query.records > 1:
        return Mark.FAIL, say("{number} records", number=query.records)
    if query.record is not None:
        return (Mark.OK, say("record")) if query.record.usable else (Mark.FAIL, say("not usable"))
    return None, say("no such name") if query.status is DnsStatus.NXDOMAIN else say("no record")


def _organizational(walk: Discovery, suffix: Discovery, room: int) -> Row:
    same = walk.organizational == suffix.organizational
    look = Look.EQUAL if same else Look.DIFFER
    cells = [fit(one.organizational, _cells(), look, middle=True) for one in (walk, suffix)]
    words = line("  ") + fit(say("organizational domain"), room, Look.DIM) + "  " + cells[0]
    copy = walk.organizational if same else f"{walk.organizational} {suffix.organizational}"
    content = words + "  " + cells[1]
    return Row(key=("path", "organizational"), lines=(content,), copy=copy, what=say("name"))


def _others(picture: Picture, width: int) -> Iterator[Row]:
    if not picture.others:
        return
    yield text_row(("path", "others"), line("  ", (say("the other identifiers"), Look.DIM)))
    for name, walk, suffix in list(picture.others)[:_OTHERS_SHOWN]:
        same = walk.organizational == suffix.organizational
        words = line((walk.organizational, Look.EQUAL if same else Look.DIFFER))
        if not same:
            words += line(
                ("  " + say("by {reading}", reading=suffix.reading.value) + " ", Look.DIM),
                (suffix.organizational, Look.DIFFER),
            )
        if walk.failed:
            words += line("  ") + state_words(Mark.UNKNOWN, say("not certain"))
        label = line((shorten(name, 60), Look.PLAIN), (f" {glyphs().arrow} ", Look.ACCENT))
        row = field(("path", "other", name), "", label + words, width, copy=name, label=1, indent=3)
        yield row
