"""The DMARC record tag by tag, what counts of it, and the remarks with the record to publish."""

from collections.abc import Callable, Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.dns.txt import txt_line
from mxwalk.language import noted, say, say_many
from mxwalk.mailauth.dmarc.model import Policy, PolicyFound, Reading, Record, TagReading, TagState
from mxwalk.mailauth.dmarc.remarks import Remark, Weight
from widgets.dmarc_state import Picture
from widgets.message_rows import field, note, publish, remark, state_words
from widgets.plain import Look, fit, fit_content, line, mark, shorten, wrap
from widgets.row import Row

_STATES = {
    TagState.OK: (Mark.OK, noted("ok")),
    TagState.DEFAULTED: (Mark.WARN, noted("defaulted")),
    TagState.REMOVED: (Mark.INFO, noted("removed")),
    TagState.UNKNOWN: (Mark.WARN, noted("unknown")),
    TagState.DUPLICATE: (Mark.WARN, noted("twice")),
}
_WEIGHTS = {Weight.ERROR: Mark.FAIL, Weight.WARNING: Mark.WARN, Weight.NOTICE: Mark.INFO}
_COUNTED: dict[Weight, Callable[[int], str]] = {
    Weight.ERROR: lambda count: say_many("{n} error", "{n} errors", count),
    Weight.WARNING: lambda count: say_many("{n} warning", "{n} warnings", count),
    Weight.NOTICE: lambda count: say_many("{n} notice", "{n} notices", count),
}
_SHOWN = 60
_ZONE = " IN TXT "  # a fix may be a record of another name
_TEXT = 800
_VALUE = 24
_STATE = 13
_MEANING = 44  # cells a meaning needs to stand beside its tag


def record_words(picture: Picture) -> Content:
    """Return where the record stands and what is asked for."""
    found = picture.policies[Reading.RFC9989]
    if found.record is None:
        return state_words(Mark.INFO, say("no record counts"))
    if found.asked is None:
        return state_words(Mark.FAIL, say("the record is not applied"))
    asked = f"{found.tag}={found.asked.value}"
    state = Mark.INFO if found.asked is Policy.NONE else Mark.OK  # it only watches
    return state_words(state, say("{asked}, from {source}", asked=asked, source=found.source.words))


def record_rows(picture: Picture, width: int) -> Iterator[Row]:
    """Yield name, text and tags of the record, and what counts by each reading."""
    record = picture.record
    if record is not None:
        yield from _one(record, ("record",), width)
    other = picture.other_record
    if other is not None:
        words = say("by {reading} another record counts", reading=Reading.RFC7489.value)
        yield remark(("record", "other"), Mark.WARN, words, width)
        yield from _one(other, ("record", "7489"), width)
    yield from _counts(picture, width)


def _one(record: Record, at: tuple[object, ...], width: int) -> Iterator[Row]:
    octets = record.tags.text.encode("latin-1", "replace")
    yield field((*at, "name"), say("at"), line((shorten(record.name, 260), Look.STRONG)), width)
    yield field(
        (*at, "text"), "TXT", line(shorten(record.text, _TEXT)), width,
        copy=txt_line(record.name, octets),
    )  # fmt: skip
    for number, tag in enumerate(record.readings[:_SHOWN]):
        yield _tag(tag, (*at, "tag", number), width)
    if len(record.readings) > _SHOWN:
        yield note(
            (*at, "more"),
            say("and {number} more tags", number=len(record.readings) - _SHOWN),
            width,
        )
    for number, problem in enumerate(record.problems[:20]):
        state = Mark.WARN if record.usable else Mark.FAIL
        yield remark((*at, "problem", number), state, shorten(problem, _TEXT), width)


def _tag(tag: TagReading, key: object, width: int) -> Row:
    state, word = _STATES[tag.state]
    symbol, look = mark(state)
    room = min(_VALUE, max(12, (width - 24) // 3))
    head = line(
        "  ",
        fit(f"{shorten(tag.name, 12)}=", 7, Look.INFO),
        fit(tag.value or say("empty"), room, Look.STRONG),
        "  ",
    )
    head += fit_content(line((f"{symbol} {say(word)}", look)), _STATE)
    meaning = line((tag.meaning, Look.DIM))
    left = width - head.cell_length
    if meaning.cell_length <= left or left >= _MEANING:
        lines = wrap(head + meaning, width, indent=head.cell_length)
    else:
        lines = [head, *wrap(line(" " * 9) + meaning, width, indent=9)]
    if cell_len(tag.value) > room:
        lines += wrap(line(" " * 9, shorten(tag.value, _TEXT)), width, indent=9)
    copy = line(f"{tag.name}={tag.value}").plain
    return Row(key=key, lines=tuple(lines), copy=copy, what=say("tag"))


def _counts(picture: Picture, width: int) -> Iterator[Row]:
    ours, theirs = (picture.policies[reading] for reading in Reading)
    if _same(ours, theirs):
        yield note(("record", "counts"), shorten(ours.why, _TEXT), width)
        return
    for reading, found in picture.policies.items():
        words = f"{reading.value}: {shorten(found.why, _TEXT)}"
        yield remark(("record", "counts", reading), Mark.INFO, words, width)


def _same(one: PolicyFound, two: PolicyFound) -> bool:
    return one.why == two.why or (
        one.asked is two.asked and one.tag == two.tag and one.record == two.record
    )


def lint_words(found: Sequence[Remark]) -> Content:
    """Return how much there is to remark."""
    if not found:
        return state_words(Mark.OK, say("nothing to remark"))
    worst = found[0].weight
    count = sum(one.weight is worst for one in found)
    words = _COUNTED[worst](count)
    if len(found) > count:
        words += ", " + say("{number} more", number=len(found) - count)
    return state_words(_WEIGHTS[worst], words)


def lint_rows(found: Sequence[Remark], name: str, width: int) -> Iterator[Row]:
    """Yield the remarks, worst first; a record that mends several of them stands once."""
    said: set[str] = set()
    for number, one in enumerate(found[:_SHOWN]):
        yield remark(("lint", number), _WEIGHTS[one.weight], shorten(one.sentence, _TEXT), width)
        if one.fix and one.fix not in said:
            said.add(one.fix)
            zone = (
                one.fix if _ZONE in one.fix else txt_line(name, one.fix.encode("utf-8", "replace"))
            )
            yield publish(("lint", number, "fix"), zone, width, indent=4)
