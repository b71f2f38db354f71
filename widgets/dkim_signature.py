"""A signature line by line: result and reason, its tags, its key, each explained in one line.

Strength is a state of its own: a weak key that verifies is a pass and a warning.
"""

from collections.abc import Hashable, Iterator, Sequence

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status_mailauth import DKIM_MARKS
from mxwalk.dns.txt import txt_line
from mxwalk.language import noted, say
from mxwalk.mailauth.dkim.diagnosis import Diagnosis
from mxwalk.mailauth.dkim.key import strength
from mxwalk.mailauth.dkim.model import KeyRecord, SignatureVerdict, Strength
from mxwalk.mailauth.dkim.tagwords import TagWord, key_words, signature_words
from widgets.glyphs import glyphs
from widgets.message_folds import fold_sign
from widgets.message_rows import field, heading, note, remark, state_words
from widgets.plain import Look, fit, line, mark, shorten, wrap
from widgets.row import Row

_STRENGTHS = {
    Strength.GOOD: (Mark.OK, noted("good")),
    Strength.WEAK: (Mark.WARN, noted("weak")),
    Strength.UNACCEPTABLE: (Mark.FAIL, noted("not acceptable")),
    Strength.UNKNOWN: (Mark.UNKNOWN, noted("unknown")),
}
_TEXT = 800
_TAG_VALUE = 26
_TAGS_SHOWN = 60


def verdict_row(
    verdict: SignatureVerdict, key: Hashable, width: int, *, unfolded: bool, beyond: bool
) -> Row:
    """Return a signature in two lines: what it is with its result, and the sentence why."""
    one = verdict.signature
    state = DKIM_MARKS[verdict.result]
    symbol, look = mark(state)
    waiting = verdict.step is None
    word = say("not yet") if waiting else verdict.result.value
    head = line(
        fold_sign(unfolded=unfolded),
        (f" {one.number:>2} ", Look.DIM),
        fit(f"{glyphs().planned if waiting else symbol} {word}", 12, Look.DIM if waiting else look),
        (shorten(one.domain or say("no domain"), 200), Look.STRONG),
        (f"  s={shorten(one.selector or '?', 100)}  {shorten(one.algorithm or '?', 40)}", Look.DIM),
    )
    if verdict.key:
        # rsa-sha1 is no key's fault
        head += line("  " + say("key") + " ") + strength_words(strength(verdict.key))
    lines = [*wrap(head, width, indent=6)]
    if not waiting:
        lines += wrap(line("      ", shorten(verdict.sentence, _TEXT)), width, indent=6)
    if beyond:
        words = line("      ") + state_words(
            Mark.WARN, say("not checked by the ESA: it looks at the first five signatures")
        )
        lines += wrap(words, width, indent=8)
    copy = line(f"{one.number} d={one.domain} {word}: {verdict.sentence}").plain
    return Row(key=key, lines=tuple(lines), copy=copy, what=say("signature"))


def strength_words(strength: Strength) -> Content:
    """Return how good algorithm and key are."""
    state, words = _STRENGTHS[strength]
    return state_words(state, say(words))


def reason_rows(
    verdict: SignatureVerdict, told: Sequence[Diagnosis], at: tuple[object, ...], width: int
) -> Iterator[Row]:
    """Yield what happened on the way, with how sure that is, and what else is to be known."""
    for number, one in enumerate(told[:20]):
        state, word = (
            (Mark.FAIL, noted("certain")) if one.certain else (Mark.UNKNOWN, noted("likely"))
        )
        symbol, look = mark(state)
        words = line("    ", (f"{symbol} {say(word)}: ", look), shorten(one.sentence, _TEXT))
        yield Row(
            key=(*at, "told", number),
            lines=tuple(wrap(words, width, indent=6)),
            copy=line(one.sentence).plain,
            what=say("diagnosis"),
        )
    known = {one.sentence for one in told}  # an explanation may hold them too
    more = [sentence for sentence in verdict.explanation if sentence not in known]
    for number, sentence in enumerate(more[:20]):
        yield remark((*at, "more", number), Mark.INFO, shorten(sentence, _TEXT), width, indent=4)


