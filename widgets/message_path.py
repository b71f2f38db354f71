"""The way of a message: its ``Received`` fields in the order of time, with the delay of each hop.

The field at the top was written last, and only what the receiver's own systems wrote can be trusted;
the hop that values are assumed from is marked.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import say, say_many
from mxwalk.mailauth.message_received import Hop
from widgets.glyphs import glyphs
from widgets.message_rows import note, state_words
from widgets.plain import Look, duration, fit, line, look_of, shorten, wrap
from widgets.row import Row

_SHOWN = 40
_SLOW_S = 300
_NAME = 200


def path_words(hops: Sequence[Hop]) -> Content:
    """Return number of hops and overall time."""
    if not hops:
        return state_words(Mark.INFO, say("no Received field"))
    times = [hop.at for hop in hops if hop.at is not None]
    count = say_many("{n} hop", "{n} hops", len(hops))
    if len(times) < 2:
        return line((count, Look.DIM))
    took = times[0] - times[-1]
    return line((say("{hops} in {span}", hops=count, span=_span(took)), Look.DIM))


def path_rows(hops: Sequence[Hop], border: Hop | None, width: int) -> Iterator[Row]:
    """Yield the hops, the oldest first."""
    before: int | None = None
    oldest_first = list(reversed(hops))
    if len(oldest_first) > _SHOWN:
        words = say("{number} older hops are left out", number=len(oldest_first) - _SHOWN)
        yield note(("path", "older"), words, width)
        oldest_first = oldest_first[-_SHOWN:]
    for hop in oldest_first:
        yield _hop(hop, before, hop is border, width)
        before = hop.at if hop.at is not None else before


def _hop(hop: Hop, before: int | None, is_border: bool, width: int) -> Row:
    at, delay = _time(hop), _delay(hop, before)
    head = line("  ", (f"{hop.number:>2} ", Look.DIM), (at, Look.DIM), "  ") + delay
    if is_border:
        head += line("  ", (" " + say("came in here") + " ", Look.DECIDES))
    client = line((shorten(hop.helo or "?", _NAME), Look.STRONG if is_border else Look.PLAIN))
    if hop.rdns and hop.rdns != hop.helo:
        client += line((f" ({shorten(hop.rdns, _NAME)})", Look.DIM))
    if hop.ip:
        client += line((f" [{hop.ip}]", Look.INFO if hop.is_public else Look.DIM))
    with_ = f"  {shorten(hop.protocol, 60)}" if hop.protocol else ""
    way = (
        line("     ")
        + client
        + line(
            (f" {glyphs().arrow} ", Look.ACCENT), shorten(hop.by or "?", _NAME), (with_, Look.DIM)
        )
    )
    lines = [*wrap(head, width, indent=5), *wrap(way, width, indent=7)]
    return Row(
        key=("hop", hop.number),
        lines=tuple(lines),
        copy=line(f"Received: {hop.text}").plain,
        what=say("Received field"),
    )


def _time(hop: Hop) -> str:
    if hop.at is None:
        return fit(say("no readable date"), 21).plain
    try:
        return f"{datetime.fromtimestamp(hop.at, UTC):%Y-%m-%d %H:%M:%S} Z"
    except (ValueError, OverflowError, OSError):
        return fit(say("no date of our time"), 21).plain


def _delay(hop: Hop, before: int | None) -> Content:
    if hop.at is None or before is None:
        return Content()
    took = hop.at - before
    if took < 0:
        words = f"{glyphs().warn} " + say(
            "{span} before the hop before it: the clocks differ", span=_span(-took)
        )
        return line((words, look_of(Mark.WARN)))
    if took >= _SLOW_S:
        return line(
            (f"{glyphs().warn} " + say("after {span}", span=_span(took)), look_of(Mark.WARN))
        )
    return line((say("after {span}", span=_span(took)), Look.DIM))


def _span(seconds: int) -> str:
    """Return whole seconds in the unit that suits them."""
    if seconds < 100:
        return f"{seconds} s"
    if seconds < 7_200:
        return duration(seconds)
    return (
        f"{seconds // 3_600} h" if seconds < 172_800 else say("{days} days", days=seconds // 86_400)
    )
