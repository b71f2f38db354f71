"""Rows the parts of the policy view share: headings, labelled values, remarks, and records in parts.

A record is shown whole, in the quotes of a zone file, and then part by part, each with a mark, a word
and below it what deviates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.validated import validated_in
from mxwalk.dns.txt import txt_strings
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.language import noted, say, say_many
from widgets.dnssec_words import came_words, status_words
from widgets.glyphs import glyphs
from widgets.plain import Look, duration, fit, line, look_of, mark, shorten, wrap
from widgets.policy_state import Section
from widgets.row import Row, text_row

LABEL = 15
_PART_WIDTH = 34
_RAW_SHOWN = 2_000
_RANK = (Mark.FAIL, Mark.WARN, Mark.UNKNOWN, Mark.INFO, Mark.OK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A remark on a record: where (``-1`` for the whole), how bad, in a word and in a sentence."""

    at: int
    mark: Mark
    word: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a record from ``start`` up to ``end``, with the word it has when nothing is wrong."""

    text: str | bytes
    start: int
    end: int
    word: str


def heading_key(section: Section) -> tuple[Section, str]:
    """Return the key of a part's heading."""
    return (section, "heading")


def heading_rows(section: Section, state: Content, width: int) -> Iterator[Row]:
    """Yield an empty line and the heading of a part; the cursor stops there."""
    yield text_row((section, "gap"), Content())
    head = line((f"{say(section.value)}  ", Look.HEADING)) + state
    yield Row(
        key=heading_key(section),
        lines=tuple(wrap(head, width, indent=4)),
        copy=state.plain,
        what=say("summary"),
    )


def state_words(state: Mark, words: str) -> Content:
    """Return a state as symbol and words."""
    symbol, look = mark(state)
    return line((f"{symbol} {words}", look))


def field(
    section: Section, name: str, value: Content, width: int, *, copy: str = "", key: object = None
) -> Row:
    """Return a labelled value."""
    lines = wrap(line("  ", fit(say(name), LABEL - 2, Look.DIM)) + value, width, indent=LABEL)
    return Row(
        key=(section, key if key is not None else name),
        lines=tuple(lines),
        copy=copy or value.plain,
        what=say(name) or say("value"),
    )


def remark(
    section: Section, key: object, state: Mark, sentence: str, width: int, *, indent: int = 2
) -> Row:
    """Return a sentence with the mark of its state."""
    words = line(" " * indent) + state_words(state, sentence)
    return Row(
        key=(section, key),
        lines=tuple(wrap(words, width, indent=indent + 2)),
        copy=sentence,
        what=say("remark"),
    )


def to_publish(section: Section, key: object, zone_line: str, width: int) -> Row:
    """Return a zone line to publish; ``y`` copies it."""
    words = line(
        "  ", (f"{glyphs().arrow} {say('publish')} ", Look.ACCENT), (zone_line, Look.STRONG)
    )
    return Row(
        key=(section, key),
        lines=tuple(wrap(words, width, indent=4)),
        copy=zone_line,
        what=say("record"),
    )


def answer_rows(
    section: Section, answer: DnsAnswer, delivery: Delivery, width: int
) -> Iterator[Row]:
    """Yield what the DNS said of a name: status, aliases, authenticity."""
    name = f"{answer.qname} {answer.rtype}"
    count = len(answer.records())
    if answer.status is DnsStatus.OK:
        words = line(say_many("{n} record", "{n} records", count))
    else:
        came = came_words(answer) if answer.doubted else answer.status.value.upper()
        words = line(came, f"  {answer.error}" if answer.error else "")
    asked = (answer.qname, answer.rtype)  # a denial that is not believed is no more what came
    found = validated_in(delivery, delivery.records_step)
    item = next((one for one in found if (one.answer.qname, one.answer.rtype) == asked), None)
    if item is not None:
        words += line("  ") + status_words(item.validation.status)
    words += line((f"  {duration(answer.elapsed_s)}", Look.DIM))
    yield field(
        section, noted("asked"), line((name, Look.STRONG), "  ") + words, width, copy=answer.qname
    )
    if answer.cname_hops:
        arrow = f" {glyphs().arrow} "
        path = arrow.join((answer.qname, *answer.cname_hops))
        yield field(
            section, noted("alias"), line(path, (say("  followed"), Look.DIM)), width, copy=path
        )


def raw_row(section: Section, number: int, record: str, width: int) -> Row:
    """Return a TXT record as its strings, in quotes."""
    strings = txt_strings(record)
    shown = " ".join(f'"{shorten(one, _RAW_SHOWN)}"' for one in strings[:50]) or shorten(
        record, _RAW_SHOWN
    )
    words = line("  ", fit("TXT", LABEL - 2, Look.DIM), (shown, Look.STRONG))
    return Row(
        key=(section, "raw", number),
        lines=tuple(wrap(words, width, indent=LABEL)),
        copy=record,
        what=say("record"),
    )


def part_rows(
    section: Section, number: int, parts: Sequence[Part], said: Sequence[Said], width: int
) -> Iterator[Row]:
    """Yield the parts of a record, each with its remarks, then the remarks on the whole."""
    room = max((cell_len(shorten(one.text, _PART_WIDTH)) for one in parts), default=0)
    left = list(said)
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        own = [one for one in left if part.start <= one.at and (one.at <= part.end or last)]
        own = [one for one in own if one.at >= 0]
        left = [one for one in left if one not in own]
        yield _part_row(section, (number, index), part, own, room, width)
    for index, one in enumerate(left):
        yield remark(section, ("said", number, index), one.mark, one.sentence, width)


def _part_row(
    section: Section, key: object, part: Part, said: list[Said], room: int, width: int
) -> Row:
    worst = min(said, key=lambda one: _RANK.index(one.mark), default=None)
    state, word = (worst.mark, worst.word) if worst else (Mark.OK, part.word)
    symbol, look = mark(state)
    text_look = Look.DIFFER if state in (Mark.FAIL, Mark.WARN) else Look.PLAIN
    shown = shorten(part.text, _PART_WIDTH)
    head = line(
        "    ",
        (f"{symbol} ", look),
        (shown, text_look),
        " " * (room - cell_len(shown) + 2),
        (word, look),
    )
    lines = wrap(head, width, indent=8)
    for one in said:
        lines += wrap(line(" " * 8, (one.sentence, look_of(one.mark))), width, indent=8)
    copy = "; ".join(one.sentence for one in said)
    return Row(
        key=(section, "part", key),
        lines=tuple(lines),
        copy=copy or line(part.text).plain,
        what=say("remark") if copy else say("part"),
    )