def tag_rows(verdict: SignatureVerdict, at: tuple[object, ...], width: int) -> Iterator[Row]:
    """Yield the tags of a signature, one line each where there is room."""
    yield from _words(signature_words(verdict.signature), (*at, "tag"), width)
    for number, fault in enumerate(verdict.signature.tags.faults[:10]):
        words = say("octet {number}: {what}", number=fault.start + 1, what=fault.what)
        yield remark((*at, "fault", number), Mark.FAIL, shorten(words, _TEXT), width, indent=6)


def key_heading(
    key: KeyRecord | None, at: tuple[object, ...], width: int, *, unfolded: bool
) -> Row:
    """Return the heading of the key: its state in a few words."""
    if key is None:
        state = state_words(Mark.UNKNOWN, say("not asked for yet"))
    elif key.problem:
        state = state_words(Mark.FAIL, shorten(key.problem, 200))
    else:
        state = state_words(
            _STRENGTHS[strength(key)][0],
            say("{key} {bits} bits", key=key.key_type, bits=key.bits),
        )
    row = heading((*at, "key"), say("key record"), state, width - 4, unfolded=unfolded)
    return indented(row, 4)


def key_rows(key: KeyRecord, at: tuple[object, ...], width: int) -> Iterator[Row]:
    """Yield where the key stands, what it is, and its tags."""
    where = (*at, "key")
    yield field(
        (*where, "name"), say("name"), line((shorten(key.name, 260), Look.STRONG)), width, indent=6
    )
    if key.cname_hops:
        arrow = f" {glyphs().arrow} "
        path = line(
            shorten(arrow.join(key.cname_hops[:8]), _TEXT), ("  " + say("followed"), Look.DIM)
        )
        yield field((*where, "alias"), say("alias"), path, width, indent=6)
    if key.tags is None:
        words = state_words(Mark.FAIL, f"{key.status.value}: {shorten(key.problem, _TEXT)}")
        yield field((*where, "status"), say("answer"), words, width, indent=6)
        return
    what = line(say("{key}, {bits} bits", key=key.key_type, bits=key.bits or "?"))
    if key.testing:
        what += line("  ") + state_words(Mark.WARN, say("t=y: testing"))
    if len(key.strings) > 1:
        what += line(
            (
                "  "
                + say(
                    "{number} strings of {lengths}",
                    number=len(key.strings),
                    lengths=", ".join(map(str, key.strings[:9])),
                ),
                Look.DIM,
            )
        )
    yield field((*where, "type"), say("key"), what, width, indent=6)
    if key.records > 1:
        words_ = say(
            "{records} TXT records stand at this name; one is to be used", records=key.records
        )
        yield remark((*where, "many"), Mark.WARN, words_, width, indent=6)
    yield from _words(key_words(key), (*where, "tag"), width)
    for number, one in enumerate(key.remarks[:10]):
        yield remark((*where, "remark", number), Mark.INFO, shorten(one, _TEXT), width, indent=6)
    octets = key.text.encode("latin-1", "replace")
    zone = txt_line(key.name, octets)
    yield note((*where, "zone"), shorten(zone, _TEXT), width, indent=6)


def _words(found: Sequence[TagWord], at: tuple[object, ...], width: int) -> Iterator[Row]:
    for number, one in enumerate(found[:_TAGS_SHOWN]):
        room = min(_TAG_VALUE, max(12, (width - 12) // 3))
        value = one.value or say("empty")
        words = line(
            "      ",
            fit(f"{shorten(one.name, 8)}=", 4, Look.INFO),
            " ",
            fit(value, room),
            "  ",
            (f"{one.meaning}: {one.value}" if one.name == "h" else one.meaning, Look.DIM),
        )
        yield Row(
            key=(*at, number),
            lines=tuple(wrap(words, width, indent=13 + room)),
            copy=f"{one.name}={one.value}",
            what=say("tag"),
        )
    if len(found) > _TAGS_SHOWN:
        yield note(
            (*at, "more"),
            say("and {number} more tags", number=len(found) - _TAGS_SHOWN),
            width,
            indent=6,
        )


def indented(row: Row, by: int) -> Row:
    """Return a row moved to the right."""
    pad = Content(" " * by)
    return Row(
        key=row.key,
        lines=tuple(pad + one for one in row.lines),
        copy=row.copy,
        what=row.what,
        stop=row.stop,
    )
