"""What stands above the SPF tree: whose record, the result in a sentence, and the counters.

The bar has ten cells, one for each term that may ask DNS (RFC 7208 4.6.4); the eleventh is an error.
"""

from collections.abc import Iterator, Sequence

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status_mailauth import SPF_MARKS
from mxwalk.mailauth.spf.checking import STANDARD
from mxwalk.mailauth.spf.model import Evaluation
from widgets.glyphs import glyphs
from widgets.message_rows import field, state_words
from widgets.plain import Look, line, look_of, shorten, wrap
from widgets.row import Row, text_row

_LOW = 9
_TEXT = 1_200


def choice_row(names: Sequence[tuple[str, bool]], what: str, width: int) -> Row:
    """Return the records that can be chosen between; the chosen one is in brackets."""
    words = line((f"{what} ", Look.DIM))
    for name, chosen in names:
        shown = f"[{shorten(name, 80)}]" if chosen else f" {shorten(name, 80)} "
        words += line((shown, Look.ACCENT if chosen else Look.DIM), " ")
    if len(names) > 1:
        words += line((" o switches", Look.DIM))
    return text_row("choice", *wrap(words, width, indent=2))


def counter(lookups: int, voids: int, *, if_nothing: bool = False) -> Content:
    """Return the bar of ten with both counts."""
    limit = STANDARD.terms
    over = lookups > limit
    state = Mark.FAIL if over else Mark.WARN if lookups >= _LOW else Mark.OK
    full = min(lookups, limit)
    bar = line((glyphs().block * full, look_of(state)), (glyphs().shade * (limit - full), Look.DIM))
    more = f" {glyphs().fail} too many" if over else ""
    words = line(("lookups ", Look.DIM)) + bar
    words += line(
        (f" {lookups} of {limit}{more}", look_of(state) if state is not Mark.OK else Look.PLAIN)
    )
    many = voids > STANDARD.voids
    sign = f" {glyphs().fail} too many" if many else ""
    words += line(
        (",  voids ", Look.DIM),
        (f"{voids} of {STANDARD.voids}{sign}", Look.FAIL if many else Look.PLAIN),
    )
    if if_nothing:
        words += line(("  if nothing matches", Look.DIM))
    return words


def result_rows(evaluation: Evaluation, width: int) -> Iterator[Row]:
    """Yield the result with its sentence, what was asked about, and the counters."""
    result = evaluation.result
    state = SPF_MARKS[result]
    words = state_words(state, result.value) + line("  ", shorten(evaluation.why, _TEXT))
    yield Row(
        key="result",
        lines=tuple(wrap(words, width, indent=2)),
        copy=line(f"{result.value}: {evaluation.why}").plain,
        what="result",
    )
    who = line(
        (shorten(evaluation.client_ip or "?", 80), Look.STRONG),
        (" for ", Look.DIM),
        (shorten(evaluation.domain or "?", 260), Look.STRONG),
    )
    yield field("who", "client", who, width, copy=evaluation.client_ip, indent=0, label=8)
    sender = line(
        shorten(evaluation.sender or "?", 200),
        (f"   HELO {shorten(evaluation.helo or '?', 200)}", Look.DIM),
    )
    yield field("sender", "sender", sender, width, copy=evaluation.sender, indent=0, label=8)
    if evaluation.explanation:
        said = line((f"{shorten(evaluation.explanation, _TEXT)}", Look.PLAIN))
        said += line(("  (the domain's own words)", Look.DIM))
        yield field("exp", "exp", said, width, indent=0, label=8)
    yield text_row(
        "counters", *wrap(counter(evaluation.lookups, evaluation.voids), width, indent=8)
    )
