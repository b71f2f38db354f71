"""What stands above the SPF tree: whose record, the result in a sentence, and the counters.

The bar has ten cells, one for each term that may ask DNS (RFC 7208 4.6.4); the eleventh is an error.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status_mailauth import SPF_MARKS
from mxwalk.language import noted, say
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
        words += line((say(" o switches"), Look.DIM))
    return text_row("choice", *wrap(words, width, indent=2))


def counter(lookups: int, voids: int, *, if_nothing: bool = False) -> Content:
    """Return the bar of ten with both counts."""
    limit = STANDARD.terms
    over = lookups > limit
    state = Mark.FAIL if over else Mark.WARN if lookups >= _LOW else Mark.OK
    full = min(lookups, limit)
    bar = line((glyphs().block * full, look_of(state)), (glyphs().shade * (limit - full), Look.DIM))
    more = say(" {fail} too many", fail=glyphs().fail) if over else ""
    words = line((say("lookups "), Look.DIM)) + bar
    words += line(
        (
            say(" {lookups} of {limit}{more}", lookups=lookups, limit=limit, more=more),
            look_of(state) if state is not Mark.OK else Look.PLAIN,
        )
    )
    many = voids > STANDARD.voids
    sign = say(" {fail} too many", fail=glyphs().fail) if many else ""
    words += line(
        (say(",  voids "), Look.DIM),
        (
            say("{voids} of {voids_2}{sign}", voids=voids, voids_2=STANDARD.voids, sign=sign),
            Look.FAIL if many else Look.PLAIN,
        ),
    )
    if if_nothing:
        words += line((say("  if nothing matches"), Look.DIM))
    return words


def _label() -> int:
    """Return the cells of the widest label with two blanks."""
    return 2 + max(cell_len(say(name)) for name in (noted("client"), noted("sender")))


def result_rows(evaluation: Evaluation, width: int) -> Iterator[Row]:
    """Yield the result with its sentence, what was asked about, and the counters."""
    result = evaluation.result
    state = SPF_MARKS[result]
    words = state_words(state, result.value) + line("  ", shorten(evaluation.why, _TEXT))
    yield Row(
        key="result",
        lines=tuple(wrap(words, width, indent=2)),
        copy=line(f"{result.value}: {evaluation.why}").plain,
        what=say("result"),
    )
    who = line(
        (shorten(evaluation.client_ip or "?", 80), Look.STRONG),
        (say(" for "), Look.DIM),
        (shorten(evaluation.domain or "?", 260), Look.STRONG),
    )
    yield field(
        "who", say("client"), who, width, copy=evaluation.client_ip, indent=0, label=_label()
    )
    sender = line(
        shorten(evaluation.sender or "?", 200),
        (f"   HELO {shorten(evaluation.helo or '?', 200)}", Look.DIM),
    )
    yield field(
        "sender", say("sender"), sender, width, copy=evaluation.sender, indent=0, label=_label()
    )
    if evaluation.explanation:
        said = line((f"{shorten(evaluation.explanation, _TEXT)}", Look.PLAIN))
        said += line((say("  (the domain's own words)"), Look.DIM))
        yield field("exp", "exp", said, width, indent=0, label=_label())
    yield text_row(
        "counters", *wrap(counter(evaluation.lookups, evaluation.voids), width, indent=8)
    )
